import { renderInvoice } from '@chargelane/corridor/invoice/pdf'
import {
  getInvoice,
  listInvoices,
  type InvoiceScope,
} from '@chargelane/db/queries/documents/invoices'
import { invoiceView } from '@chargelane/db/views/money/invoices'
import type { Contract } from '@chargelane/openapi'
import { missing } from '@chargelane/openapi/vocabulary/errors'
import type { Handlers, Viewer } from '../../http/handler.ts'
import { cutPage, oneMore, pageRequest, pageView } from '../../http/page.ts'
import { bySession } from '../../http/scope.ts'
import { asViewer } from '../../session/read.ts'

/** The operator sold what the partner bought. */
function scopeOf(viewer: Viewer): InvoiceScope {
  if (viewer.type === 'partner') return { buyer: viewer.accountId }
  return viewer.type === 'cpo' ? { seller: viewer.accountId } : 'all'
}

export const invoiceRoutes: Handlers<Contract['invoices']> = {
  async get({ tx, viewer, params }) {
    const row = await getInvoice(tx, scopeOf(viewer), params.id)
    if (!row) throw missing('invoice')
    return invoiceView(row)
  },
  async list({ tx, viewer, query }) {
    const page = oneMore(pageRequest(query, 'invoice'))
    const rows = await listInvoices(tx, scopeOf(viewer), { ...page, ...bySession(query) })
    return pageView(cutPage(rows, query.limit), invoiceView)
  },
  pdf: {
    looksFirst: true,
    async outside({ deps, viewer, params }) {
      const row = await asViewer(deps, viewer, (tx) => getInvoice(tx, scopeOf(viewer), params.id))
      if (!row) throw missing('invoice')
      const bytes = await renderInvoice(row.body, row.issuedAt)
      return { bytes, filename: `${fileName(row.documentNumber)}.pdf` }
    },
  },
  async xml({ tx, viewer, params }) {
    const row = await getInvoice(tx, scopeOf(viewer), params.id)
    if (!row) throw missing('invoice')
    return { bytes: Buffer.from(row.xml, 'utf8'), filename: `${fileName(row.documentNumber)}.xml` }
  },
}

const fileName = (text: string) => text.replaceAll(/[^\w.-]+/g, '-')
