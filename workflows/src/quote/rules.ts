/** The binding price a driver is shown: the operator's public tariff, locked by hash, with nothing added. */
import type { Currency, Decimal, Money } from '@chargelane/openapi/vocabulary/money'
import type { PriceLimit, Tariff, TariffDimension } from '@chargelane/openapi/vocabulary/tariff'
import type { UsagePeriod, UsageRecord } from '@chargelane/openapi/vocabulary/usage'
import { canonicalText } from '../canonical.ts'
import type { MarketProfile, SupplyModel } from '../markets/profile.ts'
import { profileRef, ratingPolicyOf } from '../markets/rules.ts'
import {
  compareExact,
  exact,
  exactOf,
  format,
  money,
  ratioOf,
  shareOf,
  taxFactor,
  times,
  zero,
} from '../money.ts'
import { formatInstant, isTimeZone, microsPerSecond, parseInstant } from '../rating/clock.ts'
import { engineVersion, rate, type Rating, type RatingPolicy } from '../rating/rules.ts'
import { closingLine, componentLine, languages, limitLine, type PriceUnit } from './display.ts'

export type Sha256 = (text: string) => string

export type QuoteInput = {
  now: string
  evse: { id: string; timeZone: string; powerKw: Decimal; current: 'AC' | 'DC' }
  /** Our immutable version id, `trf_…@7`, beside its canonical content. */
  tariffVersion: string
  tariff: Tariff | undefined
  profile: MarketProfile | undefined
  seller: { name: string; vat_id: string | null }
  supplyModel?: SupplyModel
  /** What the partner expects; the market's typical session where it does not say. */
  expected?: { energyKwh?: Decimal; durationS?: number }
  sha256: Sha256
}

export type QuoteComponent = {
  type: TariffDimension
  /** As the driver is shown it, including VAT; times per minute (AFIR Art. 5(4)), at most six decimals. */
  unit_price: { value: Decimal; currency: Currency; per: PriceUnit; tax: 'inclusive' | 'exclusive' }
  /** The tariff's own price without VAT, times per hour: what is applied. */
  net_unit_price: Decimal
  vat_rate: Decimal | null
  step_size: number
  conditions: Record<string, string | number | string[]> | null
  display: Record<string, string>
}

/**
 * What a price rests on. `rate_agreement`: the CPO agreed to less and is paid less. `partner_discount`: the sale is at
 * the public price, and the partner's own share of it goes to the driver instead of to the partner.
 */
export type PriceBasis = 'public' | 'rate_agreement' | 'partner_discount'

/** The agreed tariff, derived from the locked public one. A session pays the lower of both ratings, never more. */
export type AgreedPrice = {
  id: string
  version: number
  tariff: Tariff
  /** `sha256:<hex>` of the RFC 8785 form of `tariff`. */
  tariff_hash: string
}

/**
 * The driver's card is captured for the public gross less the partner's share under this policy, as locked here; the
 * partner is paid nothing, everybody else the same.
 */
export type PartnerDiscount = {
  funded_by: 'partner'
  policy: { id: string; commission_bps: number; partner_share_bps: number }
}

export type ComparablePrice = {
  value: Decimal
  currency: Currency
  per: 'kWh'
  tax: 'inclusive'
  /** As the market writes it, e.g. `EUR/kWh`, `p/kWh`. */
  text: Record<string, string>
}

/** The body of a quote in the API's own words; the id, the account and the signature are added where it is stored. */
export type QuoteBody = {
  created_at: string
  expires_at: string
  guaranteed_until: 'session_end'
  evse: string
  tariff: string
  tariff_hash: string
  currency: Currency
  components: QuoteComponent[]
  public_price_total: Money
  applied_price_total: Money
  basis: PriceBasis
  /** Why this partner pays less than the public; null at the public price. Absent in quotes older than agreements. */
  justification?: string | null
  /** Basis `rate_agreement` only. */
  agreement?: AgreedPrice
  /** Basis `partner_discount` only. */
  discount?: PartnerDiscount
  /** The estimate's price per kWh, all fees and tax included, as the market compares prices. */
  comparable_unit_price?: ComparablePrice
  est: { energy_wh: number; duration_s: number; total: Money }
  hold_amount: Money
  tax_lines: { rate: Decimal | null; net: Money; vat: Money }[]
  seller: { name: string; vat_id: string | null }
  supply_model: SupplyModel
  market_profile: string
  rating_policy: RatingPolicy
  engine_version: string
  /** Empty by law of the product: no platform or roaming fee is ever added to the driver's price. */
  fees_to_driver: []
  display_text: Record<string, string>
}

export type QuoteRefusal = {
  ok: false
  code: 'price_unavailable' | 'unsupported_currency' | 'validation_error'
  path: string
  message: string
}

