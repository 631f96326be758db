import { randomBytes } from 'node:crypto'
import { getEvent, listEvents, replayEvents } from '@chargelane/db/queries/outbox/outbox'
import { decodeCursorText, encodeCursor, invalidCursor } from '@chargelane/db/queries/page'
import {
  createEndpoint,
  deleteEndpoint,
  getEndpoint,
  listEndpoints,
  queuePing,
  updateEndpoint,
} from '@chargelane/db/queries/outbox/webhook-endpoints'
import type { Contract } from '@chargelane/openapi'
import { eventTypes } from '@chargelane/openapi/vocabulary/event-types'
import { DomainError, missing } from '@chargelane/openapi/vocabulary/errors'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import type { Deps, Handlers } from '../http/handler.ts'
import { pageRequest } from '../http/page.ts'
import { checkPeerUrl } from '../http/url-rules.ts'
import { endpointView } from '@chargelane/db/views/webhook-endpoints'
import { eventView } from '@chargelane/db/views/events'
import { pageView } from '../http/page.ts'

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

/** The log is ordered by position, so its cursor is one. */
function positionOf(cursor: string | undefined): number {
  if (cursor === undefined) return 0
  const text = decodeCursorText(cursor)
  if (!/^\d{1,15}$/.test(text)) throw invalidCursor()
  return Number(text)
}

/** `session.*` as the list of types it stands for. */
const typesMatching = (patterns: readonly string[]): string[] =>
  eventTypes.filter((type) =>
    patterns.some(
      (pattern) =>
        pattern === '*' ||
        pattern === type ||
        (pattern.endsWith('.*') && type.startsWith(pattern.slice(0, -1))),
    ),
  )

export const eventRoutes: Handlers<Contract['events']> = {
  async list({ tx, viewer, query }) {
    const after = positionOf(query.cursor)
    const rows = await listEvents(tx, viewer.sees, after, query.limit + 1)
    const data = rows.slice(0, query.limit)
    const last = data.at(-1)
    return {
      data: data.map(eventView),
      has_more: rows.length > query.limit,
      // Also on the last page: the reader goes on from here when there is more.
      next_cursor: last ? encodeCursor(String(last.position)) : (query.cursor ?? null),
    }
  },

  async get({ tx, viewer, params }) {
    const row = await getEvent(tx, viewer.sees, params.id)
    if (!row) throw missing('event')
    return eventView(row)
  },

  async replay({ tx, viewer, body, now }) {
    const deliveries = await replayEvents(tx, viewer.accountId, {
      from: body.from,
      to: body.to,
      at: now,
      ...(body.types === undefined ? {} : { types: typesMatching(body.types) }),
    })
    return { deliveries }
  },
}
