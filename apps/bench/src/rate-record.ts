/** A raw tariff and a raw CDR as they come from a peer, priced and answered in OCPI's own field names. */
import { hash } from 'node:crypto'
import type { Decimal } from '@chargelane/openapi/vocabulary/money'
import type { Tariff } from '@chargelane/openapi/vocabulary/tariff'
import type { UsageRecord } from '@chargelane/openapi/vocabulary/usage'
import { divideHalfAway } from '@chargelane/rules/exact'
import { parseInstant } from '@chargelane/rules/rating/clock'
import {
  canonicalTariff,
  engineReadings,
  type ExactAmount,
  ocpiPolicy,
  type OcpiVersion,
  price,
  type Problem,
  rate,
  type RatedDimension,
  type Rating,
  type RatingPolicy,
  usageFromCdr,
} from '@chargelane/rules/rating'

export type OcpiName = 'v211' | 'v221' | 'v230'
const versions: Record<OcpiName, OcpiVersion> = { v211: '2.1.1', v221: '2.2.1', v230: '2.3.0' }

export type RecordInput = {
  /** Absent: told from the fields that only one version has. */
  ocpi?: OcpiName | undefined
  /** IANA zone of the EVSE. */
  timezone: string
  /** A tariff, a list of them, or nothing: then the CDR's own `tariffs`. */
  tariff?: unknown
  cdr: unknown
}

/** Why a record has no price; `message` names the field first. */
export type RecordError = {
  code:
    | 'record_invalid'
    | 'tariff_invalid'
    | 'tariff_missing'
    | 'tariff_not_active'
    | 'usage_invalid'
    | 'price_unavailable'
    | 'out_of_range'
  message: string
}

type Json = Record<string, unknown>
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const tariffsOf = ({ tariff, cdr }: RecordInput): unknown[] => {
  const given = tariff ?? (isObject(cdr) ? cdr['tariffs'] : undefined)
  return Array.isArray(given) ? given : given === undefined || given === null ? [] : [given]
}

const isOwned = (tariff: Json) => 'country_code' in tariff || 'party_id' in tariff

/** The version, by what only one of them has: 2.1.1 stops a session, 2.3.0 speaks of taxes. */
export function versionOf(input: RecordInput): OcpiName {
  if (input.ocpi !== undefined) return input.ocpi
  const cdr = isObject(input.cdr) ? input.cdr : {}
  const tariffs = tariffsOf(input).filter(isObject)
  const cost = cdr['total_cost']
  if (tariffs.some((tariff) => 'tax_included' in tariff)) return 'v230'
  if (isObject(cost) && 'before_taxes' in cost) return 'v230'
  if ('stop_date_time' in cdr || 'auth_id' in cdr || typeof cost === 'number') return 'v211'
  if ('end_date_time' in cdr || isObject(cost)) return 'v221'
  return tariffs.length > 0 && !tariffs.some(isOwned) ? 'v211' : 'v221'
}

// ── Tariffs, compiled once ──────────────────────────────────────────────────────────────────────────────────────

type Read = { ok: true; tariff: Tariff } | { ok: false; problem: Problem }

const keptTariffs = 2_000
const kept = new Map<string, Read>()

/** 2.1.1 names no owner, and a price does not depend on one. */
const nobody = { country_code: 'ZZ', party_id: 'ZZZ' }

function readTariff(raw: unknown, ocpi: OcpiName): Read {
  const key = `${ocpi}${hash('sha256', JSON.stringify(raw) ?? '', 'base64')}`
  const known = kept.get(key)
  if (known !== undefined) return known
  const result = canonicalTariff(raw, { version: versions[ocpi], ...nobody })
  const [problem = { path: '', rule: 'tariff', message: 'is no tariff' }] = result.ok
    ? []
    : result.problems
  const read: Read = result.ok ? result : { ok: false, problem }
  if (kept.size >= keptTariffs) {
    const oldest = kept.keys().next()
    if (oldest.done !== true) kept.delete(oldest.value)
  }
  kept.set(key, read)
  return read
}

// ── What a real record gets wrong ───────────────────────────────────────────────────────────────────────────────
// A tariff is sold, and a record settled, by the letter only. Whoever asks what a record would cost is answered as far
// as it can be read, and told what was read how.

const knownTypes: ReadonlySet<unknown> = new Set(['ENERGY', 'TIME', 'PARKING_TIME', 'FLAT'])
const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])

