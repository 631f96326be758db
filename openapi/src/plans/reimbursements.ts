import { z } from 'zod'
import {
  zCountryCode,
  zCreatedAt,
  zCurrency,
  zDecimal,
  zExternalId,
  zIdParam,
  zInstant,
  zLivemode,
  zMoney,
  zUnsignedDecimal,
} from '../common.ts'
import { operation, zListOf, zPage } from '../operation.ts'
import { zId } from '../vocabulary/ids.ts'
import { zText } from '../vocabulary/text.ts'

const zKind = z.enum(['home', 'work', 'any'])

const scope = {
  drivers: z.array(zId('driver')).min(1).max(1_000),
  evses: z.array(zId('evse')).min(1).max(1_000),
  locations: z.array(zId('location')).min(1).max(1_000),
}

export const zReimbursementRate = z
  .object({
    id: zId('reimbursementRate'),
    name: z.string().max(120),
    kind: zKind,
    country: zCountryCode,
    price_per_kwh: zDecimal,
    currency: zCurrency,
    drivers: scope.drivers.nullable(),
    evses: scope.evses.nullable(),
    locations: scope.locations.nullable(),
    effective_from: zInstant,
    effective_to: zInstant.nullable(),
    livemode: zLivemode,
    created_at: zCreatedAt,
  })
  .meta({
    id: 'ReimbursementRate',
    description: 'What an employer pays its employees per kWh; private money without VAT.',
  })

const one = (description: string) =>
  ({ status: 200, kind: 'json', description, body: zReimbursementRate }) as const

export const reimbursement_rates = {
  create: operation({
    id: 'reimbursement_rates.create',
    method: 'post',
    path: '/v1/reimbursement_rates',
    summary: 'Set a rate for employees',
    description:
      'For sessions in its country that begin from then on; one for home or work names its EVSEs or locations. Of several that reach a session one for its driver counts before one for its charger, that before one for its site, and of equals the one that began last.',
    scope: 'plans:write',
    body: z
      .strictObject({
        name: zText(120),
        kind: zKind.default('any'),
        country: zCountryCode,
        price_per_kwh: zUnsignedDecimal,
        currency: zCurrency,
        drivers: scope.drivers.optional(),
        evses: scope.evses.optional(),
        locations: scope.locations.optional(),
        effective_from: zInstant.optional().meta({ description: 'Now by default, never earlier.' }),
        effective_to: zInstant.optional(),
      })
      .refine(
        ({ kind, evses, locations }) => kind === 'any' || (evses ?? locations) !== undefined,
        {
          path: ['evses'],
          message: 'name the chargers, or their locations, of a rate for home or work',
        },
      )
      .meta({ id: 'ReimbursementRateCreate' }),
    success: { status: 201, kind: 'json', description: 'The rate.', body: zReimbursementRate },
    errors: ['resource_missing', 'unsupported_currency'],
    idempotent: true,
  }),
  end: operation({
    id: 'reimbursement_rates.end',
    method: 'post',
    path: '/v1/reimbursement_rates/{id}/end',
    summary: 'End a rate',
    description: 'Now or at an instant to come. What began before keeps it.',
    scope: 'plans:write',
    params: zIdParam('reimbursementRate'),
    body: z
      .strictObject({ at: zInstant.meta({ description: 'Now where it is in the past.' }) })
      .meta({ id: 'ReimbursementRateEnd' }),
    success: one('The rate with its end.'),
    errors: ['invalid_transition'],
    idempotent: true,
  }),
  get: operation({
    id: 'reimbursement_rates.get',
    method: 'get',
    path: '/v1/reimbursement_rates/{id}',
    summary: 'Read a rate',
    description: 'One of your own.',
    scope: 'plans:read',
    params: zIdParam('reimbursementRate'),
    success: one('The rate.'),
    errors: [],
    idempotent: false,
  }),
  list: operation({
    id: 'reimbursement_rates.list',
    method: 'get',
    path: '/v1/reimbursement_rates',
    summary: 'List rates',
    description: 'Newest first.',
    scope: 'plans:read',
    query: zPage.extend({
      at: zInstant.optional().meta({ description: 'Only those in force at this instant.' }),
    }),
    success: {
      status: 200,
      kind: 'json',
      description: 'A page of rates.',
      body: zListOf('ReimbursementRateList', zReimbursementRate),
    },
    errors: [],
    idempotent: false,
  }),
}

const zSum = {
  currency: zCurrency,
  sessions: z.int().min(0),
  energy_kwh: zDecimal,
  amount: zMoney,
}

/** A report holds at most this many sessions; a longer time is asked for in parts. */
export const reimbursementLinesMax = 10_000

export const zReimbursementReport = z
  .object({
    from: zInstant,
    to: zInstant,
    employees: z
      .array(
        z.object({
          driver: z.object({ id: zId('driver'), external_id: zExternalId }),
          ...zSum,
          lines: z
            .array(
              z.object({
                session: zId('session'),
                ended_at: zInstant,
                evse_id: z.string().max(48),
                location: z.string().max(300),
                kind: zKind,
                energy_kwh: zDecimal,
                amount: zMoney,
                method: z.literal('rate_per_kwh'),
                rate: z.object({
                  id: zId('reimbursementRate'),
                  name: z.string().max(120),
                  price_per_kwh: zDecimal,
                }),
                price_proof: zId('priceProof').nullable(),
              }),
            )
            .max(reimbursementLinesMax),
        }),
      )
      .max(reimbursementLinesMax),
    totals: z.array(z.object(zSum)).max(200),
  })
  .meta({
    id: 'ReimbursementReport',
    description: 'Per employee and currency; every amount is the total of a proven rating.',
  })

const zReportQuery = z.object({
  from: zInstant.meta({ description: 'Sessions that ended from then on.' }),
  to: zInstant.meta({ description: 'Until before then.' }),
  driver: zExternalId.optional(),
})

export const reimbursementReports = {
  reimbursement: operation({
    id: 'reports.reimbursement',
    method: 'get',
    path: '/v1/reports/reimbursement',
    summary: 'What employees are to be paid back',
    description:
      'Charging at home or at work, per employee: sessions, kWh, amounts, method and rate. Nothing is paid out.',
    scope: 'money:read',
    query: zReportQuery,
    success: { status: 200, kind: 'json', description: 'The report.', body: zReimbursementReport },
    errors: [],
    idempotent: false,
  }),
  reimbursement_csv: operation({
    id: 'reports.reimbursement_csv',
    method: 'get',
    path: '/v1/reports/reimbursement/csv',
    summary: 'The same as CSV',
    description: 'One line per session.',
    scope: 'money:read',
    query: zReportQuery,
    success: { status: 200, kind: 'file', description: 'The report.', media: 'text/csv' },
    errors: [],
    idempotent: false,
  }),
}
