// All that a record of our own node is written from, beside the meter.
import { and, asc, desc, eq, or, sql as raw } from 'drizzle-orm'
import type { Sql } from '../../client.ts'
import { connectors, evses, locations, quotes, sessions, tariffs, tokens } from '../../schema.ts'
import type { TransactionRow } from './ocpp-transactions.ts'

/** All that a CDR of our own node is written from, beside the meter. */
export async function recordBasis(sql: Sql, transaction: TransactionRow) {
  if (transaction.ocppEvseId === null) return undefined
  const [place] = await sql
    .select({ evse: evses, location: locations, connector: connectors })
    .from(evses)
    .innerJoin(locations, eq(locations.id, evses.locationId))
    .innerJoin(connectors, eq(connectors.evseId, evses.id))
    .where(
      and(
        eq(evses.chargeStationId, transaction.chargeStationId),
        eq(evses.ocppEvseId, transaction.ocppEvseId),
      ),
    )
    // The connector the charger named, else the strongest.
    .orderBy(
      raw`${connectors.ocppConnectorId} is not distinct from ${transaction.ocppConnectorId} desc`,
      desc(connectors.maxPowerW),
      asc(connectors.id),
    )
    .limit(1)
  if (place === undefined) return undefined
  const [agreed] = await sql
    .select({ connectorId: sessions.connectorId, quote: quotes })
    .from(sessions)
    .innerJoin(quotes, eq(quotes.id, sessions.quoteId))
    .where(eq(sessions.id, transaction.sessionId))
  const [card] = await sql
    .select()
    .from(tokens)
    .where(eq(tokens.uid, transaction.idToken ?? ''))
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
