import type { RateAgreement } from '@chargelane/openapi'
import type { RateAgreementView } from '../../queries/partners/rate-agreements.ts'
import { livemode } from '../shown.ts'

export function rateAgreementView(row: RateAgreementView, now: string): RateAgreement {
  const { price, connector, times } = row.terms
  const isOver = row.status === 'active' && row.endedAt !== null && row.endedAt <= now
  return {
    id: row.id,
    version: row.version,
    status: isOver ? 'ended' : row.status,
    active_version: row.activeVersion,
    cpo: row.cpoId,
    partner: row.partnerId,
    proposed_by: row.proposedBy,
    name: row.name,
    justification: row.justification,
    price,
    connector: connector ?? null,
    times: times ?? null,
    evses: row.evses,
    locations: row.locations,
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
