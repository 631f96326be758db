// Whose session it is that supply speaks of, and at which EVSE: reads over what the source says, whatever it speaks.
import { type SQL, sql as raw } from 'drizzle-orm'
import type { Tariff } from '@chargelane/openapi/vocabulary/tariff'
import type { Sql, Tx } from '../../client.ts'
import { arg, fixedStatement } from '../../fixed.ts'
import { cardKey } from '../../sealed/sealed.ts'
import { evseKey } from '@chargelane/rules/identity/evse-id'

const lockText = fixedStatement<Record<string, never>, { text: string }>(
  () => raw`select pg_advisory_xact_lock(hashtextextended(${arg('text')}::text, 0))`,
)

/** The lock of everything that comes in as a record of a session, and of what is accepted of it. */
export const recordsLock = (sessionId: string) => `records/${sessionId.toLowerCase()}`

/** Serialises until the tx ends: one session, one sale. */
export async function lockRecordsOf(tx: Tx, sessionId: string): Promise<void> {
  await lockText(tx, { text: recordsLock(sessionId) })
}

const selectTrace = fixedStatement<{ traceId: string | null }, { sessionId: string }>(
  () => raw`select trace_id as "traceId" from sessions where id = ${arg('sessionId')}`,
)

/** The trace that a session began in; undefined where nobody's request began it. */
export async function traceOfSession(sql: Sql, sessionId: string): Promise<string | undefined> {
  const [row] = await selectTrace(sql, { sessionId })
  return row?.traceId ?? undefined
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

/** `ses_…` in its own case, from a reference whose case a peer may have changed; undefined when it is none of ours. */
export function sessionIdOf(reference: string | undefined): string | undefined {
  const [, ulid] = /^ses_([0-9A-HJKMNP-TV-Z]{26})$/i.exec(reference ?? '') ?? []
  return ulid === undefined ? undefined : `ses_${ulid.toUpperCase()}`
}

// ── Whose session it is ─────────────────────────────────────────────────────────────────────────

/** An EVSE as a source names it: ours, or a CPO's by uid, by EVSE-ID, or the only one of its location. */
export type NamedPlace =
  | { evseId: string }
  | {
      locationId?: string | undefined
      evseUid?: string | undefined
      /** The EVSE-ID, however it is spelled. */
      evseCode?: string | undefined
    }

export type OwnerClues = {
  /** The reference we gave with a command or an authorization, as the CPO echoes it; a word to be checked. */
  reference?: string | undefined
  /** The credential shown, in any case of letters. */
  tokenUid?: string | undefined
  place?: NamedPlace | undefined
  /** The source's own id of the session. */
  supplyRef?: string | undefined
  startedAt: string
}

export type EvsePlace = { evseId: string; timeZone: string }

export type OwnerFacts = {
  /** The session that a peer's own session object was given to before; its row may not be there yet. */
  linked: { sessionId: string; isOpened: boolean } | undefined
  /**
   * By our reference, else by credential, EVSE and time. A card is used again and again, so without a reference a session
   * that already has another supply id does not match.
   */
  namedId: string | undefined
  /** The EVSE that the CPO's names mean, unless they fit several. */
  evse: EvsePlace | undefined
  /** Where the session's own EVSE stands, whatever the place says. */
  sessionZone: string | undefined
}

const placeNames = ['locationId', 'evseUid', 'evseKey'] as const
type PlaceName = (typeof placeNames)[number]

const isPlace: Record<PlaceName, SQL> = {
  locationId: raw`lower(l.ocpi_id) = ${arg('locationId')}`,
  evseUid: raw`lower(e.ocpi_uid) = ${arg('evseUid')}`,
  evseKey: raw`e.evse_key = ${arg('evseKey')}`,
}

const isNamed = (names: readonly PlaceName[]): SQL =>
  names.length === 0
    ? raw`false`
    : raw.join(
        names.map((name) => isPlace[name]),
        raw` and `,
      )

type OwnerRow = {
  linkedId: string | null
  isOpened: boolean
  namedId: string | null
  evseId: string | null
  timeZone: string | null
  sessionZone: string | null
}
type OwnerArgs = {
  connectionId: string
  countryCode: string
  partyId: string
  supplyKey: string | null
  reference: string | null
  tokenKey: string | null
  startedAt: string
} & Partial<Record<PlaceName, string>>

// A late start is watched for 24 h (failures F04); a peer's clock may be ahead by some minutes.
const selectOwner = (names: readonly PlaceName[]) =>
  fixedStatement<OwnerRow, OwnerArgs>(
    () => raw`with place as (
      select min(evse_id) as evse_id, min(time_zone) as time_zone from (
        select e.id as evse_id, l.time_zone from evses e
          join locations l on l.id = e.location_id and l.connection_id = e.connection_id
        where e.connection_id = ${arg('connectionId')} and ${isNamed(names)} limit 2) found
      having count(*) = 1)
    select o.session_id as "linkedId", s.id is not null as "isOpened", coalesce(r.id, t.id) as "namedId",
      place.evse_id as "evseId", place.time_zone as "timeZone", z.time_zone as "sessionZone"
    from (values (1)) as one
    left join place on true
    left join supply_sessions o on o.connection_id = ${arg('connectionId')} and o.country_code = ${arg('countryCode')}
      and o.party_id = ${arg('partyId')} and o.supply_key = ${arg('supplyKey')}::text
    left join sessions s on s.id = o.session_id
    left join sessions r on r.id = ${arg('reference')}::text and r.connection_id = ${arg('connectionId')}
    left join lateral (select id, evse_id from sessions
      where connection_id = ${arg('connectionId')} and token_key = ${arg('tokenKey')}::text
        and evse_id = coalesce(place.evse_id, evse_id)
        and created_at >= ${arg('startedAt')}::timestamptz - interval '25 hours'
        and created_at <= ${arg('startedAt')}::timestamptz + interval '15 minutes'
        and coalesce(lower(supply_ref) = ${arg('supplyKey')}::text, true)
      order by id desc limit 1) t on s.id is null and r.id is null
    left join evses e on e.id = coalesce(s.evse_id, r.evse_id, t.evse_id)
    left join locations z on z.id = e.location_id`,
  )

/** One statement per way of naming a place: the server plans each for the indices it has. */
const ownerStatements = new Map<string, ReturnType<typeof selectOwner>>()

function placeArgs(place: NamedPlace | undefined): Partial<Record<PlaceName, string>> {
  if (place === undefined || 'evseId' in place) return {}
  const { locationId, evseUid, evseCode } = place
  return {
    ...(locationId === undefined ? {} : { locationId: locationId.toLowerCase() }),
    ...(evseUid === undefined ? {} : { evseUid: evseUid.toLowerCase() }),
    ...(evseUid === undefined && evseCode !== undefined ? { evseKey: evseKey(evseCode) } : {}),
  }
}

/** All that leads from what a source says to a session of ours, and to the EVSE it speaks of. */
export async function ownerFacts(
  sql: Sql,
  peer: { id: string; countryCode: string; partyId: string },
  clues: OwnerClues,
): Promise<OwnerFacts> {
  const place = placeArgs(clues.place)
  const names = placeNames.filter((name) => place[name] !== undefined)
  const select = ownerStatements.get(names.join()) ?? selectOwner(names)
  ownerStatements.set(names.join(), select)
  const [row] = await select(sql, {
    ...place,
    connectionId: peer.id,
    countryCode: peer.countryCode.toUpperCase(),
    partyId: peer.partyId.toUpperCase(),
    supplyKey: clues.supplyRef?.toLowerCase() ?? null,
    reference: sessionIdOf(clues.reference) ?? null,
    tokenKey: clues.tokenUid === undefined ? null : cardKey(clues.tokenUid),
    startedAt: clues.startedAt,
  })
  if (row === undefined) throw new Error('the facts of an owner are one row')
  const { linkedId, isOpened, namedId, evseId, timeZone, sessionZone } = row
  return {
    linked: linkedId === null ? undefined : { sessionId: linkedId, isOpened },
    namedId: namedId ?? undefined,
    evse: evseId === null || timeZone === null ? undefined : { evseId, timeZone },
    sessionZone: sessionZone ?? undefined,
  }
}

// ── What a record is written from ───────────────────────────────────────────────────────────────

type TermsRow = { timeZone: string; currency: string | null; tariff: Tariff | null }

// A charger that was offline before its operator published anything is sold at the first price there was.
const selectTerms = fixedStatement<
  TermsRow,
  { sessionId: string; evseId: string; startedAt: string }
>(
  () => raw`select l.time_zone as "timeZone", coalesce(t.currency, q.currency) as currency, t.canonical as tariff
    from evses e join locations l on l.id = e.location_id
    join lateral (select tariff_ids[1] as tariff_id from connectors where evse_id = e.id
      order by max_power_w desc, id limit 1) c on true
    left join sessions s on s.id = ${arg('sessionId')}
    left join quotes q on q.id = s.quote_id
    left join lateral (
      (select canonical, currency from tariffs where q.id is not null and id = q.tariff_id and version = q.tariff_version)
      union all
      (select canonical, currency from (select p.*, received_at <= ${arg('startedAt')}::timestamptz
            and coalesce(superseded_at > ${arg('startedAt')}::timestamptz, true) as is_in_force
          from tariffs p where q.id is null and p.connection_id = e.connection_id and p.status = 'valid'
            and (p.id = c.tariff_id or upper(p.ocpi_id) = upper(c.tariff_id))) as published
        order by is_in_force desc, case when is_in_force then -version else version end limit 1)) t on true
    where e.id = ${arg('evseId')}`,
)

/**
 * What our own node's record is written from beside its meter: the zone, and the tariff with its currency. It is the
 * version the quote locked; without a quote (a card at the charger) the one in force when charging began.
 */
export async function recordTerms(
  sql: Sql,
  { sessionId, evseId, startedAt }: { sessionId: string; evseId: string; startedAt: string },
): Promise<TermsRow | undefined> {
  const [row] = await selectTerms(sql, { sessionId, evseId, startedAt })
  return row
}

export type RecordStanding = {
  /** Undefined while the session has no row. */
  session: { createdAt: string; startedAt: string | null; endedAt: string | null } | undefined
  /** The record its sale was made by, other than the one asked for. */
  accepted: { id: string; ocpiId: string } | undefined
}

const selectStanding = fixedStatement<
  {
    createdAt: string | null
    startedAt: string | null
    endedAt: string | null
    acceptedId: string | null
    acceptedOcpiId: string | null
  },
  { sessionId: string; cdrId: string }
>(
  () => raw`select s.created_at as "createdAt", s.started_at as "startedAt", s.ended_at as "endedAt",
      c.id as "acceptedId", c.ocpi_id as "acceptedOcpiId"
    from (values (1)) as one
    left join sessions s on s.id = ${arg('sessionId')}
    left join lateral (select id, ocpi_id from cdrs where session_id = ${arg('sessionId')} and id <> ${arg('cdrId')}
      and source <> 'provisional' and status in ('accepted', 'adjusted')
      and verdict ->> 'reason' is distinct from 'credit' order by id limit 1) c on true`,
)

/** Where a session stands when another record of it has come. */
export async function recordStanding(
  sql: Sql,
  of: { sessionId: string; cdrId: string },
): Promise<RecordStanding> {
  const [row] = await selectStanding(sql, of)
  if (row === undefined) throw new Error('where a session stands is one row')
  const { createdAt, startedAt, endedAt, acceptedId, acceptedOcpiId } = row
  return {
    session: createdAt === null ? undefined : { createdAt, startedAt, endedAt },
    accepted:
      acceptedId === null || acceptedOcpiId === null
        ? undefined
        : { id: acceptedId, ocpiId: acceptedOcpiId },
  }
}
