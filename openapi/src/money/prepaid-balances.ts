import { z } from 'zod'
import { zCurrency, zInstant, zMoney, zPositiveAmount, zUnsignedAmount } from '../common.ts'
import { operation } from '../operation.ts'
import { zId } from '../vocabulary/ids.ts'
import { zText } from '../vocabulary/text.ts'

export const zPrepaidBalance = z
  .object({
    account: zId('account').meta({ description: 'The partner whose money it is.' }),
    currency: zCurrency,
    paid_in: zMoney.meta({ description: 'Paid in and not used, by the books.' }),
    held: zMoney.meta({ description: 'Of that, reserved by sessions that run.' }),
    available: zMoney.meta({ description: 'What is left for new sessions.' }),
    low_below: zMoney.meta({ description: 'Below it `prepaid_balance.low` is sent, once.' }),
    low_since: zInstant.nullable(),
  })
  .meta({
    id: 'PrepaidBalance',
    description: 'Money that a partner paid in ahead; sources of type `prepaid` pay out of it.',
  })

const balance = (description: string) =>
  ({ status: 200, kind: 'json', description, body: zPrepaidBalance }) as const

export const prepaid_balances = {
  list: operation({
    id: 'prepaid_balances.list',
    method: 'get',
    path: '/v1/prepaid_balances',
    summary: 'List prepaid balances',
    description: 'Your own, one per currency; finance sees those of every partner.',
    scope: 'money:read',
    success: {
      status: 200,
      kind: 'json',
      description: 'The balances.',
      body: z
        .object({ data: z.array(zPrepaidBalance).max(10_000) })
        .meta({ id: 'PrepaidBalanceList' }),
    },
    errors: [],
    idempotent: false,
  }),
  set: operation({
    id: 'prepaid_balances.set',
    method: 'post',
    path: '/v1/prepaid_balances',
    summary: 'Open a prepaid balance',
    description:
      'In a currency, with the amount below which you are told. Set again it is changed.',
    scope: 'drivers:write',
    body: z.strictObject({ low_below: zUnsignedAmount }).meta({ id: 'PrepaidBalanceSet' }),
    success: balance('The balance.'),
    errors: ['resource_missing', 'unsupported_currency'],
    idempotent: true,
  }),
  record_payment: operation({
    id: 'prepaid_balances.record_payment',
    method: 'post',
    path: '/v1/prepaid_balances/payments',
    summary: 'Record money that was paid in',
    description:
      'A bank booking counts once by its `reference`. What is dated ahead waits as an incident `unmatched_money`.',
    scope: 'settlements:run',
    body: z
      .strictObject({
        account: zId('account'),
        amount: zPositiveAmount,
        reference: zText(140).meta({ description: 'Of the bank’s booking.' }),
        received_at: zInstant,
      })
      .meta({ id: 'PrepaidPayment' }),
    success: balance('The balance.'),
    errors: ['resource_missing', 'invalid_transition', 'unsupported_currency'],
    idempotent: true,
  }),
}
