// Where a driver can charge: by position, by EVSE-ID, and with the price in force. Supply is public, so these
// queries take no account; they read operators and connections through views that show public columns only.
import { sql as raw, type SQL } from 'drizzle-orm'
import type { UnsoldReason } from '@chargelane/openapi/vocabulary/tariff'
import type { EvseIdentity } from '@chargelane/openapi/vocabulary/trust/identity'
import { type Access, type AccessRule, accessAt, type Asker } from '@chargelane/rules/access'
import { evseKey } from '@chargelane/rules/identity/evse-id'
import { bestFirst, standingOf, type TaxedCompany } from '@chargelane/rules/quote/choose'
import { whyTaken } from '@chargelane/rules/quote/may-start'
import type { Sql } from '../../client.ts'
import {
  accessOf,
  type Channel,
  channelsOf,
  contractIs,
  type ListedTariff,
  type SaleAgreement,
  saleAgreementsOf,
  tariffIs,
  tariffIsSold,
  tariffsOf,
} from './facts.ts'
import { degrees, type EvseStatus } from './locations.ts'

export type EvseView = {
  id: string
  evseId: string
  identity: EvseIdentity
  status: EvseStatus
  statusAt: string
  capabilities: string[]
  chargeStationId: string | null
  cpo: TaxedCompany & { name: string; legalName: string }
  connection: {
    id: string
    protocol: 'node' | 'ocpi'
    status: 'handshaking' | 'live' | 'degraded' | 'paused'
    countryCode: string
    partyId: string
  }
  location: {
    id: string
    ocpiId: string
    name: string | null
    address: string
    city: string
    postalCode: string | null
    country: string
    latitude: number
    longitude: number
    timeZone: string
    lastUpdated: string
  }
  connectors: ConnectorView[]
  /** A public tariff is for sale at one of the connectors. */
  priced: boolean
  /** Why none is, where none is. */
  unsold: UnsoldReason | null
  /** A quote made here now would start a session, wherever the place admits the driver. */
  sellable: boolean
  /** Whether it admits whoever searches. */
  access: Access
}
export type ConnectorView = {
  id: string
  ocpiId: string
  standard: string
  format: string
  powerType: string
  maxVoltage: number
  maxAmperage: number
  maxPowerW: number
  tariffIds: string[]
}
export type EvseHit = EvseView & { distanceM: number }

/** The part of the map to search: round a point, or a box (west may exceed east across the 180° meridian). */
export type SearchArea =
  | { near: { latitude: number; longitude: number }; radiusM: number }
  | { box: { west: number; south: number; east: number; north: number } }

export type SearchFilter = {
  /** OCPI ConnectorType, e.g. `IEC_62196_T2_COMBO`. */
  connector?: string
  minPowerW?: number
  /** Only EVSEs whose last told status is AVAILABLE. */
  availableOnly?: boolean
  /** Only EVSEs whose status was told at or after this UTC instant. */
  freshSince?: string
  /** Only EVSEs with a tariff in force that is for sale at a connector. */
  pricedOnly?: boolean
  /** 1–100. */
  limit: number
  /** Who searches; the public where nobody is named. */
  who?: Asker
}

const thePublic: Asker = { partner: '', driverGroups: [], tokenType: 'APP_USER', contracts: [] }

/** A partner on behalf of any of its drivers. */
export async function searcherOf(sql: Sql, accountId: string, now: string): Promise<Asker> {
  const [row] = await sql.execute<{ groups: string[]; contracts: string[] }>(raw`select
    (select coalesce(json_agg(g.id), '[]'::json) from driver_groups g where g.account_id = ${accountId}) as groups,
    (select coalesce(json_agg(k.id), '[]'::json) from contracts k
      where k.partner_id = ${accountId} and ${contractIs(now)}) as contracts`)
  return {
    ...thePublic,
    partner: accountId,
    driverGroups: row?.groups ?? [],
    contracts: row?.contracts ?? [],
  }
}

