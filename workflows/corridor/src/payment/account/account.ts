// A partner's own account behind the payment port: a hold is a claim on its credit line, a capture is owed by the
// partner. The corridor cannot tell it from a card; what is held is read off the payments themselves.
import type { Db, Tx } from '@chargelane/db'
import {
  creditLine,
  heldOnAccount,
  lockCreditLine,
} from '@chargelane/db/queries/plans/credit-lines'
import { balanceOf } from '@chargelane/db/queries/ledger/ledger'
import {
  changePayment,
  paymentById,
  paymentSourceById,
} from '@chargelane/db/queries/payments/payments'
import type { PaymentRow } from '@chargelane/db/queries/payments/payments'
import type { Money } from '@chargelane/openapi/vocabulary/money'
import { accounts } from '@chargelane/rules/ledger'
import { money } from '@chargelane/rules/money'
import { MoneyFailure } from '../payment.ts'
import type { AuthorizeOutcome, Captured, PaymentPort, PaymentState } from '../payment.ts'
import { accountMethod, accountPrefix, fitsCredit } from './rules.ts'

/** A claim on a credit line lasts; the hold's own deadline ends it. */
const neverExpires = '9999-12-31T00:00:00.000Z'

const pspIdOf = (paymentId: string) => `${accountPrefix}${paymentId}`
const isOurs = (pspId: string) => pspId.startsWith(accountPrefix)

async function rowOf(db: Db, pspId: string): Promise<PaymentRow> {
  const row = await paymentById(db, pspId.slice(accountPrefix.length))
  if (row === undefined)
    throw new MoneyFailure(`No payment behind ${pspId}.`, { code: 'unknown', retryable: false })
  return row
}

function capturedOf(row: PaymentRow, minor: number): Captured {
  const pspId = pspIdOf(row.id)
  return {
    kind: 'captured',
    pspId,
    amount: money(minor, row.currency),
    fee: money(0, row.currency),
    balanceTransaction: pspId,
    onAccount: true,
  }
}

const heldOf = (row: PaymentRow): PaymentState => ({
  kind: 'authorized',
  pspId: pspIdOf(row.id),
  captureBefore: neverExpires,
  amount: money(row.holdMinor, row.currency),
})

function stateOf(row: PaymentRow): PaymentState {
  const pspId = pspIdOf(row.id)
  switch (row.status) {
    case 'captured':
      return capturedOf(row, row.capturedMinor ?? 0)
    case 'authorized':
    case 'capture_failed':
      return heldOf(row)
    case 'voided':
      return { kind: 'voided', pspId, reason: 'requested' }
    case 'declined':
      return { kind: 'declined', declineCode: row.declineCode ?? 'credit_limit' }
    // Without a reference nothing was decided: asking again decides it.
    case 'created':
    case 'requires_action':
      return row.pspId === null ? { kind: 'none' } : heldOf(row)
  }
}

/** Decides a hold and writes it down under the line's lock, so that the next one sees it. */
async function holdOnLine(tx: Tx, row: PaymentRow, amount: Money): Promise<AuthorizeOutcome> {
  const { accountId } = row
  const { currency } = amount
  await lockCreditLine(tx, accountId, currency)
  const line = await creditLine(tx, accountId, currency)
  if (line === undefined) return { kind: 'declined', declineCode: 'no_credit_line' }
  // What is booked between the two readings counts twice for a moment, never not at all.
  const already = await heldOnAccount(tx, { accountId, currency })
  const owed = await balanceOf(tx, accounts.onAccount(accountId, currency))
  if (!fitsCredit({ limit: line.limitMinor, owed, held: already }, amount.amount))
    return { kind: 'declined', declineCode: 'credit_limit' }
  const held = { pspId: pspIdOf(row.id), captureBefore: neverExpires }
  await changePayment(tx, row.id, held, row.createdAt)
  return { kind: 'authorized', ...held }
}

function createAccountPayments(db: Db): PaymentPort {
  return {
    async authorize({ paymentId, amount }) {
      const row = await rowOf(db, pspIdOf(paymentId))
      return db.tx((tx) => holdOnLine(tx, row, amount))
    },
    async capture({ pspId, amount }) {
      return capturedOf(await rowOf(db, pspId), amount.amount)
    },
    async void({ pspId }) {
      const row = await rowOf(db, pspId)
      return row.status === 'captured'
        ? {
            kind: 'already_captured',
            pspId,
            amount: money(row.capturedMinor ?? 0, row.currency),
          }
        : { kind: 'voided', pspId, reason: 'requested' }
    },
    async find(query) {
      return stateOf(await rowOf(db, 'pspId' in query ? query.pspId : pspIdOf(query.paymentId)))
    },
  }
}

/** Cards go to the provider, accounts to their credit line; the reference of a hold tells which it is. */
export function withAccounts(db: Db, cards: PaymentPort): PaymentPort {
  const own = createAccountPayments(db)
  const isOnAccount = async (paymentId: string) => {
    const row = await paymentById(db, paymentId)
    const source = row && (await paymentSourceById(db, row.paymentSourceId))
    return source?.type === 'account'
  }
  return {
    authorize: (request) =>
      (request.paymentMethod === accountMethod ? own : cards).authorize(request),
    capture: (request) => (isOurs(request.pspId) ? own : cards).capture(request),
    void: (request) => (isOurs(request.pspId) ? own : cards).void(request),
    async find(query) {
      const ours = 'pspId' in query ? isOurs(query.pspId) : await isOnAccount(query.paymentId)
      return (ours ? own : cards).find(query)
    },
  }
}
