import { ChargelaneError, problemError } from './errors.ts'
import { createClient } from './generated/client/index.ts'
import { Resources } from './generated/resources.gen.ts'
import type { Session, SessionStatus, SessionStreamEvent } from './generated/types.gen.ts'
import type { Lane } from './lane.ts'
import { streamEvents } from './stream.ts'
import { type CallOptions, retryingFetch, type TransportOptions } from './transport.ts'

export { ChargelaneError, type ChargelaneErrorCode } from './errors.ts'
export { etagOf } from './lane.ts'
export type { List, Page } from './list.ts'
export type { CallOptions } from './transport.ts'
export type * from './generated/types.gen.ts'

export interface ChargelaneOptions {
  /** `sk_test_…`; keep it on your server. */
  apiKey: string
  /** E.g. `https://api.example.com`, without `/v1`. */
  baseUrl: string
  fetch?: typeof fetch
  /** Attempts after the first one, 4 by default. */
  maxRetries?: number
  /** Milliseconds for one attempt, 30000 by default. */
  timeoutMs?: number
}

type Until = SessionStatus | readonly SessionStatus[] | ((session: Session) => boolean)

interface SessionExtras {
  /**
   * One session, live: `session` with each change, `meter` with energy, power and running cost. Reconnects by
   * itself and returns after the session is over. Break out of the loop to stop.
   */
  stream(id: string, call?: CallOptions): AsyncGenerator<SessionStreamEvent>
  /** Polls until the session is as wished. Throws `timeout` after `timeoutMs` (120000 by default). */
  waitFor(id: string, until: Until, call?: { timeoutMs?: number }): Promise<Session>
}

/** The API as nested calls: `lane.quotes.create({…})`, `lane.sessions.stop(id)`. Bodies keep snake_case. */
export class Chargelane extends Resources {
  declare readonly sessions: Resources['sessions'] & SessionExtras

  constructor(options: ChargelaneOptions) {
    const transport: TransportOptions = {
      fetch: options.fetch ?? globalThis.fetch,
      maxRetries: options.maxRetries ?? 4,
      timeoutMs: options.timeoutMs ?? 30_000,
    }
    super(laneOf(options, transport))
    Object.assign(this.sessions, sessionExtras(options, transport, this.sessions))
  }
}

const withoutSlash = (url: string) => url.replace(/\/+$/, '')

function laneOf(options: ChargelaneOptions, transport: TransportOptions): Lane {
  const client = createClient({
    baseUrl: withoutSlash(options.baseUrl),
    auth: options.apiKey,
    headers: { 'User-Agent': 'chargelane-sdk-typescript/0.1.0' },
  })
  client.interceptors.error.use((error, response) => {
    if (error instanceof Error) return error
    return problemError(error, response?.status ?? 0, typeof error === 'string' ? error : '')
  })
  const read = (call: CallOptions = {}) => ({
    client,
    throwOnError: true as const,
    fetch: retryingFetch(transport, call),
    headers: call.ifMatch === undefined ? {} : { 'If-Match': call.ifMatch },
  })
  return {
    read,
    write: (call: CallOptions = {}) => ({
      ...read(call),
      headers: {
        ...read(call).headers,
        'Idempotency-Key': call.idempotencyKey ?? crypto.randomUUID(),
      },
    }),
  }
}

function sessionExtras(
  options: ChargelaneOptions,
  transport: TransportOptions,
  sessions: Resources['sessions'],
): SessionExtras {
  return {
    stream: (id, call = {}) =>
      streamEvents({
        url: `${withoutSlash(options.baseUrl)}/v1/sessions/${encodeURIComponent(id)}/stream`,
        headers: { Authorization: `Bearer ${options.apiKey}` },
        fetch: transport.fetch,
        signal: call.signal,
        maxReconnects: call.maxRetries ?? 10,
      }),
    async waitFor(id, until, { timeoutMs = 120_000 } = {}) {
      const wished = matcher(until)
      const deadline = Date.now() + timeoutMs
      let session = await sessions.get(id)
      while (!wished(session)) {
        const leftS = Math.ceil((deadline - Date.now()) / 1_000)
        if (leftS <= 0) throw notYet(session, timeoutMs)
        const wait = Math.min(20, leftS)
        session = await sessions.get(
          id,
          { wait, since_sequence: session.sequence },
          { timeoutMs: wait * 1_000 + transport.timeoutMs },
        )
      }
      return session
    },
  }
}

function matcher(until: Until): (session: Session) => boolean {
  if (typeof until === 'function') return until
  const statuses = typeof until === 'string' ? [until] : until
  return (session) => statuses.includes(session.status)
}

const notYet = (session: Session, timeoutMs: number) =>
  new ChargelaneError(
    'timeout',
    `${session.id} is ${session.status} / ${session.record_status} / ${session.money_status} after ${timeoutMs} ms`,
    { retryable: true },
  )
