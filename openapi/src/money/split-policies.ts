import { z } from 'zod'
import {
  zBasisPoints,
  zCreatedAt,
  zCurrency,
  zIdParam,
  zInstant,
  zLivemode,
  zAmount,
  zMoney,
  zTimeZone,
  zUnsignedAmount,
  zUnsignedDecimal,
} from '../common.ts'
import { operation, zListOf, zPage } from '../operation.ts'
import { zId } from '../vocabulary/ids.ts'
import { zPaymentKind } from '../vocabulary/payment.ts'
import {
  policyLevels,
  shareRulesMax,
  splitPeriods,
  zPolicyRule,
} from '../vocabulary/settlement/shares.ts'
import { zTariffType } from '../vocabulary/tariff.ts'
import { zStorable, zText } from '../vocabulary/text.ts'

const zZone = zTimeZone.meta({
  description: 'IANA zone whose days its periods are, e.g. `Europe/Berlin`.',
})
const zLevel = z.enum(policyLevels).meta({
  description:
    'Where it counts. One policy shares a session: that of its EVSE before that of its site, before the one that its contract names, before the operator’s own, before the platform’s default; of one level the one that came into force last.',
})
const zPolicyPlaces = z.array(zText(40)).max(1_000).meta({
  description: 'Ids of EVSEs (`evse`) or locations (`site`); empty at every other level.',
})
const zRules = z.array(zPolicyRule).min(1).max(shareRulesMax).meta({
  description: 'In the order of their priority: an earlier rule takes its share first.',
})

const terms = {
  name: zText(120),
  text: zText(4_000).meta({
    description: 'What was agreed, for people: it stands on every statement.',
  }),
  level: zLevel,
  places: zPolicyPlaces.default([]),
  currency: zCurrency.meta({ description: 'It shares sales of this currency alone.' }),
  time_zone: zZone,
  period: z.enum(splitPeriods).default('month'),
  rules: zRules,
  effective_from: zInstant
    .optional()
    .meta({ description: 'Never before it is activated; at once when absent.' }),
  effective_until: zInstant.optional(),
}

export const zSplitPolicyTerms = z.strictObject(terms).meta({ id: 'SplitPolicyTerms' })
const zSplitPolicyCreate = z
  .strictObject({
    cpo: zId('account')
      .optional()
      .meta({ description: 'Whose sales it shares. Yours by default; the platform names one.' }),
    ...terms,
  })
  .meta({ id: 'SplitPolicyCreate' })

export const zSplitPolicy = z
  .object({
    id: zId('splitPolicy'),
    version: z.int().min(1),
    status: z.enum(['draft', 'active', 'retired']),
    cpo: zId('account').nullable().meta({ description: 'Null of the platform’s default.' }),
    owner: zId('account'),
    name: z.string().max(120),
    text: z.string().max(4_000),
    level: zLevel,
    places: zPolicyPlaces,
    currency: zCurrency,
    time_zone: zZone,
    period: z.enum(splitPeriods),
    rules: zRules,
    effective_from: zInstant,
    effective_until: zInstant.nullable(),
    revision: z.int().min(1).meta({ description: 'Counts the changes of a draft.' }),
    activated_at: zInstant.nullable(),
    decided_by: z.string().max(40).nullable(),
    reason: z.string().max(500).nullable(),
    livemode: zLivemode,
    created_at: zCreatedAt,
    updated_at: zInstant,
  })
  .meta({
    id: 'SplitPolicy',
    description:
      'How a sale is shared beside commission and partner share. A version never changes once it was activated.',
  })

// ── Statements of before ────────────────────────────────────────────────────────────────────────────────────────

const zGoldenSession = z.strictObject({
  session: zText(80),
  started_at: zInstant,
  ended_at: zInstant,
  energy_wh: z.int().min(0).max(1_000_000_000),
  net: zUnsignedAmount.meta({ description: 'What was sold, net of tax.' }),
  commission_bps: zBasisPoints.default(0),
  partner_share_bps: zBasisPoints.default(0),
  parts: z
    .strictObject({
      energy: zUnsignedDecimal,
      time: zUnsignedDecimal,
      parking: zUnsignedDecimal,
      fee: zUnsignedDecimal,
    })
    .optional()
    .meta({ description: 'Components of the price as weights; all of it is energy when absent.' }),
  evse: zStorable(40).default(''),
  site: zStorable(40).default(''),
  power_w: z.int().min(0).max(10_000_000).default(0),
  partner: zStorable(40).default(''),
  payer: zPaymentKind.optional(),
  tariff_type: zTariffType.optional(),
})

