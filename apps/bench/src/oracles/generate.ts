/** Seeded pairs of tariff and CDR on which pricing engines are compared: the same seed gives the same bytes. */
import type { Tariff } from '@chargelane/openapi/vocabulary/tariff'
import {
  daysOfText,
  formatInstant,
  offsetChanges,
  parseInstant,
} from '@chargelane/rules/rating/clock'
import { canonicalTariff, ocpiPolicy, splitUsage, usageFromCdr } from '@chargelane/rules/rating'

export type OcpiName = 'v211' | 'v221' | 'v230'
type Json = Record<string, unknown>

const isJson = (each: unknown): each is Json => typeof each === 'object' && each !== null

/** The objects of a list in raw JSON. */
export function objectsOf(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter(isJson) : []
}
export type Pair = {
  id: string
  ocpi: OcpiName
  timezone: string
  tags: string[]
  tariff: Json
  cdr: Json
}

const micros = 1_000_000
const zones = [
  'Europe/Amsterdam',
  'Europe/Berlin',
  'Europe/London',
  'Europe/Lisbon',
  'Europe/Helsinki',
  'America/New_York',
  'America/St_Johns',
  'Asia/Kathmandu',
  'Asia/Tokyo',
  'Australia/Lord_Howe',
  'Australia/Sydney',
  'Pacific/Auckland',
] as const

/** Mulberry32: 32 bits of state are enough for test data and give the same sequence everywhere. */
class Dice {
  private state: number

  constructor(seed: number) {
    this.state = seed >>> 0
  }

  unit(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0
    let mixed = this.state
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }

  /** A whole number from `low` up to and including `high`. */
  whole(low: number, high: number): number {
    return low + Math.floor(this.unit() * (high - low + 1))
  }

  chance(probability: number): boolean {
    return this.unit() < probability
  }

  pick<T>(list: readonly T[]): T {
    const found = list[Math.floor(this.unit() * list.length)]
    if (found === undefined) throw new Error('nothing to pick from')
    return found
  }
}

/** A number with at most `digits` decimals, exactly as its shortest text says. */
const scaled = (whole: number, digits: number) => Number((whole / 10 ** digits).toFixed(digits))

const midnightOf = (date: string) => daysOfText(date) * 86_400 * micros
const transitions = new Map<string, number[]>()

function transitionsOf(zone: string): number[] {
  const known = transitions.get(zone)
  if (known !== undefined) return known
  const found = offsetChanges(midnightOf('2025-01-01'), midnightOf('2026-01-01'), zone)
  transitions.set(zone, found)
  return found
}

// ── Tariffs ─────────────────────────────────────────────────────────────────────────────────────────────────────

const rates = [0, 5, 6, 7, 8.1, 9, 10, 19, 20, 21, 25.5] as const
const steps = {
  ENERGY: [0, 1, 1, 25, 100, 500, 1_000],
  TIME: [0, 1, 60, 60, 300, 600, 900, 3_600],
  PARKING_TIME: [0, 1, 60, 300, 600, 900],
  FLAT: [0, 1, 1],
} as const
const types = ['ENERGY', 'TIME', 'PARKING_TIME', 'FLAT'] as const

function component(dice: Dice, type: (typeof types)[number], vat: number | undefined): Json {
  const digits = dice.pick([2, 2, 3, 4])
  const top = type === 'ENERGY' ? 1 : type === 'FLAT' ? 3 : 9
  return {
    type,
    price: dice.chance(0.05) ? 0 : scaled(dice.whole(1, top * 10 ** digits), digits),
    step_size: dice.pick(steps[type]),
    ...(vat === undefined ? {} : { vat }),
  }
}

const clockText = (minute: number) =>
  `${Math.floor(minute / 60)
    .toString()
    .padStart(2, '0')}:${(minute % 60).toString().padStart(2, '0')}`
const dateText = (days: number) => formatInstant(days * 86_400 * micros).slice(0, 10)

const days = ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY'] as const

