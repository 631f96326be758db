/** What a CPO grants one partner below its public price: as terms, and as the tariff they make of the public one. */
import { inWords } from '../money.ts'
import type { Decimal } from '@chargelane/openapi/vocabulary/money'
import type {
  DayOfWeek,
  Tariff,
  TariffDimension,
  TariffElement,
  TariffRestrictions,
} from '@chargelane/openapi/vocabulary/tariff'
import type { MarketProfile } from '../markets/profile.ts'
import { ratingPolicyOf } from '../markets/markets.ts'
import { compareExact, exact, exactOf, format, times, zero } from '../exact.ts'
import { expectedSession } from '../quote/expected.ts'
import { microsPerSecond, minuteOf, parseInstant } from '../rating/clock.ts'
import { cutAtBoundaries, rate, type Rating } from '../rating/rating.ts'
import { taxFaults } from '../tariff/tax.ts'

/** Part of a local day, never over midnight: the end is out, an absent end is the end of the day. */
export type RateWindow = {
  start_time?: string | undefined
  end_time?: string | undefined
  day_of_week?: DayOfWeek[] | undefined
}

/** In the API's own words, as stored. Absent fields do not limit. */
export type RateTerms = {
  price:
    | {
        kind: 'discount'
        /** Off the public component prices, in basis points; a dimension not named keeps its price. */
        discount_bps: { [dimension in TariffDimension]?: number | undefined }
      }
    | { kind: 'tariff'; tariff: Tariff }
  connector?:
    | {
        current?: 'AC' | 'DC' | undefined
        min_power_kw?: Decimal | undefined
        max_power_kw?: Decimal | undefined
      }
    | undefined
  times?: RateWindow[] | undefined
}

export type RateAgreement = {
  id: string
  version: number
  justification: string | null
  terms: RateTerms
}

export type ConnectorFacts = { powerKw: Decimal; current: 'AC' | 'DC' }

/** Whether a connector is of the agreed class; both powers belong to it. */
export function coversConnector(terms: RateTerms, connector: ConnectorFacts): boolean {
  const { current, min_power_kw: least, max_power_kw: most } = terms.connector ?? {}
  const power = exact(connector.powerKw)
  return (
    (current === undefined || current === connector.current) &&
    (least === undefined || compareExact(power, exact(least)) >= 0) &&
    (most === undefined || compareExact(power, exact(most)) <= 0)
  )
}

// ── The derived tariff ──────────────────────────────────────────────────────────────────────────────────────────

/** A tariff beyond this many elements is no canonical tariff (vocabulary/tariff). */
const elementsMax = 1_000
const priceDigits = 18

/** `price × (1 − bps / 10000)`, exact to the eighteen decimals a price may have. A price that pays the driver stays. */
function discounted(price: Decimal, bps: number): Decimal {
  const value = exact(price)
  if (compareExact(value, zero) <= 0) return price
  return format(times(value, exactOf(10_000 - bps, 4)), priceDigits)
}

function discountElement(
  element: TariffElement,
  bps: (RateTerms['price'] & { kind: 'discount' })['discount_bps'],
): TariffElement {
  return {
    ...element,
    price_components: element.price_components.map((component) => ({
      ...component,
      price: discounted(component.price, bps[component.type] ?? 0),
    })),
  }
}

type Span = { from: number; to: number }
const dayEnd = 1_440
const timeOf = (minute: number) =>
  `${String(Math.trunc(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`

/** The minutes of the day a restriction leaves; none where OCPI's text allows two readings, so the public price stays. */
function spansOf({ start_time, end_time }: TariffRestrictions): Span[] {
  const from = start_time === undefined ? 0 : minuteOf(start_time)
  const to = end_time === undefined ? dayEnd : minuteOf(end_time)
  if (start_time === undefined && end_time === undefined) return [{ from: 0, to: dayEnd }]
  if (from === to || (start_time === undefined && to === 0)) return []
  if (from < to) return [{ from, to }]
  return to === 0
    ? [{ from, to: dayEnd }]
    : [
        { from, to: dayEnd },
        { from: 0, to },
      ]
}

