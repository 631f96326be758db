// What happened at a partner's own payment provider without us. What its drivers get back there, or their banks take, is the
// partner's to bear: it owes us the sale as before. It is shown with the session, and booked nowhere.
import type { Tx } from '@chargelane/db'
import type { Payment } from '@chargelane/db/queries/payments/payments'
import { changeSession } from '@chargelane/db/queries/sessions/sessions'
import { paymentTold } from '@chargelane/db/views/money/payments'
import type { ToldByProvider } from '../payment/payment.ts'

const chargebackWords = {
  open: 'chargeback opened at the partner',
  won: 'chargeback won by the partner',
  lost: 'chargeback lost by the partner',
} as const

function wordsOf(told: ToldByProvider) {
  if (told.kind === 'refund')
    return { type: 'payment.refunded', what: 'refunded by the partner', state: 'refund' } as const
  const { state } = told
  const type = state === 'open' ? 'payment.charged_back' : 'payment.chargeback_closed'
  return { type, what: chargebackWords[state], state } as const
}

export async function hearOfPartner(
  tx: Tx,
  payment: Payment,
  told: ToldByProvider,
  at: string,
): Promise<undefined> {
  const { type, what, state } = wordsOf(told)
  const { reference, amount } = told
  await changeSession(
    tx,
    payment.sessionId,
    {},
    {
      event: { type, data: paymentTold(payment) },
      room: 'booking',
      what,
      detail: {
        payment: payment.id,
        reference,
        amount,
        borne_by: 'partner',
        ...(told.kind === 'chargeback' ? { reason: told.reason, due_by: told.evidenceDueBy } : {}),
      },
      dedupeKey: `${reference}:${state}:of partner`,
      at,
    },
  )
  return undefined
}
