/** From an operator's tariff of OCPI 2.1.1, 2.2.1 or 2.3.0 to the canonical one, or to the list of what is wrong. */
import type { Decimal } from '@chargelane/openapi/vocabulary/money'
import { type Tariff, zTariff } from '@chargelane/openapi/vocabulary/tariff'
import { isKnownCurrency } from '../money.ts'
import { formatInstant, parseInstant } from './clock.ts'

export type Problem = { path: string; rule: string; message: string }

export type OcpiVersion = '2.1.1' | '2.2.1' | '2.3.0'

/** What the channel knows and the object does not say. */
export type TariffContext = {
  version?: OcpiVersion
  /** The party of the channel: an OCPI 2.1.1 tariff has none of its own. */
  country_code?: string
  party_id?: string
}

type Json = Record<string, unknown>

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** OCPI peers send null for "not given". */
function present(object: Json, key: string): unknown {
  return object[key] ?? undefined
}

/** The members that are given: the canonical form has no undefined, as RFC 8785 has no word for it. */
function given(object: Json): Json {
  const kept: Json = {}
  for (const key in object) if (object[key] !== undefined) kept[key] = object[key]
  return kept
}

/** What nearly every number prints as: already canonical. */
const plainPrinted = /^-?[1-9]?\d{0,11}(?:\.\d{1,15})?$/
const plainNumber = /^(-?)0*(\d+)(?:\.(?=\d)(\d*?)0*)?$/
const exponentNumber = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/

/**
 * Exact decimal text of a number in JSON. The shortest text that reads back as the same double is what the peer
 * wrote, so no binary fraction leaks in; text with an exponent is refused, a number printed with one is written out.
 */
export function decimalText(value: unknown): Decimal | undefined {
  if (typeof value !== 'number' && typeof value !== 'string') return undefined
  let text = String(value)
  if (typeof value === 'number' && plainPrinted.test(text)) return text
  const scientific = typeof value === 'number' ? exponentNumber.exec(text) : null
  if (scientific !== null) {
    const digits = `${scientific[2] ?? ''}${scientific[3] ?? ''}`
    const point = 1 + Number(scientific[4])
    if (point > 40 || point < -40) return undefined
    text =
      (scientific[1] ?? '') +
      (point <= 0
        ? `0.${'0'.repeat(-point)}${digits}`
        : `${digits.slice(0, point).padEnd(point, '0')}.${digits.slice(point)}`)
  }
  const match = plainNumber.exec(text)
  if (match === null) return undefined
  const fraction = match[3] ?? ''
  const whole = match[2] ?? '0'
  if (whole.length > 15 || fraction.length > 18) return undefined
  const magnitude = fraction === '' ? whole : `${whole}.${fraction}`
  return match[1] === '-' && magnitude !== '0' ? `-${magnitude}` : magnitude
}

class Reader {
  readonly problems: Problem[] = []

  refuse(path: string, rule: string, message: string): undefined {
    this.problems.push({ path, rule, message })
    return undefined
  }

  decimal(object: Json, key: string, path: string): Decimal | undefined {
    const value = present(object, key)
    if (value === undefined) return undefined
    return (
      decimalText(value) ??
      this.refuse(
        `${path}${key}`,
        'number',
        'must be a finite number of at most 15 integer and 18 fraction digits',
      )
    )
  }

  instant(object: Json, key: string, path: string): string | undefined {
    const value = present(object, key)
    if (value === undefined) return undefined
    const instant = typeof value === 'string' ? parseInstant(value) : undefined
    return instant === undefined
      ? this.refuse(`${path}${key}`, 'date_time', 'must be an RFC 3339 date and time')
      : formatInstant(instant)
  }

  list(object: Json, key: string, path: string): unknown[] {
    const value = present(object, key)
    if (Array.isArray(value)) return value
    this.refuse(`${path}${key}`, 'list', 'must be a list')
    return []
  }
}

function readComponent(reader: Reader, raw: unknown, path: string): Json {
  if (!isObject(raw)) return { invalid: reader.refuse(path, 'object', 'must be an object') }
  return given({
    type: present(raw, 'type'),
    price: reader.decimal(raw, 'price', path),
    vat: reader.decimal(raw, 'vat', path),
    step_size: present(raw, 'step_size'),
  })
}

