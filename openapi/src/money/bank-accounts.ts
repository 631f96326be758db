import { z } from 'zod'
import { zCreatedAt, zCurrency, zIdParam, zInstant } from '../common.ts'
import { operation, zListOf, zPage } from '../operation.ts'
import { zIban } from '../partners/accounts.ts'
import { zId } from '../vocabulary/ids.ts'
import {
  bankAccountStates,
  bankAccountTypes,
  payeeChecks,
} from '../vocabulary/settlement/payouts.ts'
import { zText } from '../vocabulary/text.ts'
import { zWhy } from './decisions.ts'

const zState = z.enum(bankAccountStates).meta({
  description:
    '`pending`: waits for a second person, or until `usable_from`. `active`: payouts go there. `replaced`: another one does. `refused`: nothing is paid there.',
})

/** What stands on cheques and forms of its country; each with its own check where there is one. */
const zNumbers = z
  .discriminatedUnion('type', [
    z.strictObject({ type: z.literal('iban'), iban: zIban }),
    z.strictObject({
      type: z.literal('ch'),
      iban: zIban.meta({
        description: 'Of CH or LI. A QR-IBAN is refused: it is for invoices alone.',
      }),
    }),
    z.strictObject({
      type: z.literal('uk'),
      sort_code: z.string().regex(/^\d{6}$/, 'must be six digits'),
      account_number: z.string().regex(/^\d{8}$/, 'must be eight digits'),
    }),
    z.strictObject({
      type: z.literal('us'),
      routing_number: z
        .string()
        .regex(/^\d{9}$/, 'must be nine digits')
        .meta({ description: 'ABA, with its check digit.' }),
      account_number: z.string().regex(/^\d{4,17}$/, 'must be 4 to 17 digits'),
      account_type: z.enum(['checking', 'savings']),
    }),
    z.strictObject({
      type: z.literal('connected'),
      connected_account: z
        .string()
        .regex(/^acct_[A-Za-z0-9]{6,60}$/, 'must be an account of the card provider'),
    }),
  ])
  .meta({ id: 'BankNumbers', description: 'By the kind of the account.' })

export const zBankAccount = z
  .object({
    id: zId('bankAccount'),
    account: zId('account'),
    type: z.enum(bankAccountTypes),
    country: z.string().max(2).nullable(),
    currency: zCurrency,
    last4: z.string().max(4).nullable().meta({ description: 'The whole number is never shown.' }),
    holder: z.string().max(70).nullable(),
    state: zState,
    payee_check: z.enum(payeeChecks).nullable().meta({
      description:
        'What the bank of the account says of the holder’s name; null until it was asked. With `no_match` only a second person makes it count.',
    }),
    payee_name: z.string().max(140).nullable().meta({
      description: 'The name that the bank has, where it says `close_match`.',
    }),
    checked_at: zInstant.nullable(),
    usable_from: zInstant.meta({ description: 'When time alone makes a pending one active.' }),
    confirmed: z.boolean().meta({ description: 'A second person stands for it.' }),
    reason: z.string().max(500).nullable(),
    active_from: zInstant.nullable(),
    ended_at: zInstant.nullable(),
    created_at: zCreatedAt,
  })
  .meta({ id: 'BankAccount', description: 'Where an account is paid in one currency.' })

const shown = (description: string) =>
  ({ status: 200, kind: 'json', description, body: zBankAccount }) as const

export const bank_accounts = {
  create: operation({
    id: 'bank_accounts.create',
    method: 'post',
    path: '/v1/bank_accounts',
    summary: 'Name a bank account',
    description:
      'Payouts go on to the one before until a second person confirms this one, or `bank_account_cooling_s` are over; `bank_account.proposed` tells everybody who hears the account’s events. A number that is unsound, or cannot receive the currency, is refused here. One may wait for each currency.',
    scope: 'payouts:write',
    body: z
      .strictObject({
        account: zId('account')
          .optional()
          .meta({ description: 'Only for the platform: whose; your own by default.' }),
        currency: zCurrency,
        holder: zText(70).meta({ description: 'Who holds the account, as its bank knows it.' }),
        numbers: zNumbers,
      })
      .meta({ id: 'BankAccountCreate' }),
    success: {
      status: 201,
      kind: 'json',
      description: 'The bank account, pending.',
      body: zBankAccount,
    },
    errors: [
      'invalid_value',
      'not_offered',
      'unsupported_currency',
      'invalid_transition',
      'resource_missing',
    ],
    idempotent: true,
  }),
  get: operation({
    id: 'bank_accounts.get',
    method: 'get',
    path: '/v1/bank_accounts/{id}',
    summary: 'Read a bank account',
    description: 'By its end; the whole number is never shown.',
    scope: 'money:read',
    params: zIdParam('bankAccount'),
    success: shown('The bank account.'),
    errors: [],
    idempotent: false,
  }),
  list: operation({
    id: 'bank_accounts.list',
    method: 'get',
    path: '/v1/bank_accounts',
    summary: 'List bank accounts',
    description: 'Newest first, with those that count no more.',
    scope: 'money:read',
    query: zPage.extend({ account: zId('account').optional(), state: zState.optional() }),
    success: {
      status: 200,
      kind: 'json',
      description: 'A page of bank accounts.',
      body: zListOf('BankAccountList', zBankAccount),
    },
    errors: [],
    idempotent: false,
  }),
  confirm: operation({
    id: 'bank_accounts.confirm',
    method: 'post',
    path: '/v1/bank_accounts/{id}/confirm',
    summary: 'Confirm a bank account',
    description:
      'A second person has asked the payee by a way that was known before: it counts from now on. Another key than the one that named it: one of the platform’s, or one of the account’s own that is older than the cooling-off time.',
    scope: 'payouts:write',
    params: zIdParam('bankAccount'),
    body: z.strictObject({ reason: zWhy }).meta({ id: 'BankAccountConfirm' }),
    success: shown('The bank account, active.'),
    errors: ['invalid_transition'],
    idempotent: true,
  }),
  refuse: operation({
    id: 'bank_accounts.refuse',
    method: 'post',
    path: '/v1/bank_accounts/{id}/refuse',
    summary: 'Refuse a bank account',
    description:
      'It was not the payee who named it: nothing is paid there, and the one before stays.',
    scope: 'payouts:write',
    params: zIdParam('bankAccount'),
    body: z.strictObject({ reason: zWhy }).meta({ id: 'BankAccountRefuse' }),
    success: shown('The bank account, refused.'),
    errors: ['invalid_transition'],
    idempotent: true,
  }),
}
