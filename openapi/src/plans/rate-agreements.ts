import { z } from 'zod'
import {
  zBasisPoints,
  zCreatedAt,
  zCurrency,
  zDocument,
  zIdParam,
  zInstant,
  zLivemode,
  zMoney,
  zUnsignedDecimal,
} from '../common.ts'
import { operation, zListOf, zPage } from '../operation.ts'
import { zId } from '../vocabulary/ids.ts'
import { zDayOfWeek } from '../vocabulary/tariff.ts'
import { zText } from '../vocabulary/text.ts'

const zLocalTime = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'must be HH:MM')

/** Basis points off the price components of each dimension; at least one of them. */
export const zDiscountBps = z
  .strictObject({
    ENERGY: zBasisPoints.optional(),
    TIME: zBasisPoints.optional(),
    PARKING_TIME: zBasisPoints.optional(),
    FLAT: zBasisPoints.optional(),
  })
  .refine((value) => Object.values(value).some((bps) => (bps ?? 0) > 0), 'name a discount')
  .meta({ minProperties: 1 })

const zDiscount = z
  .strictObject({
    kind: z.literal('discount'),
    discount_bps: zDiscountBps,
  })
  .meta({
    id: 'RateDiscount',
    description:
      'Basis points off the public component prices (1000 = 10 %); a dimension not named keeps its price.',
  })

const zOwnTariff = z
  .strictObject({
    kind: z.literal('tariff'),
    tariff: zDocument,
  })
  .meta({
    id: 'RateTariff',
    description:
      'An OCPI 2.2.1 tariff for this partner. Refused at activation where it would be dearer than the public one.',
  })

const zRatePrice = z.discriminatedUnion('kind', [zDiscount, zOwnTariff])

const zConnectorClass = z
  .strictObject({
    current: z.enum(['AC', 'DC']).optional(),
    min_power_kw: zUnsignedDecimal.optional(),
    max_power_kw: zUnsignedDecimal.optional(),
  })
  .meta({ id: 'ConnectorClass', description: 'Connectors of this kind; both powers belong to it.' })

const zRateWindow = z
  .strictObject({
    start_time: zLocalTime.optional(),
    end_time: zLocalTime.optional(),
    day_of_week: z.array(zDayOfWeek).max(7).optional(),
  })
  .refine(
    ({ start_time: from, end_time: to }) => to === undefined || (from ?? '00:00') < to,
    'end_time: must be after start_time; write a night as two windows',
  )
  .meta({ id: 'RateWindow', description: 'Local time at the EVSE; without times the whole day.' })

const zPlaces = (kind: 'evse' | 'location') => z.array(zId(kind)).min(1).max(1_000)

const zJustification = zText(1_000).meta({
  description: 'Why this partner pays less. Some markets activate no agreement without it.',
})

const terms = {
  name: zText(120),
  justification: zJustification.optional(),
  price: zRatePrice,
  connector: zConnectorClass.optional(),
  times: z.array(zRateWindow).min(1).max(14).optional(),
  evses: zPlaces('evse').optional(),
  locations: zPlaces('location').optional(),
  effective_from: zInstant.optional().meta({ description: 'From acceptance on when absent.' }),
  effective_to: zInstant.optional(),
  draft: z
    .boolean()
    .default(false)
    .meta({ description: 'True keeps it to yourself until you propose it.' }),
}

type Terms = {
  price: { kind: string }
  times?: unknown
  effective_from?: string | undefined
  effective_to?: string | undefined
}
const hasNoTimes = (body: Terms) => body.price.kind !== 'tariff' || body.times === undefined
const noTimes = {
  path: ['times'],
  message: 'a tariff of its own holds its times in its restrictions',
}
const endsLater = (body: Terms) =>
  body.effective_from === undefined ||
  body.effective_to === undefined ||
  body.effective_from < body.effective_to
const endLater = { path: ['effective_to'], message: 'must be after effective_from' }

export const zRateAgreementCreate = z
  .strictObject({
    counterparty: zId('account').meta({ description: 'The CPO, or the partner, to agree with.' }),
    ...terms,
  })
  .refine(hasNoTimes, noTimes)
  .refine(endsLater, endLater)
  .meta({ id: 'RateAgreementCreate' })

