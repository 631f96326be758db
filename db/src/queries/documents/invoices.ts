import { and, desc, eq, lt, sql as raw } from 'drizzle-orm'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import type { Sql, Tx } from '../../client.ts'
import { invoices, invoiceSeries } from '../../schema.ts'

/** Without the PDF's bytes, which only the download needs. */
export type InvoiceRow = Omit<typeof invoices.$inferSelect, 'pdf'>
export type InvoiceScope = { seller: string } | { buyer: string } | 'all'

const columns = {
  id: invoices.id,
  sessionId: invoices.sessionId,
  sellerId: invoices.sellerId,
  buyerAccountId: invoices.buyerAccountId,
  kind: invoices.kind,
  series: invoices.series,
  number: invoices.number,
  documentNumber: invoices.documentNumber,
  currency: invoices.currency,
  netMinor: invoices.netMinor,
  vatMinor: invoices.vatMinor,
  grossMinor: invoices.grossMinor,
  body: invoices.body,
  xml: invoices.xml,
  issuedAt: invoices.issuedAt,
}

function scopeOf(scope: InvoiceScope) {
  if (scope === 'all') return undefined
  return 'seller' in scope
    ? eq(invoices.sellerId, scope.seller)
    : eq(invoices.buyerAccountId, scope.buyer)
}

/** The session's document of a kind; there is at most one. */
export async function invoiceOfSession(
  sql: Sql,
  sessionId: string,
  kind: InvoiceRow['kind'],
): Promise<InvoiceRow | undefined> {
  const [row] = await sql
    .select(columns)
    .from(invoices)
    .where(and(eq(invoices.sessionId, sessionId), eq(invoices.kind, kind)))
  return row
}

export async function getInvoice(
  sql: Sql,
  scope: InvoiceScope,
  invoiceId: string,
): Promise<InvoiceRow | undefined> {
  const [row] = await sql
    .select(columns)
    .from(invoices)
    .where(and(eq(invoices.id, invoiceId), scopeOf(scope)))
  return row
}

export async function invoicePdf(
  sql: Sql,
  scope: InvoiceScope,
  invoiceId: string,
): Promise<Buffer | undefined> {
  const [row] = await sql
    .select({ pdf: invoices.pdf })
    .from(invoices)
    .where(and(eq(invoices.id, invoiceId), scopeOf(scope)))
  return row?.pdf
}

/** Newest first; `after` is the id of the last row of the page before. */
export async function listInvoices(
  sql: Sql,
  scope: InvoiceScope,
  page: { after?: string; limit: number; sessionId?: string },
): Promise<InvoiceRow[]> {
  return sql
    .select(columns)
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

/**
 * Takes the next number of a seller's series. The row stays locked until the tx ends, so a number is used exactly
 * when its invoice is stored and the series has no gap.
 */
export async function nextInvoiceNumber(tx: Tx, issuerId: string, series: string): Promise<number> {
  const [row] = await tx
    .insert(invoiceSeries)
    .values({ issuerId, series, next: 2 })
    .onConflictDoUpdate({
      target: [invoiceSeries.issuerId, invoiceSeries.series],
      set: { next: raw`${invoiceSeries.next} + 1` },
    })
    .returning({ next: invoiceSeries.next })
  if (row === undefined) throw new Error(`No number in series ${series} of ${issuerId}.`)
  return row.next - 1
}

export async function insertInvoice(
  tx: Tx,
  row: Omit<typeof invoices.$inferInsert, 'id'>,
): Promise<InvoiceRow> {
  const [kept] = await tx
    .insert(invoices)
    .values({ id: newId('invoice'), ...row })
    .returning(columns)
  if (kept === undefined) throw new Error('an invoice was not written')
  return kept
}
