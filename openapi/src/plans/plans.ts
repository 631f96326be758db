import { z } from 'zod'
import {
  zCountryCode,
  zCreatedAt,
  zCurrency,
  zDecimal,
  zDocument,
  zIdParam,
  zInstant,
  zLivemode,
  zMoney,
  zPositiveAmount,
  zUnsignedAmount,
  zUnsignedDecimal,
} from '../common.ts'
import { operation, zListOf, zPage } from '../operation.ts'
import { zDiscountBps } from './rate-agreements.ts'
import { zId } from '../vocabulary/ids.ts'
import { zTariffDimension } from '../vocabulary/tariff.ts'
import { zText } from '../vocabulary/text.ts'

const zOverage = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('public') }),
    z.strictObject({
      kind: z.literal('discount'),
      discount_bps: zDiscountBps,
    }),
    z.strictObject({
      kind: z.literal('tariff'),
      tariff: zDocument,
    }),
  ])
  .meta({
    id: 'PlanOverage',
    description:
      'What counts beyond the allowance: the public price, basis points off its components, or an OCPI 2.2.1 tariff of its own. Never above public: the lower price of a session counts.',
  })

const terms = {
  name: zText(120),
  access_fee: zUnsignedAmount.meta({
    description: 'Of one month, tax included; 0 for none. Its currency is the plan’s.',
  }),
  included_kwh: zUnsignedDecimal.meta({ description: 'Per month; "0" for none.' }),
  included: z
    .array(zTariffDimension)
    .max(4)
    .default(['ENERGY'])
    .meta({ description: 'What costs nothing while the allowance lasts; energy always does.' }),
  overage: zOverage,
}

export const zPlanCreate = z
  .strictObject({
    ...terms,
    country: zCountryCode.meta({ description: 'Where it is sold: decides the VAT of the fee.' }),
  })
  .meta({ id: 'PlanCreate' })

export const zPlanVersionCreate = z.strictObject(terms).meta({ id: 'PlanVersionCreate' })

export const zFee = z
  .object({
    net: zMoney,
    vat: zMoney,
    gross: zMoney,
    vat_rate: zDecimal,
    vat_category: z.enum(['S', 'AE', 'O']).meta({ description: 'UNCL 5305, as in EN 16931.' }),
    legal_ref: z.string().max(300),
  })
  .meta({ id: 'AccessFee', description: 'A service with its own VAT, apart from electricity.' })

export const zPlan = z
  .object({
    id: zId('plan'),
    version: z.int().min(1),
    owner: zId('account').meta({
      description: 'Who sells it, is owed its fee, and pays what it takes off the public price.',
    }),
    owner_type: z.enum(['partner', 'cpo']),
    country: zCountryCode,
    name: z.string().max(120),
    access_fee: zFee.meta({ description: 'As of today.' }),
    included_kwh: zDecimal,
    included: z.array(zTariffDimension).max(4),
    overage: zOverage,
    retired: z.boolean().meta({ description: 'Takes no new subscriptions.' }),
    livemode: zLivemode,
    created_at: zCreatedAt,
  })
  .meta({
    id: 'Plan',
    description:
      'A monthly plan a partner or a CPO sells to drivers. The platform charges nobody a recurring fee.',
  })

const one = (description: string) =>
  ({ status: 200, kind: 'json', description, body: zPlan }) as const

