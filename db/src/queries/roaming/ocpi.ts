import { cardKey } from '../../sealed/sealed.ts'
import { and, asc, desc, eq, sql as raw } from 'drizzle-orm'
import type { Sql } from '../../client.ts'
import { arg, fixedStatement, rowOf } from '../../fixed.ts'
import { connections, sessions, tokens } from '../../schema.ts'
import type { ConnectionRow } from '../locations/connections.ts'
import type { EvseStatus } from '../locations/locations.ts'

export type SessionRow = typeof sessions.$inferSelect

// ── Chargers as their CPO names them ────────────────────────────────────────────────────────────────────────────

export type RoamingCharger = {
  connection: ConnectionRow
  status: EvseStatus
  capabilities: string[]
  /** As the CPO calls them. */
  evseUid: string
  locationId: string
  connectors: { id: string; ocpiId: string }[]
}

const selectCharger = fixedStatement<
  ConnectionRow & {
    evseStatus: EvseStatus
    capabilities: string[]
    evseUid: string
    locationId: string
    party: { countryCode: string; partyId: string }
    connectors: RoamingCharger['connectors'] | null
  },
  { evseId: string }
>(
  () => raw`select ${rowOf(connections)}, e.status as "evseStatus", e.capabilities, e.ocpi_uid as "evseUid",
      l.ocpi_id as "locationId", json_build_object('countryCode', l.country_code, 'partyId', l.party_id) as party, (select json_agg(json_build_object('id', c.id, 'ocpiId', c.ocpi_id) order by c.id)
        from connectors c where c.evse_id = e.id and c.removed_at is null) as connectors
    from evses e join locations l on l.id = e.location_id join connections on connections.id = e.connection_id
    where e.id = ${arg('evseId')}`,
)

/** An EVSE with everything a command needs; its connection as the party it is of, which is another than a hub's own. */
export async function roamingCharger(
  sql: Sql,
  evseId: string,
): Promise<RoamingCharger | undefined> {
  const [row] = await selectCharger(sql, { evseId })
  if (row === undefined) return undefined
  const { evseStatus, capabilities, evseUid, locationId, party, connectors, ...own } = row
  const connection = { ...own, ...party }
  const place = { evseUid, locationId, connectors: connectors ?? [] }
  return { connection, status: evseStatus, capabilities, ...place }
}

const selectSupply = fixedStatement<
  ConnectionRow & {
    openedAt: string
    supplyRef: string | null
    party: { countryCode: string; partyId: string } | null
  },
  { sessionId: string }
>(
  () => raw`select ${rowOf(connections)}, coalesce(s.opened_at, o.received_at) as "openedAt", o.supply_ref as "supplyRef",
      case when coalesce(o.party_id, s.party_id) is not null then json_build_object(
        'countryCode', coalesce(o.country_code, s.country_code), 'partyId', coalesce(o.party_id, s.party_id)) end as party
    from (values (1)) as one
    left join (select n.connection_id, n.created_at as opened_at, l.country_code, l.party_id
      from sessions n left join evses e on e.id = n.evse_id left join locations l on l.id = e.location_id where n.id = ${arg('sessionId')}) s on true
    left join lateral (select connection_id, supply_ref, received_at, country_code, party_id from supply_sessions
      where session_id = ${arg('sessionId')} order by last_updated desc limit 1) o on true
    join connections on connections.id = coalesce(s.connection_id, o.connection_id)`,
)

/**
 * The connection of a session, and what its CPO calls it once that is known. One that was refused when it was told of has
 * no row, and is stopped all the same.
 */
export async function supplyOfSession(sql: Sql, sessionId: string) {
  const [row] = await selectSupply(sql, { sessionId })
  if (row === undefined) return undefined
  const { openedAt, supplyRef, party, ...own } = row
  return { connection: { ...own, ...party }, openedAt, supplyRef }
}

/** The latest session a credential was made or used for at this connection. */
export async function sessionOfToken(
  sql: Sql,
  connectionId: string,
  tokenUid: string,
): Promise<SessionRow | undefined> {
  const [row] = await sql
    .select()
    .from(sessions)
    .where(and(eq(sessions.connectionId, connectionId), eq(sessions.tokenKey, cardKey(tokenUid))))
    .orderBy(desc(sessions.id))
    .limit(1)
  return row
}

// ── Tokens as OCPI lists them ───────────────────────────────────────────────────────────────────────────────────

export type TokenRow = typeof tokens.$inferSelect

/** Cards of every partner by last change, the window of OCPI 2.2.1 §12.2.1.1: from inclusive, to exclusive. */
export async function pageTokens(
  sql: Sql,
  page: { from?: string; to?: string; offset: number; limit: number },
): Promise<{ rows: TokenRow[]; total: number }> {
  const inWindow = and(
    tokens.isFirst,
    page.from === undefined ? undefined : raw`${tokens.updatedAt} >= ${page.from}`,
    page.to === undefined ? undefined : raw`${tokens.updatedAt} < ${page.to}`,
  )
  const rows = await sql
    .select()
    .from(tokens)
    .where(inWindow)
    .orderBy(asc(tokens.updatedAt), asc(tokens.id))
    .offset(page.offset)
    .limit(page.limit)
  return { rows, total: await sql.$count(tokens, inWindow) }
}

export async function findCard(sql: Sql, uid: string): Promise<TokenRow | undefined> {
  const [row] = await sql
    .select()
    .from(tokens)
    .where(and(eq(tokens.uidKey, cardKey(uid)), tokens.isFirst))
  return row
}
