/** A canonical tariff made ready for pricing: prices parsed once, restrictions as comparable numbers. */
import type { Decimal } from '@chargelane/openapi/vocabulary/money'
import type {
  PriceComponent,
  PriceLimit,
  Tariff,
  TariffDimension,
  TariffElement,
  TariffRestrictions,
} from '@chargelane/openapi/vocabulary/tariff'
import { type Exact, exact } from '../exact.ts'
import { dayOfWeekIndex, daysOfText, localTimeAt, microsPerSecond, minuteOf } from './clock.ts'
import type { Period } from './periods.ts'
import type { RatingPolicy } from './policy.ts'
import { decimalsOf, type Scale, scaled, tenTo } from './scale.ts'

/** What can be priced at one moment: the four dimensions of charging, and time and fee of a reservation. */
export const slots = ['ENERGY', 'TIME', 'PARKING_TIME', 'FLAT', 'RESERVED', 'RESERVATION'] as const
export const slotCount = slots.length
const slotOf = { ENERGY: 0, TIME: 1, PARKING_TIME: 2, FLAT: 3 } as const
/** OCPI 2.2.1 §11.4.5: a reservation has a price for its TIME and a FLAT one, and nothing else. */
const reservedSlotOf: Partial<Record<TariffDimension, number>> = { TIME: 4, FLAT: 5 }

export type CompiledComponent = {
  /** Place among all components of the tariff. */
  index: number
  element: number
  component: number
  type: TariffDimension
  slot: number
  /** As the tariff states it, times 10^priceDecimals. */
  price: bigint
  priceDecimals: number
  taxIncluded: boolean
  vatRate: Decimal | null
  /** 1 + VAT rate, times 10^factorDecimals. */
  factor: bigint
  factorDecimals: number
  /** step_size in kWh or seconds at the rating's scale; 0 when there is nothing to round up. */
  step: bigint
  restrictions: TariffRestrictions | null
}

/** Minutes of the local day; an end before the start runs over midnight. */
type Window = { start: number; end: number }

export type CompiledRestrictions = {
  /** Reads the wall clock of the EVSE. */
  isLocal: boolean
  /** Undefined is the whole day. */
  window: Window | undefined
  isNever: boolean
  startDays: number | undefined
  endDays: number | undefined
  minMicros: number | undefined
  maxMicros: number | undefined
  /** Monday is bit 0. */
  days: number | undefined
  minKwh: bigint | undefined
  maxKwh: bigint | undefined
  minPower: bigint | undefined
  maxPower: bigint | undefined
  minCurrent: bigint | undefined
  maxCurrent: bigint | undefined
  readsElectric: boolean
}

export type CompiledElement = {
  restrictions: CompiledRestrictions | undefined
  /** Which slots it prices, as bits. */
  prices: number
  components: (CompiledComponent | undefined)[]
}

export type CompiledTariff = {
  /** What prices charging, and what prices a reservation that was used or that expired, first match first. */
  charging: CompiledElement[]
  reserved: CompiledElement[]
  expired: CompiledElement[]
  components: CompiledComponent[]
  /** Slots that some element prices, as bits. */
  prices: number
  /** Some element prices charging at some time; without one the tariff has no price at all. */
  isPriced: boolean
  /** Some price can change while a period runs, by time, date, duration or energy. */
  hasBoundaries: boolean
  minPrice: CompiledLimit | undefined
  maxPrice: CompiledLimit | undefined
}

export type CompiledLimit = { net: Exact; gross: Exact | undefined }

const allDay = undefined
const never = 'never'

