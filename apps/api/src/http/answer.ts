// How an answer leaves: status, headers, body. JSON goes out with all its headers at once, everything else is dressed
// on its way out.
import { traceparentOf } from '@chargelane/corridor/worker/trace'
import { apiVersion, hasEtag, type Operation, readerOf } from '@chargelane/openapi'
import type { DomainError } from '@chargelane/openapi/vocabulary/errors'
import { type Context, Hono } from 'hono'
import { secureHeaders } from 'hono/secure-headers'
import { problemOf } from './errors.ts'
import { etagOf, isKnown } from './etag.ts'
import type { FileReply, StreamReply } from './handler.ts'
import type { Answer } from './once/idempotency.ts'
import { streamResponse } from './stream/stream-response.ts'

export type Env = {
  Variables: {
    requestId: string
    log: Record<string, unknown>
    isDressed: boolean
    /** The version that the answer is made in; absent before it is known who calls. */
    version?: string
    /** Absent before the door. */
    trace?: string
    /** What is left of the caller's rate; absent before it is known who calls. */
    limits?: Record<string, string>
  }
}

/** What hono's `secureHeaders` says with every answer, asked once: as a middleware it would build and read each anew. */
const guarded = Object.fromEntries(
  (
    await new Hono()
      .use(secureHeaders())
      .get('/', (c) => c.body(null))
      .request('/')
  ).headers,
)

function ownHeaders(c: Context<Env>): Record<string, string> {
  const trace = c.get('trace')
  return {
    'Request-Id': c.get('requestId'),
    'Api-Version': c.get('version') ?? apiVersion,
    ...(trace === undefined ? {} : { traceparent: traceparentOf(trace) }),
    ...c.get('limits'),
  }
}

/** The headers that an answer of another make still lacks. */
export function dress(c: Context<Env>): void {
  if (c.get('isDressed')) return
  const { headers } = c.res
  for (const [name, value] of Object.entries(guarded)) headers.set(name, value)
  for (const [name, value] of Object.entries(ownHeaders(c))) headers.set(name, value)
  if (!headers.has('Cache-Control')) headers.set('Cache-Control', 'no-store')
}

/** A plain record of headers and a text go straight to the socket; a `Headers` object would be built and read again. */
const json = (c: Context<Env>, answer: Answer, own: Record<string, string>): Response =>
  jsonText(c, answer.status, JSON.stringify(answer.body), own)

function jsonText(
  c: Context<Env>,
  status: number,
  text: string | null,
  own: Record<string, string>,
): Response {
  c.set('isDressed', true)
  const headers = {
    ...guarded,
    ...ownHeaders(c),
    'Cache-Control': 'no-store',
    ...(text === null
      ? {}
      : { 'Content-Type': status >= 400 ? 'application/problem+json' : 'application/json' }),
    ...own,
  }
  return new Response(text, { status, headers })
}

/** A stored refusal is an answer like any other; the client must not hope for another one under this key. */
export const answerJson = (c: Context<Env>, answer: Answer, isReplay: boolean): Response =>
  json(c, answer, {
    ...(isReplay ? { 'Idempotent-Replayed': 'true' } : {}),
    ...(answer.status >= 500 ? { 'Should-Retry': 'false' } : {}),
  })

export function answerProblem(c: Context<Env>, error: DomainError): Response {
  const problem = problemOf(error, c.get('requestId'))
  const facts = c.get('log')
  facts['code'] = error.code
  // The cause is for us alone: it may hold SQL or a peer's words.
  if (error.cause !== undefined) facts['err'] = error.cause
  const { retry_after_ms: retryAfterMs, allow, etag } = error.extra
  const { status } = problem
  const waitS =
    typeof retryAfterMs === 'number'
      ? Math.max(1, Math.ceil(retryAfterMs / 1_000))
      : status === 503
        ? 1
        : undefined
  return json(
    c,
    { status, body: problem },
    {
      ...(waitS === undefined ? {} : { 'Retry-After': String(waitS) }),
      ...(error.code === 'idempotency_in_progress' ? { 'Should-Retry': 'true' } : {}),
      // The rest of the body is not read, so nothing more can come over this connection.
      ...(status === 413 ? { Connection: 'close' } : {}),
      ...(status === 401 ? { 'WWW-Authenticate': 'Bearer' } : {}),
      ...(typeof allow === 'string' ? { Allow: allow } : {}),
      ...(typeof etag === 'string' ? { ETag: etag } : {}),
    },
  )
}

export function asBody(reply: unknown): Record<string, unknown> {
  if (typeof reply !== 'object' || reply === null) throw new Error('an answer is an object')
  return { ...reply }
}

/** Whether the answer of a change is what reading it afterwards gives. */
const showsAll = (op: Operation) => op.method === 'patch' && isSame(op, readerOf(op))

const isSame = ({ success }: Operation, reader: Operation | undefined) =>
  success.kind === 'json' && reader?.success.kind === 'json' && reader.success.body === success.body

/** What a handler gave, as the contract says that it is sent. */
export function respond(
  op: Operation,
  c: Context<Env>,
  reply: unknown,
  told: (body: Record<string, unknown>) => Record<string, unknown>,
): Response {
  const { success } = op
  if (success.kind === 'stream') return streamResponse(c, asStream(reply))
  if (success.kind === 'file') return fileResponse(op, c, asFile(reply))
  const body = asBody(reply)
  const text = JSON.stringify(told(body))
  if (!hasEtag(op) && !showsAll(op)) return jsonText(c, success.status, text, {})
  // Of what it is, in whatever version it is told: a change is compared with that.
  const etag = etagOf(JSON.stringify(body))
  if (hasEtag(op) && isKnown(c.req.header('if-none-match'), etag))
    return jsonText(c, 304, null, { ETag: etag })
  return jsonText(c, success.status, text, { ETag: etag })
}

// The contract decided the kind of reply when `handlers` was compiled; these two only say so again.
// oxlint-disable-next-line no-unsafe-type-assertion
const asFile = (reply: unknown) => reply as FileReply
// oxlint-disable-next-line no-unsafe-type-assertion
const asStream = (reply: unknown) => reply as StreamReply<unknown>

function fileResponse(op: Operation, c: Context<Env>, file: FileReply): Response {
  const etag = hasEtag(op) ? etagOf(file.bytes) : undefined
  if (etag !== undefined && isKnown(c.req.header('if-none-match'), etag))
    return jsonText(c, 304, null, { ETag: etag })
  return new Response(Buffer.from(file.bytes), {
    headers: {
      ...(etag === undefined ? {} : { ETag: etag }),
      'Content-Type': op.success.kind === 'file' ? op.success.media : 'application/octet-stream',
      'Content-Disposition': `attachment; filename="${file.filename}"`,
    },
  })
}
