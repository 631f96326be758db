import { and, desc, eq, gte, isNull, lte, or, sql as raw } from 'drizzle-orm'
import type { Sql, Tx } from '../../client.ts'
import { arg, fixedStatement, rowOf } from '../../fixed.ts'
import { ocppTransactions } from '../../schema.ts'
import { cardKey, seal, type Sealed, unseal } from '../../sealed/sealed.ts'
import { arrayOf, columnsOf } from '../arrays.ts'
import { type CardRow, cardOf, type CardStanding, standingOf } from './cards.ts'
import { lastStartCommand, pendingStart } from './commands.ts'

type Stored = typeof ocppTransactions.$inferSelect
export type TransactionRow = Omit<Stored, 'idToken'> & {
  /** Upper case; empty when what was sent was no identifier, null until somebody is identified. */
  idToken: string | null
}

/** A row with what was shown at the charger, which stands sealed. */
export const openedToken = <Row extends { id: number; idToken: Sealed | null }>(row: Row) => ({
  ...row,
  idToken: unseal('ocpp_transactions.id_token', String(row.id), row.idToken),
})

const sealedToken = (id: number, idToken: string | null) =>
  seal('ocpp_transactions.id_token', String(id), idToken)

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
  /** The one start command that waits for this EVSE, whatever credential it showed; null where it has begun. */
  pending: { sessionId: string; sentAt: string; ocppEvseId: number } | null
  /** The latest transaction of this EVSE that has no end. */
  open: TransactionRow | null
  /** `evse_…` at this number of the station; without a number, where the command told it to charge. */
  evseId: string | null
  /** The card with this credential; null when nobody registered one. */
  card: CardStanding | null
  /** The connection of the station, and the CPO behind it. */
  channel: { id: string; cpoId: string; countryCode: string; partyId: string } | null
}

type FactsRow = {
  n: number
  nextId: number
  knownId: number | null
  firstId: number | null
  openId: number | null
  pendingId: string | null
  pendingAt: string | null
  sessionId: string | null
  sentAt: string | null
  commandEvse: number | null
  ocppEvseId: number | null
  evseId: string | null
  channelId: string | null
  cpoId: string
  countryCode: string
  partyId: string
  card: CardRow | null
}

const questionColumns = ['stationId', 'startKey', 'tokenKey', 'ocppEvseId'] as const

// Each is looked up by its key (`limit 1`), whatever the server believes of the size of its tables.
const selectFacts = fixedStatement<FactsRow, Record<(typeof questionColumns)[number], string>>(
  () => raw`
    select q.n, nextval('ocpp_transactions_id_seq')::int as "nextId", k.id as "knownId", f.id as "firstId",
      o.id as "openId", w.session_id as "pendingId", w.sent_at as "pendingAt",
      c.session_id as "sessionId", c.sent_at as "sentAt", c.evse as "commandEvse", e.ocpp_evse_id as "ocppEvseId", e.id as "evseId",
      s.id as "channelId", s.cpo_id as "cpoId", s.country_code as "countryCode", s.party_id as "partyId",
      ${cardOf(raw`q.token_key`)} as card
    from unnest(${arg('stationId')}::text[], ${arg('startKey')}::text[], ${arg('tokenKey')}::text[], ${arg('ocppEvseId')}::int[])
      with ordinality as q(station, start_key, token_key, evse, n)
    left join lateral (select id from ocpp_transactions
      where charge_station_id = q.station and start_key = q.start_key limit 1) k on true
    left join lateral (${lastStartCommand(raw`q.station`, raw`q.token_key`)}) c on true
    left join lateral (select id from ocpp_transactions where session_id = c.session_id limit 1) f on true
    left join lateral (select id, ocpp_evse_id from evses
      where charge_station_id = q.station and ocpp_evse_id = coalesce(q.evse, c.evse) limit 1) e on true
    left join lateral (select id from ocpp_transactions where charge_station_id = q.station
      and ocpp_evse_id = coalesce(q.evse, c.evse) and stopped_at is null order by id desc limit 1) o on true
    left join lateral (${pendingStart(raw`e.id`, raw`q.station`)}) w on true
    left join lateral (select o.id, o.cpo_id, o.country_code, o.party_id
      from charge_stations t join connections o on o.id = t.connection_id where t.id = q.station limit 1) s on true`,
)

