// Calls to a peer's OCPI interface: authentication, correlation, routing, retries, and what the peer does otherwise
// than the specification says, learnt once and kept with the connection.
import { createHash, randomUUID } from 'node:crypto'
import type { NewMessage } from '@chargelane/db/queries/chargers/frames'
import { traceparentOf } from '@chargelane/corridor/worker/trace'
import { exchange, type HttpAnswer, type HttpRequest, NoAnswer } from './http.ts'
import { ocpiStatus } from './status.ts'
import { protocolOf } from '../ocpi/edition.ts'
import { withoutNulls } from '@chargelane/rules/record/ocpi'
import { zEnvelopeIn } from '../ocpi/wire.ts'

export type Party = { countryCode: string; partyId: string }

/** A peer as the client needs it; `quirks` is changed in place when something is learnt. */
export type Peer = {
  connectionId: string
  token: string
  /** Origin of the registered versions URL: nothing is called outside it. */
  origin: string
  party: Party
  /** The edition agreed on, if one is. */
  version: string | null
  quirks: Record<string, string>
}

export type ClientOptions = {
  us: Party
  allowLoopback: boolean
  now: () => Date
  record: (...messages: NewMessage[]) => Promise<void>
  learn: (connectionId: string, name: string, value: string) => Promise<void>
  /** The trace that a session began in. */
  traceOf: (sessionId: string) => Promise<string | undefined>
}

export type PeerModule =
  | 'versions'
  | 'credentials'
  | 'locations'
  | 'tariffs'
  | 'tokens'
  | 'sessions'
  | 'cdrs'
  | 'commands'

export type PeerCall = {
  method: HttpRequest['method']
  url: URL
  module: PeerModule
  body?: unknown
  sessionId?: string
  /** The trace that the session began in; looked up by its id. */
  trace?: string | undefined
  /** Milliseconds per attempt; default 10 s. */
  timeoutMs?: number
  /** Attempts in all. Default 3 for GET and 1 for anything else: a POST is repeated by nobody but its author. */
  attempts?: number
}

export type PeerAnswer = {
  http: number
  status: number
  message: string
  data: unknown
  /** The answer as received. */
  text: string
  headers: HttpAnswer['headers']
}

/**
 * Why a call came to nothing. `unreachable`: no answer, or the peer says it cannot work now; `refused`: it answered
 * no. `sent` is false when the peer cannot have seen the request.
 */
export class PeerError extends Error {
  readonly kind: 'unreachable' | 'refused'
  readonly sent: boolean
  readonly http: number | undefined
  readonly status: number | undefined

  constructor(
    kind: 'unreachable' | 'refused',
    message: string,
    facts: { sent: boolean; http?: number; status?: number; cause?: unknown },
  ) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause })
    this.name = 'PeerError'
    this.kind = kind
    this.sent = facts.sent
    this.http = facts.http
    this.status = facts.status
  }
}

/** One answer or page at most (security fact 26). */
const maxBytes = 5 * 1024 * 1024
const redirectsMax = 3
const backOffMs = 250

export type OcpiClient = {
  /** Resolves with an envelope of status 1xxx; anything else is a `PeerError`. */
  call(peer: Peer, call: PeerCall): Promise<PeerAnswer>
  learn(peer: Peer, name: string, value: string): Promise<void>
}

export function createOcpiClient(options: ClientOptions): OcpiClient {
  const learn = async (peer: Peer, name: string, value: string) => {
    if (peer.quirks[name] === value) return
    peer.quirks[name] = value
    await options.learn(peer.connectionId, name, value)
  }
  return {
    learn,
    async call(peer, call) {
      const attempts = call.attempts ?? (call.method === 'GET' ? 3 : 1)
      // One correlation id over all attempts; each attempt is a request of its own (OCPI 2.2.1 §4.1.4).
      const correlationId = randomUUID()
      const { sessionId } = call
      const trace = sessionId === undefined ? undefined : await options.traceOf(sessionId)
      for (let attempt = 1; ; attempt++) {
        try {
          return await attemptCall(options, learn, peer, { ...call, trace }, correlationId)
        } catch (error) {
          if (!(error instanceof PeerError) || error.kind === 'refused') throw error
          if (attempt >= attempts) throw error
          await pause(backOffMs * 2 ** (attempt - 1) * (0.5 + Math.random()))
        }
      }
    },
  }
}

