import { giveBack } from '@chargelane/corridor/books/give-back'
import { getRefund, listRefunds } from '@chargelane/db/queries/payments/refunds'
import { refundView } from '@chargelane/db/views/money/refunds'
import type { Contract } from '@chargelane/openapi'
import { missing } from '@chargelane/openapi/vocabulary/errors'
import type { Handlers } from '../../http/handler.ts'
import { cutPage, oneMore, pageRequest, pageView } from '../../http/page.ts'
import { bySession } from '../../http/scope.ts'

/** The books behind a refund are nobody's tenant: it is made and read in the process's own name, for the key's account. */
export const refundRoutes: Handlers<Contract['refunds']> = {
  create: {
    resource: 'refund',
    async outside({ deps, viewer, body, now, resourceId: refundId }) {
      const { payment: paymentId, amount, reason } = body
      const wish = { refundId, paymentId, reason, ...(amount === undefined ? {} : { amount }) }
      const order = await giveBack(deps.db, wish, { keyId: viewer.keyId, now })
      const { sessionId, revision, amount: gets } = order
      await deps.corridor.giveBack(refundId, { sessionId, revision, amount: gets })
      const row = await getRefund(deps.db, viewer.sees, refundId)
      if (!row) throw missing('refund')
      return refundView(row)
    },
  },
  get: {
    async outside({ deps, viewer, params }) {
      const row = await getRefund(deps.db, viewer.sees, params.id)
      if (!row) throw missing('refund')
      return refundView(row)
    },
  },
  list: {
    async outside({ deps, viewer, query }) {
      const page = oneMore(pageRequest(query, 'refund'))
      const rows = await listRefunds(deps.db, viewer.sees, { ...page, ...bySession(query) })
      return pageView(cutPage(rows, query.limit), refundView)
    },
  },
}
