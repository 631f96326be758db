/**
 * The one price function. Quote, running cost, check of a CDR, our own CDR and the offline proof all call `rate`;
 * there is no second formula anywhere.
 */
import type { TariffDimension } from '@chargelane/openapi/vocabulary/tariff'
import {
  decimalText,
  divideHalfAway,
  type Exact,
  fitsMoney,
  format,
  isKnownCurrency,
  minus,
} from '../money.ts'
import { formatInstant, isTimeZone, parseInstant } from './clock.ts'
import {
  activate,
  type ActiveComponents,
  type CompiledComponent,
  type CompiledTariff,
  compiledOf,
  type Moment,
  scaleOfTariff,
  slotCount,
} from './compile.ts'
import { cutScale, type Period, readPeriods, scaleOfUsage, splitPeriods } from './periods.ts'
import {
  engineVersion,
  type PriceResult,
  type RatedDimension,
  type RatedLine,
  type RatedQuantity,
  type Rating,
  type RatingInput,
  type RatingNote,
  type RatingPolicy,
  type RatingRefusal,
  type RatingResult,
} from './rating.ts'
import { type Scale, tenTo } from './scale.ts'
import {
  addPair,
  clamp,
  costOf,
  type ExactPair,
  noCost,
  type RateGroup,
  roundTotals,
  subtractPair,
} from './totals.ts'

export {
  engineVersion,
  type ExactAmount,
  engineReadings,
  isSameRating,
  ocpiPolicy,
  type PriceResult,
  type RatedDimension,
  type RatedLine,
  type RatedPeriod,
  type RatedQuantity,
  type Rating,
  type RatingInput,
  type RatingNote,
  type RatingPolicy,
  type RatingRefusal,
  type RatingResult,
  type Totals,
  type VatLine,
} from './rating.ts'
export { splitUsage } from './periods.ts'
export { totalsOfGross } from './totals.ts'
export { canonicalTariff, type OcpiVersion, type Problem, type TariffContext } from './tariff.ts'
export {
  energyOf,
  type MeterInput,
  type MeterSample,
  usageFromCdr,
  usageFromMeter,
} from './usage.ts'

// ── The walk ────────────────────────────────────────────────────────────────────────────────────────────────────

const slotBits = { charging: 0b001111, reserved: 0b110000 }
const [energySlot, timeSlot, parkingSlot, flatSlot, reservedSlot, reservationSlot] = [
  0, 1, 2, 3, 4, 5,
]

const typeOfSlot: readonly TariffDimension[] = [
  'ENERGY',
  'TIME',
  'PARKING_TIME',
  'FLAT',
  'TIME',
  'FLAT',
]

type Line = { period: number; by: CompiledComponent; quantity: bigint; billed: bigint }

/** One session under one tariff: everything the walk gathers before step sizes and money. */
type Walk = {
  readonly tariff: CompiledTariff
  readonly periods: readonly Period[]
  readonly started: number
  readonly zone: string
  readonly policy: RatingPolicy
  readonly scale: Scale
  readonly reservationElements: CompiledTariff['charging']
  lines: Line[]
  /** Per slot, whether priced or not, and the priced part of it. Energy fed back is in neither. */
  quantities: bigint[]
  priced: bigint[]
}

function startWalk(
  input: RatingInput,
  tariff: CompiledTariff,
  read: { periods: readonly Period[]; started: number },
  scale: Scale,
): Walk {
  return {
    tariff,
    ...read,
    zone: input.usage.time_zone,
    policy: input.policy,
    scale,
    reservationElements:
      input.usage.reservation_expired === true ? tariff.expired : tariff.reserved,
    lines: [],
    quantities: [0n, 0n, 0n, 0n, 0n, 0n],
    priced: [0n, 0n, 0n, 0n, 0n, 0n],
  }
}

/** The components that count at an instant, for the slots wanted. */
function activeAt(
  walk: Walk,
  period: Period,
  instant: number,
  energyKwh: bigint,
  wanted: number,
): ActiveComponents {
  const active: ActiveComponents = [
    undefined,
    undefined,
    undefined,
    undefined,
    undefined,
    undefined,
  ]
  const moment: Moment = {
    instant,
    zone: walk.zone,
    elapsedMicros: instant - walk.started,
    energyKwh,
    period,
  }
  const { charging, prices } = walk.tariff
  const missing = walk.policy.missing_power
  activate(active, charging, moment, missing, wanted & prices & slotBits.charging)
  const reserved = wanted & prices & slotBits.reserved
  if (reserved !== 0) activate(active, walk.reservationElements, moment, missing, reserved)
  return active
}

