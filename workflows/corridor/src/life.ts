// What one running session has heard, what it has decided, and what it waits for: the corridor's only state. It changes
// in this file alone, by the verbs below and by signals.
import { setHandler, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow'
import type { SessionPatch } from '@chargelane/db/queries/sessions/sessions'
import type {
  Connectivity,
  EndReason,
  MoneyStatus,
  SessionStatus,
} from '@chargelane/openapi/vocabulary/status'
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
import type {
  AuthorizationAnswer,
  Deadlines,
  SessionInput,
  StopAnswer,
  SupplyEvent,
} from './contract.ts'
import { clock, instant, waitUntil } from './clock/clock.ts'
import { hear, nothingHeard } from './charging/rules.ts'
import type { Heard } from './charging/rules.ts'
import type { Change, Told } from './charging/changes.ts'
import type { SessionFacts } from './quote/activities.ts'
import type { Candidate, CommandQueue } from './routing/rules.ts'
import type { PartyRef } from '@chargelane/openapi/vocabulary/parties'
import { assert } from '@chargelane/rules/assert'
import { partyKey } from '@chargelane/rules/split/parties'
import {
  heardOf,
  isPaymentEvent,
  isSettledNews,
  isStopOrder,
  isSupplyEvent,
} from './attention/signals.ts'
import { steps } from './steps.ts'

type Cause = { by: string; reason: EndReason }
type SearchAttribute = Parameters<typeof upsertSearchAttributes>[0] & unknown[]

type State = {
  readonly input: SessionInput
  readonly sessionId: string
  facts: SessionFacts | undefined
  /** The channels to the EVSE as they were ranked when the session was opened. */
  channels: readonly Candidate[]
  deadlines: Deadlines
  heard: Heard
  status: SessionStatus
  connectivity: Connectivity
  answer: AuthorizationAnswer | undefined
  /** Whoever asked first to end the session. */
  stop: Cause | undefined
  /** The end of charging as it was believed. */
  endedAt: string | undefined
  /** That end was told by nobody; with the reason of whoever had asked to stop. */
  guessedEnd: { asked: EndReason | undefined } | undefined
  /** Objects of the payment provider that changed since they were last read. */
  paymentNews: Set<string>
  /** The payees that have their money, by `partyKey`. */
  paidPayees: Set<string>
  timeline: { at: string; room: string; what: string }[]
  waiting: { waitingFor: string; deadline: string | null }
  /** What supply told with an answer, by its keys; the next change marks it as heard. */
  unmarked: string[]
  /** Changes that are written with the next one. */
  unwritten: Change[]
  /** What operators search by and is not shown yet; shown when the session waits. */
  unshown: SearchAttribute
}

/** A session's state as the rooms see it: to read. */
export type Life = Readonly<State> & { readonly paidPayees: ReadonlySet<string> }

/** Signals may arrive before the first step has run, so every handler is set before anything is awaited. */
export const openLife = (input: SessionInput): Life => beginLife(input)

/** What a session's workflow leaves to its aftercare, as plain data. */
export type LeftLife = Pick<
  State,
  'input' | 'facts' | 'deadlines' | 'heard' | 'status' | 'connectivity' | 'endedAt' | 'guessedEnd'
>

export function leaveLife(life: Life): LeftLife {
  const { input, facts, deadlines, heard, status, connectivity, endedAt, guessedEnd } = life
  return { input, facts, deadlines, heard, status, connectivity, endedAt, guessedEnd }
}

/** Goes on with a session whose workflow is over; operators find it by the session. */
export function resumeLife(left: LeftLife): Life {
  const life = Object.assign(beginLife(left.input), left)
  life.unshown.push({ key: searchAttributes.sessionId, value: left.input.sessionId })
  return life
}

function beginLife(input: SessionInput): State {
  const life: State = {
    input,
    sessionId: input.sessionId,
    facts: undefined,
    channels: [],
    deadlines: defaultDeadlines,
    heard: nothingHeard,
    status: 'authorizing',
    connectivity: 'live',
    answer: undefined,
    stop: undefined,
    endedAt: undefined,
    guessedEnd: undefined,
    paymentNews: new Set(),
    paidPayees: new Set(),
    timeline: [],
    waiting: { waitingFor: 'quote', deadline: null },
    unmarked: [],
    unwritten: [],
    unshown: [],
  }
  const ignored = (signal: string) => () =>
    noteLater(life, { room: 'signals', what: `${signal} ignored: not as agreed` })
  setHandler(supplyEvent, (...brought) => {
    for (const event of heardOf(brought, isSupplyEvent, ignored('supplyEvent')))
      life.heard = hear(life.heard, event)
  })
  setHandler(paymentEvent, (...brought) => {
    for (const { pspId } of heardOf(brought, isPaymentEvent, ignored('paymentEvent')))
      life.paymentNews.add(pspId)
  })
  setHandler(settled, (...brought) => {
    const news = heardOf(brought, isSettledNews, ignored('settled'))
    markSettled(
      life,
      news.map(({ payee }) => payee),
    )
  })
  setHandler(forceStop, (...brought) => {
    const [order] = heardOf(brought, isStopOrder, ignored('forceStop'))
    if (order === undefined) return
    life.stop ??= { by: order.by, reason: 'requested' }
    life.heard = { ...life.heard, forced: true }
  })
  setHandler(timelineQuery, () => life.timeline)
  setHandler(nextAction, () => life.waiting)
  setHandler(authorize, async () => {
    await waitUntil(Infinity, () => life.answer !== undefined)
    assert(life.answer !== undefined, 'an answer that was waited for exists')
    return life.answer
  })
  setHandler(requestStop, ({ by }) => askToStop(life, by), {
    validator: (asked: { by: string } | undefined) => {
      const by = String(asked?.by)
      if (!['partner', 'driver', 'operations'].includes(by))
        throw new TypeError(`by: ${by} may not stop a session`)
    },
  })
  return life
}

function askToStop(life: State, by: string): StopAnswer {
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

/** The quote is consumed: from here on the session has a price, a payer and a place. */
export function openWith(
  life: State,
  { facts, channels }: { facts: SessionFacts; channels: readonly Candidate[] },
): void {
  life.facts = facts
  life.channels = channels
  life.deadlines = facts.deadlines
  life.unshown.push(
    { key: searchAttributes.sessionId, value: life.sessionId },
    { key: searchAttributes.partnerId, value: facts.accountId },
    { key: searchAttributes.cpoId, value: facts.cpoId },
    { key: searchAttributes.evseId, value: facts.evseId },
  )
  showMoney(life, 'unfunded')
}

/** Where the money is, for operators; the row says it to partners. */
export function showMoney(life: State, value: MoneyStatus): void {
  life.unshown.push({ key: searchAttributes.moneyState, value })
}

/** Answers whoever asked for the start; the first answer stands. */
export function answerStart(life: State, answer: AuthorizationAnswer): void {
  life.answer ??= answer
}

/** Decides that charging ends; the first cause stands. */
export function stopFor(life: State, cause: Cause): void {
  life.stop ??= cause
}

/** Replaces what supply has told by what it has told and this. */
export function hearMore(life: State, add: (heard: Heard) => Heard): void {
  life.heard = add(life.heard)
}

/**
 * What came with the answer to a command counts like what is signalled. The inbox keeps it until the session has written
 * something: it is in the workflow's history by then.
 */
export function hearAnswer(
  life: State,
  { told = [] }: { kind: string; told?: readonly SupplyEvent[] },
): void {
  life.heard = told.reduce(hear, life.heard)
  life.unmarked.push(...told.map(({ eventId }) => eventId))
}

/** The end of charging is believed; `guessed` where nobody has told it. */
export function endAt(life: State, at: string, guessed?: State['guessedEnd']): void {
  life.endedAt = at
  life.guessedEnd = guessed
}

/** What the payment provider told has been read. */
export function forgetPaymentNews(life: State): void {
  life.paymentNews.clear()
}

/** These payees have their money. */
export function markSettled(life: State, payees: readonly PartyRef[]): void {
  for (const payee of payees) life.paidPayees.add(partyKey(payee))
}

/** Waits for a fact, never longer than its deadline. True when the fact came, false when the time did. */
export async function waitFor(
  life: State,
  what: string,
  deadlineMs: number,
  fact: () => boolean,
): Promise<boolean> {
  if (fact()) return true
  life.waiting = { waitingFor: what, deadline: instant(deadlineMs) }
  // Whoever waits no longer than this is somewhere else before an operator looks.
  if (deadlineMs - clock() > 5 * 60_000) showOperator(life)
  const came = await waitUntil(deadlineMs, fact)
  life.waiting = { waitingFor: 'next step', deadline: null }
  return came
}

export type Note = {
  room: string
  what: string
  patch?: SessionPatch
  event?: Told
  detail?: Record<string, unknown>
} & Pick<Change, 'readsEnergy' | 'keepsHold' | 'incident' | 'settles'>

/** A change partners can see: the row, its timeline and its event, written once. */
export async function note(life: State, change: Note): Promise<void> {
  noteLater(life, change)
  await steps.recordChanges(beginWriting(life, change))
}

/** The same before a command, with where the charger takes commands at that moment. */
export async function noteCommand(
  life: State,
  commands: Pick<Candidate, 'evseId' | 'protocol'>,
  change: Note,
): Promise<CommandQueue> {
  noteLater(life, change)
  const { evseId, protocol } = commands
  const { queue } = await steps.recordChanges({
    ...beginWriting(life, change),
    commands: { evseId, protocol },
  })
  assert(queue !== null, 'whoever asks for a queue is answered')
  return queue
}

const beginWriting = (life: State, { room, what }: Note) => {
  life.waiting = { waitingFor: `${room}: ${what}`, deadline: null }
  return { sessionId: life.sessionId, changes: takeUnwritten(life) }
}

/** Changes not written yet, for a step that writes them before its own work. */
export function takeUnwritten(life: State): Change[] {
  const changes = life.unwritten
  life.unwritten = []
  return changes
}

/** The same, written with the next change or by the next step: for what nothing outside depends on before that. */
export function noteLater(life: State, change: Note): void {
  const hears = life.unmarked.splice(0)
  life.unwritten.push({ ...draftOf(life, change), ...(hears.length > 0 && { hears }) })
  keepNote(life, change)
}

/** A change for a step that writes it if it succeeds, behind those not written yet; then it is `taken`. */
export const draft = (life: State, change: Note): Change[] => [
  ...life.unwritten,
  draftOf(life, change),
]

/** The step has written its draft. */
export function taken(life: State, change: Note): void {
  life.unwritten = []
  keepNote(life, change)
}

function draftOf(life: State, { room, what, patch = {}, event, detail, ...also }: Note): Change {
  const before = life.timeline.filter((entry) => entry.room === room && entry.what === what).length
  return {
    ...also,
    patch,
    change: {
      room,
      what,
      at: instant(clock()),
      dedupeKey: `${life.sessionId}:${room}:${what}:${before}`,
      ...(event === undefined ? {} : { event }),
      ...(detail === undefined ? {} : { detail }),
    },
  }
}

function keepNote(life: State, { room, what, patch = {} }: Note): void {
  life.timeline.push({ at: instant(clock()), room, what })
  if (patch.status !== undefined) life.status = patch.status
  if (patch.connectivity !== undefined) life.connectivity = patch.connectivity
  if (patch.moneyStatus !== undefined) showMoney(life, patch.moneyStatus)
  if (patch.slaDeadline !== undefined)
    life.unshown.push({ key: searchAttributes.slaDeadline, value: new Date(patch.slaDeadline) })
}

/** What an operator searches a session by in the Temporal UI; each showing is an event of the history. */
export function showOperator(life: State): void {
  if (life.unshown.length > 0) upsertSearchAttributes(life.unshown)
  life.unshown = []
}

export const ownWorkflowId = (): string => workflowInfo().workflowId
