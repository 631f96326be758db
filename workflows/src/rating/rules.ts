/**
 * The one price function. Quote, running cost, check of a CDR, our own CDR and the offline proof all call `rate`;
 * there is no second formula anywhere.
 */
import type { Decimal } from '@chargelane/openapi/vocabulary/money'
import type { Tariff, TariffDimension } from '@chargelane/openapi/vocabulary/tariff'
import {
  ceilToMultiple,
  type Exact,
  exactOf,
  fitsMoney,
  format,
  hoursOf,
  isKnownCurrency,
  minus,
  plus,
  times,
  zero,
} from '../money.ts'
import { formatInstant, isTimeZone, localTimeAt, parseInstant } from './clock.ts'
import {
  type ActiveComponents,
  activeComponents,
  type CompiledComponent,
  type CompiledTariff,
  compileTariff,
} from './compile.ts'
import { type Period, readPeriods, splitPeriods } from './periods.ts'
import {
  engineVersion,
  type RatedLine,
  type Rating,
  type RatingInput,
  type RatingNote,
  type RatingPolicy,
  type RatingRefusal,
  type RatingResult,
} from './rating.ts'
import {
  addPair,
  clamp,
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
  ocpiPolicy,
  type RatedLine,
  type RatedPeriod,
  type Rating,
  type RatingInput,
  type RatingPolicy,
  type RatingRefusal,
  type RatingResult,
  type Totals,
  type VatLine,
} from './rating.ts'
export { splitUsage } from './periods.ts'
export { totalsOfGross } from './totals.ts'
export { canonicalTariff, type Problem } from './tariff.ts'
export {
  energyOf,
  type MeterInput,
  type MeterSample,
  usageFromCdr,
  usageFromMeter,
} from './usage.ts'

const compiled = new WeakMap<Tariff, Map<string, CompiledTariff>>()

/** A tariff is compiled once per object and reading; what is kept depends on the input alone. */
function compiledOf(tariff: Tariff, policy: RatingPolicy): CompiledTariff {
  const reading = `${policy.midnight}/${policy.absent_vat_rate ?? ''}`
  let readings = compiled.get(tariff)
  if (readings === undefined) {
    readings = new Map()
    compiled.set(tariff, readings)
  }
  const known = readings.get(reading)
  if (known !== undefined) return known
  const fresh = compileTariff(tariff, policy)
  readings.set(reading, fresh)
  return fresh
}

type Line = { period: number; by: CompiledComponent; quantity: Exact; billed: Exact }

/** Everything the walk over the periods gathers before step sizes and money. */
type Walk = {
  lines: Line[]
  quantities: Record<TariffDimension, Exact>
  priced: Record<TariffDimension, Exact>
  notes: RatingNote[]
}

const dimensions = ['ENERGY', 'TIME', 'PARKING_TIME', 'FLAT'] as const

const units = {
  ENERGY: 'kWh',
  TIME: 's',
  PARKING_TIME: 's',
  FLAT: 'session',
} as const satisfies Record<TariffDimension, RatedLine['unit']>

const one = exactOf(1)
const nothing = { ENERGY: zero, TIME: zero, PARKING_TIME: zero, FLAT: zero }

function volumesOf(period: Period, flatDue: boolean): Record<TariffDimension, Exact | undefined> {
  return {
    ENERGY: period.energy,
    TIME: period.charging,
    PARKING_TIME: period.parking,
    FLAT: flatDue ? one : undefined,
  }
}

function componentsAt(
  tariff: CompiledTariff,
  period: Period,
  at: { instant: number; started: number; energy: Exact; zone: string },
  policy: RatingPolicy,
): ActiveComponents {
  const moment = {
    local: tariff.readsLocalTime ? localTimeAt(at.instant, at.zone) : undefined,
    elapsedMicros: at.instant - at.started,
    energyKwh: at.energy,
    minPower: period.minPower,
    maxPower: period.maxPower,
    minCurrent: period.minCurrent,
    maxCurrent: period.maxCurrent,
  }
  return activeComponents(tariff, moment, policy.missing_power)
}

