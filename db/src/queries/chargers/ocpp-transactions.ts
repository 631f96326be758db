import { createHash } from 'node:crypto'
import { and, asc, desc, eq, gte, isNull, lte, or, sql as raw } from 'drizzle-orm'
import type { Sql, Tx } from '../../client.ts'
import {
  chargeStations,
  connectors,
  evses,
  locations,
  meterValues,
  ocppTransactions,
  quotes,
  sessions,
  signedValues,
  tariffs,
  tokens,
} from '../../schema.ts'

export type TransactionRow = typeof ocppTransactions.$inferSelect
export type MeterRow = typeof meterValues.$inferSelect

// ── OCPP transactions ───────────────────────────────────────────────────────────────────────────

export type NewTransaction = Omit<typeof ocppTransactions.$inferInsert, 'id'>

/** Idempotent by (station, connector, idTag, claimed time, meter start): a resent start finds its first. */
export async function insertTransaction(
  tx: Tx,
  input: NewTransaction,
): Promise<{ transaction: TransactionRow; created: boolean }> {
  const [created] = await tx
    .insert(ocppTransactions)
    .values(input)
    .onConflictDoNothing()
    .returning()
  if (created !== undefined) return { transaction: created, created: true }
  const [first] = await tx
    .select()
    .from(ocppTransactions)
    .where(
      or(
        eq(ocppTransactions.sessionId, input.sessionId),
        and(
          eq(ocppTransactions.chargeStationId, input.chargeStationId),
          eq(ocppTransactions.connectorId, input.connectorId),
          eq(ocppTransactions.idTag, input.idTag),
          eq(ocppTransactions.claimedStartedAt, input.claimedStartedAt),
          eq(ocppTransactions.meterStartWh, input.meterStartWh),
        ),
      ),
    )
  if (first === undefined) throw new Error('An OCPP transaction was neither new nor known.')
  return { transaction: first, created: false }
}

/** The same StartTransaction sent before, if any. */
export async function findStart(
  sql: Sql,
  start: Pick<
    NewTransaction,
    'chargeStationId' | 'connectorId' | 'idTag' | 'claimedStartedAt' | 'meterStartWh'
  >,
): Promise<TransactionRow | undefined> {
  const [row] = await sql
    .select()
    .from(ocppTransactions)
    .where(
      and(
        eq(ocppTransactions.chargeStationId, start.chargeStationId),
        eq(ocppTransactions.connectorId, start.connectorId),
        eq(ocppTransactions.idTag, start.idTag),
        eq(ocppTransactions.claimedStartedAt, start.claimedStartedAt),
        eq(ocppTransactions.meterStartWh, start.meterStartWh),
      ),
    )
  return row
}

