import { z } from 'zod'
import { zCurrency, zInstant, zMoney } from '../common.ts'
import { operation } from '../operation.ts'
import { zId } from '../vocabulary/ids.ts'

export const zBalance = z
  .object({
    account: zId('account'),
    currency: zCurrency,
    as_of: zInstant,
    pending: zMoney.meta({
      description: 'Owed, and held back: not paid by anybody yet, or its price is looked at.',
    }),
    available: zMoney.meta({ description: 'Owed, and not sent: the next batch takes it.' }),
    reserved: zMoney.meta({ description: 'Kept back against refunds and chargebacks.' }),
    in_transit: zMoney.meta({ description: 'Sent, and not heard to have arrived.' }),
    negative: zMoney.meta({
      description:
        'By how much more was taken back than sold. It is made up for by what is sold next, of this account and currency alone; until then nothing is paid.',
    }),
    negative_since: zInstant.nullable(),
  })
  .meta({ id: 'Balance', description: 'What an account is owed in one currency.' })

const balancesMax = 200

export const balances = {
  list: operation({
    id: 'balances.list',
    method: 'get',
    path: '/v1/balances',
    summary: 'Read balances',
    description:
      'Of your account, or of `account` for finance and the platform: one for each currency in which it was ever owed anything, as of now or of any instant before.',
    scope: 'money:read',
    query: z.object({
      account: zId('account').optional(),
      as_of: zInstant.optional().meta({ description: 'Not in the future.' }),
    }),
    success: {
      status: 200,
      kind: 'json',
      description: 'The balances.',
      body: z
        .object({ data: z.array(zBalance).max(balancesMax) })
        .meta({ id: 'Balances', description: 'By currency.' }),
    },
    errors: ['resource_missing', 'invalid_value'],
    idempotent: false,
  }),
}
