/** Who shares a sale, of what and how much: a list of rules as data, so that a further payee is a further rule. */
import type { Currency } from '@chargelane/openapi/vocabulary/money'
import type { PartyRef } from '@chargelane/openapi/vocabulary/parties'
import type {
  PolicyLevel,
  PolicyRule,
  Share,
  SplitPeriod,
} from '@chargelane/openapi/vocabulary/settlement/shares'
import type { Commission } from '../agreement/distribution.ts'
import type { SharePlace } from './sharing.ts'

export type { PolicyRule, Share }

/**
 * One service that one party of a sale renders to another, and its price. A rule without `shortfall` is the agreement's
 * own and is never cut; one of a policy is cut to what its payer has left.
 */
export type ShareRule = Omit<PolicyRule, 'supplier' | 'recipient' | 'shortfall'> & {
  supplier: PartyRef
  recipient: PartyRef
  shortfall?: PolicyRule['shortfall']
}

/** Rules in the order of their priority: an earlier one takes its share first. */
export type SplitPolicy = { id: string; rules: readonly ShareRule[] }

/** What a policy says, whoever made it; the same for every session that it shares. */
export type PolicyTerms = {
  /** For people: what was agreed, as it stands on every statement. */
  text: string
  currency: Currency
  /** IANA; the months and days of its periods are that place's. */
  time_zone: string
  period: SplitPeriod
  rules: readonly PolicyRule[]
}

/** The version of a policy that a session is shared by, and where and for whom the session is. */
export type KeptPolicy = PolicyTerms & {
  id: string
  version: number
  name: string
  level: PolicyLevel
  place: SharePlace
}

/** How a policy is named wherever one version of it is meant. */
export const policyRef = ({ id, version }: { id: string; version: number }): string =>
  `${id}@${version}`

/** Commission of the sale's net amount, and the partner's share, in basis points of the commission's net amount. */
export type StandardShares = { id: string; commission: Commission; partnerShareBps: number }

export type StandardParties = Record<'seller' | 'partner' | 'platform', PartyRef>

/** A rule of a policy with whoever has the role in this sale. */
export function ruleIn(
  rule: PolicyRule,
  { seller, partner, platform }: StandardParties,
): ShareRule {
  const own = new Map([seller, partner, platform].map((ref) => [ref.role, ref]))
  const named = ({ role, id }: PolicyRule['supplier']): PartyRef =>
    id === undefined ? (own.get(role) ?? { role, id: '' }) : { role, id }
  return { ...rule, supplier: named(rule.supplier), recipient: named(rule.recipient) }
}

export const standardRuleIds = ['commission', 'partner_share'] as const

/** What every agreement has: the platform's commission, and the partner's share of it. Further rules come after. */
export function standardPolicy(
  { id, commission: { bps, ...bounds }, partnerShareBps }: StandardShares,
  { seller, partner, platform }: StandardParties,
  further: readonly ShareRule[] = [],
): SplitPolicy {
  return {
    id,
    rules: [
      {
        id: 'commission',
        fee_type: 'platform_commission',
        supplier: platform,
        recipient: seller,
        base: 'sale',
        share: { kind: 'percentage', bps },
        ...bounds,
        document: 'invoice',
      },
      {
        id: 'partner_share',
        fee_type: 'partner_share',
        supplier: partner,
        recipient: platform,
        base: 'commission',
        share: { kind: 'percentage', bps: partnerShareBps },
        document: 'self_billed_invoice',
      },
      ...further,
    ],
  }
}