const zGoldenLine = z.strictObject({
  session: zText(80).nullable().meta({
    description: 'Null for what a period came to beside its sessions, e.g. a minimum rent.',
  }),
  rule: zText(32),
  amount: zAmount,
})

/** As many as fit a body with room to spare; what is longer comes in several statements. */
const goldenMax = 500
const zGoldenCreate = z
  .discriminatedUnion('format', [
    z.strictObject({
      format: z.literal('json'),
      name: zText(120),
      sessions: z.array(zGoldenSession).min(1).max(goldenMax),
      lines: z
        .array(zGoldenLine)
        .min(1)
        .max(goldenMax * 4),
    }),
    z.strictObject({
      format: z.literal('csv'),
      name: zText(120),
      csv: zStorable(500_000, 1).meta({
        description:
          'Columns session, started_at, ended_at, energy_wh, net, rule, amount, and where they matter evse, site, power_w, partner, payer, tariff_type, energy, time, parking, fee, commission_bps, partner_share_bps. Amounts are decimals of the policy’s currency, net of tax. A row without a session is what the period came to beside its sessions.',
      }),
    }),
  ])
  .meta({ id: 'GoldenStatementCreate' })

export const zGoldenDifference = z
  .object({
    golden: zId('splitGolden'),
    session: z.string().max(80).nullable(),
    rule: z.string().max(32),
    expected: zMoney,
    found: zMoney,
  })
  .meta({ id: 'GoldenDifference', description: 'A line that the policy makes otherwise.' })

export const zGoldenStatement = z
  .object({
    id: zId('splitGolden'),
    policy: zId('splitPolicy'),
    name: z.string().max(120),
    sessions: z.int().min(0),
    lines: z.int().min(0),
    total: zMoney.meta({ description: 'Of all lines, net of tax.' }),
    differences: z.array(zGoldenDifference).max(100).meta({
      description: 'What the newest version makes otherwise, the first hundred lines of it.',
    }),
    created_at: zCreatedAt,
  })
  .meta({
    id: 'GoldenStatement',
    description:
      'A statement of before as a fixture: every line of it must be made again to the cent before the policy is activated, and after each upgrade of the platform.',
  })

// ── Replay ──────────────────────────────────────────────────────────────────────────────────────────────────────

const zShareRef = z.object({ role: z.string().max(32), account: zId('account') })

export const zSplitSimulation = z
  .object({
    id: zId('splitSimulation'),
    policy: zId('splitPolicy'),
    version: z.int().min(1),
    revision: z.int().min(1),
    status: z.enum(['running', 'succeeded', 'failed']),
    from: zInstant,
    until: zInstant,
    done: z.int().min(0),
    total: z.int().min(0),
    payees: z
      .array(
        zShareRef.extend({
          before: zMoney,
          after: zMoney,
          sessions: z.int().min(0),
        }),
      )
      .max(10_000)
      .nullable()
      .meta({
        description: 'What each payee was booked with and would have been, tax included.',
      }),
    skipped: z.int().min(0).nullable().meta({ description: 'Sessions that it does not share.' }),
    failure: z.string().max(500).nullable(),
    created_at: zCreatedAt,
    ended_at: zInstant.nullable(),
  })
  .meta({ id: 'SplitSimulation', description: 'Past sessions replayed; nothing is booked by it.' })

export const zSplitSimulationLine = z
  .object({
    session: zId('session'),
    ...zShareRef.shape,
    before: zMoney,
    after: zMoney,
  })
  .meta({ id: 'SplitSimulationLine' })

// ── What payees read ────────────────────────────────────────────────────────────────────────────────────────────

