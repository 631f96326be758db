// A partner's own account behind the payment port: a hold is a claim on its credit line, a capture is owed by the
// partner. The corridor cannot tell it from a card; what is held is read off the payments themselves.
import type { Db } from '@chargelane/db'
import { creditLine, heldOnAccount, owedOnAccount } from '@chargelane/db/queries/credit-lines'
import { paymentById, paymentSourceById } from '@chargelane/db/queries/payments'
import type { PaymentRow } from '@chargelane/db/queries/payments'
import { money } from '../money.ts'
import { MoneyFailure } from '../payment.ts'
import type { Captured, PaymentPort, PaymentState } from '../payment.ts'
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

function stateOf(row: PaymentRow): PaymentState {
  const pspId = pspIdOf(row.id)
  switch (row.status) {
    case 'captured':
      return capturedOf(row, row.capturedMinor ?? 0)
    case 'authorized':
    case 'capture_failed':
      return {
        kind: 'authorized',
        pspId,
        captureBefore: neverExpires,
        amount: money(row.holdMinor, row.currency),
      }
    case 'voided':
      return { kind: 'voided', pspId, reason: 'requested' }
    case 'declined':
      return { kind: 'declined', declineCode: row.declineCode ?? 'credit_limit' }
    // Nothing was decided: asking again decides it.
    case 'created':
    case 'requires_action':
      return { kind: 'none' }
  }
}

function createAccountPayments(db: Db): PaymentPort {
  return {
    async authorize({ paymentId, amount }) {
      const row = await rowOf(db, pspIdOf(paymentId))
      const of = { accountId: row.accountId, currency: amount.currency }
      const line = await creditLine(db, of.accountId, of.currency)
      if (line === undefined) return { kind: 'declined', declineCode: 'no_credit_line' }
      const [owed, held] = await Promise.all([
        owedOnAccount(db, of),
        heldOnAccount(db, { ...of, before: { id: row.id, createdAt: row.createdAt } }),
      ])
      return fitsCredit({ limit: line.limitMinor, owed, held }, amount.amount)
        ? { kind: 'authorized', pspId: pspIdOf(paymentId), captureBefore: neverExpires }
        : { kind: 'declined', declineCode: 'credit_limit' }
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
