// What is given back of what was captured: each refund is written before the provider is asked.
import {
  and,
  asc,
  desc,
  eq,
  getTableColumns,
  gt,
  isNotNull,
  lt,
  lte,
  or,
  sql as raw,
} from 'drizzle-orm'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import type { Money } from '@chargelane/openapi/vocabulary/money'
import { everyAccount, type Sql, type Tx } from '../../client.ts'
import { arg, fixedStatement, rowOf } from '../../fixed.ts'
import { payments, refunds } from '../../schema.ts'

type RefundRow = typeof refunds.$inferSelect
export type Refund = Omit<RefundRow, 'amountMinor' | 'currency'> & { amount: Money }

const refundOf = ({ amountMinor, currency, ...row }: RefundRow): Refund => ({
  ...row,
  amount: { amount: amountMinor, currency },
})

const selectRefunds = fixedStatement<RefundRow, { sessionId: string }>(
  () =>
    raw`select ${rowOf(refunds)} from refunds where session_id = ${arg('sessionId')} order by revision, id`,
)

/** The refunds of a session, oldest first. */
export async function refundsOf(sql: Sql, sessionId: string): Promise<Refund[]> {
  return (await selectRefunds(sql, { sessionId })).map(refundOf)
}

export type NewRefund = Pick<Refund, 'paymentId' | 'sessionId' | 'revision' | 'amount'> &
  Partial<Pick<Refund, 'id' | 'reason' | 'requestedBy' | 'status' | 'reference'>>

/** Once for each payment and change of the sale; a repetition finds the first. */
export async function openRefund(tx: Tx, refund: NewRefund, at: string): Promise<void> {
  const { amount, ...values } = refund
  await tx
    .insert(refunds)
    .values({
      ...values,
      id: values.id ?? newId('refund'),
      amountMinor: amount.amount,
      currency: amount.currency,
      status: values.status ?? 'pending',
      createdAt: at,
      updatedAt: at,
    })
    .onConflictDoNothing()
}

/** How it ended; false when that was written before. */
export async function endRefund(
  tx: Tx,
  id: string,
  end: Pick<Refund, 'reference' | 'lookAt'> & { status: 'refunded' | 'refused'; at: string },
): Promise<boolean> {
  const { status, reference, lookAt, at } = end
  const rows = await tx
    .update(refunds)
    .set({ status, reference, lookAt, updatedAt: at })
    .where(and(eq(refunds.id, id), eq(refunds.status, 'pending')))
    .returning({ id: refunds.id })
  return rows.length > 0
}

/** Given back, and not kept: false where that was written before. */
export async function failRefund(tx: Tx, id: string, at: string): Promise<boolean> {
  const rows = await tx
    .update(refunds)
    .set({ status: 'refused', lookAt: null, updatedAt: at })
    .where(and(eq(refunds.id, id), eq(refunds.status, 'refunded')))
    .returning({ id: refunds.id })
  return rows.length > 0
}

/** The provider has news of a payment's refunds: it is asked as soon as somebody looks. */
export async function doubtRefunds(
  sql: Sql,
  { kind, pspId, at }: { kind: string; pspId: string; at: string },
): Promise<void> {
  await sql
    .update(refunds)
    .set({ lookAt: at })
    .where(
      and(
        eq(refunds.status, 'refunded'),
        isNotNull(refunds.lookAt),
        raw`${refunds.paymentId} in (select id from payments where kind = ${kind} and psp_id = ${pspId})`,
      ),
    )
}

/** Those the provider is to be asked about by now, the oldest first. */
export async function refundsToLookAt(
  sql: Sql,
  { now, limit }: { now: string; limit: number },
): Promise<Refund[]> {
  const rows = await sql
    .select()
    .from(refunds)
    .where(and(eq(refunds.status, 'refunded'), lte(refunds.lookAt, now)))
    .orderBy(asc(refunds.lookAt), asc(refunds.id))
    .limit(limit)
  return rows.map(refundOf)
}

/** It stood when it was looked at; null where nobody looks again. */
export async function lookAgain(sql: Sql, id: string, lookAt: string | null): Promise<void> {
  await sql
    .update(refunds)
    .set({ lookAt })
    .where(and(eq(refunds.id, id), eq(refunds.status, 'refunded')))
}

/** Of a payment, what the provider refused. */
export async function refusedRefunds(sql: Sql, paymentId: string): Promise<Refund[]> {
  const rows = await sql
    .select()
    .from(refunds)
    .where(and(eq(refunds.paymentId, paymentId), eq(refunds.status, 'refused')))
    .orderBy(asc(refunds.id))
  return rows.map(refundOf)
}

/** A refused one is asked for once more; false where it is not refused (any more). */
export async function reopenRefund(tx: Tx, id: string, at: string): Promise<boolean> {
  const rows = await tx
    .update(refunds)
    .set({ status: 'pending', attempt: raw`${refunds.attempt} + 1`, updatedAt: at })
    .where(and(eq(refunds.id, id), eq(refunds.status, 'refused')))
    .returning({ id: refunds.id })
  return rows.length > 0
}

/** A refused one was given back in another way; false where it is not refused (any more). */
export async function replaceRefund(
  tx: Tx,
  id: string,
  { reference, at }: { reference: string; at: string },
): Promise<boolean> {
  const rows = await tx
    .update(refunds)
    .set({ status: 'refunded', reference, lookAt: null, updatedAt: at })
    .where(and(eq(refunds.id, id), eq(refunds.status, 'refused')))
    .returning({ id: refunds.id })
  return rows.length > 0
}

const byAccount = (accountId: string) =>
  accountId === everyAccount ? undefined : eq(payments.accountId, accountId)

/** One refund as the partner of its payment may see it. */
export async function getRefund(
  sql: Sql,
  accountId: string,
  id: string,
): Promise<Refund | undefined> {
  const [row] = await sql
    .select(getTableColumns(refunds))
    .from(refunds)
    .innerJoin(payments, eq(payments.id, refunds.paymentId))
    .where(and(eq(refunds.id, id), byAccount(accountId)))
  return row && refundOf(row)
}

/** Newest first; `after` is the id of the last row of the page before. */
export async function listRefunds(
  sql: Sql,
  accountId: string,
  page: { after?: string; limit: number; sessionId?: string },
): Promise<Refund[]> {
  const rows = await sql
    .select(getTableColumns(refunds))
    .from(refunds)
    .innerJoin(payments, eq(payments.id, refunds.paymentId))
    .where(
      and(
        byAccount(accountId),
        page.sessionId === undefined ? undefined : eq(refunds.sessionId, page.sessionId),
        page.after === undefined ? undefined : lt(refunds.id, page.after),
      ),
    )
    .orderBy(desc(refunds.id))
    .limit(page.limit)
  return rows.map(refundOf)
}

/** Those that somebody asked for, or asked for again, and that have not been sent since, oldest first. */
export async function reopenedRefunds(sql: Sql, limit: number): Promise<Refund[]> {
  const rows = await sql
    .select()
    .from(refunds)
    .where(
      and(
        eq(refunds.status, 'pending'),
        or(gt(refunds.attempt, 1), isNotNull(refunds.requestedBy)),
      ),
    )
    .orderBy(asc(refunds.updatedAt), asc(refunds.id))
    .limit(limit)
  return rows.map(refundOf)
}