/** What a period has of each slot; undefined is none. Fees fall due once, in the first period that has one. */
function volumeOf(period: Period, slot: number, unit: bigint, due: number): bigint | undefined {
  switch (slot) {
    case energySlot:
      return period.energy
    case timeSlot:
      return period.charging
    case parkingSlot:
      return period.parking
    case reservedSlot:
      return period.reserved
    case reservationSlot:
      return (due & (1 << slot)) !== 0 && period.reserved !== undefined ? unit : undefined
    default:
      return (due & (1 << slot)) !== 0 ? unit : undefined
  }
}

/** Prices every period by what holds at its start. */
function walkPeriods(walk: Walk, notes: RatingNote[] | undefined): void {
  const unit = tenTo(walk.scale)
  let energy = 0n
  let due = (1 << flatSlot) | (1 << reservationSlot)
  for (let index = 0; index < walk.periods.length; index++) {
    const period = walk.periods[index]
    if (period === undefined) continue
    const volumes: (bigint | undefined)[] = []
    let wanted = 0
    for (let slot = 0; slot < slotCount; slot++) {
      const volume = volumeOf(period, slot, unit, due)
      volumes.push(volume)
      if (volume !== undefined) wanted |= 1 << slot
    }
    const active = activeAt(walk, period, period.start, energy, wanted)
    for (let slot = 0; slot < slotCount; slot++) {
      const quantity = volumes[slot]
      if (quantity === undefined) continue
      const by = active[slot]
      addLine(walk, index, slot, quantity, by)
      if (by !== undefined) due &= ~(1 << slot)
      else if (notes !== undefined) noteUnpriced(walk, index, slot, quantity, notes)
    }
    if (notes !== undefined) notePeriod(walk, index, period, energy, notes)
    if (period.energy !== undefined) energy += period.energy
  }
}

function addLine(
  walk: Walk,
  period: number,
  slot: number,
  quantity: bigint,
  by: CompiledComponent | undefined,
): void {
  if (quantity > 0n) {
    walk.quantities[slot] = (walk.quantities[slot] ?? 0n) + quantity
    if (by !== undefined) walk.priced[slot] = (walk.priced[slot] ?? 0n) + quantity
  }
  if (by !== undefined) walk.lines.push({ period, by, quantity, billed: quantity })
}

/** Energy without a price is worth a word always; a time only where the tariff prices it elsewhere. */
function noteUnpriced(
  walk: Walk,
  period: number,
  slot: number,
  quantity: bigint,
  notes: RatingNote[],
): void {
  const dimension = typeOfSlot[slot]
  if (quantity === 0n || dimension === undefined || dimension === 'FLAT') return
  if (slot === energySlot || slot === reservedSlot || (walk.tariff.prices & (1 << slot)) !== 0)
    notes.push({ code: 'UNPRICED_QUANTITY', dimension, period })
}

function notePeriod(
  walk: Walk,
  index: number,
  period: Period,
  energy: bigint,
  notes: RatingNote[],
): void {
  if (period.hoursRounded) notes.push({ code: 'HOURS_ROUNDED', period: index })
  const { tariff, policy } = walk
  if (!tariff.hasBoundaries || policy.periods !== 'as_given' || period.end <= period.start) return
  const first = activeAt(walk, period, period.start, energy, slotBits.charging)
  const last = activeAt(walk, period, period.end - 1, energy, slotBits.charging)
  if (first.some((component, slot) => component !== last[slot]))
    notes.push({ code: 'PERIOD_SPANS_PRICE_CHANGE', period: index })
}

/**
 * OCPI 2.2.1 §10.3.1: step_size rounds a dimension up once per session, at the price of the last period that had one.
 * Charging time is not rounded up when occupying afterwards was priced: the step would be paid twice. The time of a
 * reservation is rounded by itself, as the specification's reservation examples do.
 */