const pause = (ms: number) => new Promise<void>((done) => setTimeout(done, ms))

type Learn = OcpiClient['learn']
type Encoding = 'base64' | 'raw'

async function attemptCall(
  options: ClientOptions,
  learn: Learn,
  peer: Peer,
  call: PeerCall,
  correlationId: string,
): Promise<PeerAnswer> {
  const encoding: Encoding = peer.quirks['auth'] === 'raw' ? 'raw' : 'base64'
  let answer = await follow(options, learn, peer, call, correlationId, encoding)
  if (looksUnauthorized(answer, call, peer)) {
    // OCPI 2.2.1 §4.1.2 wants the token in Base64; peers that grew up with 2.1.1 read it raw (ocpi/ocpi #212).
    const other: Encoding = encoding === 'raw' ? 'base64' : 'raw'
    const second = await follow(options, learn, peer, call, correlationId, other)
    if (second.status < 400) {
      answer = second
      await learn(peer, 'auth', other)
    }
  } else if (answer.status < 400 && peer.quirks['auth'] === undefined) {
    await learn(peer, 'auth', encoding)
  }
  return read(answer)
}

/** While nothing is known of a peer, a 500 at its versions is taken for a bad token too: py-ocpi answers so. */
function looksUnauthorized(answer: HttpAnswer, call: PeerCall, peer: Peer): boolean {
  if (answer.status === 401 || answer.status === 403) return true
  return answer.status === 500 && call.module === 'versions' && peer.quirks['auth'] === undefined
}

async function follow(
  options: ClientOptions,
  learn: Learn,
  peer: Peer,
  call: PeerCall,
  correlationId: string,
  encoding: Encoding,
): Promise<HttpAnswer> {
  let url = withSlash(call.url, peer.quirks[`slash.${call.module}`])
  for (let hop = 0; ; hop++) {
    const answer = await send(options, peer, { ...call, url }, correlationId, encoding)
    const target = redirectTarget(answer, url, peer.origin, call.method)
    if (target === undefined || hop >= redirectsMax) return answer
    // Versions and details are two paths; a habit is kept for modules, whose paths are alike.
    const isHabit = target.pathname === `${url.pathname}/` && call.module !== 'versions'
    if (isHabit) await learn(peer, `slash.${call.module}`, 'always')
    url = target
  }
}

function withSlash(url: URL, habit: string | undefined): URL {
  if (habit !== 'always' || url.pathname.endsWith('/')) return url
  const slashed = new URL(url)
  slashed.pathname += '/'
  return slashed
}

/** Where to go on, always on the registered origin: a proxy's wrong scheme or host is put right, the token stays. */
function redirectTarget(
  answer: HttpAnswer,
  from: URL,
  origin: string,
  method: HttpRequest['method'],
): URL | undefined {
  const keepsMethod = answer.status === 307 || answer.status === 308
  const isMoved = answer.status === 301 || answer.status === 302
  const location = answer.headers.location
  if (location === undefined || !(keepsMethod || (isMoved && method === 'GET'))) return undefined
  if (!URL.canParse(location, from.href)) return undefined
  const named = new URL(location, from)
  if (named.origin !== origin && named.hostname !== from.hostname) return undefined
  return new URL(`${named.pathname}${named.search}`, origin)
}

