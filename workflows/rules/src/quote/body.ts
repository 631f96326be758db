/** The body of a quote: what is signed, stored, shown, and read again by every later room. */
import type { Currency, Decimal, Money } from '@chargelane/openapi/vocabulary/money'
import type { Tariff, TariffDimension } from '@chargelane/openapi/vocabulary/tariff'
import type { Commission } from '../agreement/distribution.ts'
import type { SupplyModel } from '../markets/profile.ts'
import type { RatingPolicy } from '../rating/rating.ts'
import type { PriceUnit } from './display.ts'

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
 * the public price, and the partner's own share of it goes to the driver instead of to the partner. `plan`: the driver's
 * subscription lowers the price, and whoever sells the plan pays the rest.
 */
export type PriceBasis = 'public' | 'rate_agreement' | 'partner_discount' | 'plan'

/** The agreed tariff, derived from the locked public one. A session pays the lower of both ratings, never more. */
export type AgreedPrice = {
  id: string
  version: number
  tariff: Tariff
  /** `sha256:<hex>` of the RFC 8785 form of `tariff`. */
  tariff_hash: string
}

/**
 * The driver's card is captured for the public gross less the partner's share, as `distribution` names it; the partner is
 * paid nothing, everybody else the same.
 */
export type PartnerDiscount = { funded_by: 'partner' }

/**
 * By which versions of the distribution agreements the sale will be shared (R003): the operator's with the platform, and
 * the partner's. They are kept to the session's end, whatever is agreed meanwhile.
 */
export type Distribution = {
  agreement: { id: string; version: number; commission: Commission }
  /** Which part of it is the partner's stands there, and is its own affair; null without one. */
  partnership: { id: string; version: number } | null
  /** Of the expected session, net of VAT. */
  est: { commission: Money }
}

/** The driver's plan as it prices this session, kept to the session's end whatever becomes of the plan. */
export type PlanPrice = {
  id: string
  version: number
  subscription: string
  /** Month of the subscription whose allowance is used; 0 is the first. */
  period: number
  owner: string
  funded_by: 'partner' | 'cpo'
  /** Of the allowance, kWh: kept for this session. More may be left when it is rated. */
  promised_kwh: Decimal
  /** Free up to what was promised, the overage after it. A session pays the lower of this and the price without it. */
  tariff: Tariff
  tariff_hash: string
}

/** The contract a session is made under, and by what it stood before others. */
export type QuoteContract = {
  id: string
  version: number
  name: string
  precedence: { site: 'evse' | 'location' | 'operator'; drivers: 'group' | 'all'; from: string }
  rate_agreement: string | null
  /** `spl_…@3`: how its sale is shared. */
  split_policy: string | null
}

/** The access rule that admits the driver, and until when. */
export type QuoteAccess = {
  rule: string
  name: string
  closes_at: string | null
  /** A session that runs then is ended. */
  ends_at_close: boolean
}

export type ComparablePrice = {
  value: Decimal
  currency: Currency
  per: 'kWh'
  tax: 'inclusive'
  /** As the market writes it, e.g. `EUR/kWh`, `p/kWh`. */
  text: Record<string, string>
}

/** Usage no element prices while the tariff prices other usage: it costs nothing (OCPI 2.2.1 §11.4.4). */
export type FreeUsage = {
  type: TariffDimension
  /** When it is free, in OCPI restriction terms; null is always. */
  conditions: QuoteComponent['conditions']
  display: Record<string, string>
}

export type IdleFeeTerms = {
  /** Seconds from the start of the session before the first such fee counts. */
  grace_s: number
  display: Record<string, string>
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
  /** Absent where everything has a price. */
  free_usage?: FreeUsage[]
  public_price_total: Money
  applied_price_total: Money
  basis: PriceBasis
  /** Why this partner pays less than the public; null at the public price. Absent in quotes older than agreements. */
  justification?: string | null
  /** Basis `rate_agreement` only. */
  agreement?: AgreedPrice
  /** Basis `partner_discount` only. */
  discount?: PartnerDiscount
  /** Absent where no partner in particular asked. */
  distribution?: Distribution
  /** The driver's plan, also where it does not lower the estimate: what is left of it at the end counts. */
  plan?: PlanPrice
  contract?: QuoteContract
  /** Absent where the place has no rules of access. */
  access?: QuoteAccess
  /** The estimate's price per kWh, all fees and tax included, as the market compares prices. */
  comparable_unit_price?: ComparablePrice
  /** Floor and ceiling of a session, tax included. Absent where the tariff has neither. */
  limits?: { min_total: Money | null; max_total: Money | null }
  /** What staying plugged in without charging costs, null where it costs nothing (failures F27). */
  idle_fee_terms?: IdleFeeTerms | null
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
