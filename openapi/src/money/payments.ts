import { z } from 'zod'
import { zCreatedAt, zIdParam, zInstant, zMoney } from '../common.ts'
import { operation, zListOf } from '../operation.ts'
import { zId } from '../vocabulary/ids.ts'
import { declineAdvices, paymentStatuses, zPaymentKind } from '../vocabulary/payment.ts'
import { zOfPayer } from './holds.ts'

export const zPayment = z
  .object({
    id: zId('payment'),
    session: zId('session'),
    hold: zId('hold').nullable().meta({ description: 'Null where nothing was ever held.' }),
    payment_source: zId('paymentSource'),
    type: zPaymentKind,
    attempt: z.int().min(1),
    status: z.enum(paymentStatuses),
    hold_amount: zMoney,
    captured_amount: zMoney.nullable(),
    psp_reference: z
      .string()
      .max(120)
      .nullable()
      .meta({ description: "The payment provider's id, as on the bank statement." }),
    decline_code: z.string().max(80).nullable(),
    decline_advice: z.enum(declineAdvices).nullable().meta({
      description:
        'What the card issuer advises: `try_again_later`, `confirm_card_data` (ask the driver to enter the card anew) or `do_not_try_again`; null where it says nothing.',
    }),
    network_decline_code: z
      .string()
      .max(20)
      .nullable()
      .meta({ description: 'The card network’s own code of the refusal, e.g. `51`.' }),
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
  .meta({ id: 'Payment', description: 'One payment authorization and what was taken of it.' })

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
    query: zOfPayer.extend({ status: z.enum(paymentStatuses).optional() }),
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