function walk(
  tariff: CompiledTariff,
  periods: readonly Period[],
  started: number,
  zone: string,
  policy: RatingPolicy,
): Walk {
  const result: Walk = {
    lines: [],
    quantities: { ...nothing },
    priced: { ...nothing },
    notes: [],
  }
  let energy = zero
  let flatDue = true
  for (const [index, period] of periods.entries()) {
    const at = { instant: period.start, started, energy, zone }
    const active = componentsAt(tariff, period, at, policy)
    const volumes = volumesOf(period, flatDue)
    for (const type of dimensions) {
      const quantity = volumes[type]
      if (quantity === undefined) continue
      if (type !== 'FLAT') result.quantities[type] = plus(result.quantities[type], quantity)
      const by = active[type]
      if (by === undefined) {
        // Energy without a price is worth a word always; a time only where the tariff prices it elsewhere.
        if (
          quantity.n !== 0n &&
          (type === 'ENERGY' || (type !== 'FLAT' && tariff.prices.has(type)))
        )
          result.notes.push({ code: 'UNPRICED_QUANTITY', dimension: type, period: index })
        continue
      }
      if (type === 'FLAT') flatDue = false
      result.priced[type] = plus(result.priced[type], quantity)
      result.lines.push({ period: index, by, quantity, billed: quantity })
    }
    if (period.hoursRounded) result.notes.push({ code: 'HOURS_ROUNDED', period: index })
    energy = plus(energy, period.energy ?? zero)
    if (tariff.hasBoundaries && policy.periods === 'as_given' && period.end > period.start) {
      const last = componentsAt(
        tariff,
        period,
        { instant: period.end - 1, started, energy: at.energy, zone },
        policy,
      )
      if (dimensions.some((type) => last[type] !== active[type]))
        result.notes.push({ code: 'PERIOD_SPANS_PRICE_CHANGE', period: index })
    }
  }
  return result
}

/**
 * OCPI 2.2.1 §11.4.2: step_size rounds a dimension up once per session, at the price of the last period that had one.
 * Charging time is not rounded up when occupying afterwards was priced: the step would be paid twice.
 */
function applySteps(gathered: Walk, policy: RatingPolicy): void {
  const parked = gathered.lines.some((line) => line.by.type === 'PARKING_TIME')
  for (const type of ['ENERGY', 'TIME', 'PARKING_TIME'] as const) {
    if (type === 'TIME' && parked) continue
    const last = gathered.lines.findLast((line) => line.by.type === type)
    if (last?.by.step === undefined) continue
    const base = policy.step_size_base === 'session_total' ? gathered.quantities : gathered.priced
    const extra = minus(ceilToMultiple(base[type], last.by.step), base[type])
    if (extra.n === 0n) continue
    last.billed = plus(last.quantity, extra)
    gathered.notes.push({ code: 'STEP_SIZE', dimension: type, period: last.period })
  }
}

function costOf(line: Line): ExactPair {
  const { by, billed } = line
  const timed = by.type === 'TIME' || by.type === 'PARKING_TIME'
  const net = times(by.price, timed ? hoursOf(billed) : billed)
  return { net, gross: times(net, by.taxFactor) }
}

function print(line: Line, cost: ExactPair): RatedLine {
  return {
    period: line.period,
    element: line.by.element,
    component: line.by.component,
    type: line.by.type,
    unit: units[line.by.type],
    quantity: format(line.quantity, 18),
    billed_quantity: format(line.billed, 18),
    unit_price: format(line.by.price, 18),
    vat_rate: line.by.vatRate,
    net: format(cost.net),
    gross: format(cost.gross),
  }
}

type Sums = { all: ExactPair; dimensions: Map<TariffDimension, ExactPair>; groups: RateGroup[] }

function sumUp(lines: readonly Line[], costs: readonly ExactPair[]): Sums {
  let all = noCost
  const byDimension = new Map<TariffDimension, ExactPair>()
  const byRate = new Map<Decimal | null, ExactPair>()
  for (const [index, line] of lines.entries()) {
    const cost = costs[index] ?? noCost
    all = addPair(all, cost)
    byDimension.set(line.by.type, addPair(byDimension.get(line.by.type) ?? noCost, cost))
    byRate.set(line.by.vatRate, addPair(byRate.get(line.by.vatRate) ?? noCost, cost))
  }
  const groups = [...byRate].map(([vatRate, cost]) => ({ rate: vatRate, cost }))
  return { all, dimensions: byDimension, groups }
}

function refuse(code: RatingRefusal['code'], path: string, message: string): RatingRefusal {
  return { ok: false, code, path, message }
}

function checkInput({ tariff, usage }: RatingInput): RatingRefusal | undefined {
  if (!isKnownCurrency(tariff.currency))
    return refuse('tariff_invalid', 'tariff.currency', `${tariff.currency} is no known currency`)
  if (!isTimeZone(usage.time_zone))
    return refuse('usage_invalid', 'usage.time_zone', `${usage.time_zone} is no IANA time zone`)
  const started = parseInstant(usage.started_at)
  const from = parseInstant(tariff.start_date_time ?? '')
  const to = parseInstant(tariff.end_date_time ?? '')
  // OCPI 2.2.1 §11.3.1: a tariff counts from start_date_time until before end_date_time.
  if (started !== undefined && ((from ?? started) > started || (to ?? Infinity) <= started))
    return refuse(
      'tariff_not_active',
      'tariff',
      'the tariff was not in force when the session began',
    )
  return undefined
}

