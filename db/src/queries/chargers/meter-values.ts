import { createHash } from 'node:crypto'
import { and, eq, inArray, type SQL, sql as raw } from 'drizzle-orm'
import type { Sql, Tx } from '../../client.ts'
import { arg, fixedStatement, namedColumns, rowOf } from '../../fixed.ts'
import { meterValues, ocppTransactions } from '../../schema.ts'
import { arrayOf, columnsOf } from '../arrays.ts'
import { seal, type Sealed, sealedText, unseal } from '../../sealed/sealed.ts'
import { openedToken, type TransactionRow } from './ocpp-transactions.ts'

export type MeterRow = typeof meterValues.$inferSelect

/** A register as it is compared: when it stood so, in Wh. */
export type RegisterAt = { at: string; registerWh: string }

/** What a running transaction is known by: read with each of its readings, so without what nobody asks of it then. */
const runningNames = [
  'id',
  'chargeStationId',
  'transactionId',
  'ocppEvseId',
  'ocppConnectorId',
  'idToken',
  'idTokenType',
  'sessionId',
  'origin',
  'meterStartWh',
  'startedAt',
  'chargingState',
  'seqNo',
  'clockOffsetMs',
  'meterStopWh',
  'stoppedAt',
  'inferred',
  'offline',
  'review',
] as const satisfies (keyof TransactionRow)[]
export type RunningTransaction = Pick<TransactionRow, (typeof runningNames)[number]>

const runningColumns = () =>
  namedColumns(Object.fromEntries(runningNames.map((name) => [name, ocppTransactions[name]])))

/** A transaction with what its next reading is judged by. */
export type MeteredTransaction = {
  transaction: RunningTransaction
  /** Rated power in W of the EVSE's strongest connector; null when no connector is described. */
  maxPowerW: number | null
  /** The believed register with the latest time. */
  last: RegisterAt | null
}

export type Named = { stationId: string; transactionId: string | null }

/** By station and the charger's own id, in the order asked; undefined where the station has none of that id. */
export function meteredTransactions(
  sql: Sql,
  asked: readonly Named[],
): Promise<(MeteredTransaction | undefined)[]> {
  return meteredBy(selectMetered, sql, asked)
}

/** The same under lock, so that an end and the power-loss sweep cannot both close one. */
export function lockMetered(
  tx: Tx,
  asked: readonly Named[],
): Promise<(MeteredTransaction | undefined)[]> {
  return meteredBy(selectMeteredForUpdate, tx, asked)
}

type MeteredRow = Omit<RunningTransaction, 'idToken'> & {
  idToken: Sealed | null
  n: number
  maxPowerW: number | null
  lastAt: string | null
  lastWh: string | null
}

// Each is looked up by its key (`limit 1`), whatever the server believes of the size of its tables.
const metered = (lock: SQL) => raw`
  select q.n, t.*, p."maxPowerW", m.at as "lastAt", m.register_wh as "lastWh"
  from unnest(${arg('stationId')}::text[], ${arg('transactionId')}::text[]) with ordinality as q(station, transaction_id, n)
  cross join lateral (select ${runningColumns()} from ocpp_transactions
    where charge_station_id = q.station and transaction_id = q.transaction_id limit 1 ${lock}) t
  left join lateral (select max(c.max_power_w) as "maxPowerW" from evses e join connectors c on c.evse_id = e.id
    where e.charge_station_id = q.station and e.ocpp_evse_id = t."ocppEvseId") p on true
  left join lateral (select at, register_wh from meter_values where session_id = t."sessionId"
    and flag is null and register_wh is not null order by at desc limit 1) m on true`

type NamedArgs = { stationId: string; transactionId: string }
const selectMetered = fixedStatement<MeteredRow, NamedArgs>(() => metered(raw``))
const selectMeteredForUpdate = fixedStatement<MeteredRow, NamedArgs>(() => metered(raw`for update`))