/** Metres per degree of a great circle, on the sphere of OCPI's WGS 84 mean radius 6,371,008.8 m. */
const metresPerDegree = (Math.PI / 180) * 6_371_008.8

/** The first ring of a search; each next one is three times as wide, nine times the area. */
const firstRingM = 1_500

/**
 * EVSEs of an area, nearest first (from the middle, for a box). `now` decides which tariffs are in force.
 * A wide circle is searched in rings, so that the cost follows what is found and not what lies in reach.
 */
export async function searchEvses(
  sql: Sql,
  area: SearchArea,
  filter: SearchFilter,
  now: string,
): Promise<EvseHit[]> {
  // How much lies in an area is not known before it is named: the plan is made for it, in the tx of the search.
  await sql.execute(raw`set local plan_cache_mode = auto`)
  const hits = await searchArea(sql, area, filter, now)
  if (filter.availableOnly !== true) return hits
  const admitted = ({ access }: EvseHit) => access.kind === 'admitted'
  if (hits.every(admitted)) return hits
  // Some are for others: as many more are looked at as make up for them, once.
  const more = await searchArea(sql, area, { ...filter, limit: filter.limit * 4 }, now)
  return more.filter(admitted).slice(0, filter.limit)
}

async function searchArea(
  sql: Sql,
  area: SearchArea,
  filter: SearchFilter,
  now: string,
): Promise<EvseHit[]> {
  if ('box' in area) return searchWithin(sql, area, filter, now)
  for (let radiusM = firstRingM; radiusM < area.radiusM; radiusM *= 3) {
    const hits = await searchWithin(sql, { ...area, radiusM }, filter, now)
    if (hits.length >= filter.limit) return hits
  }
  return searchWithin(sql, area, filter, now)
}

async function searchWithin(
  sql: Sql,
  area: SearchArea,
  filter: SearchFilter,
  now: string,
): Promise<EvseHit[]> {
  const { near, boxes, radiusM } = boxesOf(area)
  const reach = radiusM === null ? raw`true` : raw`${distance(near)} <= ${radiusM}::float8`
  const within = raw.join(
    boxes.map((box) => raw`l.map_point <@ ${box}::box`),
    raw` or `,
  )
  const rows = await sql.execute<EvseRow & { distance: number }>(raw`
    with hits as (
      select e.id, ${distance(near)} as distance,
        l.map_point <-> ${pointOf(near.longitude, mercator(near.latitude))}::point as map_distance
      from locations l join evses e on e.location_id = l.id
      where (${within}) and ${reach} and ${locationFilter(filter)} and ${evseFilter(filter, now)}
      order by map_distance, e.id limit ${filter.limit})
    ${viewOf(raw`select hits.distance`, raw`hits join evses e on e.id = hits.id`, now)}
    order by hits.distance, e.id`)
  return rows.map((row) => ({
    ...toView(row, now, filter.who),
    distanceM: Math.round(row.distance),
  }))
}

/** An EVSE by our id (`evs_…`) or by its EVSE-ID in any spelling; an EVSE-ID may be served over several connections. */
export async function findEvses(
  sql: Sql,
  ref: string,
  now: string,
  who?: Asker,
): Promise<EvseView[]> {
  const rows = await sql.execute<EvseRow>(raw`
    ${viewOf(raw`select 0`, raw`evses e`, now)} where ${refersTo(ref)}
    order by e.id`)
  const best = bestFirst(
    rows.map((row) => ({ ...row, evseId: row.evse_id, country: row.location.country })),
    now,
    ({ connection }) => connection.protocol === 'node',
  )
  return best.map((row) => toView(row, now, who))
}

function refersTo(ref: string): SQL {
  return /^evs_[0-9A-Z]{26}$/.test(ref)
    ? raw`e.id = ${ref}`
    : raw`e.evse_key = ${evseKey(ref)} and e.status <> 'REMOVED'`
}

