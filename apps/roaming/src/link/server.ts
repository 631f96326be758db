// The shell around every OCPI route we serve: who calls, what was sent, and the envelope of the answer.
import type { Db } from '@chargelane/db'
import type { MessageLog, NewMessage } from '@chargelane/db/queries/chargers/frames'
import type { ConnectionRow } from '@chargelane/db/queries/locations/connections'
import { type Context, Hono, type MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { Logger } from 'pino'
import { protocolOf } from '../ocpi/edition.ts'
import type { Caller, Callers } from './callers.ts'
import { kept, type OcpiClient, type Party, parseJson, redacted } from './client.ts'
import {
  type AnswerHttp,
  envelope,
  OcpiRefusal,
  ocpiStatus,
  refusalOf,
  unknownObject,
} from './status.ts'
import { withoutNulls } from '@chargelane/rules/record/ocpi'

export type Roaming = {
  db: Db
  client: OcpiClient
  callers: Callers
  messages: MessageLog
  us: Party
  businessName: string
  /** What peers call us by, without a trailing slash: `https://…/ocpi`. */
  publicUrl: string
  /** Peers on a developer's machine. */
  allowLoopback: boolean
  /** Added to the time between two readings before their difference counts as impossible. */
  plausibleSlackMs: number
  now: () => Date
  log: Logger
}

/** `request` is the message to be kept with its answer, `sessionId` the session it turned out to be of. */
export type OcpiEnv = { Variables: { caller: Caller; request?: NewMessage; sessionId?: string } }
export type OcpiContext = Context<OcpiEnv>
export type OcpiApp = Hono<OcpiEnv>

const bodyMax = 5 * 1024 * 1024

export function createOcpiApp(roaming: Roaming, modules: ((app: OcpiApp) => void)[]): OcpiApp {
  const app: OcpiApp = new Hono<OcpiEnv>({ strict: false }).basePath(
    new URL(roaming.publicUrl).pathname,
  )
  app.onError((error, context) => {
    const refusal = refusalOf(error)
    if (refusal.http >= 500)
      roaming.log.error({ err: error, path: context.req.path }, 'ocpi request')
    return answer(roaming, context, refusal.status, refusal.message, refusal.http)
  })
  app.use('*', limitBody)
  app.use('*', async (context, next) => {
    for (const name of ['x-request-id', 'x-correlation-id']) {
      const given = context.req.header(name)
      if (given !== undefined && given.length <= 64) context.header(name, given)
    }
    const text = context.req.text()
    // Its failure is told where it is awaited, which a stranger never reaches.
    text.catch(() => undefined)
    context.set('caller', await identify(roaming, context))
    context.set('request', requestOf(roaming, context, await text))
    await next()
  })
  for (const mount of modules) mount(app)
  app.notFound((context) => {
    // Without a caller nobody learns which routes exist.
    const refusal = new OcpiRefusal(ocpiStatus.clientError, 'no such interface', 404)
    return answer(roaming, context, refusal.status, refusal.message, refusal.http)
  })
  return app
}

const tooLarge = () =>
  new OcpiRefusal(ocpiStatus.clientError, `the body is over ${bodyMax} bytes`, 413)

const limitStream = bodyLimit({
  maxSize: bodyMax,
  onError: () => {
    throw tooLarge()
  },
})

/** A stated length is held by the HTTP parser; only a body without one is counted, which makes a stream of it. */
const limitBody: MiddlewareHandler<OcpiEnv> = (context, next) => {
  if (context.req.header('transfer-encoding') !== undefined) return limitStream(context, next)
  if (Number(context.req.header('content-length') ?? 0) > bodyMax) throw tooLarge()
  return next()
}

const unauthorized = () => new OcpiRefusal(ocpiStatus.clientError, 'missing or unknown token', 401)

/** A CREDENTIALS_TOKEN_A opens the door to versions and credentials only (OCPI 2.2.1 §7.1.1). */
async function identify({ callers, publicUrl }: Roaming, context: OcpiContext): Promise<Caller> {
  const [, shown] = /^token\s+(\S+)\s*$/i.exec(context.req.header('authorization') ?? '') ?? []
  if (shown === undefined) throw unauthorized()
  const isRegistration = isRegistrationPath(publicUrl, context)
  const caller = await (isRegistration ? callers.findAnew(shown) : callers.find(shown))
  if (caller === undefined) throw unauthorized()
  if (!isFullToken(caller.connection) && !isRegistration) throw unauthorized()
  return caller
}

/** We know the peer's versions URL as soon as the token is more than a CREDENTIALS_TOKEN_A. */
const isFullToken = (connection: ConnectionRow) => connection.versionsUrl !== null

function isRegistrationPath(publicUrl: string, context: OcpiContext): boolean {
  const path = context.req.path.slice(new URL(publicUrl).pathname.length)
  return /^\/(versions|[0-9.]+|[0-9.]+\/credentials)\/?$/.test(path)
}

/** Any answer in its envelope. It leaves when it is kept, together with the request it answers (decision 0007). */
export async function answer(
  { messages, now }: Roaming,
  context: OcpiContext,
  status: OcpiRefusal['status'],
  message: string,
  http: AnswerHttp,
  data?: unknown,
): Promise<Response> {
  const at = now().toISOString()
  const body = JSON.stringify(envelope(status, message, at, data))
  // Strangers are answered, not kept.
  const request = context.get('request')
  if (request !== undefined) {
    const told = { ...request, sessionId: context.get('sessionId') ?? null }
    const sent = { ...told, at, direction: 'out' as const, payload: kept(body) }
    await messages.add(told, { ...sent, status: `HTTP ${http}` })
  }
  return context.body(body, http, { 'content-type': 'application/json' })
}

export const answerOk = (
  roaming: Roaming,
  context: OcpiContext,
  data?: unknown,
  http: 200 | 201 = 200,
) => answer(roaming, context, ocpiStatus.ok, 'Success', http, data)

function requestOf(roaming: Roaming, context: OcpiContext, body: string): NewMessage {
  const { connection } = context.get('caller')
  const path = context.req.path.slice(new URL(roaming.publicUrl).pathname.length)
  const [, module = 'versions'] = /^\/[0-9.]+\/([a-z]+)/.exec(path) ?? []
  const headers = readableHeaders(context)
  return {
    protocol: protocolOf(connection.version),
    at: roaming.now().toISOString(),
    direction: 'in',
    peerId: connection.id,
    action: `${context.req.method} ${module}`,
    payload: kept(JSON.stringify({ url: context.req.url, headers, body: redacted(body) })),
  }
}

function readableHeaders(context: OcpiContext): Record<string, string> {
  const names = Object.entries(context.req.header())
  return Object.fromEntries(
    names.filter(([name]) => name.startsWith('x-') || name.startsWith('ocpi-')),
  )
}

const unreadable = (why: string) =>
  new OcpiRefusal(ocpiStatus.invalidParameters, `the body is ${why}`, 400)

/** The JSON body, nulls dropped. A body that is not JSON never reached the OCPI layer: HTTP 400 (§5). */
export async function readBody(context: OcpiContext): Promise<unknown> {
  const parsed = parseJson(await context.req.text())
  if (parsed === undefined) throw unreadable('not valid JSON')
  try {
    return withoutNulls(parsed)
  } catch (error) {
    throw error instanceof RangeError ? unreadable(error.message) : error
  }
}

/** A part of the path that names an object. */
export function pathId(context: OcpiContext, name: string): string {
  const value = context.req.param(name)
  // OCPI ids are printable ASCII of 39 characters at most (§16.1).
  if (value === undefined || !/^[\x20-\x7e]{1,39}$/.test(value)) throw unknownObject(name)
  return value
}
