/** Our engine beside two others on one pair: which reading reproduces which engine, and which switch explains a difference. */
import {
  canonicalTariff,
  engineReadings,
  ocpiPolicy,
  rate,
  type RatedLine,
  type Rating,
  type RatingPolicy,
  usageFromCdr,
} from '@chargelane/rules/rating'
import { objectsOf, type Pair, versionOf } from './generate.ts'

export type Amount = { excl_vat: string; incl_vat: string | null } | null

/** What `ocpi-tariffs` says: four decimals, half to even, at the end only. Null where it has no such cost. */
export type FirstEngine = {
  total_cost: Amount
  total_energy_cost: Amount
  total_time_cost: Amount
  total_parking_cost: Amount
  total_fixed_cost: Amount
}

/** What `ocpi-kit` says: each stretch rounded to four decimals, totals to the currency, halves away from zero. */
export type SecondEngine = {
  total_excl: string
  total_incl: string
  dimensions: { dimension: string; reservation: boolean; cost: string; vat: string }[]
}

// ── Decimals of this harness ────────────────────────────────────────────────────────────────────────────────────
// Written apart from money.ts on purpose: a fault there must not hide itself here.

const digits = 24
const unit = 10n ** BigInt(digits)
const fourth = 10n ** BigInt(digits - 4)

function read(text: string): bigint {
  const [whole = '0', fraction = ''] = text.replace('-', '').split('.')
  const value = BigInt(whole) * unit + BigInt(fraction.slice(0, digits).padEnd(digits, '0'))
  return text.startsWith('-') ? -value : value
}

const size = (value: bigint) => (value < 0n ? -value : value)

function rounded(value: bigint, decimals: number, mode: 'half-even' | 'half-away'): bigint {
  const step = 10n ** BigInt(digits - decimals)
  const whole = size(value) / step
  const twice = (size(value) - whole * step) * 2n
  const up = twice > step || (twice === step && (mode === 'half-away' || whole % 2n === 1n))
  const result = (whole + (up ? 1n : 0n)) * step
  return value < 0n ? -result : result
}

// ── Ours ────────────────────────────────────────────────────────────────────────────────────────────────────────

export type Ours = { ok: true; rating: Rating } | { ok: false; code: string; path: string }

export function rateRaw(
  pair: Pick<Pair, 'ocpi' | 'timezone' | 'tariff' | 'cdr'>,
  policy: RatingPolicy,
): Ours {
  const version = versionOf(pair.ocpi)
  const context = { version, country_code: 'NL', party_id: 'TST' }
  const tariff = canonicalTariff(pair.tariff, context)
  if (!tariff.ok) {
    const [problem] = tariff.problems
    return { ok: false, code: `tariff ${problem?.rule ?? ''}`, path: problem?.path ?? '' }
  }
  const usage = usageFromCdr(pair.cdr, pair.timezone, version)
  if (!usage.ok) {
    const [problem] = usage.problems
    return { ok: false, code: `usage ${problem?.rule ?? ''}`, path: problem?.path ?? '' }
  }
  return rate({ tariff: tariff.tariff, usage: usage.usage, policy })
}

const costFields = {
  ENERGY: 'total_energy_cost',
  TIME: 'total_time_cost',
  PARKING_TIME: 'total_parking_cost',
  FLAT: 'total_fixed_cost',
} as const
const priced = ['ENERGY', 'TIME', 'PARKING_TIME', 'FLAT'] as const

/**
 * What ends on half a digit may fall to either side: the others divide seconds by 3,600 to 28 digits, and keep
 * nanoseconds where we keep microseconds.
 */
function isTie(exact: bigint, printed: bigint): boolean {
  const half = fourth / 2n
  return size(size(exact - printed) - half) <= 10n ** BigInt(digits - 8)
}

const isPrinted = (exact: string, printed: string) =>
  rounded(read(exact), 4, 'half-even') === read(printed) || isTie(read(exact), read(printed))

function sameAmount(ours: { net: string; gross: string } | undefined, theirs: Amount): boolean {
  if (ours === undefined || theirs === null) return ours === undefined && theirs === null
  return (
    isPrinted(ours.net, theirs.excl_vat) &&
    (theirs.incl_vat === null || isPrinted(ours.gross, theirs.incl_vat))
  )
}

/** True when the rating gives the first engine's total and every dimension to its last digit. */
export function matchesFirst(ours: Ours, theirs: FirstEngine): boolean {
  if (!ours.ok) return ours.code === 'price_unavailable' && theirs.total_cost === null
  const { exact, dimensions } = ours.rating
  // The first engine has no total where nothing is to be paid.
  const total = theirs.total_cost ?? { excl_vat: '0', incl_vat: null }
  if (!sameAmount(exact, total)) return false
  return priced.every((type) => sameAmount(dimensions[type], theirs[costFields[type]]))
}

const minorDigits: Record<string, number> = { JPY: 0, KWD: 3 }

/** `ties`: how many lines end so near to half of the fourth decimal that an engine of 28 digits may round either way. */
type Sum = { cost: bigint; vat: bigint; ties: bigint }