/** In the order of the questions. */
export async function startFacts(
  sql: Sql,
  questions: readonly StartQuestion[],
): Promise<StartFacts[]> {
  if (questions.length === 0) return []
  const asked = questions.map((each) => ({ ...each, tokenKey: cardKey(each.idToken) }))
  const rows = await selectFacts(sql, columnsOf(questionColumns, asked))
  const told = await transactionsById(
    sql,
    rows.flatMap(({ knownId, firstId, openId }) =>
      [knownId ?? [], firstId ?? [], openId ?? []].flat(),
    ),
  )
  return rows
    .toSorted((a, b) => a.n - b.n)
    .map(
      ({
        knownId,
        firstId,
        openId,
        pendingId,
        pendingAt,
        channelId,
        cpoId,
        countryCode,
        partyId,
        ...row
      }) => ({
        nextId: row.nextId,
        known: told.get(knownId ?? 0) ?? null,
        first: told.get(firstId ?? 0) ?? null,
        open: told.get(openId ?? 0) ?? null,
        pending:
          pendingId === null || pendingAt === null || row.ocppEvseId === null
            ? null
            : { sessionId: pendingId, sentAt: pendingAt, ocppEvseId: row.ocppEvseId },
        evseId: row.evseId,
        card: row.card === null ? null : standingOf(row.card),
        channel: channelId === null ? null : { id: channelId, cpoId, countryCode, partyId },
        command:
          row.sessionId === null || row.sentAt === null || row.commandEvse === null
            ? null
            : { sessionId: row.sessionId, sentAt: row.sentAt, ocppEvseId: row.commandEvse },
      }),
    )
}

const selectById = fixedStatement<Stored, { ids: string }>(
  () =>
    raw`select ${rowOf(ocppTransactions)} from ocpp_transactions where id = any(${arg('ids')}::int[])`,
)

/** Starts are rarely told twice: their rows are read only then. */
async function transactionsById(
  sql: Sql,
  ids: readonly number[],
): Promise<Map<number, TransactionRow>> {
  const rows = ids.length === 0 ? [] : await selectById(sql, { ids: arrayOf(ids) })
  return new Map(rows.map((row) => [row.id, openedToken(row)]))
}

const startColumns = [
  'id',
  'chargeStationId',
  'transactionId',
  'startKey',
  'ocppEvseId',
  'ocppConnectorId',
  'idToken',
  'idTokenType',
  'sessionId',
  'origin',
  'meterStartWh',
  'startedAt',
  'claimedStartedAt',
  'chargingState',
  'triggerReason',
  'seqNo',
  'clockOffsetMs',
  'offline',
  'createdAt',
] as const satisfies (keyof TransactionRow)[]

const insertStarts = fixedStatement<never, Record<(typeof startColumns)[number], string>>(
  () => raw`
    insert into ocpp_transactions (id, charge_station_id, transaction_id, start_key, ocpp_evse_id, ocpp_connector_id,
      id_token, id_token_type, session_id, origin, meter_start_wh, started_at, claimed_started_at, charging_state,
      trigger_reason, seq_no, clock_offset_ms, offline, created_at)
    select * from unnest(${arg('id')}::int[], ${arg('chargeStationId')}::text[], ${arg('transactionId')}::text[],
      ${arg('startKey')}::text[], ${arg('ocppEvseId')}::int[], ${arg('ocppConnectorId')}::int[], ${arg('idToken')}::text[],
      ${arg('idTokenType')}::text[], ${arg('sessionId')}::text[], ${arg('origin')}::text[], ${arg('meterStartWh')}::numeric[],
      ${arg('startedAt')}::timestamptz[], ${arg('claimedStartedAt')}::timestamptz[], ${arg('chargingState')}::text[],
      ${arg('triggerReason')}::text[], ${arg('seqNo')}::int[], ${arg('clockOffsetMs')}::bigint[], ${arg('offline')}::bool[],
      ${arg('createdAt')}::timestamptz[])`,
)

