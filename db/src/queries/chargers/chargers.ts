import { openedFact } from '../sessions/supply.ts'
import { createHash } from 'node:crypto'
import { and, desc, eq, sql as raw } from 'drizzle-orm'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import type { Sql } from '../../client.ts'
import { arg, fixedStatement, rowOf } from '../../fixed.ts'
import { chargeStations, evses, supplyEvents } from '../../schema.ts'
import { columnsOf } from '../arrays.ts'

export type StationRow = typeof chargeStations.$inferSelect
export type EvseStatus = (typeof evses.$inferSelect)['status']

// ── Stations ────────────────────────────────────────────────────────────────────────────────────

/** Passwords are made by us with 128 bits or more, so one SHA-256 is as good as a slow hash and stands a boot storm. */
export function passwordDigest(password: string): Buffer {
  return createHash('sha256').update(password, 'utf8').digest()
}

/** `password` is shown to the operator once and kept only as its digest. Throws on an identity its owner uses already. */
export async function createStation(
  tx: Sql,
  input: { cpoId: string; connectionId: string; identity: string; password: string; at: string },
): Promise<StationRow> {
  const [row] = await tx
    .insert(chargeStations)
    .values({
      id: newId('chargeStation'),
      cpoId: input.cpoId,
      connectionId: input.connectionId,
      identity: input.identity,
      passwordDigest: passwordDigest(input.password),
      createdAt: input.at,
    })
    .returning()
  if (row === undefined) throw new Error(`Charge station ${input.identity} was not created.`)
  return row
}

/** A station as its CPO may see it; 'all' is the platform. */
export async function getStation(
  sql: Sql,
  scope: { cpo: string } | 'all',
  stationId: string,
): Promise<StationRow | undefined> {
  const owner = scope === 'all' ? undefined : eq(chargeStations.cpoId, scope.cpo)
  const [row] = await sql
    .select()
    .from(chargeStations)
    .where(and(eq(chargeStations.id, stationId), owner))
  return row
}

/** Newest first; `after` is the id of the last row of the page before. */
export async function listStations(
  sql: Sql,
  scope: { cpo: string } | 'all',
  page: { after?: string; limit: number },
): Promise<StationRow[]> {
  return sql
    .select()
    .from(chargeStations)
    .where(
      and(
        scope === 'all' ? undefined : eq(chargeStations.cpoId, scope.cpo),
        page.after === undefined ? undefined : raw`${chargeStations.id} < ${page.after}`,
      ),
    )
    .orderBy(desc(chargeStations.id))
    .limit(page.limit)
}

const selectByLogin = fixedStatement<StationRow, { identity: string; digest: Buffer }>(
  () => raw`select ${rowOf(chargeStations)} from charge_stations
    where identity = ${arg('identity')} and password_digest = ${arg('digest')}`,
)

/** The charger that says it is this one and proves it; several operators may have given one name. */
export async function stationByLogin(
  sql: Sql,
  login: { identity: string; digest: Buffer },
): Promise<StationRow | undefined> {
  const [row] = await selectByLogin(sql, login)
  return row
}

export const stationById = (sql: Sql, stationId: string) => getStation(sql, 'all', stationId)

type Socket = { nodeId: string; protocol: string; at: string }

const updateClaimed = fixedStatement<{ epoch: number }, Socket & { stationId: string }>(
  () => raw`update charge_stations set online = true, node_id = ${arg('nodeId')}, protocol = ${arg('protocol')},
      last_seen_at = ${arg('at')}, epoch = epoch + 1
    where id = ${arg('stationId')} returning epoch`,
)

/** A socket of this station is ours now. The epoch returned names this socket among all there ever were. */
export async function claimStation(sql: Sql, stationId: string, socket: Socket): Promise<number> {
  const [row] = await updateClaimed(sql, { ...socket, stationId })
  if (row === undefined) throw new Error(`No charge station ${stationId}.`)
  return row.epoch
}

const updateReleased = fixedStatement<
  { id: string },
  { stationId: string; epoch: number; at: string }
>(
  () => raw`update charge_stations set online = false, last_seen_at = ${arg('at')}
    where id = ${arg('stationId')} and epoch = ${arg('epoch')} returning id`,
)

/** The socket of this epoch is gone. False when a newer one took its place: then nothing changes. */
export async function releaseStation(
  sql: Sql,
  stationId: string,
  epoch: number,
  at: string,
): Promise<boolean> {
  return (await updateReleased(sql, { stationId, epoch, at })).length > 0
}

/** A node that starts holds no socket yet, whatever an earlier run of it left behind. */
export async function releaseStationsOf(
  sql: Sql,
  nodeId: string,
): Promise<{ id: string; epoch: number }[]> {
  return sql
    .update(chargeStations)
    .set({ online: false })
    .where(and(eq(chargeStations.nodeId, nodeId), eq(chargeStations.online, true)))
    .returning({ id: chargeStations.id, epoch: chargeStations.epoch })
}

const updateSeen = fixedStatement<never, { stationId: string; at: string }>(
  () => raw`
    update charge_stations s set last_seen_at = x.at
    from unnest(${arg('stationId')}::text[], ${arg('at')}::timestamptz[]) as x(id, at)
    where s.id = x.id`,
)

