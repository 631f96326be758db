import type { PaymentRow } from '../queries/payments/payments.ts'
import type { Payment } from '@chargelane/openapi'
import { money, moneyOrNull } from './money.ts'

export const paymentView = (row: PaymentRow): Payment => ({
  id: row.id,
  session: row.sessionId,
  payment_source: row.paymentSourceId,
  attempt: row.attempt,
  status: row.status,
  hold_amount: money(row.holdMinor, row.currency),
  captured_amount: moneyOrNull(row.capturedMinor, row.currency),
  psp_reference: row.pspId,
  decline_code: row.declineCode,
  client_secret: row.status === 'requires_action' ? row.clientSecret : null,
  released_at: row.releasedAt,
  created_at: row.createdAt,
})
