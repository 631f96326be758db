import { z } from 'zod'
import { zIdParam, zInstant, zMoney, zPositiveAmount } from '../common.ts'
import { operation, zListOf, zPage } from '../operation.ts'
import { zId } from '../vocabulary/ids.ts'
import { zLiable } from '../vocabulary/parties.ts'
import { debtStatuses } from '../vocabulary/payment.ts'
import { zText } from '../vocabulary/text.ts'
import { zApproval, zWhy } from './decisions.ts'

const zStatus = z.enum(debtStatuses).meta({
  description:
    '`waived`: the platform bears it and the payees are paid. `written_off`: nobody will pay it; whoever waited for a part of it is not paid that part.',
})

export const zDebt = z
  .object({
    id: zId('debt'),
    session: zId('session'),
    account: zId('account').meta({ description: 'The partner, who owes it.' }),
    payment_source: zId('paymentSource').meta({
      description: 'Pays for nothing new while the debt is open.',
    }),
    amount: zMoney.meta({ description: 'Delivered and not captured.' }),
    paid: zMoney.meta({ description: 'Of that, paid since or taken from the partner’s credit.' }),
    outstanding: zMoney.meta({ description: 'Still to be paid.' }),
    guaranteed: zMoney.meta({
      description:
        'Of what is outstanding, what the partner stands for within its credit: the payees are paid it. The rest waits as `awaiting_funds`.',
    }),
    liable: zLiable.meta({ description: 'Who stands for what is outstanding.' }),
    reason: z
      .string()
      .max(60)
      .meta({ examples: ['hold_too_small'] }),
    status: zStatus,
    proposal: zApproval
      .nullable()
      .meta({ description: 'What one key wants and none has approved.' }),
    created_at: zInstant,
    closed_at: zInstant.nullable(),
  })
  .meta({ id: 'Debt', description: 'Energy that was delivered and not paid, one per session.' })

const debt = (description: string) =>
  ({ status: 200, kind: 'json', description, body: zDebt }) as const

const givenUp = (verb: 'waive' | 'write_off', summary: string, description: string) =>
  operation({
    id: `debts.${verb}`,
    method: 'post',
    path: `/v1/debts/{id}/${verb}`,
    summary,
    description: `${description} Two keys have to want it: the first proposes, another one carries it out.`,
    scope: 'settlements:run',
    params: zIdParam('debt'),
    body: z
      .strictObject({ reason: zWhy })
      .meta({ id: verb === 'waive' ? 'DebtWaive' : 'DebtWriteOff' }),
    success: debt('The debt, with the proposal or closed.'),
    errors: ['invalid_transition'],
    idempotent: true,
  })

export const debts = {
  list: operation({
    id: 'debts.list',
    method: 'get',
    path: '/v1/debts',
    summary: 'List debts',
    description: 'Newest first: your own; finance and the platform see all.',
    scope: 'money:read',
    query: zPage.extend({
      status: zStatus.optional(),
      session: zId('session').optional(),
      account: zId('account').optional(),
    }),
    success: {
      status: 200,
      kind: 'json',
      description: 'A page of debts.',
      body: zListOf('DebtList', zDebt),
    },
    errors: [],
    idempotent: false,
  }),
  get: operation({
    id: 'debts.get',
    method: 'get',
    path: '/v1/debts/{id}',
    summary: 'Read a debt',
    description: 'With what was paid of it and what it waits for.',
    scope: 'money:read',
    params: zIdParam('debt'),
    success: debt('The debt.'),
    errors: [],
    idempotent: false,
  }),
  pay: operation({
    id: 'debts.pay',
    method: 'post',
    path: '/v1/debts/{id}/pay',
    summary: 'Record a payment of a debt',
    description:
      'Money that came in for it, whole or in part. The payees who waited are paid their part in the next batch, and the payment source pays again once nothing is outstanding. A bank booking counts once by its `reference`; what is more than was owed, or dated ahead, waits as an incident `unmatched_money`.',
    scope: 'settlements:run',
    params: zIdParam('debt'),
    body: z
      .strictObject({
        amount: zPositiveAmount,
        reference: zText(140).meta({ description: 'Of the bank’s booking.' }),
        received_at: zInstant,
      })
      .meta({ id: 'DebtPayment' }),
    success: debt('The debt.'),
    errors: ['invalid_transition', 'unsupported_currency'],
    idempotent: true,
  }),
  waive: givenUp(
    'waive',
    'Waive a debt',
    'The platform bears what is outstanding, and the payees are paid.',
  ),
  write_off: givenUp(
    'write_off',
    'Write a debt off',
    'Nobody will pay what is outstanding. What was guaranteed stays paid; whoever still waits for a part is not paid it.',
  ),
}
