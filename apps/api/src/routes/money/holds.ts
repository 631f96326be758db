import { getHold, listHolds } from '@chargelane/db/queries/payments/payments'
import { holdView } from '@chargelane/db/views/money/holds'
import type { Contract } from '@chargelane/openapi'
import { missing } from '@chargelane/openapi/vocabulary/errors'
import type { Handlers } from '../../http/handler.ts'
import { cutPage, oneMore, pageRequest, pageView } from '../../http/page.ts'
import { ofPayer, ownOrAll } from '../../http/scope.ts'

export const holdRoutes: Handlers<Contract['holds']> = {
  async get({ tx, viewer, params }) {
    const row = await getHold(tx, ownOrAll(viewer), params.id)
    if (!row) throw missing('hold')
    return holdView(row)
  },
  async list({ tx, viewer, query }) {
    const page = oneMore(pageRequest(query, 'hold'))
    const { status } = query
    const rows = await listHolds(tx, ownOrAll(viewer), {
      ...page,
      ...ofPayer(query),
      ...(status === undefined ? {} : { status }),
    })
    return pageView(cutPage(rows.map(holdView), query.limit), (hold) => hold)
  },
}
