import { cdrExtras, getCdr, listCdrs, type CdrScope } from '@chargelane/db/queries/sessions/cdrs'
import { cdrView } from '@chargelane/db/views/sales/cdrs'
import type { Contract } from '@chargelane/openapi'
import { missing } from '@chargelane/openapi/vocabulary/errors'
import type { Handlers, Viewer } from '../../http/handler.ts'
import { cutPage, oneMore, pageRequest, pageView } from '../../http/page.ts'
import { bySession } from '../../http/scope.ts'

function scopeOf(viewer: Viewer): CdrScope {
  if (viewer.type === 'partner') return { partner: viewer.accountId }
  return viewer.type === 'cpo' ? { cpo: viewer.accountId } : 'all'
}

export const cdrRoutes: Handlers<Contract['cdrs']> = {
  async get({ tx, viewer, params }) {
    const row = await getCdr(tx, scopeOf(viewer), params.id)
    if (!row) throw missing('record')
    const extras = await cdrExtras(tx, [row.id])
    return cdrView(row, extras.get(row.id), true)
  },
  async list({ tx, viewer, query }) {
    const page = oneMore(pageRequest(query, 'cdr'))
    const rows = await listCdrs(tx, scopeOf(viewer), {
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
