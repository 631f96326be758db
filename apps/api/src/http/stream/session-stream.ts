// A session, live: its changes from the outbox, its energy from the meter, its cost from the one price function.
import { setTimeout as wait } from 'node:timers/promises'
import { eventsChannel } from '@chargelane/db/queries/outbox/outbox'
import { meterValuesOf } from '@chargelane/db/queries/sessions/supply'
import { idPrefixes } from '@chargelane/openapi/vocabulary/ids'
import { meterOf } from '@chargelane/corridor/authorization/cover'
import type { Session, SessionStreamEvent } from '@chargelane/openapi'
import type { Bell, Deps, Standing } from '../handler.ts'
import { wholeWh } from '@chargelane/db/views/sales/sessions'

const heartbeatMs = 15_000
/** Meter values come every 10 s at best and notify nobody, so that a full node costs no wake-ups. */
const meterPollMs = 2_000

/** Changes that follow each other so soon are told at once: an end, its record and its price come one after the other. */
const gatherMs = 100

/** Whoever waits for a change asks again within this time after it was told of one. */
const seenMs = 2_000

type Seen = { sequences: Map<string, number>; until: number }

/** What callers have just read, by object: the newest last. An event of the object ends it, also while it is read. */
function createSeen() {
  const byObject = new Map<string, Seen>()
  const fresh = (objectId: string): Seen | undefined => {
    const now = Date.now()
    for (const [old, { until }] of byObject) {
      if (until > now) break
      byObject.delete(old)
    }
    return byObject.get(objectId)
  }
  const renew = (objectId: string, seen: Seen) => {
    byObject.delete(objectId)
    byObject.set(objectId, Object.assign(seen, { until: Date.now() + seenMs }))
  }
  return {
    forget: (objectId: string) => byObject.delete(objectId),
    forgetAll: () => byObject.clear(),
    look: (objectId: string) => {
      const seen = fresh(objectId) ?? { sequences: new Map<string, number>(), until: 0 }
      renew(objectId, seen)
      return (keyId: string, sequence: number) => {
        if (fresh(objectId) !== seen) return
        seen.sequences.set(keyId, sequence)
        renew(objectId, seen)
      }
    },
    at: (objectId: string, keyId: string) => fresh(objectId)?.sequences.get(keyId),
  }
}

export async function createBell(db: Deps['db']): Promise<Bell> {
  const waiting = new Map<string, Set<() => void>>()
  const seen = createSeen()
  const ring = (objectId: string) => {
    // Of an account: a key of it may count no more.
    if (objectId.startsWith(idPrefixes.account)) seen.forgetAll()
    seen.forget(objectId)
    for (const wake of waiting.get(objectId) ?? []) wake()
  }
  // After a reconnect something may have been missed: everybody looks again.
  const stop = await db.listen(eventsChannel, ring, () => {
    seen.forgetAll()
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
    look: seen.look,
    seen: seen.at,
    close: stop,
  }
}

/** A session as it is; what its caller saw is kept for the long poll that follows. */
export async function readOnce(
  { bell }: Pick<Deps, 'bell'>,
  { id, keyId }: { id: string; keyId: string },
  read: () => Promise<Session>,
): Promise<Session> {
  const keep = bell.look(id)
  const session = await read()
  keep(keyId, session.sequence)
  return session
}

/**
 * Long poll: the session as soon as its sequence has passed `since`, or as it is after `ms`; without `since` the first look
 * tells from where. One look per change, or for several that come together: who has just been told of `since`, and no
 * event came after it, is not in need of another look at it.
 */
export async function readWhenChanged(
  { bell }: Pick<Deps, 'bell'>,
  read: () => Promise<Session>,
  asked: { id: string; keyId: string; since: number | undefined; ms: number; lost: AbortSignal },
): Promise<Session> {
  const { id, keyId, ms, lost } = asked
  const deadline = Date.now() + ms
  const answered = new AbortController()
  const signal = AbortSignal.any([answered.signal, lost])
  let { since } = asked
  let isKnown = since !== undefined && bell.seen(id, keyId) === since
  try {
    for (;;) {
      const leftMs = Math.max(0, deadline - Date.now())
      // Armed before the look, so that a change in between is not slept through.
      const rung = bell.next(id, Math.min(leftMs, heartbeatMs), signal)
      if (!isKnown || leftMs === 0) {
        const session = await read()
        since ??= session.sequence
        if (session.sequence > since || leftMs === 0) return session
      }
      isKnown = false
      await rung
      await wait(Math.min(leftMs, gatherMs))
      lost.throwIfAborted()
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
