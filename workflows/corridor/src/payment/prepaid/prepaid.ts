// Money that a partner has paid in as a kind of payment: a hold reserves it, a capture takes it, nobody owes anything.
import type { Db } from '@chargelane/db'
import { paymentById } from '@chargelane/db/queries/payments/payments'
import type { Payment } from '@chargelane/db/queries/payments/payments'
import { kindFacts } from '@chargelane/rules/booking/kinds'
import { money, subtract } from '@chargelane/rules/money'
import { stateOfOwn } from '../account/account.ts'
import { MoneyFailure } from '../payment.ts'
import type { PaymentKindTraits, PaymentPort } from '../payment.ts'
import { reserve } from './balance.ts'

export const prepaid: PaymentKindTraits = {
  ...kindFacts.prepaid,
  hasFee: false,
  canBeChallenged: false,
  holdEnds: 'when_released',
  can: { raise: true, refund: true },
  open: ({ db, now }) => createPrepaidPayments(db, now),
}

async function paymentOf(db: Db, paymentId: string): Promise<Payment> {
  const row = await paymentById(db, paymentId)
  if (row?.kind === 'prepaid') return row
  throw new MoneyFailure(`No prepaid payment ${paymentId}.`, { code: 'unknown', retryable: false })
}

function createPrepaidPayments(db: Db, clock: () => Date): PaymentPort {
  const now = () => clock().toISOString()
  return {
    async authorize({ paymentId, amount }) {
      const row = await paymentOf(db, paymentId)
      const held = { pspId: row.id, captureBefore: null }
      if (row.pspId !== null) return { kind: 'authorized', ...held }
      const isHeld = await db.tx((tx) => reserve(tx, row, amount, held, now()))
      return isHeld
        ? { kind: 'authorized', ...held }
        : { kind: 'declined', declineCode: 'prepaid_exhausted' }
    },
    async increase({ pspId, amount }) {
      const row = await paymentOf(db, pspId)
      if (row.status !== 'authorized') return { kind: 'refused', code: 'unexpected_state' }
      const raised = { kind: 'increased', pspId, amount, captureBefore: null } as const
      const more = subtract(amount, row.hold)
      if (more.amount <= 0) return raised
      const isHeld = await db.tx((tx) => reserve(tx, row, more, { hold: amount }, now()))
      return isHeld ? raised : { kind: 'refused', code: 'prepaid_exhausted' }
    },
    async capture({ pspId, amount }) {
      const { id } = await paymentOf(db, pspId)
      return { kind: 'captured', pspId: id, amount, fee: null, balanceTransaction: id }
    },
    async void({ pspId }) {
      const { status, captured, hold } = await paymentOf(db, pspId)
      return status === 'captured'
        ? { kind: 'already_captured', pspId, amount: captured ?? money(0, hold.currency) }
        : { kind: 'voided', pspId, reason: 'requested' }
    },
    /** It is the partner's again with the books: there is nobody to send money to. */
    async refund({ refundId, amount }) {
      return { kind: 'refunded', reference: refundId, amount }
    },
    async find(query) {
      return stateOfOwn(await paymentOf(db, 'pspId' in query ? query.pspId : query.paymentId))
    },
  }
}
