// What does not agree between the provider, the bank, the books and the records, until it does.
import { and, desc, eq, isNull, isNotNull, sql as raw } from 'drizzle-orm'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import type { Money } from '@chargelane/openapi/vocabulary/money'
import type { OpenItemKind } from '@chargelane/openapi/vocabulary/settlement/open-items'
import type { Finding, ReconciliationResult } from '@chargelane/rules/bank/reconcile'
import type { Sql, Tx } from '../../client.ts'
import { openItems, reconciliations } from '../../schema.ts'
import { type Page, type PageRequest, pageBy, pageOf } from '../page.ts'

type Row = typeof openItems.$inferSelect
export type OpenItem = Omit<Row, 'currency' | 'amountMinor'> & { amount: Money }
export type Reconciliation = typeof reconciliations.$inferSelect

const itemOf = ({ currency, amountMinor, ...row }: Row): OpenItem => ({
  ...row,
  amount: { amount: amountMinor, currency },
})

/** Writes a finding down, or sees the open item of it once more; whether it is new. */
export async function seeFinding(
  tx: Tx,
  { kind, subject, amount, cause }: Finding,
  { owner, at }: { owner: string; at: string },
): Promise<{ item: OpenItem; isNew: boolean }> {
  const { amount: amountMinor, currency } = amount
  const [row] = await tx
    .insert(openItems)
    .values({
      id: newId('openItem'),
      kind,
      subject,
      currency,
      amountMinor,
      cause: cause.slice(0, 500),
      owner,
      openedAt: at,
      lastSeenAt: at,
    })
    .onConflictDoUpdate({
      target: [openItems.kind, openItems.subject],
      targetWhere: raw`closed_at is null`,
      set: { amountMinor, currency, cause: cause.slice(0, 500), lastSeenAt: at },
    })
    .returning()
  if (row === undefined) throw new Error(`open item ${kind} of ${subject} was not written`)
  return { item: itemOf(row), isNew: row.openedAt === row.lastSeenAt }
}

/** What was open and is not found any more agrees by now. */
export async function closeUnseen(
  tx: Tx,
  findings: readonly Finding[],
  at: string,
): Promise<OpenItem[]> {
  const seen = JSON.stringify(findings.map(({ kind, subject }) => ({ kind, subject })))
  const rows = await tx
    .update(openItems)
    .set({ closedAt: at })
    .where(
      and(
        isNull(openItems.closedAt),
        raw`not exists (select from jsonb_to_recordset(${seen}::jsonb) as f(kind text, subject text)
          where f.kind = ${openItems.kind} and f.subject = ${openItems.subject})`,
      ),
    )
    .returning()
  return rows.map(itemOf)
}

export async function getOpenItem(sql: Sql, id: string): Promise<OpenItem | undefined> {
  const [row] = await sql.select().from(openItems).where(eq(openItems.id, id))
  return row && itemOf(row)
}

/** Newest first. The books are no tenant's to read, so it takes no account. */
export async function listOpenItems(
  sql: Sql,
  page: PageRequest & { status?: 'open' | 'closed'; kind?: OpenItemKind },
): Promise<Page<OpenItem>> {
  const { where, orderBy, limit } = pageBy(openItems.id, page)
  const isOf =
    page.status === undefined
      ? undefined
      : page.status === 'open'
        ? isNull(openItems.closedAt)
        : isNotNull(openItems.closedAt)
  const rows = await sql
    .select()
    .from(openItems)
    .where(and(where, isOf, page.kind === undefined ? undefined : eq(openItems.kind, page.kind)))
    .orderBy(orderBy)
    .limit(limit)
  return pageOf(rows.map(itemOf), page.limit)
}

/** Whose it is from now on; undefined where it is closed. */
export async function assignOpenItem(
  tx: Tx,
  id: string,
  owner: string,
): Promise<OpenItem | undefined> {
  const [row] = await tx
    .update(openItems)
    .set({ owner })
    .where(and(eq(openItems.id, id), isNull(openItems.closedAt)))
    .returning()
  return row && itemOf(row)
}

export async function putReconciliation(
  tx: Tx,
  result: ReconciliationResult,
  madeAt: string,
): Promise<Reconciliation> {
  const row = { id: newId('reconciliation'), result, madeAt }
  await tx.insert(reconciliations).values(row)
  return row
}

export async function getReconciliation(sql: Sql, id: string): Promise<Reconciliation | undefined> {
  const [row] = await sql.select().from(reconciliations).where(eq(reconciliations.id, id))
  return row
}

/** Newest first. */
export async function listReconciliations(
  sql: Sql,
  page: PageRequest,
): Promise<Page<Reconciliation>> {
  const { where, limit } = pageBy(reconciliations.id, page)
  const rows = await sql
    .select()
    .from(reconciliations)
    .where(where)
    .orderBy(desc(reconciliations.id))
    .limit(limit)
  return pageOf(rows, page.limit)
}