/** The tariff without the price components no OCPI version knows; they price nothing a CDR can state. */
function knownPart(raw: unknown, place: string, remarks: string[]): unknown {
  if (!isObject(raw)) return raw
  const elements = listOf(raw['elements']).flatMap((element, index) => {
    if (!isObject(element)) return [element]
    const price_components = listOf(element['price_components']).filter((component, at) => {
      const type = isObject(component) ? component['type'] : undefined
      if (typeof type !== 'string' || knownTypes.has(type)) return true
      remarks.push(
        `${place}.elements[${index}].price_components[${at}].type ${type} is no dimension of OCPI and is left out`,
      )
      return false
    })
    return price_components.length === 0 ? [] : [{ ...element, price_components }]
  })
  return { ...raw, elements }
}

/** "2025-8-4" as "2025-08-04". */
const padDate = (value: unknown) =>
  typeof value === 'string'
    ? value.replace(
        /^(\d{4})-(\d{1,2})-(\d{1,2})(?=T)/,
        (_, year: string, month: string, day: string) =>
          [year, month.padStart(2, '0'), day.padStart(2, '0')].join('-'),
      )
    : value

const instantOf = (value: unknown) =>
  (typeof value === 'string' ? parseInstant(value) : undefined) ?? Number.NaN

/** The CDR with its periods in order of time, within a session that begins with the first of them. */
function orderedPart(raw: unknown, remarks: string[]): unknown {
  if (!isObject(raw)) return raw
  const cdr: Json = { ...raw }
  for (const name of ['start_date_time', 'end_date_time', 'stop_date_time'])
    if (name in cdr) cdr[name] = padDate(cdr[name])
  const stated = listOf(raw['charging_periods']).map((period) =>
    isObject(period) ? { ...period, start_date_time: padDate(period['start_date_time']) } : period,
  )
  const startOf = (period: unknown) =>
    instantOf(isObject(period) ? period['start_date_time'] : undefined)
  const periods = stated.toSorted((a, b) => startOf(a) - startOf(b))
  if (periods.some((period, index) => period !== stated[index]))
    remarks.push('cdr.charging_periods are not in order of time and were sorted')
  const [first] = periods
  if (startOf(first) < instantOf(cdr['start_date_time']) && isObject(first)) {
    remarks.push('cdr.charging_periods[0] begins before the session, whose start was moved')
    cdr['start_date_time'] = first['start_date_time']
  }
  return { ...cdr, charging_periods: periods }
}

const said = (path: string, message: string) => (path === '' ? message : `${path} ${message}`)
const failed = (code: RecordError['code'], message: string) => ({
  ok: false as const,
  error: { code, message },
})
type Failed = ReturnType<typeof failed>

/** OCPI 2.2.1 §11.3.1: the first tariff in force when the session began prices all of it. */
function chooseTariff(input: RecordInput, ocpi: OcpiName, usage: UsageRecord, remarks: string[]) {
  const raws = tariffsOf(input)
  const started = parseInstant(usage.started_at) ?? 0
  for (const [index, raw] of raws.entries()) {
    const place = raws.length > 1 ? `tariff[${index}]` : 'tariff'
    let read = readTariff(raw, ocpi)
    if (!read.ok) {
      const leniently = readTariff(knownPart(raw, place, remarks), ocpi)
      if (leniently.ok) read = leniently
    }
    if (!read.ok) {
      const { path, message } = read.problem
      return failed('tariff_invalid', said(path === '' ? place : `${place}.${path}`, message))
    }
    const { start_date_time, end_date_time } = read.tariff
    const from = start_date_time === undefined ? undefined : parseInstant(start_date_time)
    const to = end_date_time === undefined ? undefined : parseInstant(end_date_time)
    if ((from ?? started) <= started && (to ?? Number.POSITIVE_INFINITY) > started)
      return { ok: true as const, tariff: read.tariff }
  }
  return raws.length === 0
    ? failed('tariff_missing', 'tariff is missing, and cdr.tariffs holds none')
    : failed('tariff_not_active', 'tariff was not in force at cdr.start_date_time')
}

export type ReadRecord = {
  ok: true
  ocpi: OcpiName
  tariff: Tariff
  usage: UsageRecord
  /** What was not read by the letter. */
  remarks: string[]
}