async function send(
  options: ClientOptions,
  peer: Peer,
  call: PeerCall,
  correlationId: string,
  encoding: Encoding,
): Promise<HttpAnswer> {
  if (call.url.origin !== peer.origin) {
    throw new PeerError('refused', `${call.url.origin} is not the registered ${peer.origin}`, {
      sent: false,
    })
  }
  const note = {
    protocol: protocolOf(peer.version),
    peerId: peer.connectionId,
    action: `${call.method} ${call.module}`,
    sessionId: call.sessionId ?? null,
  }
  const headers = headersOf(options.us, peer, call, correlationId)
  const body = call.body === undefined ? undefined : JSON.stringify(call.body)
  const request: NewMessage = {
    ...note,
    at: options.now().toISOString(),
    direction: 'out',
    payload: JSON.stringify({ url: call.url.href, headers, body: redacted(body) }),
  }
  // What may change something at the peer is kept before it leaves; a question is kept together with its answer.
  const isQuestion = call.method === 'GET'
  if (!isQuestion) await options.record(request)
  const recordAnswer = (payload: string, status: string) => {
    const at = options.now().toISOString()
    const received: NewMessage = { ...note, at, direction: 'in', payload, status }
    return options.record(...(isQuestion ? [request, received] : [received]))
  }
  const token = encoding === 'raw' ? peer.token : Buffer.from(peer.token).toString('base64')
  try {
    const answer = await exchange({
      method: call.method,
      url: call.url,
      headers: { ...headers, authorization: `Token ${token}` },
      ...(body === undefined ? {} : { body }),
      timeoutMs: call.timeoutMs ?? 10_000,
      maxBytes,
      allowLoopback: options.allowLoopback,
    })
    await recordAnswer(kept(answer.text), `HTTP ${answer.status}`)
    return answer
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error
    await recordAnswer('', `no answer: ${error.message}`)
    throw new PeerError('unreachable', error.message, { sent: error.sent, cause: error })
  }
}

function headersOf(
  us: Party,
  peer: Peer,
  call: PeerCall,
  correlationId: string,
): Record<string, string> {
  // Routing headers belong on functional modules only (OCPI 2.2.1 §4.2.5).
  const isFunctional = call.module !== 'versions' && call.module !== 'credentials'
  return {
    accept: 'application/json',
    ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
    'x-request-id': randomUUID(),
    'x-correlation-id': correlationId,
    ...(call.trace === undefined ? {} : { traceparent: traceparentOf(call.trace) }),
    ...(isFunctional
      ? {
          'ocpi-from-country-code': us.countryCode,
          'ocpi-from-party-id': us.partyId,
          'ocpi-to-country-code': peer.party.countryCode,
          'ocpi-to-party-id': peer.party.partyId,
        }
      : {}),
  }
}

/** Tokens never reach the message store. */
export function redacted(text: string | undefined): string | undefined {
  return text?.replace(/("token"\s*:\s*)"(?:[^"\\]|\\.)*"/g, '$1"[redacted]"')
}

/** Big pages are kept as their digest: each object of them is kept whole in its own row. */
export function kept(text: string): string {
  if (text.length <= 256 * 1024) return redacted(text) ?? ''
  const digest = createHash('sha256').update(text).digest('hex')
  return JSON.stringify({ sha256: digest, bytes: Buffer.byteLength(text) })
}

function read(answer: HttpAnswer): PeerAnswer {
  const http = answer.status
  const parsed = zEnvelopeIn.safeParse(parseJson(answer.text))
  const said = parsed.success ? (parsed.data.status_message ?? '') : ''
  const status = parsed.success ? parsed.data.status_code : undefined
  const facts = { sent: true, http, ...(status === undefined ? {} : { status }) }
  if (http === 429 || http >= 502) {
    throw new PeerError('unreachable', `HTTP ${http} ${said}`.trim(), facts)
  }
  if (http >= 300) throw new PeerError('refused', `HTTP ${http} ${said}`.trim(), facts)
  if (!parsed.success || status === undefined) {
    throw new PeerError('refused', `HTTP ${http} without an OCPI envelope`, facts)
  }
  if (status < ocpiStatus.ok || status >= ocpiStatus.clientError) {
    throw new PeerError('refused', `OCPI status ${status} ${said}`.trim(), facts)
  }
  return {
    http,
    status,
    message: said,
    data: cleaned(parsed.data.data, facts),
    text: answer.text,
    headers: answer.headers,
  }
}

function cleaned(data: unknown, facts: { sent: boolean; http: number }): unknown {
  try {
    return withoutNulls(data)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw new PeerError('refused', `an answer ${error.message}`, facts)
  }
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
