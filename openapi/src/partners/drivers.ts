import { z } from 'zod'
import { zCreatedAt, zDriver, zDriverRef, zIdParam, zInstant, zLivemode } from '../common.ts'
import { operation, zListOf, zPage } from '../operation.ts'
import { zId } from '../vocabulary/ids.ts'
import { paymentKindNames, paymentKindTexts, zPaymentKind } from '../vocabulary/payment.ts'
import type { NamedMethod } from '../vocabulary/payment.ts'

const kindsNaming = (method: NamedMethod) =>
  paymentKindNames.filter((kind) => paymentKindTexts[kind].method === method).join(', ')
const ofProvider = /^pm_[A-Za-z0-9_]{1,120}$/

export const zPaymentSource = z
  .object({
    id: zId('paymentSource'),
    driver: zDriver,
    type: zPaymentKind,
    status: z.enum(['active', 'failing', 'detached']),
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
          (paymentKindTexts[type].method === 'none') === (payment_method === undefined),
        {
          path: ['payment_method'],
          message: `is for ${kindsNaming('of_provider')}, ${kindsNaming('of_partner')} and nothing else`,
        },
      )
      .refine(
        ({ type, payment_method = '' }) =>
          paymentKindTexts[type].method !== 'of_provider' || ofProvider.test(payment_method),
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
    description: '`failing` sources refuse new sessions until an open debt is paid.',
    scope: 'drivers:write',
    params: zIdParam('paymentSource'),
    success: { status: 200, kind: 'json', description: 'The source.', body: zPaymentSource },
    errors: [],
    idempotent: false,
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
