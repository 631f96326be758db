import { missing } from '@chargelane/openapi/vocabulary/errors'
import {
  changeConnection,
  createConnection,
  findConnection,
  listConnections,
} from '@chargelane/db/queries/locations/connections'
import type { Tx } from '@chargelane/db'
import type { Contract } from '@chargelane/openapi'
import type { Handlers, Viewer } from '../http/handler.ts'
import { cutPage, oneMore, pageRequest } from '../http/page.ts'
import { checkPeerUrl } from '../http/url-rules.ts'
import { connectionView } from '@chargelane/db/views/connections'
import { pageView } from '../http/page.ts'

export const cpoOf = (viewer: Viewer) => (viewer.sees === viewer.accountId ? viewer.sees : 'all')

/** A connection of the caller; another's is not there. */
export async function ownConnection(tx: Tx, viewer: Viewer, id: string, param?: string) {
  const row = await findConnection(tx, id)
  if (!row || (viewer.sees === viewer.accountId && row.cpoId !== viewer.accountId))
    throw missing('connection', param)
  return row
}

export const connectionRoutes: Handlers<Contract['connections']> = {
  async create({ deps, tx, viewer, body, now }) {
    const party = {
      cpoId: viewer.accountId,
      countryCode: body.country_code,
      partyId: body.party_id,
      at: now,
    }
    if (body.protocol === 'node') {
      return connectionView(await createConnection(tx, { ...party, protocol: 'node' }))
    }
    checkPeerUrl(body.versions_url, 'versions_url', {
      allowLoopback: deps.allowLoopbackUrls,
      code: 'validation_error',
    })
    const row = await createConnection(tx, {
      ...party,
      protocol: 'ocpi',
      versionsUrl: body.versions_url,
      tokenOut: body.token_a,
    })
    return connectionView(row)
  },

  async get({ tx, viewer, params }) {
    return connectionView(await ownConnection(tx, viewer, params.id))
  },

  async update({ tx, viewer, params, body }) {
    const row = await ownConnection(tx, viewer, params.id)
    const patch = {
      ...(body.tariff_max_age_s === undefined ? {} : { tariffMaxAgeS: body.tariff_max_age_s }),
      ...(body.tariff_slo_s === undefined ? {} : { tariffSloS: body.tariff_slo_s }),
    }
    return connectionView(await changeConnection(tx, row.id, patch))
  },

  async list({ tx, viewer, query }) {
    const page = pageRequest(query, 'connection')
    const rows = await listConnections(tx, cpoOf(viewer), oneMore(page))
    return pageView(cutPage(rows, query.limit), connectionView)
  },
}