export type QuoteResult = { ok: true; quote: QuoteBody } | QuoteRefusal

/** `sha256:<hex>` of the RFC 8785 form: the lock of a quote, a proof and a tariff version alike. */
export function hashTariff(tariff: Tariff, sha256: Sha256): string {
  return `sha256:${sha256(canonicalText(tariff))}`
}

const refuse = (code: QuoteRefusal['code'], path: string, message: string): QuoteRefusal => ({
  ok: false,
  code,
  path,
  message,
})

// ── Estimate ────────────────────────────────────────────────────────────────────────────────────────────────────

type Estimate = { usage: UsageRecord; energyKwh: Decimal; durationS: number }

/** The session to expect: even power up to what the EVSE gives, then plugged in without charging until the end. */
function estimate(input: QuoteInput, profile: MarketProfile, now: number): Estimate {
  const typical = profile.expected[input.evse.current]
  const energyKwh = input.expected?.energyKwh ?? typical.energyKwh
  const most = exact(input.evse.powerKw)
  const typicalPower = exact(typical.powerKw)
  const power = compareExact(most, typicalPower) < 0 ? most : typicalPower
  const needed = ratioOf(exact(energyKwh), exactOf(3_600), power, 0)
  const charging = Math.max(1, Number(needed.n / 9n))
  const durationS = input.expected?.durationS ?? charging
  const chargingS = Math.min(charging, durationS)
  const at = (seconds: number) => formatInstant(now + seconds * microsPerSecond)
  const kw = format(power, 18)
  const periods: UsagePeriod[] = [
    {
      start: at(0),
      end: at(chargingS),
      charging: true,
      energy_kwh: energyKwh,
      min_power_kw: kw,
      max_power_kw: kw,
    },
  ]
  if (durationS > chargingS)
    periods.push({ start: at(chargingS), end: at(durationS), charging: false })
  const usage = {
    started_at: at(0),
    ended_at: at(durationS),
    time_zone: input.evse.timeZone,
    periods,
  }
  return { usage, energyKwh, durationS }
}

/** Estimate with the market's margin, in whole steps between floor and cap; never a figure of its own making. */
export function holdFor(total: Money, hold: MarketProfile['hold']): Money {
  const margin = shareOf(total, hold.factorPercent * 100)
  const steps = Math.ceil(margin.amount / hold.stepMinor) * hold.stepMinor
  return money(Math.min(hold.capMinor, Math.max(hold.floorMinor, steps)), total.currency)
}

// ── Components ──────────────────────────────────────────────────────────────────────────────────────────────────

const displayUnits: Record<TariffDimension, PriceUnit> = {
  ENERGY: 'kWh',
  TIME: 'min',
  PARKING_TIME: 'min',
  FLAT: 'session',
}

/** Digits of a shown unit price in the contract, and in a line of text. */
const priceDigits = 6
const textDigits = 4

function componentsOf(tariff: Tariff, policy: RatingPolicy, order: readonly TariffDimension[]) {
  const components: QuoteComponent[] = []
  for (const { price_components, restrictions } of tariff.elements) {
    // A reservation is not part of this offer (OCPI 2.2.1 §11.4.6).
    if (restrictions?.reservation !== undefined) continue
    for (const component of price_components) {
      const vatRate = component.vat ?? policy.absent_vat_rate
      const per = displayUnits[component.type]
      const gross = times(
        exact(component.price),
        vatRate === null ? exactOf(1) : taxFactor(vatRate),
      )
      const shown = ratioOf(gross, exactOf(1), exactOf(per === 'min' ? 60 : 1), priceDigits)
      const price = { currency: tariff.currency, per }
      const line = { ...price, value: format(shown, textDigits) }
      components.push({
        type: component.type,
        unit_price: { value: format(shown, priceDigits), ...price, tax: 'inclusive' },
        net_unit_price: component.price,
        vat_rate: vatRate,
        step_size: component.step_size,
        conditions: restrictions === undefined ? null : conditionsOf(restrictions),
        display: Object.fromEntries(
          languages.map((language) => [
            language,
            componentLine(component, restrictions, line, language),
          ]),
        ),
      })
    }
  }
  // The sort is stable, so the order of elements, which decides which price counts, is kept within a dimension.
  return components.toSorted((a, b) => order.indexOf(a.type) - order.indexOf(b.type))
}

function conditionsOf(
  restrictions: NonNullable<Tariff['elements'][number]['restrictions']>,
): NonNullable<QuoteComponent['conditions']> {
  const conditions: NonNullable<QuoteComponent['conditions']> = {}
  for (const [name, value] of Object.entries(restrictions))
    if (value !== undefined) conditions[name] = value
  return conditions
}