function someDays(dice: Dice): string[] {
  const some = days.filter(() => dice.chance(0.4))
  return some.length > 0 ? some : [dice.pick(days)]
}

function clockWindow(dice: Dice, tags: Set<string>): Json {
  const quarter = () => dice.whole(0, 95) * 15
  const kind = dice.unit()
  if (kind < 0.06) {
    tags.add('midnight-window')
    const minute = dice.chance(0.5) ? 0 : quarter()
    return { start_time: clockText(minute), end_time: clockText(minute) }
  }
  if (kind < 0.18) {
    tags.add('midnight-window')
    return dice.chance(0.5)
      ? { end_time: '00:00' }
      : { start_time: clockText(quarter()), end_time: '00:00' }
  }
  const [start_time, end_time] = [clockText(quarter()), clockText(quarter())]
  if (start_time > end_time) tags.add('wrap')
  return kind < 0.35 ? { start_time } : kind < 0.5 ? { end_time } : { start_time, end_time }
}

type Setting = { start: number; ocpi: OcpiName; tags: Set<string> }

function restrictions(dice: Dice, { start, ocpi, tags }: Setting): Json {
  const day = dayOf(start)
  const kinds: (() => Json)[] = [
    () => clockWindow(dice, tags),
    () => clockWindow(dice, tags),
    () => ({ day_of_week: someDays(dice) }),
    () => ({ start_date: dateText(day + dice.whole(-2, 2)) }),
    () => ({ end_date: dateText(day + dice.whole(-1, 3)) }),
    () => ({ min_kwh: dice.whole(1, 30) }),
    () => ({ max_kwh: scaled(dice.whole(10, 400), 1) }),
    () => ({ min_duration: dice.whole(1, 120) * 60 }),
    () => ({ max_duration: dice.whole(1, 240) * 60 }),
    () => ({ min_power: dice.whole(1, 60) }),
    () => ({ max_power: dice.whole(5, 150) }),
  ]
  if (ocpi !== 'v211') {
    kinds.push(
      () => ({ min_current: dice.whole(4, 32) }),
      () => ({ max_current: dice.whole(6, 64) }),
    )
  }
  const result: Json = {}
  const count = dice.pick([1, 1, 1, 2, 2, 3])
  for (let index = 0; index < count; index++) Object.assign(result, dice.pick(kinds)())
  for (const key of Object.keys(result)) tags.add(key)
  return result
}

/** Limits are amounts somebody can pay: whole yen, thousandths of a dinar. */
function priceLimit(dice: Dice, ocpi: OcpiName, minor: number, digits: number): Json {
  const excl = scaled(minor, digits)
  const factor = dice.pick([1, 1.1, 1.19, 1.2, 1.21])
  const incl = dice.chance(0.6) ? scaled(Math.round(minor * factor), digits) : undefined
  return ocpi === 'v230'
    ? { before_taxes: excl, ...(incl === undefined ? {} : { after_taxes: incl }) }
    : { excl_vat: excl, ...(incl === undefined ? {} : { incl_vat: incl }) }
}

function elementsOf(dice: Dice, setting: Setting, vatOf: () => number | undefined): Json[] {
  const elements: Json[] = []
  const count = dice.pick([0, 1, 1, 2, 2, 3, 4, 6])
  for (let index = 0; index < count; index++) {
    const used = types.filter(() => dice.chance(0.4))
    elements.push({
      price_components: (used.length === 0 ? [dice.pick(types)] : used).map((type) =>
        component(dice, type, vatOf()),
      ),
      restrictions: restrictions(dice, setting),
    })
  }
  if (count === 0 || dice.chance(0.8)) {
    const used = types.filter(() => dice.chance(0.6))
    elements.push({
      price_components: (used.length === 0 ? ['ENERGY' as const] : used).map((type) =>
        component(dice, type, vatOf()),
      ),
    })
  }
  return elements
}

