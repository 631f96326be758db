// What a lower price gives back: booked with the sale's change, and sent to the provider once.
import type { Db, Tx } from '@chargelane/db'
import { openIncident, settleIncidents } from '@chargelane/db/queries/operations/incidents'
import { paymentById, paymentsOf } from '@chargelane/db/queries/payments/payments'
import {
  endRefund,
  openRefund,
  type Refund,
  refundsOf,
  refusedRefunds,
  reopenedRefunds,
  reopenRefund,
  replaceRefund,
} from '@chargelane/db/queries/payments/refunds'
import { postEntry } from '@chargelane/db/queries/ledger/ledger'
import {
  changeSession,
  getSession,
  type SessionPatch,
} from '@chargelane/db/queries/sessions/sessions'
import { paymentView } from '@chargelane/db/views/money/payments'
import type { Money } from '@chargelane/openapi/vocabulary/money'
import { assert } from '@chargelane/rules/assert'
import { refundByBankEntry } from '@chargelane/rules/ledger'
import { minimum, money, subtract } from '@chargelane/rules/money'
import type { PaymentPorts } from '../payment/kinds.ts'
import { MoneyFailure } from '../payment/payment.ts'

type Dependencies = { db: Db; payments: PaymentPorts }
export type RefundOrder = { sessionId: string; revision: number; amount: Money; now: string }

/** Written before anybody is asked, from the last capture backwards; a repetition finds what was written. */
async function planRefunds(tx: Tx, order: RefundOrder): Promise<Refund[]> {
  const { sessionId, revision, amount, now } = order
  const before = await refundsOf(tx, sessionId)
  const planned = before.filter((refund) => refund.revision === revision)
  if (planned.length > 0) return planned
  let left = amount
  for (const { id: paymentId, captured } of (await paymentsOf(tx, sessionId)).toReversed()) {
    if (captured === null) continue
    const given = before
      .filter((refund) => refund.paymentId === paymentId)
      .reduce((sum, refund) => sum + refund.amount.amount, 0)
    const rest = money(captured.amount - given, captured.currency)
    const part = minimum(left, rest)
    if (part.amount <= 0) continue
    await openRefund(tx, { paymentId, sessionId, revision, amount: part }, now)
    left = subtract(left, part)
  }
  assert(left.amount === 0, `${sessionId} gives back ${left.amount} more than was captured`)
  return (await refundsOf(tx, sessionId)).filter((refund) => refund.revision === revision)
}

async function sendRefund({ db, payments }: Dependencies, refund: Refund, now: string) {
  const { id, attempt, paymentId, sessionId, amount } = refund
  const refundId = attempt === 1 ? id : `${id}-${attempt}`
  const payment = await paymentById(db, paymentId)
  if (payment === undefined || payment.pspId === null)
    throw new Error(`No capture of ${paymentId}.`)
  const { pspId } = payment
  const idempotencyKey = `${refundId}:refund`
  const outcome = await payments(payment.kind)
    .refund({ pspId, refundId, amount, idempotencyKey })
    .catch((error: unknown) => {
      if (error instanceof MoneyFailure && !error.retryable)
        return { kind: 'refused', code: error.code } as const
      throw error
    })
  await db.tx(async (tx) => {
    const isRefunded = outcome.kind === 'refunded'
    const reference = isRefunded ? outcome.reference : null
    const status = isRefunded ? 'refunded' : 'refused'
    if (!(await endRefund(tx, id, { status, reference, at: now }))) return
    if (outcome.kind === 'refused')
      await openIncident(tx, {
        kind: 'payout_failed',
        subject: { type: 'payment', id: paymentId },
        accountId: payment.accountId,
        sessionId,
        cause: `The provider did not give back what the driver is owed: ${outcome.code}.`,
        detail: { refund: refundId, code: outcome.code },
        atStake: amount,
        actions: ['retry', 'pay_by_bank'],
        at: now,
      })
    else await settleRefunds(tx, paymentId, `Given back by the provider: ${reference ?? ''}.`, now)
    await changeSession(
      tx,
      sessionId,
      isRefunded ? await wholePatch(tx, sessionId) : {},
      {
        ...(isRefunded
          ? { event: { type: 'payment.refunded', data: paymentView(payment) } as const }
          : {}),
        room: 'booking',
        what: isRefunded ? 'refunded' : 'refund refused',
        detail: { refund: refundId, payment: paymentId, amount, provider_reference: reference },
        dedupeKey: `${refundId}:${status}`,
        at: now,
      },
      { isLast: true },
    )
  })
}

