import type { Db, Tx } from '@chargelane/db'
import {
  changePayment,
  holdIdOf,
  openPayment,
  paymentById,
  paymentOfAttempt,
  paymentsOf,
  paymentSourceById,
  staleHolds,
} from '@chargelane/db/queries/payments/payments'
import type { Payment } from '@chargelane/db/queries/payments/payments'
import { learnPaymentMethod, setPaymentSourceStatus } from '@chargelane/db/queries/partners/drivers'
import { changeInTurn, changeSession } from '@chargelane/db/queries/sessions/sessions'
import { holdTold } from '@chargelane/db/views/money/holds'
import { paymentTold } from '@chargelane/db/views/money/payments'
import type { Money } from '@chargelane/openapi/vocabulary/money'
import type { PaymentKind } from '@chargelane/openapi/vocabulary/payment'
import { InvariantError, assert } from '@chargelane/rules/assert'
import { eachApart } from '../attention/apart.ts'
import { readyChanges, writeChanges } from '../charging/changes.ts'
import type { Change } from '../charging/changes.ts'
import { paymentKinds } from '../payment/kinds.ts'
import type { PaymentPorts } from '../payment/kinds.ts'
import type { Declined, PaymentState, RequiresAction } from '../payment/payment.ts'
import { queueOf } from '../routing/channels.ts'
import type { Reach } from '../routing/channels.ts'
import type { CommandQueue } from '../routing/rules.ts'

export type HoldOutcome =
  | {
      kind: 'held'
      paymentId: string
      pspId: string
      amount: Money
      captureBefore: string | null
      /** The most that can be captured of it. */
      most: Money
      /** Less than that is not captured of it, in minor units. */
      least: number
      queue?: CommandQueue
    }
  | {
      kind: 'requires_action'
      paymentId: string
      pspId: string
      clientSecret: string
      publishableKey: string | null
    }
  | ({ kind: 'declined'; paymentId: string } & Decline)
  | { kind: 'pending'; paymentId: string }
  /** The provider is out: it was not asked, and nothing was begun. */
  | { kind: 'unavailable'; retryAfterS: number }

type Decline = Omit<Declined, 'kind' | 'pspId'>

export type HoldRequest = {
  sessionId: string
  accountId: string
  attempt: number
  paymentSourceId: string
  amount: Money
  offSession: boolean
  releaseBy: string
  /** What is told with the hold, and what takes the command that follows it. */
  following?: { changes: readonly Change[]; commands: Reach }
  now: string
}

export type ReleaseOutcome = { kind: 'released' } | { kind: 'captured'; amount: Money }

type Dependencies = { db: Db; payments: PaymentPorts }

/** What may be captured of a hold. */
const boundsOf = ({ kind, hold, most }: Pick<Payment, 'kind' | 'hold' | 'most'>) => ({
  amount: hold,
  most: most ?? hold,
  least: paymentKinds[kind].amounts?.(hold.currency).least ?? 1,
})

/** What a kind holds: at least what it can capture, in whole steps. */
function heldAs(kind: PaymentKind, { amount, currency }: Money): Money {
  const { least, step } = paymentKinds[kind].amounts?.(currency) ?? { least: 1, step: 1 }
  return { amount: Math.ceil(Math.max(amount, least) / step) * step, currency }
}

/** The row's own memory of how the hold ended; undefined while the provider has not been heard. */
function remembered(row: Payment): HoldOutcome | undefined {
  if (row.status === 'authorized' && row.pspId !== null)
    return {
      kind: 'held',
      paymentId: row.id,
      pspId: row.pspId,
      captureBefore: row.captureBefore,
      ...boundsOf(row),
    }
  if (row.status === 'requires_action' && row.pspId !== null && row.clientSecret !== null)
    return {
      kind: 'requires_action',
      paymentId: row.id,
      pspId: row.pspId,
      clientSecret: row.clientSecret,
      publishableKey: row.publishableKey,
    }
  if (row.status === 'declined' || row.status === 'voided')
    return {
      kind: 'declined',
      paymentId: row.id,
      declineCode: row.declineCode ?? row.status,
      ...(row.declineAdvice === null ? {} : { advice: row.declineAdvice }),
      ...(row.networkDeclineCode === null ? {} : { networkCode: row.networkDeclineCode }),
    }
  return undefined
}

type Heard = Exclude<PaymentState, { kind: 'none' }>

