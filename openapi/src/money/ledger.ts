import { z } from 'zod'
import { zCurrency, zInstant, zMinorSum, zMoney } from '../common.ts'
import { operation, zListOf, zPage } from '../operation.ts'
import { amountMax } from '../vocabulary/bounds.ts'
import { zId } from '../vocabulary/ids.ts'
import { zApproval, zWhy } from './decisions.ts'
import { zText } from '../vocabulary/text.ts'

const zBalance = z.object({
  account: z.string().max(200).meta({ description: 'Ledger account code.' }),
  currency: zCurrency,
  debit: zMinorSum.meta({ description: 'Sum of debits, minor units.' }),
  credit: zMinorSum.meta({ description: 'Sum of credits, minor units.' }),
  balance: zMinorSum.meta({ description: 'Debit minus credit, minor units.' }),
})

export const zTrialBalance = z
  .object({
    as_of: zInstant.meta({ description: 'What counts later is not in it.' }),
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
    effective_at: zInstant.meta({ description: 'The instant it counts at.' }),
    occurred_at: zInstant
      .nullable()
      .meta({ description: 'When it happened, where that is in a period closed before.' }),
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

const zAccountClass = z
  .object({
    name: z.string().max(40),
    kind: z.enum(['asset', 'liability', 'income', 'expense', 'clearing', 'suspense']),
    normal_side: z.enum(['debit', 'credit', 'either']),
    meaning: z.string().max(300),
    clears_within_days: z.int().nullable().meta({
      description: 'Its accounts come to zero within so many days, or an incident opens.',
    }),
  })
  .meta({ id: 'AccountClass', description: 'What a class of ledger accounts means.' })

export const zLedgerClose = z
  .object({
    sequence: z.int().min(1),
    day: z.iso.date().meta({ description: 'The UTC day that it closes.' }),
    entries: z.int().min(0),
    through_entry: z.int().min(0),
    digest: z.string().max(64).meta({
      description:
        'SHA-256 over the SHA-256 of each entry since the close before, as read from the books.',
    }),
    body: z.string().max(100_000).meta({
      description: 'The canonical JSON that is hashed and signed; it names the hash before.',
    }),
    hash: z.string().max(64),
    key_id: z.string().max(40),
    signature: z.string().max(200).meta({ description: 'Ed25519 over the body, base64.' }),
    closed_at: zInstant,
  })
  .meta({ id: 'LedgerClose', description: 'The daily close, chained by hashes and signed.' })

export const zLedgerPeriod = z
  .object({
    open_from: zInstant.meta({ description: 'Nothing counts before it any more.' }),
    reason: z.string().max(500),
    proposed_by: z.string().max(80),
    approved_by: z.string().max(80),
    closed_at: zInstant,
  })
  .meta({ id: 'LedgerPeriod', description: 'A period that two keys have closed.' })

const zEntryFilter = zPage.extend({
  session: zId('session').optional(),
  account: zText(200).optional().meta({ description: 'Code of a ledger account.' }),
  kind: zText(80).optional(),
  from: zInstant.optional().meta({ description: 'Counts at or after.' }),
  until: zInstant.optional().meta({ description: 'Counts before.' }),
  amount_min: z.coerce.number().int().min(0).max(amountMax).optional(),
  amount_max: z.coerce
    .number()
    .int()
    .min(0)
    .max(amountMax)
    .optional()
    .meta({ description: 'Of one of its postings, in minor units, either side.' }),
  reference: zText(140)
    .optional()
    .meta({ description: 'A payment provider’s or a bank’s own, e.g. `pi_…`, `re_…`, `po_…`.' }),
})

const listOf = <T extends z.ZodType>(id: string, item: T, most: number) =>
  z.object({ data: z.array(item).max(most) }).meta({ id })

export const ledger = {
  trial_balance: operation({
    id: 'ledger.trial_balance',
    method: 'get',
    path: '/v1/ledger/trial_balance',
    summary: 'Trial balance',
    description:
      'Every ledger account with its sums, and per currency the proof that they balance; of now, or of what counted up to `as_of`.',
    scope: 'ledger:read',
    query: z.object({ as_of: zInstant.optional() }),
    success: { status: 200, kind: 'json', description: 'The balance.', body: zTrialBalance },
    errors: [],
    idempotent: false,
  }),
  chart: operation({
    id: 'ledger.chart',
    method: 'get',
    path: '/v1/ledger/chart',
    summary: 'Chart of accounts',
    description: 'What each class of accounts means, on which side it stands, and when it clears.',
    scope: 'ledger:read',
    success: {
      status: 200,
      kind: 'json',
      description: 'The classes.',
      body: listOf('AccountClassList', zAccountClass, 100),
    },
    errors: [],
    idempotent: false,
  }),
  entries: operation({
    id: 'ledger.entries',
    method: 'get',
    path: '/v1/ledger/entries',
    summary: 'List ledger entries',
    description: 'Newest first: all of them, or by session, account, period, amount and reference.',
    scope: 'ledger:read',
    query: zEntryFilter,
    success: {
      status: 200,
      kind: 'json',
      description: 'A page of entries.',
      body: zListOf('LedgerEntryList', zLedgerEntry),
    },
    errors: ['resource_missing', 'invalid_cursor'],
    idempotent: false,
  }),
  entry: operation({
    id: 'ledger.entry',
    method: 'get',
    path: '/v1/ledger/entries/{id}',
    summary: 'Read a ledger entry',
    description: 'With all of its postings.',
    scope: 'ledger:read',
    params: z.object({ id: z.coerce.number().int().min(1).max(amountMax) }),
    success: { status: 200, kind: 'json', description: 'The entry.', body: zLedgerEntry },
    errors: [],
    idempotent: false,
  }),
  closes: operation({
    id: 'ledger.closes',
    method: 'get',
    path: '/v1/ledger/closes',
    summary: 'List daily closes',
    description:
      'Newest first. Each is signed with a key of the published list and names the hash of the one before.',
    scope: 'ledger:read',
    query: zPage,
    success: {
      status: 200,
      kind: 'json',
      description: 'A page of closes.',
      body: zListOf('LedgerCloseList', zLedgerClose),
    },
    errors: ['invalid_cursor'],
    idempotent: false,
  }),
  periods: operation({
    id: 'ledger.periods',
    method: 'get',
    path: '/v1/ledger/periods',
    summary: 'List closed periods',
    description: 'Newest first.',
    scope: 'ledger:read',
    success: {
      status: 200,
      kind: 'json',
      description: 'The periods.',
      body: listOf('LedgerPeriodList', zLedgerPeriod, 1_000),
    },
    errors: [],
    idempotent: false,
  }),
  close_period: operation({
    id: 'ledger.close_period',
    method: 'post',
    path: '/v1/ledger/periods',
    summary: 'Close a period',
    description:
      'Nothing counts before `open_from` any more: a fact of then that is heard later is booked at the first open instant, with `occurred_at` beside it. Two keys have to want it: the first proposes (`period` is null), another one carries it out.',
    scope: 'settlements:run',
    body: z.strictObject({ open_from: zInstant, reason: zWhy }).meta({ id: 'LedgerPeriodClose' }),
    success: {
      status: 200,
      kind: 'json',
      description: 'The proposal, and the period once it is closed.',
      body: z
        .object({ approval: zApproval, period: zLedgerPeriod.nullable() })
        .meta({ id: 'LedgerPeriodDecision' }),
    },
    errors: ['invalid_transition', 'period_closed'],
    idempotent: true,
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
