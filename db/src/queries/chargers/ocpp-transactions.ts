import { and, asc, desc, eq, gte, isNull, lte, or, sql as raw } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import type { Sql, Tx } from '../../client.ts'
import { chargeStations, connections, evses, meterValues, ocppTransactions } from '../../schema.ts'
import { arrayOf } from '../arrays.ts'

export type TransactionRow = typeof ocppTransactions.$inferSelect

// ── Begin ───────────────────────────────────────────────────────────────────────────────────────

export type StartQuestion = {
  stationId: string
  startKey: string
  /** Empty when nobody is identified. */
  idToken: string
  ocppEvseId: number | null
}

/** What is known of one start. */
export type StartFacts = {
  /** A number of our own, for the case that the start is new. */
  nextId: number
  /** The same start, told before. */
  known: TransactionRow | null
  /** The latest start command that showed this credential to this station. */
  command: { sessionId: string; sentAt: string; ocppEvseId: number } | null
  /** The transaction of the command's session, if it has one. */
  first: TransactionRow | null
  /** `evse_…` at this number of the station; without a number, where the command told it to charge. */
  evseId: string | null
  /** The connection of the station, and the CPO behind it. */
  channel: { id: string; cpoId: string; countryCode: string; partyId: string } | null
}

const first = alias(ocppTransactions, 'first')

const channel = {
  id: connections.id,
  cpoId: connections.cpoId,
  countryCode: connections.countryCode,
  partyId: connections.partyId,
}

/** In the order of the questions. */
export async function startFacts(
  sql: Sql,
  questions: readonly StartQuestion[],
): Promise<StartFacts[]> {
  if (questions.length === 0) return []
  const rows = await sql
    .select({
      n: raw<number>`q.n`,
      nextId: raw<number>`nextval('ocpp_transactions_id_seq')::int`,
      known: ocppTransactions,
      sessionId: raw<string | null>`c.session_id`,
      sentAt: raw<string | null>`c.sent_at`,
      commandEvse: raw<number | null>`c.evse`,
      first,
      evseId: evses.id,
      channel,
    })
    .from(
      raw`unnest(${arrayOf(questions.map((_, n) => n))}::int[], ${arrayOf(questions.map((each) => each.stationId))}::text[],
        ${arrayOf(questions.map((each) => each.startKey))}::text[], ${arrayOf(questions.map((each) => each.idToken))}::text[],
        ${arrayOf(questions.map((each) => each.ocppEvseId))}::int[]) as q(n, station, start_key, id_token, evse)`,
    )
    .leftJoin(
      ocppTransactions,
      raw`${ocppTransactions.chargeStationId} = q.station and ${ocppTransactions.startKey} = q.start_key`,
    )
    .leftJoinLateral(
      raw`(select session_id, sent_at, (detail ->> 'ocppEvseId')::int as evse from commands where kind = 'start' and detail ->> 'idToken' = q.id_token
        and q.id_token <> '' and detail ->> 'chargeStationId' = q.station order by sent_at desc limit 1) as c`,
      raw`true`,
    )
    .leftJoin(first, raw`${first.sessionId} = c.session_id`)
    .leftJoin(
      evses,
      raw`${evses.chargeStationId} = q.station and ${evses.ocppEvseId} = coalesce(q.evse, c.evse)`,
    )
    .leftJoin(chargeStations, raw`${chargeStations.id} = q.station`)
    .leftJoin(connections, eq(connections.id, chargeStations.connectionId))
  return rows
    .toSorted((a, b) => a.n - b.n)
    .map(({ nextId, known, first: ofSession, evseId, channel: of, ...row }) => ({
      nextId,
      known,
      first: ofSession,
      evseId,
      channel: of,
      command:
        row.sessionId === null || row.sentAt === null || row.commandEvse === null
          ? null
          : { sessionId: row.sessionId, sentAt: row.sentAt, ocppEvseId: row.commandEvse },
    }))
}