/** A sale at nothing is refunded once the provider, or a bank transfer, has given all of it back; until then it is adjusted. */
async function wholePatch(tx: Tx, sessionId: string): Promise<SessionPatch> {
  const session = await getSession(tx, 'all', sessionId)
  if (session?.moneyStatus !== 'adjusted' || session.totalGrossMinor !== 0) return {}
  const isWhole = (await refundsOf(tx, sessionId)).every(({ status }) => status === 'refunded')
  return isWhole ? { moneyStatus: 'refunded' } : {}
}

/** Nothing of the payment is refused any more. */
async function settleRefunds(tx: Tx, paymentId: string, cause: string, at: string): Promise<void> {
  if ((await refusedRefunds(tx, paymentId)).length > 0) return
  const subject = { type: 'payment', id: paymentId } as const
  await settleIncidents(tx, { kinds: ['payout_failed'], subject }, { cause, at })
}

type Wish = { paymentId: string; reason: string; keyId: string; now: string }

/** What the provider refused of a payment, with each of which the session's timeline says what was decided. */
function decideRefunds(
  db: Db,
  { paymentId, reason, keyId, now }: Wish,
  what: string,
  decide: (tx: Tx, refund: Refund) => Promise<boolean>,
): Promise<void> {
  return db.tx(async (tx) => {
    for (const refund of await refusedRefunds(tx, paymentId)) {
      if (!(await decide(tx, refund))) continue
      const { id, attempt, sessionId, amount } = refund
      await changeSession(tx, sessionId, await wholePatch(tx, sessionId), {
        room: 'booking',
        what,
        detail: { refund: id, payment: paymentId, amount, reason, by: keyId },
        dedupeKey: `${id}:${what}:${attempt}`,
        at: now,
      })
    }
  })
}

/** The provider is asked once more, by the next batch. */
export const retryRefunds = (db: Db, wish: Wish): Promise<void> =>
  decideRefunds(db, wish, 'refund asked for again', (tx, { id }) => reopenRefund(tx, id, wish.now))

/** Somebody has paid the driver by bank transfer: the reason says which. */
export const payRefundsByBank = (db: Db, wish: Wish): Promise<void> =>
  decideRefunds(db, wish, 'refunded by bank transfer', async (tx, { id, sessionId, amount }) => {
    const { reason: reference, now } = wish
    const entry = refundByBankEntry({ key: `${id}:by_bank`, sessionId, amount })
    await postEntry(tx, { ...entry, effectiveAt: now })
    return replaceRefund(tx, id, { reference, at: now })
  })

/** As many as a batch sends again; the next takes the rest. */
const againMax = 200

export function createRefundActivities(deps: Dependencies) {
  return {
    /**
     * Gives back what a change of the sale made too much, each part once; what is refused is an incident, and the driver
     * is owed it until then.
     */
    async refundSale(order: RefundOrder): Promise<'given_back' | 'refused'> {
      const { sessionId, revision, now } = order
      const planned = await deps.db.tx((tx) => planRefunds(tx, order))
      for (const refund of planned)
        if (refund.status === 'pending') await sendRefund(deps, refund, now)
      const sent = (await refundsOf(deps.db, sessionId)).filter(
        (each) => each.revision === revision,
      )
      return sent.some(({ status }) => status === 'refused') ? 'refused' : 'given_back'
    },
  }
}

/** A batch's own step: what somebody asked for again. One that cannot be sent keeps no other waiting. */
export function createRepeatedRefundActivities(deps: Dependencies) {
  return {
    async repeatRefunds({ now }: { now: string }): Promise<{ sent: number }> {
      const again = await reopenedRefunds(deps.db, againMax)
      const sent = await Promise.allSettled(again.map((refund) => sendRefund(deps, refund, now)))
      return { sent: sent.filter(({ status }) => status === 'fulfilled').length }
    },
  }
}

export type RepeatedRefundActivities = ReturnType<typeof createRepeatedRefundActivities>
export type RefundActivities = ReturnType<typeof createRefundActivities>
