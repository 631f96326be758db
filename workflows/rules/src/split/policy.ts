/** Who shares a sale, of what and how much: a list of rules as data, so that a further payee is a further rule. */
import type { Money } from '@chargelane/openapi/vocabulary/money'
import type { PartyRef } from '@chargelane/openapi/vocabulary/parties'
import type { FeeType } from '../markets/profile.ts'
import type { LegDocument } from './split.ts'

/** One service that one party of a sale renders to another, and its price. */
export type ShareRule = {
  /** Names the leg that it makes, e.g. `commission`; later rules may take it as their base. */
  id: string
  feeType: FeeType
  /** Earns the share. */
  supplier: PartyRef
  /** Pays it. */
  recipient: PartyRef
  /** The leg whose net amount it is a share of: `sale`, or the id of a rule before this one. */
  base: string
  /** Basis points of the base (0–10000), or an amount for each sale in which the base is more than nothing. */
  share: { bps: number } | { fixed: Money }
  document: LegDocument
}

export type SplitPolicy = { id: string; rules: readonly ShareRule[] }

/** Basis points: commission of the sale's net amount, partner share of the commission's net amount. */
export type StandardShares = { id: string; commissionBps: number; partnerShareBps: number }

/** What every agreement has: the platform's commission, and the partner's share of it. Further rules come after. */
export function standardPolicy(
  { id, commissionBps, partnerShareBps }: StandardShares,
  { seller, partner, platform }: Record<'seller' | 'partner' | 'platform', PartyRef>,
  further: readonly ShareRule[] = [],
): SplitPolicy {
  return {
    id,
    rules: [
      {
        id: 'commission',
        feeType: 'platform_commission',
        supplier: platform,
        recipient: seller,
        base: 'sale',
        share: { bps: commissionBps },
        document: 'invoice',
      },
      {
        id: 'partner_share',
        feeType: 'partner_share',
        supplier: partner,
        recipient: platform,
        base: 'commission',
        share: { bps: partnerShareBps },
        document: 'self_billed_invoice',
      },
      ...further,
    ],
  }
}
