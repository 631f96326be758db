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
    versions_url: zUrl.meta({
      description: 'Your OCPI versions endpoint. https, unless this sandbox allows loopback.',
      examples: ['https://ocpi.example.com/versions'],
    }),
    token_a: z
      .string()
      .regex(/^[\x21-\x7e]{1,64}$/, 'must be 1 to 64 printable ASCII characters')
      .meta({ description: 'CREDENTIALS_TOKEN_A, as it goes on the wire before encoding.' }),
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
      '`node`: your chargers will connect to us over OCPP. `ocpi`: we perform the credentials handshake with your endpoint in the background; the connection is `handshaking` until it is `live`, and `last_error` says what is missing. The party must be yours or granted to you (`parties`); a free one is claimed with it.',
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