type Priced = {
  gathered: Walk
  costs: ExactPair[]
  sums: Sums
  /** Every component of the tariff, for what no period speaks of. */
  all: CompiledComponent[]
}

function price(input: RatingInput, periods: readonly Period[], started: number): Priced {
  const { tariff, usage, policy } = input
  const ready = compiledOf(tariff, policy)
  const gathered = walk(ready, periods, started, usage.time_zone, policy)
  applySteps(gathered, policy)
  const costs = gathered.lines.map(costOf)
  const all = ready.elements.flatMap(({ components }) =>
    dimensions.flatMap((type) => components[type] ?? []),
  )
  return { gathered, costs, sums: sumUp(gathered.lines, costs), all }
}

function dimensionTotals({ gathered, sums }: Priced): Rating['dimensions'] {
  const result: Rating['dimensions'] = {}
  for (const [type, cost] of sums.dimensions) {
    const lines = gathered.lines.filter((line) => line.by.type === type)
    const total = (pick: (line: Line) => Exact) =>
      format(
        lines.reduce((left, line) => plus(left, pick(line)), zero),
        18,
      )
    result[type] = {
      quantity: total((line) => line.quantity),
      billed_quantity: total((line) => line.billed),
      net: format(cost.net),
      gross: format(cost.gross),
    }
  }
  return result
}

/** The tax a price limit without a gross amount carries when the session itself cost nothing. */
function taxOfUnpriced({ gathered, all }: Priced, policy: RatingPolicy): Exact {
  const uniform = new Set(all.map((component) => component.vatRate)).size === 1
  const by = gathered.lines[0]?.by ?? (policy.clamp_vat === 'apart' || uniform ? all[0] : undefined)
  return by?.taxFactor ?? one
}

/** Prices a usage record by a tariff. Pure and repeatable: the same input gives the same bytes. */
export function rate(input: RatingInput): RatingResult {
  const { tariff, usage, policy } = input
  const refusal = checkInput(input)
  if (refusal !== undefined) return refusal
  const read = readPeriods(usage, policy)
  if (!read.ok) return { ...read, path: `usage.${read.path}` }
  const periods =
    policy.periods === 'split_at_boundaries'
      ? splitPeriods(read.periods, read.started, tariff, usage.time_zone)
      : read.periods
  const priced = price(input, periods, read.started)
  const { gathered, costs, sums, all } = priced
  if (gathered.lines.length === 0 && tariff.min_price === undefined)
    // A session no component speaks of has no price; it is not free.
    return refuse(
      'price_unavailable',
      'tariff.elements',
      'no price component applies to this usage',
    )
  const limited = clamp(sums.all, tariff, taxOfUnpriced(priced, policy), policy.clamp_vat)
  if (
    !fitsMoney(limited.cost.gross, tariff.currency) ||
    !fitsMoney(limited.cost.net, tariff.currency)
  )
    return refuse('out_of_range', 'usage', 'the amount is beyond what an account can hold')
  const notes = [...gathered.notes]
  if (limited.limit !== null) notes.push({ code: 'MIN_MAX_PRICE' })
  if (gathered.lines.some((line) => line.by.vatRate === null)) notes.push({ code: 'VAT_MISSING' })
  const groups =
    sums.groups.length > 0 ? sums.groups : [{ rate: all[0]?.vatRate ?? null, cost: limited.cost }]
  const clamped = limited.limit === null ? null : subtractPair(limited.cost, sums.all)
  const componentGross = [...sums.dimensions.values()].map((cost) => cost.gross)
  const rating: Rating = {
    engine_version: engineVersion,
    policy,
    tariff_id: tariff.id,
    currency: tariff.currency,
    time_zone: usage.time_zone,
    periods: periods.map((period) => ({
      start: formatInstant(period.start),
      end: formatInstant(period.end),
      lines: [],
    })),
    dimensions: dimensionTotals(priced),
    clamp:
      clamped === null || limited.limit === null
        ? null
        : { limit: limited.limit, net: format(clamped.net), gross: format(clamped.gross) },
    exact: { net: format(limited.cost.net), gross: format(limited.cost.gross) },
    totals: roundTotals(
      limited.cost,
      groups,
      clamped === null ? componentGross : [...componentGross, clamped.gross],
      tariff.currency,
      policy.rounding,
    ),
    notes,
  }
  for (const [index, line] of gathered.lines.entries()) {
    rating.periods[line.period]?.lines.push(print(line, costs[index] ?? noCost))
  }
  return { ok: true, rating }
}