/** What the location's index entry can answer, before any EVSE is read. */
function locationFilter(filter: SearchFilter): SQL {
  const parts: SQL[] = [raw`l.max_power_w >= ${filter.minPowerW ?? 0}`]
  if (filter.connector) parts.push(raw`${filter.connector} = any (l.standards)`)
  return raw.join(parts, raw` and `)
}

function evseFilter(filter: SearchFilter, now: string): SQL {
  // Nobody is led to an EVSE whose operator is not proven to be that of its EVSE-ID.
  const parts: SQL[] = [raw`e.status not in ('REMOVED', 'PLANNED') and e.identity <> 'unproven'`]
  if (filter.availableOnly)
    parts.push(raw`e.status = 'AVAILABLE' and not exists (
      select from public_stations b where b.id = e.charge_station_id and not b.online)`)
  if (filter.freshSince) parts.push(raw`e.status_at >= ${filter.freshSince}`)
  const plug: SQL[] = [raw`c.evse_id = e.id and c.removed_at is null`]
  if (filter.connector) plug.push(raw`c.standard = ${filter.connector}`)
  if (filter.minPowerW) plug.push(raw`c.max_power_w >= ${filter.minPowerW}`)
  if (filter.pricedOnly) {
    plug.push(raw`exists (select from unnest(c.tariff_ids) listed
      join public_connections k on k.id = e.connection_id
      join tariffs t on ${tariffIsSold(now)} and ${tariffIs(raw`listed`)})`)
  }
  parts.push(raw`exists (select from connectors c where ${raw.join(plug, raw` and `)})`)
  return raw.join(parts, raw` and `)
}

/** Great-circle distance in metres (haversine); exact for neighbours, where the arc cosine is not. */
function distance({ latitude, longitude }: { latitude: number; longitude: number }): SQL {
  return raw`degrees(2 * asin(least(1, sqrt(
      power(sin(radians(l.latitude - ${latitude}::float8) / 2), 2)
      + cos(radians(${latitude}::float8)) * cos(radians(l.latitude))
        * power(sin(radians(l.longitude - ${longitude}::float8) / 2), 2))))) * ${metresPerDegree}::float8`
}

function mercator(latitude: number): number {
  const clamped = Math.max(-85, Math.min(85, latitude))
  return (Math.log(Math.tan(Math.PI / 4 + (clamped * Math.PI) / 360)) * 180) / Math.PI
}

const pointOf = (x: number, y: number) => `(${x},${y})`

/** Boxes on the map that contain the area; two when it crosses the 180° meridian. */
function boxesOf(area: SearchArea): {
  near: { latitude: number; longitude: number }
  boxes: string[]
  radiusM: number | null
} {
  if ('box' in area) {
    const { west, south, east, north } = area.box
    const span = (east - west + 360) % 360
    const middle = ((west + span / 2 + 540) % 360) - 180
    return {
      near: { latitude: degrees((south + north) / 2), longitude: degrees(middle) },
      boxes: boxesBetween(west, east, south, north),
      radiusM: null,
    }
  }
  const { radiusM } = area
  const near = {
    latitude: degrees(area.near.latitude),
    longitude: degrees(area.near.longitude),
  }
  // A hair wider than the circle: the exact distance decides.
  const reach = (radiusM / metresPerDegree) * 1.000001
  const [south, north] = [near.latitude - reach, near.latitude + reach]
  const isPolar = south <= -85 || north >= 85
  const breadth = Math.asin(
    Math.min(1, Math.sin((reach * Math.PI) / 180) / Math.cos((near.latitude * Math.PI) / 180)),
  )
  const half = isPolar ? 180 : (breadth * 180) / Math.PI
  const west = half >= 180 ? -180 : wrapped(near.longitude - half)
  const east = half >= 180 ? 180 : wrapped(near.longitude + half)
  return { near, boxes: boxesBetween(west, east, south, north), radiusM }
}