export const zRateAgreementAmend = z
  .strictObject(terms)
  .refine(hasNoTimes, noTimes)
  .refine(endsLater, endLater)
  .meta({ id: 'RateAgreementAmend' })

export const zRateAgreement = z
  .object({
    id: zId('rateAgreement'),
    version: z.int().min(1),
    status: z.enum(['draft', 'proposed', 'active', 'ended', 'rejected']),
    active_version: z
      .int()
      .min(1)
      .nullable()
      .meta({ description: 'The version that prices sessions now, which may be an earlier one.' }),
    cpo: zId('account'),
    partner: zId('account'),
    proposed_by: zId('account'),
    name: z.string().max(120),
    justification: z.string().max(1_000).nullable(),
    price: zRatePrice,
    connector: zConnectorClass.nullable(),
    times: z.array(zRateWindow).max(14).nullable(),
    evses: zPlaces('evse').nullable(),
    locations: zPlaces('location').nullable(),
    effective_from: zInstant,
    effective_to: zInstant.nullable(),
    active_from: zInstant.nullable().meta({
      description: 'From when it prices quotes; never before it was accepted.',
    }),
    ended_at: zInstant.nullable().meta({
      description: 'From when no new quote is priced by it; sessions quoted before keep its price.',
    }),
    decided_by: zId('account').nullable(),
    decided_at: zInstant.nullable(),
    reason: z.string().max(500).nullable(),
    livemode: zLivemode,
    created_at: zCreatedAt,
  })
  .meta({
    id: 'RateAgreement',
    description: 'What a CPO grants one partner below its public price, never above it.',
  })

const zReason = z.strictObject({ reason: zText(500).meta({ description: 'For the other side.' }) })
const one = (description: string) =>
  ({ status: 200, kind: 'json', description, body: zRateAgreement }) as const

export const rate_agreements = {
  create: operation({
    id: 'rate_agreements.create',
    method: 'post',
    path: '/v1/rate_agreements',
    summary: 'Propose a rate agreement',
    description:
      'A partner proposes to a CPO, or a CPO to a partner. Nothing changes until the other side accepts.',
    scope: 'agreements:write',
    body: zRateAgreementCreate,
    success: {
      status: 201,
      kind: 'json',
      description: 'Version 1 of the agreement.',
      body: zRateAgreement,
    },
    errors: ['resource_missing'],
    idempotent: true,
  }),
  amend: operation({
    id: 'rate_agreements.amend',
    method: 'post',
    path: '/v1/rate_agreements/{id}/versions',
    summary: 'Propose other terms',
    description:
      'Versions never change; other terms are the next version. Accepted, it takes the place of the one in force.',
    scope: 'agreements:write',
    params: zIdParam('rateAgreement'),
    body: zRateAgreementAmend,
    success: { status: 201, kind: 'json', description: 'The new version.', body: zRateAgreement },
    errors: ['invalid_transition'],
    idempotent: true,
  }),
  propose: operation({
    id: 'rate_agreements.propose',
    method: 'post',
    path: '/v1/rate_agreements/{id}/propose',
    summary: 'Propose a draft',
    description: 'Shows your draft to the other side.',
    scope: 'agreements:write',
    params: zIdParam('rateAgreement'),
    success: one('The proposed version.'),
    errors: ['invalid_transition'],
    idempotent: true,
  }),
  accept: operation({
    id: 'rate_agreements.accept',
    method: 'post',
    path: '/v1/rate_agreements/{id}/accept',
    summary: 'Accept a proposal',
    description:
      'Only the side that did not propose accepts. Refused where a public price in scope would be exceeded, or where the market asks for a justification and none is recorded.',
    scope: 'agreements:write',
    params: zIdParam('rateAgreement'),
    success: one('The active version.'),
    errors: [
      'invalid_transition',
      'market_rule_violation',
      'price_unavailable',
      'unsupported_currency',
    ],
    idempotent: true,
  }),
  reject: operation({
    id: 'rate_agreements.reject',
    method: 'post',
    path: '/v1/rate_agreements/{id}/reject',
    summary: 'Reject or withdraw a proposal',
    description: 'Either side, as long as it is not accepted.',
    scope: 'agreements:write',
    params: zIdParam('rateAgreement'),
    body: zReason,
    success: one('The rejected version.'),
    errors: ['invalid_transition'],
    idempotent: true,
  }),
  end: operation({
    id: 'rate_agreements.end',
    method: 'post',
    path: '/v1/rate_agreements/{id}/end',
    summary: 'End an agreement',
    description:
      'Either side, at once or at an instant to come. A session whose quote was made before keeps its price.',
    scope: 'agreements:write',
    params: zIdParam('rateAgreement'),
    body: zReason.extend({ at: zInstant.optional() }),
    success: one('The version with its end.'),
    errors: ['invalid_transition'],
    idempotent: true,
  }),
  get: operation({
    id: 'rate_agreements.get',
    method: 'get',
    path: '/v1/rate_agreements/{id}',
    summary: 'Read a rate agreement',
    description: 'Its newest version, or the one you name.',
    scope: 'agreements:read',
    params: zIdParam('rateAgreement'),
    query: z.object({ version: z.coerce.number().int().min(1).max(1_000_000).optional() }),
    success: one('The version.'),
    errors: [],
    idempotent: false,
  }),
  list: operation({
    id: 'rate_agreements.list',
    method: 'get',
    path: '/v1/rate_agreements',
    summary: 'List rate agreements',
    description: 'The newest version of each, newest agreement first.',
    scope: 'agreements:read',
    query: zPage,
    success: {
      status: 200,
      kind: 'json',
      description: 'A page of rate agreements.',
      body: zListOf('RateAgreementList', zRateAgreement),
    },
    errors: [],
    idempotent: false,
  }),
}

