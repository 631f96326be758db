import { holdIdOf, isHold } from '../../queries/payments/payments.ts'
import type { Payment as PaymentRecord } from '../../queries/payments/payments.ts'
import type { Payment } from '@chargelane/openapi'

export const paymentView = (row: PaymentRecord): Payment => ({
  id: row.id,
  session: row.sessionId,
  hold: isHold(row) ? holdIdOf(row.id) : null,
  payment_source: row.paymentSourceId,
  type: row.kind,
  attempt: row.attempt,
  status: row.status,
  hold_amount: row.hold,
  captured_amount: row.captured,
  psp_reference: row.reference ?? row.pspId,
  decline_code: row.declineCode,
  decline_advice: row.declineAdvice,
  network_decline_code: row.networkDeclineCode,
  client_secret: row.status === 'requires_action' ? row.clientSecret : null,
  publishable_key: row.status === 'requires_action' ? row.publishableKey : null,
  released_at: row.releasedAt,
  created_at: row.createdAt,
})

/** As an event has it: events are kept and sent again, so what lets a payer authenticate is not in them. */
export const paymentTold = (row: PaymentRecord): Payment => ({
  ...paymentView(row),
  client_secret: null,
})
