// What one running session has heard, what it has decided, and what it waits for: the corridor's only state.
import { condition, setHandler, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow'
import type { SessionChange, SessionPatch } from '@chargelane/db/queries/sessions/sessions'
import type { Connectivity, EndReason, SessionStatus } from '@chargelane/openapi/vocabulary/status'
import {
  authorize,
  defaultDeadlines,
  forceStop,
  nextAction,
  paymentEvent,
  requestStop,
  searchAttributes,
  settled,
  supplyEvent,
  timelineQuery,
} from './contract.ts'
import type { AuthorizationAnswer, Deadlines, SessionInput, StopAnswer } from './contract.ts'
import { hear, nothingHeard } from './charging/rules.ts'
import type { Heard } from './charging/rules.ts'
import type { SessionFacts } from './quote/activities.ts'
import { assert } from '@chargelane/rules/assert'
import { steps } from './steps.ts'

export type Life = {
  readonly input: SessionInput
  readonly sessionId: string
  facts: SessionFacts | undefined
  deadlines: Deadlines
  heard: Heard
  status: SessionStatus
  connectivity: Connectivity
  answer: AuthorizationAnswer | undefined
  /** Whoever asked first to end the session. */
  stop: { by: string; reason: EndReason } | undefined
  /** The end of charging as it was believed. */
  endedAt: string | undefined
  /** Objects of the payment provider that changed since they were last read. */
  paymentNews: Set<string>
  settledRoles: Set<string>
  timeline: { at: string; room: string; what: string }[]
  waiting: { waitingFor: string; deadline: string | null }
}

/** The workflow's own clock, the same on every replay, in milliseconds. */
export const clock = (): number => Date.now()
export const instant = (ms: number): string => new Date(ms).toISOString()
export const millis = (at: string): number => Date.parse(at)

/** Signals may arrive before the first step has run, so every handler is set before anything is awaited. */
export function openLife(input: SessionInput): Life {
  const life: Life = {
    input,
    sessionId: input.sessionId,
    facts: undefined,
    deadlines: defaultDeadlines,
    heard: nothingHeard,
    status: 'authorizing',
    connectivity: 'live',
    answer: undefined,
    stop: undefined,
    endedAt: undefined,
    paymentNews: new Set(),
    settledRoles: new Set(),
    timeline: [],
    waiting: { waitingFor: 'quote', deadline: null },
  }
  setHandler(supplyEvent, (event) => {
    life.heard = hear(life.heard, event)
  })
  setHandler(paymentEvent, (event) => {
    life.paymentNews.add(event.pspId)
  })
  setHandler(settled, (event) => {
    life.settledRoles.add(event.role)
  })
  setHandler(forceStop, (order) => {
    life.stop ??= { by: order.by, reason: 'requested' }
    life.heard = { ...life.heard, forced: true }
  })
  setHandler(timelineQuery, () => life.timeline)
  setHandler(nextAction, () => life.waiting)
  setHandler(authorize, async () => {
    await condition(() => life.answer !== undefined)
    assert(life.answer !== undefined, 'an answer that was waited for exists')
    return life.answer
  })
  setHandler(requestStop, ({ by }) => askToStop(life, by), {
    validator: ({ by }) => {
      if (!['partner', 'driver', 'operations'].includes(by))
        throw new TypeError(`by: ${String(by)} may not stop a session`)
    },
  })
  return life
}

function askToStop(life: Life, by: string): StopAnswer {
  if (['ended', 'start_failed', 'cancelled'].includes(life.status))
    return {
      kind: 'refused',
      code: 'invalid_transition',
      message: `Session ${life.sessionId} is ${life.status}.`,
    }
  life.stop ??= { by, reason: 'requested' }
  return { kind: 'stopping' }
}

export function factsOf(life: Life): SessionFacts {
  assert(life.facts !== undefined, 'the session is open')
  return life.facts
}

/** Waits for a fact, never longer than its deadline. True when the fact came, false when the time did. */
export async function waitFor(
  life: Life,
  what: string,
  deadlineMs: number,
  fact: () => boolean,
): Promise<boolean> {
  life.waiting = { waitingFor: what, deadline: instant(deadlineMs) }
  const left = deadlineMs - clock()
  const came = fact() || (left > 0 && (await condition(fact, left)))
  life.waiting = { waitingFor: 'next step', deadline: null }
  return came
}

export type Note = {
  room: string
  what: string
  patch?: SessionPatch
  event?: NonNullable<SessionChange['event']>
  detail?: Record<string, unknown>
}

/** A change partners can see: the row, its timeline and its event, written once. */
export async function note(life: Life, { room, what, patch = {}, event, detail }: Note) {
  const at = instant(clock())
  const before = life.timeline.filter((entry) => entry.room === room && entry.what === what).length
  life.timeline.push({ at, room, what })
  if (patch.status !== undefined) life.status = patch.status
  if (patch.connectivity !== undefined) life.connectivity = patch.connectivity
  life.waiting = { waitingFor: `${room}: ${what}`, deadline: null }
  await steps.recordChange({
    sessionId: life.sessionId,
    patch,
    change: {
      room,
      what,
      at,
      dedupeKey: `${life.sessionId}:${room}:${what}:${before}`,
      ...(event === undefined ? {} : { event }),
      ...(detail === undefined ? {} : { detail }),
    },
  })
  showOperator(patch)
}

function showOperator(patch: SessionPatch) {
  if (patch.moneyStatus !== undefined)
    upsertSearchAttributes([{ key: searchAttributes.moneyState, value: patch.moneyStatus }])
  if (patch.slaDeadline !== undefined)
    upsertSearchAttributes([
      { key: searchAttributes.slaDeadline, value: new Date(patch.slaDeadline) },
    ])
}

/** What an operator searches a session by in the Temporal UI. */
export function showIdentity(life: Life): void {
  const facts = factsOf(life)
  upsertSearchAttributes([
    { key: searchAttributes.sessionId, value: life.sessionId },
    { key: searchAttributes.partnerId, value: facts.accountId },
    { key: searchAttributes.cpoId, value: facts.cpoId },
    { key: searchAttributes.evseId, value: facts.evseId },
    { key: searchAttributes.moneyState, value: 'unfunded' },
  ])
}

export const ownWorkflowId = (): string => workflowInfo().workflowId
