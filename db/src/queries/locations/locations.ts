import { and, eq, type SQL, sql as raw } from 'drizzle-orm'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import type { Sql, Tx } from '../../client.ts'
import { arg, fixedStatement } from '../../fixed.ts'
import { locations, type evses } from '../../schema.ts'
import { createIdentifier, identityOf } from './evse-identity.ts'
import { ownedBy, pageBy, pageOf, type Page, type PageRequest } from '../page.ts'

type StoredLocation = typeof locations.$inferSelect
export type LocationRow = Omit<StoredLocation, 'raw' | 'mapPoint' | 'standards' | 'maxPowerW'>
export type EvseStatus = (typeof evses.$inferSelect)['status']

/** A location as OCPI 2.2.1 §8.3.1 has it, translated once by the caller: country as alpha-2, degrees as numbers. */
export type LocationInput = {
  countryCode: string
  partyId: string
  ocpiId: string
  name?: string | null
  address: string
  city: string
  postalCode?: string | null
  /** ISO 3166-1 alpha-2. */
  country: string
  latitude: number
  longitude: number
  timeZone: string
  /** Of the location object; the newest wins. */
  lastUpdated: string
  /** The object as received. */
  raw: unknown
  evses: EvseInput[]
}
export type EvseInput = {
  ocpiUid: string
  /** Wire form; null when the operator sends none. */
  evseId: string | null
  status: EvseStatus
  capabilities: string[]
  lastUpdated: string
  /** Node only. */
  chargeStationId?: string
  ocppEvseId?: number
  connectors: ConnectorInput[]
}
export type ConnectorInput = {
  ocpiId: string
  standard: string
  format: string
  powerType: string
  /** Volts, amperes, watts. */
  maxVoltage: number
  maxAmperage: number
  maxPowerW: number
  /** The operator's own tariff ids, or our `trf_…`. */
  tariffIds: string[]
  lastUpdated: string
}

export type UpsertResult = {
  ocpiId: string
  /** Ours; absent when the object is older than what we hold and was left out. */
  id: string | null
  outcome: 'created' | 'updated' | 'stale'
}

/**
 * Stores full location objects of one connection: an object replaces what we hold unless ours is newer
 * (`last_updated`, OCPI 2.2.1 §8.2.2), and so for each EVSE and connector. What is no longer listed is marked
 * removed, never deleted: quotes and sessions refer to it. At most 1,000 objects a call.
 */
export function upsertLocations(
  sql: Sql,
  owner: { connectionId: string; cpoId: string },
  inputs: LocationInput[],
): Promise<UpsertResult[]> {
  return sql.transaction(async (tx) => {
    // A first import grows the tables from nothing: a plan kept from its start would scan them whole.
    if (inputs.length > 1) await tx.execute(raw`set local plan_cache_mode = force_custom_plan`)
    // The last of several objects with one id counts: one statement cannot store a row twice.
    const distinct = new Map(inputs.map((input) => [locationKey(input), input]))
    const stored = await storeLocations(tx, owner, [...distinct.values()])
    const fresh = [...distinct].flatMap(([key, input]) => {
      const row = stored.get(key)
      return row ? [{ input, id: row.id }] : []
    })
    const evseIds = await storeEvses(tx, owner, fresh)
    await storeConnectors(tx, evseIds)
    return inputs.map((input) => {
      const row = stored.get(locationKey(input))
      if (!row) return { ocpiId: input.ocpiId, id: null, outcome: 'stale' }
      return { ocpiId: input.ocpiId, id: row.id, outcome: row.created ? 'created' : 'updated' }
    })
  })
}

const locationKey = (it: { countryCode: string; partyId: string; ocpiId: string }) =>
  `${it.countryCode}*${it.partyId}*${it.ocpiId}`.toLowerCase()

function offerOf(input: LocationInput): { standards: string[]; maxPowerW: number } {
  const plugs = input.evses.flatMap((evse) => evse.connectors)
  return {
    standards: [...new Set(plugs.map((plug) => plug.standard))].toSorted(),
    maxPowerW: Math.max(0, ...plugs.map((plug) => plug.maxPowerW)),
  }
}

/** Seven decimals, a centimetre, as OCPI 2.2.1 §8.4.13 has them; what is smaller only underflows. */
export const degrees = (value: number) => Math.round(value * 1e7) / 1e7

