/**
 * Plans: what a driver's monthly subscription makes of a public price. A plan's price is again an OCPI tariff, rated by
 * the one price function, so there is no second formula; what it takes off is paid by whoever owns the plan.
 */
import type { Currency, Decimal, Money } from '@chargelane/openapi/vocabulary/money'
import type { Tariff, TariffDimension, TariffElement } from '@chargelane/openapi/vocabulary/tariff'
import type { UsageRecord } from '@chargelane/openapi/vocabulary/usage'
import { deriveTariff } from '../agreement/agreement.ts'
import { compareExact, exact, type Exact, format, leastExact, minus, plus, zero } from '../exact.ts'
import { grossToNet, money, subtract } from '../money.ts'
import {
  dateOfDays,
  daysOfDate,
  daysOfText,
  formatInstant,
  instantsOfLocalMinute,
  localTimeAt,
  microsPerSecond,
  offsetChanges,
  parseInstant,
} from '../rating/clock.ts'
import {
  cutAtBoundaries,
  energyOf,
  ocpiPolicy,
  rate,
  type Rating,
  type RatingPolicy,
  type Totals,
} from '../rating/rating.ts'
import { type TaxParty, type TaxTreatment, treatVat } from '../vat/vat.ts'

export { isTimeZone } from '../rating/clock.ts'

export type Overage =
  /** What everybody pays there, or what the CPO agreed to with the partner. */
  | { kind: 'public' }
  /** Off the component prices, in basis points; a dimension not named keeps its price. */
  | {
      kind: 'discount'
      discount_bps: { [dimension in TariffDimension]?: number | undefined }
    }
  | { kind: 'tariff'; tariff: Tariff }

/** In the API's own words, as stored with a version of a plan. */
export type PlanTerms = {
  /** Per period, kWh; "0" for a plan that only changes the price. */
  included_kwh: Decimal
  /** What costs nothing as long as the allowance lasts; energy always does. */
  included: TariffDimension[]
  overage: Overage
}

/** Quantities of kWh keep as many decimals as a price does. */
const kwhDigits = 18
export const kwhOf = (value: Exact): Decimal => format(value, kwhDigits)

export const sumOfKwh = (parts: readonly Decimal[]): Decimal =>
  kwhOf(parts.reduce((total, part) => plus(total, exact(part)), zero))

const notNegative = (value: Exact): Exact => (compareExact(value, zero) < 0 ? zero : value)

// ── The price ───────────────────────────────────────────────────────────────────────────────────────────────────

/** Canonical tariffs have at most this many elements (vocabulary/tariff). */
const elementsMax = 1_000

function includedElement(base: Tariff, terms: PlanTerms, allowance: Exact): TariffElement {
  const dimensions = [...new Set<TariffDimension>(['ENERGY', ...terms.included])]
  return {
    price_components: dimensions.map((type) => {
      const like = base.elements
        .flatMap(({ price_components }) => price_components)
        .find((component) => component.type === type)
      const vat = like?.vat
      return { type, price: '0', step_size: 1, ...(vat === undefined ? {} : { vat }) }
    }),
    restrictions: { max_kwh: kwhOf(allowance) },
  }
}

function overageTariff(base: Tariff, { overage }: PlanTerms): Tariff | undefined {
  if (overage.kind === 'public') return base
  if (overage.kind === 'discount') return deriveTariff(base, { price: overage })
  return overage.tariff.currency === base.currency ? overage.tariff : undefined
}

/**
 * The tariff of a plan at a place: free of charge up to what is left of the allowance, the overage after it, since the
 * first element that holds counts for each dimension (OCPI 2.2.1 §11.4.4). A floor would ask money for what is
 * included, so it is gone; the ceiling stays. Undefined where the plan has no price in this currency.
 */
export function planTariff(
  base: Tariff,
  terms: PlanTerms,
  allowanceKwh: Decimal,
): Tariff | undefined {
  const overage = overageTariff(base, terms)
  if (overage === undefined) return undefined
  const { min_price: _floor, ...rest } = overage
  const allowance = exact(allowanceKwh)
  const elements =
    compareExact(allowance, zero) > 0
      ? [includedElement(base, terms, allowance), ...overage.elements]
      : overage.elements
  return elements.length > elementsMax ? undefined : { ...rest, elements }
}

export type RetailPrice = {
  /** What the driver pays, never more than the sale. */
  totals: Totals
  /** What the plan's owner pays of the sale: sale gross less `totals.gross`. */
  contribution: Money
  /** Of the allowance, kWh; nothing where the plan did not lower the price. */
  usedKwh: Decimal
  /** Present where the plan gave the price. */
  plan: { tariff: Tariff; rating: Rating } | undefined
}

