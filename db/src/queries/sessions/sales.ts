import { desc, eq, sql as raw } from 'drizzle-orm'
import type { Sql, Tx } from '../../client.ts'
import { arg, fixedStatement } from '../../fixed.ts'
import { sales } from '../../schema.ts'
import type { JudgedRecord } from '@chargelane/rules/documents'

export type SaleRow = typeof sales.$inferSelect

/** The decision about a session's money with everything needed to make it again. */
export type NewSale = {
  sessionId: string
  /** 1 for the sale itself, one more for each change of it. */
  revision: number
  basis: SaleRow['basis']
  cdrId: string
  verdict: JudgedRecord
  split: SaleRow['split']
  splitInput: SaleRow['splitInput']
  /** What later claims on the sale begin from: where the money is, and who is paid at which rates. */
  state: SaleRow['state']
  terms: SaleRow['terms']
  conversions: SaleRow['conversions']
  at: string
}

const insertSale = fixedStatement<
  Record<string, never>,
  Pick<NewSale, 'sessionId' | 'revision' | 'basis' | 'cdrId' | 'at'> & { documents: string }
>(
  () => raw`insert into sales (session_id, revision, basis, cdr_id, verdict, split, split_input, state, terms,
      conversions, created_at)
    select ${arg('sessionId')}, ${arg('revision')}::int, ${arg('basis')}, ${arg('cdrId')}, d -> 'verdict', d -> 'split',
      d -> 'splitInput', d -> 'state', d -> 'terms', d -> 'conversions', ${arg('at')}::timestamptz
    from (select ${arg('documents')}::jsonb as d) given
    on conflict do nothing`,
)

/** Written in the tx of the sale's ledger entries; a repeated call changes nothing. */
export async function putSale(tx: Tx, sale: NewSale): Promise<void> {
  const { verdict, split, splitInput, state, terms, conversions } = sale
  const documents = { verdict, split, splitInput, state, terms, conversions }
  await insertSale(tx, { ...sale, documents: JSON.stringify(documents) })
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
