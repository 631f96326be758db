import { and, asc, desc, eq, lt, sql as raw } from 'drizzle-orm'
import { InvariantError } from '@chargelane/rules/assert'
import type { Sql, Tx } from '../../client.ts'
import { arg, fixedStatement } from '../../fixed.ts'
import { sales } from '../../schema.ts'

export type SaleRow = typeof sales.$inferSelect

/** The decision about a session's money with everything needed to make it again. */
export type NewSale = {
  sessionId: string
  /** 1 for the sale itself, one more for each change of it. */
  revision: number
  /** What made it; the second time of the same is the first. */
  name: string
  basis: SaleRow['basis']
  /** The judged record it rests on, whose verdict is kept with it. */
  cdrId: string
  split: SaleRow['split']
  splitInput: SaleRow['splitInput']
  /** What later claims on the sale begin from: where the money is, and who is paid at which rates. */
  state: SaleRow['state']
  terms: SaleRow['terms']
  conversions: SaleRow['conversions']
  at: string
}

const insertSale = fixedStatement<
  { isKept: boolean },
  Pick<NewSale, 'sessionId' | 'revision' | 'name' | 'basis' | 'cdrId' | 'at'> & {
    documents: string
  }
>(
  () => raw`with made as (
      insert into sales (session_id, revision, name, basis, cdr_id, verdict, split, split_input, state, terms,
        conversions, created_at)
      select ${arg('sessionId')}, ${arg('revision')}::int, ${arg('name')}, ${arg('basis')}, c.id, c.verdict, d -> 'split',
        d -> 'splitInput', d -> 'state', d -> 'terms', d -> 'conversions', ${arg('at')}::timestamptz
      from cdrs c, (select ${arg('documents')}::jsonb as d) given
      where c.id = ${arg('cdrId')} and jsonb_typeof(c.verdict -> 'input') = 'object'
      on conflict do nothing returning session_id)
    select exists (select from made) or exists (select from sales s
      where s.session_id = ${arg('sessionId')} and s.revision = ${arg('revision')}::int) as "isKept"`,
)

/** Written in the tx of the sale's ledger entries; a repeated call changes nothing. A sale rests on a judged record. */
export async function putSale(tx: Tx, sale: NewSale): Promise<void> {
  const { split, splitInput, state, terms, conversions } = sale
  const documents = { split, splitInput, state, terms, conversions }
  const [row] = await insertSale(tx, { ...sale, documents: JSON.stringify(documents) })
  if (row?.isKept !== true)
    throw new InvariantError(`No record ${sale.cdrId} was judged for a sale.`)
}

/**
 * The newest decision, locked until the tx ends, so that whatever changes a sale begins from what is in the books. Where
 * a change of this name was made before: that one, and the decision it began from.
 */
export async function lockSale(
  tx: Tx,
  sessionId: string,
  name: string,
): Promise<{ sale: SaleRow | undefined; made: SaleRow | undefined }> {
  await tx.execute(raw`select pg_advisory_xact_lock(hashtextextended(${sessionId}, 49))`)
  const [made] = await tx
    .select()
    .from(sales)
    .where(and(eq(sales.sessionId, sessionId), eq(sales.name, name)))
  const [before] =
    made === undefined
      ? [await saleOf(tx, sessionId)]
      : await tx
          .select()
          .from(sales)
          .where(and(eq(sales.sessionId, sessionId), eq(sales.revision, made.revision - 1)))
  return { sale: before, made }
}

/** The decision that something made of a session's money, once it has. */
export async function saleNamed(
  sql: Sql,
  sessionId: string,
  name: string,
): Promise<SaleRow | undefined> {
  const [row] = await sql
    .select()
    .from(sales)
    .where(and(eq(sales.sessionId, sessionId), eq(sales.name, name)))
  return row
}

/** The newest decision about a session's money, if there is one yet. */
export async function saleOf(sql: Sql, sessionId: string): Promise<SaleRow | undefined> {
  const [row] = await sql
    .select()
    .from(sales)
    .where(eq(sales.sessionId, sessionId))
    .orderBy(desc(sales.revision))
    .limit(1)
  return row
}

/** The decisions before this one, the first one first. */
export const earlierSales = (sql: Sql, sessionId: string, revision: number): Promise<SaleRow[]> =>
  sql
    .select()
    .from(sales)
    .where(and(eq(sales.sessionId, sessionId), lt(sales.revision, revision)))
    .orderBy(asc(sales.revision))
