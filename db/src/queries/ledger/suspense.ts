import { and, desc, eq, gt, lt, lte, sql as raw } from 'drizzle-orm'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import type { Sql, Tx } from '../../client.ts'
import { suspenseItems } from '../../schema.ts'

export type SuspenseRow = typeof suspenseItems.$inferSelect

/** A CPO sees what it claimed; finance and the platform see all. */
export type SuspenseScope = { cpo: string } | 'all'

export type NewSuspenseItem = {
  sessionId: string
  cdrId: string
  cpoId: string
  currency: string
  /** What the record claims above the price, positive, minor units. */
  amountMinor: number
  account: string
  entryKey: string
  rules: string[]
  reasons: string[]
  at: string
  disputeDueAt: string
}

/** Written in the tx of the ledger entry it names, once per record. */
export async function openSuspense(tx: Tx, item: NewSuspenseItem): Promise<void> {
  const { at, ...values } = item
  await tx
    .insert(suspenseItems)
    .values({ id: newId('suspenseItem'), ...values, status: 'open', openedAt: at })
    .onConflictDoNothing()
}

const scopeOf = (scope: SuspenseScope) =>
  scope === 'all' ? undefined : eq(suspenseItems.cpoId, scope.cpo)

export async function getSuspense(
  sql: Sql,
  scope: SuspenseScope,
  id: string,
): Promise<SuspenseRow | undefined> {
  const [row] = await sql
    .select()
    .from(suspenseItems)
    .where(and(eq(suspenseItems.id, id), scopeOf(scope)))
  return row
}

export async function suspenseOfCdr(sql: Sql, cdrId: string): Promise<SuspenseRow | undefined> {
  const [row] = await sql.select().from(suspenseItems).where(eq(suspenseItems.cdrId, cdrId))
  return row
}

/** Newest first; `due` asks for those that are past, or not yet past, the time they become a dispute. */
export async function listSuspense(
  sql: Sql,
  scope: SuspenseScope,
  page: {
    after?: string
    limit: number
    status?: SuspenseRow['status']
    cpoId?: string
    sessionId?: string
    due?: boolean
    now: string
  },
): Promise<SuspenseRow[]> {
  const { disputeDueAt } = suspenseItems
  return sql
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
}

export type SuspenseAging = {
  cpoId: string
  account: string
  currency: string
  items: number
  amountMinor: number
  /** Of those, the ones open for a week and longer: due to become disputes. */
  dueItems: number
  dueMinor: number
  oldestAt: string
}

/** What is open per account, with its age: the sums are the balances of those accounts. */
export async function suspenseAging(
  sql: Sql,
  scope: SuspenseScope,
  now: string,
): Promise<SuspenseAging[]> {
  const isDue = raw`${suspenseItems.disputeDueAt} <= ${now}`
  return sql
    .select({
      cpoId: suspenseItems.cpoId,
      account: suspenseItems.account,
      currency: suspenseItems.currency,
      items: raw<number>`count(*)::int`,
      amountMinor: raw<number>`sum(${suspenseItems.amountMinor})::bigint`,
      dueItems: raw<number>`(count(*) filter (where ${isDue}))::int`,
      dueMinor: raw<number>`coalesce(sum(${suspenseItems.amountMinor}) filter (where ${isDue}), 0)::bigint`,
      oldestAt: raw<string>`min(${suspenseItems.openedAt})`,
    })
    .from(suspenseItems)
    .where(and(scopeOf(scope), eq(suspenseItems.status, 'open')))
    .groupBy(suspenseItems.cpoId, suspenseItems.account, suspenseItems.currency)
    .orderBy(suspenseItems.account)
    .limit(1_000)
}