function compileWindow(
  restrictions: TariffRestrictions,
  midnight: RatingPolicy['midnight'],
): Window | typeof allDay | typeof never {
  const { start_time: from, end_time: to } = restrictions
  if (from === undefined && to === undefined) return allDay
  const start = from === undefined ? 0 : minuteOf(from)
  const end = to === undefined ? 1_440 : minuteOf(to)
  // OCPI 2.2.1 §11.4.6 lets an end of 00:00 mean the end of the day and says nothing of equal times. The engines
  // disagree on both; `end_of_day` follows the text and takes equal times as an empty window, `literal` the reverse.
  if (midnight === 'end_of_day') {
    const until = end === 0 ? 1_440 : end
    return start === until ? never : { start, end: until }
  }
  if (from !== undefined && start === end) return allDay
  return end === 0 && from === undefined ? never : { start, end }
}

const days = (date: string | undefined) => (date === undefined ? undefined : daysOfText(date))
const micros = (seconds: number | undefined) =>
  seconds === undefined ? undefined : seconds * microsPerSecond

const decimalLimits = [
  'min_kwh',
  'max_kwh',
  'min_power',
  'max_power',
  'min_current',
  'max_current',
] as const

function compileRestrictions(
  raw: TariffRestrictions,
  policy: RatingPolicy,
  scale: Scale,
): CompiledRestrictions {
  const window = compileWindow(raw, policy.midnight)
  const number = (text: Decimal | undefined) =>
    text === undefined ? undefined : scaled(text, scale)
  const week = raw.day_of_week ?? []
  const startDays = days(raw.start_date)
  const endDays = days(raw.end_date)
  const electric = [raw.min_power, raw.max_power, raw.min_current, raw.max_current]
  return {
    readsElectric: electric.some((limit) => limit !== undefined),
    isLocal: typeof window === 'object' || (startDays ?? endDays) !== undefined || week.length > 0,
    window: window === never ? undefined : window,
    isNever: window === never,
    startDays,
    endDays,
    minMicros: micros(raw.min_duration),
    maxMicros: micros(raw.max_duration),
    days:
      week.length === 0
        ? undefined
        : week.reduce((bits, day) => bits | (1 << dayOfWeekIndex(day)), 0),
    minKwh: number(raw.min_kwh),
    maxKwh: number(raw.max_kwh),
    minPower: number(raw.min_power),
    maxPower: number(raw.max_power),
    minCurrent: number(raw.min_current),
    maxCurrent: number(raw.max_current),
  }
}

function stepOf({ type, step_size }: PriceComponent, scale: Scale): bigint {
  // OCPI 2.2.1 §11.4.2: step_size counts Wh for ENERGY and seconds for the times, and means nothing for FLAT.
  if (type === 'FLAT') return 0n
  return BigInt(step_size) * tenTo(type === 'ENERGY' ? scale - 3 : scale)
}

function vatRateOf(raw: PriceComponent, tariff: Tariff, policy: RatingPolicy): Decimal | null {
  // OCPI 2.3.0 §11.4.7: N/A says that no tax applies to this tariff, whatever a component names.
  return tariff.tax_included === 'N/A' ? '0' : (raw.vat ?? policy.absent_vat_rate)
}

function compileLimit(limit: PriceLimit | undefined): CompiledLimit | undefined {
  if (limit === undefined) return undefined
  return {
    net: exact(limit.excl_vat),
    gross: limit.incl_vat === undefined ? undefined : exact(limit.incl_vat),
  }
}

class Compiler {
  readonly components: CompiledComponent[] = []
  readonly tariff: Tariff
  readonly policy: RatingPolicy
  readonly scale: Scale

  constructor(tariff: Tariff, policy: RatingPolicy, scale: Scale) {
    this.tariff = tariff
    this.policy = policy
    this.scale = scale
  }

  element(raw: TariffElement, element: number): CompiledElement {
    const { price_components, restrictions } = raw
    const compiled: CompiledElement = {
      restrictions:
        restrictions === undefined
          ? undefined
          : compileRestrictions(restrictions, this.policy, this.scale),
      prices: 0,
      components: slots.map(() => undefined),
    }
    for (const [component, price] of price_components.entries()) {
      const slot =
        restrictions?.reservation === undefined ? slotOf[price.type] : reservedSlotOf[price.type]
      if (slot === undefined || compiled.components[slot] !== undefined) continue
      compiled.prices |= 1 << slot
      compiled.components[slot] = this.component(price, {
        element,
        component,
        slot,
        restrictions: restrictions ?? null,
      })
    }
    return compiled
  }