const four = (value: bigint) => rounded(value, 4, 'half-away')

/** One line as the second engine rounds it: four decimals a stretch, the tax on the rounded net, or taken out of it. */
function roundedLine(
  line: RatedLine,
  included: boolean,
): { cost: bigint; vat: bigint; tie: boolean } {
  const stands = read(included ? line.gross : line.net)
  const tie = isTie(stands, four(stands))
  const percent = read(line.vat_rate ?? '0')
  if (!included) {
    const cost = four(read(line.net))
    return { cost, vat: four((cost * percent) / (100n * unit)), tie }
  }
  const stated = four(read(line.gross))
  const cost = four((stated * 100n * unit) / (100n * unit + percent))
  return { cost, vat: stated - cost, tie }
}

function sumsOf(rating: Rating, included: boolean): Map<string, Sum> {
  const sums = new Map<string, Sum>()
  for (const line of rating.periods.flatMap((period) => period.lines)) {
    const type = line.reservation === true && line.type === 'TIME' ? 'RESERVATION' : line.type
    const sum = sums.get(type) ?? { cost: 0n, vat: 0n, ties: 0n }
    const { cost, vat, tie } = roundedLine(line, included)
    const ties = sum.ties + (tie ? 1n : 0n)
    sums.set(type, { cost: sum.cost + cost, vat: sum.vat + vat, ties })
  }
  return sums
}

const sumOf = (sums: Map<string, Sum>, pick: (sum: Sum) => bigint) =>
  [...sums.values()].reduce((all, sum) => all + pick(sum), 0n)

function sameDimensions(ours: Map<string, Sum>, theirs: SecondEngine): boolean {
  const sums = new Map<string, Sum>()
  for (const { dimension, reservation, cost, vat } of theirs.dimensions) {
    const type = reservation && dimension === 'TIME' ? 'RESERVATION' : dimension
    const sum = sums.get(type) ?? { cost: 0n, vat: 0n, ties: 0n }
    sums.set(type, { ...sum, cost: sum.cost + read(cost), vat: sum.vat + read(vat) })
  }
  // A line the other engine leaves out because its quantity is zero costs nothing on either side.
  return [...new Set([...ours.keys(), ...sums.keys()])].every((type) => {
    const [a, b] = [ours.get(type), sums.get(type)]
    const slack = (a?.ties ?? 0n) * fourth
    return (
      size((a?.cost ?? 0n) - (b?.cost ?? 0n)) <= slack &&
      size((a?.vat ?? 0n) - (b?.vat ?? 0n)) <= slack
    )
  })
}

/** True when the rating gives the second engine's total and every dimension, as finely as that engine rounds. */
export function matchesSecond(ours: Ours, theirs: SecondEngine, tariff: Pair['tariff']): boolean {
  const currency = String(tariff['currency'])
  const included = tariff['tax_included'] === 'YES'
  // The second engine has no word for a session without a price: it prints zero.
  if (!ours.ok)
    return (
      ours.code === 'price_unavailable' &&
      read(theirs.total_excl) === 0n &&
      read(theirs.total_incl) === 0n
    )
  const { rating } = ours
  const sums = sumsOf(rating, included)
  if (!sameDimensions(sums, theirs)) return false
  const decimals = minorDigits[currency] ?? 2
  const minor = 10n ** BigInt(digits - decimals)
  const near = (a: bigint, b: string, slack: bigint) => size(a - read(b)) <= slack
  const ties = sumOf(sums, (sum) => sum.ties) > 0n ? minor : 0n
  const net = rounded(
    sumOf(sums, (sum) => sum.cost),
    decimals,
    'half-away',
  )
  const gross = rounded(
    sumOf(sums, (sum) => sum.cost + sum.vat),
    decimals,
    'half-away',
  )
  const isUnlimited = near(net, theirs.total_excl, ties) && near(gross, theirs.total_incl, ties)
  if (rating.clamp === null) return isUnlimited
  // A limit is laid on the rounded totals there and on the exact ones here: what rounds to the limit never met it
  // there, and the tax ratio stretches the difference of the last digit.
  const kept = read(rating.exact.net)
  if (isUnlimited && rounded(kept, decimals, 'half-away') === net) return true
  const all = sumOf(sums, (sum) => sum.cost)
  const slack = minor / 2n + 20n * fourth * (all > 0n ? kept / all + 1n : 1n)
  return (
    near(kept, theirs.total_excl, slack) && near(read(rating.exact.gross), theirs.total_incl, slack)
  )
}

// ── Explanations ────────────────────────────────────────────────────────────────────────────────────────────────

/** The choices OCPI leaves open, by the field of the policy that fixes each. */
export const switches = [
  'missing_power',
  'hours',
  'step_size_base',
  'clamp_vat',
  'midnight',
] as const
export type Switch = (typeof switches)[number]

