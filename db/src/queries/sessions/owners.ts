// Whose session it is that supply speaks of, and at which EVSE: reads over what the source says, whatever it speaks.
import { and, asc, desc, eq, gte, isNull, lte, or, sql as raw } from 'drizzle-orm'
import type { Sql, Tx } from '../../client.ts'
import { arg, fixedStatement } from '../../fixed.ts'
import { cdrs, connectors, evses, locations, quotes, sessions, tariffs } from '../../schema.ts'
import { evseKey } from '../locations/locations.ts'

export type SessionRow = typeof sessions.$inferSelect

const lockText = fixedStatement<Record<string, never>, { text: string }>(
  () => raw`select pg_advisory_xact_lock(hashtextextended(${arg('text')}::text, 0))`,
)

/** Serialises everything about one object of a source until the tx ends, before its row exists as well. */
export async function lockSupplyObject(tx: Tx, name: string[]): Promise<void> {
  const text = name.join('/').toLowerCase()
  await lockText(tx, { text })
}

/** The EVSE a CPO speaks of: by uid, by EVSE-ID, or the only one of its location. */
export async function evseNamed(
  sql: Sql,
  connectionId: string,
  by: {
    locationId?: string | undefined
    evseUid?: string | undefined
    evseCode?: string | undefined
  },
): Promise<{ evseId: string; timeZone: string } | undefined> {
  const { locationId, evseUid, evseCode } = by
  if (locationId === undefined && evseUid === undefined && evseCode === undefined) return undefined
  const rows = await sql
    .select({ evseId: evses.id, timeZone: locations.timeZone })
    .from(evses)
    .innerJoin(locations, eq(locations.id, evses.locationId))
    .where(
      and(
        eq(evses.connectionId, connectionId),
        eq(locations.connectionId, connectionId),
        locationId === undefined
          ? undefined
          : eq(raw`lower(${locations.ocpiId})`, locationId.toLowerCase()),
        evseUid === undefined ? undefined : eq(raw`lower(${evses.ocpiUid})`, evseUid.toLowerCase()),
        evseUid === undefined && evseCode !== undefined
          ? eq(evses.evseKey, evseKey(evseCode))
          : undefined,
      ),
    )
    .limit(2)
  return rows.length === 1 ? rows[0] : undefined
}

const selectFacts = fixedStatement<
  { timeZone: string; maxPowerW: number | null },
  { evseId: string }
>(
  () => raw`select l.time_zone as "timeZone",
      (select max(c.max_power_w) from connectors c where c.evse_id = e.id) as "maxPowerW"
    from evses e join locations l on l.id = e.location_id where e.id = ${arg('evseId')}`,
)

/** Where an EVSE of ours stands in time, and the most its connectors give. */
export async function evseFacts(
  sql: Sql,
  evseId: string,
): Promise<{ timeZone: string; maxPowerW: number | null } | undefined> {
  const [row] = await selectFacts(sql, { evseId })
  return row
}

const selectPower = fixedStatement<{ maxPowerW: number | null }, { sessionId: string }>(
  () => raw`select max(c.max_power_w) as "maxPowerW" from sessions s join connectors c on c.evse_id = s.evse_id
    where s.id = ${arg('sessionId')}`,
)

/** The most the connectors of a session's EVSE give; null where it is not known. */
export async function maxPowerOf(sql: Sql, sessionId: string): Promise<number | null> {
  const [row] = await selectPower(sql, { sessionId })
  return row?.maxPowerW ?? null
}

/**
 * Whose session it is: by our authorization reference, else by credential, EVSE and time. A card is used again and
 * again, so without a reference a session that already has another supply id does not match.
 */
export async function sessionNamed(
  sql: Sql,
  connectionId: string,
  by: {
    reference?: string | undefined
    tokenUid?: string | undefined
    evseId?: string | undefined
    supplyRef?: string | undefined
    startedAt: string
  },
): Promise<SessionRow | undefined> {
  const reference = sessionIdOf(by.reference)
  if (reference !== undefined) {
    const [row] = await sql
      .select()
      .from(sessions)
      .where(and(eq(sessions.id, reference), eq(sessions.connectionId, connectionId)))
    if (row !== undefined) return row
  }
  if (by.tokenUid === undefined) return undefined
  const started = raw`${by.startedAt}::timestamptz`
  const [row] = await sql
    .select()
    .from(sessions)
    .where(
      and(
        eq(sessions.connectionId, connectionId),
        eq(sessions.tokenUid, by.tokenUid.toUpperCase()),
        by.evseId === undefined ? undefined : eq(sessions.evseId, by.evseId),
        // A late start is watched for 24 h (failures F04); a peer's clock may be ahead by some minutes.
        gte(sessions.createdAt, raw`${started} - interval '25 hours'`),
        lte(sessions.createdAt, raw`${started} + interval '15 minutes'`),
        by.supplyRef === undefined
          ? undefined
          : or(
              isNull(sessions.supplyRef),
              eq(raw`lower(${sessions.supplyRef})`, by.supplyRef.toLowerCase()),
            ),
      ),
    )
    .orderBy(desc(sessions.id))
    .limit(1)
  return row
}