/** By the id the charger names, and only its own: an id of another station finds nothing. */
export async function stationTransaction(
  sql: Sql,
  stationId: string,
  transactionId: number,
): Promise<TransactionRow | undefined> {
  // transactionId is a 32-bit serial here; whatever does not fit cannot be one of ours.
  if (transactionId < 1 || transactionId > 2_147_483_647) return undefined
  const [row] = await sql
    .select()
    .from(ocppTransactions)
    .where(
      and(eq(ocppTransactions.chargeStationId, stationId), eq(ocppTransactions.id, transactionId)),
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

/** The latest transaction of a connector that covers an instant, open or closed. */
export async function transactionCovering(
  sql: Sql,
  stationId: string,
  connectorId: number,
  at: string,
): Promise<TransactionRow | undefined> {
  const [row] = await sql
    .select()
    .from(ocppTransactions)
    .where(
      and(
        eq(ocppTransactions.chargeStationId, stationId),
        eq(ocppTransactions.connectorId, connectorId),
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

/** The row under lock, so that a stop and the power-loss sweep cannot both end it. */
export async function lockTransaction(tx: Tx, id: number): Promise<TransactionRow | undefined> {
  const [row] = await tx
    .select()
    .from(ocppTransactions)
    .where(eq(ocppTransactions.id, id))
    .for('update')
  return row
}

export async function closeTransaction(
  tx: Tx,
  id: number,
  end: {
    stoppedAt: string
    meterStopWh: string
    stopReason: string
    inferred: boolean
    offline: boolean
    review: string | null
  },
): Promise<void> {
  await tx.update(ocppTransactions).set(end).where(eq(ocppTransactions.id, id))
}

/** Notes why a person should look at a transaction; the first reason stays. */
export async function flagTransaction(sql: Sql, id: number, review: string): Promise<void> {
  await sql
    .update(ocppTransactions)
    .set({ review })
    .where(and(eq(ocppTransactions.id, id), isNull(ocppTransactions.review)))
}

const heardSince = (since: typeof chargeStations.lastBootAt | typeof evses.statusAt) =>
  raw`exists (select 1 from ${meterValues} where ${meterValues.sessionId} = ${ocppTransactions.sessionId} and ${meterValues.receivedAt} > ${since})`

/**
 * Open transactions whose charger lost its power: it booted, or called the connector free, at least the grace ago
 * and has said nothing of the transaction since (ocpp quirk 5).
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
        eq(evses.ocppConnectorId, ocppTransactions.connectorId),
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

/** The connector is free when no transaction holds it, whatever was assumed when one began. */
export async function freeConnector(
  sql: Sql,
  stationId: string,
  connectorId: number,
  at: string,
): Promise<void> {
  await sql
    .update(evses)
    .set({ status: 'AVAILABLE', statusAt: at, lastUpdated: at })
    .where(
      and(
        eq(evses.chargeStationId, stationId),
        eq(evses.ocppConnectorId, connectorId),
        eq(evses.status, 'CHARGING'),
        raw`not exists (select 1 from ${ocppTransactions} where ${ocppTransactions.chargeStationId} = ${stationId}
          and ${ocppTransactions.connectorId} = ${connectorId} and ${ocppTransactions.stoppedAt} is null)`,
      ),
    )
}

// ── Meter values ────────────────────────────────────────────────────────────────────────────────

/** Stores readings once each: the same session, instant and context again is the same reading. */
export async function insertMeterValues(sql: Sql, rows: MeterRow[]): Promise<void> {
  if (rows.length > 0) await sql.insert(meterValues).values(rows).onConflictDoNothing()
}

/** Keeps what a meter signed, each text once however often it is sent. */
export async function keepSignedValues(
  tx: Sql,
  sessionId: string,
  values: readonly string[],
  receivedAt: string,
): Promise<void> {
  if (values.length === 0) return
  const rows = values.map((value) => ({
    sessionId,
    digest: createHash('sha256').update(value).digest('hex'),
    value,
    receivedAt,
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
  const [oldest, newest] = [await half(asc), await half(desc)]
  return [...new Set([...oldest, ...newest.toReversed()].map(({ value }) => value))]
}

/** All readings of a session in the order of the charger's time, the implausible ones too. */
export async function meterSeries(sql: Sql, sessionId: string): Promise<MeterRow[]> {
  return sql
    .select()
    .from(meterValues)
    .where(eq(meterValues.sessionId, sessionId))
    .orderBy(asc(meterValues.at), asc(meterValues.receivedAt))
}

/** The last believed register before an instant: what the next reading is compared with. */
export async function registerBefore(
  sql: Sql,
  sessionId: string,
  at: string,
): Promise<{ at: string; registerWh: string } | undefined> {
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

// ── The node's own records ──────────────────────────────────────────────────────────────────────

/** All that a CDR of our own node is written from, beside the meter. */
export async function recordBasis(sql: Sql, transaction: TransactionRow) {
  const [place] = await sql
    .select({ evse: evses, location: locations, connector: connectors })
    .from(evses)
    .innerJoin(locations, eq(locations.id, evses.locationId))
    .innerJoin(connectors, eq(connectors.evseId, evses.id))
    .where(
      and(
        eq(evses.chargeStationId, transaction.chargeStationId),
        eq(evses.ocppConnectorId, transaction.connectorId),
      ),
    )
    .orderBy(desc(connectors.maxPowerW), asc(connectors.id))
    .limit(1)
  if (place === undefined) return undefined
  const [agreed] = await sql
    .select({ connectorId: sessions.connectorId, quote: quotes })
    .from(sessions)
    .innerJoin(quotes, eq(quotes.id, sessions.quoteId))
    .where(eq(sessions.id, transaction.sessionId))
  const [card] = await sql.select().from(tokens).where(eq(tokens.uid, transaction.idTag))
  const [chosen] =
    agreed === undefined
      ? []
      : await sql.select().from(connectors).where(eq(connectors.id, agreed.connectorId))
  const connector = chosen ?? place.connector
  const tariff = await tariffOfRecord(sql, {
    quote: agreed?.quote,
    connectionId: place.evse.connectionId,
    tariffIds: connector.tariffIds,
    startedAt: transaction.startedAt,
  })
  return { ...place, connector, quote: agreed?.quote, card, tariff }
}

/** The version the quote locked; without a quote (a card at the charger) the one in force when charging began. */
async function tariffOfRecord(
  sql: Sql,
  input: {
    quote: typeof quotes.$inferSelect | undefined
    connectionId: string
    tariffIds: string[]
    startedAt: string
  },
): Promise<typeof tariffs.$inferSelect | undefined> {
  if (input.quote !== undefined) {
    const [locked] = await sql
      .select()
      .from(tariffs)
      .where(
        and(eq(tariffs.id, input.quote.tariffId), eq(tariffs.version, input.quote.tariffVersion)),
      )
    return locked
  }
  const [first] = input.tariffIds
  if (first === undefined) return undefined
  const published = await sql
    .select()
    .from(tariffs)
    .where(
      and(
        eq(tariffs.connectionId, input.connectionId),
        // A connector names its operator's own tariff id, or ours.
        or(eq(tariffs.id, first), raw`upper(${tariffs.ocpiId}) = ${first.toUpperCase()}`),
        eq(tariffs.status, 'valid'),
      ),
    )
    .orderBy(desc(tariffs.version))
  const inForce = published.find(
    (each) =>
      each.receivedAt <= input.startedAt &&
      (each.supersededAt === null || each.supersededAt > input.startedAt),
  )
  // A charger that was offline before the operator published anything is sold at the first price there was.
  return inForce ?? published.at(-1)
}