function limitGross(limit: PriceLimit, vatRate: Decimal | null): Decimal {
  return (
    limit.incl_vat ?? format(times(exact(limit.excl_vat), taxFactor(vatRate ?? '0')), textDigits)
  )
}

function displayText(tariff: Tariff, components: readonly QuoteComponent[]) {
  const vatRates = [...new Set(components.flatMap(({ vat_rate }) => vat_rate ?? []))]
  return Object.fromEntries(
    languages.map((language) => {
      const limits = (['min_price', 'max_price'] as const).flatMap((name) => {
        const limit = tariff[name]
        if (limit === undefined) return []
        const value = limitGross(limit, components[0]?.vat_rate ?? null)
        return [limitLine(name, { value, currency: tariff.currency }, language)]
      })
      const lines = components.flatMap(({ display }) => display[language] ?? [])
      return [language, [...lines, ...limits, closingLine(vatRates, language)].join('\n')]
    }),
  )
}

// ── The quote ───────────────────────────────────────────────────────────────────────────────────────────────────

type Ready = { now: number; tariff: Tariff; profile: MarketProfile; policy: RatingPolicy }

function prepare(input: QuoteInput): Ready | QuoteRefusal {
  const { tariff, profile, evse } = input
  const now = parseInstant(input.now)
  if (now === undefined) return refuse('validation_error', 'now', 'must be an RFC 3339 instant')
  if (tariff === undefined)
    return refuse('price_unavailable', 'tariff', 'no valid public tariff is known for this EVSE')
  const policy = profile === undefined ? undefined : ratingPolicyOf(profile, input.now)
  if (profile === undefined || policy === undefined)
    return refuse('price_unavailable', 'market_profile', 'this market is not open for sale')
  if (tariff.currency !== profile.currency)
    return refuse(
      'unsupported_currency',
      'tariff.currency',
      `the tariff is in ${tariff.currency}, prices here are shown in ${profile.currency}`,
    )
  if (!isTimeZone(evse.timeZone))
    return refuse('price_unavailable', 'evse.time_zone', 'the EVSE has no known time zone')
  if (compareExact(exact(evse.powerKw), zero) <= 0)
    return refuse('price_unavailable', 'evse.power', 'the power of the EVSE is not known')
  const { energyKwh, durationS } = input.expected ?? {}
  if (energyKwh !== undefined && compareExact(exact(energyKwh), zero) <= 0)
    return refuse('validation_error', 'est_energy_wh', 'must be positive')
  if (durationS !== undefined && !(Number.isSafeInteger(durationS) && durationS > 0))
    return refuse('validation_error', 'est_duration_s', 'must be a positive whole number')
  return { now, tariff, profile, policy }
}

/** Thousandths of a kWh, for the contract's integer Wh. */
function wattHours(energyKwh: Decimal): number {
  return Number(ratioOf(exact(energyKwh), exactOf(1_000), exactOf(1), 0).n / 9n)
}

/** The public price as a binding offer for 15 minutes, or the reason why there is none. Pure on its input. */
export function buildQuote(input: QuoteInput): QuoteResult {
  const ready = prepare(input)
  if ('ok' in ready) return ready
  const { now, tariff, profile, policy } = ready
  const expected = estimate(input, profile, now)
  // The expected session is one long stretch, so the estimate itself has to see where prices change.
  const priced = rate({
    tariff,
    usage: expected.usage,
    policy: { ...policy, periods: 'split_at_boundaries' },
  })
  if (!priced.ok) return refuse('price_unavailable', priced.path, priced.message)
  const { totals }: Rating = priced.rating
  const components = componentsOf(tariff, policy, profile.priceDisplay.componentOrder)
  return {
    ok: true,
    quote: {
      created_at: formatInstant(now),
      expires_at: formatInstant(now + profile.quoteTtlS * microsPerSecond),
      guaranteed_until: 'session_end',
      evse: input.evse.id,
      tariff: input.tariffVersion,
      tariff_hash: hashTariff(tariff, input.sha256),
      currency: tariff.currency,
      components,
      public_price_total: totals.gross,
      applied_price_total: totals.gross,
      basis: 'public',
      est: {
        energy_wh: wattHours(expected.energyKwh),
        duration_s: expected.durationS,
        total: totals.gross,
      },
      hold_amount: holdFor(totals.gross, profile.hold),
      tax_lines: totals.vat_lines.map(({ rate: vatRate, net, vat }) => ({
        rate: vatRate,
        net,
        vat,
      })),
      seller: input.seller,
      supply_model: input.supplyModel ?? profile.supplyModel,
      market_profile: profileRef(profile),
      rating_policy: policy,
      engine_version: engineVersion,
      fees_to_driver: [],
      display_text: displayText(tariff, components),
    },
  }
}