/** The record in the engine's words: its version, the tariff that counts, and what was used. */
export function readRecord(input: RecordInput): ReadRecord | Failed {
  const ocpi = versionOf(input)
  const version = versions[ocpi]
  const remarks: string[] = []
  const strictly = usageFromCdr(input.cdr, input.timezone, version)
  const usage = strictly.ok
    ? strictly
    : usageFromCdr(orderedPart(input.cdr, remarks), input.timezone, version)
  if (!strictly.ok && !usage.ok) {
    const [{ path, message } = { path: '', message: 'is no CDR' }] = strictly.problems
    const place = path === 'timeZone' ? 'timezone' : path === '' ? 'cdr' : `cdr.${path}`
    return failed('usage_invalid', said(place, message))
  }
  if (!usage.ok) return failed('usage_invalid', 'cdr is no CDR')
  const chosen = chooseTariff(input, ocpi, usage.usage, remarks)
  return chosen.ok ? { ok: true, ocpi, tariff: chosen.tariff, usage: usage.usage, remarks } : chosen
}

// ── Totals in OCPI's words ──────────────────────────────────────────────────────────────────────────────────────

const fields = {
  ENERGY: 'total_energy_cost',
  TIME: 'total_time_cost',
  PARKING_TIME: 'total_parking_cost',
  FLAT: 'total_fixed_cost',
  RESERVATION: 'total_reservation_cost',
} as const satisfies Record<RatedDimension, string>
type Field = (typeof fields)[RatedDimension] | 'total_cost'

/** Decimals of at most four places. A 2.1.1 tariff states no VAT, so nothing is known with VAT. */
export type Cost = { excl_vat: Decimal; incl_vat: Decimal | null }
export type RecordTotals = Record<Field, Cost | null>

/** To four decimals, half to the even digit, at the end only. */
export function fourDecimals(text: Decimal): Decimal {
  const isNegative = text.startsWith('-')
  const [whole = '0', fraction = ''] = (isNegative ? text.slice(1) : text).split('.')
  const rest = fraction.slice(4)
  let units = BigInt(whole) * 10_000n + BigInt(fraction.slice(0, 4).padEnd(4, '0'))
  const half = divideHalfAway(BigInt(`${rest}0`), 10n ** BigInt(rest.length + 1))
  const isTie = /^50*$/.test(rest)
  if (half === 1n && (!isTie || units % 2n === 1n)) units += 1n
  const digits = units.toString().padStart(5, '0')
  const printed = `${digits.slice(0, -4)}.${digits.slice(-4)}`.replace(/\.?0+$/, '')
  return isNegative && units !== 0n ? `-${printed}` : printed
}

const negated = (text: Decimal) => (text.startsWith('-') ? text.slice(1) : `-${text}`)

function costOf(amount: ExactAmount | undefined, ocpi: OcpiName): Cost | null {
  if (amount === undefined) return null
  const incl = ocpi === 'v211' ? null : fourDecimals(amount.gross)
  return { excl_vat: fourDecimals(amount.net), incl_vat: incl }
}

/** The totals of a CDR; a credit CDR states its total negated, and nothing else (OCPI 2.2.1 §10.2.1). */
export function totalsOf(
  ocpi: OcpiName,
  cdr: unknown,
  { exact, dimensions }: Pick<Rating, 'exact' | 'dimensions'>,
): RecordTotals {
  const isCredit = isObject(cdr) && cdr['credit'] === true
  const total = isCredit ? { net: negated(exact.net), gross: negated(exact.gross) } : exact
  return {
    total_cost: costOf(total, ocpi),
    total_energy_cost: costOf(dimensions.ENERGY, ocpi),
    total_time_cost: costOf(dimensions.TIME, ocpi),
    total_parking_cost: costOf(dimensions.PARKING_TIME, ocpi),
    total_fixed_cost: costOf(dimensions.FLAT, ocpi),
    total_reservation_cost: costOf(dimensions.RESERVATION, ocpi),
  }
}

/** Prices a record. */
export function priceRecord(
  input: RecordInput,
  policy: RatingPolicy = ocpiPolicy,
): { ok: true; totals: RecordTotals; remarks: string[] } | Failed {
  const read = readRecord(input)
  if (!read.ok) return read
  const priced = price({ tariff: read.tariff, usage: read.usage, policy })
  if (!priced.ok) return failed(priced.code, said(priced.path, priced.message))
  const { exact } = priced
  return {
    ok: true,
    remarks: read.remarks,
    totals: totalsOf(read.ocpi, input.cdr, { exact, dimensions: priced.dimensions() }),
  }
}

// ── Against what the CDR says ───────────────────────────────────────────────────────────────────────────────────

const numberText = (value: unknown) =>
  typeof value === 'number' || typeof value === 'string' ? String(value) : undefined

