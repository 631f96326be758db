// Every step the corridor may take outside itself, each with all of its timeouts. A step of ours is repeated until it
// succeeds, at most every 30 s: a session never ends in the middle because a database was away. Steps into the world
// end after a while, and the corridor decides without them. What no repetition mends waits for a person (attention).
import { proxyActivities, proxyLocalActivities } from '@temporalio/workflow'
import type { AftercareActivities } from './aftercare/activities.ts'
import { StepDecided } from './attention/decision.ts'
import { clock, instant } from './clock/clock.ts'
import type { AuthorizationActivities } from './authorization/activities.ts'
import type { CoverActivities } from './authorization/cover.ts'
import type { StandingActivities } from './authorization/standing.ts'
import type { CaptureActivities } from './capture/activities.ts'
import type { CdrActivities } from './record/activities.ts'
import type { ChargingActivities } from './charging/activities.ts'
import type { Connection } from './supply/connection.ts'
import { paperQueue } from './contract.ts'
import type { EvidenceActivities } from './evidence/activities.ts'
import type { FxActivities } from './booking/rates.ts'
import type { QuoteActivities } from './quote/activities.ts'
import type { RefusalActivities } from './supply/refused.ts'
import type { RoutingActivities } from './routing/activities.ts'
import type { SessionSettlementActivities } from './settlement/activities.ts'
import type { RefundActivities } from './booking/refunds.ts'
import type { SplitActivities } from './booking/activities.ts'

const repeat = { initialInterval: '200ms', backoffCoefficient: 2, maximumInterval: '30s' } as const

type OwnSteps = Pick<QuoteActivities, 'openSession'> &
  CoverActivities &
  AftercareActivities &
  RoutingActivities &
  RefusalActivities &
  ChargingActivities &
  CdrActivities &
  Pick<CaptureActivities, 'openDebt'> &
  SplitActivities &
  SessionSettlementActivities &
  Pick<EvidenceActivities, 'issuePapers' | 'extendEvidence'>
type PaperSteps = Pick<EvidenceActivities, 'issuePapers'>
type MoneySteps = Pick<AuthorizationActivities, 'releaseHold'> &
  Pick<CaptureActivities, 'capturePayment'> &
  RefundActivities &
  FxActivities
type DriverSteps = Pick<AuthorizationActivities, 'holdPayment' | 'readPayment'> & StandingActivities
type CourtesySteps = Pick<QuoteActivities, 'offerAlternatives'>

/** All that a session takes, by name; the fault table has a row for each. */
export type CorridorSteps = OwnSteps &
  PaperSteps &
  MoneySteps &
  DriverSteps &
  CourtesySteps &
  Connection

/** Whoever asks for these goes on when they fail. */
export type AnsweredStep =
  | 'openSession'
  | 'readCover'
  | keyof (DriverSteps & CourtesySteps & Connection)

/** Steps as the corridor calls them: each is told the workflow's own time, and no caller may tell it another. */
type Timed<Steps> = {
  [Name in keyof Steps]: Steps[Name] extends (input: infer Input) => infer Result
    ? (input: Omit<Input, 'now'>) => Result
    : never
}

function timed<Steps extends object>(activities: Steps): Timed<Steps> {
  const call = (name: string | symbol) => async (input: object) => {
    const step: unknown = Reflect.get(activities, name)
    if (typeof step !== 'function') return undefined
    const told = { ...input, now: instant(clock()) }
    for (;;) {
      try {
        // oxlint-disable-next-line typescript/no-unsafe-return -- a step's result has the step's own type
        return await step(told)
      } catch (error) {
        // Another try is the same step: whatever of it took place is found by its keys.
        if (!(error instanceof StepDecided) || error.decision.action !== 'retry') throw error
      }
    }
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every name is answered by its step, with the time
  return new Proxy({}, { get: (_, name) => call(name) }) as Timed<Steps>
}

/**
 * Our own database: short, repeated until done. They run where the workflow runs, in one workflow task with whatever
 * follows, which costs a tenth of a step that a queue hands out. The wait between two attempts is a timer, so that a
 * database that is away holds no workflow task.
 */
export const steps = timed(
  proxyLocalActivities<OwnSteps>({
    startToCloseTimeout: '15s',
    scheduleToCloseTimeout: '30 days',
    retry: repeat,
    localRetryThreshold: '100ms',
  }),
)

/** Papers of a sale that changed are sealed on a queue of their own, so that no running session waits behind them. */
export const paper = timed(
  proxyActivities<PaperSteps>({
    taskQueue: paperQueue,
    startToCloseTimeout: '60s',
    scheduleToCloseTimeout: '30 days',
    retry: repeat,
  }),
)

/** Money that must end one way or the other: asked again, always after a query, at most every 5 min. */
export const money = timed(
  proxyActivities<MoneySteps>({
    startToCloseTimeout: '90s',
    scheduleToCloseTimeout: '30 days',
    retry: { ...repeat, maximumInterval: '5 minutes' },
  }),
)

/** Holding money while a driver waits: after 25 s the start is refused and the hold, if any, released. */
export const driverWaits = timed(
  proxyActivities<DriverSteps>({
    startToCloseTimeout: '20s',
    scheduleToCloseTimeout: '25s',
    retry: { ...repeat, maximumInterval: '2s', nonRetryableErrorTypes: ['MoneyRefused'] },
  }),
)

/** Alternatives are a courtesy: one attempt, and none when it fails. */
export const courtesy = timed(
  proxyActivities<CourtesySteps>({
    startToCloseTimeout: '5s',
    scheduleToCloseTimeout: '10s',
    retry: { maximumAttempts: 1 },
  }),
)

/**
 * Commands to supply on the queue of whoever holds the connection. The time in the queue counts too: a dead node is
 * an answer. Commands are idempotent per session, so a second attempt finds the first.
 */
export function connectionOn(taskQueue: string): Connection {
  const command = { taskQueue, startToCloseTimeout: '35s', scheduleToCloseTimeout: '60s' } as const
  const { start, stop, unlock } = proxyActivities<Pick<Connection, 'start' | 'stop' | 'unlock'>>({
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
  return { probe, start, stop, unlock, lookup, fetchRecord }
}
