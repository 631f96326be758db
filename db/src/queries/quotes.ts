import { and, eq, sql as raw } from 'drizzle-orm'
import type { Sql } from '../client.ts'
import { quotes } from '../schema.ts'
import { ownedBy } from './page.ts'

export type QuoteRow = typeof quotes.$inferSelect

/** Stores a signed quote; nothing of it but its status changes afterwards. */
export async function insertQuote(sql: Sql, row: typeof quotes.$inferInsert): Promise<QuoteRow> {
  const [stored] = await sql.insert(quotes).values(row).returning()
  if (stored === undefined) throw new Error('insert of a quote returned no row')
  return stored
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
