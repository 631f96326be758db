import { z } from 'zod'
import { zIdParam, zInstant, zMoney } from '../common.ts'
import { operation, zListOf, zPage } from '../operation.ts'
import { zId } from '../vocabulary/ids.ts'
import { holdStatuses, zPaymentKind } from '../vocabulary/payment.ts'

const zStatus = z.enum(holdStatuses)

/** How a list is narrowed to what belongs together. */
export const zOfPayer = zPage.extend({
  session: zId('session').optional().meta({ description: 'Only those of this session.' }),
  driver: zId('driver').optional().meta({ description: 'Only those of this driver.' }),
  psp_reference: z
    .string()
    .regex(/^[\w.:-]{1,120}$/)
    .optional()
    .meta({ description: 'Only what the payment provider knows by this id.' }),
})

export const zHold = z
  .object({
    id: zId('hold').meta({
      description: 'The hold of a payment has the payment’s id behind another prefix.',
    }),
    payment: zId('payment'),
    session: zId('session'),
    payment_source: zId('paymentSource'),
    type: zPaymentKind,
    status: zStatus.meta({
      description:
        '`expired`: it ended at the provider without us, because its time was over or because it was given up there.',
    }),
    amount: zMoney.meta({ description: 'What is or was held in all.' }),
    captured: zMoney.nullable().meta({ description: 'Of it: what was taken. The rest went back.' }),
    raises: z.int().min(0).meta({ description: 'How often it was raised.' }),
    psp_reference: z
      .string()
      .max(120)
      .nullable()
      .meta({ description: 'The payment provider’s id, as the driver’s bank sees it.' }),
    expires_at: zInstant.nullable().meta({
      description: 'When the provider gives it back by itself; null where it lasts until it ends.',
    }),
    release_by: zInstant.meta({
      description:
        'When we give it back by ourselves, captured or not: an hourly sweep releases what nobody came for.',
    }),
    released_at: zInstant.nullable().meta({
      description:
        'When we let go of it. A bank may show a hold for some days more: it is asked with the `psp_reference`.',
    }),
    created_at: zInstant,
  })
  .meta({ id: 'Hold', description: 'Money held on a driver’s means of payment for one session.' })

export const holds = {
  get: operation({
    id: 'holds.get',
    method: 'get',
    path: '/v1/holds/{id}',
    summary: 'Read a hold',
    description: 'What is held, until when, and how it ended.',
    scope: 'money:read',
    params: zIdParam('hold'),
    success: { status: 200, kind: 'json', description: 'The hold.', body: zHold },
    errors: [],
    idempotent: false,
  }),
  list: operation({
    id: 'holds.list',
    method: 'get',
    path: '/v1/holds',
    summary: 'List holds',
    description:
      'Newest first. A session may have several: where a card is not raised a second one covers the difference. What was declined never held anything and is among the payments only.',
    scope: 'money:read',
    query: zOfPayer.extend({ status: zStatus.optional() }),
    success: {
      status: 200,
      kind: 'json',
      description: 'A page of holds.',
      body: zListOf('HoldList', zHold),
    },
    errors: [],
    idempotent: false,
  }),
}
