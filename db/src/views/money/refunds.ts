import type { Refund as Shown } from '@chargelane/openapi'
import type { Refund } from '../../queries/payments/refunds.ts'

export const refundView = (row: Refund): Shown => ({
  id: row.id,
  payment: row.paymentId,
  session: row.sessionId,
  amount: row.amount,
  status: row.status,
  reason: row.reason,
  psp_reference: row.reference,
  created_at: row.createdAt,
  updated_at: row.updatedAt,
})
