import { and, eq, sql as raw } from 'drizzle-orm'
import type { Sql } from '../../client.ts'
import { accounts, debts, drivers, paymentSources, quotes } from '../../schema.ts'
import { ownedBy } from '../page.ts'

export type QuoteRow = typeof quotes.$inferSelect

export type Payer = {
  id: string
  status: (typeof paymentSources.$inferSelect)['status']
  driver: { id: string; externalId: string }
  /** The partner who sells: how it takes its benefit, and what tax asks of it. */
  partner: Pick<
    typeof accounts.$inferSelect,
    'id' | 'country' | 'vatId' | 'partnerShareBps' | 'benefitMode' | 'payoutCurrency'
  >
  /** The session whose open debt keeps this source from paying for another. */
  unpaidSessionId: string | null
}

/** Who would pay with this source; undefined when it is not the account's. */
export async function payerOf(
  sql: Sql,
  accountId: string,
  paymentSourceId: string,
): Promise<Payer | undefined> {
  const [row] = await sql
    .select({
      id: paymentSources.id,
      status: paymentSources.status,
      driver: { id: drivers.id, externalId: drivers.externalId },
      partner: {
        id: accounts.id,
        country: accounts.country,
        vatId: accounts.vatId,
        partnerShareBps: accounts.partnerShareBps,
        benefitMode: accounts.benefitMode,
        payoutCurrency: accounts.payoutCurrency,
      },
      unpaidSessionId: raw<string | null>`(select ${debts.sessionId} from ${debts}
        where ${debts.paymentSourceId} = ${paymentSources.id} and ${debts.status} = 'open' limit 1)`,
    })
    .from(paymentSources)
    .innerJoin(drivers, eq(drivers.id, paymentSources.driverId))
    .innerJoin(accounts, eq(accounts.id, paymentSources.accountId))
    .where(
      and(eq(paymentSources.id, paymentSourceId), ownedBy(paymentSources.accountId, accountId)),
    )
  return row
}

/** Stores a signed quote, once per id; nothing of it but its status changes afterwards. */
export async function insertQuote(sql: Sql, row: Omit<QuoteRow, 'sessionId'>): Promise<void> {
  await sql.insert(quotes).values(row).onConflictDoNothing()
}

export async function getQuote(
  sql: Sql,
  accountId: string,
  id: string,
): Promise<QuoteRow | undefined> {
  const [row] = await sql
    .select()
    .from(quotes)
    .where(and(eq(quotes.id, id), ownedBy(quotes.accountId, accountId)))
  return row
}

/** Gives an open quote back. Undefined when it is not open any more, so the caller can say what it is. */
export async function cancelQuote(
  sql: Sql,
  accountId: string,
  id: string,
): Promise<QuoteRow | undefined> {
  const [row] = await sql
    .update(quotes)
    .set({ status: 'cancelled' })
    .where(
      and(
        eq(quotes.id, id),
        ownedBy(quotes.accountId, accountId),
        eq(quotes.status, 'open'),
        raw`${quotes.expiresAt} > clock_timestamp()`,
      ),
    )
    .returning()
  return row
}
