import { and, eq, isNull } from 'drizzle-orm'
import type { Sql } from '../../client.ts'
import { paymentEvents } from '../../schema.ts'

export type PaymentEventRow = typeof paymentEvents.$inferSelect

/** Stores a message once; a second delivery finds the first, with whether it was heard. */
export async function storePaymentEvent(
  sql: Sql,
  input: { id: string; type: string; pspId: string | null; payload: string; at: string },
): Promise<PaymentEventRow> {
  const { at, ...values } = input
  await sql
    .insert(paymentEvents)
    .values({ ...values, receivedAt: at })
    .onConflictDoNothing()
  const [row] = await sql.select().from(paymentEvents).where(eq(paymentEvents.id, input.id))
  if (row === undefined) throw new Error(`payment event ${input.id} was not stored`)
  return row
}

export async function markPaymentEventHeard(sql: Sql, id: string, at: string): Promise<void> {
  await sql
    .update(paymentEvents)
    .set({ heardAt: at })
    .where(and(eq(paymentEvents.id, id), isNull(paymentEvents.heardAt)))
}
