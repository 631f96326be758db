import type { Db, Tx } from '@chargelane/db'
import { type Debt, debtOfSession, openDebt } from '@chargelane/db/queries/payments/debts'
import { lockCreditLine } from '@chargelane/db/queries/plans/credit-lines'
import { changePayment, paymentById } from '@chargelane/db/queries/payments/payments'
import type { Payment } from '@chargelane/db/queries/payments/payments'
import { changeSession } from '@chargelane/db/queries/sessions/sessions'
import { keptSaleTerms } from '@chargelane/db/queries/sessions/terms'
import { debtView } from '@chargelane/db/views/money/debts'
import { paymentTold } from '@chargelane/db/views/money/payments'
import { InvariantError, assert } from '@chargelane/rules/assert'
import { compare, money } from '@chargelane/rules/money'
import type { Money } from '@chargelane/openapi/vocabulary/money'
import type { PaymentKind } from '@chargelane/openapi/vocabulary/payment'
import { standsFor } from '../books/credit.ts'
import { writeChanges } from '../charging/changes.ts'
import type { Change } from '../charging/changes.ts'
import { paymentKinds } from '../payment/kinds.ts'
import type { PaymentPorts } from '../payment/kinds.ts'
import type { Captured } from '../payment/payment.ts'
import { MoneyFailure } from '../payment/payment.ts'

export type CaptureResult =
  | {
      kind: 'captured'
      amount: Money
      fee: Money | null
      balanceTransaction: string
      /** The ledger account that has the money now, or owes it. */
      source: string
    }
  /** Nothing was taken from the driver; asking again a while later helps only where `mayAskAgain`. */
  | { kind: 'failed'; code: string; mayAskAgain?: boolean }

type Dependencies = { db: Db; payments: PaymentPorts }

async function keepCapture(
  db: Db,
  row: Payment,
  captured: Captured,
  input: { provisional: boolean; now: string },
): Promise<CaptureResult> {
  const traits = paymentKinds[row.kind]
  assert(traits.hasFee || captured.fee === null, `${row.kind} payments have no fee`)
  await db.tx(async (tx) => {
    const after = await changePayment(
      tx,
      row.id,
      {
        status: 'captured',
        captured: captured.amount,
        // A capture that a network lets exceed the hold has raised it.
        ...(compare(captured.amount, row.hold) > 0 ? { hold: captured.amount } : {}),
        heldAt: row.heldAt ?? input.now,
        pspFee: captured.fee,
        releasedAt: input.now,
      },
      input.now,
    )
    await changeSession(
      tx,
      row.sessionId,
      { moneyStatus: 'captured' },
      {
        event: {
          type: input.provisional ? 'payment.captured_provisional' : 'payment.captured',
          data: paymentTold(after ?? row),
        },
        room: 'capture',
        what: 'payment captured',
        detail: {
          payment: row.id,
          psp_reference: captured.pspId,
          amount: captured.amount,
          hold: row.hold,
          provisional: input.provisional,
        },
        dedupeKey: `${row.id}:captured`,
        at: input.now,
      },
      { isLast: true },
    )
  })
  const { amount, fee, balanceTransaction } = captured
  const source = traits.ledgerAccount(row.accountId, amount.currency)
  return { kind: 'captured', amount, fee, balanceTransaction, source }
}

/** In the whole steps of the kind; what that leaves is too small to be asked for. */
function capturedAs(kind: PaymentKind, { amount, currency }: Money): Money {
  const step = paymentKinds[kind].amounts?.(currency).step ?? 1
  return { amount: amount - (amount % step), currency }
}

/**
 * Captures once, never more than the hold. The provider is asked first what it holds, so that a lost reply is
 * found instead of repeated (failures F48).
 */