function applySteps(walk: Walk, notes: RatingNote[] | undefined) {
  const { lines, quantities, priced, policy, scale } = walk
  const isWhole = policy.step_size_base === 'session_total'
  let parked = false
  const last: (Line | undefined)[] = []
  for (const line of lines) {
    if (line.quantity < 0n || (line.quantity === 0n && !isWhole)) continue
    if (line.by.slot === parkingSlot) parked = true
    last[line.by.slot] = line
  }
  for (const slot of [energySlot, timeSlot, parkingSlot, reservedSlot]) {
    if (slot === timeSlot && parked) continue
    const line = last[slot]
    if (line === undefined || line.by.step === 0n) continue
    const base = (isWhole ? quantities : priced)[slot] ?? 0n
    const extra = toWholeSteps(base, line.by.step, stepGrain(slot, scale)) - base
    if (extra === 0n) continue
    line.billed = line.quantity + extra
    notes?.push({ code: 'STEP_SIZE', dimension: line.by.type, period: line.period })
  }
}

/** A millionth of the unit that steps count, Wh or seconds: what is less was left by a division, not by use. */
function stepGrain(slot: number, scale: Scale): bigint {
  const unit = slot === energySlot ? 3 : 0
  return scale > unit + 6 ? tenTo(scale - unit - 6) : 1n
}

function toWholeSteps(base: bigint, step: bigint, grain: bigint): bigint {
  const used = divideHalfAway(base, grain) * grain
  const over = used % step
  return over === 0n ? used : used + step - over
}

// ── The money ───────────────────────────────────────────────────────────────────────────────────────────────────

/** What one component comes to over the whole session, so that cutting a period cannot change a sum. */
type ComponentSum = { by: CompiledComponent; quantity: bigint; billed: bigint; cost: ExactPair }

/** Components in the order in which the session met them. */
function sumComponents({ tariff, lines, scale }: Walk): ComponentSum[] {
  const places: (ComponentSum | undefined)[] = tariff.components.map(() => undefined)
  const sums: ComponentSum[] = []
  for (const { by, quantity, billed } of lines) {
    const known = places[by.index]
    if (known === undefined) {
      const sum = { by, quantity, billed, cost: noCost }
      places[by.index] = sum
      sums.push(sum)
    } else {
      known.quantity += quantity
      known.billed += billed
    }
  }
  for (const sum of sums) sum.cost = costOf(sum.by, sum.billed, scale)
  return sums
}

const groupOf = (
  by: Pick<CompiledComponent, 'vatRate' | 'factor' | 'factorDecimals'>,
  cost: ExactPair,
): RateGroup => ({
  rate: by.vatRate,
  factor: by.factor,
  factorDecimals: by.factorDecimals,
  cost,
})
const untaxed = { vatRate: null, factor: 1n, factorDecimals: 0 }

/** The VAT rates of a session, in the order in which it met them. */
function groupsOf(sums: readonly ComponentSum[]): RateGroup[] {
  const groups: RateGroup[] = []
  for (const { by, cost } of sums) {
    const group = groups.find((each) => each.rate === by.vatRate)
    if (group === undefined) groups.push(groupOf(by, cost))
    else group.cost = addPair(group.cost, cost)
  }
  return groups
}

const dimensionOf = ({ slot, type }: CompiledComponent): RatedDimension =>
  slot >= reservedSlot ? 'RESERVATION' : type

type DimensionSum = { quantity: bigint; billed: bigint; cost: ExactPair }

function dimensionsOf(sums: readonly ComponentSum[]): Map<RatedDimension, DimensionSum> {
  const dimensions = new Map<RatedDimension, DimensionSum>()
  for (const { by, quantity, billed, cost } of sums) {
    const dimension = dimensionOf(by)
    const known = dimensions.get(dimension)
    // The fee of a reservation has no time, so it adds nothing to the seconds.
    const counted = by.slot === reservationSlot ? 0n : 1n
    if (known === undefined)
      dimensions.set(dimension, { quantity: quantity * counted, billed: billed * counted, cost })
    else {
      known.quantity += quantity * counted
      known.billed += billed * counted
      known.cost = addPair(known.cost, cost)
    }
  }
  return dimensions
}

function printQuantity({ quantity, billed, cost }: DimensionSum, scale: Scale): RatedQuantity {
  return {
    quantity: decimalText(quantity, scale),
    billed_quantity: decimalText(billed, scale),
    net: format(cost.net),
    gross: format(cost.gross),
  }
}