  component(
    raw: PriceComponent,
    place: Pick<CompiledComponent, 'element' | 'component' | 'slot' | 'restrictions'>,
  ): CompiledComponent {
    const vatRate = vatRateOf(raw, this.tariff, this.policy)
    const priceDecimals = decimalsOf(raw.price)
    const rateDecimals = vatRate === null ? 0 : decimalsOf(vatRate)
    const factorDecimals = rateDecimals + 2
    const compiled: CompiledComponent = {
      ...place,
      index: this.components.length,
      type: raw.type,
      price: scaled(raw.price, priceDecimals),
      priceDecimals,
      taxIncluded: this.tariff.tax_included === 'YES',
      vatRate,
      factor: tenTo(factorDecimals) + (vatRate === null ? 0n : scaled(vatRate, rateDecimals)),
      factorDecimals,
      step: stepOf(raw, this.scale),
    }
    this.components.push(compiled)
    return compiled
  }
}

function scaleOfLimits(tariff: Tariff): Scale {
  for (const { restrictions } of tariff.elements) {
    if (restrictions === undefined) continue
    for (const limit of decimalLimits) {
      const text = restrictions[limit]
      if (text !== undefined && decimalsOf(text) > 6) return 18
    }
  }
  return 6
}

export function compileTariff(tariff: Tariff, policy: RatingPolicy, scale: Scale): CompiledTariff {
  const compiler = new Compiler(tariff, policy, scale)
  const charging: CompiledElement[] = []
  const reserved: CompiledElement[] = []
  const expires: CompiledElement[] = []
  for (const [index, raw] of tariff.elements.entries()) {
    const element = compiler.element(raw, index)
    // OCPI 2.2.1 §11.4.6: an element restricted to reservations prices the reservation, never the charging session.
    const reservation = raw.restrictions?.reservation
    const list =
      reservation === undefined ? charging : reservation === 'RESERVATION' ? reserved : expires
    list.push(element)
  }
  const all = [...charging, ...reserved, ...expires]
  const counts = all.some(({ restrictions: r }) => {
    if (r === undefined) return false
    return r.isLocal || (r.minKwh ?? r.maxKwh ?? r.minMicros ?? r.maxMicros) !== undefined
  })
  return {
    charging,
    reserved,
    // OCPI 2.2.1 §11.4.5: what RESERVATION_EXPIRES does not price of an expired reservation, RESERVATION does.
    expired: [...expires, ...reserved],
    components: compiler.components,
    prices: all.reduce((bits, element) => bits | element.prices, 0),
    isPriced: charging.some(({ prices, restrictions: r }) => prices !== 0 && r?.isNever !== true),
    hasBoundaries: counts,
    minPrice: compileLimit(tariff.min_price),
    maxPrice: compileLimit(tariff.max_price),
  }
}

type Compiled = {
  midnight: RatingPolicy['midnight']
  absentVat: Decimal | null
  scale: Scale
  tariff: CompiledTariff
}
type Known = { scale: Scale; readings: Compiled[] }
const compiled = new WeakMap<Tariff, Known>()

function knownOf(tariff: Tariff): Known {
  let known = compiled.get(tariff)
  if (known === undefined) {
    known = { scale: scaleOfLimits(tariff), readings: [] }
    compiled.set(tariff, known)
  }
  return known
}

/** The scale a tariff itself asks for. */
export function scaleOfTariff(tariff: Tariff): Scale {
  return knownOf(tariff).scale
}

