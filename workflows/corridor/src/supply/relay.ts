// Brings what supply told from the inbox to the sessions' workflows: in order per session, at least once.
import { setTimeout as wait } from 'node:timers/promises'
import type { Client } from '@temporalio/client'
import type { Db, Tx } from '@chargelane/db'
import { openIncident } from '@chargelane/db/queries/operations/incidents'
import { saleOf } from '@chargelane/db/queries/sessions/sales'
import { getSession, noteSession } from '@chargelane/db/queries/sessions/sessions'
import { dueOf } from '@chargelane/rules/split'
import type { SupplyFact } from '@chargelane/rules/documents'
import {
  markSupplyAttempt,
  markSupplyDelivered,
  pendingSupplyEvents,
  unsolicitedStartOf,
} from '@chargelane/db/queries/sessions/supply'
import type { SupplyEventRow } from '@chargelane/db/queries/sessions/supply'
import type { Logger } from 'pino'
import { putUnbilledAside } from '../record/aside.ts'
import { reopenSale } from '../aftercare/reopen.ts'
import { beginAftercare, tellSupply, within } from '../worker/clients.ts'
import { corridorQueue, sessionWorkflowId, supplyEvent, workflowTypes } from '../contract.ts'
import type { Deadlines, SessionInput } from '../contract.ts'
import { changesAnything } from '../charging/rules.ts'

const nothing = (): void => undefined

export type Loop = { stop: () => Promise<void> }

/**
 * Runs `work`, then waits for a wake-up, for as long as `work` says, or for the poll time. A failing round is logged and
 * tried again after the poll time; `stop` waits for the round that is running.
 */