/** Throws when one of them is known already: its caller asks again, one by one. */
export async function insertTransactions(tx: Tx, rows: readonly TransactionRow[]): Promise<void> {
  const kept = rows.map((row) => ({ ...row, idToken: sealedToken(row.id, row.idToken) }))
  if (kept.length > 0) await insertStarts(tx, columnsOf(startColumns, kept))
}

/** What an event says of where the transaction stands; a number lower than one heard before says nothing new. */
export type Progress = Pick<TransactionRow, 'id' | 'seqNo' | 'chargingState' | 'triggerReason'>

const progressColumns = ['id', 'seqNo', 'chargingState', 'triggerReason'] as const

const updateProgress = fixedStatement<never, Record<keyof Progress, string>>(
  () => raw`
    update ocpp_transactions t set seq_no = x.seq_no, charging_state = coalesce(x.charging_state, t.charging_state),
      trigger_reason = coalesce(x.trigger_reason, t.trigger_reason)
    from unnest(${arg('id')}::int[], ${arg('seqNo')}::int[], ${arg('chargingState')}::text[], ${arg('triggerReason')}::text[])
      as x(id, seq_no, charging_state, trigger_reason)
    where t.id = x.id and coalesce(t.seq_no, -1) < x.seq_no`,
)

export async function noteProgress(sql: Sql, told: readonly Progress[]): Promise<void> {
  if (told.length > 0) await updateProgress(sql, columnsOf(progressColumns, told))
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
  const { sessionId, origin, idToken, idTokenType, ocppEvseId, ocppConnectorId } = known
  await tx
    .update(ocppTransactions)
    // No more than this: the caller's row may be older than the end of the transaction.
    .set({
      sessionId,
      origin,
      idToken: sealedToken(id, idToken),
      idTokenType,
      ocppEvseId,
      ocppConnectorId,
    })
    .where(eq(ocppTransactions.id, id))
  if (before === undefined || before.sessionId === sessionId) return
  for (const table of ['meter_values', 'signed_values'])
    await tx.execute(
      raw`update ${raw.identifier(table)} set session_id = ${sessionId} where session_id = ${before.sessionId}`,
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
  return row && openedToken(row)
}

const selectOpen = fixedStatement<Stored, { stationId: string }>(
  () => raw`select ${rowOf(ocppTransactions)} from ocpp_transactions
    where charge_station_id = ${arg('stationId')} and stopped_at is null order by id`,
)

/** Transactions of a station that have no end yet, oldest first. */
export async function openTransactions(sql: Sql, stationId: string): Promise<TransactionRow[]> {
  const rows = await selectOpen(sql, { stationId })
  return rows.map(openedToken)
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
  return row && openedToken(row)
}

const selectOfSession = fixedStatement<Stored, { sessionId: string }>(
  () =>
    raw`select ${rowOf(ocppTransactions)} from ocpp_transactions where session_id = ${arg('sessionId')}`,
)

export async function transactionOfSession(
  sql: Sql,
  sessionId: string,
): Promise<TransactionRow | undefined> {
  const [row] = await selectOfSession(sql, { sessionId })
  return row && openedToken(row)
}

/** Notes why a person should look at a transaction; the first reason stays. */
export async function flagTransaction(sql: Sql, id: number, review: string): Promise<void> {
  await sql
    .update(ocppTransactions)
    .set({ review })
    .where(and(eq(ocppTransactions.id, id), isNull(ocppTransactions.review)))
}

/** Where a transaction charges: the EVSE of ours and its connection. */
export type TransactionPlace = { evseId: string; channel: NonNullable<StartFacts['channel']> }

const selectPlaces = fixedStatement<
  { n: number; evseId: string; id: string; cpoId: string; countryCode: string; partyId: string },
  { chargeStationId: string; ocppEvseId: string }
>(
  () => raw`
    select q.n, e.id as "evseId", o.id, o.cpo_id as "cpoId", o.country_code as "countryCode", o.party_id as "partyId"
    from unnest(${arg('chargeStationId')}::text[], ${arg('ocppEvseId')}::int[]) with ordinality as q(station, evse, n)
    cross join lateral (select id, connection_id from evses
      where charge_station_id = q.station and ocpp_evse_id = q.evse limit 1) e
    join connections o on o.id = e.connection_id`,
)

/** In the order of the transactions; undefined for one that is at no EVSE of ours. */
export async function placesOfTransactions(
  sql: Sql,
  transactions: readonly Pick<TransactionRow, 'chargeStationId' | 'ocppEvseId'>[],
): Promise<(TransactionPlace | undefined)[]> {
  const places: (TransactionPlace | undefined)[] = transactions.map(() => undefined)
  if (transactions.length === 0) return places
  const asked = columnsOf(['chargeStationId', 'ocppEvseId'], transactions)
  for (const { n, evseId, ...channel } of await selectPlaces(sql, asked))
    places[n - 1] = { evseId, channel }
  return places
}

/** What a charger says of the flow of energy at one of its EVSEs, in OCPP 2.x's words. */
export type FlowTold = { stationId: string; ocppEvseId: number; state: string; at: string }
export type FlowChanged = {
  sessionId: string
  origin: TransactionRow['origin']
  before: string | null
  state: string
  at: string
}

const updateFlow = fixedStatement<FlowChanged, Record<keyof FlowTold, string>>(
  () => raw`
    with old as (select t.id, t.charging_state as before, x.state, x.at
      from unnest(${arg('stationId')}::text[], ${arg('ocppEvseId')}::int[], ${arg('state')}::text[], ${arg('at')}::timestamptz[])
        as x(station, evse, state, at)
      join ocpp_transactions t on t.charge_station_id = x.station and t.ocpp_evse_id = x.evse and t.stopped_at is null
      where t.charging_state is distinct from x.state for update of t)
    update ocpp_transactions t set charging_state = old.state, charging_state_at = old.at
    from old where t.id = old.id
    returning t.session_id as "sessionId", t.origin, old.before, old.state, old.at`,
)

/** Of transactions that run; what was told before is no change. Two of one EVSE must not be told at once. */
export async function changeFlow(sql: Sql, told: readonly FlowTold[]): Promise<FlowChanged[]> {
  if (told.length === 0) return []
  return updateFlow(sql, columnsOf(['stationId', 'ocppEvseId', 'state', 'at'], told))
}

// ── End ─────────────────────────────────────────────────────────────────────────────────────────

export type TransactionClose = Pick<
  TransactionRow,
  'id' | 'meterStopWh' | 'stopReason' | 'inferred' | 'offline' | 'review'
> & { stoppedAt: string }

const closeColumns = [
  'id',
  'stoppedAt',
  'meterStopWh',
  'stopReason',
  'inferred',
  'offline',
  'review',
] as const satisfies (keyof TransactionClose)[]

const updateClosed = fixedStatement<never, Record<keyof TransactionClose, string>>(
  () => raw`
    update ocpp_transactions t set stopped_at = x.stopped_at, meter_stop_wh = x.meter_stop_wh, stop_reason = x.stop_reason,
      inferred = x.inferred, offline = x.offline, review = x.review
    from unnest(${arg('id')}::int[], ${arg('stoppedAt')}::timestamptz[], ${arg('meterStopWh')}::numeric[],
      ${arg('stopReason')}::text[], ${arg('inferred')}::bool[], ${arg('offline')}::bool[], ${arg('review')}::text[])
      as x(id, stopped_at, meter_stop_wh, stop_reason, inferred, offline, review)
    where t.id = x.id`,
)

export async function closeTransactions(tx: Tx, ends: readonly TransactionClose[]): Promise<void> {
  if (ends.length > 0) await updateClosed(tx, columnsOf(closeColumns, ends))
}

const updateFreed = fixedStatement<never, { stationId: string; ocppEvseId: string; at: string }>(
  () => raw`
    update evses e set status = 'AVAILABLE', status_at = x.at, last_updated = x.at
    from unnest(${arg('stationId')}::text[], ${arg('ocppEvseId')}::int[], ${arg('at')}::timestamptz[]) as x(station, evse, at)
    where e.charge_station_id = x.station and e.ocpp_evse_id = x.evse and e.status = 'CHARGING'
      and not exists (select from ocpp_transactions t
        where t.charge_station_id = x.station and t.ocpp_evse_id = x.evse and t.stopped_at is null)`,
)

/** An EVSE is free when no transaction holds it, whatever was assumed when one began. */
export async function freeEvses(
  sql: Sql,
  ended: readonly { stationId: string; ocppEvseId: number; at: string }[],
): Promise<void> {
  if (ended.length > 0) await updateFreed(sql, columnsOf(['stationId', 'ocppEvseId', 'at'], ended))
}

const selectAbandoned = fixedStatement<Stored, { nodeId: string; quietSince: string }>(
  () => raw`
    select ${rowOf(ocppTransactions)} from ocpp_transactions
    join charge_stations s on s.id = ocpp_transactions.charge_station_id
    left join evses e on e.charge_station_id = s.id and e.ocpp_evse_id = ocpp_transactions.ocpp_evse_id
    cross join lateral (
      select max(v.received_at) as heard_at, least(coalesce(2 * max(v.gap), interval '0'), interval '1 hour') as patience
      from (select received_at, received_at - lag(received_at) over (order by received_at) as gap
        from meter_values where session_id = ocpp_transactions.session_id) v) m
    where ocpp_transactions.stopped_at is null and s.node_id = ${arg('nodeId')} and s.online
      and ocpp_transactions.created_at <= ${arg('quietSince')}::timestamptz
      and (s.last_boot_at > ocpp_transactions.created_at
          and s.last_boot_at <= ${arg('quietSince')}::timestamptz - m.patience
          and coalesce(m.heard_at <= s.last_boot_at, true)
          and (e.status = 'CHARGING' and e.status_at > s.last_boot_at) is not true
        or e.status = 'AVAILABLE' and e.status_at > ocpp_transactions.created_at
          and e.status_at <= ${arg('quietSince')}::timestamptz
          and coalesce(m.heard_at <= ${arg('quietSince')}::timestamptz - m.patience, true))
    order by ocpp_transactions.id`,
)

/**
 * Open transactions whose charger lost its power: it booted, or called the EVSE free, at least the grace ago and has said
 * nothing of the transaction since (ocpp quirk 5). A charger that says it charges goes on with it, and one that reads its
 * meter seldom is given twice its longest silence.
 */
export async function abandonedTransactions(
  sql: Sql,
  nodeId: string,
  quietSince: string,
): Promise<TransactionRow[]> {
  const rows = await selectAbandoned(sql, { nodeId, quietSince })
  return rows.map(openedToken)
}

const reopen = fixedStatement<never, { ids: string }>(
  () => raw`update ocpp_transactions set stopped_at = null, inferred = false, stop_reason = null, meter_stop_wh = null
    where id = any(${arg('ids')}::int[]) and inferred`,
)

/** Readings tell that an end was no end, which nobody had told but we had concluded. */
export async function reopenTransactions(sql: Sql, ids: readonly number[]): Promise<void> {
  if (ids.length > 0) await reopen(sql, { ids: arrayOf(ids) })
}
