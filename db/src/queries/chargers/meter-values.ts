import { createHash } from 'node:crypto'
import { and, asc, desc, eq, isNull, lte, sql as raw } from 'drizzle-orm'
import type { Sql, Tx } from '../../client.ts'
import { meterValues, ocppTransactions, signedValues } from '../../schema.ts'
import { arrayOf } from '../arrays.ts'
import type { TransactionRow } from './ocpp-transactions.ts'

export type MeterRow = typeof meterValues.$inferSelect

/** A register as it is compared: when it stood so, in Wh. */
export type RegisterAt = { at: string; registerWh: string }

/** A transaction with what its next reading is judged by. */
export type MeteredTransaction = {
  transaction: TransactionRow
  /** Rated power in W of the EVSE's strongest connector; null when no connector is described. */
  maxPowerW: number | null
  /** The believed register with the latest time. */
  last: RegisterAt | null
}

type Named = { stationId: string; transactionId: string | null }

/** By station and the charger's own id, in the order asked; undefined where the station has none of that id. */
export async function meteredTransactions(
  sql: Sql,
  asked: readonly Named[],
): Promise<(MeteredTransaction | undefined)[]> {
  if (asked.every((each) => each.transactionId === null)) return asked.map(() => undefined)
  const found = new Map((await selectMetered(sql, asked)).map((row) => [row.n, row]))
  return asked.map((_, n) => {
    const row = found.get(n)
    return row === undefined ? undefined : meteredOf(row)
  })
}

/** One of them under lock, so that an end and the power-loss sweep cannot both close it. */
export async function lockMetered(
  tx: Tx,
  stationId: string,
  transactionId: string,
): Promise<MeteredTransaction | undefined> {
  const [row] = await selectMetered(tx, [{ stationId, transactionId }]).for('update', {
    of: ocppTransactions,
  })
  return row === undefined ? undefined : meteredOf(row)
}

const selectMetered = (sql: Sql, asked: readonly Named[]) =>
  sql
    .select({
      n: raw<number>`q.n`,
      transaction: ocppTransactions,
      maxPowerW: raw<
        number | null
      >`(select max(c.max_power_w) from evses e join connectors c on c.evse_id = e.id
        where e.charge_station_id = ${ocppTransactions.chargeStationId} and e.ocpp_evse_id = ${ocppTransactions.ocppEvseId})`,
      at: raw<string | null>`m.at`,
      registerWh: raw<string | null>`m.register_wh`,
    })
    .from(
      raw`unnest(${arrayOf(asked.map((_, n) => n))}::int[], ${arrayOf(asked.map((each) => each.stationId))}::text[],
        ${arrayOf(asked.map((each) => each.transactionId))}::text[]) as q(n, station, transaction_id)`,
    )
    .innerJoin(
      ocppTransactions,
      raw`${ocppTransactions.chargeStationId} = q.station and ${ocppTransactions.transactionId} = q.transaction_id`,
    )
    .leftJoinLateral(
      raw`(select at, register_wh from meter_values where session_id = ${ocppTransactions.sessionId}
        and flag is null and register_wh is not null order by at desc limit 1) as m`,
      raw`true`,
    )

const meteredOf = ({
  transaction,
  maxPowerW,
  at,
  registerWh,
}: Omit<MeteredTransaction, 'last'> & {
  at: string | null
  registerWh: string | null
}): MeteredTransaction => ({
  transaction,
  maxPowerW,
  last: at === null || registerWh === null ? null : { at, registerWh },
})

/** Stores readings once each: the same session, instant and context again is the same reading. */
export async function insertMeterValues(sql: Sql, rows: readonly MeterRow[]): Promise<void> {
  if (rows.length === 0) return
  const column = (value: (row: MeterRow) => string | number | null) =>
    arrayOf(rows.map((row) => value(row)))
  await sql.execute(raw`
    insert into meter_values (session_id, at, context, register_wh, power_w, soc_percent, source, flag, received_at)
    select * from unnest(${column((row) => row.sessionId)}::text[], ${column((row) => row.at)}::timestamptz[],
      ${column((row) => row.context)}::text[], ${column((row) => row.registerWh)}::numeric[],
      ${column((row) => row.powerW)}::int[], ${column((row) => row.socPercent)}::int[],
      ${column((row) => row.source)}::text[], ${column((row) => row.flag)}::text[],
      ${column((row) => row.receivedAt)}::timestamptz[])
    on conflict do nothing`)
}

/** All readings of a session in the order of the charger's time, the implausible ones too. */
export async function meterSeries(sql: Sql, sessionId: string): Promise<MeterRow[]> {
  return sql
    .select()
    .from(meterValues)
    .where(eq(meterValues.sessionId, sessionId))
    .orderBy(asc(meterValues.at), asc(meterValues.receivedAt))
}

/** The last believed register before an instant: what a reading of then is compared with. */
export async function registerBefore(
  sql: Sql,
  sessionId: string,
  at: string,
): Promise<RegisterAt | undefined> {
  const [row] = await sql
    .select({ at: meterValues.at, registerWh: meterValues.registerWh })
    .from(meterValues)
    .where(
      and(
        eq(meterValues.sessionId, sessionId),
        isNull(meterValues.flag),
        raw`${meterValues.registerWh} is not null`,
        lte(meterValues.at, at),
      ),
    )
    .orderBy(desc(meterValues.at))
    .limit(1)
  if (row?.registerWh == null) return undefined
  return { at: row.at, registerWh: row.registerWh }
}

// ── What the meter signed ───────────────────────────────────────────────────────────────────────

export type SignedText = { sessionId: string; value: string; receivedAt: string }

/** Keeps what a meter signed, each text once however often it is sent. */
export async function keepSignedValues(tx: Sql, texts: readonly SignedText[]): Promise<void> {
  if (texts.length === 0) return
  const rows = texts.map((each) => ({
    ...each,
    digest: createHash('sha256').update(each.value).digest('hex'),
  }))
  await tx.insert(signedValues).values(rows).onConflictDoNothing()
}

/** As many signed values as are read of each end of a session. */
const signedHalfMax = 500

/**
 * What the meter signed in a session, as it came; a check needs no order, the texts carry their own. Of too many the
 * oldest and the newest are read: begin and end prove a session.
 */
export async function signedValuesOf(sql: Sql, sessionId: string): Promise<string[]> {
  const half = (order: typeof asc) =>
    sql
      .select({ value: signedValues.value })
      .from(signedValues)
      .where(eq(signedValues.sessionId, sessionId))
      .orderBy(order(signedValues.receivedAt), order(signedValues.digest))
      .limit(signedHalfMax)
  const oldest = await half(asc)
  // Fewer than were asked for are all there are.
  const newest = oldest.length < signedHalfMax ? [] : await half(desc)
  return [...new Set([...oldest, ...newest.toReversed()].map(({ value }) => value))]
}