function printDimensions({ sums, walk }: Priced): Rating['dimensions'] {
  const printed: Rating['dimensions'] = {}
  for (const [dimension, sum] of dimensionsOf(sums))
    printed[dimension] = printQuantity(sum, walk.scale)
  return printed
}

const chargingComponents = ({ charging }: CompiledTariff) =>
  charging.flatMap((element) => element.components.flatMap((each) => each ?? []))

/** The one component that tells the tax when all that state a rate state the same one. */
function soleRate({ components }: CompiledTariff): CompiledComponent | undefined {
  const stated = components.filter((component) => component.vatRate !== null)
  const [first] = stated
  return first?.taxIncluded === false && stated.every(({ vatRate }) => vatRate === first.vatRate)
    ? first
    : undefined
}

/** The tax a price limit without a gross amount carries when the session itself cost nothing. */
function taxOfUnpriced({ tariff, lines, policy }: Walk): Exact {
  const by =
    policy.clamp_vat === 'ratio'
      ? soleRate(tariff)
      : (lines[0]?.by ?? chargingComponents(tariff)[0])
  return by === undefined ? { n: 9n, s: 0 } : { n: by.factor * 9n, s: by.factorDecimals }
}

function refuse(code: RatingRefusal['code'], path: string, message: string): RatingRefusal {
  return { ok: false, code, path, message }
}

function checkInput({ tariff, usage }: RatingInput): RatingRefusal | undefined {
  if (!isKnownCurrency(tariff.currency))
    return refuse('tariff_invalid', 'tariff.currency', `${tariff.currency} is no known currency`)
  if (!isTimeZone(usage.time_zone))
    return refuse('usage_invalid', 'usage.time_zone', `${usage.time_zone} is no IANA time zone`)
  const { start_date_time, end_date_time } = tariff
  if (start_date_time === undefined && end_date_time === undefined) return undefined
  const started = parseInstant(usage.started_at)
  const from = parseInstant(start_date_time ?? '')
  const to = parseInstant(end_date_time ?? '')
  // OCPI 2.2.1 §11.3.1: a tariff counts from start_date_time until before end_date_time.
  if (started !== undefined && ((from ?? started) > started || (to ?? Infinity) <= started))
    return refuse(
      'tariff_not_active',
      'tariff',
      'the tariff was not in force when the session began',
    )
  return undefined
}

/** The walk with its sums and limits: all there is to know about a price, before it is printed. */
type Priced = {
  ok: true
  walk: Walk
  sums: ComponentSum[]
  all: ExactPair
  limited: { cost: ExactPair; limit: 'min_price' | 'max_price' | null }
  totals: Rating['totals']
}

function readInput(input: RatingInput): Walk | RatingRefusal {
  const { tariff, usage, policy } = input
  const refusal = checkInput(input)
  if (refusal !== undefined) return refusal
  const isCut = policy.periods === 'split_at_boundaries'
  const scale: Scale = isCut ? cutScale : scaleOfUsage(usage) === 6 ? scaleOfTariff(tariff) : 18
  const read = readPeriods(usage, policy, scale)
  if (!read.ok) return { ...read, path: `usage.${read.path}` }
  const { started } = read
  const periods = isCut
    ? splitPeriods(read.periods, started, tariff, usage.time_zone)
    : read.periods
  const compiled = compiledOf(tariff, policy, scale)
  return startWalk(input, compiled, { periods, started }, scale)
}

