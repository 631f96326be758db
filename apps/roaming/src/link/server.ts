// The shell around every OCPI route we serve: who calls, what was sent, and the envelope of the answer.
import { createHash } from 'node:crypto'
import type { Db } from '@chargelane/db'
import {
  type ConnectionRow,
  findConnectionByToken,
} from '@chargelane/db/queries/locations/connections'
import { recordOcpiMessage } from '@chargelane/db/queries/roaming/ocpi'
import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { Logger } from 'pino'
import { kept, type OcpiClient, type Party, parseJson, redacted } from './client.ts'
import {
  type AnswerHttp,
  envelope,
  OcpiRefusal,
  ocpiStatus,
  refusalOf,
  unknownObject,
} from './status.ts'
import { sameCi, withoutNulls } from '../ocpi/v221/wire.ts'

export type Roaming = {
  db: Db
  client: OcpiClient
  us: Party
  businessName: string
  /** What peers call us by, without a trailing slash: `https://…/ocpi`. */
  publicUrl: string
  /** Added to the time between two readings before their difference counts as impossible. */
  plausibleSlackMs: number
  now: () => Date
  log: Logger
}

/** The peer behind a request, and the token it showed. */
export type Caller = { connection: ConnectionRow; token: string }
/** `message` is the stored request, `sessionId` the session it turned out to be of. */
export type OcpiEnv = { Variables: { caller: Caller; message?: number; sessionId?: string } }
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
  app.use(
    '*',
    bodyLimit({
      maxSize: bodyMax,
      onError: () => {
        throw new OcpiRefusal(ocpiStatus.clientError, `the body is over ${bodyMax} bytes`, 413)
      },
    }),
  )
  app.use('*', async (context, next) => {
    for (const name of ['x-request-id', 'x-correlation-id']) {
      const given = context.req.header(name)
      if (given !== undefined && given.length <= 64) context.header(name, given)
    }
    context.set('caller', await identify(roaming, context))
    const message = await record(roaming, context, 'in', await context.req.text())
    if (message !== undefined) context.set('message', message)
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

export const tokenDigest = (token: string) => createHash('sha256').update(token).digest()

/**
 * OCPI 2.2.1 §4.1.2: the token comes in Base64, from older peers as it is; both readings are looked up. A
 * CREDENTIALS_TOKEN_A opens the door to versions and credentials only.
 */
async function identify(roaming: Roaming, context: OcpiContext): Promise<Caller> {
  const [, shown] = /^token\s+(\S+)\s*$/i.exec(context.req.header('authorization') ?? '') ?? []
  const unauthorized = new OcpiRefusal(ocpiStatus.clientError, 'missing or unknown token', 401)
  if (shown === undefined) throw unauthorized
  const readings = [shown, Buffer.from(shown, 'base64').toString('utf8').trim()]
  const at = roaming.now().toISOString()
  const connection = await findConnectionByToken(roaming.db, readings.map(tokenDigest), at)
  if (connection === undefined) throw unauthorized
  if (!isFullToken(connection) && !isRegistrationPath(roaming, context)) throw unauthorized
  const token = readings.find((reading) => isTokenOf(connection, reading))
  if (token === undefined) throw unauthorized
  return { connection, token }
}

const isTokenOf = (connection: ConnectionRow, token: string) => {
  const digest = tokenDigest(token)
  return (
    connection.tokenInDigest?.equals(digest) === true ||
    connection.previousTokenInDigest?.equals(digest) === true
  )
}

/** We know the peer's versions URL as soon as the token is more than a CREDENTIALS_TOKEN_A. */
const isFullToken = (connection: ConnectionRow) => connection.versionsUrl !== null

function isRegistrationPath(roaming: Roaming, context: OcpiContext): boolean {
  const path = context.req.path.slice(new URL(roaming.publicUrl).pathname.length)
  return /^\/(versions|[0-9.]+|[0-9.]+\/credentials)\/?$/.test(path)
}

/** Any answer in its envelope; what goes out is stored as what came in. */
export async function answer(
  roaming: Roaming,
  context: OcpiContext,
  status: OcpiRefusal['status'],
  message: string,
  http: AnswerHttp,
  data?: unknown,
): Promise<Response> {
  const body = JSON.stringify(envelope(status, message, roaming.now().toISOString(), data))
  await record(roaming, context, 'out', body, `HTTP ${http}`)
  return context.body(body, http, { 'content-type': 'application/json' })
}

export const answerOk = (
  roaming: Roaming,
  context: OcpiContext,
  data?: unknown,
  http: 200 | 201 = 200,
) => answer(roaming, context, ocpiStatus.ok, 'Success', http, data)

async function record(
  roaming: Roaming,
  context: OcpiContext,
  direction: 'in' | 'out',
  body: string,
  status?: string,
): Promise<number | undefined> {
  // Strangers are answered, not stored. Hono types the variable as set; before authentication it is not.
  const caller: Caller | undefined = context.get('caller')
  if (caller === undefined) return undefined
  const [sessionId, answers] = [context.get('sessionId'), context.get('message')]
  const path = context.req.path.slice(new URL(roaming.publicUrl).pathname.length)
  const [, module = 'versions'] = /^\/[0-9.]+\/([a-z]+)/.exec(path) ?? []
  const headers = direction === 'in' ? readableHeaders(context) : undefined
  return recordOcpiMessage(roaming.db, {
    at: roaming.now().toISOString(),
    direction,
    connectionId: caller.connection.id,
    action: `${context.req.method} ${module}`,
    payload: kept(
      direction === 'in'
        ? JSON.stringify({ url: context.req.url, headers, body: redacted(body) })
        : body,
    ),
    ...(sessionId === undefined ? {} : { sessionId }),
    ...(status === undefined ? {} : { status }),
    ...(direction === 'in' || answers === undefined ? {} : { answers }),
  })
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

/** Parties in the URL are the caller's own; another party's objects are not there for it (security fact 28). */
export function requireOwnParty(context: OcpiContext): ConnectionRow {
  const { connection } = context.get('caller')
  const own =
    sameCi(context.req.param('country_code') ?? '', connection.countryCode) &&
    sameCi(context.req.param('party_id') ?? '', connection.partyId)
  if (!own) throw unknownObject('the party')
  return connection
}

/** A part of the path that names an object. */
export function pathId(context: OcpiContext, name: string): string {
  const value = context.req.param(name)
  // OCPI ids are printable ASCII of 39 characters at most (§16.1).
  if (value === undefined || !/^[\x20-\x7e]{1,39}$/.test(value)) throw unknownObject(name)
  return value
}