/** Throws when one of them is known already: its caller asks again, one by one. */
export async function insertTransactions(tx: Tx, rows: readonly TransactionRow[]): Promise<void> {
  if (rows.length === 0) return
  const column = (value: (row: TransactionRow) => string | number | boolean | null) =>
    arrayOf(rows.map((row) => value(row)))
  await tx.execute(raw`
    insert into ocpp_transactions (id, charge_station_id, transaction_id, start_key, ocpp_evse_id, ocpp_connector_id,
      id_token, id_token_type, session_id, origin, meter_start_wh, started_at, claimed_started_at, charging_state,
      trigger_reason, seq_no, clock_offset_ms, offline, created_at)
    select * from unnest(${column((row) => row.id)}::int[], ${column((row) => row.chargeStationId)}::text[],
      ${column((row) => row.transactionId)}::text[], ${column((row) => row.startKey)}::text[],
      ${column((row) => row.ocppEvseId)}::int[], ${column((row) => row.ocppConnectorId)}::int[],
      ${column((row) => row.idToken)}::text[], ${column((row) => row.idTokenType)}::text[],
      ${column((row) => row.sessionId)}::text[], ${column((row) => row.origin)}::text[],
      ${column((row) => row.meterStartWh)}::numeric[], ${column((row) => row.startedAt)}::timestamptz[],
      ${column((row) => row.claimedStartedAt)}::timestamptz[], ${column((row) => row.chargingState)}::text[],
      ${column((row) => row.triggerReason)}::text[], ${column((row) => row.seqNo)}::int[],
      ${column((row) => row.clockOffsetMs)}::bigint[], ${column((row) => row.offline)}::bool[],
      ${column((row) => row.createdAt)}::timestamptz[])`)
}

/** What an event says of where the transaction stands; a number lower than one heard before says nothing new. */
export type Progress = Pick<TransactionRow, 'id' | 'seqNo' | 'chargingState' | 'triggerReason'>

export async function noteProgress(tx: Sql, told: readonly Progress[]): Promise<void> {
  if (told.length === 0) return
  await tx.execute(raw`
    update ocpp_transactions t set seq_no = x.seq_no, charging_state = coalesce(x.charging_state, t.charging_state),
      trigger_reason = coalesce(x.trigger_reason, t.trigger_reason)
    from unnest(${arrayOf(told.map((each) => each.id))}::int[], ${arrayOf(told.map((each) => each.seqNo))}::int[],
      ${arrayOf(told.map((each) => each.chargingState))}::text[], ${arrayOf(told.map((each) => each.triggerReason))}::text[])
      as x(id, seq_no, charging_state, trigger_reason)
    where t.id = x.id and coalesce(t.seq_no, -1) < x.seq_no`)
}

/** A transaction that began before anybody was identified, or before its EVSE was known, is told of them later. */
export async function identifyTransaction(
  tx: Tx,
  id: number,
  known: Pick<
    TransactionRow,
    'sessionId' | 'origin' | 'idToken' | 'idTokenType' | 'ocppEvseId' | 'ocppConnectorId'
  >,
): Promise<void> {
  const [before] = await tx
    .select({ sessionId: ocppTransactions.sessionId })
    .from(ocppTransactions)
    .where(eq(ocppTransactions.id, id))
  await tx.update(ocppTransactions).set(known).where(eq(ocppTransactions.id, id))
  if (before === undefined || before.sessionId === known.sessionId) return
  for (const table of ['meter_values', 'signed_values'])
    await tx.execute(
      raw`update ${raw.identifier(table)} set session_id = ${known.sessionId} where session_id = ${before.sessionId}`,
    )
}

// ── While it runs ───────────────────────────────────────────────────────────────────────────────

/** By the id the charger names, and only its own: an id of another station finds nothing. */
export async function stationTransaction(
  sql: Sql,
  stationId: string,
  transactionId: string,
): Promise<TransactionRow | undefined> {
  const [row] = await sql
    .select()
    .from(ocppTransactions)
    .where(
      and(
        eq(ocppTransactions.chargeStationId, stationId),
        eq(ocppTransactions.transactionId, transactionId),
      ),
    )
  return row
}

/** Transactions of a station that have no end yet, oldest first. */
export async function openTransactions(sql: Sql, stationId: string): Promise<TransactionRow[]> {
  return sql
    .select()
    .from(ocppTransactions)
    .where(and(eq(ocppTransactions.chargeStationId, stationId), isNull(ocppTransactions.stoppedAt)))
    .orderBy(asc(ocppTransactions.id))
}

/** The latest transaction of an EVSE that covers an instant, open or closed. */
export async function transactionCovering(
  sql: Sql,
  stationId: string,
  ocppEvseId: number,
  at: string,
): Promise<TransactionRow | undefined> {
  const [row] = await sql
    .select()
    .from(ocppTransactions)
    .where(
      and(
        eq(ocppTransactions.chargeStationId, stationId),
        eq(ocppTransactions.ocppEvseId, ocppEvseId),
        lte(ocppTransactions.startedAt, at),
        or(isNull(ocppTransactions.stoppedAt), gte(ocppTransactions.stoppedAt, at)),
      ),
    )
    .orderBy(desc(ocppTransactions.startedAt))
    .limit(1)
  return row
}