export const zPriceSpread = z
  .object({
    evse: zId('evse'),
    evse_id: z.string().max(48),
    connector: zId('connector'),
    country: z.string().max(2),
    market_profile: z.string().max(60),
    tariff: z.string().max(48),
    currency: zCurrency,
    energy_wh: z.int().min(0).meta({ description: 'Of the standard session.' }),
    duration_s: z.int().min(0),
    public_total: zMoney.meta({ description: 'What every partner without an agreement pays.' }),
    prices: z
      .array(
        z.object({
          partner: zId('account'),
          agreement: zId('rateAgreement'),
          version: z.int().min(1),
          justification: z.string().max(1_000).nullable(),
          total: zMoney,
        }),
      )
      .max(1_000),
    spread: zMoney.meta({ description: 'Public price less the lowest agreed one.' }),
    justification_required: z.boolean(),
    flagged: z.boolean().meta({
      description: 'A partner pays less, and no justification is recorded for it.',
    }),
  })
  .meta({ id: 'PriceSpread', description: 'How far partners’ prices lie apart at one connector.' })

const zReportQuery = zPage.extend({
  cpo: zId('account')
    .optional()
    .meta({ description: 'Your own by default; the platform names one.' }),
  at: zInstant
    .optional()
    .meta({ description: 'As prices and agreements were then; now by default.' }),
})

export const reports = {
  non_discrimination: operation({
    id: 'reports.non_discrimination',
    method: 'get',
    path: '/v1/reports/non-discrimination',
    summary: 'Price spread per EVSE across partners',
    description:
      'What the market’s standard session, begun at that instant, costs the drivers of each partner, with the justification of every lower price (AFIR Art. 5). In the order of the EVSEs’ ids.',
    scope: 'reports:read',
    query: zReportQuery,
    success: {
      status: 200,
      kind: 'json',
      description: 'A page of connectors.',
      body: zListOf('PriceSpreadList', zPriceSpread),
    },
    errors: ['resource_missing'],
    idempotent: false,
  }),
  non_discrimination_csv: operation({
    id: 'reports.non_discrimination_csv',
    method: 'get',
    path: '/v1/reports/non-discrimination/csv',
    summary: 'The same as CSV',
    description:
      'One line per connector and price, the public one included, up to 10,000 connectors.',
    scope: 'reports:read',
    query: zReportQuery.omit({ limit: true, cursor: true }),
    success: { status: 200, kind: 'file', description: 'The report.', media: 'text/csv' },
    errors: ['resource_missing'],
    idempotent: false,
  }),
}