function priceWalk(input: RatingInput, notes: RatingNote[] | undefined): Priced | RatingRefusal {
  const { tariff, policy } = input
  const walk = readInput(input)
  if ('ok' in walk) return walk
  walkPeriods(walk, notes)
  applySteps(walk, notes)
  if (walk.lines.length === 0 && tariff.min_price === undefined)
    // A session no component speaks of has no price; it is not free.
    return refuse(
      'price_unavailable',
      'tariff.elements',
      'no price component applies to this usage',
    )
  const sums = sumComponents(walk)
  let all = noCost
  for (const { cost } of sums) all = addPair(all, cost)
  const limited = clamp(all, walk.tariff, () => taxOfUnpriced(walk), policy.clamp_vat)
  const { cost } = limited
  if (!fitsMoney(cost.gross, tariff.currency) || !fitsMoney(cost.net, tariff.currency))
    return refuse('out_of_range', 'usage', 'the amount is beyond what an account can hold')
  const groups = groupsOf(sums)
  if (groups.length === 0) groups.push(groupOf(chargingComponents(walk.tariff)[0] ?? untaxed, cost))
  const parts = () => {
    const byDimension = [...dimensionsOf(sums).values()].map((each) => each.cost.gross)
    return limited.limit === null ? byDimension : [...byDimension, subtractPair(cost, all).gross]
  }
  const totals = roundTotals(cost, groups, parts, tariff.currency, policy.rounding)
  return { ok: true, walk, sums, all, limited, totals }
}

// ── The answer ──────────────────────────────────────────────────────────────────────────────────────────────────

const units = {
  ENERGY: 'kWh',
  TIME: 's',
  PARKING_TIME: 's',
  FLAT: 'session',
} as const satisfies Record<TariffDimension, RatedLine['unit']>

function printLine({ period, by, quantity, billed }: Line, scale: Scale): RatedLine {
  const cost = costOf(by, billed, scale)
  return {
    period,
    element: by.element,
    component: by.component,
    type: by.type,
    unit: units[by.type],
    quantity: decimalText(quantity, scale),
    billed_quantity: decimalText(billed, scale),
    unit_price: decimalText(by.price, by.priceDecimals),
    vat_rate: by.vatRate,
    net: format(cost.net),
    vat: format(minus(cost.gross, cost.net)),
    gross: format(cost.gross),
    restrictions: by.restrictions,
    ...(by.slot >= reservedSlot ? { reservation: true } : {}),
  }
}

function dischargeOf({ lines, scale }: Walk): DimensionSum | undefined {
  let found: DimensionSum | undefined
  for (const { by, quantity, billed } of lines) {
    if (by.slot !== energySlot || quantity >= 0n) continue
    const cost = costOf(by, billed, scale)
    found =
      found === undefined
        ? { quantity, billed, cost }
        : {
            quantity: found.quantity + quantity,
            billed: found.billed + billed,
            cost: addPair(found.cost, cost),
          }
  }
  return found
}

function printClamp({ limited, all }: Priced): Rating['clamp'] {
  if (limited.limit === null) return null
  const moved = subtractPair(limited.cost, all)
  return { limit: limited.limit, net: format(moved.net), gross: format(moved.gross) }
}

/** The price of a usage record by a tariff, without the lines: the same amounts as `rate`, several times faster. */
export function price(input: RatingInput): PriceResult {
  const priced = priceWalk(input, undefined)
  if (!priced.ok) return priced
  const { limited, totals } = priced
  return {
    ok: true,
    totals,
    exact: { net: format(limited.cost.net), gross: format(limited.cost.gross) },
    dimensions: () => printDimensions(priced),
  }
}

/** Prices a usage record by a tariff. Pure and repeatable: the same input gives the same bytes. */
export function rate(input: RatingInput): RatingResult {
  const notes: RatingNote[] = []
  const priced = priceWalk(input, notes)
  if (!priced.ok) return priced
  const { walk, limited, totals } = priced
  if (limited.limit !== null) notes.push({ code: 'MIN_MAX_PRICE' })
  if (walk.lines.some((line) => line.by.vatRate === null)) notes.push({ code: 'VAT_MISSING' })
  const periods: Rating['periods'] = walk.periods.map((period) => ({
    start: formatInstant(period.start),
    end: formatInstant(period.end),
    lines: [],
  }))
  for (const line of walk.lines) periods[line.period]?.lines.push(printLine(line, walk.scale))
  const discharge = dischargeOf(walk)
  return {
    ok: true,
    rating: {
      engine_version: engineVersion,
      policy: input.policy,
      tariff_id: input.tariff.id,
      currency: input.tariff.currency,
      time_zone: input.usage.time_zone,
      periods,
      dimensions: printDimensions(priced),
      ...(discharge === undefined ? {} : { discharge: printQuantity(discharge, walk.scale) }),
      clamp: printClamp(priced),
      exact: { net: format(limited.cost.net), gross: format(limited.cost.gross) },
      totals,
      notes,
    },
  }
}