/** A tariff is compiled once per object, reading and scale; what is kept depends on the input alone. */
export function compiledOf(tariff: Tariff, policy: RatingPolicy, scale: Scale): CompiledTariff {
  const { readings } = knownOf(tariff)
  for (const each of readings)
    if (
      each.scale === scale &&
      each.midnight === policy.midnight &&
      each.absentVat === policy.absent_vat_rate
    )
      return each.tariff
  const fresh = compileTariff(tariff, policy, scale)
  readings.push({
    midnight: policy.midnight,
    absentVat: policy.absent_vat_rate,
    scale,
    tariff: fresh,
  })
  return fresh
}

/** What a restriction may look at: where the session stands, and what the period states about itself. */
export type Moment = {
  instant: number
  zone: string
  /** Since the start of the session. */
  elapsedMicros: number
  energyKwh: bigint
  period: Period
}

function isWithin({ start, end }: Window, minute: number): boolean {
  // OCPI 2.2.1 §11.4.6: an end before the start runs over midnight; the start is in, the end is out.
  return start < end ? minute >= start && minute < end : minute >= start || minute < end
}

function holdsLocally(r: CompiledRestrictions, { instant, zone }: Moment): boolean {
  const local = localTimeAt(instant, zone)
  if (r.window !== undefined && !isWithin(r.window, local.minute)) return false
  if (r.startDays !== undefined && local.days < r.startDays) return false
  // OCPI 2.2.1 §11.4.6: valid until end_date, that day excluded.
  if (r.endDays !== undefined && local.days >= r.endDays) return false
  return r.days === undefined || (r.days & (1 << local.weekday)) !== 0
}

/**
 * A least power asks for the period's highest, a most for its lowest. A side not stated holds when the reading is
 * lenient; otherwise the other side stands for it.
 */
function holdsElectrically(r: CompiledRestrictions, period: Period, isLenient: boolean): boolean {
  const { minPower, maxPower, minCurrent, maxCurrent } = period
  const atLeast = (
    high: bigint | undefined,
    low: bigint | undefined,
    limit: bigint | undefined,
  ) => {
    if (limit === undefined) return true
    const value = isLenient ? high : (high ?? low)
    return value === undefined ? isLenient : value >= limit
  }
  const below = (low: bigint | undefined, high: bigint | undefined, limit: bigint | undefined) => {
    if (limit === undefined) return true
    const value = isLenient ? low : (low ?? high)
    return value === undefined ? isLenient : value < limit
  }
  return (
    atLeast(maxPower, minPower, r.minPower) &&
    below(minPower, maxPower, r.maxPower) &&
    atLeast(maxCurrent, minCurrent, r.minCurrent) &&
    below(minCurrent, maxCurrent, r.maxCurrent)
  )
}

function holds(
  r: CompiledRestrictions,
  moment: Moment,
  missing: RatingPolicy['missing_power'],
): boolean {
  if (r.isNever) return false
  if (r.minMicros !== undefined && moment.elapsedMicros < r.minMicros) return false
  if (r.maxMicros !== undefined && moment.elapsedMicros >= r.maxMicros) return false
  if (r.minKwh !== undefined && moment.energyKwh < r.minKwh) return false
  if (r.maxKwh !== undefined && moment.energyKwh >= r.maxKwh) return false
  if (r.isLocal && !holdsLocally(r, moment)) return false
  return !r.readsElectric || holdsElectrically(r, moment.period, missing === 'matches')
}

export type ActiveComponents = (CompiledComponent | undefined)[]

/** OCPI 2.2.1 §11.4.4: per dimension, the first element in the list whose restrictions hold is the one that counts. */
export function activate(
  active: ActiveComponents,
  elements: readonly CompiledElement[],
  moment: Moment,
  missing: RatingPolicy['missing_power'],
  wanted: number,
): void {
  let open = wanted
  for (const element of elements) {
    if ((element.prices & open) === 0) continue
    const { restrictions, components } = element
    if (restrictions !== undefined && !holds(restrictions, moment, missing)) continue
    for (let slot = 0; slot < slotCount; slot++)
      if ((open & (1 << slot)) !== 0 && components[slot] !== undefined)
        active[slot] = components[slot]
    open &= ~element.prices
    if (open === 0) return
  }
}
