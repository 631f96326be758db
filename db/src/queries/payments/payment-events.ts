import { and, eq, isNull } from 'drizzle-orm'
import type { Sql } from '../../client.ts'
import { paymentEvents } from '../../schema.ts'

export type PaymentEventRow = typeof paymentEvents.$inferSelect
type EventKey = Pick<PaymentEventRow, 'kind' | 'id'>

const isEvent = ({ kind, id }: EventKey) =>
  and(eq(paymentEvents.kind, kind), eq(paymentEvents.id, id))

/** Stores a message once; a second delivery finds the first, with whether it was heard. */
export async function storePaymentEvent(
  sql: Sql,
  input: Pick<PaymentEventRow, 'kind' | 'id' | 'type' | 'pspId' | 'payload'> & { at: string },
): Promise<PaymentEventRow> {
  const { at, ...values } = input
  const [stored] = await sql
    .insert(paymentEvents)
    .values({ ...values, receivedAt: at })
    .onConflictDoNothing()
    .returning()
  if (stored !== undefined) return stored
  const [row] = await sql.select().from(paymentEvents).where(isEvent(input))
  if (row === undefined) throw new Error(`payment event ${input.id} was not stored`)
  return row
}

export async function markPaymentEventHeard(sql: Sql, event: EventKey, at: string): Promise<void> {
  await sql
    .update(paymentEvents)
    .set({ heardAt: at })
    .where(and(isEvent(event), isNull(paymentEvents.heardAt)))
}
