/** A canonical tariff made ready for pricing: prices parsed once, restrictions as comparable numbers. */
import type { Decimal } from '@chargelane/openapi/vocabulary/money'
import type {
  DayOfWeek,
  Tariff,
  TariffDimension,
  TariffRestrictions,
} from '@chargelane/openapi/vocabulary/tariff'
import { compareExact, type Exact, exact, exactOf, taxFactor } from '../money.ts'
import { daysOfText, type LocalTime, microsPerSecond } from './clock.ts'
import type { RatingPolicy } from './rating.ts'

export type CompiledComponent = {
  element: number
  component: number
  type: TariffDimension
  price: Exact
  vatRate: Decimal | null
  taxFactor: Exact
  /** step_size in kWh or seconds; undefined when there is nothing to round up. */
  step: Exact | undefined
}

/** Minutes of the local day; `all` is the whole day and `none` the window nothing is in. */
export type Window =
  | { kind: 'all' }
  | { kind: 'none' }
  | { kind: 'between'; start: number; end: number }

export type CompiledRestrictions = {
  window: Window
  startDays: number | undefined
  endDays: number | undefined
  minKwh: Exact | undefined
  maxKwh: Exact | undefined
  minMicros: number | undefined
  maxMicros: number | undefined
  minPower: Exact | undefined
  maxPower: Exact | undefined
  minCurrent: Exact | undefined
  maxCurrent: Exact | undefined
  days: ReadonlySet<DayOfWeek> | undefined
}

export type CompiledElement = {
  restrictions: CompiledRestrictions | undefined
  components: Partial<Record<TariffDimension, CompiledComponent>>
}

export type CompiledTariff = {
  elements: CompiledElement[]
  /** The dimensions some element prices. */
  prices: ReadonlySet<TariffDimension>
  /** Some price can change while a period runs, by time, date, duration or energy. */
  hasBoundaries: boolean
  /** Some restriction reads the wall clock of the EVSE. */
  readsLocalTime: boolean
}

const dimensionSteps: Record<TariffDimension, number | undefined> = {
  // OCPI 2.2.1 §11.4.2: step_size counts Wh for ENERGY and seconds for the times, and means nothing for FLAT.
  ENERGY: 3,
  TIME: 0,
  PARKING_TIME: 0,
  FLAT: undefined,
}

function minuteOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5))
}

function compileWindow(
  restrictions: TariffRestrictions,
  midnight: RatingPolicy['midnight'],
): Window {
  const { start_time: from, end_time: to } = restrictions
  if (from === undefined && to === undefined) return { kind: 'all' }
  const start = from === undefined ? 0 : minuteOf(from)
  const end = to === undefined ? 1_440 : minuteOf(to)
  // OCPI 2.2.1 §11.4.6 lets an end of 00:00 mean the end of the day and says nothing of equal times. The engines
  // disagree on both; `end_of_day` follows the text and takes equal times as an empty window, `literal` the reverse.
  if (midnight === 'end_of_day') {
    const until = end === 0 ? 1_440 : end
    return start === until ? { kind: 'none' } : { kind: 'between', start, end: until }
  }
  if (from !== undefined && start === end) return { kind: 'all' }
  return end === 0 && from === undefined ? { kind: 'none' } : { kind: 'between', start, end }
}

const number = (text: Decimal | undefined) => (text === undefined ? undefined : exact(text))
const days = (date: string | undefined) => (date === undefined ? undefined : daysOfText(date))
const micros = (seconds: number | undefined) =>
  seconds === undefined ? undefined : seconds * microsPerSecond

function compileRestrictions(
  restrictions: TariffRestrictions,
  policy: RatingPolicy,
): CompiledRestrictions {
  return {
    window: compileWindow(restrictions, policy.midnight),
    startDays: days(restrictions.start_date),
    endDays: days(restrictions.end_date),
    minKwh: number(restrictions.min_kwh),
    maxKwh: number(restrictions.max_kwh),
    minMicros: micros(restrictions.min_duration),
    maxMicros: micros(restrictions.max_duration),
    minPower: number(restrictions.min_power),
    maxPower: number(restrictions.max_power),
    minCurrent: number(restrictions.min_current),
    maxCurrent: number(restrictions.max_current),
    days:
      restrictions.day_of_week === undefined || restrictions.day_of_week.length === 0
        ? undefined
        : new Set(restrictions.day_of_week),
  }
}

