import { z } from 'zod'
import { zCreatedAt, zIdParam, zInstant, zMoney } from '../common.ts'
import { operation, zListOf, zPage } from '../operation.ts'
import { zId } from '../vocabulary/ids.ts'
import { zPartyRole } from '../vocabulary/parties.ts'
import { payoutRails, payoutStates } from '../vocabulary/settlement/payouts.ts'
import { zWhy } from './decisions.ts'

const zState = z.enum(payoutStates).meta({
  description:
    '`created`: not given to the bank yet. `sent`: the bank has it. `paid`: booked. `failed`: the bank refused it. `returned`: it was booked and came back. `cancelled`: it was never sent.',
})
const zRail = z.enum(payoutRails).meta({
  description:
    '`bank`: one by one at our bank. `sepa_file`: a SEPA credit transfer in a file (pain.001). `connect`: an account at the card provider.',
})

export const zPayout = z
  .object({
    id: zId('payout'),
    settlement: zId('settlement'),
    payee: zId('account'),
    role: zPartyRole,
    attempt: z.int().min(1).meta({ description: 'Of its settlement: 1 for the first.' }),
    amount: zMoney,
    state: zState,
    rail: zRail,
    rail_reason: z.string().max(300).meta({ description: 'Why it goes that way.' }),
    instant: z.boolean(),
    bank_account: zId('bankAccount'),
    file: zId('payoutFile').nullable().meta({ description: 'The file that it left with.' }),
    bank_reference: z.string().max(140).nullable().meta({ description: 'The bank’s own.' }),
    failure: z
      .object({
        code: z.string().max(60).nullable().meta({
          description: 'As the bank says it: ISO 20022, e.g. AC04, or the card provider’s.',
        }),
        message: z.string().max(200),
        detail: z.string().max(500).nullable(),
        next: z.enum(['change_account', 'retry', 'ask_bank']).meta({
          description: 'What helps: another bank account, `payouts.retry`, or a word of the bank.',
        }),
      })
      .nullable(),
    created_at: zCreatedAt,
    sent_at: zInstant.nullable(),
    paid_at: zInstant.nullable(),
    ended_at: zInstant.nullable().meta({
      description: 'When it failed, came back or was cancelled.',
    }),
  })
  .meta({ id: 'Payout', description: 'A settlement on its way to its payee, once per attempt.' })

const shown = (description: string) =>
  ({ status: 200, kind: 'json', description, body: zPayout }) as const

export const payouts = {
  list: operation({
    id: 'payouts.list',
    method: 'get',
    path: '/v1/payouts',
    summary: 'List payouts',
    description: 'Newest first; a payee sees its own, finance those of all.',
    scope: 'money:read',
    query: zPage.extend({
      state: zState.optional(),
      rail: zRail.optional(),
      settlement: zId('settlement').optional(),
      payee: zId('account').optional(),
    }),
    success: {
      status: 200,
      kind: 'json',
      description: 'A page of payouts.',
      body: zListOf('PayoutList', zPayout),
    },
    errors: [],
    idempotent: false,
  }),
  get: operation({
    id: 'payouts.get',
    method: 'get',
    path: '/v1/payouts/{id}',
    summary: 'Read a payout',
    description: 'With why it went that way, and why it failed where it did.',
    scope: 'money:read',
    params: zIdParam('payout'),
    success: shown('The payout.'),
    errors: [],
    idempotent: false,
  }),
  retry: operation({
    id: 'payouts.retry',
    method: 'post',
    path: '/v1/payouts/{id}/retry',
    summary: 'Pay again what failed',
    description:
      'For the last attempt of a settlement, where it failed, came back or was cancelled: the next batch sends it as a payout of its own. Where the account was at fault, another one has to be active first.',
    scope: 'payouts:write',
    params: zIdParam('payout'),
    body: z.strictObject({ reason: zWhy }).meta({ id: 'PayoutRetry' }),
    success: shown('The payout as it stands; the next attempt is another one.'),
    errors: ['invalid_transition'],
    idempotent: true,
  }),
  cancel: operation({
    id: 'payouts.cancel',
    method: 'post',
    path: '/v1/payouts/{id}/cancel',
    summary: 'Cancel a payout',
    description:
      'While it is `created` and in no file: what is owed stays owed, on hold until it is asked for again.',
    scope: 'payouts:write',
    params: zIdParam('payout'),
    body: z.strictObject({ reason: zWhy }).meta({ id: 'PayoutCancel' }),
    success: shown('The payout, cancelled.'),
    errors: ['invalid_transition'],
    idempotent: true,
  }),
}