async function capturePayment(
  { db, payments }: Dependencies,
  input: {
    sessionId: string
    paymentId: string
    amount: Money
    provisional: boolean
    /** How often the provider refused it before: it keeps what it said under a key. */
    refusals: number
    /** What is told before anything is asked of the provider. */
    changes: readonly Change[]
    now: string
  },
): Promise<CaptureResult> {
  const { sessionId, changes, refusals } = input
  const row =
    changes.length === 0
      ? await paymentById(db, input.paymentId)
      : await db.tx(async (tx) => {
          const [found] = await Promise.all([
            paymentById(tx, input.paymentId),
            writeChanges(tx, sessionId, changes),
          ])
          return found
        })
  if (row === undefined || row.pspId === null)
    throw new InvariantError(`No hold behind payment ${input.paymentId}.`)
  if (compare(input.amount, row.most ?? row.hold) > 0)
    throw new InvariantError(`Payment ${row.id} holds less than ${input.amount.amount}.`)
  const amount = capturedAs(row.kind, input.amount)
  if (amount.amount === 0) return { kind: 'failed', code: 'amount_too_small' }
  const port = payments(row.kind)
  const state = await port.find({ pspId: row.pspId })
  if (state.kind === 'captured') return keepCapture(db, row, state, input)
  if (state.kind === 'voided') return { kind: 'failed', code: `authorization_${state.reason}` }
  if (state.kind === 'declined') return { kind: 'failed', code: state.declineCode }
  if (state.kind !== 'authorized')
    throw new Error(`Payment ${row.id} is ${state.kind} at the provider.`)
  try {
    const outcome = await port.capture({
      pspId: row.pspId,
      amount,
      idempotencyKey: `${row.id}:capture${refusals === 0 ? '' : `:${refusals}`}`,
    })
    if (outcome.kind === 'captured') return await keepCapture(db, row, outcome, input)
    const { code, mayAskAgain = false } = outcome
    return { kind: 'failed', code, mayAskAgain }
  } catch (error) {
    if (error instanceof MoneyFailure && !error.retryable)
      return { kind: 'failed', code: error.code }
    throw error
  }
}

type Unpaid = { sessionId: string; accountId: string; paymentSourceId: string; amount: Money }

/**
 * Who stands for it, and how far: the partner by its credit, unless the session began where we could not be asked and the
 * operator's agreement names another (failures F25).
 */
async function coverOf(
  tx: Tx,
  unpaid: Unpaid,
): Promise<Pick<Debt, 'credited' | 'guaranteed' | 'liable'>> {
  const { agreed } = await keptSaleTerms(tx, unpaid.sessionId)
  const { liable = 'partner' } = agreed
  const none = money(0, unpaid.amount.currency)
  switch (liable) {
    case 'partner':
      return { ...(await standsFor(tx, unpaid)), liable }
    case 'platform':
      return { credited: none, guaranteed: unpaid.amount, liable }
    case 'cpo':
      return { credited: none, guaranteed: none, liable }
  }
}

/**
 * Delivered but not paid: an open debt that blocks new starts of the payment source (failures F47). What the partner has
 * to its credit pays first; within its limit it stands for the rest.
 */
async function recordDebt(
  { db }: Dependencies,
  input: {
    sessionId: string
    accountId: string
    paymentSourceId: string
    amount: Money
    reason: string
    now: string
  },
): Promise<{ credited: Money; guaranteed: Money }> {
  const { accountId, amount } = input
  return db.tx(async (tx) => {
    await lockCreditLine(tx, accountId, amount.currency)
    const known = await debtOfSession(tx, input.sessionId)
    const { credited, guaranteed, liable } = known ?? (await coverOf(tx, input))
    const debt = await openDebt(tx, {
      credited,
      guaranteed,
      liable,
      sessionId: input.sessionId,
      accountId: input.accountId,
      paymentSourceId: input.paymentSourceId,
      amount: input.amount,
      reason: input.reason,
      at: input.now,
    })
    // Paid at once out of the partner's own account it is nobody's debt: the row keeps its room until the sale is booked.
    const isDebt = credited.amount < amount.amount
    await changeSession(
      tx,
      input.sessionId,
      {},
      {
        ...(isDebt ? { event: { type: 'debt.created', data: debtView(debt) } } : {}),
        room: 'capture',
        what: isDebt ? 'debt opened' : 'charged to the account',
        detail: {
          debt: debt.id,
          amount: debt.amount,
          credited,
          guaranteed,
          liable,
          reason: input.reason,
        },
        dedupeKey: `${debt.id}:opened`,
        at: input.now,
      },
    )
    return { credited, guaranteed }
  })
}

export function createCaptureActivities(deps: Dependencies) {
  return {
    capturePayment: (input: Parameters<typeof capturePayment>[1]) => capturePayment(deps, input),
    openDebt: (input: Parameters<typeof recordDebt>[1]) => recordDebt(deps, input),
  }
}

export type CaptureActivities = ReturnType<typeof createCaptureActivities>
