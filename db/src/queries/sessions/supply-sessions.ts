// A CPO's own session objects: read with all that is needed to tell what they say, and kept together with what was told.
import { sql as raw } from 'drizzle-orm'
import type { SupplyFact } from '@chargelane/rules/documents'
import type { Sql } from '../../client.ts'
import { arg, fixedStatement, rowOf } from '../../fixed.ts'
import { supplySessions } from '../../schema.ts'
import { seal, type Sealed, unseal } from '../../sealed/sealed.ts'
import { arrayOf } from '../arrays.ts'
import { sealedFact } from './supply.ts'
import type { MeterRow, RegisterAt } from '../chargers/meter-values.ts'
import { wakeSupply } from './supply.ts'

type Stored = typeof supplySessions.$inferSelect
export type SupplySessionRow = Omit<Stored, 'object'> & { object: Record<string, unknown> }

type RowKey = Pick<Stored, 'connectionId' | 'countryCode' | 'partyId' | 'supplyKey'>
const rowName = ({ connectionId, countryCode, partyId, supplyKey }: RowKey) =>
  `${connectionId} ${countryCode} ${partyId} ${supplyKey}`

export const sealedObject = (key: RowKey, object: Record<string, unknown>): Sealed =>
  seal('supply_sessions.object', rowName(key), JSON.stringify(object))

const openedObject = (key: RowKey, object: Sealed): Record<string, unknown> =>
  JSON.parse(unseal('supply_sessions.object', rowName(key), object))

const opened = (row: Stored): SupplySessionRow => ({
  ...row,
  object: openedObject(row, row.object),
})

/** The CPO's own name of a session, in any case of letters. */
export type SupplySessionKey = {
  connectionId: string
  countryCode: string
  partyId: string
  supplyRef: string
}

const keyOf = ({ connectionId, countryCode, partyId, supplyRef }: SupplySessionKey) => ({
  connectionId,
  countryCode: countryCode.toUpperCase(),
  partyId: partyId.toUpperCase(),
  supplyKey: supplyRef.toLowerCase(),
})

const isNamed = raw`o.connection_id = ${arg('connectionId')} and o.country_code = ${arg('countryCode')}
  and o.party_id = ${arg('partyId')} and o.supply_key = ${arg('supplyKey')}`

const selectNamed = fixedStatement<Stored, ReturnType<typeof keyOf>>(
  () => raw`select ${rowOf(supplySessions)} from ${supplySessions}
    where connection_id = ${arg('connectionId')} and country_code = ${arg('countryCode')}
      and party_id = ${arg('partyId')} and supply_key = ${arg('supplyKey')}`,
)

export async function findSupplySession(
  sql: Sql,
  key: SupplySessionKey,
): Promise<SupplySessionRow | undefined> {
  const [row] = await selectNamed(sql, keyOf(key))
  return row && opened(row)
}

const selectOfSession = fixedStatement<Stored, { sessionId: string }>(
  () => raw`select ${rowOf(supplySessions)} from ${supplySessions}
    where session_id = ${arg('sessionId')} order by last_updated desc limit 1`,
)

/** The CPO's latest object of a session of ours. */
export async function supplySessionOf(
  sql: Sql,
  sessionId: string,
): Promise<SupplySessionRow | undefined> {
  const [row] = await selectOfSession(sql, { sessionId })
  return row && opened(row)
}

// ── Reading before telling ──────────────────────────────────────────────────────────────────────

type ChargeColumns = {
  supplyRef: string | null
  object: Sealed | null
  lastUpdated: string | null
  version: string | null
  linkedId: string | null
  openedId: string | null
  maxPowerW: number | null
  firstAt: string | null
  firstRegisterWh: string | null
  stopState: string | null
}

export type HeldSession = Pick<
  SupplySessionRow,
  'supplyRef' | 'object' | 'lastUpdated' | 'sessionId'
> & { version: string }

/** What is known of a charge before its object is read again. */
export type ChargeFacts = {
  /** The object as held. */
  held: HeldSession | undefined
  /** Our session with a row of its own: the one linked, else the one the reference names at this connection. */
  openedId: string | null
  /** The most its EVSE's connectors give, in W. */
  maxPowerW: number | null
  /** The earliest register believed of it. */
  firstRegister: RegisterAt | null
  /** What became of our latest stop command. */
  stopState: string | null
}

const selectFacts = fixedStatement<
  ChargeColumns,
  ReturnType<typeof keyOf> & { reference: string | null }
>(
  () => raw`select o.supply_ref as "supplyRef", o.object, o.last_updated as "lastUpdated", o.xmin::text as version,
      o.session_id as "linkedId", coalesce(l.id, r.id) as "openedId",
      (select max(c.max_power_w) from connectors c where c.evse_id = coalesce(l.evse_id, r.evse_id)) as "maxPowerW",
      m.at as "firstAt", m.register_wh as "firstRegisterWh",
      (select c.state from commands c where c.session_id = coalesce(l.id, r.id, o.session_id) and c.kind = 'stop'
        order by c.id desc limit 1) as "stopState"
    from (values (1)) as one
    left join supply_sessions o on ${isNamed}
    left join sessions l on l.id = o.session_id
    left join sessions r on r.id = ${arg('reference')}::text and r.connection_id = ${arg('connectionId')}
    left join lateral (select at, register_wh from meter_values
      where session_id = coalesce(l.id, r.id, o.session_id) and flag is null and register_wh is not null
      order by at limit 1) m on true`,
)

