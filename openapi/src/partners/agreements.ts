import { z } from 'zod'
import {
  zBasisPoints,
  zCountryCode,
  zCreatedAt,
  zCurrency,
  zIdParam,
  zInstant,
  zLivemode,
  zMoney,
  zUnsignedAmount,
} from '../common.ts'
import { operation, zListOf, zPage } from '../operation.ts'
import { zId } from '../vocabulary/ids.ts'
import { benefitModes, zLiable } from '../vocabulary/parties.ts'
import { zText } from '../vocabulary/text.ts'

export const zBenefitMode = z.enum(benefitModes).meta({
  description:
    'Whether a partner is paid its share of each sale, or its drivers pay that much less. The CPO gets the same.',
})

export const zSupplyModel = z.enum(['agency', 'commissionaire', 'direct']).meta({
  description:
    '`agency`: the operator sells to the driver and the platform collects for it. The other models are not offered yet.',
})

export const zCommission = z
  .strictObject({
    bps: zBasisPoints.meta({ description: 'Of the net amount of a sale (150 = 1.5 %).' }),
    floor: zUnsignedAmount.optional(),
    cap: zUnsignedAmount.optional(),
  })
  .refine(({ floor, cap }) => !floor || !cap || floor.currency === cap.currency, {
    path: ['cap'],
    message: 'must be in the currency of the floor',
  })
  .refine(({ floor, cap }) => !floor || !cap || floor.amount <= cap.amount, {
    path: ['cap'],
    message: 'must not be below the floor',
  })
  .meta({
    id: 'Commission',
    description:
      'What the platform earns of a sale: basis points, at least the floor and at most the cap where they are agreed and the sale is in their currency. Nothing of a sale at nothing, and never more than the sale’s net amount.',
  })

const common = {
  markets: z.array(zCountryCode).min(1).max(60).nullable().default(null).meta({
    description: 'Countries of chargers that it covers; null for all.',
  }),
  currencies: z.array(zCurrency).min(1).max(40).nullable().default(null).meta({
    description: 'Currencies of sales that it covers; null for all.',
  }),
}

const zCpoTerms = z
  .strictObject({
    side: z.literal('cpo'),
    commission: zCommission,
    supply_model: zSupplyModel,
    offline_liability: zLiable.default('partner'),
    ...common,
  })
  .meta({ id: 'CpoTerms', description: 'What the platform and an operator agree on.' })

const zPartnerTerms = z
  .strictObject({
    side: z.literal('partner'),
    partner_share_bps: zBasisPoints.meta({
      description: 'The partner’s part of the platform’s commission.',
    }),
    benefit_mode: zBenefitMode,
    ...common,
  })
  .meta({ id: 'PartnerTerms', description: 'What the platform and a partner agree on.' })

const zTerms = z
  .discriminatedUnion('side', [zCpoTerms, zPartnerTerms])
  .meta({ id: 'DistributionTerms' })

const proposal = {
  terms: zTerms,
  effective_from: zInstant.optional().meta({
    description:
      'From acceptance on when absent, and never before it: sales made by then keep the terms that their quotes named.',
  }),
  effective_to: zInstant.optional(),
  reason: zText(500).optional().meta({
    description: 'Why, for the other side.',
  }),
  draft: z
    .boolean()
    .default(false)
    .meta({ description: 'True keeps it to yourself until you propose it.' }),
}

const endsLater = (body: {
  effective_from?: string | undefined
  effective_to?: string | undefined
}) =>
  body.effective_from === undefined ||
  body.effective_to === undefined ||
  body.effective_from < body.effective_to
const endLater = { path: ['effective_to'], message: 'must be after effective_from' }

export const zAgreementPropose = z
  .strictObject({
    account: zId('account').optional().meta({
      description:
        'The platform names the account it proposes to; nobody, for public terms that whoever is of that side joins by accepting them. An operator or a partner proposes to the platform.',
    }),
    ...proposal,
  })
  .refine(endsLater, endLater)
  .meta({ id: 'AgreementPropose' })

export const zAgreementAmend = z
  .strictObject(proposal)
  .refine(endsLater, endLater)
  .meta({ id: 'AgreementAmend' })

export const zDistributionAgreement = z
  .object({
    id: zId('agreement'),
    version: z.int().min(1),
    side: z.enum(['cpo', 'partner']),
    account: zId('account').nullable().meta({ description: 'Null for public terms.' }),
    status: z.enum(['draft', 'proposed', 'active', 'ended', 'rejected']),
    active_version: z
      .int()
      .min(1)
      .nullable()
      .meta({ description: 'The version that counts now, which may be an earlier one.' }),
    joined: z.string().max(48).nullable().meta({
      description: 'The public version that the account joined, `agr_…@1`.',
    }),
    proposed_by: zId('account'),
    terms: zTerms,
    effective_from: zInstant,
    effective_to: zInstant.nullable(),
    active_from: zInstant.nullable().meta({ description: 'From when it counts.' }),
    ended_at: zInstant.nullable().meta({
      description: 'From when it counts no more; a session quoted before keeps its terms.',
    }),
    decided_by: zId('account').nullable(),
    decided_at: zInstant.nullable(),
    reason: z.string().max(500).nullable(),
    livemode: zLivemode,
    created_at: zCreatedAt,
  })
  .meta({
    id: 'DistributionAgreement',
    description:
      'What the platform and one operator or partner agree on. A version never changes; other terms are the next version, which counts when both sides want it. A session keeps the versions that its quote named.',
  })

