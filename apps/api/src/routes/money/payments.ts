import { getPayment, listPayments } from '@chargelane/db/queries/payments/payments'
import { paymentView } from '@chargelane/db/views/money/payments'
import type { Contract } from '@chargelane/openapi'
import { missing } from '@chargelane/openapi/vocabulary/errors'
import type { Handlers } from '../../http/handler.ts'
import { cutPage, oneMore, pageRequest, pageView } from '../../http/page.ts'
import { ofPayer, ownOrAll } from '../../http/scope.ts'

export const paymentRoutes: Handlers<Contract['payments']> = {
  async get({ tx, viewer, params }) {
    const row = await getPayment(tx, ownOrAll(viewer), params.id)
    if (!row) throw missing('payment')
    return paymentView(row)
  },
  async list({ tx, viewer, query }) {
    const page = oneMore(pageRequest(query, 'payment'))
    const { status } = query
    const rows = await listPayments(tx, ownOrAll(viewer), {
      ...page,
      ...ofPayer(query),
      ...(status === undefined ? {} : { status }),
    })
    return pageView(cutPage(rows, query.limit), paymentView)
  },
}