async function meteredBy(
  select: typeof selectMetered,
  sql: Sql,
  asked: readonly Named[],
): Promise<(MeteredTransaction | undefined)[]> {
  const found: (MeteredTransaction | undefined)[] = asked.map(() => undefined)
  if (asked.every((each) => each.transactionId === null)) return found
  const rows = await select(sql, columnsOf(['stationId', 'transactionId'], asked))
  for (const { n, maxPowerW, lastAt, lastWh, ...transaction } of rows)
    found[n - 1] = {
      transaction: openedToken(transaction),
      maxPowerW,
      last: lastAt === null || lastWh === null ? null : { at: lastAt, registerWh: lastWh },
    }
  return found
}

const meterColumns = [
  'sessionId',
  'at',
  'context',
  'registerWh',
  'powerW',
  'socPercent',
  'source',
  'flag',
  'receivedAt',
] as const satisfies (keyof MeterRow)[]

const insertValues = fixedStatement<never, Record<keyof MeterRow, string>>(
  () => raw`
    insert into meter_values as m (session_id, at, context, register_wh, power_w, soc_percent, source, flag, received_at)
    select * from unnest(${arg('sessionId')}::text[], ${arg('at')}::timestamptz[], ${arg('context')}::text[],
      ${arg('registerWh')}::numeric[], ${arg('powerW')}::int[], ${arg('socPercent')}::int[], ${arg('source')}::text[],
      ${arg('flag')}::text[], ${arg('receivedAt')}::timestamptz[])
    on conflict (session_id, at, context) do update set power_w = coalesce(m.power_w, excluded.power_w),
      soc_percent = coalesce(m.soc_percent, excluded.soc_percent),
      register_wh = coalesce(m.register_wh, excluded.register_wh),
      flag = case when m.register_wh is null then excluded.flag else m.flag end
    where m.power_w is null and excluded.power_w is not null or m.soc_percent is null and excluded.soc_percent is not null
      or m.register_wh is null and excluded.register_wh is not null`,
)

/**
 * Stores readings once each: the same session, instant and context again is the same reading. What it had not shown before
 * is added, as some chargers send each sample in a message of its own; what it had stays.
 */
export async function insertMeterValues(sql: Sql, rows: readonly MeterRow[]): Promise<void> {
  if (rows.length === 0) return
  const readings = new Map<string, MeterRow>()
  for (const row of rows) {
    const key = `${row.sessionId} ${Date.parse(row.at)} ${row.context}`
    const known = readings.get(key)
    readings.set(key, known === undefined ? row : together(known, row))
  }
  await insertValues(sql, columnsOf(meterColumns, [...readings.values()]))
}

const flagBegin = fixedStatement<never, { sessionId: string; flag: string }>(
  () => raw`update meter_values set flag = ${arg('flag')}
    where session_id = ${arg('sessionId')} and context = 'Transaction.Begin' and flag is null`,
)

/** What the begin showed is not what later readings are compared with: it is kept and never billed. */
export async function flagBeginReading(sql: Sql, sessionId: string, flag: string): Promise<void> {
  await flagBegin(sql, { sessionId, flag })
}

/** The begin is the one that was wrong: it is believed no longer, and the later readings that fit each other are. */
export async function believeLater(
  sql: Sql,
  sessionId: string,
  instants: readonly string[],
): Promise<void> {
  await flagBeginReading(sql, sessionId, 'implausible')
  const { sessionId: session, flag, at } = meterValues
  await sql
    .update(meterValues)
    .set({ flag: null })
    .where(and(eq(session, sessionId), eq(flag, 'jump'), inArray(at, [...instants])))
}

const together = (first: MeterRow, second: MeterRow): MeterRow => ({
  ...first,
  powerW: first.powerW ?? second.powerW,
  socPercent: first.socPercent ?? second.socPercent,
  registerWh: first.registerWh ?? second.registerWh,
  flag: first.registerWh === null ? second.flag : first.flag,
})