const decimalLimits = [
  'min_kwh',
  'max_kwh',
  'min_current',
  'max_current',
  'min_power',
  'max_power',
] as const
const plainLimits = [
  'start_time',
  'start_date',
  'end_date',
  'min_duration',
  'max_duration',
  'reservation',
] as const

const knownLimits = new Set<string>([...decimalLimits, ...plainLimits, 'end_time', 'day_of_week'])

function readRestrictions(reader: Reader, raw: unknown, path: string): Json | undefined {
  if (raw === undefined || raw === null) return undefined
  if (!isObject(raw)) return reader.refuse(path, 'object', 'must be an object')
  // A condition we cannot check might be the one that matters: the price is refused, not applied always.
  for (const key of Object.keys(raw))
    if (!knownLimits.has(key) && present(raw, key) !== undefined)
      reader.refuse(`${path}${key}`, 'restriction_unsupported', 'is no restriction of OCPI tariffs')
  const read: Json = {}
  for (const key of plainLimits) read[key] = present(raw, key)
  for (const key of decimalLimits) read[key] = reader.decimal(raw, key, path)
  const end = present(raw, 'end_time')
  read['end_time'] = end === '24:00' ? '00:00' : end
  const days = present(raw, 'day_of_week')
  read['day_of_week'] = Array.isArray(days) && days.length === 0 ? undefined : days
  const limits = given(read)
  return Object.keys(limits).length === 0 ? undefined : limits
}

function readLimit(reader: Reader, raw: Json, key: string): Json | undefined {
  const value = present(raw, key)
  if (value === undefined) return undefined
  // OCPI 2.1.1 had a bare number here and peers still send it: it is the amount without VAT.
  if (!isObject(value)) return { excl_vat: reader.decimal(raw, key, '') }
  const path = `${key}.`
  // OCPI 2.3.0 §11.4.3 calls the same two amounts before_taxes and after_taxes.
  const either = (name: string, later: string) =>
    reader.decimal(value, present(value, name) === undefined ? later : name, path)
  return given({
    excl_vat: either('excl_vat', 'before_taxes'),
    incl_vat: either('incl_vat', 'after_taxes'),
  })
}

/** OCPI 2.3.0 §11.3.1 requires the field; earlier versions have none and state prices without VAT. */
function readTaxIncluded(reader: Reader, raw: Json, version: OcpiVersion | undefined): unknown {
  const value = present(raw, 'tax_included')
  if (value === 'NO') return undefined
  if (value === undefined && version === '2.3.0')
    return reader.refuse('tax_included', 'missing', 'must say whether the prices include tax')
  return value
}

function readElements(reader: Reader, raw: Json): Json[] {
  return reader.list(raw, 'elements', '').map((element, index) => {
    const path = `elements[${index}].`
    if (!isObject(element)) return { invalid: reader.refuse(path, 'object', 'must be an object') }
    return given({
      price_components: reader
        .list(element, 'price_components', path)
        .map((component, at) =>
          readComponent(reader, component, `${path}price_components[${at}].`),
        ),
      restrictions: readRestrictions(reader, element['restrictions'], `${path}restrictions.`),
    })
  })
}

const upper = (value: unknown) => (typeof value === 'string' ? value.toUpperCase() : value)

function readText(raw: Json): unknown {
  const text = present(raw, 'tariff_alt_text')
  if (!Array.isArray(text) || text.length === 0) return undefined
  return text.map((entry: unknown) =>
    isObject(entry) ? given({ language: entry['language'], text: entry['text'] }) : entry,
  )
}

/** What the shape alone cannot say. A price that cannot be applied is refused, never read as zero. */
function checkMeaning(tariff: Tariff): Problem[] {
  const problems: Problem[] = []
  const check = (holds: boolean, path: string, rule: string, message: string) => {
    if (!holds) problems.push({ path, rule, message })
  }
  check(
    isKnownCurrency(tariff.currency),
    'currency',
    'currency_unknown',
    `${tariff.currency} is no ISO 4217 currency`,
  )
  for (const [index, element] of tariff.elements.entries()) {
    for (const [at, component] of element.price_components.entries()) {
      const path = `elements[${index}].price_components[${at}].`
      check(
        !component.price.startsWith('-'),
        `${path}price`,
        'price_negative',
        'must not be negative',
      )
      // Plain decimals with at most fifteen integer digits compare as numbers up to 100 and a little more.
      check(
        !(component.vat?.startsWith('-') ?? false) && Number(component.vat ?? 0) <= 100,
        `${path}vat`,
        'vat_range',
        'must be a percentage from 0 to 100',
      )
    }
  }
  for (const key of ['min_price', 'max_price'] as const) {
    for (const part of ['excl_vat', 'incl_vat'] as const) {
      const amount = tariff[key]?.[part]
      check(
        amount === undefined || !amount.startsWith('-'),
        `${key}.${part}`,
        'price_negative',
        'must not be negative',
      )
    }
  }
  const { start_date_time: from, end_date_time: to } = tariff
  check(
    (parseInstant(from ?? '') ?? 0) < (parseInstant(to ?? '') ?? Number.MAX_SAFE_INTEGER),
    'end_date_time',
    'validity_empty',
    'must be after start_date_time',
  )
  return problems
}

