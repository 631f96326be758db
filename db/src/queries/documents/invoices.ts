import { and, desc, eq, lt, sql as raw } from 'drizzle-orm'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import type { Sql, Tx } from '../../client.ts'
import { arg, fixedStatement, rowOf } from '../../fixed.ts'
import { invoices } from '../../schema.ts'

export type InvoiceRow = typeof invoices.$inferSelect
export type InvoiceScope = { seller: string } | { buyer: string } | 'all'

function scopeOf(scope: InvoiceScope) {
  if (scope === 'all') return undefined
  return 'seller' in scope
    ? eq(invoices.sellerId, scope.seller)
    : eq(invoices.buyerAccountId, scope.buyer)
}

const selectOfSession = fixedStatement<InvoiceRow, { sessionId: string; kind: InvoiceRow['kind'] }>(
  () => raw`select ${rowOf(invoices)} from invoices
    where session_id = ${arg('sessionId')} and kind = ${arg('kind')} order by revision`,
)

/** The session's document of a kind; there is at most one. */
export async function invoiceOfSession(
  sql: Sql,
  sessionId: string,
  kind: InvoiceRow['kind'],
): Promise<InvoiceRow | undefined> {
  const [row] = await selectOfSession(sql, { sessionId, kind })
  return row
}

/** What was taken back of the session's invoice, in the order of the sale's changes. */
export const creditNotesOf = (sql: Sql, sessionId: string): Promise<InvoiceRow[]> =>
  selectOfSession(sql, { sessionId, kind: 'credit_note' })

export async function getInvoice(
  sql: Sql,
  scope: InvoiceScope,
  invoiceId: string,
): Promise<InvoiceRow | undefined> {
  const [row] = await sql
    .select()
    .from(invoices)
    .where(and(eq(invoices.id, invoiceId), scopeOf(scope)))
  return row
}

/** Newest first; `after` is the id of the last row of the page before. */
export async function listInvoices(
  sql: Sql,
  scope: InvoiceScope,
  page: { after?: string; limit: number; sessionId?: string },
): Promise<InvoiceRow[]> {
  return sql
    .select()
    .from(invoices)
    .where(
      and(
        scopeOf(scope),
        page.sessionId === undefined ? undefined : eq(invoices.sessionId, page.sessionId),
        page.after === undefined ? undefined : lt(invoices.id, page.after),
      ),
    )
    .orderBy(desc(invoices.id))
    .limit(page.limit)
}

const takeNumber = fixedStatement<{ next: number }, { issuerId: string; series: string }>(
  () => raw`insert into invoice_series as s (issuer_id, series, next)
    values (${arg('issuerId')}, ${arg('series')}, 2)
    on conflict (issuer_id, series) do update set next = s.next + 1 returning next`,
)

/**
 * Takes the next number of a seller's series. The row stays locked until the tx ends, so a number is used exactly
 * when its invoice is stored and the series has no gap.
 */
export async function nextInvoiceNumber(tx: Tx, issuerId: string, series: string): Promise<number> {
  const [row] = await takeNumber(tx, { issuerId, series })
  if (row === undefined) throw new Error(`No number in series ${series} of ${issuerId}.`)
  return row.next - 1
}

type NewInvoice = Omit<typeof invoices.$inferSelect, 'id'>
const insert = fixedStatement<InvoiceRow, Omit<NewInvoice, 'body'> & { id: string; body: string }>(
  () => raw`insert into invoices (id, session_id, seller_id, buyer_account_id, kind, revision, series, number, document_number,
      currency, net_minor, vat_minor, gross_minor, body, xml, issued_at)
    values (${arg('id')}, ${arg('sessionId')}, ${arg('sellerId')}, ${arg('buyerAccountId')}, ${arg('kind')},
      ${arg('revision')}::int, ${arg('series')}, ${arg('number')}, ${arg('documentNumber')}, ${arg('currency')}, ${arg('netMinor')},
      ${arg('vatMinor')}, ${arg('grossMinor')}, ${arg('body')}::jsonb, ${arg('xml')}, ${arg('issuedAt')})
    returning ${rowOf(invoices)}`,
)

export async function insertInvoice(tx: Tx, row: NewInvoice): Promise<InvoiceRow> {
  const [kept] = await insert(tx, { id: newId('invoice'), ...row, body: JSON.stringify(row.body) })
  if (kept === undefined) throw new Error('an invoice was not written')
  return kept
}
