import type { SettlementRow } from '../queries/documents/settlements.ts'
import type { Settlement } from '@chargelane/openapi'
import { money } from './money.ts'

export const settlementView = (row: SettlementRow): Settlement => ({
  id: row.id,
  payee: row.payeeId,
  role: row.role,
  batch: row.batch,
  state: row.state,
  reason: row.reason,
  amount: money(row.amountMinor, row.currency),
  session_count: row.sessionCount,
  sla_deadline: row.slaDeadline,
  payout_reference: row.payoutReference,
  cut_off_at: row.cutOffAt,
  paid_at: row.paidAt,
  created_at: row.createdAt,
})