function daysOf(own: readonly DayOfWeek[] | undefined, window: readonly DayOfWeek[] | undefined) {
  const all = own === undefined || own.length === 0
  if (window === undefined || window.length === 0) return all ? undefined : [...own]
  return all ? [...window] : own.filter((day) => window.includes(day))
}

/** The restrictions under which both an element and a window hold. */
function within(restrictions: TariffRestrictions, window: RateWindow): TariffRestrictions[] {
  const { start_time, end_time, day_of_week, ...rest } = restrictions
  const days = daysOf(day_of_week, window.day_of_week)
  if (days?.length === 0) return []
  const least = window.start_time === undefined ? 0 : minuteOf(window.start_time)
  const most = window.end_time === undefined ? dayEnd : minuteOf(window.end_time)
  return spansOf({
    ...(start_time === undefined ? {} : { start_time }),
    ...(end_time === undefined ? {} : { end_time }),
  }).flatMap((span) => {
    const [from, to] = [Math.max(span.from, least), Math.min(span.to, most)]
    if (from >= to) return []
    return [
      {
        ...rest,
        ...(from === 0 ? {} : { start_time: timeOf(from) }),
        ...(to === dayEnd ? {} : { end_time: timeOf(to) }),
        ...(days === undefined ? {} : { day_of_week: days }),
      },
    ]
  })
}

const isWholeWeek = (window: RateWindow) =>
  window.start_time === undefined &&
  window.end_time === undefined &&
  (window.day_of_week?.length ?? 0) === 0

/**
 * The agreed tariff: the public one with its component prices lowered, or the CPO's own for this partner. At agreed
 * times only, each element is preceded by its cheaper copy, since the first element that holds is the one that counts
 * (OCPI 2.2.1 §11.4.4). Floor and ceiling of the session stay. Undefined when the result would be no tariff any more.
 */
export function deriveTariff(publicTariff: Tariff, terms: RateTerms): Tariff | undefined {
  if (terms.price.kind === 'tariff') return terms.price.tariff
  const { discount_bps: bps } = terms.price
  const windows = terms.times ?? []
  if (windows.length === 0 || windows.some(isWholeWeek))
    return {
      ...publicTariff,
      elements: publicTariff.elements.map((element) => discountElement(element, bps)),
    }
  const elements = publicTariff.elements.flatMap((element) => [
    ...windows
      .flatMap((window) => within(element.restrictions ?? {}, window))
      .map((restrictions) => ({ ...discountElement(element, bps), restrictions })),
    element,
  ])
  return elements.length > elementsMax ? undefined : { ...publicTariff, elements }
}

/** Never above public: of two ratings of one session the driver pays the lower; the public one when they are equal. */
export function lowerRating(publicRating: Rating, agreed: Rating): Rating {
  return agreed.totals.gross.amount < publicRating.totals.gross.amount ? agreed : publicRating
}

// ── Activation ──────────────────────────────────────────────────────────────────────────────────────────────────

/** A public price the agreement would stand beside, with the place it is asked at. */
export type PublicPrice = {
  tariff: Tariff
  profile: MarketProfile
  timeZone: string
  connector: ConnectorFacts
}

export type RateProblem = {
  code:
    | 'justification_required'
    | 'currency_differs'
    | 'vat_contradicted'
    | 'above_public'
    | 'no_public_price'
  param: string
  message: string
}

const hour = 3_600
/** Of the market's typical energy, in percent; hours of the day a session may begin; idle seconds after it. */
const standardEnergies = [25, 100, 200]
const standardStartsH = [0, 3, 6, 9, 12, 15, 18, 21]
const standardIdles = [0, 2 * hour]
/** Days from the given instant: prices differ between the days of a week. */
const standardDays = [0, 1, 2, 3, 4, 5, 6]

