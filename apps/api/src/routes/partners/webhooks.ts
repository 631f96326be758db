import { randomBytes } from 'node:crypto'
import {
  createEndpoint,
  deleteEndpoint,
  getEndpoint,
  listEndpoints,
  queuePing,
  updateEndpoint,
} from '@chargelane/db/queries/outbox/webhook-endpoints'
import type { Contract } from '@chargelane/openapi'
import { DomainError, missing } from '@chargelane/openapi/vocabulary/errors'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import type { Deps, Handlers } from '../../http/handler.ts'
import { pageRequest, pageView } from '../../http/page.ts'
import { checkPeerUrl } from '../../http/url-rules.ts'
import { endpointView } from '@chargelane/db/views/partners/webhook-endpoints'
import { eventView } from '@chargelane/db/views/partners/events'

/** Standard Webhooks: `whsec_` and base64 of 24 to 64 bytes. */
const newSecret = () => `whsec_${randomBytes(32).toString('base64')}`

const checkUrl = (deps: Deps, url: string) =>
  checkPeerUrl(url, 'url', { allowLoopback: deps.allowLoopbackUrls, code: 'webhook_url_refused' })

export const webhookEndpointRoutes: Handlers<Contract['webhook_endpoints']> = {
  async create({ deps, tx, viewer, body, now }) {
    checkUrl(deps, body.url)
    const secret = newSecret()
    const row = await createEndpoint(tx, {
      accountId: viewer.accountId,
      url: body.url,
      secret,
      eventTypes: body.events,
      at: now,
    })
    return endpointView(row, secret)
  },

  async get({ tx, viewer, params }) {
    const row = await getEndpoint(tx, viewer.accountId, params.id)
    if (!row) throw missing('webhook endpoint')
    return endpointView(row)
  },

  async list({ tx, viewer, query }) {
    const page = await listEndpoints(tx, viewer.accountId, pageRequest(query, 'webhookEndpoint'))
    return pageView(page, (row) => endpointView(row))
  },

  async update({ deps, tx, viewer, params, body }) {
    if (body.url !== undefined) checkUrl(deps, body.url)
    const row = await updateEndpoint(tx, viewer.accountId, params.id, {
      ...(body.url === undefined ? {} : { url: body.url }),
      ...(body.events === undefined ? {} : { eventTypes: body.events }),
      ...(body.status === undefined ? {} : { status: body.status }),
    })
    if (!row) throw missing('webhook endpoint')
    return endpointView(row)
  },

  async delete({ tx, viewer, params }) {
    if (!(await deleteEndpoint(tx, viewer.accountId, params.id))) throw missing('webhook endpoint')
    return { id: params.id, deleted: true }
  },

  async test({ tx, viewer, params, now }) {
    const endpoint = await getEndpoint(tx, viewer.accountId, params.id)
    if (!endpoint) throw missing('webhook endpoint')
    if (endpoint.status === 'disabled') {
      throw new DomainError('invalid_transition', 'The endpoint is disabled; enable it first.')
    }
    const dedupeKey = `ping:${newId('event')}`
    const event = eventView(await queuePing(tx, endpoint, { dedupeKey, at: now }))
    if (event.type !== 'ping') throw new Error(`the ping of ${endpoint.id} is ${event.type}`)
    return event
  },
}
