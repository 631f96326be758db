// What is given back of what was captured: each refund is written before the provider is asked.
import { and, asc, eq } from 'drizzle-orm'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import type { Money } from '@chargelane/openapi/vocabulary/money'
import type { Sql, Tx } from '../../client.ts'
import { refunds } from '../../schema.ts'

type RefundRow = typeof refunds.$inferSelect
export type Refund = Omit<RefundRow, 'amountMinor' | 'currency'> & { amount: Money }

const refundOf = ({ amountMinor, currency, ...row }: RefundRow): Refund => ({
  ...row,
  amount: { amount: amountMinor, currency },
})

/** The refunds of a session, oldest first. */
export async function refundsOf(sql: Sql, sessionId: string): Promise<Refund[]> {
  const rows = await sql
    .select()
    .from(refunds)
    .where(eq(refunds.sessionId, sessionId))
    .orderBy(asc(refunds.revision), asc(refunds.id))
  return rows.map(refundOf)
}

export type NewRefund = Pick<Refund, 'paymentId' | 'sessionId' | 'revision' | 'amount'>

/** Once for each payment and change of the sale; a repetition finds the first. */
export async function openRefund(tx: Tx, refund: NewRefund, at: string): Promise<void> {
  const { amount, ...values } = refund
  await tx
    .insert(refunds)
    .values({
      id: newId('refund'),
      ...values,
      amountMinor: amount.amount,
      currency: amount.currency,
      status: 'pending',
      createdAt: at,
      updatedAt: at,
    })
    .onConflictDoNothing()
}

/** How it ended; false when that was written before. */
export async function endRefund(
  tx: Tx,
  id: string,
  end: Pick<Refund, 'reference'> & { status: 'refunded' | 'refused'; at: string },
): Promise<boolean> {
  const { status, reference, at } = end
  const rows = await tx
    .update(refunds)
    .set({ status, reference, updatedAt: at })
    .where(and(eq(refunds.id, id), eq(refunds.status, 'pending')))
    .returning({ id: refunds.id })
  return rows.length > 0
}
