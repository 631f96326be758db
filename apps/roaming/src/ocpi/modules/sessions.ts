// OCPI 2.2.1 §9: what the CPO tells of a running session. Pushed and pulled objects take the same way: the object is
// kept, and what it says is told to the house, all in one statement.
import type { ConnectionRow } from '@chargelane/db/queries/locations/connections'
import { findSupplySession } from '@chargelane/db/queries/sessions/supply-sessions'
import {
  type HeldObject,
  type PushedSession,
  takeSession,
  type TakenSession,
} from '@chargelane/corridor/supply/inbox'
import { z } from 'zod'
import { recordCall } from '../../link/health.ts'
import { listObjects } from '../../link/paging.ts'
import {
  answerOk,
  type OcpiApp,
  pathId,
  readBody,
  requireOwnParty,
  type Roaming,
} from '../../link/server.ts'
import { invalid, problemOf, unknownObject } from '../../link/status.ts'
import { editionOf, endpointOf, peerOf } from './versions.ts'
import type { Edition, Named, SessionRead } from '../edition.ts'
import { instantOf, sameCi, unwrapSingle } from '../wire.ts'

const zObject = z.record(z.string(), z.unknown())

export const mountSessions = (roaming: Roaming, edition: Edition) => (app: OcpiApp) => {
  const path = `/${edition.version}/sessions/:country_code/:party_id/:id`
  app.get(path, async (context) => {
    const connection = requireOwnParty(context)
    const key = { ...ownerOf(connection), supplyRef: pathId(context, 'id') }
    const row = await findSupplySession(roaming.db, key)
    if (row === undefined) throw unknownObject('the session')
    return answerOk(roaming, context, row.object)
  })
  app.put(path, async (context) => {
    const connection = requireOwnParty(context)
    const read = edition.session(zObject.parse(unwrapSingle(await readBody(context))))
    requireSameIds(connection, pathId(context, 'id'), read.named)
    const { sessionId } = await takeWhole(roaming, connection, read)
    if (sessionId !== null) context.set('sessionId', sessionId)
    return answerOk(roaming, context)
  })
  app.patch(path, async (context) => {
    const connection = requireOwnParty(context)
    const patch = zObject.parse(unwrapSingle(await readBody(context)))
    requireLastUpdated(patch)
    const { sessionId } = await take(roaming, connection, {
      supplyRef: pathId(context, 'id'),
      reference: undefined,
      next: (held) => {
        if (held === undefined) throw unknownObject('the session')
        if (isOlder(patch['last_updated'], held)) return undefined
        return edition.session(patched(held.object, patch)).told
      },
    })
    if (sessionId !== null) context.set('sessionId', sessionId)
    return answerOk(roaming, context)
  })
}

const ownerOf = ({ id, countryCode, partyId }: ConnectionRow) => ({
  connectionId: id,
  countryCode,
  partyId,
})

/** §4.1.3: a PATCH without a readable date cannot be told from an old one, and is refused rather than dropped. */
export function requireLastUpdated(patch: Record<string, unknown>): void {
  const { last_updated: text } = patch
  if (typeof text === 'string' && instantOf(text) !== undefined) return
  throw invalid('last_updated: a PATCH must carry it, as an RFC 3339 date and time in UTC')
}

/** An object under another id than its URL says is nobody's (security fact 28). */
export function requireSameIds(connection: ConnectionRow, id: string, object: Named): void {
  if (!sameCi(object.id, id)) throw invalid(`id: ${object.id} is not the ${id} of the URL`)
  if (!sameCi(object.country_code, connection.countryCode)) {
    throw invalid(`country_code: ${object.country_code} is not that of the URL`)
  }
  if (!sameCi(object.party_id, connection.partyId)) {
    throw invalid(`party_id: ${object.party_id} is not that of the URL`)
  }
}

const isOlder = (lastUpdated: unknown, held: HeldObject) =>
  typeof lastUpdated === 'string' && (instantOf(lastUpdated) ?? '') < held.lastUpdated

/**
 * §9.2.2.3: a PATCH of charging_periods appends. Peers that send the whole list again are recognised by its first
 * period being ours (ocpi/ocpi #325); periods already there are not appended twice.
 */
export function patched(
  body: Record<string, unknown>,
  patch: Record<string, unknown>,
): Record<string, unknown> {
  const before = periodsOf(body)
  const added = periodsOf(patch)
  const starts = new Set(before.map(startOf))
  const isWhole = added.length > 0 && before.length > 0 && startOf(added[0]) === startOf(before[0])
  const periods =
    isWhole && added.length >= before.length
      ? added
      : [...before, ...added.filter((period) => !starts.has(startOf(period)))]
  return { ...body, ...patch, ...(periods.length === 0 ? {} : { charging_periods: periods }) }
}

const periodsOf = (object: Record<string, unknown>): unknown[] => {
  const periods = object['charging_periods']
  return Array.isArray(periods) ? periods : []
}

const startOf = (period: unknown): string => {
  const read = zObject.safeParse(period)
  const start = read.success ? read.data['start_date_time'] : undefined
  return typeof start === 'string' ? (instantOf(start) ?? start) : JSON.stringify(period)
}

/** Takes one whole session object, from a PUT or a pull. An older one than we have changes nothing. */
const takeWhole = (roaming: Roaming, connection: ConnectionRow, { named, told }: SessionRead) =>
  take(roaming, connection, {
    supplyRef: named.id,
    reference: told.clues.reference,
    next: (held) => (held !== undefined && isOlder(told.lastUpdated, held) ? undefined : told),
  })

async function take(
  { db, log, now, plausibleSlackMs: slackMs }: Roaming,
  channel: ConnectionRow,
  pushed: Pick<PushedSession, 'supplyRef' | 'reference' | 'next'>,
): Promise<TakenSession> {
  const at = now().toISOString()
  const taken = await takeSession(db, { ...pushed, channel, limit: { slackMs }, at })
  if (taken.kind === 'kept' && taken.sessionId === null)
    log.warn({ connection: channel.id, session: pushed.supplyRef }, 'session of nobody')
  return taken
}

/**
 * Pulls the peer's sessions changed since an instant (§9.2.1.1) and takes each. Bad ones are named in the log and
 * skipped (§4.1.4). Throws `PeerError`.
 */
export async function pullSessions(
  roaming: Roaming,
  connection: ConnectionRow,
  dateFrom: string,
  options: { sessionId?: string; timeoutMs?: number } = {},
): Promise<number> {
  const endpoint = endpointOf(connection, 'sessions', 'SENDER')
  if (endpoint === undefined) return 0
  let taken = 0
  const objects = listObjects(roaming.client, peerOf(connection), {
    module: 'sessions',
    endpoint,
    dateFrom,
    ...options,
  })
  await recordCall(roaming, connection, async () => {
    for await (const { object } of objects) {
      const problem = await problemOf(async () => {
        const read = editionOf(connection).session(zObject.parse(object))
        requireOwn(connection, read.named)
        await takeWhole(roaming, connection, read)
      })
      if (problem === undefined) taken++
      else roaming.log.warn({ connection: connection.id, problem }, 'unusable session')
    }
  })
  return taken
}

/** Another party's object is as unknown as its party (security fact 28); a list may hold some, which are left alone. */
export function requireOwn(connection: ConnectionRow, named: Named): void {
  const isOwn =
    sameCi(named.country_code, connection.countryCode) && sameCi(named.party_id, connection.partyId)
  if (!isOwn) throw unknownObject('the party')
}