type Asked = Pick<HoldRequest, 'now' | 'following'>

/** The hold, and with it what is told of the command that follows and where that goes. */
function keepHold(
  db: Db,
  row: Payment,
  { pspId, captureBefore, most, on: named, reference }: Heard & { kind: 'authorized' },
  { now, following }: Asked,
): Promise<HoldOutcome> {
  const { id: paymentId, sessionId, hold: amount } = row
  return db.tx(async (tx) => {
    const change = {
      status: 'authorized',
      pspId,
      captureBefore,
      most: most ?? null,
      heldAt: now,
      clientSecret: null,
      ...(reference === undefined ? {} : { reference }),
    } as const
    const [after = row, queue, next] = await Promise.all([
      changePayment(tx, paymentId, change, now),
      following && queueOf(tx, following.commands),
      readyChanges(tx, sessionId, following?.changes ?? []),
    ])
    if (named !== undefined) await learnPaymentMethod(tx, row.paymentSourceId, named)
    const held = {
      patch: { moneyStatus: 'held' },
      change: {
        event: { type: 'payment.authorized', data: paymentTold(after) },
        room: 'authorization',
        what: 'payment authorized',
        detail: { payment: paymentId, amount },
        dedupeKey: `${paymentId}:payment authorized`,
        at: now,
      },
    } as const
    const created = {
      patch: {},
      change: {
        event: { type: 'hold.created', data: holdTold(after) },
        room: 'authorization',
        what: 'hold created',
        detail: {
          hold: holdIdOf(paymentId),
          psp_reference: pspId,
          amount,
          expires_at: captureBefore,
        },
        dedupeKey: `${paymentId}:hold created`,
        at: now,
      },
    } as const
    await changeInTurn(tx, sessionId, [held, created, ...next], { isLast: true })
    return {
      kind: 'held',
      paymentId,
      pspId,
      captureBefore,
      ...boundsOf(after),
      ...(queue === undefined ? {} : { queue }),
    }
  })
}

/** A hold that was kept before: what follows it is told now, where it was not. */
async function tellFollowing(
  tx: Tx,
  sessionId: string,
  { changes, commands }: NonNullable<Asked['following']>,
): Promise<{ queue: CommandQueue }> {
  const [queue] = await Promise.all([queueOf(tx, commands), writeChanges(tx, sessionId, changes)])
  return { queue }
}

/** A refusal is an answer; an issuer that advises not to ask again is not asked again for this source. */
async function keepDecline(
  db: Db,
  row: Payment,
  { pspId, declineCode, advice, networkCode }: Decline & { pspId?: string },
  now: string,
): Promise<HoldOutcome> {
  const told = {
    declineCode,
    ...(advice === undefined ? {} : { advice }),
    ...(networkCode === undefined ? {} : { networkCode }),
  }
  await db.tx(async (tx) => {
    const after = await changePayment(
      tx,
      row.id,
      {
        status: 'declined',
        declineCode,
        declineAdvice: advice ?? null,
        networkDeclineCode: networkCode ?? null,
        clientSecret: null,
        ...(pspId === undefined ? {} : { pspId }),
      },
      now,
    )
    if (advice === 'do_not_try_again')
      await setPaymentSourceStatus(tx, row.accountId, row.paymentSourceId, 'failing')
    await changeSession(
      tx,
      row.sessionId,
      {},
      {
        event: { type: 'payment.failed', data: paymentTold(after ?? row) },
        room: 'authorization',
        what: 'payment declined',
        detail: {
          payment: row.id,
          amount: row.hold,
          decline_code: declineCode,
          ...(advice === undefined ? {} : { advice }),
          ...(networkCode === undefined ? {} : { network_decline_code: networkCode }),
        },
        dedupeKey: `${row.id}:payment declined`,
        at: now,
      },
      { isLast: true },
    )
  })
  return { kind: 'declined', paymentId: row.id, ...told }
}

async function keepChallenge(
  db: Db,
  row: Payment,
  { pspId, clientSecret, publishableKey }: RequiresAction,
  now: string,
): Promise<void> {
  const change = { status: 'requires_action', pspId, clientSecret, publishableKey } as const
  await db.tx(async (tx) => {
    const after = await changePayment(tx, row.id, change, now)
    await changeSession(
      tx,
      row.sessionId,
      {},
      {
        event: { type: 'payment.requires_action', data: paymentTold(after ?? row) },
        room: 'authorization',
        what: 'payer must authenticate',
        detail: { payment: row.id, amount: row.hold },
        dedupeKey: `${row.id}:payer must authenticate`,
        at: now,
      },
      { isLast: true },
    )
  })
}