const clauses: Record<Switch, string> = {
  missing_power: 'a restriction on a power or current the period does not state',
  hours: 'hours rounded to four decimals',
  step_size_base: 'the quantity step_size rounds up',
  clamp_vat: 'VAT after min_price or max_price',
  midnight: 'an end of 00:00, equal start and end',
}
export const clauseOf = (name: Switch) => clauses[name]

function subsets(count: number): Switch[][] {
  const all: Switch[][] = [[]]
  for (const name of switches) all.push(...all.map((set) => [...set, name]))
  return all.filter((set) => set.length === count)
}

/** The fewest switches that turn one reading's result into the wanted one; undefined when no set of them does. */
export function explain(
  pair: Pick<Pair, 'ocpi' | 'timezone' | 'tariff' | 'cdr'>,
  from: RatingPolicy,
  to: RatingPolicy,
  wanted: (ours: Ours) => boolean,
): Switch[] | undefined {
  for (let count = 0; count <= switches.length; count++) {
    for (const set of subsets(count)) {
      const policy = { ...from, ...Object.fromEntries(set.map((name) => [name, to[name]])) }
      if (wanted(rateRaw(pair, policy))) return set
    }
  }
  return undefined
}

export type Verdict = {
  id: string
  tags: string[]
  first: 'same' | 'differs' | 'not run'
  second: 'same' | 'differs' | 'not run'
  /** Whether the engines give the same total; undefined when only one of them priced the pair. */
  agree: boolean | undefined
  /** What turns the first engine's result into the second's; undefined when they agree or nothing does. */
  explanation: Switch[] | undefined
  /** Where both agree: what the default reading needs to agree as well. Empty is nothing; a difference that both
   * others round away is named by its switch. */
  ours: Switch[] | undefined
}

type Json = Record<string, unknown>
const objectOf = (value: unknown) => objectsOf([value])[0]
const without = (object: Json, ...keys: string[]) =>
  Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)))

/**
 * The pair as the first engine can be asked it. That engine knows 2.1.1 and 2.2.1: a 2.3.0 tariff without tax in its
 * prices says the same in the words of 2.2.1. Undefined where it cannot be said.
 */
export function pairForFirst(pair: Pair): Pair | undefined {
  if (pair.ocpi !== 'v230') return pair
  const included = pair.tariff['tax_included']
  if (included === 'YES') return undefined
  const limit = (name: string) => {
    const stated = objectOf(pair.tariff[name])
    if (stated === undefined) return {}
    const { before_taxes, after_taxes } = stated
    return {
      [name]: {
        excl_vat: before_taxes,
        ...(after_taxes === undefined ? {} : { incl_vat: after_taxes }),
      },
    }
  }
  const elements = objectsOf(pair.tariff['elements']).map((element) => ({
    ...element,
    price_components: objectsOf(element['price_components']).map((each) =>
      included === 'N/A' ? without(each, 'vat') : each,
    ),
  }))
  const tariff = {
    ...without(pair.tariff, 'tax_included'),
    elements,
    ...limit('min_price'),
    ...limit('max_price'),
  }
  return { ...pair, ocpi: 'v221', tariff, cdr: { ...pair.cdr, total_cost: { excl_vat: 0 } } }
}

/** The pair without its reservation, which the first engine leaves unpriced. */
function withoutReservation(pair: Pair): Pair {
  const elements = objectsOf(pair.tariff['elements']).filter(
    ({ restrictions }) => objectOf(restrictions)?.['reservation'] === undefined,
  )
  const charging_periods = objectsOf(pair.cdr['charging_periods']).map((period) => ({
    ...period,
    dimensions: objectsOf(period['dimensions']).filter(({ type }) => type !== 'RESERVATION_TIME'),
  }))
  return { ...pair, tariff: { ...pair.tariff, elements }, cdr: { ...pair.cdr, charging_periods } }
}

/** What the two engines and ours say of a pair, and which switch explains a difference. */
export function compare(
  pair: Pair,
  first: FirstEngine | undefined,
  second: SecondEngine | undefined,
): Verdict {
  const [a, b] = [engineReadings['ocpi-tariffs'], engineReadings['ocpi-kit']]
  const isReserved = pair.tags.includes('reservation')
  const asked = isReserved ? withoutReservation(pair) : pair
  const asFirst = rateRaw(asked, a)
  const isFirst = (ours: Ours) => first !== undefined && matchesFirst(ours, first)
  const isSecond = (ours: Ours) => second !== undefined && matchesSecond(ours, second, pair.tariff)
  const isBoth = first !== undefined && second !== undefined && !isReserved
  const agree = isBoth ? isSecond(asFirst) && isFirst(asFirst) : undefined
  return {
    id: pair.id,
    tags: pair.tags,
    first: first === undefined ? 'not run' : isFirst(asFirst) ? 'same' : 'differs',
    second: second === undefined ? 'not run' : isSecond(rateRaw(pair, b)) ? 'same' : 'differs',
    agree,
    explanation: agree === false ? explain(pair, a, b, isSecond) : undefined,
    ours: agree === true ? explain(pair, ocpiPolicy, a, isFirst) : undefined,
  }
}