export function compileTariff(tariff: Tariff, policy: RatingPolicy): CompiledTariff {
  const elements: CompiledElement[] = []
  for (const [element, { price_components, restrictions }] of tariff.elements.entries()) {
    const components: CompiledElement['components'] = {}
    for (const [component, raw] of price_components.entries()) {
      if (components[raw.type] !== undefined) continue
      const vatRate = raw.vat ?? policy.absent_vat_rate
      const scale = dimensionSteps[raw.type]
      components[raw.type] = {
        element,
        component,
        type: raw.type,
        price: exact(raw.price),
        vatRate,
        taxFactor: vatRate === null ? exactOf(1) : taxFactor(vatRate),
        step:
          scale === undefined || raw.step_size === 0 ? undefined : exactOf(raw.step_size, scale),
      }
    }
    // OCPI 2.2.1 §11.4.6: an element restricted to reservations prices the reservation, never the charging session.
    if (restrictions?.reservation !== undefined) continue
    elements.push({
      restrictions:
        restrictions === undefined ? undefined : compileRestrictions(restrictions, policy),
      components,
    })
  }
  const some = (test: (r: CompiledRestrictions) => boolean) =>
    elements.some((element) => element.restrictions !== undefined && test(element.restrictions))
  const readsLocalTime = some(
    (r) =>
      r.window.kind === 'between' ||
      r.startDays !== undefined ||
      r.endDays !== undefined ||
      r.days !== undefined,
  )
  const counts = some(
    (r) => (r.minKwh ?? r.maxKwh) !== undefined || (r.minMicros ?? r.maxMicros) !== undefined,
  )
  const prices = new Set(
    elements.flatMap(({ components }) =>
      Object.values(components).map((component) => component.type),
    ),
  )
  return { elements, prices, readsLocalTime, hasBoundaries: readsLocalTime || counts }
}

/** What a restriction may look at: where the session stands, and what the period states about itself. */
export type Moment = {
  local: LocalTime | undefined
  /** Since the start of the session. */
  elapsedMicros: number
  energyKwh: Exact
  minPower: Exact | undefined
  maxPower: Exact | undefined
  minCurrent: Exact | undefined
  maxCurrent: Exact | undefined
}

function isInWindow(window: Window, minute: number): boolean {
  if (window.kind !== 'between') return window.kind === 'all'
  // OCPI 2.2.1 §11.4.6: an end before the start runs over midnight; the start is in, the end is out.
  const { start, end } = window
  return start < end ? minute >= start && minute < end : minute >= start || minute < end
}

/** A least power asks for the period's highest, a most for its lowest; a value not stated is decided by the policy. */
function holdsElectric(
  r: CompiledRestrictions,
  moment: Moment,
  missing: RatingPolicy['missing_power'],
): boolean {
  const pairs = [
    [r.minPower, moment.maxPower, 0],
    [r.maxPower, moment.minPower, 1],
    [r.minCurrent, moment.maxCurrent, 0],
    [r.maxCurrent, moment.minCurrent, 1],
  ] as const
  for (const [limit, value, upper] of pairs) {
    if (limit === undefined) continue
    if (value === undefined) {
      if (missing === 'fails') return false
      continue
    }
    const order = compareExact(value, limit)
    if (upper === 1 ? order >= 0 : order < 0) return false
  }
  return true
}

export function holds(
  r: CompiledRestrictions,
  moment: Moment,
  missing: RatingPolicy['missing_power'],
): boolean {
  if (r.minMicros !== undefined && moment.elapsedMicros < r.minMicros) return false
  if (r.maxMicros !== undefined && moment.elapsedMicros >= r.maxMicros) return false
  if (r.minKwh !== undefined && compareExact(moment.energyKwh, r.minKwh) < 0) return false
  if (r.maxKwh !== undefined && compareExact(moment.energyKwh, r.maxKwh) >= 0) return false
  const { local } = moment
  if (local !== undefined) {
    if (!isInWindow(r.window, local.minute)) return false
    if (r.startDays !== undefined && local.days < r.startDays) return false
    // OCPI 2.2.1 §11.4.6: valid until end_date, that day excluded.
    if (r.endDays !== undefined && local.days >= r.endDays) return false
    if (r.days !== undefined && !r.days.has(local.dayOfWeek)) return false
  } else if (r.window.kind === 'none') return false
  return holdsElectric(r, moment, missing)
}

export type ActiveComponents = { [type in TariffDimension]?: CompiledComponent | undefined }

/** OCPI 2.2.1 §11.4.4: per dimension, the first element in the list whose restrictions hold is the one that counts. */
export function activeComponents(
  tariff: CompiledTariff,
  moment: Moment,
  missing: RatingPolicy['missing_power'],
): ActiveComponents {
  const active: ActiveComponents = {}
  for (const { restrictions, components } of tariff.elements) {
    if (restrictions !== undefined && !holds(restrictions, moment, missing)) continue
    active.ENERGY ??= components.ENERGY
    active.TIME ??= components.TIME
    active.PARKING_TIME ??= components.PARKING_TIME
    active.FLAT ??= components.FLAT
  }
  return active
}