/** `ses_…` in its own case, from a reference whose case a peer may have changed; undefined when it is none of ours. */
export function sessionIdOf(reference: string | undefined): string | undefined {
  const [, ulid] = /^ses_([0-9A-HJKMNP-TV-Z]{26})$/i.exec(reference ?? '') ?? []
  return ulid === undefined ? undefined : `ses_${ulid.toUpperCase()}`
}

const selectLinked = fixedStatement<
  { sessionId: string | null; isOpened: boolean },
  { connectionId: string; countryCode: string; partyId: string; key: string }
>(
  () => raw`select o.session_id as "sessionId", exists (select from sessions s where s.id = o.session_id) as "isOpened"
    from supply_sessions o where o.connection_id = ${arg('connectionId')} and o.country_code = ${arg('countryCode')}
      and o.party_id = ${arg('partyId')} and o.supply_key = ${arg('key')}`,
)

/** The session a peer's own session object was given to before, and whether its row is there yet. */
export async function sessionLinked(
  sql: Sql,
  peer: { id: string; countryCode: string; partyId: string },
  supplyRef: string,
): Promise<{ sessionId: string; isOpened: boolean } | undefined> {
  const [row] = await selectLinked(sql, {
    connectionId: peer.id,
    countryCode: peer.countryCode.toUpperCase(),
    partyId: peer.partyId.toUpperCase(),
    key: supplyRef.toLowerCase(),
  })
  return row === undefined || row.sessionId === null
    ? undefined
    : { sessionId: row.sessionId, isOpened: row.isOpened }
}

/** A record's id in the case it first came in, so that a peer's change of case is no second record. */
export async function recordIdAsFirstSeen(
  sql: Sql,
  connectionId: string,
  recordId: string,
): Promise<string> {
  const [row] = await sql
    .select({ ocpiId: cdrs.ocpiId })
    .from(cdrs)
    .where(
      and(
        eq(cdrs.connectionId, connectionId),
        eq(cdrs.source, 'ocpi'),
        eq(raw`lower(${cdrs.ocpiId})`, recordId.toLowerCase()),
      ),
    )
    .limit(1)
  return row?.ocpiId ?? recordId
}

/** What our own node's record is written from beside its meter: the zone, the tariff that holds, its currency. */
export async function recordTerms(
  sql: Sql,
  of: { sessionId: string; evseId: string; startedAt: string },
) {
  const [place] = await sql
    .select({
      connectionId: evses.connectionId,
      timeZone: locations.timeZone,
      tariffIds: connectors.tariffIds,
    })
    .from(evses)
    .innerJoin(locations, eq(locations.id, evses.locationId))
    .innerJoin(connectors, eq(connectors.evseId, evses.id))
    .where(eq(evses.id, of.evseId))
    .orderBy(desc(connectors.maxPowerW), asc(connectors.id))
    .limit(1)
  if (place === undefined) return undefined
  const [agreed] = await sql
    .select({ quote: quotes })
    .from(sessions)
    .innerJoin(quotes, eq(quotes.id, sessions.quoteId))
    .where(eq(sessions.id, of.sessionId))
  const quote = agreed?.quote
  const tariff = await tariffOfRecord(sql, { ...place, quote, startedAt: of.startedAt })
  return { timeZone: place.timeZone, currency: tariff?.currency ?? quote?.currency, tariff }
}

/** The version the quote locked; without a quote (a card at the charger) the one in force when charging began. */
async function tariffOfRecord(
  sql: Sql,
  input: {
    quote: typeof quotes.$inferSelect | undefined
    connectionId: string
    tariffIds: string[]
    startedAt: string
  },
): Promise<typeof tariffs.$inferSelect | undefined> {
  if (input.quote !== undefined) {
    const [locked] = await sql
      .select()
      .from(tariffs)
      .where(
        and(eq(tariffs.id, input.quote.tariffId), eq(tariffs.version, input.quote.tariffVersion)),
      )
    return locked
  }
  const [first] = input.tariffIds
  if (first === undefined) return undefined
  const published = await sql
    .select()
    .from(tariffs)
    .where(
      and(
        eq(tariffs.connectionId, input.connectionId),
        // A connector names its operator's own tariff id, or ours.
        or(eq(tariffs.id, first), raw`upper(${tariffs.ocpiId}) = ${first.toUpperCase()}`),
        eq(tariffs.status, 'valid'),
      ),
    )
    .orderBy(desc(tariffs.version))
  const inForce = published.find(
    (each) =>
      each.receivedAt <= input.startedAt &&
      (each.supersededAt === null || each.supersededAt > input.startedAt),
  )
  // A charger that was offline before the operator published anything is sold at the first price there was.
  return inForce ?? published.at(-1)
}