/** Sessions on which two tariffs are compared: small and large, at every third hour of a week, with and without idling. */
export function* standardSessions(price: Omit<PublicPrice, 'tariff'>, at: string) {
  const start = parseInstant(at) ?? 0
  const { profile, timeZone, connector } = price
  const typical = exact(profile.expected[connector.current].energyKwh)
  for (const day of standardDays)
    for (const startH of standardStartsH)
      for (const percent of standardEnergies)
        for (const idleS of standardIdles)
          yield expectedSession({
            startMicros: start + (day * 24 + startH) * hour * microsPerSecond,
            timeZone,
            ...connector,
            profile,
            energyKwh: format(times(typical, exactOf(percent, 2))),
            idleS,
          }).usage
}

/** The first standard session that would cost more than at the public price; undefined when there is none. */
function firstAbovePublic(price: PublicPrice, agreed: Tariff, at: string): string | undefined {
  const policy = ratingPolicyOf(price.profile, at)
  if (policy === undefined) return undefined
  for (const usage of standardSessions(price, at)) {
    const split = cutAtBoundaries(policy)
    const open = rate({ tariff: price.tariff, usage, policy: split })
    if (!open.ok) continue
    const mine = rate({ tariff: agreed, usage, policy: split })
    if (!mine.ok) return `${usage.started_at}: the agreed tariff has no price (${mine.message})`
    const [left, right] = [mine.rating.totals.gross, open.rating.totals.gross]
    if (left.amount > right.amount)
      return `${usage.started_at} to ${usage.ended_at}: ${inWords(left)} instead of ${inWords(right)}`
  }
  return undefined
}

/**
 * What stands against activating an agreement: a market that asks for a recorded reason (AFIR Art. 5), or a public
 * price in its scope that it would exceed. Component prices with a discount are below public by construction, so
 * only a tariff of its own is tried on sessions; what tomorrow's public price brings is decided per session.
 */
export function problemsOfActivation(input: {
  terms: RateTerms
  justification: string | null
  prices: readonly PublicPrice[]
  at: string
}): RateProblem[] {
  const { terms, at } = input
  const prices = input.prices.filter(({ connector }) => coversConnector(terms, connector))
  if (prices.length === 0)
    return [
      {
        code: 'no_public_price',
        param: 'scope',
        message: 'no connector in scope has a public price to stand beside',
      },
    ]
  const problems: RateProblem[] = []
  const asks = prices.find(({ profile }) => profile.equalTreatment.rateJustificationRequired)
  if (asks !== undefined && (input.justification ?? '').trim() === '')
    problems.push({
      code: 'justification_required',
      param: 'justification',
      message: `${asks.profile.id} asks for a recorded reason (${asks.profile.equalTreatment.ref})`,
    })
  if (terms.price.kind === 'discount') return problems
  const { tariff } = terms.price
  const seen = new Set<string>()
  for (const price of prices) {
    if (price.tariff.currency !== tariff.currency) {
      problems.push({
        code: 'currency_differs',
        param: 'price.tariff.currency',
        message: `the agreed tariff is in ${tariff.currency}, tariff ${price.tariff.id} in ${price.tariff.currency}`,
      })
      break
    }
    const [fault] = taxFaults(tariff, price.profile, at)
    if (fault !== undefined) {
      const { path, message } = fault
      problems.push({ code: 'vat_contradicted', param: `price.tariff.${path}`, message })
      break
    }
    const found = seen.has(placeOf(price)) ? undefined : firstAbovePublic(price, tariff, at)
    seen.add(placeOf(price))
    if (found === undefined) continue
    problems.push({
      code: 'above_public',
      param: 'price.tariff',
      message: `dearer than public tariff ${price.tariff.id}, ${found}`,
    })
    break
  }
  return problems
}

const placeOf = ({ tariff, profile, timeZone, connector }: PublicPrice) =>
  [tariff.id, profile.id, timeZone, connector.powerKw, connector.current].join(' ')
