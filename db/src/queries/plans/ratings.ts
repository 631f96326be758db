import { and, asc, eq, gte, isNotNull, lt, sql as raw } from 'drizzle-orm'
import type { Money } from '@chargelane/openapi/vocabulary/money'
import type { Sql, Tx } from '../../client.ts'
import { drivers, evses, locations, ratings, reimbursementRates, sessions } from '../../schema.ts'
import { ownedBy } from '../page.ts'

export type RatingRow = typeof ratings.$inferSelect
export type RatingPurpose = RatingRow['purpose']

/** Read from the totals, and from the sale that it is a price of. */
type Amounts = 'currency' | 'grossMinor' | 'saleMinor'

/** The rating of exactly this usage in this sale, if it was made before: rating again gives the same row. */
export async function ratingOfUsage(
  sql: Sql,
  input: { sessionId: string; purpose: RatingPurpose; usageHash: string; sale: Money },
): Promise<RatingRow | undefined> {
  const [row] = await sql
    .select()
    .from(ratings)
    .where(
      and(
        eq(ratings.sessionId, input.sessionId),
        eq(ratings.purpose, input.purpose),
        eq(ratings.usageHash, input.usageHash),
        eq(ratings.saleMinor, input.sale.amount),
      ),
    )
  return row
}

/** Stores a rating as the next revision; of the same usage it finds the first. */
export async function putRating(
  tx: Tx,
  input: Omit<RatingRow, 'revision' | 'createdAt' | Amounts> & { sale: Money; at: string },
): Promise<RatingRow> {
  const { at, sale, ...values } = input
  const { gross } = values.totals
  const next = raw<number>`(select coalesce(max(r.revision), 0) + 1 from ratings r
    where r.session_id = ${input.sessionId} and r.purpose = ${input.purpose})`
  const [row] = await tx
    .insert(ratings)
    .values({
      ...values,
      currency: gross.currency,
      grossMinor: gross.amount,
      saleMinor: sale.amount,
      revision: next,
      createdAt: at,
    })
    .onConflictDoNothing({
      target: [ratings.sessionId, ratings.purpose, ratings.usageHash, ratings.saleMinor],
    })
    .returning()
  const kept = row ?? (await ratingOfUsage(tx, input))
  if (kept === undefined) throw new Error('insert of a rating returned no row')
  return kept
}

/** Every rating of a session the viewer may see, by purpose and revision. Row-level security decides which. */
export function ratingsOfSession(sql: Sql, sessionId: string): Promise<RatingRow[]> {
  return sql
    .select()
    .from(ratings)
    .where(eq(ratings.sessionId, sessionId))
    .orderBy(asc(ratings.purpose), asc(ratings.revision))
}

/** Of the revisions of a session's rating for a purpose the one that counts. */
export const isNewestRating = raw`not exists (select from ratings later
  where later.session_id = ${ratings.sessionId} and later.purpose = ${ratings.purpose}
  and later.revision > ${ratings.revision})`

/** What an employer pays back for sessions that ended in a time, driver by driver, with the rate behind each. */
export async function reimbursementsBetween(
  sql: Sql,
  accountId: string,
  input: { from: string; to: string; driver?: string | undefined; limit: number },
) {
  return sql
    .select({
      rating: ratings,
      driverId: drivers.id,
      driverExternalId: drivers.externalId,
      startedAt: sessions.startedAt,
      endedAt: sessions.endedAt,
      evseId: evses.evseId,
      location: locations.name,
      city: locations.city,
      rate: {
        id: reimbursementRates.id,
        name: reimbursementRates.name,
        kind: reimbursementRates.kind,
        price: reimbursementRates.price,
        currency: reimbursementRates.currency,
      },
    })
    .from(ratings)
    .innerJoin(sessions, eq(sessions.id, ratings.sessionId))
    .innerJoin(drivers, eq(drivers.id, sessions.driverId))
    .innerJoin(evses, eq(evses.id, sessions.evseId))
    .innerJoin(locations, eq(locations.id, evses.locationId))
    .innerJoin(reimbursementRates, eq(reimbursementRates.id, raw`${ratings.reference} ->> 'rate'`))
    .where(
      and(
        ownedBy(ratings.accountId, accountId),
        eq(ratings.purpose, 'reimbursement'),
        isNewestRating,
        isNotNull(sessions.endedAt),
        gte(sessions.endedAt, input.from),
        lt(sessions.endedAt, input.to),
        input.driver === undefined ? undefined : eq(drivers.externalId, input.driver),
      ),
    )
    .orderBy(asc(drivers.externalId), asc(sessions.endedAt), asc(sessions.id))
    .limit(input.limit)
}