export async function transactionOfSession(
  sql: Sql,
  sessionId: string,
): Promise<TransactionRow | undefined> {
  const [row] = await sql
    .select()
    .from(ocppTransactions)
    .where(eq(ocppTransactions.sessionId, sessionId))
  return row
}

/** Notes why a person should look at a transaction; the first reason stays. */
export async function flagTransaction(sql: Sql, id: number, review: string): Promise<void> {
  await sql
    .update(ocppTransactions)
    .set({ review })
    .where(and(eq(ocppTransactions.id, id), isNull(ocppTransactions.review)))
}

/** The EVSE of ours that a transaction charges at, and its connection. */
export async function placeOfTransaction(
  sql: Sql,
  { chargeStationId, ocppEvseId }: TransactionRow,
): Promise<{ evseId: string; channel: NonNullable<StartFacts['channel']> } | undefined> {
  if (ocppEvseId === null) return undefined
  const [row] = await sql
    .select({ evseId: evses.id, channel })
    .from(evses)
    .innerJoin(connections, eq(connections.id, evses.connectionId))
    .where(and(eq(evses.chargeStationId, chargeStationId), eq(evses.ocppEvseId, ocppEvseId)))
  return row
}

// ── End ─────────────────────────────────────────────────────────────────────────────────────────

export type TransactionClose = Pick<
  TransactionRow,
  'meterStopWh' | 'stopReason' | 'inferred' | 'offline' | 'review'
> & { stoppedAt: string }

export async function closeTransaction(tx: Tx, id: number, end: TransactionClose): Promise<void> {
  await tx.update(ocppTransactions).set(end).where(eq(ocppTransactions.id, id))
}

/** The EVSE is free when no transaction holds it, whatever was assumed when one began. */
export async function freeEvse(
  sql: Sql,
  stationId: string,
  ocppEvseId: number,
  at: string,
): Promise<void> {
  await sql
    .update(evses)
    .set({ status: 'AVAILABLE', statusAt: at, lastUpdated: at })
    .where(
      and(
        eq(evses.chargeStationId, stationId),
        eq(evses.ocppEvseId, ocppEvseId),
        eq(evses.status, 'CHARGING'),
        raw`not exists (select 1 from ${ocppTransactions} where ${ocppTransactions.chargeStationId} = ${stationId}
          and ${ocppTransactions.ocppEvseId} = ${ocppEvseId} and ${ocppTransactions.stoppedAt} is null)`,
      ),
    )
}

const heardSince = (since: typeof chargeStations.lastBootAt | typeof evses.statusAt) =>
  raw`exists (select 1 from ${meterValues} where ${meterValues.sessionId} = ${ocppTransactions.sessionId} and ${meterValues.receivedAt} > ${since})`

/**
 * Open transactions whose charger lost its power: it booted, or called the EVSE free, at least the grace ago and has
 * said nothing of the transaction since (ocpp quirk 5).
 */
export async function abandonedTransactions(
  sql: Sql,
  nodeId: string,
  quietSince: string,
): Promise<TransactionRow[]> {
  const rows = await sql
    .select({ transaction: ocppTransactions })
    .from(ocppTransactions)
    .innerJoin(chargeStations, eq(chargeStations.id, ocppTransactions.chargeStationId))
    .leftJoin(
      evses,
      and(
        eq(evses.chargeStationId, ocppTransactions.chargeStationId),
        eq(evses.ocppEvseId, ocppTransactions.ocppEvseId),
      ),
    )
    .where(
      and(
        isNull(ocppTransactions.stoppedAt),
        eq(chargeStations.nodeId, nodeId),
        eq(chargeStations.online, true),
        lte(ocppTransactions.createdAt, quietSince),
        or(
          and(
            raw`${chargeStations.lastBootAt} > ${ocppTransactions.createdAt}`,
            lte(chargeStations.lastBootAt, quietSince),
            raw`not ${heardSince(chargeStations.lastBootAt)}`,
          ),
          and(
            eq(evses.status, 'AVAILABLE'),
            raw`${evses.statusAt} > ${ocppTransactions.createdAt}`,
            lte(evses.statusAt, quietSince),
            raw`not ${heardSince(evses.statusAt)}`,
          ),
        ),
      ),
    )
    .orderBy(asc(ocppTransactions.id))
  return rows.map((row) => row.transaction)
}
