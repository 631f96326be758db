import { listConnections } from '@chargelane/db/queries/locations/connections'
import { connectionView } from '@chargelane/db/views/supply/connections'
import { isTenant } from '@chargelane/corridor/onboarding/act'
import {
  connect,
  invite,
  limitTariffAge,
  ownConnection,
  pause,
  resume,
} from '@chargelane/corridor/onboarding/connections'
import type { Contract } from '@chargelane/openapi'
import type { Handlers } from '../../http/handler.ts'
import { cutPage, oneMore, pageRequest, pageView } from '../../http/page.ts'
import { checkPeerUrl } from '../../http/door/url-rules.ts'

export const connectionRoutes: Handlers<Contract['connections']> = {
  async create(call) {
    const { deps, body } = call
    if (body.protocol === 'ocpi' && body.versions_url !== undefined)
      checkPeerUrl(body.versions_url, 'versions_url', {
        allowLoopback: deps.allowLoopbackUrls,
        code: 'invalid_value',
      })
    const { row, tokenA } = await connect(call, body, deps.grantsAtOnce)
    return connectionView(row, deps.ocpiUrl, tokenA)
  },

  async get({ deps, tx, viewer, params }) {
    return connectionView(await ownConnection(tx, viewer, params.id), deps.ocpiUrl)
  },

  async update(call) {
    const row = await limitTariffAge(call, call.params.id, call.body)
    return connectionView(row, call.deps.ocpiUrl)
  },

  async invite(call) {
    const { row, tokenA } = await invite(call, call.params.id)
    return connectionView(row, call.deps.ocpiUrl, tokenA)
  },

  async pause(call) {
    return connectionView(await pause(call, call.params.id), call.deps.ocpiUrl)
  },

  async resume(call) {
    return connectionView(await resume(call, call.params.id), call.deps.ocpiUrl)
  },

  async list({ deps, tx, viewer, query }) {
    const page = oneMore(pageRequest(query, 'connection'))
    const rows = await listConnections(tx, isTenant(viewer) ? viewer.sees : 'all', page)
    return pageView(cutPage(rows, query.limit), (row) => connectionView(row, deps.ocpiUrl))
  },
}
