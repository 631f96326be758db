// What the corridor reads about a session's place, price and parties: joins over many subjects, reads only.
import { and, asc, desc, eq, inArray, isNull, lte, ne, or, sql as raw, gt } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import type { Sql } from '../../client.ts'
import {
  accounts,
  agreements,
  chargeStations,
  connections,
  connectors,
  evses,
  locations,
  quotes,
  sessions,
  tariffs,
} from '../../schema.ts'

/** Where a session takes place and at which price; `canonical` and `raw` are the locked tariff version's. */
export async function sessionTerms(sql: Sql, sessionId: string) {
  const [row] = await sql
    .select({
      session: sessions,
      quote: quotes,
      timeZone: locations.timeZone,
      country: locations.country,
      location: { latitude: locations.latitude, longitude: locations.longitude },
      tariff: { canonical: tariffs.canonical, hash: tariffs.hash, raw: tariffs.raw },
      connection: {
        id: connections.id,
        protocol: connections.protocol,
        countryCode: connections.countryCode,
        partyId: connections.partyId,
      },
    })
    .from(sessions)
    .innerJoin(quotes, eq(quotes.id, sessions.quoteId))
    .innerJoin(evses, eq(evses.id, sessions.evseId))
    .innerJoin(locations, eq(locations.id, evses.locationId))
    .innerJoin(connections, eq(connections.id, sessions.connectionId))
    .leftJoin(
      tariffs,
      and(eq(tariffs.id, quotes.tariffId), eq(tariffs.version, quotes.tariffVersion)),
    )
    .where(eq(sessions.id, sessionId))
  return row
}

/** An EVSE is one whichever connection reaches it: every row with the same EVSE-ID of the same CPO, for `in`. */
export function sameEvse(sql: Sql, evseId: string) {
  const asked = alias(evses, 'asked')
  return sql
    .select({ id: evses.id })
    .from(asked)
    .innerJoin(evses, and(eq(evses.evseKey, asked.evseKey), eq(evses.cpoId, asked.cpoId)))
    .where(eq(asked.id, evseId))
}

/** Every channel that reaches the EVSE of a session, with the node that holds its charger's socket, if one does. */
export async function channelsOf(sql: Sql, evseId: string) {
  return sql
    .select({
      evseId: evses.id,
      connectionId: connections.id,
      protocol: connections.protocol,
      status: connections.status,
      openUntil: connections.openUntil,
      connectorId: connectors.id,
      nodeId: chargeStations.nodeId,
      online: chargeStations.online,
    })
    .from(evses)
    .innerJoin(connections, eq(connections.id, evses.connectionId))
    .innerJoin(connectors, eq(connectors.evseId, evses.id))
    .leftJoin(chargeStations, eq(chargeStations.id, evses.chargeStationId))
    .where(inArray(evses.id, sameEvse(sql, evseId)))
    .orderBy(desc(raw`${evses.id} = ${evseId}`), asc(connections.id), asc(connectors.id))
}

/** The node process that holds the socket of an EVSE's charger at this moment, if any does. */
export async function nodeOfEvse(sql: Sql, evseId: string) {
  const [row] = await sql
    .select({
      nodeId: chargeStations.nodeId,
      online: chargeStations.online,
      identity: chargeStations.identity,
    })
    .from(evses)
    .innerJoin(chargeStations, eq(chargeStations.id, evses.chargeStationId))
    .where(eq(evses.id, evseId))
  return row
}

/** The agreement in force for a CPO at an instant, and the accounts of everybody who takes part in a sale under it. */
export async function saleParties(
  sql: Sql,
  input: { cpoId: string; partnerId: string; at: string },
) {
  const [agreement] = await sql
    .select()
    .from(agreements)
    .where(
      and(
        eq(agreements.cpoId, input.cpoId),
        lte(agreements.effectiveFrom, input.at),
        or(isNull(agreements.effectiveTo), gt(agreements.effectiveTo, input.at)),
      ),
    )
    .orderBy(desc(agreements.effectiveFrom))
    .limit(1)
  const further = agreement?.shares.flatMap(({ supplier, recipient }) => [supplier, recipient])
  const named = [input.cpoId, input.partnerId, ...(further ?? []).map(({ id }) => id)]
  const rows = await sql
    .select()
    .from(accounts)
    .where(or(inArray(accounts.id, named), eq(accounts.type, 'platform')))
    .orderBy(asc(accounts.createdAt))
  return { agreement, rows, platformId: rows.find((row) => row.type === 'platform')?.id }
}

/** EVSEs near a place that are free now, nearest first, never the one itself: alternatives after a refusal (F05). */
export async function freeEvsesNear(sql: Sql, evseId: string, limit: number) {
  const here = sql
    .select({ latitude: locations.latitude, longitude: locations.longitude, key: evses.evseKey })
    .from(evses)
    .innerJoin(locations, eq(locations.id, evses.locationId))
    .where(eq(evses.id, evseId))
    .as('here')
  return sql
    .select({ evseId: evses.id })
    .from(evses)
    .innerJoin(locations, eq(locations.id, evses.locationId))
    .innerJoin(connections, eq(connections.id, evses.connectionId))
    .crossJoin(here)
    .where(
      and(
        eq(evses.status, 'AVAILABLE'),
        eq(connections.status, 'live'),
        ne(evses.id, evseId),
        ne(evses.evseKey, here.key),
        raw`${locations.latitude} between ${here.latitude} - 0.1 and ${here.latitude} + 0.1`,
        raw`${locations.longitude} between ${here.longitude} - 0.15 and ${here.longitude} + 0.15`,
      ),
    )
    .orderBy(
      raw`power(${locations.latitude} - ${here.latitude}, 2) + power(${locations.longitude} - ${here.longitude}, 2)`,
      asc(evses.id),
    )
    .limit(limit)
}

/** The EVSEs of a connection in the order of their uid. */
export async function evseIdsOf(sql: Sql, connectionId: string): Promise<string[]> {
  const rows = await sql
    .select({ id: evses.id })
    .from(evses)
    .where(eq(evses.connectionId, connectionId))
    .orderBy(asc(evses.ocpiUid))
  return rows.map((row) => row.id)
}
