import { createHash } from 'node:crypto'
import { and, desc, eq, sql as raw } from 'drizzle-orm'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import type { Sql } from '../../client.ts'
import { chargeStations, debts, evses, paymentSources, supplyEvents, tokens } from '../../schema.ts'
import { arrayOf } from '../arrays.ts'

export type StationRow = typeof chargeStations.$inferSelect
export type EvseStatus = (typeof evses.$inferSelect)['status']

// ── Stations ────────────────────────────────────────────────────────────────────────────────────

/** Passwords are made by us with 128 bits or more, so one SHA-256 is as good as a slow hash and stands a boot storm. */
export function passwordDigest(password: string): Buffer {
  return createHash('sha256').update(password, 'utf8').digest()
}

/** `password` is shown to the operator once and kept only as its digest. Throws on an identity already taken. */
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

/** By the name the charger gives in its URL: what the login and the node need. */
export async function stationByIdentity(
  sql: Sql,
  identity: string,
): Promise<StationRow | undefined> {
  const [row] = await sql.select().from(chargeStations).where(eq(chargeStations.identity, identity))
  return row
}

export const stationById = (sql: Sql, stationId: string) => getStation(sql, 'all', stationId)

/** A socket of this station is ours now. The epoch returned names this socket among all there ever were. */
export async function claimStation(
  sql: Sql,
  stationId: string,
  socket: { nodeId: string; protocol: string; at: string },
): Promise<number> {
  const [row] = await sql
    .update(chargeStations)
    .set({
      online: true,
      nodeId: socket.nodeId,
      protocol: socket.protocol,
      lastSeenAt: socket.at,
      epoch: raw`${chargeStations.epoch} + 1`,
    })
    .where(eq(chargeStations.id, stationId))
    .returning({ epoch: chargeStations.epoch })
  if (row === undefined) throw new Error(`No charge station ${stationId}.`)
  return row.epoch
}

/** The socket of this epoch is gone. False when a newer one took its place: then nothing changes. */
export async function releaseStation(
  sql: Sql,
  stationId: string,
  epoch: number,
  at: string,
): Promise<boolean> {
  const rows = await sql
    .update(chargeStations)
    .set({ online: false, lastSeenAt: at })
    .where(and(eq(chargeStations.id, stationId), eq(chargeStations.epoch, epoch)))
    .returning({ id: chargeStations.id })
  return rows.length > 0
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

export async function markSeen(
  sql: Sql,
  seen: readonly { stationId: string; at: string }[],
): Promise<void> {
  if (seen.length === 0) return
  await sql.execute(raw`
    update charge_stations s set last_seen_at = x.at
    from unnest(${arrayOf(seen.map((each) => each.stationId))}::text[], ${arrayOf(seen.map((each) => each.at))}::timestamptz[])
      as x(id, at)
    where s.id = x.id`)
}

export async function recordBoot(
  sql: Sql,
  stationId: string,
  boot: {
    at: string
    vendor: string
    model: string
    serialNumber: string | null
    firmwareVersion: string | null
  },
): Promise<void> {
  await sql
    .update(chargeStations)
    .set({
      vendor: boot.vendor,
      model: boot.model,
      serialNumber: boot.serialNumber,
      firmwareVersion: boot.firmwareVersion,
      lastBootAt: boot.at,
      lastSeenAt: boot.at,
    })
    .where(eq(chargeStations.id, stationId))
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

/** Which charger an EVSE is of and by what number, and which node holds its socket. */
export async function chargerOfEvse(sql: Sql, evseId: string): Promise<ChargerOfEvse | undefined> {
  const [row] = await sql
    .select({
      evseId: evses.id,
      status: evses.status,
      connectionId: evses.connectionId,
      chargeStationId: chargeStations.id,
      identity: chargeStations.identity,
      ocppEvseId: evses.ocppEvseId,
      online: chargeStations.online,
      nodeId: chargeStations.nodeId,
    })
    .from(evses)
    .innerJoin(chargeStations, eq(chargeStations.id, evses.chargeStationId))
    .where(eq(evses.id, evseId))
  if (row?.ocppEvseId == null) return undefined
  return { ...row, ocppEvseId: row.ocppEvseId }
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

export type EvseReport = { stationId: string; ocppEvseId: number; status: EvseStatus; at: string }

/** OCPI status of EVSEs as their chargers tell it. A report older than the one we have changes nothing. */
export async function setEvseStatuses(sql: Sql, reports: readonly EvseReport[]): Promise<void> {
  if (reports.length === 0) return
  await sql.execute(raw`
    update evses e set status = r.status, status_at = r.at, last_updated = r.at
    from unnest(${arrayOf(reports.map((each) => each.stationId))}::text[],
      ${arrayOf(reports.map((each) => each.ocppEvseId))}::int[], ${arrayOf(reports.map((each) => each.status))}::text[],
      ${arrayOf(reports.map((each) => each.at))}::timestamptz[]) as r(station_id, evse, status, at)
    where e.charge_station_id = r.station_id and e.ocpp_evse_id = r.evse and e.status_at <= r.at`)
}

// ── Cards ───────────────────────────────────────────────────────────────────────────────────────

export type CardStanding = {
  accountId: string
  uid: string
  /** False when the card is blocked, its payment source unusable, or an earlier session unpaid (failures F47). */
  mayCharge: boolean
  blocked: boolean
}

export async function cardStanding(sql: Sql, uid: string): Promise<CardStanding | undefined> {
  return (await cardStandings(sql, [uid])).get(uid.toUpperCase())
}

/** By upper-case uid; a card nobody registered is not in it. */
export async function cardStandings(
  sql: Sql,
  uids: readonly string[],
): Promise<Map<string, CardStanding>> {
  if (uids.length === 0) return new Map()
  const rows = await sql
    .select({
      accountId: tokens.accountId,
      uid: tokens.uid,
      status: tokens.status,
      source: paymentSources.status,
      inDebt: raw<boolean>`exists (select 1 from ${debts} where ${debts.paymentSourceId} = ${tokens.paymentSourceId} and ${debts.status} = 'open')`,
    })
    .from(tokens)
    .innerJoin(paymentSources, eq(paymentSources.id, tokens.paymentSourceId))
    .where(raw`${tokens.uid} = any(${arrayOf(uids.map((uid) => uid.toUpperCase()))}::text[])`)
  return new Map(
    rows.map(({ status, source, inDebt, ...row }) => {
      const blocked = status === 'blocked'
      return [row.uid, { ...row, blocked, mayCharge: !blocked && source === 'active' && !inDebt }]
    }),
  )
}

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
  return sql
    .select()
    .from(supplyEvents)
    .where(eq(supplyEvents.sessionId, sessionId))
    .orderBy(supplyEvents.id)
}
