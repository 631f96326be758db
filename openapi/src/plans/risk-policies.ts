import { z } from 'zod'
import { zInstant, zMoney, zUnsignedAmount } from '../common.ts'
import { operation } from '../operation.ts'
import { zId } from '../vocabulary/ids.ts'
import { zText } from '../vocabulary/text.ts'

export const zRiskPolicy = z
  .object({
    id: zId('riskPolicy'),
    account: zId('account').meta({ description: 'The partner that pays what its drivers do not.' }),
    payment_source: zId('paymentSource').nullable().meta({
      description: 'The one source it is for; null for all others of the account.',
    }),
    name: z.string().max(80),
    insured: zMoney.meta({
      description: 'What one session may cost beyond its hold, tax included, before it is stopped.',
    }),
    updated_at: zInstant,
  })
  .meta({
    id: 'RiskPolicy',
    description: 'Energy that is delivered although nobody holds money for it, up to an amount.',
  })

export const risk_policies = {
  set: operation({
    id: 'risk_policies.set',
    method: 'post',
    path: '/v1/risk_policies',
    summary: 'Set a risk policy',
    description:
      'For a partner or for one of its payment sources, per currency. Without one, or with 0, a session that is held no more for is stopped. Running sessions follow it from their next look at the hold.',
    scope: 'settlements:run',
    body: z
      .strictObject({
        account: zId('account'),
        payment_source: zId('paymentSource').optional(),
        name: zText(80),
        insured: zUnsignedAmount,
      })
      .meta({ id: 'RiskPolicySet' }),
    success: { status: 200, kind: 'json', description: 'The policy.', body: zRiskPolicy },
    errors: ['resource_missing', 'unsupported_currency'],
    idempotent: true,
  }),
  list: operation({
    id: 'risk_policies.list',
    method: 'get',
    path: '/v1/risk_policies',
    summary: 'List risk policies',
    description: 'Your own; finance sees those of every partner.',
    scope: 'money:read',
    success: {
      status: 200,
      kind: 'json',
      description: 'The policies.',
      body: z.object({ data: z.array(zRiskPolicy).max(10_000) }).meta({ id: 'RiskPolicyList' }),
    },
    errors: [],
    idempotent: false,
  }),
}
