import { createHash } from 'node:crypto'
import { and, desc, eq, inArray, lte, sql as raw } from 'drizzle-orm'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import type { Sql } from '../../client.ts'
import {
  chargeStations,
  commands,
  connectors,
  debts,
  evses,
  paymentSources,
  protocolMessages,
  supplyEvents,
  tokens,
} from '../../schema.ts'

export type StationRow = typeof chargeStations.$inferSelect
export type EvseStatus = (typeof evses.$inferSelect)['status']
export type CommandRow = typeof commands.$inferSelect
export type NewMessage = typeof protocolMessages.$inferInsert

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

export async function markSeen(sql: Sql, stationIds: string[], at: string): Promise<void> {
  if (stationIds.length === 0) return
  await sql
    .update(chargeStations)
    .set({ lastSeenAt: at })
    .where(inArray(chargeStations.id, stationIds))
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
  connectorId: number
  online: boolean
  nodeId: string | null
}

/** Which charger and OCPP connector an EVSE is, and which node holds its socket. */
export async function chargerOfEvse(sql: Sql, evseId: string): Promise<ChargerOfEvse | undefined> {
  const [row] = await sql
    .select({
      evseId: evses.id,
      status: evses.status,
      connectionId: evses.connectionId,
      chargeStationId: chargeStations.id,
      identity: chargeStations.identity,
      connectorId: evses.ocppConnectorId,
      online: chargeStations.online,
      nodeId: chargeStations.nodeId,
    })
    .from(evses)
    .innerJoin(chargeStations, eq(chargeStations.id, evses.chargeStationId))
    .where(eq(evses.id, evseId))
  if (row?.connectorId == null) return undefined
  return { ...row, connectorId: row.connectorId }
}

/** The EVSEs of a station, by connector. */
export async function evsesOfStation(
  sql: Sql,
  stationId: string,
): Promise<{ id: string; evseId: string; ocppConnectorId: number | null }[]> {
  return sql
    .select({ id: evses.id, evseId: evses.evseId, ocppConnectorId: evses.ocppConnectorId })
    .from(evses)
    .where(eq(evses.chargeStationId, stationId))
    .orderBy(evses.ocppConnectorId)
}

export type EvseAtConnector = {
  evseId: string
  connectionId: string
  /** Rated power in W of the strongest connector; null when no connector is described. */
  maxPowerW: number | null
}

export async function evseAtConnector(
  sql: Sql,
  stationId: string,
  connectorId: number,
): Promise<EvseAtConnector | undefined> {
  const [row] = await sql
    .select({
      evseId: evses.id,
      connectionId: evses.connectionId,
      maxPowerW: raw<number | null>`max(${connectors.maxPowerW})`,
    })
    .from(evses)
    .leftJoin(connectors, eq(connectors.evseId, evses.id))
    .where(and(eq(evses.chargeStationId, stationId), eq(evses.ocppConnectorId, connectorId)))
    .groupBy(evses.id)
  return row
}

/** OCPI status of the EVSE behind a connector. A report older than the one we have changes nothing. */
export async function setConnectorStatus(
  sql: Sql,
  stationId: string,
  connectorId: number,
  status: EvseStatus,
  at: string,
): Promise<void> {
  await sql
    .update(evses)
    .set({ status, statusAt: at, lastUpdated: at })
    .where(
      and(
        eq(evses.chargeStationId, stationId),
        eq(evses.ocppConnectorId, connectorId),
        lte(evses.statusAt, at),
      ),
    )
}

// ── Raw frames ──────────────────────────────────────────────────────────────────────────────────

/** Answers the new rows' ids in the order given. */
export async function insertMessages(sql: Sql, rows: NewMessage[]): Promise<number[]> {
  if (rows.length === 0) return []
  const inserted = await sql
    .insert(protocolMessages)
    .values(rows)
    .returning({ id: protocolMessages.id })
  return inserted.map((row) => row.id)
}

/** Says of stored frames whose they were and how they were taken; the frames themselves never change. */
export async function annotateMessages(
  sql: Sql,
  notes: { id: number; sessionId: string | null; status: string }[],
): Promise<void> {
  if (notes.length === 0) return
  await sql.execute(raw`
    update protocol_messages m set session_id = coalesce(n.session_id, m.session_id), status = n.status
    from jsonb_to_recordset(${JSON.stringify(notes.map((note) => ({ id: note.id, session_id: note.sessionId, status: note.status })))}::jsonb)
      as n(id bigint, session_id text, status text)
    where m.id = n.id`)
}

/** The latest frames of a station or connection, newest first. */
export async function messagesOf(sql: Sql, peerId: string, limit = 100) {
  return sql
    .select()
    .from(protocolMessages)
    .where(eq(protocolMessages.peerId, peerId))
    .orderBy(desc(protocolMessages.id))
    .limit(limit)
}

// ── Commands ────────────────────────────────────────────────────────────────────────────────────

/** Kept in `commands.detail` of a node's command. */
export type NodeCommand = { chargeStationId: string; connectorId: number; idTag: string }

export async function insertNodeCommand(
  sql: Sql,
  input: {
    sessionId: string
    connectionId: string
    kind: CommandRow['kind']
    command: NodeCommand
    at: string
  },
): Promise<string> {
  const id = newId('command')
  await sql.insert(commands).values({
    id,
    sessionId: input.sessionId,
    connectionId: input.connectionId,
    kind: input.kind,
    state: 'sent',
    detail: input.command,
    sentAt: input.at,
  })
  return id
}

export async function settleNodeCommand(
  sql: Sql,
  id: string,
  state: CommandRow['state'],
  at: string,
): Promise<void> {
  await sql.update(commands).set({ state, answeredAt: at }).where(eq(commands.id, id))
}

/** The last command of this kind for a session. */
export async function lastCommand(
  sql: Sql,
  sessionId: string,
  kind: CommandRow['kind'],
): Promise<CommandRow | undefined> {
  const [row] = await sql
    .select()
    .from(commands)
    .where(and(eq(commands.sessionId, sessionId), eq(commands.kind, kind)))
    .orderBy(desc(commands.sentAt), desc(commands.id))
    .limit(1)
  return row
}

/**
 * The start command a tag belongs to, whatever became of it: a start that comes after a refusal or a timeout is
 * still this session's (failures F04).
 */
export async function startCommandOfTag(
  sql: Sql,
  stationId: string,
  idTag: string,
): Promise<CommandRow | undefined> {
  const [row] = await sql
    .select()
    .from(commands)
    .where(
      and(
        eq(commands.kind, 'start'),
        raw`${commands.detail} @> ${JSON.stringify({ chargeStationId: stationId, idTag: idTag.toUpperCase() })}::jsonb`,
      ),
    )
    .orderBy(desc(commands.sentAt))
    .limit(1)
  return row
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
  const [row] = await sql
    .select({
      accountId: tokens.accountId,
      uid: tokens.uid,
      status: tokens.status,
      source: paymentSources.status,
      inDebt: raw<boolean>`exists (select 1 from ${debts} where ${debts.paymentSourceId} = ${tokens.paymentSourceId} and ${debts.status} = 'open')`,
    })
    .from(tokens)
    .innerJoin(paymentSources, eq(paymentSources.id, tokens.paymentSourceId))
    .where(eq(tokens.uid, uid.toUpperCase()))
  if (row === undefined) return undefined
  const blocked = row.status === 'blocked'
  return {
    accountId: row.accountId,
    uid: row.uid,
    blocked,
    mayCharge: !blocked && row.source === 'active' && !row.inDebt,
  }
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