async function storeLocations(
  tx: Sql,
  owner: { connectionId: string; cpoId: string },
  inputs: LocationInput[],
): Promise<Map<string, { id: string; created: boolean }>> {
  const rows = inputs.map((input) => ({
    ...input,
    evses: undefined,
    id: newId('location'),
    countryCode: input.countryCode.toUpperCase(),
    partyId: input.partyId.toUpperCase(),
    latitude: degrees(input.latitude),
    longitude: degrees(input.longitude),
    // Right at once, so that the trigger that keeps them finds nothing to do.
    ...offerOf(input),
  }))
  const stored = await tx.execute<{
    id: string
    countryCode: string
    partyId: string
    ocpiId: string
    created: boolean
  }>(raw`
    insert into locations (id, connection_id, cpo_id, country_code, party_id, ocpi_id, name, address, city,
      postal_code, country, latitude, longitude, time_zone, standards, max_power_w, last_updated, raw)
    select x.id, ${owner.connectionId}, ${owner.cpoId}, x."countryCode", x."partyId", x."ocpiId", x.name, x.address,
      x.city, x."postalCode", x.country, x.latitude, x.longitude, x."timeZone", x.standards,
      x."maxPowerW", x."lastUpdated", x.raw
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as x(id text, "countryCode" text, "partyId" text,
      "ocpiId" text, name text, address text, city text, "postalCode" text, country text, latitude float8,
      longitude float8, "timeZone" text, standards text[], "maxPowerW" int, "lastUpdated" timestamptz, raw jsonb)
    on conflict (connection_id, country_code, party_id, lower(ocpi_id)) do update set
      cpo_id = excluded.cpo_id, name = excluded.name, address = excluded.address, city = excluded.city,
      postal_code = excluded.postal_code, country = excluded.country, latitude = excluded.latitude,
      longitude = excluded.longitude, time_zone = excluded.time_zone, last_updated = excluded.last_updated,
      raw = excluded.raw
    where locations.last_updated <= excluded.last_updated
    returning id, country_code as "countryCode", party_id as "partyId", ocpi_id as "ocpiId",
      (xmax = 0) as created`)
  return new Map(stored.map((row) => [locationKey(row), { id: row.id, created: row.created }]))
}

async function storeEvses(
  tx: Sql,
  owner: { connectionId: string; cpoId: string },
  fresh: { input: LocationInput; id: string }[],
): Promise<{ evseId: string; connectors: ConnectorInput[]; listedAt: string }[]> {
  const wanted = new Map(
    fresh.flatMap(({ input, id }) =>
      input.evses.map((evse) => [`${id} ${evse.ocpiUid.toLowerCase()}`, { evse, locationId: id }]),
    ),
  )
  const identify = createIdentifier()
  const rows = [...wanted.values()].map(({ evse, locationId }) => ({
    ...evse,
    connectors: undefined,
    standards: evse.connectors.map(({ standard }) => standard),
    id: newId('evse'),
    locationId,
    evseId: evse.evseId ?? evse.ocpiUid,
    ...identify(evse),
  }))
  const stored = await tx.execute<{ id: string; locationId: string; ocpiUid: string }>(raw`
    insert into evses (id, location_id, connection_id, cpo_id, ocpi_uid, evse_id, claimed_key, operator,
      evse_key, identity, status, status_at, capabilities, charge_station_id, ocpp_evse_id, last_updated)
    select x.id, x."locationId", ${owner.connectionId}, ${owner.cpoId}, x."ocpiUid", x."evseId", x."claimedKey", x.operator,
      named.key, known.identity, x.status, x."lastUpdated", x.capabilities, x."chargeStationId", x."ocppEvseId",
      x."lastUpdated"
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as x(id text, "locationId" text, "ocpiUid" text,
      "evseId" text, "claimedKey" text, operator text, standards text[], status text, capabilities text[],
      "chargeStationId" text, "ocppEvseId" int, "lastUpdated" timestamptz)
    ${identityOf(owner)}
    on conflict (location_id, lower(ocpi_uid)) do update set
      evse_id = excluded.evse_id, claimed_key = excluded.claimed_key, operator = excluded.operator,
      evse_key = excluded.evse_key, identity = excluded.identity, capabilities = excluded.capabilities,
      status = case when evses.status_at <= excluded.status_at then excluded.status else evses.status end,
      status_at = greatest(evses.status_at, excluded.status_at), cpo_id = excluded.cpo_id,
      charge_station_id = coalesce(excluded.charge_station_id, evses.charge_station_id),
      ocpp_evse_id = coalesce(excluded.ocpp_evse_id, evses.ocpp_evse_id),
      last_updated = excluded.last_updated
    where evses.last_updated <= excluded.last_updated
    returning id, location_id as "locationId", ocpi_uid as "ocpiUid"`)
  const listed = fresh.map(({ input, id }) => ({
    id,
    at: input.lastUpdated,
    uids: input.evses.map((evse) => evse.ocpiUid.toLowerCase()),
  }))
  await tx.execute(raw`
    update evses set status = 'REMOVED', status_at = x.at, last_updated = x.at
    from jsonb_to_recordset(${JSON.stringify(listed)}::jsonb) as x(id text, at timestamptz, uids text[])
    where evses.location_id = x.id and evses.status <> 'REMOVED' and evses.last_updated <= x.at
      and lower(evses.ocpi_uid) <> all (x.uids)`)
  return stored.flatMap((row) => {
    const found = wanted.get(`${row.locationId} ${row.ocpiUid.toLowerCase()}`)
    if (!found) return []
    const { connectors, lastUpdated } = found.evse
    return [{ evseId: row.id, connectors, listedAt: lastUpdated }]
  })
}

