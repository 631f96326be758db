// Every step the corridor may take outside itself, each with all of its timeouts. A step of ours is repeated until it
// succeeds, at most every 30 s: a session never ends in the middle because a database was away. Steps into the world
// end after a while, and the corridor decides without them.
import { proxyActivities } from '@temporalio/workflow'
import type { AuthorizationActivities } from './authorization/activities.ts'
import type { CaptureActivities } from './capture/activities.ts'
import type { CdrActivities } from './record/activities.ts'
import type { ChargingActivities } from './charging/activities.ts'
import type { Connection } from './supply/connection.ts'
import type { FxActivities } from './booking/rates.ts'
import type { QuoteActivities } from './quote/activities.ts'
import type { RoutingActivities } from './routing/activities.ts'
import type { SessionSettlementActivities } from './settlement/activities.ts'
import type { SplitActivities } from './booking/activities.ts'

const repeat = { initialInterval: '200ms', backoffCoefficient: 2, maximumInterval: '30s' } as const

/** Paper: written by the invoice and evidence rooms, both once per session and reason. */
export type PaperActivities = {
  issueInvoice(input: { sessionId: string; now: string }): Promise<{ invoiceId: string }>
  sealEvidence(input: {
    sessionId: string
    now: string
  }): Promise<{ evidenceId: string; revision: number }>
}

/** Our own database: short, repeated until done. */
export const steps = proxyActivities<
  Pick<QuoteActivities, 'openSession'> &
    RoutingActivities &
    ChargingActivities &
    CdrActivities &
    Pick<CaptureActivities, 'openDebt'> &
    Pick<AuthorizationActivities, 'extendHold'> &
    SplitActivities &
    SessionSettlementActivities
>({ startToCloseTimeout: '15s', scheduleToCloseTimeout: '30 days', retry: repeat })

/** Invoice and evidence render documents, which takes longer. */
export const paper = proxyActivities<PaperActivities>({
  startToCloseTimeout: '60s',
  scheduleToCloseTimeout: '30 days',
  retry: repeat,
})

/** Money that must end one way or the other: asked again, always after a query, at most every 5 min. */
export const money = proxyActivities<
  Pick<AuthorizationActivities, 'releaseHold'> &
    Pick<CaptureActivities, 'capturePayment'> &
    FxActivities
>({
  startToCloseTimeout: '90s',
  scheduleToCloseTimeout: '30 days',
  retry: { ...repeat, maximumInterval: '5 minutes' },
})

/** Holding money while a driver waits: after 25 s the start is refused and the hold, if any, released. */
export const driverWaits = proxyActivities<
  Pick<AuthorizationActivities, 'holdPayment' | 'readPayment'>
>({
  startToCloseTimeout: '20s',
  scheduleToCloseTimeout: '25s',
  retry: { ...repeat, maximumInterval: '2s', nonRetryableErrorTypes: ['MoneyRefused'] },
})

/** Alternatives are a courtesy: one attempt, and none when it fails. */
export const courtesy = proxyActivities<Pick<QuoteActivities, 'offerAlternatives'>>({
  startToCloseTimeout: '5s',
  scheduleToCloseTimeout: '10s',
  retry: { maximumAttempts: 1 },
})

/**
 * Commands to supply on the queue of whoever holds the connection. The time in the queue counts too: a dead node is
 * an answer. Commands are idempotent per session, so a second attempt finds the first.
 */
export function connectionOn(taskQueue: string): Connection {
  const command = { taskQueue, startToCloseTimeout: '35s', scheduleToCloseTimeout: '60s' } as const
  const { start, stop } = proxyActivities<Pick<Connection, 'start' | 'stop'>>({
    ...command,
    retry: { ...repeat, maximumInterval: '5s', maximumAttempts: 3 },
  })
  const { lookup, fetchRecord } = proxyActivities<Pick<Connection, 'lookup' | 'fetchRecord'>>({
    ...command,
    retry: { ...repeat, maximumInterval: '10s', maximumAttempts: 2 },
  })
  const { probe } = proxyActivities<Pick<Connection, 'probe'>>({
    taskQueue,
    startToCloseTimeout: '5s',
    scheduleToCloseTimeout: '5s',
    // A probe that failed at once is worth a second one inside the same five seconds.
    retry: { ...repeat, maximumAttempts: 2 },
  })
  return { probe, start, stop, lookup, fetchRecord }
}