const wrapped = (longitude: number) => ((longitude + 540) % 360) - 180

function boxesBetween(west: number, east: number, south: number, north: number): string[] {
  const [low, high] = [mercator(south), mercator(north)]
  const box = (left: number, right: number) => `${pointOf(right, high)},${pointOf(left, low)}`
  return west <= east ? [box(west, east)] : [box(west, 180), box(-180, east)]
}

type EvseRow = {
  id: string
  evse_id: string
  identity: EvseIdentity
  status: EvseStatus
  status_at: string
  capabilities: string[]
  charge_station_id: string | null
  cpo: EvseView['cpo']
  connection: EvseView['connection']
  location: Omit<EvseView['location'], 'lastUpdated'>
  location_updated: string
  connectors: (ConnectorView & { tariffs: ListedTariff[] })[]
  channels: Channel[]
  sale: SaleAgreement | null
  access: AccessRule[]
}

function viewOf(select: SQL, from: SQL, now: string): SQL {
  return raw`${select}, e.id, e.evse_id, e.identity, e.status, e.status_at, e.capabilities, e.charge_station_id,
      json_build_object('id', o.id, 'name', o.name, 'legalName', o.legal_name, 'country', o.country,
        'vatId', o.vat_id, 'vatChecked', o.vat_checked, 'taxIds', o.tax_ids) as cpo,
      json_build_object('id', k.id, 'protocol', k.protocol, 'status', k.status,
        'countryCode', k.country_code, 'partyId', k.party_id) as connection,
      json_build_object('id', l.id, 'ocpiId', l.ocpi_id, 'name', l.name, 'address', l.address, 'city', l.city,
        'postalCode', l.postal_code, 'country', l.country, 'latitude', l.latitude, 'longitude', l.longitude,
        'timeZone', l.time_zone) as location, l.last_updated as location_updated,
      plugs.list as connectors, ${channelsOf()} as channels, sale.terms as sale, ${accessOf(now)} as access
    from ${from} join locations l on l.id = e.location_id
    join public_operators o on o.id = e.cpo_id join public_connections k on k.id = e.connection_id
    left join lateral ${saleAgreementsOf(raw`= e.cpo_id`, now)} sale on true
    cross join lateral (
      select coalesce(json_agg(json_build_object('id', c.id, 'ocpiId', c.ocpi_id, 'standard', c.standard,
          'format', c.format, 'powerType', c.power_type, 'maxVoltage', c.max_voltage,
          'maxAmperage', c.max_amperage, 'maxPowerW', c.max_power_w, 'tariffIds', c.tariff_ids,
          'tariffs', ${tariffsOf(now)}) order by c.max_power_w desc, c.id), '[]') as list
      from connectors c where c.evse_id = e.id and c.removed_at is null) plugs`
}

/** What a charger said last is not known to be so once its socket is gone; that it is out of use is. */
function shownStatus({ status, channels }: EvseRow): EvseStatus {
  const isSilent = channels[0]?.online === false
  return isSilent && whyTaken(status) !== 'evse_faulted' ? 'UNKNOWN' : status
}

function toView(row: EvseRow, now: string, who: Asker = thePublic): EvseView {
  const place = { rules: row.access, timeZone: row.location.timeZone }
  return {
    id: row.id,
    evseId: row.evse_id,
    identity: row.identity,
    status: shownStatus(row),
    statusAt: row.status_at,
    capabilities: row.capabilities,
    chargeStationId: row.charge_station_id,
    cpo: row.cpo,
    connection: row.connection,
    location: { ...row.location, lastUpdated: row.location_updated },
    connectors: row.connectors.map(({ tariffs: _inForce, ...connector }) => connector),
    access: accessAt(place, who, now),
    ...standingOf({ ...row, evseId: row.evse_id, country: row.location.country }, now),
  }
}
