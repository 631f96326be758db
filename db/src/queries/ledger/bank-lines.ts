import { eq } from 'drizzle-orm'
import type { Money } from '@chargelane/openapi/vocabulary/money'
import type { Sql } from '../../client.ts'
import { bankLines } from '../../schema.ts'

type BankLineRow = typeof bankLines.$inferSelect
export type BankLine = Omit<BankLineRow, 'currency' | 'amountMinor' | 'unmatchedMinor'> & {
  amount: Money
  unmatched: Money
}

const bankLineOf = ({ currency, amountMinor, unmatchedMinor, ...row }: BankLineRow): BankLine => ({
  ...row,
  amount: { amount: amountMinor, currency },
  unmatched: { amount: unmatchedMinor, currency },
})

/** The line under its reference, written once; whoever comes second is given the first. */
export async function putBankLine(
  tx: Sql,
  { amount, unmatched, ...line }: BankLine,
): Promise<{ line: BankLine; isNew: boolean }> {
  const { currency } = amount
  const amounts = { currency, amountMinor: amount.amount, unmatchedMinor: unmatched.amount }
  const [made] = await tx
    .insert(bankLines)
    .values({ ...line, ...amounts })
    .onConflictDoNothing()
    .returning()
  if (made !== undefined) return { line: bankLineOf(made), isNew: true }
  const known = await bankLine(tx, line.reference)
  if (known === undefined) throw new Error(`bank line ${line.reference} was not written`)
  return { line: known, isNew: false }
}

export async function bankLine(sql: Sql, reference: string): Promise<BankLine | undefined> {
  const [row] = await sql.select().from(bankLines).where(eq(bankLines.reference, reference))
  return row && bankLineOf(row)
}

/** What waited has found its owner. */
export async function matchBankLine(tx: Sql, reference: string): Promise<void> {
  await tx.update(bankLines).set({ unmatchedMinor: 0 }).where(eq(bankLines.reference, reference))
}