export const plans = {
  create: operation({
    id: 'plans.create',
    method: 'post',
    path: '/v1/plans',
    summary: 'Sell a plan',
    description:
      'A partner’s plan counts for its own drivers at every charger, a CPO’s for every partner’s drivers at its own chargers; both where prices are in the plan’s currency.',
    scope: 'plans:write',
    body: zPlanCreate,
    success: { status: 201, kind: 'json', description: 'Version 1.', body: zPlan },
    errors: ['unsupported_currency', 'market_rule_violation'],
    idempotent: true,
  }),
  add_version: operation({
    id: 'plans.add_version',
    method: 'post',
    path: '/v1/plans/{id}/versions',
    summary: 'Sell other terms',
    description:
      'Versions never change. Subscriptions keep theirs until they are moved; quoted sessions keep theirs to the end.',
    scope: 'plans:write',
    params: zIdParam('plan'),
    body: zPlanVersionCreate,
    success: { status: 201, kind: 'json', description: 'The new version.', body: zPlan },
    errors: ['unsupported_currency', 'market_rule_violation', 'invalid_transition'],
    idempotent: true,
  }),
  retire: operation({
    id: 'plans.retire',
    method: 'post',
    path: '/v1/plans/{id}/retire',
    summary: 'Take a plan out of sale',
    description: 'No new subscriptions; those there are go on.',
    scope: 'plans:write',
    params: zIdParam('plan'),
    success: one('The newest version, retired.'),
    errors: [],
    idempotent: true,
  }),
  get: operation({
    id: 'plans.get',
    method: 'get',
    path: '/v1/plans/{id}',
    summary: 'Read a plan',
    description: 'Its newest version, or the one you name. CPOs’ plans are public.',
    scope: 'plans:read',
    params: zIdParam('plan'),
    query: z.object({ version: z.coerce.number().int().min(1).max(1_000_000).optional() }),
    success: one('The version.'),
    errors: [],
    idempotent: false,
  }),
  list: operation({
    id: 'plans.list',
    method: 'get',
    path: '/v1/plans',
    summary: 'List plans',
    description: 'The newest version of each, newest plan first: your own and those of CPOs.',
    scope: 'plans:read',
    query: zPage.extend({ owner: zId('account').optional() }),
    success: {
      status: 200,
      kind: 'json',
      description: 'A page of plans.',
      body: zListOf('PlanList', zPlan),
    },
    errors: [],
    idempotent: false,
  }),
}

export const zRating = z
  .object({
    session: zId('session'),
    purpose: z.enum(['retail', 'wholesale', 'reimbursement']).meta({
      description:
        'What the driver pays, what the sale is made at (the CPO’s leg), what an employer pays back.',
    }),
    revision: z.int().min(1),
    cdr: zId('cdr'),
    usage_hash: z.string().max(80),
    energy_kwh: zDecimal,
    tariff_hash: z.string().max(80),
    engine_version: z.string().max(60),
    total: z.object({ net: zMoney, vat: zMoney, gross: zMoney }),
    reference: z
      .looseObject({})
      .meta({ description: 'What gave the price: plan and subscription, rate, or agreement.' }),
    price_proof: zId('priceProof').nullable(),
    created_at: zInstant,
  })
  .meta({ id: 'SessionRating', description: 'One price of a session’s usage, with its proof.' })

export const ratings = {
  list: operation({
    id: 'ratings.list',
    method: 'get',
    path: '/v1/sessions/{id}/ratings',
    summary: 'Every price of a session',
    description:
      'All are computed from one usage record. A partner sees all of its session’s, the CPO its own leg.',
    scope: 'sessions:read',
    params: zIdParam('session'),
    success: {
      status: 200,
      kind: 'json',
      description: 'The ratings, by purpose and revision.',
      body: z.object({ data: z.array(zRating).max(300) }).meta({ id: 'SessionRatingList' }),
    },
    errors: [],
    idempotent: false,
  }),
}

export const zCreditLine = z
  .object({
    account: zId('account'),
    limit: zMoney.meta({ description: 'What it may owe without security.' }),
    deposit: zMoney.meta({ description: 'What it lodged with us.' }),
    reserve: zMoney.meta({ description: 'What was set aside of its earnings.' }),
    owed: zMoney.meta({
      description: 'By the books: captured on account and not yet paid; negative was paid ahead.',
    }),
    held: zMoney.meta({ description: 'By sessions that run now.' }),
    guaranteed: zMoney.meta({
      description: 'Of its drivers’ open debts, what it stands for: the operators are paid it.',
    }),
    sponsored: zMoney.meta({
      description: 'What its own plans paid of its drivers’ prices and is not yet netted.',
    }),
    available: zMoney.meta({
      description:
        'Limit, deposit and reserve less all that. A quote beyond it is refused, and so is a start.',
    }),
    updated_at: zInstant,
  })
  .meta({
    id: 'CreditLine',
    description: 'What a partner may come to owe, per currency, and how much of it is used.',
  })