const selectSeries = fixedStatement<MeterRow, { sessionIds: string }>(
  () => raw`select ${rowOf(meterValues)} from meter_values
    where session_id = any(${arg('sessionIds')}::text[]) order by at, received_at`,
)

/** All readings of sessions, each session's in the order of the charger's time, the implausible ones too. */
export async function meterSeriesOf(
  sql: Sql,
  sessionIds: readonly string[],
): Promise<Map<string, MeterRow[]>> {
  if (sessionIds.length === 0) return new Map()
  const rows = await selectSeries(sql, { sessionIds: arrayOf(sessionIds) })
  return Map.groupBy(rows, ({ sessionId }) => sessionId)
}

export const meterSeries = async (sql: Sql, sessionId: string): Promise<MeterRow[]> =>
  (await meterSeriesOf(sql, [sessionId])).get(sessionId) ?? []

const selectRegisterBefore = fixedStatement<RegisterAt, { sessionId: string; at: string }>(
  () => raw`select at, register_wh as "registerWh" from meter_values
    where session_id = ${arg('sessionId')} and flag is null and register_wh is not null and at <= ${arg('at')}
    order by at desc limit 1`,
)

/** The last believed register before an instant: what a reading of then is compared with. */
export async function registerBefore(
  sql: Sql,
  sessionId: string,
  at: string,
): Promise<RegisterAt | undefined> {
  const [row] = await selectRegisterBefore(sql, { sessionId, at })
  return row
}

// ── What the meter signed ───────────────────────────────────────────────────────────────────────

/** Sealed for its digest: the session may still change, see `ocpp-transactions.ts`. */
const signedColumn = 'signed_values.value'

export type SignedText = { sessionId: string; value: string; receivedAt: string }

const insertSigned = fixedStatement<
  never,
  { sessionId: string; digest: string; value: string; receivedAt: string }
>(
  () => raw`
    insert into signed_values (session_id, digest, value, received_at)
    select * from unnest(${arg('sessionId')}::text[], ${arg('digest')}::text[], ${arg('value')}::text[],
      ${arg('receivedAt')}::timestamptz[])
    on conflict do nothing`,
)

/** Keeps what a meter signed, each text once however often it is sent. */
export async function keepSignedValues(tx: Sql, texts: readonly SignedText[]): Promise<void> {
  if (texts.length === 0) return
  const rows = texts.map((each) => {
    const digest = createHash('sha256').update(each.value).digest('hex')
    return { ...each, digest, value: sealedText(seal(signedColumn, digest, each.value)) }
  })
  await insertSigned(tx, columnsOf(['sessionId', 'digest', 'value', 'receivedAt'], rows))
}

/** As many signed values as are read of each end of a session. */
const signedHalfMax = 500

const signedHalf = (order: 'asc' | 'desc') =>
  fixedStatement<{ digest: string; value: Sealed }, { sessionId: string }>(
    () => raw`select digest, value from signed_values where session_id = ${arg('sessionId')}
      order by received_at ${raw.raw(order)}, digest ${raw.raw(order)} limit ${raw.raw(String(signedHalfMax))}`,
  )
const [oldestSigned, newestSigned] = [signedHalf('asc'), signedHalf('desc')]

/**
 * What the meter signed in a session, as it came; a check needs no order, the texts carry their own. Of too many the
 * oldest and the newest are read: begin and end prove a session.
 */
export async function signedValuesOf(sql: Sql, sessionId: string): Promise<string[]> {
  const oldest = await oldestSigned(sql, { sessionId })
  // Fewer than were asked for are all there are.
  const newest = oldest.length < signedHalfMax ? [] : await newestSigned(sql, { sessionId })
  const sealed = new Map(
    [...oldest, ...newest.toReversed()].map(({ digest, value }) => [digest, value]),
  )
  return [...sealed].map(([digest, value]) => unseal(signedColumn, digest, value))
}
