import { z } from 'zod'
import { zCreatedAt, zIdParam, zInstant, zMoney } from '../common.ts'
import { operation, zListOf, zPage } from '../operation.ts'
import { zId } from '../vocabulary/ids.ts'

export const zPayment = z
  .object({
    id: zId('payment'),
    session: zId('session'),
    payment_source: zId('paymentSource'),
    attempt: z.int().min(1),
    status: z.enum([
      'created',
      'requires_action',
      'authorized',
      'declined',
      'captured',
      'capture_failed',
      'voided',
    ]),
    hold_amount: zMoney,
    captured_amount: zMoney.nullable(),
    psp_reference: z
      .string()
      .max(120)
      .nullable()
      .meta({ description: "The payment provider's id, as on the bank statement." }),
    decline_code: z.string().max(80).nullable(),
    client_secret: z.string().max(200).nullable().meta({
      description: 'For the driver to authenticate with; only while `requires_action`.',
    }),
    publishable_key: z.string().max(200).nullable().meta({
      description:
        'Of the payment provider: with it and `client_secret` the driver’s device answers the challenge, e.g. `stripe.handleNextAction`. Only while `requires_action`.',
    }),
    released_at: zInstant.nullable(),
    created_at: zCreatedAt,
  })
  .meta({ id: 'Payment', description: 'One hold and what became of it.' })

const zOfSession = zPage.extend({
  session: zId('session').optional().meta({ description: 'Only those of this session.' }),
})

export const payments = {
  get: operation({
    id: 'payments.get',
    method: 'get',
    path: '/v1/payments/{id}',
    summary: 'Read a payment',
    description: 'Amounts are those of the payment provider.',
    scope: 'money:read',
    params: zIdParam('payment'),
    success: { status: 200, kind: 'json', description: 'The payment.', body: zPayment },
    errors: [],
    idempotent: false,
  }),
  list: operation({
    id: 'payments.list',
    method: 'get',
    path: '/v1/payments',
    summary: 'List payments',
    description: 'Newest first.',
    scope: 'money:read',
    query: zOfSession,
    success: {
      status: 200,
      kind: 'json',
      description: 'A page of payments.',
      body: zListOf('PaymentList', zPayment),
    },
    errors: [],
    idempotent: false,
  }),
}
