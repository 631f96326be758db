/** What the platform and one account agree about the sales that the account takes part in; a version never changes. */
import type { Currency, Money } from '@chargelane/openapi/vocabulary/money'
import type { BenefitMode, Liable } from '@chargelane/openapi/vocabulary/parties'
import type { SupplyModel } from '../markets/profile.ts'
import { money, shareOf } from '../money.ts'

/** Basis points of a sale's net amount (0–10000), within bounds that count for sales in their own currency. */
export type Commission = { bps: number; floor?: Money; cap?: Money }

/** The commission of a net amount: within its bounds, nothing of nothing, and never more than there is. */
export function commissionOf(net: Money, { bps, floor, cap }: Commission): Money {
  if (net.amount <= 0) return shareOf(net, bps)
  const atLeast = floor?.currency === net.currency ? floor.amount : 0
  const atMost = Math.min(net.amount, cap?.currency === net.currency ? cap.amount : net.amount)
  const amount = Math.min(Math.max(shareOf(net, bps).amount, atLeast), atMost)
  return money(amount, net.currency)
}

type CommonTerms = {
  /** Countries of chargers, ISO 3166-1 alpha-2, and currencies of sales that it covers; null for all. */
  markets: string[] | null
  currencies: Currency[] | null
}

export type CpoTerms = CommonTerms & {
  commission: Commission
  supplyModel: SupplyModel
  /** Who stands for what is not paid of a charge that began while its charger could not ask us (failures F25). */
  offlineLiability: Liable
}

export type PartnerTerms = CommonTerms & {
  /** Of the commission's net amount, in basis points (0–10000). */
  partnerShareBps: number
  benefitMode: BenefitMode
}

/** As `agreements.terms` keeps them, by the side of the account. */
export type DistributionTerms = ({ side: 'cpo' } & CpoTerms) | ({ side: 'partner' } & PartnerTerms)

const common = { markets: null, currencies: null }

export const cpoTerms = (
  terms: Partial<CpoTerms> & Pick<CpoTerms, 'commission' | 'supplyModel'>,
): DistributionTerms => ({
  side: 'cpo',
  ...common,
  offlineLiability: 'partner',
  ...terms,
})

export const partnerTerms = (terms: Partial<PartnerTerms>): DistributionTerms => ({
  side: 'partner',
  ...common,
  partnerShareBps: 0,
  benefitMode: 'revenue_share',
  ...terms,
})

/** A version as papers cite it. */
export const versionName = ({ id, version }: { id: string; version: number }): string =>
  `${id}@${version}`

/** Why a sale is not covered by terms; undefined where it is. */
export function uncovered(
  { markets, currencies }: Pick<CommonTerms, 'markets' | 'currencies'>,
  { country, currency }: { country: string; currency: Currency },
): string | undefined {
  if (markets !== null && !markets.includes(country)) return `does not cover ${country}`
  if (currencies !== null && !currencies.includes(currency)) return `does not cover ${currency}`
  return undefined
}