/** By the CPO's name of the session and, where the object gives one, our own reference. */
export async function chargeFacts(
  sql: Sql,
  key: SupplySessionKey,
  reference: string | undefined,
): Promise<ChargeFacts> {
  const [row] = await selectFacts(sql, { ...keyOf(key), reference: reference ?? null })
  if (row === undefined) throw new Error('the facts of a charge are one row')
  const { supplyRef, object, lastUpdated, version, linkedId, firstAt, firstRegisterWh } = row
  const isHeld = supplyRef !== null && object !== null && lastUpdated !== null && version !== null
  return {
    held: isHeld
      ? {
          supplyRef,
          object: openedObject(keyOf(key), object),
          lastUpdated,
          version,
          sessionId: linkedId,
        }
      : undefined,
    openedId: row.openedId,
    maxPowerW: row.maxPowerW,
    firstRegister:
      firstAt === null || firstRegisterWh === null
        ? null
        : { at: firstAt, registerWh: firstRegisterWh },
    stopState: row.stopState,
  }
}

// ── Keeping with what was told ──────────────────────────────────────────────────────────────────

export type SupplyNews = { dedupeKey: string; event: SupplyFact }

export type KeptSession = SupplySessionKey & {
  /** The version that was read; undefined when none was held. */
  version: string | undefined
  sessionId: string | null
  object: Record<string, unknown>
  lastUpdated: string
  receivedAt: string
  /** Told of the session, each once: empty when it is nobody's. */
  news: readonly SupplyNews[]
  readings: readonly MeterRow[]
}

const keepFixed = fixedStatement<
  { sessionId: string | null },
  Record<string, Sealed | string | null>
>(
  () => raw`with kept as (
      insert into supply_sessions as o (connection_id, country_code, party_id, supply_key, supply_ref, session_id,
        object, last_updated, received_at)
      values (${arg('connectionId')}, ${arg('countryCode')}, ${arg('partyId')}, ${arg('supplyKey')},
        ${arg('supplyRef')}, ${arg('sessionId')}, ${arg('object')}, ${arg('lastUpdated')}, ${arg('receivedAt')})
      on conflict (connection_id, country_code, party_id, supply_key) do update set session_id = excluded.session_id,
        object = excluded.object, last_updated = excluded.last_updated, received_at = excluded.received_at
      where o.xmin::text = ${arg('version')}::text
      returning session_id),
    told as (
      insert into supply_events (session_id, dedupe_key, event, created_at)
      select kept.session_id, e."dedupeKey", e.event, (e.event ->> 'at')::timestamptz
      from kept, rows from (jsonb_to_recordset(${arg('news')}::jsonb) as ("dedupeKey" text, event jsonb))
        with ordinality as e("dedupeKey", event, n)
      order by e.n
      on conflict do nothing returning session_id, event),
    metered as (
      insert into meter_values (session_id, at, context, register_wh, power_w, soc_percent, source, flag, received_at)
      select kept.session_id, v.* from kept, unnest(${arg('ats')}::timestamptz[], ${arg('contexts')}::text[],
        ${arg('registers')}::numeric[], ${arg('powers')}::int[], ${arg('socs')}::int[], ${arg('sources')}::text[],
        ${arg('flags')}::text[], ${arg('receipts')}::timestamptz[]) as v
      on conflict do nothing)
    select kept.session_id as "sessionId", wake.up from kept
    left join lateral (select count(${wakeSupply(raw`told`)}) as up from told) wake on true`,
)

/**
 * Keeps an object with what it told, in one statement. False when another version was kept since it was read: then
 * nothing is written, and it is read again.
 */
export async function keepSupplySession(sql: Sql, kept: KeptSession): Promise<boolean> {
  const { readings, news, version, object, ...row } = kept
  const column = (value: (reading: MeterRow) => string | number | null) =>
    arrayOf(readings.map((reading) => value(reading)))
  const written = await keepFixed(sql, {
    ...keyOf(row),
    supplyRef: row.supplyRef,
    sessionId: row.sessionId,
    object: sealedObject(keyOf(row), object),
    lastUpdated: row.lastUpdated,
    receivedAt: row.receivedAt,
    version: version ?? null,
    news: JSON.stringify(
      news.map((each) => ({ ...each, event: sealedFact(row.sessionId ?? '', each.event) })),
    ),
    ats: column(({ at }) => at),
    contexts: column(({ context }) => context),
    registers: column(({ registerWh }) => registerWh),
    powers: column(({ powerW }) => powerW),
    socs: column(({ socPercent }) => socPercent),
    sources: column(({ source }) => source),
    flags: column(({ flag }) => flag),
    receipts: column(({ receivedAt }) => receivedAt),
  })
  return written.length > 0
}
