import { z } from 'zod'
import { zInstant } from '../common.ts'
import { operation, zListOf, zPage } from '../operation.ts'
import { zId } from '../vocabulary/ids.ts'

export const zAccessDenial = z
  .object({
    id: zId('accessDenial'),
    account: zId('account')
      .nullable()
      .meta({ description: 'Who asked; null where the key was nobody’s.' }),
    api_key: zId('apiKey').nullable(),
    operation: z.string().max(60),
    subject: z.string().max(200).meta({
      description:
        'The path that was asked for; `*` where no key told who asked, or once an account was refused at too many in an hour.',
    }),
    owner: zId('account')
      .nullable()
      .meta({ description: 'Whose it is, where somebody asked for another’s.' }),
    code: z.string().max(60).meta({ description: 'With which code it was refused.' }),
    count: z.int().min(1).meta({ description: 'How often in its hour.' }),
    first_at: zInstant,
    last_at: zInstant,
    request_id: z.string().max(60).meta({ description: 'Of the last one.' }),
  })
  .meta({ id: 'AccessDenial', description: 'A look or a change that was refused.' })

export const access_denials = {
  list: operation({
    id: 'access_denials.list',
    method: 'get',
    path: '/v1/access_denials',
    summary: 'List denied accesses',
    description:
      'Newest first: who was refused what and why, counted by hour. What was refused as missing is here only where it is another account’s; whoever asked is never told.',
    scope: 'audit:read',
    query: zPage.extend({ account: zId('account').optional(), owner: zId('account').optional() }),
    success: {
      status: 200,
      kind: 'json',
      description: 'A page of denials.',
      body: zListOf('AccessDenialList', zAccessDenial),
    },
    errors: [],
    idempotent: false,
  }),
}
