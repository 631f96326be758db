import type { Tx } from '@chargelane/db'
import { decodeCursor, encodeCursor } from '@chargelane/db/queries/page'
import { getAccount } from '@chargelane/db/queries/partners/accounts'
import { accountStatement } from '@chargelane/corridor/plan/account-statement'
import { priceSpreads } from '@chargelane/corridor/agreement/price-spread'
import type { Contract, PriceSpread } from '@chargelane/openapi'
import { missing } from '@chargelane/openapi/vocabulary/errors'
import type { Handlers, Viewer } from '../../http/handler.ts'
import { csvHead, csvLines } from '../../http/csv/non-discrimination-csv.ts'

const csvMost = 10_000
const csvPage = 500

/** Whose EVSEs; a CPO sees its own, the platform and finance any or all. */
async function cpoOf(tx: Tx, viewer: Viewer, asked: string | undefined) {
  if (viewer.type === 'cpo') {
    if (asked !== undefined && asked !== viewer.accountId) throw missing('CPO', 'cpo')
    return viewer.accountId
  }
  if (asked === undefined) return undefined
  const account = await getAccount(tx, viewer.sees, asked)
  if (account?.type !== 'cpo') throw missing('CPO', 'cpo')
  return asked
}

type NonDiscrimination = Pick<
  Handlers<Contract['reports']>,
  'non_discrimination' | 'non_discrimination_csv'
>

export const reportRoutes: NonDiscrimination = {
  async non_discrimination({ tx, viewer, query, now }) {
    const cpo = await cpoOf(tx, viewer, query.cpo)
    const after = query.cursor === undefined ? {} : { after: decodeCursor(query.cursor, 'evse') }
    // An EVSE's connectors stay on one page, so a page holds as many EVSEs as fit with their connectors.
    const { places, rows } = await priceSpreads(tx, cpo, query.at ?? now, {
      ...after,
      limit: query.limit + 1,
    })
    const shown: PriceSpread[] = []
    let last: string | undefined
    for (const place of places.slice(0, query.limit)) {
      const own = rows.filter((row) => row.evse === place.id)
      if (last !== undefined && shown.length + own.length > 100) break
      shown.push(...own.slice(0, 100))
      last = place.id
    }
    const hasMore = last !== undefined && places.at(-1)?.id !== last
    return {
      data: shown,
      has_more: hasMore,
      next_cursor: hasMore && last !== undefined ? encodeCursor(last) : null,
    }
  },

  async non_discrimination_csv({ tx, viewer, query, now }) {
    const cpo = await cpoOf(tx, viewer, query.cpo)
    const at = query.at ?? now
    const lines = [csvHead]
    let page: { after?: string; limit: number } = { limit: csvPage }
    for (let read = 0; read < csvMost; read += csvPage) {
      const { places, rows } = await priceSpreads(tx, cpo, at, page)
      for (const row of rows) lines.push(...csvLines(row))
      const last = places.at(-1)
      if (last === undefined || places.length < csvPage) break
      page = { after: last.id, limit: csvPage }
    }
    return {
      bytes: new TextEncoder().encode(`${lines.join('\r\n')}\r\n`),
      filename: `non-discrimination-${at.slice(0, 10)}.csv`,
    }
  },
}

export const accountReportRoutes: Pick<Handlers<Contract['reports']>, 'account_statement'> = {
  account_statement: (call) => accountStatement(call, call.deps.db, call.query),
}