/** Writes what the provider said; the session's row says it to partners in the same tx. */
async function keepAnswer(db: Db, row: Payment, state: Heard, asked: Asked): Promise<HoldOutcome> {
  const { now } = asked
  switch (state.kind) {
    case 'processing':
      return { kind: 'pending', paymentId: row.id }
    case 'authorized':
      return keepHold(db, row, state, asked)
    case 'requires_action':
      assert(paymentKinds[row.kind].canBeChallenged, `${row.kind} payments have no challenge`)
      await keepChallenge(db, row, state, now)
      return {
        kind: 'requires_action',
        paymentId: row.id,
        pspId: state.pspId,
        clientSecret: state.clientSecret,
        publishableKey: state.publishableKey,
      }
    case 'declined':
      return keepDecline(db, row, state, now)
    case 'voided':
      return keepDecline(db, row, { ...state, declineCode: 'authorization_expired' }, now)
    case 'captured':
      throw new InvariantError(`Payment ${row.id} was captured before it was authorized.`)
  }
}

export function createAuthorizationActivities({ db, payments }: Dependencies) {
  return {
    /**
     * Holds the quote's amount. The payment's row is made first, so that a repeated call asks the provider what
     * became of the first one instead of holding twice (law L2).
     */
    async holdPayment(input: HoldRequest): Promise<HoldOutcome> {
      const { now, offSession, amount, following, ...rest } = input
      const source = await paymentSourceById(db, input.paymentSourceId)
      if (source === undefined)
        throw new InvariantError(`No payment source ${input.paymentSourceId}.`)
      const { kind } = source
      const hold = heldAs(kind, amount)
      const earlier = await paymentOfAttempt(db, input.sessionId, input.attempt)
      const outage = earlier === undefined ? payments(kind).outage?.() : undefined
      if (outage !== undefined) return { kind: 'unavailable', ...outage }
      const row = earlier ?? (await openPayment(db, { ...rest, kind, hold, at: now }))
      const known = remembered(row)
      const port = payments(row.kind)
      if (known?.kind === 'held' && following !== undefined) {
        const told = await db.tx((tx) => tellFollowing(tx, input.sessionId, following))
        return { ...known, ...told }
      }
      if (known !== undefined) return known
      if (earlier !== undefined) {
        const state = await port.find({ paymentId: row.id, createdAfter: row.createdAt })
        if (state.kind !== 'none') return keepAnswer(db, row, state, input)
      }
      if (source.status === 'detached')
        return keepDecline(db, row, { declineCode: 'payment_source_detached' }, now)
      // Its issuer advised not to ask again: networks charge for it, and the answer would be the same.
      if (source.status === 'failing')
        return keepDecline(db, row, { declineCode: 'payment_source_failing' }, now)
      const outcome = await port.authorize({
        paymentId: row.id,
        sessionId: input.sessionId,
        amount: row.hold,
        paymentMethod: source.pspPaymentMethod,
        ...(source.pspCustomer === null ? {} : { customer: source.pspCustomer }),
        offSession,
        description: `Charging session ${input.sessionId}`,
        idempotencyKey: `${row.id}:authorize`,
      })
      if (outcome.kind !== 'authorized') return keepAnswer(db, row, outcome, input)
      const { on, ...held } = outcome
      const isNews = source.pspPaymentMethod === null || source.card === null
      const told = isNews && on !== undefined ? { on } : {}
      return keepAnswer(db, row, { ...held, ...told, amount: row.hold }, input)
    },

    /** Re-reads the provider's object; a webhook only says that there is something to read. */
    async readPayment(input: { paymentId: string; now: string }): Promise<HoldOutcome> {
      const row = await paymentById(db, input.paymentId)
      if (row === undefined) throw new InvariantError(`No payment ${input.paymentId}.`)
      if (row.status !== 'requires_action' && row.status !== 'created')
        return remembered(row) ?? { kind: 'pending', paymentId: row.id }
      const state = await payments(row.kind).find(
        row.pspId === null ? { paymentId: row.id } : { pspId: row.pspId },
      )
      if (state.kind === 'none') return { kind: 'pending', paymentId: row.id }
      if (state.kind === 'requires_action')
        return {
          kind: 'requires_action',
          paymentId: row.id,
          pspId: state.pspId,
          clientSecret: state.clientSecret,
          publishableKey: state.publishableKey,
        }
      return keepAnswer(db, row, state, { now: input.now })
    },

    /** Gives the hold back, once. When the provider says that it was captured meanwhile, that is the outcome. */
    async releaseHold(input: {
      sessionId: string
      attempt: number
      reason: string
      now: string
    }): Promise<ReleaseOutcome> {
      const row = await paymentOfAttempt(db, input.sessionId, input.attempt)
      return row === undefined ? { kind: 'released' } : releasePayment({ db, payments }, row, input)
    },
  }
}