export const zSplitItem = z
  .object({
    id: zId('splitItem'),
    policy: zId('splitPolicy'),
    version: z.int().min(1),
    rule: z.string().max(32),
    site: z.string().max(40),
    period: z.string().max(10).meta({ description: 'First day of it.' }),
    sequence: z.int().min(1),
    supplier: zShareRef,
    recipient: zShareRef,
    net: zMoney,
    vat: zMoney,
    gross: zMoney,
    detail: z.object({
      text: z.string().max(4_000),
      energy_wh: z.int().min(0),
      turnover: zMoney,
      sessions: z.int().min(0),
      total: zMoney.meta({ description: 'What the rule came to in the period, net of tax.' }),
      booked: zMoney.meta({ description: 'Of it, what its sessions were booked with.' }),
      settled: zMoney.meta({ description: 'Of it, what earlier items of the period were.' }),
      tax: z.string().max(200),
    }),
    created_at: zCreatedAt,
  })
  .meta({
    id: 'SplitItem',
    description:
      'What a period came to beyond its sessions: a minimum rent, a tier that it reached, what was carried, or what late sessions changed.',
  })

const zReason = z.strictObject({ reason: zText(500) })
const one = (description: string) =>
  ({ status: 200, kind: 'json', description, body: zSplitPolicy }) as const
const draft = (description: string) =>
  ({ status: 201, kind: 'json', description, body: zSplitPolicy }) as const

export const split_policies = {
  create: operation({
    id: 'split_policies.create',
    method: 'post',
    path: '/v1/split_policies',
    summary: 'Draft a split policy',
    description:
      'By an operator for its own sales, by the platform for any or for all. Shares nothing until it is activated. What no session could be shared by is refused with the field it is in.',
    scope: 'agreements:write',
    body: zSplitPolicyCreate,
    success: draft('Version 1, a draft.'),
    errors: ['resource_missing', 'unsupported_currency'],
    idempotent: true,
  }),
  update: operation({
    id: 'split_policies.update',
    method: 'patch',
    path: '/v1/split_policies/{id}',
    summary: 'Change a draft',
    description: 'All of its terms. What was activated is changed by its next version.',
    scope: 'agreements:write',
    params: zIdParam('splitPolicy'),
    body: zSplitPolicyTerms,
    success: one('The draft.'),
    errors: ['invalid_transition', 'resource_missing', 'unsupported_currency'],
    idempotent: true,
  }),
  amend: operation({
    id: 'split_policies.amend',
    method: 'post',
    path: '/v1/split_policies/{id}/versions',
    summary: 'Draft the next version',
    description: 'Activated, it ends the one before at the same instant.',
    scope: 'agreements:write',
    params: zIdParam('splitPolicy'),
    body: zSplitPolicyTerms,
    success: draft('The next version, a draft.'),
    errors: ['invalid_transition', 'resource_missing', 'unsupported_currency'],
    idempotent: true,
  }),
  activate: operation({
    id: 'split_policies.activate',
    method: 'post',
    path: '/v1/split_policies/{id}/activate',
    summary: 'Activate a draft',
    description:
      'It shares sessions quoted from then on. Refused where another policy of equal rank (level and effective_from) would count for the same session, which is named in `overlaps`, and where a golden statement is not made again to the cent: `differences` says which line, what was expected and what was found.',
    scope: 'agreements:write',
    params: zIdParam('splitPolicy'),
    success: one('The active version.'),
    errors: ['invalid_transition', 'invalid_value'],
    idempotent: true,
  }),
  retire: operation({
    id: 'split_policies.retire',
    method: 'post',
    path: '/v1/split_policies/{id}/retire',
    summary: 'Retire a policy',
    description:
      'At once or at an instant to come. Sessions quoted before are shared by it, and its periods are settled.',
    scope: 'agreements:write',
    params: zIdParam('splitPolicy'),
    body: zReason.extend({ at: zInstant.optional() }),
    success: one('The version with its end.'),
    errors: ['invalid_transition'],
    idempotent: true,
  }),
  get: operation({
    id: 'split_policies.get',
    method: 'get',
    path: '/v1/split_policies/{id}',
    summary: 'Read a split policy',
    description: 'Its newest version, or the one you name. A draft is read by its maker alone.',
    scope: 'agreements:read',
    params: zIdParam('splitPolicy'),
    query: z.object({ version: z.coerce.number().int().min(1).max(1_000_000).optional() }),
    success: one('The version.'),
    errors: [],
    idempotent: false,
  }),
  list: operation({
    id: 'split_policies.list',
    method: 'get',
    path: '/v1/split_policies',
    summary: 'List split policies',
    description: 'The newest version of each, newest policy first.',
    scope: 'agreements:read',
    query: zPage,
    success: {
      status: 200,
      kind: 'json',
      description: 'A page of split policies.',
      body: zListOf('SplitPolicyList', zSplitPolicy),
    },
    errors: [],
    idempotent: false,
  }),
  add_golden: operation({
    id: 'split_policies.add_golden',
    method: 'post',
    path: '/v1/split_policies/{id}/goldens',
    summary: 'Import a statement of before',
    description:
      'As JSON or CSV, up to 1000 sessions, amounts net of tax. The answer says what the newest version makes otherwise.',
    scope: 'agreements:write',
    params: zIdParam('splitPolicy'),
    body: zGoldenCreate,
    success: {
      status: 201,
      kind: 'json',
      description: 'The statement.',
      body: zGoldenStatement,
    },
    errors: ['invalid_value', 'limit_reached'],
    idempotent: true,
  }),
  goldens: operation({
    id: 'split_policies.goldens',
    method: 'get',
    path: '/v1/split_policies/{id}/goldens',
    summary: 'List the statements of before',
    description: 'Each with what the newest version makes otherwise.',
    scope: 'agreements:read',
    params: zIdParam('splitPolicy'),
    success: {
      status: 200,
      kind: 'json',
      description: 'All of them.',
      body: z
        .object({ data: z.array(zGoldenStatement).max(100) })
        .meta({ id: 'GoldenStatementList' }),
    },
    errors: [],
    idempotent: false,
  }),
  simulate: operation({
    id: 'split_policies.simulate',
    method: 'post',
    path: '/v1/split_policies/{id}/simulate',
    summary: 'Replay past sessions',
    description:
      'The newest version over the sessions of the last days, at most 10,000 of them, newest first. It takes a while: read it until it is no longer `running`.',
    scope: 'agreements:write',
    params: zIdParam('splitPolicy'),
    body: z
      .strictObject({ days: z.int().min(1).max(90).default(90) })
      .meta({ id: 'SplitSimulationCreate' }),
    success: {
      status: 202,
      kind: 'json',
      description: 'The simulation.',
      body: zSplitSimulation,
    },
    errors: ['invalid_value'],
    idempotent: true,
  }),
}

