import { InvariantError } from '@chargelane/rules/assert'
import { and, eq, gt } from 'drizzle-orm'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import type { Money } from '@chargelane/openapi/vocabulary/money'
import type { Sql, Tx } from '../../client.ts'
import { debts } from '../../schema.ts'

type DebtRow = typeof debts.$inferSelect
export type Debt = Omit<DebtRow, 'amountMinor' | 'currency'> & { amount: Money }

export const debtOf = ({ amountMinor, currency, ...row }: DebtRow): Debt => ({
  ...row,
  amount: { amount: amountMinor, currency },
})

/** Energy delivered but not paid: one debt per session, whatever is repeated (failures F47). */
export async function openDebt(
  tx: Tx,
  input: Pick<Debt, 'sessionId' | 'accountId' | 'paymentSourceId' | 'amount' | 'reason'> & {
    at: string
  },
): Promise<Debt> {
  const { at, amount, ...values } = input
  await tx
    .insert(debts)
    .values({
      id: newId('debt'),
      ...values,
      amountMinor: amount.amount,
      currency: amount.currency,
      status: 'open',
      createdAt: at,
    })
    .onConflictDoNothing()
  const debt = await debtOfSession(tx, input.sessionId)
  if (debt === undefined) throw new InvariantError(`No debt of ${input.sessionId}.`)
  return debt
}

/** A debt falls with the price it is a part of; what is forgiven whole is written off. */
export async function lowerDebt(tx: Tx, sessionId: string, owed: Money): Promise<void> {
  await tx
    .update(debts)
    .set({
      amountMinor: owed.amount,
      ...(owed.amount === 0 ? { status: 'written_off' as const } : {}),
    })
    .where(
      and(
        eq(debts.sessionId, sessionId),
        eq(debts.status, 'open'),
        gt(debts.amountMinor, owed.amount),
      ),
    )
}

/** The open debt that blocks new starts of a payment source, if any. */
export async function openDebtOf(sql: Sql, paymentSourceId: string): Promise<Debt | undefined> {
  const [row] = await sql
    .select()
    .from(debts)
    .where(and(eq(debts.paymentSourceId, paymentSourceId), eq(debts.status, 'open')))
    .limit(1)
  return row && debtOf(row)
}

export async function debtOfSession(sql: Sql, sessionId: string): Promise<Debt | undefined> {
  const [row] = await sql.select().from(debts).where(eq(debts.sessionId, sessionId))
  return row && debtOf(row)
}
