import { z } from 'zod'
import { zCurrency, zInstant, zMinorSum, zMoney } from '../common.ts'
import { operation } from '../operation.ts'
import { amountMax } from '../vocabulary/bounds.ts'
import { zId } from '../vocabulary/ids.ts'
import { zApproval, zWhy } from './decisions.ts'

const zBalance = z.object({
  account: z.string().max(200).meta({ description: 'Ledger account code.' }),
  currency: zCurrency,
  debit: zMinorSum.meta({ description: 'Sum of debits, minor units.' }),
  credit: zMinorSum.meta({ description: 'Sum of credits, minor units.' }),
  balance: zMinorSum.meta({ description: 'Debit minus credit, minor units.' }),
})

export const zTrialBalance = z
  .object({
    as_of: zInstant,
    accounts: z.array(zBalance).max(100_000),
    totals: z
      .array(
        z.object({
          currency: zCurrency,
          debit: zMinorSum,
          credit: zMinorSum,
          difference: zMinorSum.meta({
            description: 'Always 0: the database refuses anything else.',
          }),
        }),
      )
      .max(200),
  })
  .meta({ id: 'TrialBalance', description: 'All ledger accounts; debits equal credits.' })

export const zLedgerEntry = z
  .object({
    id: z.int().min(1),
    key: z.string().max(200),
    kind: z.string().max(80),
    session: zId('session').nullable(),
    effective_at: zInstant,
    recorded_at: zInstant,
    postings: z
      .array(
        z.object({
          account: z.string().max(200),
          amount: zMoney.meta({ description: 'Debit positive, credit negative.' }),
        }),
      )
      .max(200),
  })
  .meta({ id: 'LedgerEntry', description: 'An immutable, balanced booking.' })

export const ledger = {
  trial_balance: operation({
    id: 'ledger.trial_balance',
    method: 'get',
    path: '/v1/ledger/trial_balance',
    summary: 'Trial balance',
    description:
      'Every ledger account with its sums, and per currency the proof that they balance.',
    scope: 'ledger:read',
    success: { status: 200, kind: 'json', description: 'The balance.', body: zTrialBalance },
    errors: [],
    idempotent: false,
  }),
  entries: operation({
    id: 'ledger.entries',
    method: 'get',
    path: '/v1/ledger/entries',
    summary: 'Ledger entries of a session',
    description: 'In the order they were booked.',
    scope: 'ledger:read',
    query: z.object({ session: zId('session') }),
    success: {
      status: 200,
      kind: 'json',
      description: 'The entries.',
      body: z.object({ data: z.array(zLedgerEntry).max(1_000) }).meta({ id: 'LedgerEntryList' }),
    },
    errors: ['resource_missing'],
    idempotent: false,
  }),
  reverse: operation({
    id: 'ledger.reverse',
    method: 'post',
    path: '/v1/ledger/entries/{id}/reverse',
    summary: 'Take an entry back',
    description:
      'Books the exact opposite; the entry itself stays. Two keys have to want it: the first proposes (`entry` is null), another one carries it out. Entries of a sale or a payout are refused: those are corrected by their own verbs, since what payees are owed changes with them.',
    scope: 'settlements:run',
    params: z.object({ id: z.coerce.number().int().min(1).max(amountMax) }),
    body: z.strictObject({ reason: zWhy }).meta({ id: 'LedgerReverse' }),
    success: {
      status: 200,
      kind: 'json',
      description: 'The proposal, and the reversal once it is approved.',
      body: z
        .object({ approval: zApproval, entry: zLedgerEntry.nullable() })
        .meta({ id: 'LedgerReversal' }),
    },
    errors: ['invalid_transition'],
    idempotent: true,
  }),
}
