import {
  getDelivery,
  listDeliveries,
  resendDelivery,
} from '@chargelane/db/queries/outbox/deliveries'
import { getEndpoint } from '@chargelane/db/queries/outbox/webhook-endpoints'
import { deliveryView } from '@chargelane/db/views/partners/webhook-deliveries'
import type { Contract } from '@chargelane/openapi'
import { DomainError, missing } from '@chargelane/openapi/vocabulary/errors'
import type { Handlers } from '../../http/handler.ts'
import { pageRequest, pageView } from '../../http/page.ts'

export const webhookDeliveryRoutes: Handlers<Contract['webhook_deliveries']> = {
  async list({ tx, viewer, query }) {
    const page = await listDeliveries(tx, viewer.accountId, {
      ...pageRequest(query, 'webhookDelivery'),
      ...(query.webhook_endpoint === undefined ? {} : { endpointId: query.webhook_endpoint }),
      ...(query.event === undefined ? {} : { eventId: query.event }),
      ...(query.status === undefined ? {} : { status: query.status }),
    })
    return pageView(page, deliveryView)
  },

  async get({ tx, viewer, params }) {
    const row = await getDelivery(tx, viewer.accountId, params.id)
    if (!row) throw missing('webhook delivery')
    return deliveryView(row)
  },

  async resend({ tx, viewer, params, now }) {
    const row = await getDelivery(tx, viewer.accountId, params.id)
    const endpoint = row && (await getEndpoint(tx, viewer.accountId, row.endpointId))
    if (!row || !endpoint) throw missing('webhook delivery')
    if (endpoint.status === 'disabled')
      throw new DomainError('invalid_transition', 'The endpoint is disabled; enable it first.')
    await resendDelivery(tx, row, now)
    const queued = await getDelivery(tx, viewer.accountId, params.id)
    if (!queued) throw missing('webhook delivery')
    return deliveryView(queued)
  },
}
