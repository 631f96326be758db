import type { Party } from '@chargelane/openapi'
import type { PartyClaimRow } from '../../queries/partners/parties.ts'
import { livemode } from '../shown.ts'

export const partyView = (row: PartyClaimRow): Party => ({
  id: row.id,
  account: row.accountId,
  country_code: row.countryCode,
  party_id: row.partyId,
  kind: row.kind,
  status: row.status,
  reason: row.reason,
  decided_at: row.decidedAt,
  livemode,
  created_at: row.createdAt,
})
