import { z } from 'zod'
import { zCreatedAt, zDriver, zDriverRef, zIdParam, zInstant, zLivemode } from '../common.ts'
import { operation, zListOf, zPage } from '../operation.ts'
import { zId } from '../vocabulary/ids.ts'
import {
  paymentKindNames,
  paymentKindTexts,
  paymentSourceStatuses,
  zCardFacts,
  zPaymentKind,
} from '../vocabulary/payment.ts'
import type { NamedMethod } from '../vocabulary/payment.ts'

const kindsNaming = (method: NamedMethod) =>
  paymentKindNames.filter((kind) => paymentKindTexts[kind].method === method).join(', ')
const ofProvider = /^pm_[A-Za-z0-9_]{1,120}$/

export const zPaymentSource = z
  .object({
    id: zId('paymentSource'),
    driver: zDriver,
    type: zPaymentKind,
    status: z.enum(paymentSourceStatuses).meta({
      description:
        '`requires_action`: the payer is yet to name a card, on your page or with the first start. `failing`: its issuer advised not to ask again; `confirm` it once that is settled.',
    }),
    card: zCardFacts
      .nullable()
      .meta({ description: 'What is shown of a card; null of other kinds.' }),
    client_secret: z.string().max(300).nullable().meta({
      description:
        'With the publishable key: for the Payment Element on your page, cards and wallets alike. Only in the answers of `create` and `confirm` while `requires_action`.',
    }),
    publishable_key: z.string().max(200).nullable(),
    livemode: zLivemode,
    created_at: zCreatedAt,
  })
  .meta({ id: 'PaymentSource', description: 'What pays for a driver.' })

export const payment_sources = {
  create: operation({
    id: 'payment_sources.create',
    method: 'post',
    path: '/v1/payment_sources',
    summary: 'Attach a payment source to a driver',
    description: Object.values(paymentKindTexts)
      .map(({ text }) => text)
      .join(' '),
    scope: 'drivers:write',
    body: z
      .strictObject({
        driver: zDriverRef,
        type: zPaymentKind,
        payment_method: z
          .string()
          .regex(
            /^[A-Za-z0-9_.:@-]{1,120}$/,
            'must be a payment method id (pm_…) or your reference',
          )
          .optional()
          .meta({
            description: `Of a ${kindsNaming('of_provider')}: its provider’s id (pm_…). Of ${kindsNaming('of_partner')}: your own reference. Of ${kindsNaming('none')}: none.`,
            examples: ['pm_card_visa'],
          }),
      })
      .refine(
        ({ type, payment_method }) =>
          type === 'card' ||
          (paymentKindTexts[type].method === 'none') === (payment_method === undefined),
        {
          path: ['payment_method'],
          message: `is for ${kindsNaming('of_provider')}, ${kindsNaming('of_partner')} and nothing else`,
        },
      )
      .refine(
        ({ type, payment_method = '' }) =>
          paymentKindTexts[type].method !== 'of_provider' ||
          (type === 'card' && payment_method === '') ||
          ofProvider.test(payment_method),
        { path: ['payment_method'], message: 'must be a payment method id (pm_…)' },
      )
      .meta({ id: 'PaymentSourceCreate' }),
    success: { status: 201, kind: 'json', description: 'The source.', body: zPaymentSource },
    errors: ['psp_unavailable'],
    idempotent: true,
  }),
  get: operation({
    id: 'payment_sources.get',
    method: 'get',
    path: '/v1/payment_sources/{id}',
    summary: 'Read a payment source',
    description: 'What pays, what is shown of it, and whether it counts.',
    scope: 'drivers:write',
    params: zIdParam('paymentSource'),
    success: { status: 200, kind: 'json', description: 'The source.', body: zPaymentSource },
    errors: [],
    idempotent: false,
  }),
  list: operation({
    id: 'payment_sources.list',
    method: 'get',
    path: '/v1/payment_sources',
    summary: 'List payment sources',
    description: 'Newest first.',
    scope: 'drivers:write',
    query: zPage.extend({
      driver: zId('driver').optional().meta({ description: 'Only those of this driver.' }),
    }),
    success: {
      status: 200,
      kind: 'json',
      description: 'A page of sources.',
      body: zListOf('PaymentSourceList', zPaymentSource),
    },
    errors: [],
    idempotent: false,
  }),
  confirm: operation({
    id: 'payment_sources.confirm',
    method: 'post',
    path: '/v1/payment_sources/{id}/confirm',
    summary: 'Take what the payer has named',
    description:
      'Call it when your page’s Payment Element is done: the provider is asked what became of it. A `failing` source counts again. While the payer has named nothing the source stays `requires_action`, with what the page needs.',
    scope: 'drivers:write',
    params: zIdParam('paymentSource'),
    success: { status: 200, kind: 'json', description: 'The source.', body: zPaymentSource },
    errors: ['psp_unavailable', 'payment_declined', 'invalid_transition'],
    idempotent: true,
  }),
  detach: operation({
    id: 'payment_sources.detach',
    method: 'post',
    path: '/v1/payment_sources/{id}/detach',
    summary: 'Give a payment source up',
    description:
      'It starts nothing any more, and its provider forgets it; sessions that run are paid as they were held.',
    scope: 'drivers:write',
    params: zIdParam('paymentSource'),
    success: { status: 200, kind: 'json', description: 'The source.', body: zPaymentSource },
    errors: ['psp_unavailable'],
    idempotent: true,
  }),
}

