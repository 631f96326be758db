import { z } from 'zod'
import { zCurrency, zIdParam, zInstant, zMoney } from '../common.ts'
import { operation, zListOf, zPage } from '../operation.ts'
import { zId } from '../vocabulary/ids.ts'
import { openItemKinds } from '../vocabulary/settlement/open-items.ts'
import { zText } from '../vocabulary/text.ts'

const zKind = z.enum(openItemKinds)

export const zReconciliation = z
  .object({
    id: zId('reconciliation'),
    made_at: zInstant,
    sides: z
      .array(
        z.object({
          side: z.enum(['provider', 'bank']),
          currency: zCurrency,
          theirs: zMoney.meta({ description: 'What the other side says stands there.' }),
          books: zMoney,
          difference: zMoney,
          in_transit: zMoney.meta({ description: 'Of it, under way and within its time.' }),
          explained: zMoney.meta({ description: 'Of it, what open items come to.' }),
          unexplained: zMoney.meta({ description: 'Nothing, or an open item of its own.' }),
        }),
      )
      .max(400),
    sessions: z.int().min(0).meta({ description: 'Looked at between meters, records and papers.' }),
    findings: z.array(z.object({ kind: zKind, count: z.int().min(1) })).max(50),
  })
  .meta({
    id: 'Reconciliation',
    description: 'The provider, the bank, the books, records and papers, compared.',
  })

export const zOpenItem = z
  .object({
    id: zId('openItem'),
    kind: zKind,
    subject: z
      .string()
      .max(200)
      .meta({ examples: ['ses_01JD…', '12:3', 'po_…'] }),
    amount: zMoney.meta({ description: 'By how much it explains a difference.' }),
    cause: z.string().max(500),
    owner: z.string().max(80),
    age_days: z.int().min(0),
    status: z.enum(['open', 'closed']),
    opened_at: zInstant,
    last_seen_at: zInstant,
    closed_at: zInstant.nullable(),
  })
  .meta({ id: 'OpenItem', description: 'What does not agree, with its age and whose it is.' })

const zLeak = z.object({
  cpo: zId('account'),
  currency: zCurrency,
  sessions: z.int().min(0),
  metered_wh: z.string().max(40).meta({ description: 'Energy at meters, decimal text.' }),
  billed_wh: z.string().max(40).meta({ description: 'Of that, of sessions with a sale.' }),
  settled_wh: z.string().max(40).meta({ description: 'Of that, of sessions that are settled.' }),
  unbilled_sessions: z.int().min(0),
  billed: zMoney,
  settled: zMoney,
})

export const reconciliations = {
  list: operation({
    id: 'reconciliations.list',
    method: 'get',
    path: '/v1/reconciliations',
    summary: 'List reconciliations',
    description: 'Newest first; one is made after each UTC day.',
    scope: 'ledger:read',
    query: zPage,
    success: {
      status: 200,
      kind: 'json',
      description: 'A page of reconciliations.',
      body: zListOf('ReconciliationList', zReconciliation),
    },
    errors: [],
    idempotent: false,
  }),
  get: operation({
    id: 'reconciliations.get',
    method: 'get',
    path: '/v1/reconciliations/{id}',
    summary: 'Read a reconciliation',
    description: 'What was compared, and what came of it.',
    scope: 'ledger:read',
    params: zIdParam('reconciliation'),
    success: {
      status: 200,
      kind: 'json',
      description: 'The reconciliation.',
      body: zReconciliation,
    },
    errors: [],
    idempotent: false,
  }),
  run: operation({
    id: 'reconciliations.run',
    method: 'post',
    path: '/v1/reconciliations/run',
    summary: 'Reconcile now',
    description:
      'Asks the provider and the bank, and compares everything without waiting for the daily run. Read `reconciliations` for what came of it.',
    scope: 'settlements:run',
    body: z
      .strictObject({
        as_of: zInstant.nullable().meta({ description: 'Ages are told as of then; null is now.' }),
      })
      .meta({ id: 'ReconciliationWish' }),
    success: {
      status: 202,
      kind: 'json',
      description: 'The run.',
      body: z.object({ workflow_id: z.string().max(200) }).meta({ id: 'ReconciliationRun' }),
    },
    errors: [],
    idempotent: true,
  }),
}

export const open_items = {
  list: operation({
    id: 'open_items.list',
    method: 'get',
    path: '/v1/open_items',
    summary: 'List open items',
    description: 'Newest first: every difference that is not under way, until both sides agree.',
    scope: 'ledger:read',
    query: zPage.extend({
      status: z.enum(['open', 'closed']).optional(),
      kind: zKind.optional(),
    }),
    success: {
      status: 200,
      kind: 'json',
      description: 'A page of items.',
      body: zListOf('OpenItemList', zOpenItem),
    },
    errors: [],
    idempotent: false,
  }),
  get: operation({
    id: 'open_items.get',
    method: 'get',
    path: '/v1/open_items/{id}',
    summary: 'Read an open item',
    description: 'With its cause, age and owner.',
    scope: 'ledger:read',
    params: zIdParam('openItem'),
    success: { status: 200, kind: 'json', description: 'The item.', body: zOpenItem },
    errors: [],
    idempotent: false,
  }),
  assign: operation({
    id: 'open_items.assign',
    method: 'post',
    path: '/v1/open_items/{id}/assign',
    summary: 'Say whose an open item is',
    description: 'It stays open until both sides agree.',
    scope: 'settlements:run',
    params: zIdParam('openItem'),
    body: z.strictObject({ owner: zText(80) }).meta({ id: 'OpenItemAssign' }),
    success: { status: 200, kind: 'json', description: 'The item.', body: zOpenItem },
    errors: ['invalid_transition'],
    idempotent: true,
  }),
}

export const leakageReports = {
  leakage: operation({
    id: 'reports.leakage',
    method: 'get',
    path: '/v1/reports/leakage',
    summary: 'Energy at meters, billed and settled',
    description:
      'Per operator, of sessions that ended in a time: what left the meters, what of it was sold, and what has been settled. What is missing has an open item.',
    scope: 'ledger:read',
    query: z.object({ from: zInstant, until: zInstant }),
    success: {
      status: 200,
      kind: 'json',
      description: 'A row for each operator and currency.',
      body: z.object({ data: z.array(zLeak).max(10_000) }).meta({ id: 'LeakageReport' }),
    },
    errors: [],
    idempotent: false,
  }),
}
