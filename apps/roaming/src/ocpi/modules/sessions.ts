// OCPI 2.2.1 §9: what the CPO tells of a running session. Pushed and pulled objects take the same way: the object is
// kept, its meter goes to the meter values, and what changed is told to our session as facts, all in one tx.
import type { ConnectionRow } from '@chargelane/db/queries/locations/connections'
import { cardStanding } from '@chargelane/db/queries/chargers/chargers'
import {
  findOcpiEvse,
  findOcpiSession,
  latestCommand,
  lockOcpiSession,
  type OcpiSessionRow,
  putOcpiSession,
  sessionIdOf,
  sessionOfOcpi,
} from '@chargelane/db/queries/roaming/ocpi'
import {
  type MeterReading,
  recordMeterValues,
  recordSupplyEvent,
} from '@chargelane/db/queries/sessions/supply'
import type { Tx } from '@chargelane/db'
import { getSession } from '@chargelane/db/queries/sessions/sessions'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import type { SupplyFact } from '@chargelane/rules/documents'
import { compareExact, exact, exactOf, format, times } from '@chargelane/rules/exact'
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
import { invalid, issueText, unknownObject } from '../../link/status.ts'
import { endpointOf, ocpiVersion, peerOf } from './versions.ts'
import { instantOf, type OcpiSession, sameCi, unwrapSingle, zSessionIn } from '../v221/wire.ts'

const zObject = z.record(z.string(), z.unknown())

export const mountSessions = (roaming: Roaming) => (app: OcpiApp) => {
  const path = `/${ocpiVersion}/sessions/:country_code/:party_id/:id`
  app.get(path, async (context) => {
    const connection = requireOwnParty(context)
    const row = await findOcpiSession(roaming.db, keyOf(connection, pathId(context, 'id')))
    if (row === undefined) throw unknownObject('the session')
    return answerOk(roaming, context, row.body)
  })
  app.put(path, async (context) => {
    const connection = requireOwnParty(context)
    const body = zObject.parse(unwrapSingle(await readBody(context)))
    const session = zSessionIn.parse(body)
    requireSameIds(connection, pathId(context, 'id'), session)
    const row = await takeSession(roaming, connection, body)
    if (row.sessionId !== null) context.set('sessionId', row.sessionId)
    return answerOk(roaming, context)
  })
  app.patch(path, async (context) => {
    const connection = requireOwnParty(context)
    const patch = zObject.parse(unwrapSingle(await readBody(context)))
    if (typeof patch['last_updated'] !== 'string') {
      throw invalid('last_updated: a PATCH must carry it')
    }
    const key = keyOf(connection, pathId(context, 'id'))
    const row = await roaming.db.tx(async (tx) => {
      const present = await lockOcpiSession(tx, key)
      if (present === undefined) throw unknownObject('the session')
      if (isOlder(patch['last_updated'], present)) return present
      return applySession(tx, roaming, connection, patched(present.body, patch), present)
    })
    if (row.sessionId !== null) context.set('sessionId', row.sessionId)
    return answerOk(roaming, context)
  })
}

const keyOf = (connection: ConnectionRow, ocpiId: string) => ({
  connectionId: connection.id,
  countryCode: connection.countryCode,
  partyId: connection.partyId,
  ocpiId,
})

/** An object under another id than its URL says is nobody's (security fact 28). */
export function requireSameIds(
  connection: ConnectionRow,
  id: string,
  object: { country_code: string; party_id: string; id: string },
): void {
  if (!sameCi(object.id, id)) throw invalid(`id: ${object.id} is not the ${id} of the URL`)
  if (!sameCi(object.country_code, connection.countryCode)) {
    throw invalid(`country_code: ${object.country_code} is not that of the URL`)
  }
  if (!sameCi(object.party_id, connection.partyId)) {
    throw invalid(`party_id: ${object.party_id} is not that of the URL`)
  }
}

const isOlder = (lastUpdated: unknown, present: OcpiSessionRow) =>
  typeof lastUpdated === 'string' && (instantOf(lastUpdated) ?? '') < present.lastUpdated

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
export function takeSession(
  roaming: Roaming,
  connection: ConnectionRow,
  body: Record<string, unknown>,
): Promise<OcpiSessionRow> {
  const { id, last_updated } = zSessionIn.parse(body)
  return roaming.db.tx(async (tx) => {
    const present = await lockOcpiSession(tx, keyOf(connection, id))
    if (present !== undefined && isOlder(last_updated, present)) return present
    return applySession(tx, roaming, connection, body, present)
  })
}

async function applySession(
  tx: Tx,
  roaming: Roaming,
  connection: ConnectionRow,
  body: Record<string, unknown>,
  present: OcpiSessionRow | undefined,
): Promise<OcpiSessionRow> {
  const session = zSessionIn.parse(body)
  const owner = await ownerOf(tx, connection, session, present?.sessionId ?? undefined)
  const at = roaming.now().toISOString()
  const row: OcpiSessionRow = {
    ...keyOf(connection, present?.ocpiId ?? session.id),
    ocpiKey: session.id.toLowerCase(),
    sessionId: owner?.sessionId ?? null,
    status: session.status,
    body,
    lastUpdated: session.last_updated,
    receivedAt: at,
  }
  await putOcpiSession(tx, row)
  if (owner === undefined) {
    roaming.log.warn({ connection: connection.id, ocpiSession: session.id }, 'session of nobody')
    return row
  }
  await recordMeterValues(tx, readingsOf(owner.sessionId, session, at))
  const stop = await latestCommand(tx, owner.sessionId, 'stop')
  const wasStopped = stop !== undefined && stop.state !== 'failed' && stop.state !== 'rejected'
  for (const [name, fact] of factsOf(session, at, wasStopped)) {
    // Nobody waits for the plug of a session that began at the charger.
    if (fact.kind === 'plug_awaited' && owner.unsolicited !== undefined) continue
    const told =
      fact.kind === 'charging_started' && owner.unsolicited !== undefined
        ? { ...fact, unsolicited: owner.unsolicited }
        : fact
    await recordSupplyEvent(tx, owner.sessionId, `ocpi:${owner.sessionId}:${name}`, told)
  }
  return row
}

