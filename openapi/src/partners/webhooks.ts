import { z } from 'zod'
import { zChange, zCreatedAt, zIdParam, zInstant, zLabel, zLivemode, zUrl } from '../common.ts'
import { operation, zListOf, zPage } from '../operation.ts'
import { type EventObject, eventTypes, eventTypesOf } from '../vocabulary/event-types.ts'
import { zId } from '../vocabulary/ids.ts'

/** Each event type, each group of them with a star, and all: what an endpoint can subscribe to and no more. */
const eventPatterns = [
  '*',
  ...new Set(
    eventTypes.flatMap((type) => (type.includes('.') ? [`${type.split('.')[0]}.*`, type] : [type])),
  ),
]

const zEventPattern = z
  .enum(eventPatterns, 'must be `*`, an event we send, or a group of them such as `session.*`')
  .meta({ id: 'EventPattern', examples: ['session.*'] })
export const zEventPatterns = z.array(zEventPattern).min(1).max(50)

/** The events whose `data` is this object. */
export const eventOf = <const N extends EventObject, S extends z.ZodType>(name: N, data: S) =>
  z
    .object({
      id: zId('event'),
      type: z.enum(eventTypesOf(name)),
      object: z.string().max(60).meta({
        description:
          'Id of the object whose story goes on: the session for all that a partner hears of it, else that of `data`.',
      }),
      sequence: z
        .int()
        .min(0)
        .meta({ description: 'Grows per `object`; drop an event older than one you have seen.' }),
      data,
      context: z.record(z.string().max(80), z.unknown()).meta({
        description:
          'What only the event knows: rules that spoke, reasons, ids of what else it touched. Keys may be added.',
      }),
      livemode: zLivemode,
      created_at: zCreatedAt,
    })
    .meta({ id: `${name}Event`, description: `An event whose \`data\` is the ${name} it left.` })

export const zWebhookEndpoint = z
  .object({
    id: zId('webhookEndpoint'),
    url: z.string().max(500),
    secret: z.string().max(100).nullable().meta({
      description: 'Signing secret (`whsec_…`): only in the answer that makes it, null ever after.',
    }),
    events: z.array(z.string().max(80)).max(50),
    status: z.enum(['enabled', 'disabled']),
    disabled_reason: zLabel.nullable(),
    failing_since: zInstant.nullable().meta({
      description:
        'Since when it has taken nothing of what was sent; three days of it disable the endpoint.',
    }),
    previous_secret_until: zInstant.nullable().meta({
      description: 'Until then each delivery carries a signature of the secret before as well.',
    }),
    livemode: zLivemode,
    created_at: zCreatedAt,
  })
  .meta({ id: 'WebhookEndpoint', description: 'Where we send your events.' })

export const zWebhookEndpointEvent = eventOf('WebhookEndpoint', zWebhookEndpoint)

export const zEndpointUrl = zUrl.meta({
  description:
    'https on port 443, a public host, no user name; a sandbox may allow http on loopback. Redirects are not followed.',
  examples: ['https://partner.example/hooks/chargelane'],
})

export const webhook_endpoints = {
  create: operation({
    id: 'webhook_endpoints.create',
    method: 'post',
    path: '/v1/webhook_endpoints',
    summary: 'Register a webhook endpoint',
    description:
      'Events are signed by the Standard Webhooks scheme and sent at least once, in order per object, for up to three days. Answer any 2xx within 10 s. No endpoint waits for another. At most 20 an account.',
    scope: 'webhooks:write',
    body: z
      .strictObject({ url: zEndpointUrl, events: zEventPatterns })
      .meta({ id: 'WebhookEndpointCreate' }),
    success: {
      status: 201,
      kind: 'json',
      description: 'The endpoint with its secret, shown once.',
      body: zWebhookEndpoint,
    },
    errors: ['webhook_url_refused', 'limit_reached'],
    idempotent: true,
  }),
  get: operation({
    id: 'webhook_endpoints.get',
    method: 'get',
    path: '/v1/webhook_endpoints/{id}',
    summary: 'Read a webhook endpoint',
    description: 'A disabled endpoint says why.',
    scope: 'webhooks:write',
    params: zIdParam('webhookEndpoint'),
    success: { status: 200, kind: 'json', description: 'The endpoint.', body: zWebhookEndpoint },
    errors: [],
    idempotent: false,
  }),
  list: operation({
    id: 'webhook_endpoints.list',
    method: 'get',
    path: '/v1/webhook_endpoints',
    summary: 'List webhook endpoints',
    description: 'Newest first.',
    scope: 'webhooks:write',
    query: zPage,
    success: {
      status: 200,
      kind: 'json',
      description: 'A page of endpoints.',
      body: zListOf('WebhookEndpointList', zWebhookEndpoint),
    },
    errors: [],
    idempotent: false,
  }),
  update: operation({
    id: 'webhook_endpoints.update',
    method: 'patch',
    path: '/v1/webhook_endpoints/{id}',
    summary: 'Change a webhook endpoint',
    description:
      'Also switches a disabled endpoint on again: what still waits for it is sent. Events of the time it was disabled are in the log; replay them.',
    scope: 'webhooks:write',
    params: zIdParam('webhookEndpoint'),
    body: zChange({
      url: zEndpointUrl.optional(),
      events: zEventPatterns.optional(),
      status: z.enum(['enabled', 'disabled']).optional(),
    }).meta({ id: 'WebhookEndpointUpdate' }),
    success: { status: 200, kind: 'json', description: 'The endpoint.', body: zWebhookEndpoint },
    errors: ['webhook_url_refused'],
    idempotent: false,
  }),
  delete: operation({
    id: 'webhook_endpoints.delete',
    method: 'delete',
    path: '/v1/webhook_endpoints/{id}',
    summary: 'Remove a webhook endpoint',
    description: 'Nothing more is sent to it. Its events stay in the log.',
    scope: 'webhooks:write',
    params: zIdParam('webhookEndpoint'),
    success: {
      status: 200,
      kind: 'json',
      description: 'The endpoint is gone.',
      body: z.object({ id: zId('webhookEndpoint'), deleted: z.literal(true) }).meta({
        id: 'WebhookEndpointDeleted',
      }),
    },
    errors: [],
    idempotent: false,
  }),
  roll_secret: operation({
    id: 'webhook_endpoints.roll_secret',
    method: 'post',
    path: '/v1/webhook_endpoints/{id}/roll_secret',
    summary: 'Change the signing secret',
    description:
      'Makes a new secret. For `overlap_s` seconds each delivery is signed with both, so that you can change yours without missing one; with 0 the old secret ends at once.',
    scope: 'webhooks:write',
    params: zIdParam('webhookEndpoint'),
    body: z
      .strictObject({ overlap_s: z.int().min(0).max(604_800) })
      .meta({ id: 'WebhookSecretRoll' }),
    success: {
      status: 200,
      kind: 'json',
      description: 'The endpoint with its new secret, shown once.',
      body: zWebhookEndpoint,
    },
    errors: [],
    idempotent: true,
  }),
  test: operation({
    id: 'webhook_endpoints.test',
    method: 'post',
    path: '/v1/webhook_endpoints/{id}/test',
    summary: 'Send a ping',
    description: 'Queues a signed `ping` event for this endpoint, whatever it subscribes to.',
    scope: 'webhooks:write',
    params: zIdParam('webhookEndpoint'),
    success: {
      status: 202,
      kind: 'json',
      description: 'The queued event.',
      body: zWebhookEndpointEvent,
    },
    errors: ['invalid_transition'],
    idempotent: true,
  }),
}
