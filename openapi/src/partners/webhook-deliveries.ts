import { z } from 'zod'
import { zCreatedAt, zIdParam, zInstant, zLabel, zLivemode } from '../common.ts'
import { operation, zListOf, zPage } from '../operation.ts'
import { eventTypes } from '../vocabulary/event-types.ts'
import { zId } from '../vocabulary/ids.ts'

const zDeliveryStatus = z.enum(['pending', 'failing', 'succeeded', 'dead']).meta({
  id: 'WebhookDeliveryStatus',
  description:
    '`failing`: the last attempt failed and another one follows. `dead`: given up, later events of its object no longer wait for it.',
})

const zDeliveryAttempt = z
  .object({
    at: zInstant,
    duration_ms: z.int().min(0),
    http_status: z.int().min(100).max(599).nullable(),
    error: zLabel.nullable().meta({ description: 'Null where your endpoint answered 2xx.' }),
  })
  .meta({ id: 'WebhookAttempt', description: 'One time we sent it.' })

export const zWebhookDelivery = z
  .object({
    id: zId('webhookDelivery'),
    webhook_endpoint: zId('webhookEndpoint'),
    event: zId('event'),
    event_type: z.enum(eventTypes),
    object: z.string().max(60),
    sequence: z.int().min(0),
    status: zDeliveryStatus,
    next_attempt_at: zInstant.nullable().meta({
      description:
        'Not before; an endpoint that rests or an older event of its object may delay it.',
    }),
    attempts: z
      .array(zDeliveryAttempt)
      .max(30)
      .meta({ description: 'The newest 30 attempts, oldest first.' }),
    livemode: zLivemode,
    created_at: zCreatedAt,
  })
  .meta({ id: 'WebhookDelivery', description: 'One event on its way to one endpoint.' })

export const webhook_deliveries = {
  list: operation({
    id: 'webhook_deliveries.list',
    method: 'get',
    path: '/v1/webhook_deliveries',
    summary: 'List webhook deliveries',
    description: 'Newest first: what was sent to your endpoints, and what came of it.',
    scope: 'webhooks:write',
    query: zPage.extend({
      webhook_endpoint: zId('webhookEndpoint').optional(),
      event: zId('event').optional(),
      status: zDeliveryStatus.optional(),
    }),
    success: {
      status: 200,
      kind: 'json',
      description: 'A page of deliveries.',
      body: zListOf('WebhookDeliveryList', zWebhookDelivery),
    },
    errors: [],
    idempotent: false,
  }),
  get: operation({
    id: 'webhook_deliveries.get',
    method: 'get',
    path: '/v1/webhook_deliveries/{id}',
    summary: 'Read a webhook delivery',
    description: 'With its attempts.',
    scope: 'webhooks:write',
    params: zIdParam('webhookDelivery'),
    success: { status: 200, kind: 'json', description: 'The delivery.', body: zWebhookDelivery },
    errors: [],
    idempotent: false,
  }),
  resend: operation({
    id: 'webhook_deliveries.resend',
    method: 'post',
    path: '/v1/webhook_deliveries/{id}/resend',
    summary: 'Send a delivery again',
    description: 'Queues it once more, also one that your endpoint has taken.',
    scope: 'webhooks:write',
    params: zIdParam('webhookDelivery'),
    success: {
      status: 202,
      kind: 'json',
      description: 'The delivery, queued.',
      body: zWebhookDelivery,
    },
    errors: ['invalid_transition'],
    idempotent: true,
  }),
}