export const split_simulations = {
  get: operation({
    id: 'split_simulations.get',
    method: 'get',
    path: '/v1/split_simulations/{id}',
    summary: 'Read a simulation',
    description: 'Its progress, and once it has succeeded what each payee would have been paid.',
    scope: 'agreements:read',
    params: zIdParam('splitSimulation'),
    success: {
      status: 200,
      kind: 'json',
      description: 'The simulation.',
      body: zSplitSimulation,
    },
    errors: [],
    idempotent: false,
  }),
  lines: operation({
    id: 'split_simulations.lines',
    method: 'get',
    path: '/v1/split_simulations/{id}/lines',
    summary: 'Read what would have changed',
    description: 'Each session and payee with another amount, newest session first.',
    scope: 'agreements:read',
    params: zIdParam('splitSimulation'),
    query: zPage,
    success: {
      status: 200,
      kind: 'json',
      description: 'A page of lines.',
      body: zListOf('SplitSimulationLineList', zSplitSimulationLine),
    },
    errors: [],
    idempotent: false,
  }),
}

export const split_items = {
  list: operation({
    id: 'split_items.list',
    method: 'get',
    path: '/v1/split_items',
    summary: 'List what periods came to',
    description: 'Items that you are paid by or pay, newest first.',
    scope: 'money:read',
    query: zPage.extend({ policy: zId('splitPolicy').optional() }),
    success: {
      status: 200,
      kind: 'json',
      description: 'A page of items.',
      body: zListOf('SplitItemList', zSplitItem),
    },
    errors: [],
    idempotent: false,
  }),
}