async function storeConnectors(
  tx: Sql,
  fresh: { evseId: string; connectors: ConnectorInput[]; listedAt: string }[],
): Promise<void> {
  const wanted = new Map(
    fresh.flatMap(({ evseId, connectors }) =>
      connectors.map((it) => [`${evseId} ${it.ocpiId.toLowerCase()}`, { ...it, evseId }]),
    ),
  )
  const rows = [...wanted.values()].map((row) => ({ ...row, id: newId('connector') }))
  await tx.execute(raw`
    insert into connectors (id, evse_id, ocpi_id, standard, format, power_type, max_voltage, max_amperage,
      max_power_w, tariff_ids, last_updated)
    select x.id, x."evseId", x."ocpiId", x.standard, x.format, x."powerType", x."maxVoltage", x."maxAmperage",
      x."maxPowerW", x."tariffIds", x."lastUpdated"
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as x(id text, "evseId" text, "ocpiId" text,
      standard text, format text, "powerType" text, "maxVoltage" int, "maxAmperage" int, "maxPowerW" int,
      "tariffIds" text[], "lastUpdated" timestamptz)
    on conflict (evse_id, lower(ocpi_id)) do update set
      standard = excluded.standard, format = excluded.format, power_type = excluded.power_type,
      max_voltage = excluded.max_voltage, max_amperage = excluded.max_amperage,
      max_power_w = excluded.max_power_w, tariff_ids = excluded.tariff_ids,
      last_updated = excluded.last_updated, removed_at = null
    where connectors.last_updated <= excluded.last_updated`)
  const listed = fresh.map(({ evseId, connectors, listedAt }) => ({
    evseId,
    at: listedAt,
    ids: connectors.map((it) => it.ocpiId.toLowerCase()),
  }))
  await tx.execute(raw`
    update connectors set removed_at = x.at
    from jsonb_to_recordset(${JSON.stringify(listed)}::jsonb) as x("evseId" text, at timestamptz, ids text[])
    where connectors.evse_id = x."evseId" and connectors.removed_at is null
      and connectors.last_updated <= x.at and lower(connectors.ocpi_id) <> all (x.ids)`)
}

export type EvseRef = {
  connectionId: string
  countryCode: string
  partyId: string
  locationOcpiId: string
  evseUid: string
}

type HeldLocation = { id: string; raw: unknown; lastUpdated: string }
type LocationArgs = Omit<EvseRef, 'evseUid'>

const isReferred =
  () => raw`l.connection_id = ${arg('connectionId')} and l.country_code = upper(${arg('countryCode')})
  and l.party_id = upper(${arg('partyId')}) and lower(l.ocpi_id) = lower(${arg('locationOcpiId')})`

const updateStatus = fixedStatement<
  { id: string },
  EvseRef & { status: EvseStatus; at: string; change: string }
