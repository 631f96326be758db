import { z } from 'zod'
import { zIdParam, zInstant, zMoney } from '../common.ts'
import { operation, zListOf, zPage } from '../operation.ts'
import { zId } from '../vocabulary/ids.ts'
import { bankLineStatuses } from '../vocabulary/payment.ts'
import { zApproval, zWhy } from './decisions.ts'

const zStatus = z.enum(bankLineStatuses).meta({
  description:
    '`matched`: all of it settled what was owed. `waiting`: a part belongs to nothing we know. `released`: that part is to the credit of an account. `written_off`: nobody claims it.',
})

export const zBankLine = z
  .object({
    id: zId('bankLine'),
    reference: z.string().max(140).meta({ description: 'Of the bank’s booking; counts once.' }),
    account: zId('account').meta({ description: 'Whom it was recorded for.' }),
    purpose: z
      .string()
      .max(200)
      .meta({ examples: ['debt of a session', 'account'] }),
    amount: zMoney,
    waiting: zMoney.meta({ description: 'Of that, what nothing was owed for.' }),
    status: zStatus,
    received_at: zInstant,
    recorded_at: zInstant,
    released_to: zId('account').nullable(),
    closed_at: zInstant.nullable(),
    closed_reason: z.string().max(500).nullable(),
    proposal: zApproval
      .nullable()
      .meta({ description: 'What one key wants and none has approved.' }),
  })
  .meta({ id: 'BankLine', description: 'Money that came in at the bank, each booking once.' })

const line = (description: string) =>
  ({ status: 200, kind: 'json', description, body: zBankLine }) as const

export const bank_lines = {
  list: operation({
    id: 'bank_lines.list',
    method: 'get',
    path: '/v1/bank_lines',
    summary: 'List money that came in',
    description: 'Newest first. What waits is `status: waiting`, each with an incident.',
    scope: 'ledger:read',
    query: zPage.extend({ status: zStatus.optional(), account: zId('account').optional() }),
    success: {
      status: 200,
      kind: 'json',
      description: 'A page of bookings.',
      body: zListOf('BankLineList', zBankLine),
    },
    errors: [],
    idempotent: false,
  }),
  get: operation({
    id: 'bank_lines.get',
    method: 'get',
    path: '/v1/bank_lines/{id}',
    summary: 'Read a booking of the bank',
    description: 'With what of it waits.',
    scope: 'ledger:read',
    params: zIdParam('bankLine'),
    success: line('The booking.'),
    errors: [],
    idempotent: false,
  }),
  release: operation({
    id: 'bank_lines.release',
    method: 'post',
    path: '/v1/bank_lines/{id}/release',
    summary: 'Release money to whom it belongs',
    description:
      'What waits is to the credit of the account of `account`, by default of the partner that it was recorded for, and is room for what comes.',
    scope: 'settlements:run',
    params: zIdParam('bankLine'),
    body: z
      .strictObject({ reason: zWhy, account: zId('account').optional() })
      .meta({ id: 'BankLineRelease' }),
    success: line('The booking.'),
    errors: ['invalid_transition', 'resource_missing'],
    idempotent: true,
  }),
  write_off: operation({
    id: 'bank_lines.write_off',
    method: 'post',
    path: '/v1/bank_lines/{id}/write_off',
    summary: 'Keep money that nobody claims',
    description:
      'What waits is income of the platform. Two keys have to want it: the first proposes, another one carries it out.',
    scope: 'settlements:run',
    params: zIdParam('bankLine'),
    body: z.strictObject({ reason: zWhy }).meta({ id: 'BankLineWriteOff' }),
    success: line('The booking, with the proposal or closed.'),
    errors: ['invalid_transition'],
    idempotent: true,
  }),
}
