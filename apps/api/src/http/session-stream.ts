// A session, live: its changes from the outbox, its energy from the meter, its cost from the one price function.
import { eventsChannel } from '@chargelane/db/queries/outbox/outbox'
import { meterValuesOf } from '@chargelane/db/queries/sessions/supply'
import { meterOf } from '@chargelane/corridor/authorization/cover'
import type { Session, SessionStreamEvent } from '@chargelane/openapi'
import type { Bell, Deps, Standing } from './handler.ts'
import { wholeWh } from '@chargelane/db/views/sales/sessions'

const heartbeatMs = 15_000
/** Meter values come every 10 s at best and notify nobody, so that a full node costs no wake-ups. */
const meterPollMs = 2_000

export async function createBell(db: Deps['db']): Promise<Bell> {
  const waiting = new Map<string, Set<() => void>>()
  const ring = (objectId: string) => {
    for (const wake of waiting.get(objectId) ?? []) wake()
  }
  // After a reconnect something may have been missed: everybody looks again.
  const stop = await db.listen(eventsChannel, ring, () => {
    for (const objectId of waiting.keys()) ring(objectId)
  })
  return {
    next: (objectId, ms, signal) =>
      new Promise((resolve) => {
        const wakers = waiting.get(objectId) ?? new Set()
        waiting.set(objectId, wakers)
        const wake = () => {
          clearTimeout(timer)
          signal?.removeEventListener('abort', wake)
          wakers.delete(wake)
          if (wakers.size === 0) waiting.delete(objectId)
          resolve()
        }
        const timer = setTimeout(wake, ms)
        signal?.addEventListener('abort', wake, { once: true })
        wakers.add(wake)
        if (signal?.aborted) wake()
      }),
    close: stop,
  }
}

/**
 * Long poll: the session as soon as its sequence has passed `since`, or as it is after `ms`. One look per change; without
 * `since` the first look tells from where.
 */
export async function readWhenChanged(
  { bell }: Pick<Deps, 'bell'>,
  read: () => Promise<Session>,
  wait: { id: string; since: number | undefined; ms: number; lost: AbortSignal },
): Promise<Session> {
  const deadline = Date.now() + wait.ms
  const answered = new AbortController()
  const signal = AbortSignal.any([answered.signal, wait.lost])
  let { since } = wait
  try {
    for (;;) {
      const leftMs = Math.max(0, deadline - Date.now())
      // Armed before the look, so that a change in between is not slept through.
      const rung = bell.next(wait.id, Math.min(leftMs, heartbeatMs), signal)
      const session = await read()
      since ??= session.sequence
      if (session.sequence > since || leftMs === 0) return session
      await rung
      wait.lost.throwIfAborted()
    }
  } finally {
    answered.abort()
  }
}

interface Source {
  sessionId: string
  read: () => Promise<Session>
  lastEventId: string | undefined
  signal: AbortSignal
  /** The stream ends with it, and it with the stream. */
  standing: Standing
}

/** The energy has stopped flowing, and what became of the money is known. */
function isOver(session: Session): boolean {
  if (!['ended', 'cancelled', 'start_failed'].includes(session.status)) return false
  if (['held', 'capturing'].includes(session.money_status)) return false
  return session.status !== 'ended' || session.money_status !== 'unfunded'
}

/** `12@2026-11-21T10:15:00.000Z`: sequence of the session and instant of the meter value last sent. */
function parseEventId(id: string | undefined): { sequence: number; meterAt: string } {
  const found = /^(\d{1,9})@(\S{0,30})$/.exec(id ?? '')
  return { sequence: Number(found?.[1] ?? -1), meterAt: found?.[2] ?? '' }
}

type Message = { id?: string; event: SessionStreamEvent } | 'heartbeat'

export async function* streamSession(deps: Deps, source: Source): AsyncGenerator<Message> {
  try {
    yield* messagesOf(deps, source, AbortSignal.any([source.signal, source.standing.lost]))
  } finally {
    source.standing.end()
  }
}

async function* messagesOf(
  deps: Deps,
  source: Source,
  signal: AbortSignal,
): AsyncGenerator<Message> {
  let { sequence, meterAt } = parseEventId(source.lastEventId)
  let saidAt = Date.now()
  while (!signal.aborted) {
    const session = await source.read()
    if (session.sequence > sequence) {
      sequence = session.sequence
      saidAt = Date.now()
      yield { id: `${sequence}@${meterAt}`, event: { type: 'session', session } }
    }
    const reading = await meterAfter(deps, source.sessionId, meterAt)
    if (reading) {
      meterAt = reading.at
      saidAt = Date.now()
      yield { id: `${sequence}@${meterAt}`, event: reading }
    }
    if (isOver(session)) {
      yield { event: { type: 'end' } }
      return
    }
    if (Date.now() - saidAt >= heartbeatMs) {
      saidAt = Date.now()
      yield 'heartbeat'
    }
    await deps.bell.next(session.id, meterPollMs, signal)
  }
}

type MeterEvent = Extract<SessionStreamEvent, { type: 'meter' }>

/** The newest meter value after an instant, with what the session costs so far. */
async function meterAfter(
  { db, now }: Deps,
  id: string,
  at: string,
): Promise<MeterEvent | undefined> {
  const last = (await meterValuesOf(db, id)).findLast((value) => value.flag === null)
  if (!last || last.at <= at) return undefined
  const meter = await meterOf(db, id, now())
  return {
    type: 'meter',
    at: last.at,
    energy_wh: wholeWh(meter?.energyWh ?? '0'),
    power_w: last.powerW,
    soc_percent: last.socPercent,
    running_cost: meter?.costSoFar ?? null,
  }
}