/**
 * Reservations as both texts and engines read them alike: time only, to the second. The second engine bills one flat
 * fee a session, rounds reserved and charging time together and knows no RESERVATION under an expired reservation,
 * against examples 16 and 17 of OCPI 2.3.0 §11.3.1; those are fixtures.
 */
function withReservation(dice: Dice, elements: Json[], vat: number | undefined): Json[] {
  const reserved = {
    price_components: [component(dice, 'TIME', vat)],
    restrictions: { reservation: 'RESERVATION' },
  }
  const all: Json[] = [reserved, ...elements]
  for (const element of all)
    for (const each of objectsOf(element['price_components']))
      if (each['type'] === 'TIME') each['step_size'] = 0
  return all
}

function tariffOf(dice: Dice, setting: Setting, currency: string, index: number): Json {
  const { ocpi, tags } = setting
  const mix = dice.chance(0.5)
  const rate = dice.pick(rates)
  const bare = dice.chance(0.2)
  const vatOf = () => {
    if (ocpi === 'v211' || bare) return undefined
    if (!mix) return rate
    return dice.chance(0.2) ? undefined : dice.pick(rates)
  }
  if (mix && !bare && ocpi !== 'v211') tags.add('vat-mix')
  const plain = elementsOf(dice, setting, vatOf)
  const elements = tags.has('reservation') ? withReservation(dice, plain, vatOf()) : plain
  const limits: Json = {}
  const digits = currency === 'JPY' ? 0 : currency === 'KWD' ? 3 : 2
  const unit = currency === 'JPY' ? 0.01 : currency === 'KWD' ? 10 : 1
  if (ocpi !== 'v211' && dice.chance(0.2)) {
    if (dice.chance(0.6))
      limits['min_price'] = priceLimit(
        dice,
        ocpi,
        dice.whole(Math.ceil(20 * unit), 900 * unit),
        digits,
      )
    if (dice.chance(0.6))
      limits['max_price'] = priceLimit(dice, ocpi, dice.whole(300 * unit, 3_000 * unit), digits)
    for (const key of Object.keys(limits)) tags.add(key)
  }
  let tax: Json = {}
  if (ocpi === 'v230') {
    const included = dice.pick(['NO', 'NO', 'YES', 'YES', 'N/A'])
    tags.add(`tax_included-${included}`)
    tax = { tax_included: included }
  }
  return {
    ...(ocpi === 'v211' ? {} : { country_code: 'NL', party_id: 'TST' }),
    id: `T${index}`,
    currency,
    elements,
    ...limits,
    ...tax,
    last_updated: '2025-01-01T00:00:00Z',
  }
}

// ── Sessions ────────────────────────────────────────────────────────────────────────────────────────────────────

const dayOf = (instant: number) => Math.floor(instant / (86_400 * micros))
const isoOf = (instant: number) => formatInstant(instant).replace('.000Z', 'Z')

function hours(dice: Dice, length: number, tags: Set<string>): number {
  const exact = length / micros / 3_600
  const kind = dice.unit()
  if (kind < 0.8) return scaled(Math.round(exact * 1e4), 4)
  if (kind < 0.9) return scaled(Math.round(exact * 1e3), 3)
  tags.add('partial-time')
  return scaled(Math.round(exact * 1e4 * dice.unit()), 4)
}

type Style = { power: number; current: number }

function electric(
  dice: Dice,
  energy: number,
  length: number,
  ocpi: OcpiName,
  style: Style,
): Json[] {
  const average = Math.max(0.1, (energy / Math.max(length, micros)) * micros * 3_600)
  const stated: Json[] = []
  const add = (name: string, value: number, kind: number) => {
    const high = scaled(Math.round(value * 110), 2)
    const low = scaled(Math.round(value * 90), 2)
    if (kind < 0.55) {
      stated.push({ type: `MAX_${name}`, volume: high }, { type: `MIN_${name}`, volume: low })
    } else if (kind < 0.62) stated.push({ type: `MAX_${name}`, volume: high })
    else if (kind < 0.69) stated.push({ type: `MIN_${name}`, volume: low })
  }
  // OCPI 2.1.1 §4.4 has no dimension of power in a CDR.
  if (ocpi !== 'v211') add('POWER', average, style.power)
  add('CURRENT', average * dice.pick([1.45, 4.35]), style.current)
  return stated
}

