// A partner's own account as a kind of payment: a hold is a claim on its credit line, a capture is owed by the
// partner. What is held is read off the payments themselves; a payment's own id is its reference.
import type { Db } from '@chargelane/db'
import { paymentById } from '@chargelane/db/queries/payments/payments'
import type { Payment } from '@chargelane/db/queries/payments/payments'
import type { Money } from '@chargelane/openapi/vocabulary/money'
import { kindFacts } from '@chargelane/rules/booking/kinds'
import { money } from '@chargelane/rules/money'
import { MoneyFailure } from '../payment.ts'
import type { Captured, PaymentKindTraits, PaymentPort, PaymentState } from '../payment.ts'
import { holdOnLine, raiseOnLine } from './line.ts'

export const account: PaymentKindTraits = {
  ...kindFacts.account,
  hasFee: false,
  canBeChallenged: false,
  holdEnds: 'when_released',
  can: { raise: true, refund: true },
  open: ({ db }) => createAccountPayments(db),
}

async function paymentOf(db: Db, paymentId: string): Promise<Payment> {
  const row = await paymentById(db, paymentId)
  if (row?.kind !== 'account')
    throw new MoneyFailure(`No payment on account ${paymentId}.`, {
      code: 'unknown',
      retryable: false,
    })
  return row
}

const capturedOf = (row: Payment, amount: Money): Captured => ({
  kind: 'captured',
  pspId: row.id,
  amount,
  fee: null,
  balanceTransaction: row.id,
})

const heldOf = (row: Payment): PaymentState => ({
  kind: 'authorized',
  pspId: row.id,
  captureBefore: null,
  amount: row.hold,
})

const capturedAmountOf = ({ captured, hold }: Payment): Money => captured ?? money(0, hold.currency)

/** Of a kind whose holds are nothing but our own rows. */
export function stateOfOwn(row: Payment): PaymentState {
  switch (row.status) {
    case 'captured':
      return capturedOf(row, capturedAmountOf(row))
    case 'authorized':
    case 'capture_failed':
      return heldOf(row)
    case 'voided':
      return { kind: 'voided', pspId: row.id, reason: 'requested' }
    case 'declined':
      return { kind: 'declined', declineCode: row.declineCode ?? 'credit_limit' }
    // Without a reference nothing was decided: asking again decides it.
    case 'created':
    case 'requires_action':
      return row.pspId === null ? { kind: 'none' } : heldOf(row)
  }
}

function createAccountPayments(db: Db): PaymentPort {
  return {
    async authorize({ paymentId, amount }) {
      const row = await paymentOf(db, paymentId)
      return db.tx((tx) => holdOnLine(tx, row, amount))
    },
    async increase({ pspId, amount }) {
      const row = await paymentOf(db, pspId)
      return db.tx((tx) => raiseOnLine(tx, row, amount))
    },
    async capture({ pspId, amount }) {
      return capturedOf(await paymentOf(db, pspId), amount)
    },
    async void({ pspId }) {
      const row = await paymentOf(db, pspId)
      return row.status === 'captured'
        ? { kind: 'already_captured', pspId, amount: capturedAmountOf(row) }
        : { kind: 'voided', pspId, reason: 'requested' }
    },
    /** What the account was charged falls with the books: there is nobody to send money to. */
    async refund({ refundId, amount }) {
      return { kind: 'refunded', reference: refundId, amount }
    },
    async find(query) {
      return stateOfOwn(await paymentOf(db, 'pspId' in query ? query.pspId : query.paymentId))
    },
  }
}
