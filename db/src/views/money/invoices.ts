import type { InvoiceRow } from '../../queries/documents/invoices.ts'
import type { Invoice } from '@chargelane/openapi'
import { money } from '../shown.ts'

export const invoiceView = (row: InvoiceRow): Invoice => ({
  id: row.id,
  session: row.sessionId,
  seller: row.sellerId,
  buyer: row.buyerAccountId,
  kind: row.kind,
  document_number: row.documentNumber,
  currency: row.currency,
  total_excl_tax: money(row.netMinor, row.currency),
  total_tax: money(row.vatMinor, row.currency),
  total_incl_tax: money(row.grossMinor, row.currency),
  issued_at: row.issuedAt,
})
