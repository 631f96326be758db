import { z } from 'zod'
import {
  countMax,
  zCreatedAt,
  zDecimal,
  zDriverRef,
  zExternalId,
  zIdParam,
  zInstant,
  zLivemode,
  zMoney,
  zTimeZone,
} from '../common.ts'
import { operation, zListOf, zPage } from '../operation.ts'
import { zFee } from './plans.ts'
import { zLocalDay } from '../vocabulary/time.ts'
import { zId } from '../vocabulary/ids.ts'

export const zSubscription = z
  .object({
    id: zId('subscription'),
    status: z.enum(['scheduled', 'active', 'cancelled']),
    driver: z.object({
      id: zId('driver'),
      external_id: zExternalId.nullable().meta({ description: 'For the driver’s partner alone.' }),
    }),
    partner: zId('account'),
    plan: zId('plan'),
    plan_version: z.int().min(1).meta({ description: 'That counts in the present period.' }),
    next_plan_version: z
      .int()
      .min(1)
      .nullable()
      .meta({ description: 'That counts from the next period on, where it is another one.' }),
    owner: zId('account'),
    starts_on: zLocalDay,
    time_zone: z.string().max(64),
    period: z
      .object({ index: z.int().min(0), from: zInstant, to: zInstant })
      .nullable()
      .meta({ description: 'The present month; null before the first one.' }),
    ends_at: zInstant.nullable(),
    livemode: zLivemode,
    created_at: zCreatedAt,
  })
  .meta({
    id: 'Subscription',
    description:
      'A driver’s plan in monthly periods that begin at local midnight of its first day of the month, on the last day of shorter months.',
  })

const one = (description: string) =>
  ({ status: 200, kind: 'json', description, body: zSubscription }) as const

export const zSubscriptionPeriod = z
  .object({
    index: z.int().min(0),
    from: zInstant,
    to: zInstant,
    plan_version: z.int().min(1),
    access_fee: zFee,
    fee_status: z.enum(['due']).meta({
      description: 'Owed by the driver to the plan’s owner, who collects it.',
    }),
    included_kwh: zDecimal,
    used_kwh: zDecimal,
    promised_kwh: zDecimal.meta({ description: 'Kept for quotes and sessions not yet rated.' }),
    overage: zMoney.meta({ description: 'What the driver paid for its sessions.' }),
    contribution: zMoney.meta({ description: 'What the plan’s owner paid of them.' }),
    total: zMoney.meta({ description: 'Fee and overage.' }),
    sessions: z
      .array(
        z.object({
          session: zId('session'),
          started_at: zInstant.nullable(),
          energy_kwh: zDecimal,
          used_kwh: zDecimal,
          paid: zMoney,
          contribution: zMoney,
          price_proof: zId('priceProof').nullable(),
        }),
      )
      .max(10_000),
  })
  .meta({ id: 'SubscriptionPeriod', description: 'One month of a subscription, down to sessions.' })

export const subscriptions = {
  create: operation({
    id: 'subscriptions.create',
    method: 'post',
    path: '/v1/subscriptions',
    summary: 'Subscribe a driver to a plan',
    description:
      'One of your own plans, or a CPO’s. From its first day on the driver’s quotes are priced by it wherever it makes them cheaper.',
    scope: 'plans:write',
    body: z
      .strictObject({
        driver: zDriverRef,
        plan: zId('plan'),
        plan_version: z
          .int()
          .min(1)
          .max(countMax)
          .optional()
          .meta({ description: 'The newest by default.' }),
        starts_on: zLocalDay.optional().meta({ description: 'Today there by default.' }),
        time_zone: zTimeZone.meta({
          description: 'IANA zone in which its months begin.',
          examples: ['Europe/Berlin'],
        }),
      })
      .meta({ id: 'SubscriptionCreate' }),
    success: {
      status: 201,
      kind: 'json',
      description: 'The subscription.',
      body: zSubscription,
    },
    errors: ['resource_missing', 'invalid_transition'],
    idempotent: true,
  }),
  change_plan: operation({
    id: 'subscriptions.change_plan',
    method: 'post',
    path: '/v1/subscriptions/{id}/versions',
    summary: 'Move to another version of its plan',
    description: 'From the next period on; what was quoted before keeps its price.',
    scope: 'plans:write',
    params: zIdParam('subscription'),
    body: z
      .strictObject({ plan_version: z.int().min(1).max(countMax) })
      .meta({ id: 'SubscriptionChange' }),
    success: one('The subscription.'),
    errors: ['invalid_transition'],
    idempotent: true,
  }),
  cancel: operation({
    id: 'subscriptions.cancel',
    method: 'post',
    path: '/v1/subscriptions/{id}/cancel',
    summary: 'End a subscription',
    description: 'At the end of its period, or now. Sessions quoted before keep their price.',
    scope: 'plans:write',
    params: zIdParam('subscription'),
    body: z
      .strictObject({ when: z.enum(['period_end', 'now']) })
      .meta({ id: 'SubscriptionCancel' }),
    success: one('The subscription with its end.'),
    errors: ['invalid_transition'],
    idempotent: true,
  }),
  get: operation({
    id: 'subscriptions.get',
    method: 'get',
    path: '/v1/subscriptions/{id}',
    summary: 'Read a subscription',
    description: 'One of your drivers’, or of your plan’s.',
    scope: 'plans:read',
    params: zIdParam('subscription'),
    success: one('The subscription.'),
    errors: [],
    idempotent: false,
  }),
  list: operation({
    id: 'subscriptions.list',
    method: 'get',
    path: '/v1/subscriptions',
    summary: 'List subscriptions',
    description: 'Newest first.',
    scope: 'plans:read',
    query: zPage.extend({
      driver: zExternalId.optional(),
      plan: zId('plan').optional(),
      active_at: zInstant.optional().meta({ description: 'Not ended at this instant.' }),
    }),
    success: {
      status: 200,
      kind: 'json',
      description: 'A page of subscriptions.',
      body: zListOf('SubscriptionList', zSubscription),
    },
    errors: [],
    idempotent: false,
  }),
  periods: operation({
    id: 'subscriptions.periods',
    method: 'get',
    path: '/v1/subscriptions/{id}/periods',
    summary: 'Months of a subscription',
    description:
      'Newest first: fee with its VAT, allowance, and every session with what it took and cost.',
    scope: 'plans:read',
    params: zIdParam('subscription'),
    query: zPage,
    success: {
      status: 200,
      kind: 'json',
      description: 'A page of periods.',
      body: zListOf('SubscriptionPeriodList', zSubscriptionPeriod),
    },
    errors: [],
    idempotent: false,
  }),
}
