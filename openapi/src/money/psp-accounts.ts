import { z } from 'zod'
import { zCreatedAt, zIdParam, zInstant } from '../common.ts'
import { operation } from '../operation.ts'
import { zId } from '../vocabulary/ids.ts'
import { pspAccountModes, pspAccountStatuses } from '../vocabulary/payment.ts'

/** Never a full secret key: what a key may do that we never need shall not be possible. */
const zRestrictedKey = z
  .string()
  .regex(/^rk_(?:test|live)_[A-Za-z0-9]{8,200}$/, 'must be a restricted key (rk_…)')
const zWebhookSecret = z
  .string()
  .regex(/^whsec_[A-Za-z0-9+/=_-]{16,200}$/, 'must be the signing secret of a webhook endpoint')
const zPublishableKey = z.string().regex(/^pk_(?:test|live)_[A-Za-z0-9]{8,200}$/)

export const zPspAccount = z
  .object({
    id: zId('pspAccount'),
    account: zId('account'),
    provider: z.literal('stripe'),
    mode: z.enum(pspAccountModes),
    provider_account: z.string().max(60),
    status: z.enum(pspAccountStatuses).meta({
      description:
        '`revoked`: the provider refused our key; sources of it start nothing until you give another.',
    }),
    webhook_path: z.string().max(100).meta({
      description: 'Under the address of this API: where your provider has to send its events to.',
    }),
    previous_until: zInstant.nullable().meta({
      description: 'Until then the key and the secret before count too.',
    }),
    checked_at: zInstant,
    revoked_at: zInstant.nullable(),
    created_at: zCreatedAt,
  })
  .meta({
    id: 'PspAccount',
    description: 'Your own account at a payment provider, for sources of type `partner_psp`.',
  })

const account = (description: string) =>
  ({ status: 200, kind: 'json', description, body: zPspAccount }) as const

export const psp_accounts = {
  set: operation({
    id: 'psp_accounts.set',
    method: 'post',
    path: '/v1/psp_accounts',
    summary: 'Register your own payment provider account',
    description: [
      'Either a restricted key of your Stripe account (`restricted_key`; it needs to write PaymentIntents and Refunds and to read PaymentMethods, Charges and balance transactions), or your account connected to ours (`connected`), which we name in each call.',
      'It is tried by a payment of the smallest amount that is never confirmed. Money is captured on your account; what was captured is owed by you within your credit line, as of a `wallet`, and stands on your statement.',
      'Refunds and chargebacks of that account are yours: we hear them at `webhook_path` and show them with the session. Set again it replaces all of it at once.',
    ].join(' '),
    scope: 'drivers:write',
    body: z
      .strictObject({
        mode: z.enum(pspAccountModes),
        provider_account: z.string().regex(/^acct_[A-Za-z0-9]{4,50}$/, 'must be acct_…'),
        api_key: zRestrictedKey.optional(),
        publishable_key: zPublishableKey.optional(),
        webhook_secret: zWebhookSecret,
      })
      .refine(({ mode, api_key }) => (mode === 'restricted_key') === (api_key !== undefined), {
        path: ['api_key'],
        message: 'is for mode restricted_key, and needed there',
      })
      .meta({ id: 'PspAccountSet' }),
    success: account('The account.'),
    errors: ['psp_unavailable'],
    idempotent: true,
  }),
  list: operation({
    id: 'psp_accounts.list',
    method: 'get',
    path: '/v1/psp_accounts',
    summary: 'List payment provider accounts',
    description: 'Your own, without its secrets.',
    scope: 'drivers:write',
    success: {
      status: 200,
      kind: 'json',
      description: 'The accounts.',
      body: z.object({ data: z.array(zPspAccount).max(10_000) }).meta({ id: 'PspAccountList' }),
    },
    errors: [],
    idempotent: false,
  }),
  rotate: operation({
    id: 'psp_accounts.rotate',
    method: 'post',
    path: '/v1/psp_accounts/{id}/rotate',
    summary: 'Replace the key or the webhook secret',
    description:
      'A new key is tried before it is taken. What it replaces stays good for `overlap_s`, so that you revoke it without a gap.',
    scope: 'drivers:write',
    params: zIdParam('pspAccount'),
    body: z
      .strictObject({
        api_key: zRestrictedKey.optional(),
        webhook_secret: zWebhookSecret.optional(),
        overlap_s: z.int().min(0).max(604_800),
      })
      .refine(({ api_key, webhook_secret }) => (api_key ?? webhook_secret) !== undefined, {
        path: ['api_key'],
        message: 'give a key, a secret, or both',
      })
      .meta({ id: 'PspAccountRotate' }),
    success: account('The account.'),
    errors: ['resource_missing', 'invalid_transition', 'psp_unavailable'],
    idempotent: true,
  }),
}