>(
  () => raw`with target as materialized (
      select l.id as location_id, e.id as evse_id from locations l join evses e on e.location_id = l.id
      where ${isReferred()} and lower(e.ocpi_uid) = lower(${arg('evseUid')})
        and e.status_at <= ${arg('at')}::timestamptz and e.last_updated <= ${arg('at')}::timestamptz
        and exists (select from jsonb_path_query(l.raw, '$.evses[*].uid') as u(uid)
          where lower(u.uid #>> '{}') = lower(${arg('evseUid')}))
      for update of l, e),
    placed as (
      update locations l set last_updated = greatest(l.last_updated, ${arg('at')}::timestamptz),
        raw = l.raw || jsonb_build_object(
          'last_updated', case when l.last_updated < ${arg('at')}::timestamptz
            then ${arg('change')}::jsonb -> 'last_updated' else l.raw -> 'last_updated' end,
          'evses', (select jsonb_agg(case when lower(p.part ->> 'uid') = lower(${arg('evseUid')})
              then p.part || ${arg('change')}::jsonb else p.part end order by p.n)
            from jsonb_array_elements(l.raw -> 'evses') with ordinality as p(part, n)))
      from target where l.id = target.location_id)
    update evses set status = ${arg('status')}, status_at = ${arg('at')}, last_updated = ${arg('at')}
    from target where evses.id = target.evse_id returning evses.id`,
)

/**
 * A pushed status change (OCPI 2.2.1 §8.2.2.3), in the EVSE's row and in the object as received. False when we do not
 * hold the EVSE, or hold it newer: then nothing is changed.
 */
export async function changeEvseStatus(
  sql: Sql,
  ref: EvseRef,
  { status, at, change }: { status: EvseStatus; at: string; change: Record<string, unknown> },
): Promise<boolean> {
  const rows = await updateStatus(sql, { ...ref, status, at, change: JSON.stringify(change) })
  return rows.length > 0
}

const selectReceived = (lock: SQL) =>
  fixedStatement<HeldLocation, LocationArgs>(
    () =>
      raw`select l.id, l.raw, l.last_updated as "lastUpdated" from locations l where ${isReferred()} ${lock}`,
  )
const selectHeld = selectReceived(raw``)
const selectLocked = selectReceived(raw`for update`)

/** The object as last received, for a peer's own GET; undefined when we hold none. */
export async function receivedLocation(
  sql: Sql,
  ref: LocationArgs,
): Promise<HeldLocation | undefined> {
  const [row] = await selectHeld(sql, ref)
  return row
}

/** The same, and nobody else changes it before the tx ends: what a part is put into. */
export async function lockReceivedLocation(
  tx: Tx,
  ref: LocationArgs,
): Promise<HeldLocation | undefined> {
  const [row] = await selectLocked(tx, ref)
  return row
}

const locationColumns = {
  id: locations.id,
  connectionId: locations.connectionId,
  cpoId: locations.cpoId,
  countryCode: locations.countryCode,
  partyId: locations.partyId,
  ocpiId: locations.ocpiId,
  name: locations.name,
  address: locations.address,
  city: locations.city,
  postalCode: locations.postalCode,
  country: locations.country,
  latitude: locations.latitude,
  longitude: locations.longitude,
  timeZone: locations.timeZone,
  lastUpdated: locations.lastUpdated,
}

/** Public supply: any account may read any location. */
export async function getLocation(sql: Sql, id: string): Promise<LocationRow | undefined> {
  const [row] = await sql.select(locationColumns).from(locations).where(eq(locations.id, id))
  return row
}

/** One CPO's locations, or every one with `everyAccount`; newest first. */
export async function listLocations(
  sql: Sql,
  cpoId: string,
  page: PageRequest,
): Promise<Page<LocationRow>> {
  const { where, orderBy, limit } = pageBy(locations.id, page)
  const rows = await sql
    .select(locationColumns)
    .from(locations)
    .where(and(ownedBy(locations.cpoId, cpoId), where))
    .orderBy(orderBy)
    .limit(limit)
  return pageOf(rows, page.limit)
}

/** Makes one location of a CPO's own node and returns it. */
export async function createLocation(
  tx: Tx,
  owner: { connectionId: string; cpoId: string },
  input: Omit<LocationInput, 'ocpiId' | 'raw' | 'evses'>,
): Promise<LocationRow> {
  const id = newId('location')
  const [row] = await tx
    .insert(locations)
    .values({
      ...input,
      ...owner,
      id,
      ocpiId: id,
      latitude: degrees(input.latitude),
      longitude: degrees(input.longitude),
      raw: { ...input, id },
    })
    .returning(locationColumns)
  if (row === undefined) throw new Error('insert of a location returned no row')
  return row
}
