// What a lower price gives back: booked with the sale's change, and sent to the provider once.
import type { Db, Tx } from '@chargelane/db'
import { openIncident, settleIncidents } from '@chargelane/db/queries/operations/incidents'
import { type Payment, paymentById, paymentsOf } from '@chargelane/db/queries/payments/payments'
import {
  endRefund,
  failRefund,
  lookAgain,
  openRefund,
  type Refund,
  refundsOf,
  refundsToLookAt,
  refusedRefunds,
  reopenedRefunds,
  reopenRefund,
  replaceRefund,
} from '@chargelane/db/queries/payments/refunds'
import { entryByKey, postEntry } from '@chargelane/db/queries/ledger/ledger'
import {
  changeSession,
  getSession,
  type SessionPatch,
} from '@chargelane/db/queries/sessions/sessions'
import { paymentTold } from '@chargelane/db/views/money/payments'
import type { Money } from '@chargelane/openapi/vocabulary/money'
import type { RefundReason } from '@chargelane/openapi/vocabulary/payment'
import { assert } from '@chargelane/rules/assert'
import { kindFacts } from '@chargelane/rules/booking/kinds'
import { refundByBankEntry, refundFailedEntry, refundRepeatedEntry } from '@chargelane/rules/ledger'
import { minimum, money, subtract } from '@chargelane/rules/money'
import { instant, millis } from '../clock/instants.ts'
import type { PaymentPorts } from '../payment/kinds.ts'
import { MoneyFailure } from '../payment/payment.ts'

type Dependencies = { db: Db; payments: PaymentPorts }
export type RefundOrder = {
  sessionId: string
  revision: number
  amount: Money
  now: string
  /** Why it was decided; absent where the price itself fell. */
  reason?: RefundReason
}

/** Written before anybody is asked, from the last capture backwards; a repetition finds what was written. */
export async function planRefunds(tx: Tx, order: RefundOrder): Promise<Refund[]> {
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
    const why = order.reason === undefined ? {} : { reason: order.reason }
    await openRefund(tx, { paymentId, sessionId, revision, amount: part, ...why }, now)
    left = subtract(left, part)
  }
  assert(left.amount === 0, `${sessionId} gives back ${left.amount} more than was captured`)
  return (await refundsOf(tx, sessionId)).filter((refund) => refund.revision === revision)
}

const nameOf = ({ id, attempt }: Refund): string => (attempt === 1 ? id : `${id}-${attempt}`)

/** What the provider says of a refund of ours: it is made, or found where it was made before. */
async function askProvider({ db, payments }: Dependencies, refund: Refund) {
  const payment = await paymentById(db, refund.paymentId)
  if (payment === undefined || payment.pspId === null)
    throw new Error(`No capture of ${refund.paymentId}.`)
  const refundId = nameOf(refund)
  const { pspId } = payment
  const outcome = await payments(payment.kind)
    .refund({ pspId, refundId, amount: refund.amount, idempotencyKey: `${refundId}:refund` })
    .catch((error: unknown) => {
      if (error instanceof MoneyFailure && !error.retryable)
        return { kind: 'refused', code: error.code } as const
      throw error
    })
  return { payment, outcome }
}

const dayMs = 86_400_000
/** docs.stripe.com/refunds#failed-refunds: a bank may return one for 30 days. */
const standsAfterMs = 35 * dayMs

/** A day after it was given back, then after twice the time, until nobody can refuse it any more. */
function nextLook({ updatedAt }: Pick<Refund, 'updatedAt'>, now: string): string | null {
  const age = millis(now) - millis(updatedAt)
  return age >= standsAfterMs ? null : instant(millis(now) + Math.max(dayMs, age))
}

