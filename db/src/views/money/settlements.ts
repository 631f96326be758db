import type { Settlement as StoredSettlement } from '../../queries/documents/settlements.ts'
import type { Settlement } from '@chargelane/openapi'

export const settlementView = (row: StoredSettlement): Settlement => ({
  id: row.id,
  payee: row.payee.id,
  role: row.payee.role,
  batch: row.batch,
  state: row.state,
  reason: row.reason,
  amount: row.amount,
  session_count: row.sessionCount,
  sla_deadline: row.slaDeadline,
  payout_reference: row.payoutReference,
  cut_off_at: row.cutOffAt,
  paid_at: row.paidAt,
  created_at: row.createdAt,
})
