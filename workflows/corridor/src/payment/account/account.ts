// A partner's own account as a kind of payment: a hold is a claim on its credit line, a capture is owed by the
// partner. What is held is read off the payments themselves; a payment's own id is its reference.
import type { Db, Sql, Tx } from '@chargelane/db'
import { creditLine, lockCreditLine } from '@chargelane/db/queries/plans/credit-lines'
import { changePayment, paymentById } from '@chargelane/db/queries/payments/payments'
import type { Payment } from '@chargelane/db/queries/payments/payments'
import type { Money } from '@chargelane/openapi/vocabulary/money'
import { kindFacts } from '@chargelane/rules/booking/kinds'
import { compare, money, subtract } from '@chargelane/rules/money'
import { availableOf, drawnOf } from '../../books/credit.ts'
import { MoneyFailure } from '../payment.ts'
import type {
  AuthorizeOutcome,
  Captured,
  IncreaseOutcome,
  PaymentKindTraits,
  PaymentPort,
  PaymentState,
} from '../payment.ts'

export const account: PaymentKindTraits = {
  ...kindFacts.account,
  hasFee: false,
  canBeChallenged: false,
  holdEnds: 'when_released',
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

function stateOf(row: Payment): PaymentState {
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

/** Why the line does not take this much more; asked under its lock, so that the next one sees what was decided. */
async function refusalOfLine(tx: Tx, accountId: string, more: Money): Promise<string | undefined> {
  await lockCreditLine(tx, accountId, more.currency)
  const line = await creditLine(tx, accountId, more.currency)
  if (line === undefined) return 'no_credit_line'
  // What is booked between two readings counts twice for a moment, never not at all.
  const available = availableOf(line, await drawnOf(tx, { accountId, currency: more.currency }))
  return compare(more, available) <= 0 ? undefined : 'credit_limit'
}

/** Whether a partner may owe this much more, as it stands; only a hold decides it. */
export async function hasRoom(sql: Sql, accountId: string, more: Money): Promise<boolean> {
  const { currency } = more
  const line = await creditLine(sql, accountId, currency)
  if (line === undefined) return false
  return compare(more, availableOf(line, await drawnOf(sql, { accountId, currency }))) <= 0
}

/** Decides a hold and writes it down with that. */
async function holdOnLine(tx: Tx, row: Payment, amount: Money): Promise<AuthorizeOutcome> {
  const declineCode = await refusalOfLine(tx, row.accountId, amount)
  if (declineCode !== undefined) return { kind: 'declined', declineCode }
  const held = { pspId: row.id, captureBefore: null }
  await changePayment(tx, row.id, held, row.createdAt)
  return { kind: 'authorized', ...held }
}

async function raiseOnLine(tx: Tx, row: Payment, amount: Money): Promise<IncreaseOutcome> {
  const increased = { kind: 'increased', pspId: row.id, amount, captureBefore: null } as const
  if (row.status !== 'authorized') return { kind: 'refused', code: 'unexpected_state' }
  const more = subtract(amount, row.hold)
  if (more.amount <= 0) return increased
  const code = await refusalOfLine(tx, row.accountId, more)
  if (code !== undefined) return { kind: 'refused', code }
  await changePayment(tx, row.id, { hold: amount }, row.updatedAt)
  return increased
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
      return stateOf(await paymentOf(db, 'pspId' in query ? query.pspId : query.paymentId))
    },
  }
}
