import type { Currency, Decimal, Money } from '@chargelane/openapi/vocabulary/money'
import type { Tariff } from '@chargelane/openapi/vocabulary/tariff'
import type { UsageRecord } from '@chargelane/openapi/vocabulary/usage'
import type { Rating, RatingPolicy, Totals } from '../rating/rating.ts'

export type CdrClaim = {
  currency: Currency
  /** Totals as the CPO's record states them, decimal text in major units; incl_vat may be missing in OCPI. */
  total_excl_vat: Decimal
  total_incl_vat: Decimal | null
  /** SHA-256 of the canonical tariff the CDR embeds or names; null when it names none. */
  tariff_hash: string | null
  total_energy_kwh: Decimal
}

export type VerdictRule =
  | 'within_rounding'
  | 'cpo_asks_less'
  | 'cpo_asks_more'
  | 'tariff_mismatch'
  | 'currency_mismatch'
  | 'zero_session'
  | 'unpriceable'
  | 'energy_differs_from_session'
  | 'total_inconsistent'

export type Verdict = {
  kind: 'accepted' | 'accepted_with_adjustment' | 'quarantined' | 'rejected' | 'closed_zero'
  rules: VerdictRule[]
  /** What the driver pays; null while the record is quarantined or rejected. */
  payable: Totals | null
  /** The CPO's claim minus the payable gross; goes to `destination`. Null when nothing is payable. */
  difference: { amount: Money; destination: 'none' | 'rounding' | 'suspense' } | null
  rating: Rating | null
}

export type CheckInput = {
  claim: CdrClaim
  usage: UsageRecord
  /** The tariff the quote locked, with the policy and hash the quote recorded. */
  tariff: Tariff
  tariffHash: string
  policy: RatingPolicy
  /** Currency of the quote; a claim in another currency is rejected. */
  currency: Currency
  /** Energy seen by the session itself, kWh, when known; a record far above it is quarantined. */
  sessionEnergyKwh?: Decimal
}

export declare function checkPublicPrice(input: CheckInput): Verdict
