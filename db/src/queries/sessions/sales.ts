import { desc, eq } from 'drizzle-orm'
import type { Sql, Tx } from '../../client.ts'
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

/** Written in the tx of the sale's ledger entries; a repeated call changes nothing. */
export async function putSale(tx: Tx, sale: NewSale): Promise<void> {
  const { at, ...values } = sale
  await tx
    .insert(sales)
    .values({ ...values, createdAt: at })
    .onConflictDoNothing()
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