function statedCost(value: unknown): { excl: string; incl: string | undefined } | undefined {
  if (!isObject(value)) {
    const excl = numberText(value)
    return excl === undefined ? undefined : { excl, incl: undefined }
  }
  const excl = numberText(value['excl_vat'] ?? value['before_taxes'])
  if (excl === undefined) return undefined
  const taxes = value['taxes']
  if (!Array.isArray(taxes)) return { excl, incl: numberText(value['incl_vat']) }
  const tax = taxes.reduce(
    (sum: bigint, each: unknown) =>
      sum + tenThousandths(isObject(each) ? numberText(each['amount']) : undefined),
    tenThousandths(excl),
  )
  return { excl, incl: taxes.length === 0 ? undefined : printUnits(tax) }
}

function tenThousandths(text: string | undefined): bigint {
  const four = fourDecimals(text ?? '0')
  const [whole = '0', fraction = ''] = four.replace('-', '').split('.')
  const size = BigInt(whole) * 10_000n + BigInt(fraction.padEnd(4, '0'))
  return four.startsWith('-') ? -size : size
}

function printUnits(units: bigint): Decimal {
  const digits = (units < 0n ? -units : units).toString().padStart(5, '0')
  return fourDecimals(`${units < 0n ? '-' : ''}${digits.slice(0, -4)}.${digits.slice(-4)}`)
}

/** Equal to the last digit the CDR writes, cents at least: whoever writes 12.38 may mean 12.375. */
function isSame(ours: Decimal, stated: string): boolean {
  const written = stated.split('.')[1]?.length ?? 0
  const half = written > 3 ? 0n : written === 3 ? 5n : 50n
  const difference = tenThousandths(ours) - tenThousandths(stated)
  return (difference < 0n ? -difference : difference) <= half
}

export type Difference = { field: string; ours: Decimal | null; stated: string }

/** The totals a CDR states and we do not give. A stated zero where we have no such cost is no difference. */
export function differencesOf(cdr: unknown, totals: Partial<RecordTotals>): Difference[] {
  if (!isObject(cdr)) return []
  const found: Difference[] = []
  for (const [field, ours] of Object.entries(totals)) {
    const stated = statedCost(cdr[field])
    if (stated === undefined) continue
    const check = (name: string, value: Decimal | null, claim: string | undefined) => {
      if (claim === undefined || (ours !== null && value === null)) return
      if (!isSame(value ?? '0', claim))
        found.push({ field: `${field}.${name}`, ours: value, stated: claim })
    }
    check('excl_vat', ours?.excl_vat ?? null, stated.excl)
    check('incl_vat', ours?.incl_vat ?? null, stated.incl)
  }
  return found
}

const choices = {
  missing_power: ['matches', 'fails'],
  hours: ['snap_to_period', 'as_received'],
  step_size_base: ['session_total', 'priced_quantity'],
  clamp_vat: ['apart', 'stated_only', 'ratio'],
  midnight: ['end_of_day', 'literal'],
  periods: ['as_given', 'split_at_boundaries'],
} as const satisfies { [name in keyof RatingPolicy]?: readonly RatingPolicy[name][] }
type Choice = keyof typeof choices
const isChoice = (name: string): name is Choice => Object.hasOwn(choices, name)
const names = Object.keys(choices).filter(isChoice)

/** Every reading that differs from a policy in at most three switches, the fewest first. */
function* otherReadings(policy: RatingPolicy): Generator<Partial<RatingPolicy>> {
  let sets: Partial<RatingPolicy>[] = [{}]
  for (let size = 1; size <= 3; size++) {
    const larger: Partial<RatingPolicy>[] = []
    for (const set of sets) {
      const last = Math.max(
        -1,
        ...Object.keys(set)
          .filter(isChoice)
          .map((name) => names.indexOf(name)),
      )
      for (const name of names.slice(last + 1))
        for (const value of choices[name])
          if (value !== policy[name]) larger.push({ ...set, [name]: value })
    }
    yield* larger
    sets = larger
  }
}

/** The smallest changes of the reading that give the CDR's `total_cost`; empty when none does. */
export function readingsThatGive(
  record: ReadRecord,
  cdr: unknown,
  policy: RatingPolicy,
): Partial<RatingPolicy>[] {
  const found: Partial<RatingPolicy>[] = []
  for (const change of otherReadings(policy)) {
    const size = Object.keys(change).length
    if (found[0] !== undefined && size > Object.keys(found[0]).length) break
    const priced = rate({ ...record, policy: { ...policy, ...change } })
    if (!priced.ok) continue
    const { total_cost } = totalsOf(record.ocpi, cdr, priced.rating)
    if (differencesOf(cdr, { total_cost }).length === 0) found.push(change)
  }
  return found
}

/** The readings one can ask for by name. */
export const readings: Record<string, RatingPolicy> = { ocpi: ocpiPolicy, ...engineReadings }
