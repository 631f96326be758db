import { cancelPayout, retryFailedPayout } from '@chargelane/corridor/settlement/returns'
import { getPayout, listPayouts } from '@chargelane/db/queries/documents/payouts'
import { payoutView } from '@chargelane/db/views/money/payouts'
import type { Contract } from '@chargelane/openapi'
import { missing } from '@chargelane/openapi/vocabulary/errors'
import type { Handlers } from '../../http/handler.ts'
import { cutPage, oneMore, pageRequest, pageView } from '../../http/page.ts'
import { ownOrAll } from '../../http/scope.ts'

export const payoutRoutes: Handlers<Contract['payouts']> = {
  async list({ tx, viewer, query }) {
    const { state, rail, settlement, payee } = query
    const page = { ...oneMore(pageRequest(query, 'payout')), state, rail, settlement, payee }
    const rows = await listPayouts(tx, ownOrAll(viewer), page)
    return pageView(cutPage(rows, query.limit), payoutView)
  },
  async get({ tx, viewer, params }) {
    const row = await getPayout(tx, ownOrAll(viewer), params.id)
    if (row === undefined) throw missing('payout')
    return payoutView(row)
  },
  retry: {
    async outside({ deps, viewer, params, body, now }) {
      const asked = { payoutId: params.id, payeeId: ownOrAll(viewer), reason: body.reason }
      return payoutView(await retryFailedPayout(deps.db, { ...asked, keyId: viewer.keyId, now }))
    },
  },
  cancel: {
    async outside({ deps, viewer, params, body, now }) {
      const asked = { payoutId: params.id, payeeId: ownOrAll(viewer), reason: body.reason }
      return payoutView(await cancelPayout(deps.db, { ...asked, keyId: viewer.keyId, now }))
    },
  },
}