export async function markSeen(
  sql: Sql,
  seen: readonly { stationId: string; at: string }[],
): Promise<void> {
  if (seen.length > 0) await updateSeen(sql, columnsOf(['stationId', 'at'], seen))
}

export type Boot = {
  stationId: string
  at: string
  vendor: string
  model: string
  serialNumber: string | null
  firmwareVersion: string | null
}

const bootColumns = [
  'stationId',
  'at',
  'vendor',
  'model',
  'serialNumber',
  'firmwareVersion',
] as const satisfies (keyof Boot)[]

const updateBooted = fixedStatement<never, Record<keyof Boot, string>>(
  () => raw`
    update charge_stations s set vendor = x.vendor, model = x.model, serial_number = x.serial_number,
      firmware_version = x.firmware_version, last_boot_at = x.at, last_seen_at = x.at
    from unnest(${arg('stationId')}::text[], ${arg('at')}::timestamptz[], ${arg('vendor')}::text[], ${arg('model')}::text[],
      ${arg('serialNumber')}::text[], ${arg('firmwareVersion')}::text[])
      as x(id, at, vendor, model, serial_number, firmware_version)
    where s.id = x.id`,
)

export async function recordBoots(sql: Sql, boots: readonly Boot[]): Promise<void> {
  if (boots.length > 0) await updateBooted(sql, columnsOf(bootColumns, boots))
}

export type ChargerOfEvse = {
  evseId: string
  status: EvseStatus
  connectionId: string
  chargeStationId: string
  identity: string
  /** Its number on the charger. */
  ocppEvseId: number
  online: boolean
  nodeId: string | null
}

const selectChargerOfEvse = fixedStatement<ChargerOfEvse, { evseId: string }>(
  () => raw`
    select e.id as "evseId", e.status, e.connection_id as "connectionId", s.id as "chargeStationId", s.identity,
      e.ocpp_evse_id as "ocppEvseId", s.online, s.node_id as "nodeId"
    from evses e join charge_stations s on s.id = e.charge_station_id
    where e.id = ${arg('evseId')} and e.ocpp_evse_id is not null`,
)

/** Which charger an EVSE is of and by what number, and which node holds its socket. */
export async function chargerOfEvse(sql: Sql, evseId: string): Promise<ChargerOfEvse | undefined> {
  const [row] = await selectChargerOfEvse(sql, { evseId })
  return row
}

/** The EVSEs of a station, by number. */
export async function evsesOfStation(
  sql: Sql,
  stationId: string,
): Promise<{ id: string; evseId: string; ocppEvseId: number | null }[]> {
  return sql
    .select({ id: evses.id, evseId: evses.evseId, ocppEvseId: evses.ocppEvseId })
    .from(evses)
    .where(eq(evses.chargeStationId, stationId))
    .orderBy(evses.ocppEvseId)
}

/** The EVSE that has this number on the charger. */
export async function evseOfStation(
  sql: Sql,
  stationId: string,
  ocppEvseId: number,
): Promise<{ evseId: string; connectionId: string } | undefined> {
  const [row] = await sql
    .select({ evseId: evses.id, connectionId: evses.connectionId })
    .from(evses)
    .where(and(eq(evses.chargeStationId, stationId), eq(evses.ocppEvseId, ocppEvseId)))
  return row
}

export type EvseReport = {
  stationId: string
  ocppEvseId: number
  status: EvseStatus
  at: string
  /** Says nothing of an EVSE whose transaction is open. */
  isOfIdle: boolean
}

const reportColumns = ['stationId', 'ocppEvseId', 'status', 'at', 'isOfIdle'] as const
const updateStatuses = fixedStatement<never, Record<keyof EvseReport, string>>(
  () => raw`
    update evses e set status = r.status, status_at = r.at, last_updated = r.at
    from unnest(${arg('stationId')}::text[], ${arg('ocppEvseId')}::int[], ${arg('status')}::text[], ${arg('at')}::timestamptz[],
      ${arg('isOfIdle')}::bool[]) as r(station, evse, status, at, idle)
    where e.charge_station_id = r.station and e.ocpp_evse_id = r.evse and e.status_at <= r.at
      and not (r.idle and exists (select from ocpp_transactions t
        where t.charge_station_id = r.station and t.ocpp_evse_id = r.evse and t.stopped_at is null))`,
)

/** OCPI status of EVSEs as their chargers tell it. A report older than the one we have changes nothing. */
export async function setEvseStatuses(sql: Sql, reports: readonly EvseReport[]): Promise<void> {
  if (reports.length > 0) await updateStatuses(sql, columnsOf(reportColumns, reports))
}

// ── What sessions were told ─────────────────────────────────────────────────────────────────────

/** Whether this fact of a session was recorded before. */
export async function isSupplyEventKnown(sql: Sql, dedupeKey: string): Promise<boolean> {
  const [row] = await sql
    .select({ id: supplyEvents.id })
    .from(supplyEvents)
    .where(eq(supplyEvents.dedupeKey, dedupeKey))
  return row !== undefined
}

/** What a session was told, in order, delivered or not. */
export async function supplyEventsOf(sql: Sql, sessionId: string) {
  const rows = await sql
    .select()
    .from(supplyEvents)
    .where(eq(supplyEvents.sessionId, sessionId))
    .orderBy(supplyEvents.id)
  return rows.map((row) => ({ ...row, event: openedFact(sessionId, row.event) }))
}
