import type { DistributionAgreement } from '@chargelane/openapi'
import type { DistributionTerms } from '@chargelane/rules/agreement/distribution'
import type { AgreementView } from '../../queries/partners/agreements.ts'
import { livemode } from '../shown.ts'

function termsView(terms: DistributionTerms): DistributionAgreement['terms'] {
  const { markets, currencies } = terms
  const common = { markets, currencies }
  return terms.side === 'partner'
    ? {
        side: 'partner',
        partner_share_bps: terms.partnerShareBps,
        benefit_mode: terms.benefitMode,
        ...common,
      }
    : {
        side: 'cpo',
        commission: terms.commission,
        supply_model: terms.supplyModel,
        offline_liability: terms.offlineLiability,
        ...common,
      }
}

export function agreementView(row: AgreementView, now: string): DistributionAgreement {
  const isOver = row.status === 'active' && row.endedAt !== null && row.endedAt <= now
  return {
    id: row.id,
    version: row.version,
    side: row.side,
    account: row.accountId,
    status: isOver ? 'ended' : row.status,
    active_version: row.activeVersion,
    joined: row.joined,
    proposed_by: row.proposedBy,
    terms: termsView(row.terms),
    effective_from: row.effectiveFrom,
    effective_to: row.effectiveTo,
    active_from: row.activeFrom,
    ended_at: row.endedAt,
    decided_by: row.decidedBy,
    decided_at: row.decidedAt,
    reason: row.reason,
    livemode,
    created_at: row.createdAt,
  }
}
