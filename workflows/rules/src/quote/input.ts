/** What a quote is made from. */
import type { Currency, Decimal } from '@chargelane/openapi/vocabulary/money'
import type { Tariff } from '@chargelane/openapi/vocabulary/tariff'
import type { RateAgreement } from '../agreement/agreement.ts'
import type { Commission } from '../agreement/distribution.ts'
import type { MarketProfile, SupplyModel } from '../markets/profile.ts'
import type { PlanTerms } from '../plan/plan.ts'
import type { RatingPolicy } from '../rating/rating.ts'
import type { Party } from '../split/parties.ts'
import type { StandardShares } from '../split/policy.ts'
import type { PlanPrice, QuoteAccess, QuoteContract } from './body.ts'

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
  /** What a session of this connector usually takes; sizes the hold of whoever expects nothing. */
  usualEnergyKwh?: Decimal
  /** Rate agreements of this partner in force for this place; the one that is cheapest for the driver counts. */
  agreements?: readonly RateAgreement[]
  /** Named in the quote as they are; the agreements are those that may price it. */
  contract?: QuoteContract | undefined
  access?: QuoteAccess | undefined
  /** Given when the partner takes its benefit as a discount. */
  discount?: DiscountTerms
  /** Named to the partner; absent where no partner in particular asks. */
  sharedBy?: SharedBy
  /** The driver's plans that count here; the cheapest for the driver does, where it lowers the price at all. */
  plans?: readonly PlanOffer[]
}

/** A plan of the driver, with what is left of its allowance for this session. */
export type PlanOffer = Pick<
  PlanPrice,
  'id' | 'version' | 'subscription' | 'period' | 'owner' | 'funded_by'
> & { currency: Currency; terms: PlanTerms; freeKwh: Decimal }

/** What the partner's share of this sale will be computed from. */
export type DiscountTerms = {
  policy: StandardShares
  cpo: Party
  partner: Party
  platform: Party
  placeCountry: string
}

/** The versions of both agreements that a sale will be shared by. */
export type SharedBy = {
  agreement: { id: string; version: number; commission: Commission }
  partnership: { id: string; version: number } | null
}

/** What was looked at before a price is made. */
export type Ready = { now: number; tariff: Tariff; profile: MarketProfile; policy: RatingPolicy }
