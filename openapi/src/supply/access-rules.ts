import { z } from 'zod'
import { zCreatedAt, zIdParam, zInstant, zLivemode } from '../common.ts'
import { operation, zListOf, zPage } from '../operation.ts'
import { tokenTypes, zAccessReason } from '../vocabulary/trust/access.ts'
import { zId } from '../vocabulary/ids.ts'
import { zDayOfWeek } from '../vocabulary/tariff.ts'
import { zText } from '../vocabulary/text.ts'

const zLocalTime = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'must be HH:MM')
const times = { start_time: zLocalTime.optional(), end_time: zLocalTime.optional() }
type Times = { start_time?: string | undefined; end_time?: string | undefined }
const ends = ({ start_time: from, end_time: to }: Times) =>
  to === undefined || (from ?? '00:00') < to
const endsLater = 'end_time: must be after start_time; write a night as two windows'

const zWindow = z.strictObject(times).refine(ends, endsLater).meta({
  id: 'OpenWindow',
  description: 'Local time at the site; the end is out, without times the whole day.',
})
const zWeekly = z
  .strictObject({ ...times, day_of_week: z.array(zDayOfWeek).min(1).max(7).optional() })
  .refine(ends, endsLater)
  .meta({ id: 'WeeklyWindow' })

const zAdmits = z
  .strictObject({
    partners: z.array(zId('account')).min(1).max(500).optional(),
    driver_groups: z.array(zId('driverGroup')).min(1).max(500).optional(),
    token_types: z.array(z.enum(tokenTypes)).min(1).max(3).optional(),
    contracts: z.array(zId('contract')).min(1).max(500).optional(),
  })
  .meta({
    id: 'AccessAdmits',
    description: 'All that are named have to hold, any of each list. Nothing named: the public.',
  })

const hours = {
  weekly: z.array(zWeekly).max(28).optional().meta({ description: 'Absent: always open.' }),
  special_days: z
    .array(
      z.strictObject({
        date: z.iso.date().meta({ description: 'Local date, such as a holiday.' }),
        windows: z.array(zWindow).max(10).meta({ description: 'Empty: closed all day.' }),
      }),
    )
    .max(366)
    .optional(),
}

const zPlaces = (kind: 'evse' | 'location') => z.array(zId(kind)).min(1).max(1_000)

export const zAccessRule = z
  .object({
    id: zId('accessRule'),
    cpo: zId('account'),
    status: z.enum(['active', 'ended']),
    name: z.string().max(80),
    evses: zPlaces('evse').nullable(),
    locations: zPlaces('location').nullable(),
    admits: zAdmits,
    hours: z.object(hours),
    end_at_close: z.boolean(),
    effective_from: zInstant,
    ended_at: zInstant.nullable(),
    livemode: zLivemode,
    created_at: zCreatedAt,
  })
  .meta({
    id: 'AccessRule',
    description:
      'Whom an operator admits at a place, and when. Of the rules that name a place the narrowest count (EVSE, location, operator), and any of them is enough; a place without a rule is for everybody.',
  })

/** How search and quotes show it. */
export const zAccess = z
  .object({
    allowed: z.boolean(),
    reason: zAccessReason.nullable(),
    text: z.string().max(2_000).nullable().meta({ description: 'Why not, in words.' }),
    opens_at: zInstant.nullable(),
    closes_at: zInstant.nullable(),
    ends_at_close: z.boolean().meta({
      description: 'A session that runs then is ended. Otherwise it goes on.',
    }),
  })
  .meta({
    id: 'Access',
    description: 'Whether you may start here now: yourself, or any of your driver groups.',
  })

/** How a quote names the rule that admits it. */
export const zQuoteAccess = z.object({
  rule: zId('accessRule'),
  name: z.string().max(80),
  closes_at: zInstant.nullable(),
  ends_at_close: z.boolean(),
})

export const access_rules = {
  create: operation({
    id: 'access_rules.create',
    method: 'post',
    path: '/v1/access_rules',
    summary: 'Admit somebody to a place',
    description:
      'The first rule of a place closes it to everybody else. Its name is what others read, such as "Staff of the clinic".',
    scope: 'supply:write',
    body: z
      .strictObject({
        name: zText(80),
        evses: zPlaces('evse').optional(),
        locations: zPlaces('location').optional(),
        admits: zAdmits.default({}),
        hours: z.strictObject(hours).default({}),
        end_at_close: z.boolean().default(false).meta({
          description: 'A running session is ended at closing time; its quote says so.',
        }),
        effective_from: zInstant.optional(),
      })
      .meta({ id: 'AccessRuleCreate' }),
    success: { status: 201, kind: 'json', description: 'The rule.', body: zAccessRule },
    errors: ['resource_missing', 'limit_reached'],
    idempotent: true,
  }),
  end: operation({
    id: 'access_rules.end',
    method: 'post',
    path: '/v1/access_rules/{id}/end',
    summary: 'End an access rule',
    description: 'At once. Sessions that run go on.',
    scope: 'supply:write',
    params: zIdParam('accessRule'),
    success: { status: 200, kind: 'json', description: 'The ended rule.', body: zAccessRule },
    errors: ['invalid_transition'],
    idempotent: true,
  }),
  get: operation({
    id: 'access_rules.get',
    method: 'get',
    path: '/v1/access_rules/{id}',
    summary: 'Read an access rule',
    description: 'One of your own.',
    scope: 'supply:write',
    params: zIdParam('accessRule'),
    success: { status: 200, kind: 'json', description: 'The rule.', body: zAccessRule },
    errors: [],
    idempotent: false,
  }),
  list: operation({
    id: 'access_rules.list',
    method: 'get',
    path: '/v1/access_rules',
    summary: 'List access rules',
    description: 'Newest first.',
    scope: 'supply:write',
    query: zPage,
    success: {
      status: 200,
      kind: 'json',
      description: 'A page of rules.',
      body: zListOf('AccessRuleList', zAccessRule),
    },
    errors: [],
    idempotent: false,
  }),
}