async function sendRefund(deps: Dependencies, refund: Refund, now: string) {
  const { payment, outcome } = await askProvider(deps, refund)
  await deps.db.tx(async (tx) => {
    if (outcome.kind === 'refused') {
      const end = { status: 'refused', reference: null, lookAt: null, at: now } as const
      if (!(await endRefund(tx, refund.id, end))) return
      // A repeated one is owed since its first attempt.
      if (refund.attempt === 1) await bookRefund(tx, refund, payment, 'failed', now)
      return tellRefusal(tx, refund, payment, { code: outcome.code, what: 'refund refused' }, now)
    }
    const { reference } = outcome
    const lookAt = nextLook({ updatedAt: now }, now)
    if (!(await endRefund(tx, refund.id, { status: 'refunded', reference, lookAt, at: now })))
      return
    if (refund.attempt > 1) await bookRefund(tx, refund, payment, 'repeated', now)
    await settleRefunds(tx, payment.id, `Given back by the provider: ${reference}.`, now)
    await changeSession(
      tx,
      refund.sessionId,
      await wholePatch(tx, refund.sessionId),
      {
        event: { type: 'payment.refunded', data: paymentTold(payment) },
        room: 'booking',
        what: 'refunded',
        detail: detailOf(refund, reference),
        dedupeKey: `${nameOf(refund)}:refunded`,
        at: now,
      },
      { isLast: true },
    )
  })
}

const detailOf = (refund: Refund, reference: string | null) => ({
  refund: nameOf(refund),
  payment: refund.paymentId,
  amount: refund.amount,
  provider_reference: reference,
})

const entryOf = { failed: refundFailedEntry, repeated: refundRepeatedEntry } as const

/** The change of the sale booked it as given back; what did not come to be, or came later, is an entry of its own. */
async function bookRefund(
  tx: Tx,
  refund: Refund,
  { kind, accountId }: Payment,
  what: keyof typeof entryOf,
  now: string,
): Promise<void> {
  const { sessionId, amount } = refund
  const source = kindFacts[kind].ledgerAccount(accountId, amount.currency)
  const key = `${nameOf(refund)}:${what}`
  if ((await entryByKey(tx, key)) !== undefined) return
  const entry = entryOf[what]({ key, sessionId, source, amount })
  await postEntry(tx, { ...entry, effectiveAt: now })
}

/** The driver is owed it until somebody decides how it is paid; what was a refund in full is one no more. */
async function tellRefusal(
  tx: Tx,
  refund: Refund,
  payment: Payment,
  { code, what }: { code: string; what: string },
  now: string,
): Promise<void> {
  const { sessionId, amount, reference } = refund
  await openIncident(tx, {
    kind: 'payout_failed',
    subject: { type: 'payment', id: payment.id },
    accountId: payment.accountId,
    sessionId,
    cause: `The provider did not give back what the driver is owed: ${code}.`,
    detail: { refund: nameOf(refund), code },
    atStake: amount,
    actions: ['retry', 'pay_by_bank'],
    at: now,
  })
  const session = await getSession(tx, 'all', sessionId)
  await changeSession(
    tx,
    sessionId,
    session?.moneyStatus === 'refunded' ? { moneyStatus: 'adjusted' } : {},
    {
      event: { type: 'payment.refund_failed', data: paymentTold(payment) },
      room: 'booking',
      what,
      detail: { ...detailOf(refund, reference), code },
      dedupeKey: `${nameOf(refund)}:${what}`,
      at: now,
    },
    { isLast: true },
  )
}

/** Whether it stood: a bank may return to the provider what it had given back, weeks later. */
async function lookAtRefund(deps: Dependencies, refund: Refund, now: string): Promise<boolean> {
  const { payment, outcome } = await askProvider(deps, refund)
  if (outcome.kind === 'refunded') {
    await lookAgain(deps.db, refund.id, nextLook(refund, now))
    return false
  }
  return deps.db.tx(async (tx) => {
    if (!(await failRefund(tx, refund.id, now))) return false
    await bookRefund(tx, refund, payment, 'failed', now)
    await tellRefusal(tx, refund, payment, { code: outcome.code, what: 'refund came back' }, now)
    return true
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
    /** Those that may have come back: where the provider had news of one, and from time to time. */
    async lookAtRefunds({ now }: { now: string }): Promise<{ failed: number }> {
      const due = await refundsToLookAt(deps.db, { now, limit: againMax })
      const looked = await Promise.allSettled(due.map((refund) => lookAtRefund(deps, refund, now)))
      return {
        failed: looked.filter((each) => each.status === 'fulfilled' && each.value).length,
      }
    },
  }
}

export type RepeatedRefundActivities = ReturnType<typeof createRepeatedRefundActivities>
export type RefundActivities = ReturnType<typeof createRefundActivities>
