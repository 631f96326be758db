import { listConnections } from '@chargelane/db/queries/locations/connections'
import { connectionView } from '@chargelane/db/views/supply/connections'
import { isTenant } from '@chargelane/corridor/onboarding/act'
import { connect, limitTariffAge, ownConnection } from '@chargelane/corridor/onboarding/connections'
import type { Contract } from '@chargelane/openapi'
import type { Handlers } from '../../http/handler.ts'
import { cutPage, oneMore, pageRequest, pageView } from '../../http/page.ts'
import { checkPeerUrl } from '../../http/door/url-rules.ts'

export const connectionRoutes: Handlers<Contract['connections']> = {
  async create(call) {
    const { deps, body } = call
    if (body.protocol === 'ocpi')
      checkPeerUrl(body.versions_url, 'versions_url', {
        allowLoopback: deps.allowLoopbackUrls,
        code: 'invalid_value',
      })
    return connectionView(await connect(call, body, deps.grantsAtOnce))
  },

  async get({ tx, viewer, params }) {
    return connectionView(await ownConnection(tx, viewer, params.id))
  },

  async update(call) {
    return connectionView(await limitTariffAge(call, call.params.id, call.body))
  },

  async list({ tx, viewer, query }) {
    const page = oneMore(pageRequest(query, 'connection'))
    const rows = await listConnections(tx, isTenant(viewer) ? viewer.sees : 'all', page)
    return pageView(cutPage(rows, query.limit), connectionView)
  },
}
