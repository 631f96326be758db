import { and, eq } from 'drizzle-orm'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import type { Money } from '@chargelane/openapi/vocabulary/money'
import type { BankLineStatus } from '@chargelane/openapi/vocabulary/payment'
import type { Sql, Tx } from '../../client.ts'
import { bankLines } from '../../schema.ts'
import { type Page, type PageRequest, pageBy, pageOf } from '../page.ts'

type BankLineRow = typeof bankLines.$inferSelect
export type BankLine = Omit<BankLineRow, 'currency' | 'amountMinor' | 'unmatchedMinor'> & {
  amount: Money
  unmatched: Money
}
export type NewBankLine = Pick<
  BankLine,
  | 'reference'
  | 'accountId'
  | 'purpose'
  | 'amount'
  | 'unmatched'
  | 'receivedAt'
  | 'recordedBy'
  | 'recordedAt'
>

const bankLineOf = ({ currency, amountMinor, unmatchedMinor, ...row }: BankLineRow): BankLine => ({
  ...row,
  amount: { amount: amountMinor, currency },
  unmatched: { amount: unmatchedMinor, currency },
})

/** The line under its reference, written once; whoever comes second is given the first. */
export async function putBankLine(
  tx: Sql,
  { amount, unmatched, ...line }: NewBankLine,
): Promise<{ line: BankLine; isNew: boolean }> {
  const { currency } = amount
  const [made] = await tx
    .insert(bankLines)
    .values({
      ...line,
      id: newId('bankLine'),
      currency,
      amountMinor: amount.amount,
      unmatchedMinor: unmatched.amount,
      status: unmatched.amount === 0 ? 'matched' : 'waiting',
    })
    .onConflictDoNothing()
    .returning()
  if (made !== undefined) return { line: bankLineOf(made), isNew: true }
  const known = await bankLineOfReference(tx, line.reference)
  if (known === undefined) throw new Error(`bank line ${line.reference} was not written`)
  return { line: known, isNew: false }
}

export async function bankLineOfReference(
  sql: Sql,
  reference: string,
): Promise<BankLine | undefined> {
  const [row] = await sql.select().from(bankLines).where(eq(bankLines.reference, reference))
  return row && bankLineOf(row)
}

export async function getBankLine(sql: Sql, id: string): Promise<BankLine | undefined> {
  const [row] = await sql.select().from(bankLines).where(eq(bankLines.id, id))
  return row && bankLineOf(row)
}

/** The same, locked until it is decided. */
export async function lockBankLine(tx: Tx, id: string): Promise<BankLine | undefined> {
  const [row] = await tx.select().from(bankLines).where(eq(bankLines.id, id)).for('update')
  return row && bankLineOf(row)
}

/** Newest first. The books are no tenant's to read, so it takes no account. */
export async function listBankLines(
  sql: Sql,
  { status, account, ...page }: PageRequest & { status?: BankLineStatus; account?: string },
): Promise<Page<BankLine>> {
  const { where, orderBy, limit } = pageBy(bankLines.id, page)
  const rows = await sql
    .select()
    .from(bankLines)
    .where(
      and(
        where,
        status === undefined ? undefined : eq(bankLines.status, status),
        account === undefined ? undefined : eq(bankLines.accountId, account),
      ),
    )
    .orderBy(orderBy)
    .limit(limit)
  return pageOf(rows.map(bankLineOf), page.limit)
}

/** What waited has found its owner, or has none. */
export async function closeBankLine(
  tx: Tx,
  id: string,
  close: { status: 'released' | 'written_off'; to: string | null } & {
    reason: string
    by: string
    at: string
  },
): Promise<BankLine> {
  const { status, to, reason, by, at } = close
  const [row] = await tx
    .update(bankLines)
    .set({ status, releasedTo: to, closedReason: reason, closedBy: by, closedAt: at })
    .where(and(eq(bankLines.id, id), eq(bankLines.status, 'waiting')))
    .returning()
  if (row === undefined) throw new Error(`bank line ${id} does not wait`)
  return bankLineOf(row)
}
