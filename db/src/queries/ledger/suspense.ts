import { and, desc, eq, gt, lt, lte, sql as raw } from 'drizzle-orm'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import type { Money } from '@chargelane/openapi/vocabulary/money'
import type { Sql, Tx } from '../../client.ts'
import { suspenseItems } from '../../schema.ts'
import { minorOf, sumText } from '../sums.ts'

type SuspenseRow = typeof suspenseItems.$inferSelect
export type Suspense = Omit<SuspenseRow, 'amountMinor' | 'currency'> & { amount: Money }

const suspenseOf = ({ amountMinor, currency, ...row }: SuspenseRow): Suspense => ({
  ...row,
  amount: { amount: amountMinor, currency },
})

/** A CPO sees what it claimed; finance and the platform see all. */
export type SuspenseScope = { cpo: string } | 'all'

export type NewSuspenseItem = {
  sessionId: string
  cdrId: string
  cpoId: string
  /** What the record claims above the price, positive. */
  amount: Money
  account: string
  entryKey: string
  rules: string[]
  reasons: string[]
  at: string
  disputeDueAt: string
}

/** Written in the tx of the ledger entry it names, once per record. */
export async function openSuspense(tx: Tx, item: NewSuspenseItem): Promise<void> {
  const { at, amount, ...values } = item
  await tx
    .insert(suspenseItems)
    .values({
      id: newId('suspenseItem'),
      ...values,
      amountMinor: amount.amount,
      currency: amount.currency,
      status: 'open',
      openedAt: at,
    })
    .onConflictDoNothing()
}

const scopeOf = (scope: SuspenseScope) =>
  scope === 'all' ? undefined : eq(suspenseItems.cpoId, scope.cpo)

export async function getSuspense(
  sql: Sql,
  scope: SuspenseScope,
  id: string,
): Promise<Suspense | undefined> {
  const [row] = await sql
    .select()
    .from(suspenseItems)
    .where(and(eq(suspenseItems.id, id), scopeOf(scope)))
  return row && suspenseOf(row)
}

export async function suspenseOfCdr(sql: Sql, cdrId: string): Promise<Suspense | undefined> {
  const [row] = await sql.select().from(suspenseItems).where(eq(suspenseItems.cdrId, cdrId))
  return row && suspenseOf(row)
}

/** Locked until it is decided. */
export async function lockSuspense(tx: Tx, id: string): Promise<Suspense | undefined> {
  const [row] = await tx.select().from(suspenseItems).where(eq(suspenseItems.id, id)).for('update')
  return row && suspenseOf(row)
}

export async function closeSuspense(
  tx: Tx,
  id: string,
  close: { status: 'released' | 'granted'; reason: string; by: string; at: string },
): Promise<Suspense> {
  const { status, reason, by, at } = close
  const [row] = await tx
    .update(suspenseItems)
    .set({ status, closedReason: reason, closedBy: by, closedAt: at })
    .where(and(eq(suspenseItems.id, id), eq(suspenseItems.status, 'open')))
    .returning()
  if (row === undefined) throw new Error(`claim ${id} is not open`)
  return suspenseOf(row)
}

/** Newest first; `due` asks for those that are past, or not yet past, the time they become a dispute. */
export async function listSuspense(
  sql: Sql,
  scope: SuspenseScope,
  page: {
    after?: string
    limit: number
    status?: Suspense['status']
    cpoId?: string
    sessionId?: string
    due?: boolean
    now: string
  },
): Promise<Suspense[]> {
  const { disputeDueAt } = suspenseItems
  const rows = await sql
    .select()
    .from(suspenseItems)
    .where(
      and(
        scopeOf(scope),
        page.after === undefined ? undefined : lt(suspenseItems.id, page.after),
        page.status === undefined ? undefined : eq(suspenseItems.status, page.status),
        page.cpoId === undefined ? undefined : eq(suspenseItems.cpoId, page.cpoId),
        page.sessionId === undefined ? undefined : eq(suspenseItems.sessionId, page.sessionId),
        page.due === undefined
          ? undefined
          : page.due
            ? and(eq(suspenseItems.status, 'open'), lte(disputeDueAt, page.now))
            : gt(disputeDueAt, page.now),
      ),
    )
    .orderBy(desc(suspenseItems.id))
    .limit(page.limit)
  return rows.map(suspenseOf)
}

export type SuspenseAging = {
  cpoId: string
  account: string
  items: number
  amount: Money
  /** Of those, the ones open for a week and longer: due to become disputes. */
  dueItems: number
  due: Money
  oldestAt: string
}

/** What is open per account, with its age: the sums are the balances of those accounts. */
export async function suspenseAging(
  sql: Sql,
  scope: SuspenseScope,
  now: string,
): Promise<SuspenseAging[]> {
  const isDue = raw`${suspenseItems.disputeDueAt} <= ${now}`
  const rows = await sql
    .select({
      cpoId: suspenseItems.cpoId,
      account: suspenseItems.account,
      currency: suspenseItems.currency,
      items: raw<number>`count(*)::int`,
      amount: sumText(raw`${suspenseItems.amountMinor}`),
      dueItems: raw<number>`(count(*) filter (where ${isDue}))::int`,
      due: sumText(raw`${suspenseItems.amountMinor} * (${isDue})::int`),
      oldestAt: raw<string>`min(${suspenseItems.openedAt})`,
    })
    .from(suspenseItems)
    .where(and(scopeOf(scope), eq(suspenseItems.status, 'open')))
    .groupBy(suspenseItems.cpoId, suspenseItems.account, suspenseItems.currency)
    .orderBy(suspenseItems.account)
    .limit(1_000)
  return rows.map(({ currency, amount, due, ...row }) => ({
    ...row,
    amount: { amount: minorOf(amount), currency },
    due: { amount: minorOf(due), currency },
  }))
}
