import { z } from 'zod'
import { zIdParam, zInstant, zMoney, zPositiveAmount } from '../common.ts'
import { operation, zListOf, zPage } from '../operation.ts'
import { zId } from '../vocabulary/ids.ts'
import { refundReasons } from '../vocabulary/payment.ts'

const zReason = z.enum(refundReasons)

export const zRefund = z
  .object({
    id: zId('refund'),
    payment: zId('payment'),
    session: zId('session'),
    amount: zMoney.meta({ description: 'What the payer gets back.' }),
    status: z.enum(['pending', 'refunded', 'refused']).meta({
      description:
        '`refused`: the provider did not give it back, and the payer is owed it until somebody pays it otherwise.',
    }),
    reason: zReason.nullable().meta({
      description: 'Why it was asked for; null where the price itself fell, e.g. by a late record.',
    }),
    psp_reference: z
      .string()
      .max(120)
      .nullable()
      .meta({ description: 'The provider’s own, as on the payer’s statement.' }),
    created_at: zInstant,
    updated_at: zInstant,
  })
  .meta({ id: 'Refund', description: 'Money given back of what a payment captured.' })

const refund = (status: 200 | 201, description: string) =>
  ({ status, kind: 'json', description, body: zRefund }) as const

export const refunds = {
  create: operation({
    id: 'refunds.create',
    method: 'post',
    path: '/v1/refunds',
    summary: 'Give captured money back',
    description:
      'Whole or in part, before or after the payees were paid: the price falls, and with it every share, its tax and the commission in proportion; payees that were paid are charged it in their next settlement. A credit note follows and the pack is sealed anew. The provider is asked at once; `payment.refunded` or `payment.refund_failed` tells how it ended.',
    scope: 'settlements:run',
    body: z
      .strictObject({
        payment: zId('payment'),
        amount: zPositiveAmount
          .optional()
          .meta({ description: 'In the currency of the capture; all that is left when absent.' }),
        reason: z.enum(
          refundReasons.filter(
            (reason) => reason !== 'made_at_provider' && reason !== 'dispute_decided',
          ),
        ),
      })
      .meta({ id: 'RefundCreate' }),
    success: refund(201, 'The refund.'),
    errors: ['resource_missing', 'invalid_transition', 'service_unavailable'],
    idempotent: true,
  }),
  get: operation({
    id: 'refunds.get',
    method: 'get',
    path: '/v1/refunds/{id}',
    summary: 'Read a refund',
    description: 'With what its provider calls it.',
    scope: 'money:read',
    params: zIdParam('refund'),
    success: refund(200, 'The refund.'),
    errors: [],
    idempotent: false,
  }),
  list: operation({
    id: 'refunds.list',
    method: 'get',
    path: '/v1/refunds',
    summary: 'List refunds',
    description: 'Newest first: those of your own payments; finance and the platform see all.',
    scope: 'money:read',
    query: zPage.extend({ session: zId('session').optional() }),
    success: {
      status: 200,
      kind: 'json',
      description: 'A page of refunds.',
      body: zListOf('RefundList', zRefund),
    },
    errors: [],
    idempotent: false,
  }),
}