export const credit_lines = {
  set: operation({
    id: 'credit_lines.set',
    method: 'post',
    path: '/v1/credit_lines',
    summary: 'Set a credit line',
    description:
      'How much a partner may come to owe in a currency: what payment sources of type `account` draw, and what its drivers leave unpaid. 0 stops new sessions on account; running ones go on. What is not named stays as it is.',
    scope: 'settlements:run',
    body: z
      .strictObject({
        account: zId('account'),
        limit: zUnsignedAmount,
        deposit: zUnsignedAmount.optional().meta({ description: 'Lodged with us.' }),
        reserve: zUnsignedAmount.optional().meta({ description: 'Set aside of its earnings.' }),
      })
      .superRefine(({ limit, deposit, reserve }, ctx) => {
        for (const [name, value] of Object.entries({ limit, deposit, reserve })) {
          if (value === undefined || value.currency === limit.currency) continue
          const path = [name, 'currency']
          ctx.addIssue({ code: 'custom', path, message: 'must be that of the limit' })
        }
      })
      .meta({ id: 'CreditLineSet' }),
    success: { status: 200, kind: 'json', description: 'The line.', body: zCreditLine },
    errors: ['resource_missing', 'unsupported_currency'],
    idempotent: true,
  }),
  record_payment: operation({
    id: 'credit_lines.record_payment',
    method: 'post',
    path: '/v1/credit_lines/payments',
    summary: 'Record a payment of an account',
    description:
      'Money that a partner transferred for its account: what is owed falls at once. A bank booking counts once by its `reference`. What is more than was owed, or dated ahead, waits as an incident `unmatched_money`; its action `release` puts it to the credit of the account.',
    scope: 'settlements:run',
    body: z
      .strictObject({
        account: zId('account'),
        amount: zPositiveAmount,
        reference: zText(140).meta({ description: 'Of the bank’s booking.' }),
        received_at: zInstant,
      })
      .meta({ id: 'CreditLinePayment' }),
    success: { status: 200, kind: 'json', description: 'The line.', body: zCreditLine },
    errors: ['resource_missing', 'unsupported_currency', 'invalid_transition'],
    idempotent: true,
  }),
  list: operation({
    id: 'credit_lines.list',
    method: 'get',
    path: '/v1/credit_lines',
    summary: 'List credit lines',
    description: 'Your own; finance sees those of every partner.',
    scope: 'money:read',
    success: {
      status: 200,
      kind: 'json',
      description: 'The lines.',
      body: z.object({ data: z.array(zCreditLine).max(10_000) }).meta({ id: 'CreditLineList' }),
    },
    errors: [],
    idempotent: false,
  }),
}

const zAccountSum = {
  currency: zCurrency,
  sessions: z.int().min(0),
  charged: zMoney,
}

export const zAccountStatement = z
  .object({
    from: zInstant,
    to: zInstant,
    account: zId('account'),
    lines: z
      .array(
        z.object({
          session: zId('session'),
          driver: z.object({ id: zId('driver'), external_id: z.string().max(64) }),
          ended_at: zInstant,
          evse_id: z.string().max(48),
          country: zCountryCode,
          energy_wh: zDecimal,
          charged: zMoney,
          invoice: z
            .object({
              id: zId('invoice'),
              document_number: z.string().max(60),
              net: zMoney,
              vat: zMoney,
              gross: zMoney,
            })
            .nullable(),
        }),
      )
      .max(10_000),
    totals: z
      .array(z.object({ ...zAccountSum, owed: zMoney.meta({ description: 'As of now.' }) }))
      .max(200),
  })
  .meta({
    id: 'AccountStatement',
    description: 'Every session charged to a partner’s own account, with the invoice behind it.',
  })

export const accountReports = {
  account_statement: operation({
    id: 'reports.account_statement',
    method: 'get',
    path: '/v1/reports/account-statement',
    summary: 'What was charged to your account',
    description: 'For a fleet: one consolidated statement over all operators and countries.',
    scope: 'money:read',
    query: z.object({
      from: zInstant.meta({ description: 'Sessions that ended from then on.' }),
      to: zInstant.meta({ description: 'Until before then.' }),
      account: zId('account')
        .optional()
        .meta({ description: 'Your own by default; finance names one.' }),
    }),
    success: {
      status: 200,
      kind: 'json',
      description: 'The statement.',
      body: zAccountStatement,
    },
    errors: ['resource_missing'],
    idempotent: false,
  }),
}