function periodOf(dice: Dice, start: number, length: number, setting: Setting, style: Style): Json {
  const { tags, ocpi } = setting
  const kind = dice.unit()
  const dimensions: Json[] = []
  if (kind < 0.68) {
    const energy = scaled(
      dice.whole(0, Math.max(1, Math.round((length / micros / 3_600) * 220_000))),
      4,
    )
    dimensions.push(
      { type: 'ENERGY', volume: energy },
      { type: 'TIME', volume: hours(dice, length, tags) },
    )
    dimensions.push(...electric(dice, energy, length, ocpi, style))
  } else if (kind < 0.9) {
    if (dice.chance(0.1)) dimensions.push({ type: 'ENERGY', volume: 0 })
    if (dice.chance(0.1)) dimensions.push({ type: 'TIME', volume: 0 })
    dimensions.push({ type: 'PARKING_TIME', volume: hours(dice, length, tags) })
  } else if (kind < 0.96) {
    tags.add('mixed-period')
    const part = dice.unit()
    const whole = length / micros / 3_600
    dimensions.push(
      { type: 'ENERGY', volume: scaled(dice.whole(0, 300_000), 4) },
      { type: 'TIME', volume: scaled(Math.round(whole * part * 1e4), 4) },
      { type: 'PARKING_TIME', volume: scaled(Math.round(whole * (1 - part) * 1e4), 4) },
    )
  } else dimensions.push({ type: 'ENERGY', volume: scaled(dice.whole(1, 200_000), 4) })
  return {
    start_date_time: isoOf(start),
    dimensions,
    ...(ocpi === 'v211' ? {} : { tariff_id: 'T' }),
  }
}

function reservationPeriod(dice: Dice, start: number, length: number): Json {
  return {
    start_date_time: isoOf(start),
    dimensions: [{ type: 'RESERVATION_TIME', volume: hours(dice, length, new Set()) }],
  }
}

function sessionStart(dice: Dice, zone: string, tags: Set<string>): number {
  const changes = transitionsOf(zone)
  if (changes.length > 0 && dice.chance(0.36)) {
    tags.add('dst')
    return dice.pick(changes) + dice.whole(-20 * 60, 4 * 60) * 60 * micros
  }
  const day = daysOfText('2025-01-01') + dice.whole(0, 364)
  return (
    day * 86_400 * micros +
    dice.whole(0, 1_439) * 60 * micros +
    (dice.chance(0.3) ? dice.whole(0, 59) * micros : 0)
  )
}

function record(pair: {
  ocpi: OcpiName
  currency: string
  start: number
  end: number
  periods: Json[]
}): Json {
  const { ocpi, currency, start, end, periods } = pair
  const zero = ocpi === 'v230' ? { before_taxes: 0, taxes: [] } : { excl_vat: 0, incl_vat: 0 }
  const common = {
    id: 'cdr-id',
    start_date_time: isoOf(start),
    currency,
    charging_periods: periods,
    total_energy: 0,
    total_time: 0,
    last_updated: '2026-01-01T00:00:00Z',
  }
  if (ocpi === 'v211')
    return {
      ...common,
      stop_date_time: isoOf(end),
      auth_id: 'a',
      auth_method: 'WHITELIST',
      total_cost: 0,
    }
  return {
    ...common,
    country_code: 'NL',
    party_id: 'TST',
    end_date_time: isoOf(end),
    cdr_token: { country_code: 'NL', party_id: 'TST', uid: 'u', type: 'RFID', contract_id: 'c' },
    auth_method: 'WHITELIST',
    total_cost: zero,
  }
}

