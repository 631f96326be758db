// The desk of a workflow: a step that failed for good waits there until a person decides. The desk stands beside the
// corridor, since any step may fail, and the corridor hears only what was decided.
import {
  ActivityFailure,
  isCancellation,
  proxyLocalActivities,
  setHandler,
  TemporalFailure,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow'
import type { WorkflowInterceptorsFactory } from '@temporalio/workflow'
import { clock, instant, waitUntil } from '../clock/clock.ts'
import { act, nextAction, searchAttributes, workflowTypes } from '../contract.ts'
import type { AnsweredStep } from '../steps.ts'
import type { AttentionActivities } from './activities.ts'
import { type Asked, type Decided, objectionTo, StepDecided } from './decision.ts'

const { askForDecision, keepDecision } = proxyLocalActivities<AttentionActivities>({
  startToCloseTimeout: '15s',
  scheduleToCloseTimeout: '30 days',
  retry: { initialInterval: '200ms', backoffCoefficient: 2, maximumInterval: '30s' },
  localRetryThreshold: '100ms',
})

/** Steps whose failure is an answer: the corridor decides without them. */
const answered: Record<AnsweredStep | keyof AttentionActivities, true> = {
  openSession: true,
  holdPayment: true,
  readPayment: true,
  readCover: true,
  increaseHold: true,
  checkHold: true,
  offerAlternatives: true,
  probe: true,
  start: true,
  stop: true,
  unlock: true,
  lookup: true,
  fetchRecord: true,
  askForDecision: true,
  keepDecision: true,
}

const waiting: readonly string[] = [workflowTypes.session, workflowTypes.lateRecord]

/** The cause in the words of whoever threw it. A local step's failure is its own, another's is wrapped. */
const causeOf = (error: TemporalFailure): string =>
  (error instanceof ActivityFailure ? error.cause?.message : undefined) ?? error.message

/** Both kinds of workflow are told their session by their input. */
function sessionOf([input]: unknown[]): string {
  if (typeof input !== 'object' || input === null) return ''
  if ('sessionId' in input && typeof input.sessionId === 'string') return input.sessionId
  if (!('left' in input) || typeof input.left !== 'object' || input.left === null) return ''
  return 'input' in input.left ? sessionOf([input.left.input]) : ''
}

type Desk = { sessionId: string; asked: Asked | undefined; decided: Decided | undefined }

const now = () => instant(clock())

/** Puts the step before a person; one at a time. */
async function waitForDecision(desk: Desk, step: string, cause: string): Promise<never> {
  await waitUntil(Infinity, () => desk.asked === undefined)
  const { sessionId } = desk
  const { workflowId } = workflowInfo()
  // Held before anything is awaited, so that a second step queues behind it.
  desk.asked = { incidentId: '', step, actions: [] }
  const asked = await askForDecision({ sessionId, workflowId, step, cause, now: now() })
  desk.asked = asked
  upsertSearchAttributes([{ key: searchAttributes.needsAttention, value: asked.incidentId }])
  await waitUntil(Infinity, () => desk.decided !== undefined)
  const decision = desk.decided
  if (decision === undefined) throw new TypeError('a decision that was waited for exists')
  const standing = await keepDecision({ sessionId, workflowId, decision, now: now() })
  desk.asked = undefined
  desk.decided = undefined
  upsertSearchAttributes([{ key: searchAttributes.needsAttention, value: null }])
  throw new StepDecided(decision, standing)
}

async function mended<T>(desk: Desk, step: string, run: Promise<T>): Promise<T> {
  try {
    return await run
  } catch (error) {
    const isFailure = error instanceof TemporalFailure && !isCancellation(error)
    if (Object.hasOwn(answered, step) || !isFailure) throw error
    return waitForDecision(desk, step, causeOf(error))
  }
}

export const interceptors: WorkflowInterceptorsFactory = () => {
  if (!waiting.includes(workflowInfo().workflowType)) return {}
  const desk: Desk = { sessionId: '', asked: undefined, decided: undefined }
  return {
    inbound: [
      {
        execute(input, next) {
          desk.sessionId = sessionOf(input.args)
          setHandler(
            act,
            async (decision) => {
              const { incidentId = '', step = '' } = desk.asked ?? {}
              desk.decided ??= { ...decision, incidentId, step }
              await waitUntil(Infinity, () => desk.asked?.incidentId !== incidentId)
              return { incidentId }
            },
            {
              validator: (decision) => {
                const objection = objectionTo(decision, desk.decided ? undefined : desk.asked)
                if (objection !== undefined) throw new TypeError(objection)
              },
            },
          )
          return next(input)
        },
        handleQuery(input, next) {
          if (input.queryName !== nextAction.name || desk.asked === undefined) return next(input)
          const { step, incidentId } = desk.asked
          return Promise.resolve({
            waitingFor: `decision on ${step} (${incidentId})`,
            deadline: null,
          })
        },
      },
    ],
    outbound: [
      {
        scheduleActivity: (input, next) => mended(desk, input.activityType, next(input)),
        scheduleLocalActivity: (input, next) => mended(desk, input.activityType, next(input)),
      },
    ],
  }
}
