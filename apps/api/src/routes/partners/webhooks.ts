import { randomBytes } from 'node:crypto'
import {
  createEndpoint,
  deleteEndpoint,
  endpointsMax,
  getEndpoint,
  listEndpoints,
  queuePing,
  rollSecret,
  updateEndpoint,
} from '@chargelane/db/queries/outbox/webhook-endpoints'
import type { Contract } from '@chargelane/openapi'
import { DomainError, missing } from '@chargelane/openapi/vocabulary/errors'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import type { Deps, Handlers } from '../../http/handler.ts'
import { pageRequest, pageView } from '../../http/page.ts'
import { checkPeerUrl } from '../../http/door/url-rules.ts'
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
    if (!row)
      throw new DomainError(
        'limit_reached',
        `An account has at most ${endpointsMax} webhook endpoints; remove one first.`,
      )
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

  async update({ deps, tx, viewer, params, body, now }) {
    if (body.url !== undefined) checkUrl(deps, body.url)
    const patch = {
      ...(body.url === undefined ? {} : { url: body.url }),
      ...(body.events === undefined ? {} : { eventTypes: body.events }),
      ...(body.status === undefined ? {} : { status: body.status }),
    }
    const row = await updateEndpoint(tx, viewer.accountId, params.id, patch, now)
    if (!row) throw missing('webhook endpoint')
    return endpointView(row)
  },

  async delete({ tx, viewer, params }) {
    if (!(await deleteEndpoint(tx, viewer.accountId, params.id))) throw missing('webhook endpoint')
    return { id: params.id, deleted: true }
  },

  async roll_secret({ tx, viewer, params, body, now }) {
    const secret = newSecret()
    const overlapUntil =
      body.overlap_s === 0 ? null : new Date(Date.parse(now) + body.overlap_s * 1_000).toISOString()
    const row = await rollSecret(tx, viewer.accountId, params.id, { secret, overlapUntil })
    if (!row) throw missing('webhook endpoint')
    return endpointView(row, secret)
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