/** Cuts the periods where the tariff changes its price, volumes rounded to OCPI's four decimals as a CPO writes them. */
function wellSplit(pair: Omit<Pair, 'tags'>, tariff: Tariff): Json[] | undefined {
  const version = versionOf(pair.ocpi)
  const usage = usageFromCdr(pair.cdr, pair.timezone, version)
  if (!usage.ok) return undefined
  const split = splitUsage(usage.usage, tariff, ocpiPolicy)
  if (!split.ok) return undefined
  return split.usage.periods.map((period) => {
    const volumes: [string, string | undefined][] = [
      ['ENERGY', period.energy_kwh],
      ['TIME', period.time_h],
      ['PARKING_TIME', period.parking_time_h],
      ['MIN_POWER', period.min_power_kw],
      ['MAX_POWER', period.max_power_kw],
      ['MIN_CURRENT', period.min_current_a],
      ['MAX_CURRENT', period.max_current_a],
    ]
    return {
      start_date_time: isoOf(parseInstant(period.start) ?? 0),
      dimensions: volumes.flatMap(([type, volume]) =>
        volume === undefined ? [] : [{ type, volume: scaled(Math.round(Number(volume) * 1e4), 4) }],
      ),
    }
  })
}

const versions = { v211: '2.1.1', v221: '2.2.1', v230: '2.3.0' } as const
export const versionOf = (ocpi: OcpiName) => versions[ocpi]

function periodsOf(dice: Dice, start: number, setting: Setting): { periods: Json[]; end: number } {
  const { tags } = setting
  const style = { power: dice.unit(), current: dice.unit() }
  const periods: Json[] = []
  let at = start
  if (tags.has('reservation')) {
    const length = dice.whole(1, 30) * 60 * micros
    periods.push(reservationPeriod(dice, at, length))
    at += length
  }
  const count = dice.pick([1, 1, 2, 2, 3, 3, 4, 6, 9])
  for (let index = 0; index < count; index++) {
    let length = dice.whole(1, dice.pick([20, 90, 300])) * 60 * micros
    if (dice.chance(0.25)) length += dice.whole(0, 59_999) * 1_000
    periods.push(periodOf(dice, at, length, setting, style))
    at += length
  }
  return { periods, end: at }
}

function pairAt(seed: number, index: number): Pair {
  const dice = new Dice(seed * 1_000_003 + index)
  const tags = new Set<string>()
  const timezone = dice.pick(zones)
  const ocpi = dice.pick([
    'v221',
    'v221',
    'v221',
    'v221',
    'v221',
    'v221',
    'v211',
    'v230',
    'v230',
  ] as const)
  const currency = dice.pick(['EUR', 'EUR', 'EUR', 'EUR', 'EUR', 'EUR', 'GBP', 'JPY', 'KWD'])
  tags.add(ocpi)
  if (currency === 'JPY' || currency === 'KWD') tags.add(currency)
  if (ocpi !== 'v211' && dice.chance(0.06)) tags.add('reservation')
  const start = sessionStart(dice, timezone, tags)
  const setting = { start, ocpi, tags }
  const tariff = tariffOf(dice, setting, currency, index)
  const { periods, end } = periodsOf(dice, start, setting)
  const id = `s${seed}/${index}`
  const cdr = record({ ocpi, currency, start, end, periods })
  const pair = { id, ocpi, timezone, tariff, cdr }
  const canonical = canonicalTariff(tariff, {
    version: versionOf(ocpi),
    country_code: 'NL',
    party_id: 'TST',
  })
  if (canonical.ok && dice.chance(0.5)) {
    const split = tags.has('reservation') ? undefined : wellSplit(pair, canonical.tariff)
    if (split !== undefined && split.length <= 60) {
      tags.add('well-split')
      cdr['charging_periods'] = split
    }
  }
  if (dayOf(start) !== dayOf(end - 1)) tags.add('midnight')
  return { ...pair, tags: [...tags] }
}

/** `count` pairs of one seed: twelve zones, a third around clock changes, every restriction, three versions. */
export function* generatePairs(seed: number, count: number): Generator<Pair> {
  for (let index = 0; index < count; index++) yield pairAt(seed, index)
}