export type AuthorizationActivities = ReturnType<typeof createAuthorizationActivities>

/** While another payment of the session has money, the session's is not released. */
const holding = new Set<Payment['status']>(['authorized', 'captured'])

/** Void, found before repeated; shared by the corridor and the reaper of orphaned holds (failures F12). */
export async function releasePayment(
  { db, payments }: Dependencies,
  row: Payment,
  input: { reason: string; now: string; event?: 'hold.released' | 'hold.orphan_reaped' },
): Promise<ReleaseOutcome> {
  if (row.status === 'voided' || row.status === 'declined') return { kind: 'released' }
  if (row.status === 'captured')
    return { kind: 'captured', amount: row.captured ?? { ...row.hold, amount: 0 } }
  const port = payments(row.kind)
  const state = await port.find(
    row.pspId === null ? { paymentId: row.id, createdAfter: row.createdAt } : { pspId: row.pspId },
  )
  if (state.kind === 'captured') return { kind: 'captured', amount: state.amount }
  if (state.kind === 'processing') throw new Error(`Payment ${row.id} is still being decided.`)
  if (state.kind === 'authorized' || state.kind === 'requires_action') {
    const voided = await port.void({
      pspId: state.pspId,
      idempotencyKey: `${row.id}:void`,
    })
    if (voided.kind === 'already_captured') return { kind: 'captured', amount: voided.amount }
  }
  const wasHeld = row.status === 'authorized' || state.kind === 'authorized'
  await db.tx(async (tx) => {
    const changed = await changePayment(
      tx,
      row.id,
      {
        status: state.kind === 'declined' ? 'declined' : 'voided',
        releasedAt: input.now,
        clientSecret: null,
        ...(wasHeld ? { heldAt: row.heldAt ?? input.now } : {}),
        ...('pspId' in state && state.pspId !== undefined ? { pspId: state.pspId } : {}),
      },
      input.now,
    )
    const others = await paymentsOf(tx, row.sessionId)
    const isRest = others.some(({ id, status }) => id !== row.id && holding.has(status))
    await changeSession(
      tx,
      row.sessionId,
      wasHeld && !isRest ? { moneyStatus: 'released' } : {},
      {
        ...(wasHeld && changed !== undefined
          ? { event: { type: input.event ?? 'hold.released', data: holdTold(changed) } }
          : {}),
        room: 'authorization',
        what: 'hold released',
        detail: {
          payment: row.id,
          psp_reference: row.pspId,
          reason: input.reason,
          amount: row.hold,
        },
        dedupeKey: `${row.id}:released`,
        at: input.now,
      },
      { isLast: true },
    )
  })
  return { kind: 'released' }
}

/** The reaper's own step: every hold past its deadline, each found at the provider before it is voided. */
export function createReaperActivities(deps: Dependencies) {
  return {
    async reapOrphans(input: { now: string; demand?: string }): Promise<{ released: number }> {
      let released = 0
      const reap = async (row: Payment) => {
        const outcome = await releasePayment(deps, row, {
          reason: 'orphaned',
          now: input.now,
          event: 'hold.orphan_reaped',
        })
        if (outcome.kind === 'released') released += 1
      }
      // A provider that hangs keeps only its own holds waiting.
      const byKind = Map.groupBy(
        await staleHolds(deps.db, input.now, 500, input.demand),
        ({ kind }) => kind,
      )
      const kinds = [...byKind.values()].map((rows) => eachApart(rows, reap))
      for (const reaped of await Promise.allSettled(kinds))
        if (reaped.status === 'rejected') throw reaped.reason
      return { released }
    },
  }
}

export type ReaperActivities = ReturnType<typeof createReaperActivities>
