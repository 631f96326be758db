import { missing } from '@chargelane/openapi/vocabulary/errors'
import { cdrExtras, getCdr, listCdrs, type CdrScope } from '@chargelane/db/queries/sessions/cdrs'
import {
  getInvoice,
  invoicePdf,
  listInvoices,
  type InvoiceScope,
} from '@chargelane/db/queries/documents/invoices'
import { entriesOfSession, trialBalance } from '@chargelane/db/queries/ledger/ledger'
import { getPayment, listPayments } from '@chargelane/db/queries/payments/payments'
import { getSession } from '@chargelane/db/queries/sessions/sessions'
import {
  getSettlement,
  listSettlements,
  statementPdfOf,
} from '@chargelane/db/queries/documents/settlements'
import type { Contract } from '@chargelane/openapi'
import type { Handlers, Viewer } from '../http/handler.ts'
import { cutPage, oneMore, pageRequest } from '../http/page.ts'
import { cdrView } from '@chargelane/db/views/cdrs'
import { invoiceView } from '@chargelane/db/views/invoices'
import { pageView } from '../http/page.ts'
import { paymentView } from '@chargelane/db/views/payments'
import { settlementView } from '@chargelane/db/views/settlements'

/** A partner or operator sees its own, finance and the platform see all. */
const ownOrAll = (viewer: Viewer) => (viewer.sees === viewer.accountId ? viewer.accountId : 'all')

function cdrScope(viewer: Viewer): CdrScope {
  if (viewer.type === 'partner') return { partner: viewer.accountId }
  return viewer.type === 'cpo' ? { cpo: viewer.accountId } : 'all'
}

/** The operator sold what the partner bought. */
function invoiceScope(viewer: Viewer): InvoiceScope {
  if (viewer.type === 'partner') return { buyer: viewer.accountId }
  return viewer.type === 'cpo' ? { seller: viewer.accountId } : 'all'
}

const bySession = (query: { session?: string | undefined }) =>
  query.session === undefined ? {} : { sessionId: query.session }

export const paymentRoutes: Handlers<Contract['payments']> = {
  async get({ tx, viewer, params }) {
    const row = await getPayment(tx, ownOrAll(viewer), params.id)
    if (!row) throw missing('payment')
    return paymentView(row)
  },
  async list({ tx, viewer, query }) {
    const page = oneMore(pageRequest(query, 'payment'))
    const rows = await listPayments(tx, ownOrAll(viewer), { ...page, ...bySession(query) })
    return pageView(cutPage(rows, query.limit), paymentView)
  },
}

export const cdrRoutes: Handlers<Contract['cdrs']> = {
  async get({ tx, viewer, params }) {
    const row = await getCdr(tx, cdrScope(viewer), params.id)
    if (!row) throw missing('record')
    const extras = await cdrExtras(tx, [row.id])
    return cdrView(row, extras.get(row.id), true)
  },
  async list({ tx, viewer, query }) {
    const page = oneMore(pageRequest(query, 'cdr'))
    const rows = await listCdrs(tx, cdrScope(viewer), {
      ...page,
      ...bySession(query),
      ...(query.status === undefined ? {} : { status: query.status }),
      ...(query.rule === undefined ? {} : { rule: query.rule }),
      ...(query.reason === undefined ? {} : { reason: query.reason }),
    })
    const cut = cutPage(rows, query.limit)
    const extras = await cdrExtras(
      tx,
      cut.data.map((row) => row.id),
    )
    return pageView(cut, (row) => cdrView(row, extras.get(row.id), false))
  },
}

export const invoiceRoutes: Handlers<Contract['invoices']> = {
  async get({ tx, viewer, params }) {
    const row = await getInvoice(tx, invoiceScope(viewer), params.id)
    if (!row) throw missing('invoice')
    return invoiceView(row)
  },
  async list({ tx, viewer, query }) {
    const page = oneMore(pageRequest(query, 'invoice'))
    const rows = await listInvoices(tx, invoiceScope(viewer), { ...page, ...bySession(query) })
    return pageView(cutPage(rows, query.limit), invoiceView)
  },
  async pdf({ tx, viewer, params }) {
    const row = await getInvoice(tx, invoiceScope(viewer), params.id)
    const bytes = await invoicePdf(tx, invoiceScope(viewer), params.id)
    if (!row || !bytes) throw missing('invoice')
    return { bytes, filename: `${fileName(row.documentNumber)}.pdf` }
  },
  async xml({ tx, viewer, params }) {
    const row = await getInvoice(tx, invoiceScope(viewer), params.id)
    if (!row) throw missing('invoice')
    return { bytes: Buffer.from(row.xml, 'utf8'), filename: `${fileName(row.documentNumber)}.xml` }
  },
}

const fileName = (text: string) => text.replaceAll(/[^\w.-]+/g, '-')

export const settlementRoutes: Handlers<Contract['settlements']> = {
  async list({ tx, viewer, query }) {
    const page = oneMore(pageRequest(query, 'settlement'))
    const rows = await listSettlements(tx, ownOrAll(viewer), page)
    return pageView(cutPage(rows, query.limit), settlementView)
  },
  async get({ tx, viewer, params }) {
    const row = await getSettlement(tx, ownOrAll(viewer), params.id)
    if (!row) throw missing('settlement')
    return settlementView(row)
  },
  async statement({ tx, viewer, params }) {
    const bytes = await statementPdfOf(tx, ownOrAll(viewer), params.id)
    if (!bytes) throw missing('statement yet')
    return { bytes, filename: `${params.id}.pdf` }
  },
  run: {
    async outside({ deps, resourceId }) {
      // One batch per wish: the id was chosen with the idempotency key.
      const batch = `run-${resourceId.slice(-26)}`
      const { workflowId } = await deps.corridor.settle(batch)
      return { batch, workflow_id: workflowId }
    },
  },
}

export const ledgerRoutes: Handlers<Contract['ledger']> = {
  async trial_balance({ tx, now }) {
    const balance = await trialBalance(tx)
    return {
      as_of: now,
      accounts: balance.accounts.map((row) => ({
        account: row.account,
        currency: row.currency,
        debit: row.debitMinor,
        credit: row.creditMinor,
        balance: row.balanceMinor,
      })),
      totals: balance.currencies.map((row) => ({
        currency: row.currency,
        debit: row.debitMinor,
        credit: row.creditMinor,
        difference: row.totalMinor,
      })),
    }
  },
  async entries({ tx, query }) {
    if (!(await getSession(tx, 'all', query.session))) throw missing('session', 'session')
    const rows = await entriesOfSession(tx, query.session)
    return {
      data: rows.map((row) => ({
        id: row.id,
        key: row.key,
        kind: row.kind,
        session: row.sessionId,
        effective_at: row.effectiveAt,
        recorded_at: row.recordedAt,
        postings: row.postings,
      })),
    }
  },
}
