import { missing } from '@chargelane/openapi/vocabulary/errors'
import { decodeCursor, encodeCursor } from '@chargelane/db/queries/page'
import { priceAccuracy } from '@chargelane/db/queries/locations/price-accuracy'
import { getProof } from '@chargelane/db/queries/sessions/proofs'
import { getSuspense, listSuspense, suspenseAging } from '@chargelane/db/queries/ledger/suspense'
import type { SuspenseScope } from '@chargelane/db/queries/ledger/suspense'
import type { Contract } from '@chargelane/openapi'
import { verifyProof } from '@chargelane/rules/proof'
import type { Handlers, Viewer } from '../../http/handler.ts'
import { cutPage, oneMore, pageRequest, pageView } from '../../http/page.ts'
import { priceAccuracyView } from '@chargelane/db/views/sales/price-accuracy'
import { priceProofView } from '@chargelane/db/views/sales/price-proofs'
import { suspenseView } from '@chargelane/db/views/money/suspense'

export const priceProofRoutes: Handlers<Contract['price_proofs']> = {
  async get({ tx, params }) {
    const row = await getProof(tx, params.id)
    if (!row) throw missing('price proof')
    return priceProofView(row)
  },
  verify: {
    // Computes and keeps nothing, so it needs no tx.
    outside: ({ body }) => Promise.resolve(verifyProof(body.proof)),
  },
}

/** What is between us and a CPO is no partner's business. */
function scopeOf(viewer: Viewer): SuspenseScope {
  return viewer.type === 'cpo' || viewer.type === 'partner' ? { cpo: viewer.accountId } : 'all'
}

export const suspenseRoutes: Handlers<Contract['suspense']> = {
  async list({ tx, viewer, query, now }) {
    const page = oneMore(pageRequest(query, 'suspenseItem'))
    const rows = await listSuspense(tx, scopeOf(viewer), {
      ...page,
      now,
      ...(query.status === undefined ? {} : { status: query.status }),
      ...(query.session === undefined ? {} : { sessionId: query.session }),
      ...(query.cpo === undefined ? {} : { cpoId: query.cpo }),
      ...(query.due === undefined ? {} : { due: query.due === 'true' }),
    })
    return pageView(cutPage(rows, query.limit), (row) => suspenseView(row, now))
  },
  async get({ tx, viewer, params, now }) {
    const row = await getSuspense(tx, scopeOf(viewer), params.id)
    if (!row) throw missing('claim')
    return suspenseView(row, now)
  },
  async aging({ tx, viewer, now }) {
    const rows = await suspenseAging(tx, scopeOf(viewer), now)
    return {
      as_of: now,
      data: rows.map((row) => ({
        cpo: row.cpoId,
        account: row.account,
        items: row.items,
        amount: row.amount,
        due_items: row.dueItems,
        due_amount: row.due,
        oldest_at: row.oldestAt,
      })),
    }
  },
}

const thirtyDaysMs = 30 * 86_400_000

type PriceReports = Pick<Handlers<Contract['reports']>, 'price_accuracy'>

export const priceReportRoutes: PriceReports = {
  async price_accuracy({ tx, viewer, query, now }) {
    const to = query.to ?? now
    const from = query.from ?? new Date(Date.parse(to) - thirtyDaysMs).toISOString()
    // A CPO that asks for another's figures is shown its own filter's result: nothing.
    const isOther =
      viewer.type === 'cpo' && query.cpo !== undefined && query.cpo !== viewer.accountId
    const cpoId = viewer.type === 'cpo' ? viewer.accountId : query.cpo
    const rows = isOther
      ? []
      : await priceAccuracy(tx, {
          from,
          to,
          limit: query.limit + 1,
          ...(cpoId === undefined ? {} : { cpoId }),
          ...(query.cursor === undefined ? {} : { after: decodeCursor(query.cursor, 'account') }),
        })
    const data = rows.slice(0, query.limit)
    const hasMore = rows.length > query.limit
    return {
      data: data.map((row) => priceAccuracyView(row, { from, to })),
      has_more: hasMore,
      next_cursor: hasMore ? encodeCursor(data.at(-1)?.cpoId ?? '') : null,
    }
  },
}
