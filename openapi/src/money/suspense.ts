import { z } from 'zod'
import { zIdParam, zInstant, zMoney } from '../common.ts'
import { operation, zListOf, zPage } from '../operation.ts'
import { zId } from '../vocabulary/ids.ts'
import { zApproval, zWhy } from './decisions.ts'

export const zSuspenseItem = z
  .object({
    id: zId('suspenseItem'),
    session: zId('session'),
    cdr: zId('cdr'),
    cpo: zId('account'),
    amount: zMoney.meta({ description: 'What the record asks above the price of the quote.' }),
    account: z
      .string()
      .max(200)
      .meta({ description: 'The ledger account that holds it until it is decided.' }),
    entry: z.string().max(200).meta({ description: 'Key of the ledger entry.' }),
    rules: z.array(z.string().max(60)).max(50),
    reasons: z.array(z.string().max(60)).max(50),
    status: z.enum(['open', 'released', 'granted']),
    age_days: z.int().min(0).meta({ description: 'Whole days since it was opened.' }),
    dispute_due: z
      .boolean()
      .meta({ description: 'Open for a week and due to become a dispute by itself.' }),
    dispute_due_at: zInstant,
    opened_at: zInstant,
    closed_at: zInstant.nullable(),
    closed_reason: z.string().max(500).nullable(),
    proposal: zApproval
      .nullable()
      .meta({ description: 'A grant that one key wants and none has approved.' }),
  })
  .meta({
    id: 'SuspenseItem',
    description: 'A claim above the public price. It moves nobody’s money until it is decided.',
  })

const zSuspenseAging = z
  .object({
    as_of: zInstant,
    data: z
      .array(
        z.object({
          cpo: zId('account'),
          account: z.string().max(200),
          items: z.int().min(0),
          amount: zMoney,
          due_items: z.int().min(0),
          due_amount: zMoney,
          oldest_at: zInstant,
        }),
      )
      .max(1_000),
  })
  .meta({ id: 'SuspenseAging', description: 'Open claims per ledger account, with their age.' })

const decided = (verb: 'release' | 'grant', summary: string, description: string) =>
  operation({
    id: `suspense.${verb}`,
    method: 'post',
    path: `/v1/suspense/{id}/${verb}`,
    summary,
    description,
    scope: 'settlements:run',
    params: zIdParam('suspenseItem'),
    body: z
      .strictObject({ reason: zWhy })
      .meta({ id: verb === 'release' ? 'SuspenseRelease' : 'SuspenseGrant' }),
    success: {
      status: 200,
      kind: 'json',
      description: 'The claim, with the proposal or closed.',
      body: zSuspenseItem,
    },
    errors: ['invalid_transition'],
    idempotent: true,
  })

export const suspense = {
  list: operation({
    id: 'suspense.list',
    method: 'get',
    path: '/v1/suspense',
    summary: 'List claims above the price',
    description: 'Newest first: an operator its own, finance and the platform all.',
    scope: 'money:read',
    query: zPage.extend({
      status: z.enum(['open', 'released', 'granted']).optional(),
      session: zId('session').optional(),
      cpo: zId('account').optional(),
      due: z
        .enum(['true', 'false'])
        .optional()
        .meta({ description: '`true`: only those due to become disputes.' }),
    }),
    success: {
      status: 200,
      kind: 'json',
      description: 'A page of claims.',
      body: zListOf('SuspenseItemList', zSuspenseItem),
    },
    errors: [],
    idempotent: false,
  }),
  // Before the path with an id, which would take its name for one.
  aging: operation({
    id: 'suspense.aging',
    method: 'get',
    path: '/v1/suspense/aging',
    summary: 'How old are open claims?',
    description: 'One row per ledger account with open items; the amounts are its balance.',
    scope: 'money:read',
    success: { status: 200, kind: 'json', description: 'The ages.', body: zSuspenseAging },
    errors: [],
    idempotent: false,
  }),
  get: operation({
    id: 'suspense.get',
    method: 'get',
    path: '/v1/suspense/{id}',
    summary: 'Read a claim above the price',
    description: 'With the ledger account and entry that hold it.',
    scope: 'money:read',
    params: zIdParam('suspenseItem'),
    success: { status: 200, kind: 'json', description: 'The claim.', body: zSuspenseItem },
    errors: [],
    idempotent: false,
  }),
  release: decided(
    'release',
    'Release a claim above the price',
    'It was withdrawn, or decided against the operator: nobody is paid it, and it is off the books. The operator hears why.',
  ),
  grant: decided(
    'grant',
    'Grant a claim above the price',
    'The platform pays it to the operator with the next batch; the driver pays nothing more. Two keys have to want it: the first proposes, another one carries it out. A claim on a session that nothing was sold of can only be released.',
  ),
}
