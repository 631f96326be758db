/**
 * The one price function. Quote, running cost, check of a CDR, our own CDR and the offline proof all call `rate`;
 * there is no second formula anywhere.
 */
import type { TariffDimension } from '@chargelane/openapi/vocabulary/tariff'
import { decimalText, type Exact, format, minus } from '../exact.ts'
import { fitsMoney, isKnownCurrency } from '../money.ts'
import { formatInstant, isTimeZone, parseInstant } from './clock.ts'
import {
  type CompiledComponent,
  type CompiledTariff,
  compiledOf,
  scaleOfTariff,
} from './compile.ts'
import { cutScale, readPeriods, scaleOfUsage, splitPeriods } from './periods.ts'
import {
  engineVersion,
  type PriceResult,
  type RatedDimension,
  type RatedLine,
  type RatedQuantity,
  type Rating,
  type RatingInput,
  type RatingNote,
  type RatingRefusal,
  type RatingResult,
} from './policy.ts'
import type { Scale } from './scale.ts'
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
import {
  applySteps,
  energySlot,
  type Line,
  reservationSlot,
  reservedSlot,
  startWalk,
  type Walk,
  walkPeriods,
} from './walk.ts'

export {
  cutAtBoundaries,
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
} from './policy.ts'
export { isParkingPriced } from './parking.ts'
export { splitUsage } from './periods.ts'
export { totalsOfGross } from './totals.ts'
export {
  canonicalTariff,
  type OcpiVersion,
  type Problem,
  type TariffContext,
  unknownFields,
} from './tariff.ts'
export {
  energyOf,
  type MeterInput,
  type MeterSample,
  usageFromCdr,
  usageFromMeter,
  usageFromSession,
} from './usage.ts'

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
  // Where no element matches there are no costs (OCPI 2.2.1 §11.4.4); a tariff that never prices charging is no price.
  if (walk.lines.length === 0 && tariff.min_price === undefined && !walk.tariff.isPriced)
    return refuse('price_unavailable', 'tariff.elements', 'no element prices charging at any time')
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