/** Pays the sale as it is: no plan, or none that lowers it. */
const payAsYouGo = (sale: Totals): RetailPrice => ({
  totals: sale,
  contribution: money(0, sale.gross.currency),
  usedKwh: '0',
  plan: undefined,
})

/** What a driver with a plan pays of a sale. The lower of the two prices counts, and at a tie the allowance is kept. */
export function priceByPlan(input: {
  /** The public price of this usage, or what the CPO agreed to: what the sale is made at. */
  sale: Totals
  base: Tariff
  terms: PlanTerms
  /** What is left of the allowance for this session, kWh. */
  allowanceKwh: Decimal
  usage: UsageRecord
  policy: RatingPolicy
}): RetailPrice {
  const { sale, base, terms, allowanceKwh, usage } = input
  const tariff = planTariff(base, terms, allowanceKwh)
  if (tariff === undefined) return payAsYouGo(sale)
  // An allowance ends inside a charging period.
  const rated = rate({ tariff, usage, policy: cutAtBoundaries(input.policy) })
  if (!rated.ok) return payAsYouGo(sale)
  const { totals } = rated.rating
  // A price below zero pays the driver, which a plan does not do.
  if (totals.gross.amount >= sale.gross.amount || totals.gross.amount < 0) return payAsYouGo(sale)
  const used = leastExact(exact(allowanceKwh), notNegative(exact(energyOf(usage))))
  return {
    totals,
    contribution: subtract(sale.gross, totals.gross),
    usedKwh: kwhOf(used),
    plan: { tariff, rating: rated.rating },
  }
}

// ── The allowance ───────────────────────────────────────────────────────────────────────────────────────────────

/** A session's claim on the allowance: what was promised with its quote, and what it took once it was rated. */
export type AllowanceUse = { id: string; promisedKwh: Decimal; usedKwh: Decimal | null }

const takenBy = ({ promisedKwh, usedKwh }: AllowanceUse): Exact => exact(usedKwh ?? promisedKwh)

/** What is neither promised nor used, kWh; never below zero. */
export function freeKwh(includedKwh: Decimal, uses: readonly AllowanceUse[]): Decimal {
  const taken = uses.reduce((total, use) => plus(total, takenBy(use)), zero)
  return kwhOf(notNegative(minus(exact(includedKwh), taken)))
}

/** A quote's promise: the expected energy, as far as what is free goes. It is kept to the end of the session. */
export const promiseFor = (free: Decimal, expectedKwh: Decimal): Decimal =>
  kwhOf(leastExact(exact(free), exact(expectedKwh)))

/** What one session may use when it is rated: its own promise, and what nobody else holds. First rated, first served. */
export function availableFor(
  includedKwh: Decimal,
  uses: readonly AllowanceUse[],
  id: string,
): Decimal {
  return freeKwh(
    includedKwh,
    uses.filter((use) => use.id !== id),
  )
}

// ── Periods ─────────────────────────────────────────────────────────────────────────────────────────────────────

/** A month of a subscription. Instants in UTC; `to` is out. */
export type SubscriptionPeriod = { index: number; firstDay: string; from: string; to: string }

const microsPerDay = 86_400 * microsPerSecond
const two = (value: number) => String(value).padStart(2, '0')

/** The same day of a later month, or the last one of a shorter month, always counted from the first day. */
function dayOfPeriod(anchor: string, index: number): number {
  const { year, month, day } = dateOfDays(daysOfText(anchor))
  const months = year * 12 + month - 1 + index
  const [y, m] = [Math.floor(months / 12), (months % 12) + 1]
  const next = m === 12 ? daysOfDate(y + 1, 1, 1) : daysOfDate(y, m + 1, 1)
  return Math.min(daysOfDate(y, m, 1) + day - 1, next - 1)
}

/** The first instant of a local date, also where the clocks skip midnight or show it twice. */
function startOfDay(days: number, timeZone: string): number {
  const wall = days * microsPerDay
  const [from, to] = [wall - microsPerDay, wall + microsPerDay]
  const isOfDay = (at: number) => localTimeAt(at, timeZone).days === days
  const starts = [
    ...instantsOfLocalMinute(0, from, to, timeZone),
    ...offsetChanges(from, to, timeZone),
  ].filter(isOfDay)
  return Math.min(...starts)
}

/** The period with a number, 0 first; it begins at local midnight of the anchor's day of the month. */
export function periodNumber(anchor: string, timeZone: string, index: number): SubscriptionPeriod {
  const [first, next] = [dayOfPeriod(anchor, index), dayOfPeriod(anchor, index + 1)]
  const { year, month, day } = dateOfDays(first)
  return {
    index,
    firstDay: `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`,
    from: formatInstant(startOfDay(first, timeZone)),
    to: formatInstant(startOfDay(next, timeZone)),
  }
}

