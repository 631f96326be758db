// A hold that stands while energy flows: raised at its provider, and asked whether it still stands.
import type { Db } from '@chargelane/db'
import { changePayment, paymentById, paymentsOf } from '@chargelane/db/queries/payments/payments'
import type { Payment } from '@chargelane/db/queries/payments/payments'
import { changeSession } from '@chargelane/db/queries/sessions/sessions'
import { holdTold } from '@chargelane/db/views/money/holds'
import type { Money } from '@chargelane/openapi/vocabulary/money'
import { compare } from '@chargelane/rules/money'
import type { PaymentPorts } from '../payment/kinds.ts'

export type IncreaseResult =
  | { kind: 'increased'; amount: Money; most: Money }
  | { kind: 'refused'; code: string }
export type Standing = { kind: 'stands' } | { kind: 'lost'; reason: string }

type Dependencies = { db: Db; payments: PaymentPorts }

async function heldRow(db: Db, paymentId: string): Promise<Payment & { pspId: string }> {
  const row = await paymentById(db, paymentId)
  if (row === undefined || row.pspId === null)
    throw new Error(`No hold behind payment ${paymentId}.`)
  return { ...row, pspId: row.pspId }
}

/** The row and what is told of it; a repeated call finds the same. */
async function keepRaise(
  db: Db,
  row: Payment,
  raised: { amount: Money; captureBefore: string | null; most?: Money },
  now: string,
): Promise<IncreaseResult> {
  const { amount, captureBefore, most = null } = raised
  await db.tx(async (tx) => {
    const after = await changePayment(
      tx,
      row.id,
      {
        hold: amount,
        most,
        captureBefore,
        raises: row.raises + (compare(amount, row.hold) > 0 ? 1 : 0),
      },
      now,
    )
    await changeSession(
      tx,
      row.sessionId,
      {},
      {
        event: { type: 'hold.increased', data: holdTold(after ?? row) },
        room: 'authorization',
        what: 'hold increased',
        detail: { payment: row.id, amount },
        dedupeKey: `${row.id}:increased:${amount.amount}`,
        at: now,
      },
      { isLast: true },
    )
  })
  return { kind: 'increased', amount, most: most ?? amount }
}

/**
 * Raises a hold to this amount in all. The provider is asked first what it holds, so that a raise whose reply was lost
 * is found, and it is asked under a key of the amount, so that it is never raised twice for one reason.
 */
async function increaseHold(
  { db, payments }: Dependencies,
  { paymentId, amount, now }: { paymentId: string; amount: Money; now: string },
): Promise<IncreaseResult> {
  const row = await heldRow(db, paymentId)
  const port = payments(row.kind)
  const state = await port.find({ pspId: row.pspId })
  if (state.kind !== 'authorized') return { kind: 'refused', code: state.kind }
  if (compare(state.amount, amount) >= 0) return keepRaise(db, row, { ...state, amount }, now)
  const outcome = await port.increase({
    pspId: row.pspId,
    amount,
    idempotencyKey: `${row.id}:increase:${amount.amount}`,
  })
  return outcome.kind === 'increased' ? keepRaise(db, row, { ...outcome, amount }, now) : outcome
}

/** Another payment of the session still holds its money, or took it. */
const isHeldOtherwise = (others: readonly Payment[], row: Payment) =>
  others.some(({ id, status }) => id !== row.id && ['authorized', 'captured'].includes(status))

/** Asks the provider whether a hold stands; one that does not is written down as lost, once. */
async function checkHold(
  { db, payments }: Dependencies,
  { paymentId, now }: { paymentId: string; now: string },
): Promise<Standing> {
  const row = await heldRow(db, paymentId)
  const state = await payments(row.kind).find({ pspId: row.pspId })
  if (state.kind === 'authorized' || state.kind === 'captured' || state.kind === 'processing')
    return { kind: 'stands' }
  const reason = state.kind === 'voided' ? state.reason : state.kind
  await db.tx(async (tx) => {
    const change = { status: 'voided', isExpired: true, releasedAt: now } as const
    const after = await changePayment(tx, row.id, change, now)
    const others = await paymentsOf(tx, row.sessionId)
    await changeSession(
      tx,
      row.sessionId,
      isHeldOtherwise(others, row) ? {} : { moneyStatus: 'unfunded' },
      {
        event: { type: 'hold.expired', data: holdTold(after ?? row) },
        room: 'authorization',
        what: 'hold lost',
        detail: { payment: row.id, psp_reference: row.pspId, amount: row.hold, reason },
        dedupeKey: `${row.id}:lost`,
        at: now,
      },
      { isLast: true },
    )
  })
  return { kind: 'lost', reason }
}

export function createStandingActivities(deps: Dependencies) {
  return {
    increaseHold: (input: Parameters<typeof increaseHold>[1]) => increaseHold(deps, input),
    checkHold: (input: Parameters<typeof checkHold>[1]) => checkHold(deps, input),
  }
}

export type StandingActivities = ReturnType<typeof createStandingActivities>
