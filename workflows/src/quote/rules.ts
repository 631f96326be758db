import type { Currency, Decimal, Money } from '@chargelane/openapi/vocabulary/money'
import type { Tariff, TariffDimension } from '@chargelane/openapi/vocabulary/tariff'
import type { MarketProfile, SupplyModel } from '../markets/profile.ts'
import type { RatingPolicy } from '../rating/rating.ts'

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
  expected?: { energyKwh?: Decimal; durationS?: number }
  sha256: Sha256
}

export type QuoteComponent = {
  type: TariffDimension
  /** Price per unit including VAT where the market shows gross prices, as the driver is shown it. */
  unit_price: {
    value: Decimal
    currency: Currency
    per: 'kWh' | 'h' | 'min' | 'session'
    tax: 'inclusive' | 'exclusive'
  }
  net_unit_price: Decimal
  vat_rate: Decimal | null
  step_size: number
  conditions: Record<string, string | number | string[]> | null
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
  public_price_total: Money
  applied_price_total: Money
  basis: 'public'
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

export type QuoteResult =
  | { ok: true; quote: QuoteBody }
  | {
      ok: false
      code: 'price_unavailable' | 'market_rule_violation' | 'unsupported_currency'
      path: string
      message: string
    }

export declare function buildQuote(input: QuoteInput): QuoteResult
/** RFC 8785 text of a canonical tariff. */
export declare function canonicalText(value: unknown): string
/** `sha256:<hex>` of the RFC 8785 form. */
export declare function hashTariff(tariff: Tariff, sha256: Sha256): string