export function startLoop(options: {
  name: string
  pollMs: number
  log: Logger
  /** In how many ms more may be found that wakes nobody; 0 at once. */
  work: () => Promise<number | undefined>
  /** How long a wake-up waits for what comes with it. */
  gatherMs?: number
  /** Subscribes to wake-ups, e.g. a LISTEN; returns how to end it. */
  subscribe?: (wake: () => void) => Promise<() => Promise<void>>
}): Loop {
  const state = { isStopping: false, isAwake: false, wake: nothing }
  const nap = (ms: number) =>
    new Promise<void>((resolve) => {
      if (state.isAwake || state.isStopping) return resolve()
      const timer = setTimeout(resolve, ms)
      state.wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  const stir = () => {
    state.isAwake = true
    state.wake()
  }
  const subscription = options.subscribe?.(stir).catch((error: unknown) => {
    // Polling still finds everything, only later.
    options.log.warn({ loop: options.name, err: error }, 'no wake-ups')
    return () => Promise.resolve()
  })
  const run = async () => {
    while (!state.isStopping) {
      state.isAwake = false
      let restMs: number | undefined = 0
      try {
        while (!state.isStopping && restMs === 0) restMs = await options.work()
      } catch (error) {
        options.log.error({ loop: options.name, err: error }, 'round failed')
        restMs = undefined
      }
      await nap(restMs ?? options.pollMs)
      if (state.isAwake && !state.isStopping) await wait(options.gatherMs ?? 0)
    }
  }
  const running = run()
  return {
    async stop() {
      state.isStopping = true
      state.wake()
      await running
      await (await subscription)?.()
    },
  }
}

export type RelayDependencies = {
  db: Db
  client: Client
  log: Logger
  now: () => string
  /** Of a sale that is opened again. */
  deadlines?: Deadlines
  /** Sessions that are still being told when their round is over; kept by whoever relays round after round. */
  busy?: Set<string>
}

/** Sessions whose events one round brings. */
const roundMax = 50

/**
 * So long news wait, in ms, for what often follows at once, to be told with it: the start of a car that stands there
 * plugged in, the record of a charge that has ended.
 */
const holdMs: Partial<Record<SupplyFact['kind'], number>> = {
  plug_awaited: 1_000,
  charging_ended: 500,
}

/** A round that holds something comes again after this many ms. */
const holdingMs = 250

/** Nothing else is to be told, and what it is told with may still come. */
function isHeld(events: readonly SupplyEventRow[], now: string): boolean {
  const news = events.filter(({ event }) => changesAnything(event))
  const waits = ({ event }: SupplyEventRow) =>
    Date.parse(now) - Date.parse(event.at) < (holdMs[event.kind] ?? 0)
  return news.length > 0 && news.every(waits)
}

/** So long a round waits for all it tells; who takes longer is told on, and the next round begins. */
const patienceMs = 500
/** A workflow that takes no signal for so long has failed to. */
const signalMs = 10_000
/** A session that cannot be told is tried again after a second, twice that, and so on up to a minute. */
const retryMaxMs = 60_000

type Told = [sessionId: string, events: SupplyEventRow[]]

/**
 * Delivers one round: all that waits, one signal a session. Returns how many events were delivered, and in how many ms
 * there is more to do that wakes nobody. A session that is slow or cannot be told holds up itself alone.
 */
export async function relaySupply(
  deps: RelayDependencies,
): Promise<{ delivered: number; againMs: number | undefined }> {
  const busy = deps.busy ?? new Set()
  const rows = await pendingSupplyEvents(deps.db, {
    sessionsMax: roundMax,
    now: deps.now(),
    except: [...busy],
  })
  const bySession = [...Map.groupBy(rows, (row) => row.sessionId)]
  const ripe = bySession.filter(([, events]) => !isHeld(events, deps.now()))
  const round = { isOver: false, delivered: [] as number[] }
  const tell = async ([sessionId, events]: Told) => {
    busy.add(sessionId)
    try {
      if (!(await isTold(deps, [sessionId, events]))) return
      const ids = events.map(({ id }) => id)
      if (round.isOver) await markSupplyDelivered(deps.db, ids, deps.now())
      else round.delivered.push(...ids)
    } catch (error) {
      // What was told and not marked is told again, which changes nothing.
      deps.log.error({ session: sessionId, err: error }, 'supply events not marked')
    } finally {
      busy.delete(sessionId)
    }
  }
  const patience = new AbortController()
  const patient = wait(patienceMs, undefined, { signal: patience.signal }).catch(nothing)
  await Promise.race([Promise.all(ripe.map(tell)), patient])
  patience.abort()
  round.isOver = true
  await markSupplyDelivered(deps.db, round.delivered, deps.now())
  const isHolding = ripe.length < bySession.length
  const againMs = ripe.length === roundMax ? 0 : isHolding ? holdingMs : undefined
  return { delivered: round.delivered.length, againMs }
}

async function isTold(deps: RelayDependencies, [sessionId, events]: Told): Promise<boolean> {
  try {
    await within(deps.client, signalMs, () => deliver(deps, sessionId, events))
    return true
  } catch (error) {
    const attempts = Math.max(...events.map((row) => row.attempts))
    const waitMs = Math.min(retryMaxMs, 1_000 * 2 ** Math.min(attempts, 10))
    const ids = events.map(({ id }) => id)
    const retryAt = new Date(Date.parse(deps.now()) + waitMs).toISOString()
    await markSupplyAttempt(deps.db, ids, retryAt)
    deps.log.error({ session: sessionId, attempts, err: error }, 'supply events not delivered')
    return false
  }
}

async function deliver(
  { db, client, log, now, deadlines }: RelayDependencies,
  sessionId: string,
  rows: SupplyEventRow[],
): Promise<void> {
  const events = rows
    .filter((row) => changesAnything(row.event))
    .map((row) => ({ eventId: row.dedupeKey, ...row.event }))
  if (events.length === 0) return
  const [first] = rows
  if (typeof first?.workflowId === 'string') {
    const isHeard = await tellSupply(client, { sessionId, workflowId: first.workflowId }, events)
    if (isHeard) return
    const reopened = await reopenSale(db, sessionId, events, deadlines)
    if (reopened === undefined) await putAside(db, { sessionId, now: now() }, events)
    else await beginAftercare(client, reopened, events, 'ALLOW_DUPLICATE')
    return
  }
  // A start at the charger: its first event starts the workflow, which opens the session's row a moment later.
  const start = await unsolicitedStartOf(db, sessionId)
  if (start?.unsolicited === undefined) {
    log.warn({ session: sessionId, events: events.length }, 'events of an unknown session')
    await putAside(db, { sessionId, now: now() }, events)
    return
  }
  const { accountId, evseId, tokenUid, isOffline } = start.unsolicited
  const input: SessionInput = {
    origin: 'supply',
    sessionId,
    accountId,
    evseId,
    tokenUid,
    supplyRef: start.supplyRef,
    startedAt: start.startedAt,
    ...(isOffline && { isOffline }),
  }
  await client.workflow.signalWithStart(workflowTypes.session, {
    workflowId: sessionWorkflowId(accountId, `supply-${sessionId}`),
    taskQueue: corridorQueue,
    args: [input],
    signal: supplyEvent,
    signalArgs: events,
  })
}

/** What no workflow hears any more is news for a person: a record it cannot bill, energy that nobody pays. */
async function putAside(
  db: Db,
  { sessionId, now }: { sessionId: string; now: string },
  facts: readonly SupplyFact[],
): Promise<void> {
  const cdrIds = facts.flatMap((fact) => (fact.kind === 'record_received' ? [fact.cdrId] : []))
  const began = facts.some(({ kind }) => kind === 'charging_started')
  const ended = facts.findLast((fact) => fact.kind === 'charging_ended')
  await db.tx(async (tx) => {
    if (ended !== undefined && !began) await openLateEndIncident(tx, sessionId, ended, now)
    const cause = 'the record came when its session was over and bills nothing any more'
    if (cdrIds.length > 0) await putUnbilledAside(tx, { sessionId, cdrIds, cause, now })
    if (began) await openLateStartIncident(tx, sessionId, now)
  })
}

type ToldEnd = Extract<SupplyFact, { kind: 'charging_ended' }>

/** A session that is over keeps what it was billed by; another end that is told of it is there to be decided. */
async function openLateEndIncident(
  tx: Tx,
  sessionId: string,
  { endedAt: told, reason }: ToldEnd,
  at: string,
): Promise<void> {
  const session = await getSession(tx, 'all', sessionId)
  const kept = session?.endedAt ?? null
  if (session === undefined || kept === null) return
  const apartMs = Math.abs(Date.parse(kept) - Date.parse(told))
  if (apartMs <= sameEndMs && session.endReason !== 'inferred') return
  const { accountId: partnerId, cpoId, energyWh } = session
  const detail = { written_end: kept, told_end: told, told_reason: reason, partner: partnerId }
  await noteSession(tx, sessionId, {
    room: 'charging',
    what: 'end told after the session was over',
    detail,
    dedupeKey: `${sessionId}:late_end:${told}`,
    at,
  })
  const sale = await saleOf(tx, sessionId)
  await openIncident(tx, {
    kind: 'record_disputed',
    subject: { type: 'session', id: sessionId },
    accountId: cpoId,
    sessionId,
    cause: 'another end of this charge was told when its session was over',
    detail,
    ...(energyWh === null ? {} : { energyWh }),
    ...(sale === undefined ? {} : { atStake: dueOf(sale.split) }),
    actions: [],
    at,
  })
}

/** Ends that are told so close to each other are one. */
const sameEndMs = 60_000

async function openLateStartIncident(tx: Tx, sessionId: string, at: string): Promise<void> {
  const session = await getSession(tx, 'all', sessionId)
  await openIncident(tx, {
    kind: 'start_refused_at_charger',
    subject: { type: 'session', id: sessionId },
    ...(session === undefined ? {} : { accountId: session.cpoId, sessionId }),
    cause: 'charging began when its session was over, and nobody pays for it',
    actions: [],
    at,
  })
}