type Owner = {
  sessionId: string
  /** The driver started at the charger with a card of ours: there is no session of ours yet. */
  unsolicited?: { accountId: string; evseId: string; tokenUid: string }
}

/** `linked` is the session this object was given to before; its row may not be there yet. */
async function ownerOf(
  tx: Tx,
  connection: ConnectionRow,
  session: OcpiSession,
  linked: string | undefined,
): Promise<Owner | undefined> {
  if (linked !== undefined && (await getSession(tx, 'all', linked)) !== undefined) {
    return { sessionId: linked }
  }
  const evse = await findOcpiEvse(tx, connection.id, {
    locationId: session.location_id,
    evseUid: session.evse_uid,
  })
  const tokenUid = session.cdr_token?.uid
  const known = await sessionOfOcpi(tx, connection.id, {
    reference: session.authorization_reference,
    tokenUid,
    evseId: evse?.evseId,
    ocpiSessionId: session.id,
    startedAt: session.start_date_time,
  })
  if (known !== undefined) return { sessionId: known.id }
  const card = tokenUid === undefined ? undefined : await cardStanding(tx, tokenUid)
  if (card === undefined || evse === undefined) {
    return linked === undefined ? undefined : { sessionId: linked }
  }
  return {
    sessionId: linked ?? (await freshId(tx, session.authorization_reference)),
    unsolicited: { accountId: card.accountId, evseId: evse.evseId, tokenUid: card.uid },
  }
}

/** The reference given with the card's authorization, unless it is taken: a peer may not name another's session. */
async function freshId(tx: Tx, reference: string | undefined): Promise<string> {
  const named = sessionIdOf(reference)
  const isFree = named !== undefined && (await getSession(tx, 'all', named)) === undefined
  return isFree ? named : newId('session')
}

const hasEnergy = (session: OcpiSession) => compareExact(exact(session.kwh), exactOf(0)) > 0

/** OCPI states the energy so far: a register that starts at zero when the session does. Wh as decimals. */
function readingsOf(sessionId: string, session: OcpiSession, at: string): MeterReading[] {
  if (session.status === 'PENDING' || session.status === 'RESERVATION') return []
  const common = { sessionId, source: 'ocpi' as const, receivedAt: at }
  const isOver = session.status === 'COMPLETED'
  return [
    { ...common, at: session.start_date_time, context: 'Transaction.Begin', registerWh: '0' },
    {
      ...common,
      at: isOver ? (session.end_date_time ?? session.last_updated) : session.last_updated,
      context: isOver ? 'Transaction.End' : 'Sample.Periodic',
      registerWh: format(times(exact(session.kwh), exactOf(1000)), 12),
    },
  ]
}

/** What a session object says, each fact under its own stable name: told once however often the object comes. */
export function factsOf(
  session: OcpiSession,
  at: string,
  wasStopped: boolean,
): [string, SupplyFact][] {
  const started: [string, SupplyFact] = [
    'started',
    { kind: 'charging_started', at, startedAt: session.start_date_time, supplyRef: session.id },
  ]
  const ended: [string, SupplyFact] = [
    'ended',
    {
      kind: 'charging_ended',
      at,
      endedAt: session.end_date_time ?? session.last_updated,
      // OCPI does not say why a session ended; only our own stop is known.
      reason: wasStopped ? 'requested' : 'other',
    },
  ]
  switch (session.status) {
    case 'PENDING':
      return hasEnergy(session) ? [started] : [['plug', { kind: 'plug_awaited', at }]]
    case 'ACTIVE':
      return [started]
    case 'COMPLETED':
      return [started, ended]
    case 'INVALID':
      // §9.4.1: declared invalid and never billed; for a driver who waits it is a start that failed.
      return hasEnergy(session)
        ? [started, ended]
        : [
            [
              'invalid',
              {
                kind: 'start_result',
                at,
                result: 'rejected',
                reason: 'unknown',
                detail: 'the CPO declared the session invalid',
              },
            ],
          ]
    default:
      return []
  }
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
      const read = zSessionIn.safeParse(object)
      if (!read.success) {
        const problem = issueText(read.error)
        roaming.log.warn({ connection: connection.id, problem }, 'unreadable session')
      } else if (isOwn(connection, read.data)) {
        await takeSession(roaming, connection, zObject.parse(object))
        taken++
      }
    }
  })
  return taken
}

/** A list may hold objects of parties we have no connection with under this token; those are left alone. */
export const isOwn = (
  connection: ConnectionRow,
  object: { country_code: string; party_id: string },
) =>
  sameCi(object.country_code, connection.countryCode) && sameCi(object.party_id, connection.partyId)