const zReason = z.strictObject({ reason: zText(500).meta({ description: 'For the other side.' }) })
const one = (description: string) =>
  ({ status: 200, kind: 'json', description, body: zDistributionAgreement }) as const
const made = (description: string) =>
  ({ status: 201, kind: 'json', description, body: zDistributionAgreement }) as const

export const agreements = {
  create: operation({
    id: 'agreements.create',
    method: 'post',
    path: '/v1/agreements',
    summary: 'Propose a distribution agreement',
    description:
      'The platform proposes to an account, an account to the platform. Nothing changes until the other side accepts; public terms count for whoever joins them.',
    scope: 'agreements:write',
    body: zAgreementPropose,
    success: made('Version 1 of the agreement, or the next version of the account’s own.'),
    errors: ['resource_missing', 'invalid_transition', 'not_offered'],
    idempotent: true,
  }),
  amend: operation({
    id: 'agreements.amend',
    method: 'post',
    path: '/v1/agreements/{id}/versions',
    summary: 'Propose other terms',
    description:
      'Versions never change; other terms are the next version. Accepted, it takes the place of the one in force.',
    scope: 'agreements:write',
    params: zIdParam('agreement'),
    body: zAgreementAmend,
    success: made('The new version.'),
    errors: ['invalid_transition', 'not_offered'],
    idempotent: true,
  }),
  propose: operation({
    id: 'agreements.propose',
    method: 'post',
    path: '/v1/agreements/{id}/propose',
    summary: 'Propose a draft',
    description: 'Shows your draft to the other side; public terms count from then on.',
    scope: 'agreements:write',
    params: zIdParam('agreement'),
    success: one('The proposed version.'),
    errors: ['invalid_transition'],
    idempotent: true,
  }),
  accept: operation({
    id: 'agreements.accept',
    method: 'post',
    path: '/v1/agreements/{id}/accept',
    summary: 'Accept a proposal, or join public terms',
    description:
      'Only the side that did not propose accepts. Joining costs nothing: an account that accepts public terms gets a version of its own with them.',
    scope: 'agreements:write',
    params: zIdParam('agreement'),
    success: one('The active version.'),
    errors: ['invalid_transition'],
    idempotent: true,
  }),
  reject: operation({
    id: 'agreements.reject',
    method: 'post',
    path: '/v1/agreements/{id}/reject',
    summary: 'Reject or withdraw a proposal',
    description: 'Either side, as long as it is not accepted.',
    scope: 'agreements:write',
    params: zIdParam('agreement'),
    body: zReason,
    success: one('The rejected version.'),
    errors: ['invalid_transition'],
    idempotent: true,
  }),
  end: operation({
    id: 'agreements.end',
    method: 'post',
    path: '/v1/agreements/{id}/end',
    summary: 'End an agreement',
    description:
      'Either side, at once or at an instant to come. A session whose quote was made before keeps its terms.',
    scope: 'agreements:write',
    params: zIdParam('agreement'),
    body: zReason.extend({ at: zInstant.optional() }),
    success: one('The version with its end.'),
    errors: ['invalid_transition'],
    idempotent: true,
  }),
  get: operation({
    id: 'agreements.get',
    method: 'get',
    path: '/v1/agreements/{id}',
    summary: 'Read a distribution agreement',
    description: 'Its newest version, or the one you name.',
    scope: 'agreements:read',
    params: zIdParam('agreement'),
    query: z.object({ version: z.coerce.number().int().min(1).max(1_000_000).optional() }),
    success: one('The version.'),
    errors: [],
    idempotent: false,
  }),
  list: operation({
    id: 'agreements.list',
    method: 'get',
    path: '/v1/agreements',
    summary: 'List distribution agreements',
    description:
      'The newest version of each, newest agreement first: your own, and the public terms that may be joined.',
    scope: 'agreements:read',
    query: zPage.extend({
      account: zId('account').optional(),
      side: z.enum(['cpo', 'partner']).optional(),
    }),
    success: {
      status: 200,
      kind: 'json',
      description: 'A page of agreements.',
      body: zListOf('DistributionAgreementList', zDistributionAgreement),
    },
    errors: [],
    idempotent: false,
  }),
}

/** How a quote names the commission to the partner (R003). */
export const zDistribution = z
  .object({
    agreement: z.object({
      id: zId('agreement'),
      version: z.int().min(1),
      commission: zCommission,
    }),
    partnership: z
      .object({ id: zId('agreement'), version: z.int().min(1) })
      .nullable()
      .meta({ description: 'Your own agreement, which says what part of it is yours.' }),
    est: z.object({ commission: zMoney }).meta({
      description: 'Of the expected session, net of VAT.',
    }),
  })
  .meta({
    id: 'Distribution',
    description:
      'The versions of the distribution agreements that share the sale, kept to the session’s end, and what they come to.',
  })
