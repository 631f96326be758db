import { z } from 'zod'
import {
  zChange,
  zCountryCode,
  zCreatedAt,
  zIdParam,
  zInstant,
  zLabel,
  zLivemode,
  zUrl,
} from '../common.ts'
import { operation, zListOf, zPage } from '../operation.ts'
import { zId } from '../vocabulary/ids.ts'
import { connectionStatuses } from '../vocabulary/status.ts'

const zPartyId = z
  .string()
  .regex(/^[A-Z0-9]{3}$/, 'must be three letters or digits')
  .meta({ description: 'OCPI party id.', examples: ['ALP'] })

/** A minute to thirty days. */
const zTariffAge = z.int().min(60).max(2_592_000)

export const zConnection = z
  .object({
    id: zId('connection'),
    cpo: zId('account'),
    protocol: z.enum(['node', 'ocpi']),
    status: z.enum(connectionStatuses),
    country_code: zCountryCode,
    party_id: zPartyId,
    versions_url: z.string().max(500).nullable(),
    version: z.string().max(12).nullable(),
    last_error: zLabel
      .nullable()
      .meta({ description: 'Why the last handshake or call failed, in words.' }),
    last_ok_at: zInstant.nullable(),
    last_pulled_at: zInstant.nullable(),
    tariffs_confirmed_at: zInstant.nullable().meta({
      description: 'Start of the last pull of tariffs that came to its end.',
    }),
    tariff_max_age_s: zTariffAge.meta({
      description: 'Tariffs not confirmed for so long are not sold. A node’s own never age.',
    }),
    tariff_slo_s: zTariffAge.meta({ description: 'Age your tariffs should never exceed.' }),
    our_versions_url: z.string().max(500).nullable().meta({
      description: 'Our OCPI versions endpoint, for your registration with us; null on our node.',
    }),
    token_a: z.string().max(64).nullable().meta({
      description:
        'CREDENTIALS_TOKEN_A for your registration with us: only in the answer that makes it, null ever after.',
    }),
    livemode: zLivemode,
    created_at: zCreatedAt,
  })
  .meta({ id: 'Connection', description: 'How we reach the chargers of one operator.' })

const zNodeConnection = z
  .strictObject({
    protocol: z.literal('node'),
    country_code: zCountryCode,
    party_id: zPartyId,
  })
  .meta({ id: 'NodeConnectionCreate', description: 'Chargers that connect to us over OCPP.' })

const zOcpiConnection = z
  .strictObject({
    protocol: z.literal('ocpi'),
    country_code: zCountryCode,
    party_id: zPartyId,
    versions_url: zUrl.optional().meta({
      description:
        'Your OCPI versions endpoint. https, unless this sandbox allows loopback. Without it you register with us, by the `token_a` of the answer.',
      examples: ['https://ocpi.example.com/versions'],
    }),
    token_a: z
      .string()
      .regex(/^[\x21-\x7e]{1,64}$/, 'must be 1 to 64 printable ASCII characters')
      .optional()
      .meta({ description: 'CREDENTIALS_TOKEN_A, as it goes on the wire before encoding.' }),
  })
  .refine(({ versions_url, token_a }) => (versions_url === undefined) === (token_a === undefined), {
    path: ['token_a'],
    message: 'goes with versions_url: both where we register with you, none where you do with us',
  })
  .meta({
    id: 'OcpiConnectionCreate',
    description: 'An operator with its own OCPI endpoint: 2.1.1, 2.2.1 or 2.3.0.',
  })

export const connections = {
  create: operation({
    id: 'connections.create',
    method: 'post',
    path: '/v1/connections',
    summary: 'Connect chargers',
    description:
      '`node`: your chargers will connect to us over OCPP. `ocpi`: we perform the credentials handshake with your endpoint in the background; the connection is `handshaking` until it is `live`, and `last_error` says what is missing. Without `versions_url` the answer has `our_versions_url` and a `token_a`, by which your system registers with us. The party must be yours or granted to you (`parties`); a free one is claimed with it.',
    scope: 'supply:write',
    body: z.discriminatedUnion('protocol', [zNodeConnection, zOcpiConnection]).meta({
      id: 'ConnectionCreate',
    }),
    success: { status: 201, kind: 'json', description: 'The connection.', body: zConnection },
    errors: ['party_not_granted'],
    idempotent: true,
  }),
  get: operation({
    id: 'connections.get',
    method: 'get',
    path: '/v1/connections/{id}',
    summary: 'Read a connection',
    description: 'State and health of one connection.',
    scope: 'supply:write',
    params: zIdParam('connection'),
    success: { status: 200, kind: 'json', description: 'The connection.', body: zConnection },
    errors: [],
    idempotent: false,
  }),
  update: operation({
    id: 'connections.update',
    method: 'patch',
    path: '/v1/connections/{id}',
    summary: 'Change a connection',
    description: 'How old tariffs may be before they are not sold, and how old they should be.',
    scope: 'supply:write',
    params: zIdParam('connection'),
    body: zChange({
      tariff_max_age_s: zTariffAge.optional(),
      tariff_slo_s: zTariffAge.optional(),
    }).meta({ id: 'ConnectionUpdate' }),
    success: { status: 200, kind: 'json', description: 'The connection.', body: zConnection },
    errors: [],
    idempotent: false,
  }),
  invite: operation({
    id: 'connections.invite',
    method: 'post',
    path: '/v1/connections/{id}/invite',
    summary: 'Register anew',
    description:
      'Makes another CREDENTIALS_TOKEN_A by which your system registers with us; what both sides used before is void at once, and nothing is sold over the connection until it is `live` again.',
    scope: 'supply:write',
    params: zIdParam('connection'),
    success: {
      status: 200,
      kind: 'json',
      description: 'The connection with its token, shown once.',
      body: zConnection,
    },
    errors: ['resource_missing', 'invalid_transition'],
    idempotent: true,
  }),
  pause: operation({
    id: 'connections.pause',
    method: 'post',
    path: '/v1/connections/{id}/pause',
    summary: 'Pause a connection',
    description:
      'Nothing new is sold over it and nothing is pulled, until it is resumed. What charges goes on, and what you push is taken.',
    scope: 'supply:write',
    params: zIdParam('connection'),
    success: { status: 200, kind: 'json', description: 'The connection.', body: zConnection },
    errors: ['resource_missing', 'invalid_transition'],
    idempotent: true,
  }),
  resume: operation({
    id: 'connections.resume',
    method: 'post',
    path: '/v1/connections/{id}/resume',
    summary: 'Resume a connection',
    description:
      'Reads every tariff and location anew; it is `handshaking` until that is done. Also tries a handshake again at once that waits after a failure.',
    scope: 'supply:write',
    params: zIdParam('connection'),
    success: { status: 200, kind: 'json', description: 'The connection.', body: zConnection },
    errors: ['resource_missing', 'invalid_transition'],
    idempotent: true,
  }),
  list: operation({
    id: 'connections.list',
    method: 'get',
    path: '/v1/connections',
    summary: 'List connections',
    description: 'Newest first.',
    scope: 'supply:write',
    query: zPage,
    success: {
      status: 200,
      kind: 'json',
      description: 'A page of connections.',
      body: zListOf('ConnectionList', zConnection),
    },
    errors: [],
    idempotent: false,
  }),
}
