// What supply tells soon after a command comes with the command's answer, so that its session hears both in one task
// instead of a signal and a task for each. It stays in the inbox until the session has written that it was heard.
import type { Db } from '@chargelane/db'
import { claimSupplyEvents, supplyChannel } from '@chargelane/db/queries/sessions/supply'
import type { FactName } from '@chargelane/db/queries/sessions/supply'
import { changesAnything } from '../charging/rules.ts'
import type { SupplyEvent } from '../contract.ts'
import type { Logger } from 'pino'
import type { Accepted, Connection } from './connection.ts'

/** Soon, in milliseconds: a driver's car stands there plugged in, a charger ends at once, its record follows. */
const patienceMs = { start: 1_000, stop: 1_000 }
/** What makes the waiting worth while; the end of a charge is told with its record, where that follows. */
const worth = {
  start: ['charging_started', 'start_result:rejected', 'declared_invalid'],
  stop: ['record_received', 'stop_result:rejected', 'declared_invalid'],
} as const satisfies Record<string, readonly FactName[]>
/** What is told all the same when nothing more came in time. */
const enough = {
  start: worth.start,
  stop: [...worth.stop, 'charging_ended'],
} as const satisfies Record<string, readonly FactName[]>

/** So long the relay leaves alone what an answer carries, in milliseconds: the session marks it as heard well before. */
const leaseMs = 10_000

export type Answers = {
  /** The connection, whose accepted commands are answered with what followed. */
  with: (connection: Connection) => Connection
  close: () => Promise<void>
}

/** One command that is under way, and how it learns of facts of its session. */
type Listener = { names: readonly FactName[]; wake: () => void }

function createListeners() {
  const bySession = new Map<string, Set<Listener>>()
  return {
    hear(payload: string) {
      const [sessionId = '', name] = payload.split(' ')
      for (const listener of bySession.get(sessionId) ?? [])
        if (listener.names.some((each) => each === name)) listener.wake()
    },
    /** What comes before anybody waits is not missed: `came` is settled by then. */
    listen(sessionId: string, names: readonly FactName[]) {
      const { promise: came, resolve: wake } = Promise.withResolvers<void>()
      const listener = { names, wake }
      const listeners = bySession.get(sessionId) ?? new Set()
      bySession.set(sessionId, listeners.add(listener))
      const end = () => {
        listeners.delete(listener)
        if (listeners.size === 0) bySession.delete(sessionId)
      }
      return { came, end }
    },
  }
}

/** True when it came in time. */
async function within(ms: number, came: Promise<void>): Promise<boolean> {
  const { promise: late, resolve } = Promise.withResolvers<boolean>()
  const timer = setTimeout(() => resolve(false), ms)
  try {
    return await Promise.race([came.then(() => true), late])
  } finally {
    clearTimeout(timer)
  }
}

type Command = keyof typeof worth

export async function openAnswers(
  { db, log }: { db: Db; log: Logger },
  now: () => number = Date.now,
  patience: Record<Command, number> = patienceMs,
): Promise<Answers> {
  const listeners = createListeners()
  const close = await db.listen(supplyChannel, (payload) => listeners.hear(payload))

  /** A command that was taken stays taken: what cannot be read here is told by the relay. */
  async function claim(sessionId: string, names: readonly FactName[]): Promise<SupplyEvent[]> {
    const until = new Date(now() + leaseMs).toISOString()
    try {
      const claimed = await claimSupplyEvents(db, { sessionId, names, until })
      return claimed.map(({ dedupeKey, event }) => ({ eventId: dedupeKey, ...event }))
    } catch (error) {
      log.warn({ session: sessionId, err: error }, 'what followed a command is told without it')
      return []
    }
  }

  async function answer<Outcome extends { kind: string }>(
    command: Command,
    sessionId: string,
    send: () => Promise<Outcome | Accepted>,
  ): Promise<Outcome | Accepted> {
    const { came, end } = listeners.listen(sessionId, worth[command])
    try {
      const outcome = await send()
      if (outcome.kind !== 'accepted') return outcome
      const since = now()
      const isThere = await within(patience[command], came)
      const told = await claim(sessionId, isThere ? worth[command] : enough[command])
      if (!told.some(changesAnything)) return outcome
      return { kind: 'accepted', told, keptMs: Math.max(0, now() - since) }
    } finally {
      end()
    }
  }

  return {
    with: (connection) => ({
      ...connection,
      start: (input) => answer('start', input.sessionId, () => connection.start(input)),
      stop: (input) => answer('stop', input.sessionId, () => connection.stop(input)),
    }),
    close,
  }
}