/** The local date of an instant, `YYYY-MM-DD`. */
export function localDateAt(at: string, timeZone: string): string {
  const { year, month, day } = dateOfDays(localTimeAt(parseInstant(at) ?? 0, timeZone).days)
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`
}

/** The period an instant falls into; undefined before the first one. */
export function periodAt(
  anchor: string,
  timeZone: string,
  at: string,
): SubscriptionPeriod | undefined {
  const instant = parseInstant(at)
  if (instant === undefined) return undefined
  const { days } = localTimeAt(instant, timeZone)
  if (days < daysOfText(anchor)) return undefined
  const [today, start] = [dateOfDays(days), dateOfDays(daysOfText(anchor))]
  const months = (today.year - start.year) * 12 + today.month - start.month
  const index = dayOfPeriod(anchor, months) <= days ? months : months - 1
  return periodNumber(anchor, timeZone, index)
}

// ── The access fee ──────────────────────────────────────────────────────────────────────────────────────────────

export type AccessFee = { net: Money; vat: Money; gross: Money; treatment: TaxTreatment }
export type AccessFeeResult =
  | { ok: true; fee: AccessFee }
  | { ok: false; code: 'market_unknown' | 'tax_id_missing'; message: string }

/**
 * The fee of one period with its own VAT: a service of the plan's owner to a consumer, apart from the electricity.
 * `gross` is what the driver was told; the VAT of the day is in it.
 */
export function accessFee(input: {
  gross: Money
  owner: TaxParty
  /** Where the plan is sold. */
  country: string
  /** Tax point: the start of the period. */
  at: string
}): AccessFeeResult {
  const { gross, owner, country, at } = input
  const tax = treatVat({
    fee: 'subscription',
    supplier: owner,
    recipient: { country, vatId: null, vatChecked: false, business: false },
    placeCountry: country,
    at,
  })
  if (!tax.ok) return tax
  const { treatment } = tax
  return { ok: true, fee: { ...grossToNet(gross, treatment.rate), treatment } }
}

// ── Reimbursement ───────────────────────────────────────────────────────────────────────────────────────────────

/** What an employer pays its employees for charging at home or at work; the most closely scoped rate counts. */
export type ReimbursementRate = {
  id: string
  /** Major units per kWh. */
  price: Decimal
  currency: Currency
  country: string
  /** Null does not limit. */
  drivers: string[] | null
  evses: string[] | null
  locations: string[] | null
  effectiveFrom: string
  effectiveTo: string | null
}

const reaches = (scope: string[] | null, id: string) => scope === null || scope.includes(id)

/** Whose rate is closer to a session: one for the driver before one for the charger, before one for its site. */
const closeness = ({ drivers, evses, locations }: ReimbursementRate) =>
  (drivers === null ? 0 : 4) + (evses === null ? 0 : 2) + (locations === null ? 0 : 1)

/** The rate in force at an instant for a driver at a charger; of equally close ones the one that began last. */
export function reimbursementRateFor(
  rates: readonly ReimbursementRate[],
  session: { driverId: string; evseId: string; locationId: string; country: string; at: string },
): ReimbursementRate | undefined {
  const { at } = session
  return rates
    .filter(
      (each) =>
        each.effectiveFrom <= at &&
        (each.effectiveTo === null || at < each.effectiveTo) &&
        each.country === session.country &&
        reaches(each.drivers, session.driverId) &&
        (each.evses === null && each.locations === null
          ? true
          : each.evses?.includes(session.evseId) === true ||
            each.locations?.includes(session.locationId) === true),
    )
    .toSorted(
      (a, b) =>
        closeness(b) - closeness(a) ||
        (a.effectiveFrom < b.effectiveFrom ? 1 : a.effectiveFrom > b.effectiveFrom ? -1 : 0) ||
        (a.id < b.id ? 1 : -1),
    )[0]
}

/** Private money for private electricity: no supply, so no VAT (OCPI 2.3.0 TaxIncluded N/A). */
export function reimbursementTariff(each: ReimbursementRate): Tariff {
  return {
    country_code: each.country,
    party_id: 'RMB',
    id: each.id,
    currency: each.currency,
    elements: [{ price_components: [{ type: 'ENERGY', price: each.price, step_size: 1 }] }],
    tax_included: 'N/A',
    last_updated: each.effectiveFrom,
  }
}

export const reimbursementPolicy: RatingPolicy = {
  ...ocpiPolicy,
  id: 'reimbursement@1',
  rounding: 'gross-total-half-away@1',
  absent_vat_rate: null,
}

/** The version that counts in a period. */
export const versionIn = <V extends { fromPeriod: number }>(
  versions: readonly V[],
  period: number,
): V | undefined => versions.findLast(({ fromPeriod }) => fromPeriod <= period)