export const zToken = z
  .object({
    id: zId('token'),
    driver: zDriver,
    payment_source: zId('paymentSource'),
    uid: z.string().max(36),
    type: z.enum(['RFID', 'APP_USER', 'AD_HOC_USER']),
    contract_id: z.string().max(36),
    status: z.enum(['active', 'blocked']),
    livemode: zLivemode,
    created_at: zCreatedAt,
    updated_at: zInstant,
  })
  .meta({ id: 'Token', description: 'A credential that a driver shows at a charger.' })

const zTokenStatus = z.enum(['active', 'blocked'])

export const tokens = {
  create: operation({
    id: 'tokens.create',
    method: 'post',
    path: '/v1/tokens',
    summary: 'Issue a charging token',
    description:
      'Registers an RFID card for a driver. Sessions started with it are priced at the public tariff and paid by the named source. Operators learn of it over OCPI.',
    scope: 'drivers:write',
    body: z
      .strictObject({
        driver: zDriverRef,
        payment_source: zId('paymentSource'),
        type: z.literal('RFID'),
        uid: z
          .string()
          .regex(/^[A-Za-z0-9]{4,20}$/, 'must be 4 to 20 letters or digits')
          .meta({
            description: 'UID of the card; stored in upper case.',
            examples: ['04A1B2C3D4'],
          }),
        contract_id: z
          .string()
          .regex(/^[A-Za-z0-9*-]{5,36}$/, 'must be an eMAID such as DE-CLN-C00000042-X')
          .optional()
          .meta({ description: 'Contract id (eMAID); made from the token when absent.' }),
      })
      .meta({ id: 'TokenCreate' }),
    success: { status: 201, kind: 'json', description: 'The token.', body: zToken },
    errors: ['resource_missing'],
    idempotent: true,
  }),
  get: operation({
    id: 'tokens.get',
    method: 'get',
    path: '/v1/tokens/{id}',
    summary: 'Read a token',
    description: 'One of your tokens.',
    scope: 'drivers:write',
    params: zIdParam('token'),
    success: { status: 200, kind: 'json', description: 'The token.', body: zToken },
    errors: [],
    idempotent: false,
  }),
  list: operation({
    id: 'tokens.list',
    method: 'get',
    path: '/v1/tokens',
    summary: 'List tokens',
    description: 'Newest first.',
    scope: 'drivers:write',
    query: zPage,
    success: {
      status: 200,
      kind: 'json',
      description: 'A page of tokens.',
      body: zListOf('TokenList', zToken),
    },
    errors: [],
    idempotent: false,
  }),
  update: operation({
    id: 'tokens.update',
    method: 'patch',
    path: '/v1/tokens/{id}',
    summary: 'Block or unblock a token',
    description: 'A blocked token starts nothing from the next second on; running sessions go on.',
    scope: 'drivers:write',
    params: zIdParam('token'),
    body: z.strictObject({ status: zTokenStatus }).meta({ id: 'TokenUpdate' }),
    success: { status: 200, kind: 'json', description: 'The token.', body: zToken },
    errors: [],
    idempotent: false,
  }),
}
