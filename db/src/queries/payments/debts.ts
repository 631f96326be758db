import { and, desc, eq, lt, sql as raw } from 'drizzle-orm'
import { InvariantError } from '@chargelane/rules/assert'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import type { Money } from '@chargelane/openapi/vocabulary/money'
import type { DebtStatus } from '@chargelane/openapi/vocabulary/payment'
import { outstandingOf, restOf } from '@chargelane/rules/booking/cover'
import type { Collected } from '@chargelane/rules/booking/sale'
import type { Sql, Tx } from '../../client.ts'
import { debts, sales } from '../../schema.ts'
import { minorOf, sumText } from '../sums.ts'

type DebtRow = typeof debts.$inferSelect
type MinorColumns = 'currency' | 'amountMinor' | 'paidMinor' | 'creditedMinor' | 'guaranteedMinor'
export type Debt = Omit<DebtRow, MinorColumns> &
  Record<'amount' | 'paid' | 'credited' | 'guaranteed', Money>

export function debtOf(row: DebtRow): Debt {
  const { currency, amountMinor, paidMinor, creditedMinor, guaranteedMinor, ...rest } = row
  const of = (amount: number): Money => ({ amount, currency })
  return {
    ...rest,
    amount: of(amountMinor),
    paid: of(paidMinor),
    credited: of(creditedMinor),
    guaranteed: of(guaranteedMinor),
  }
}

export type NewDebt = Pick<
  Debt,
  'sessionId' | 'accountId' | 'paymentSourceId' | 'amount' | 'reason'
> &
  Partial<Pick<Debt, 'credited' | 'guaranteed' | 'liable'>> & { at: string }

/** Energy delivered but not paid: one debt per session, whatever is repeated (failures F47). */
export async function openDebt(tx: Tx, input: NewDebt): Promise<Debt> {
  const { at, amount, credited, guaranteed, ...values } = input
  const isPaid = credited?.amount === amount.amount
  await tx
    .insert(debts)
    .values({
      id: newId('debt'),
      ...values,
      amountMinor: amount.amount,
      creditedMinor: credited?.amount ?? 0,
      guaranteedMinor: guaranteed?.amount ?? 0,
      currency: amount.currency,
      status: isPaid ? 'paid' : 'open',
      createdAt: at,
      ...(isPaid ? { closedAt: at } : {}),
    })
    .onConflictDoNothing()
  const debt = await debtOfSession(tx, input.sessionId)
  if (debt === undefined) throw new InvariantError(`No debt of ${input.sessionId}.`)
  return debt
}

/** What a debt has come to, by where the money of its sale is. What a lower price forgave is written off. */
function statusOf(collected: Collected): DebtStatus {
  if (outstandingOf(collected).amount > 0) return 'open'
  const { lost, waived, paid, credited } = restOf(collected)
  if (lost.amount > 0) return 'written_off'
  if (waived.amount > 0) return 'waived'
  return paid.amount + credited.amount > 0 ? 'paid' : 'written_off'
}

/** The debt of a session, if it has one, as its sale now says; undefined without one. */
export async function keepDebt(
  tx: Tx,
  sessionId: string,
  collected: Collected,
  at: string,
): Promise<Debt | undefined> {
  const { paid, credited, guaranteed } = restOf(collected)
  const status = statusOf(collected)
  const [row] = await tx
    .update(debts)
    .set({
      amountMinor: collected.owed.amount,
      paidMinor: paid.amount,
      creditedMinor: credited.amount,
      guaranteedMinor: guaranteed.amount,
      status,
      closedAt: status === 'open' ? null : raw`coalesce(${debts.closedAt}, ${at}::timestamptz)`,
    })
    .where(eq(debts.sessionId, sessionId))
    .returning()
  return row && debtOf(row)
}

const ownedBy = (accountId: string) =>
  accountId === 'all' ? undefined : eq(debts.accountId, accountId)

/** What the partner's own account paid the moment it was due was never owed. */
const wasOwed = raw`(${debts.creditedMinor} < ${debts.amountMinor} or ${debts.closedAt} is distinct from ${debts.createdAt})`

/** One debt as its partner may see it; finance and the platform see all. */
export async function getDebt(sql: Sql, accountId: string, id: string): Promise<Debt | undefined> {
  const [row] = await sql
    .select()
    .from(debts)
    .where(and(eq(debts.id, id), ownedBy(accountId), wasOwed))
  return row && debtOf(row)
}

/** The same, locked until the tx ends, so that two decisions about it come one after the other. */
export async function lockDebt(tx: Tx, id: string): Promise<Debt | undefined> {
  const [row] = await tx.select().from(debts).where(eq(debts.id, id)).for('update')
  return row && debtOf(row)
}

/** Newest first; `after` is the id of the last row of the page before. */
export async function listDebts(
  sql: Sql,
  accountId: string,
  page: {
    after?: string
    limit: number
    status?: DebtStatus
    sessionId?: string
    partnerId?: string
  },
): Promise<Debt[]> {
  const rows = await sql
    .select()
    .from(debts)
    .where(
      and(
        ownedBy(accountId),
        wasOwed,
        page.status === undefined ? undefined : eq(debts.status, page.status),
        page.sessionId === undefined ? undefined : eq(debts.sessionId, page.sessionId),
        page.partnerId === undefined ? undefined : eq(debts.accountId, page.partnerId),
        page.after === undefined ? undefined : lt(debts.id, page.after),
      ),
    )
    .orderBy(desc(debts.id))
    .limit(page.limit)
  return rows.map(debtOf)
}

export async function debtOfSession(sql: Sql, sessionId: string): Promise<Debt | undefined> {
  const [row] = await sql.select().from(debts).where(eq(debts.sessionId, sessionId))
  return row && debtOf(row)
}

/** What a partner stands for of its open debts, and of its credit what is promised to sales not yet booked. */
export async function drawnByDebts(
  sql: Sql,
  { accountId, currency }: { accountId: string; currency: string },
): Promise<{ guaranteed: Money; promised: Money }> {
  const isUnbooked = raw`not exists (select from ${sales} where ${sales.sessionId} = ${debts.sessionId})`
  const [row] = await sql
    .select({
      guaranteed: sumText(
        raw`case when ${debts.status} = 'open' and ${debts.liable} = 'partner' then ${debts.guaranteedMinor} end`,
      ),
      promised: sumText(raw`case when ${isUnbooked} then ${debts.creditedMinor} end`),
    })
    .from(debts)
    .where(and(eq(debts.accountId, accountId), eq(debts.currency, currency)))
  const of = (text: string | undefined): Money => ({ amount: minorOf(text ?? '0'), currency })
  return { guaranteed: of(row?.guaranteed), promised: of(row?.promised) }
}
