// OCPI 2.2.1 §9: what the CPO tells of a running session. Pushed and pulled objects take the same way: the object is
// kept, and what it says is told to the house, all in one statement.
import type { ConnectionRow } from '@chargelane/db/queries/locations/connections'
import { findSupplySession } from '@chargelane/db/queries/sessions/supply-sessions'
import {
  type PushedSession,
  takeSession,
  type TakenSession,
} from '@chargelane/corridor/supply/inbox'
import { answerOk, type OcpiApp, pathId, type Roaming } from '../../link/server.ts'
import { whyClosed } from '../../link/health.ts'
import { unknownObject } from '../../link/status.ts'
import type { Edition, SessionRead } from '../edition.ts'
import { instantOf } from '@chargelane/rules/record/ocpi'
import { sendCommand } from './commands.ts'
import { isBefore, readObject, requireSameIds } from './objects.ts'
import { zObject } from '../wire.ts'
import { chargeOfSession, partyOfPath, readAsParty, writeAsParty } from './parties.ts'
import { type Pulled, pullList } from './pull.ts'
import { editionOf } from './versions.ts'

export const mountSessions = (roaming: Roaming, edition: Edition) => (app: OcpiApp) => {
  const path = `/${edition.version}/sessions/:country_code/:party_id/:id`
  app.get(path, async (context) => {
    const connection = await readAsParty(roaming, context)
    const key = { ...ownerOf(connection), supplyRef: pathId(context, 'id') }
    const row = await findSupplySession(roaming.db, key)
    if (row === undefined) throw unknownObject('the session')
    return answerOk(roaming, context, row.object)
  })
  app.put(path, async (context) => {
    const object = await readObject(roaming, context)
    const connection = await writeAsParty(roaming, context, () =>
      chargeOfSession(edition.session(object, partyOfPath(context))),
    )
    const read = edition.session(object, connection)
    requireSameIds(connection, pathId(context, 'id'), read.named)
    const { sessionId } = await takeWhole(roaming, connection, read)
    if (sessionId !== null) context.set('sessionId', sessionId)
    return answerOk(roaming, context)
  })
  app.patch(path, async (context) => {
    const connection = await writeAsParty(roaming, context)
    const patch = edition.patch(await readObject(roaming, context), roaming.now().toISOString())
    const { sessionId } = await take(roaming, connection, {
      supplyRef: pathId(context, 'id'),
      reference: undefined,
      next: (held) => {
        if (held === undefined) throw unknownObject('the session')
        if (isBefore(patch['last_updated'], held.lastUpdated)) return undefined
        return edition.session(patched(held.object, patch), connection).told
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
    next: (held) => (isBefore(told.lastUpdated, held?.lastUpdated) ? undefined : told),
  })

async function take(
  roaming: Roaming,
  channel: ConnectionRow,
  pushed: Pick<PushedSession, 'supplyRef' | 'reference' | 'next'>,
): Promise<TakenSession> {
  const { db, log, now, plausibleSlackMs: slackMs } = roaming
  const at = now().toISOString()
  const taken = await takeSession(db, { ...pushed, channel, limit: { slackMs }, at })
  if (taken.kind === 'kept' && taken.sessionId === null)
    log.warn({ connection: channel.id, session: pushed.supplyRef }, 'session of nobody')
  if (taken.unpaid !== undefined) stopUnpaid(roaming, channel, pushed.supplyRef, taken.unpaid)
  return taken
}

/**
 * Energy that nobody pays for is stopped, as it is at a charger of our own. The peer has its answer before it is asked;
 * while it charges on, each of its objects has a stop that came to nothing sent again.
 */
function stopUnpaid(
  roaming: Roaming,
  connection: ConnectionRow,
  supplyRef: string,
  sessionId: string,
): void {
  sendCommand(roaming, {
    connection,
    closed: whyClosed(connection, roaming.now()),
    sessionId,
    kind: 'stop',
    body: (write, responseUrl) => write.stop({ responseUrl, supplyRef }),
  }).catch((error: unknown) =>
    roaming.log.error(
      { connection: connection.id, err: error },
      'an unpaid session was not stopped',
    ),
  )
}

/** The peer's sessions changed since an instant (§9.2.1.1). Throws `PeerError`. */
export const pullSessions = (
  roaming: Roaming,
  connection: ConnectionRow,
  dateFrom: string,
  options: { sessionId?: string; timeoutMs?: number } = {},
): Promise<Pulled> =>
  pullList(roaming, connection, {
    module: 'sessions',
    dateFrom,
    ...options,
    read: editionOf(connection).session,
    charge: chargeOfSession,
    take: async (read, _text, channel) => {
      await takeWhole(roaming, channel, read)
    },
  })
