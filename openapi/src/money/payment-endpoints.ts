import { z } from 'zod'
import { zInstant } from '../common.ts'
import { operation } from '../operation.ts'
import { zId } from '../vocabulary/ids.ts'
import { callbackKinds } from '../vocabulary/payment.ts'
import { zEndpointUrl } from '../partners/webhooks.ts'

const zKind = z.enum(callbackKinds)

export const zPaymentEndpoint = z
  .object({
    account: zId('account'),
    kind: zKind,
    url: z.string().max(2_000),
    secret: z.string().max(100).nullable().meta({
      description: 'Signs what you are asked, as Standard Webhooks has it; told once, when set.',
    }),
    updated_at: zInstant,
  })
  .meta({
    id: 'PaymentEndpoint',
    description: 'Where you are asked to authorize what you pay for.',
  })

export const payment_endpoints = {
  set: operation({
    id: 'payment_endpoints.set',
    method: 'post',
    path: '/v1/payment_endpoints',
    summary: 'Set a payment endpoint',
    description: [
      'One per kind; set again it replaces address and secret.',
      'Each question is a POST with `webhook-id`, `webhook-timestamp` and `webhook-signature` (Standard Webhooks) and the body `{ id, type, kind, payment, session, payment_source, payment_method, reference, amount }`.',
      '`type` is `payment.authorize`, `payment.increase` (to `amount` in all), `payment.capture` (at most what is held; the rest is free), `payment.void`, `payment.refund` or `payment.lookup`.',
      'Answer 200 with `{ "status": "approved" }` or `{ "status": "declined", "decline_code": "…" }`, with your `reference` and, for a hold that you will give up by yourself, `expires_at`.',
      'Where you approve less, say how much in `amount`: a capture takes that, and a start, a raise or a refund is refused (`partial_approval`).',
      'A question is repeated under the same `id` until it is answered: answer it once. An authorization that you do not answer within four seconds is denied, and a void follows it.',
      '`payment.lookup` asks what became of it: `authorized`, `declined`, `voided`, `captured` or `none`.',
      'What you approved and we captured is owed by you, within your credit line, and stands on your statement.',
    ].join(' '),
    scope: 'drivers:write',
    body: z.strictObject({ kind: zKind, url: zEndpointUrl }).meta({ id: 'PaymentEndpointSet' }),
    success: {
      status: 200,
      kind: 'json',
      description: 'The endpoint, with its secret.',
      body: zPaymentEndpoint,
    },
    errors: ['webhook_url_refused'],
    idempotent: true,
  }),
  list: operation({
    id: 'payment_endpoints.list',
    method: 'get',
    path: '/v1/payment_endpoints',
    summary: 'List payment endpoints',
    description: 'Your own, without their secrets.',
    scope: 'drivers:write',
    success: {
      status: 200,
      kind: 'json',
      description: 'The endpoints.',
      body: z
        .object({ data: z.array(zPaymentEndpoint).max(10_000) })
        .meta({ id: 'PaymentEndpointList' }),
    },
    errors: [],
    idempotent: false,
  }),
}
