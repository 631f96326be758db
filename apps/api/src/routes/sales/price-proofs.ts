import { missing } from '@chargelane/openapi/vocabulary/errors'
import { decodeCursor, encodeCursor } from '@chargelane/db/queries/page'
import { priceAccuracy } from '@chargelane/db/queries/locations/price-accuracy'
import { getProof } from '@chargelane/db/queries/sessions/proofs'
import type { Contract } from '@chargelane/openapi'
import { verifyProof } from '@chargelane/rules/proof'
import type { Handlers } from '../../http/handler.ts'
import { priceAccuracyView } from '@chargelane/db/views/sales/price-accuracy'
import { priceProofView } from '@chargelane/db/views/sales/price-proofs'

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