function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((key, at) =>
      typeof key === 'number' ? `[${key}]` : `${at === 0 ? '' : '.'}${String(key)}`,
    )
    .join('')
}

const elementKeys = new Set(['price_components', 'restrictions'])
const componentKeys = new Set(['type', 'price', 'vat', 'step_size'])

/**
 * Members of elements and price components that OCPI does not know. They are not read; their author may have meant a
 * condition (`restriction` for `restrictions`), so the operator hears of each.
 */
export function unknownFields(raw: unknown): Problem[] {
  const elements = isObject(raw) && Array.isArray(raw['elements']) ? raw['elements'] : []
  const unknown = (object: unknown, known: ReadonlySet<string>, path: string): Problem[] =>
    isObject(object)
      ? Object.keys(object)
          .filter((key) => !known.has(key) && present(object, key) !== undefined)
          .map((key) => ({
            path: `${path}.${key}`.slice(0, 300),
            rule: 'unknown_field',
            message: 'OCPI knows no such field here; it is not read.',
          }))
      : []
  return elements.flatMap((element: unknown, index): Problem[] => {
    const path = `elements[${index}]`
    const components =
      isObject(element) && Array.isArray(element['price_components'])
        ? element['price_components']
        : []
    return [
      ...unknown(element, elementKeys, path),
      ...components.flatMap((component: unknown, at) =>
        unknown(component, componentKeys, `${path}.price_components[${at}]`),
      ),
    ]
  })
}

/**
 * The canonical form of a parsed OCPI tariff. Numbers become exact decimal text, times UTC, unknown members go; a
 * canonical tariff maps to itself. Problems name the field in the operator's own spelling.
 */
export function canonicalTariff(
  raw: unknown,
  context: TariffContext = {},
): { ok: true; tariff: Tariff } | { ok: false; problems: Problem[] } {
  if (!isObject(raw))
    return {
      ok: false,
      problems: [{ path: '', rule: 'object', message: 'a tariff must be an object' }],
    }
  const reader = new Reader()
  const candidate = given({
    country_code: upper(present(raw, 'country_code') ?? context.country_code),
    party_id: upper(present(raw, 'party_id') ?? context.party_id),
    id: present(raw, 'id'),
    currency: upper(present(raw, 'currency')),
    type: present(raw, 'type'),
    tariff_alt_text: readText(raw),
    tariff_alt_url: present(raw, 'tariff_alt_url'),
    min_price: readLimit(reader, raw, 'min_price'),
    max_price: readLimit(reader, raw, 'max_price'),
    elements: readElements(reader, raw),
    tax_included: readTaxIncluded(reader, raw, context.version),
    preauthorize_amount: reader.decimal(raw, 'preauthorize_amount', ''),
    start_date_time: reader.instant(raw, 'start_date_time', ''),
    end_date_time: reader.instant(raw, 'end_date_time', ''),
    last_updated: reader.instant(raw, 'last_updated', ''),
  })
  const parsed = zTariff.safeParse(candidate)
  if (!parsed.success) {
    const named = new Set(reader.problems.map((problem) => problem.path))
    for (const issue of parsed.error.issues) {
      const path = pathText(issue.path)
      if (!named.has(path)) reader.problems.push({ path, rule: issue.code, message: issue.message })
    }
    return { ok: false, problems: reader.problems }
  }
  const problems = [...reader.problems, ...checkMeaning(parsed.data)]
  return problems.length === 0 ? { ok: true, tariff: parsed.data } : { ok: false, problems }
}
