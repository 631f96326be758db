import { and, asc, eq, gte, isNotNull, lt, sql as raw } from 'drizzle-orm'
import type { Money } from '@chargelane/openapi/vocabulary/money'
import type { Sql, Tx } from '../../client.ts'
import { arg, fixedStatement, rowOf } from '../../fixed.ts'
import { drivers, evses, locations, ratings, reimbursementRates, sessions } from '../../schema.ts'
import { ownedBy } from '../page.ts'

export type RatingRow = typeof ratings.$inferSelect
export type RatingPurpose = RatingRow['purpose']

/** Read from the totals, and from the sale that it is a price of. */
type Amounts = 'currency' | 'grossMinor' | 'saleMinor'

const selectRating = fixedStatement<
  RatingRow,
  Pick<RatingRow, 'sessionId' | 'purpose' | 'usageHash' | 'saleMinor'>
>(
  () => raw`select ${rowOf(ratings)} from ratings where session_id = ${arg('sessionId')}
    and purpose = ${arg('purpose')} and usage_hash = ${arg('usageHash')} and sale_minor = ${arg('saleMinor')}`,
)

type RatingDocuments = 'tariff' | 'policy' | 'totals' | 'reference'
const insertRating = fixedStatement<
  RatingRow,
  Omit<RatingRow, 'revision' | 'createdAt' | RatingDocuments> &
    Record<RatingDocuments, string> & { at: string }
>(
  () => raw`insert into ratings (session_id, purpose, revision, account_id, cdr_id, usage_hash, sale_minor, energy_kwh,
      tariff, tariff_hash, policy, engine_version, currency, totals, gross_minor, reference, proof_id, created_at)
    select ${arg('sessionId')}, ${arg('purpose')},
      (select coalesce(max(r.revision), 0) + 1 from ratings r
        where r.session_id = ${arg('sessionId')} and r.purpose = ${arg('purpose')}),
      ${arg('accountId')}, ${arg('cdrId')}, ${arg('usageHash')}, ${arg('saleMinor')}::bigint,
      ${arg('energyKwh')}::numeric, ${arg('tariff')}::jsonb, ${arg('tariffHash')}, ${arg('policy')}::jsonb,
      ${arg('engineVersion')}, ${arg('currency')}, ${arg('totals')}::jsonb, ${arg('grossMinor')}::bigint,
      ${arg('reference')}::jsonb, ${arg('proofId')}, ${arg('at')}::timestamptz
    on conflict (session_id, purpose, usage_hash, sale_minor) do nothing
    returning ${rowOf(ratings)}`,
)

/** The rating of exactly this usage in this sale, if it was made before: rating again gives the same row. */
export async function ratingOfUsage(
  sql: Sql,
  input: { sessionId: string; purpose: RatingPurpose; usageHash: string; sale: Money },
): Promise<RatingRow | undefined> {
  const { sessionId, purpose, usageHash, sale } = input
  const [row] = await selectRating(sql, { sessionId, purpose, usageHash, saleMinor: sale.amount })
  return row
}

/** Stores a rating as the next revision; of the same usage it finds the first. */
export async function putRating(
  tx: Tx,
  input: Omit<RatingRow, 'revision' | 'createdAt' | Amounts> & { sale: Money; at: string },
): Promise<RatingRow> {
  const { sale, ...values } = input
  const { gross } = values.totals
  const [row] = await insertRating(tx, {
    ...values,
    tariff: JSON.stringify(values.tariff),
    policy: JSON.stringify(values.policy),
    totals: JSON.stringify(values.totals),
    reference: JSON.stringify(values.reference),
    currency: gross.currency,
    grossMinor: gross.amount,
    saleMinor: sale.amount,
  })
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
