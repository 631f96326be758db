import { z } from 'zod'
import { zChange, zCreatedAt, zExternalId, zIdParam, zInstant, zLivemode } from '../common.ts'
import { operation, zListOf, zPage } from '../operation.ts'
import { zId } from '../vocabulary/ids.ts'
import { zText } from '../vocabulary/text.ts'

const zPlaces = (kind: 'evse' | 'location') => z.array(zId(kind)).min(1).max(1_000)
const zGroups = z.array(zId('driverGroup')).min(1).max(100)

// ── Groups of drivers ───────────────────────────────────────────────────────────────────────────────────────────

export const zDriverGroup = z
  .object({
    id: zId('driverGroup'),
    name: z.string().max(120),
    drivers: z.array(zExternalId).max(10_000),
    livemode: zLivemode,
    created_at: zCreatedAt,
    updated_at: zInstant,
  })
  .meta({
    id: 'DriverGroup',
    description:
      'Drivers of yours, such as a fleet or the staff of a workplace. Others know only its id.',
  })

const zDrivers = z.array(zExternalId).max(10_000)

export const driver_groups = {
  create: operation({
    id: 'driver_groups.create',
    method: 'post',
    path: '/v1/driver_groups',
    summary: 'Make a group of drivers',
    description: 'Contracts and access rules name it by its id. Drivers are made on first use.',
    scope: 'drivers:write',
    body: z
      .strictObject({ name: zText(120), drivers: zDrivers.default([]) })
      .meta({ id: 'DriverGroupCreate' }),
    success: { status: 201, kind: 'json', description: 'The group.', body: zDriverGroup },
    errors: ['limit_reached'],
    idempotent: true,
  }),
  update: operation({
    id: 'driver_groups.update',
    method: 'post',
    path: '/v1/driver_groups/{id}',
    summary: 'Change who is in it',
    description: 'Quotes made from now on are by the group as it is then.',
    scope: 'drivers:write',
    params: zIdParam('driverGroup'),
    body: zChange({
      name: zText(120).optional(),
      add: zDrivers.optional(),
      remove: zDrivers.optional(),
    }).meta({ id: 'DriverGroupUpdate' }),
    success: { status: 200, kind: 'json', description: 'The group.', body: zDriverGroup },
    errors: ['limit_reached'],
    idempotent: true,
  }),
  get: operation({
    id: 'driver_groups.get',
    method: 'get',
    path: '/v1/driver_groups/{id}',
    summary: 'Read a group of drivers',
    description: 'With its drivers.',
    scope: 'drivers:write',
    params: zIdParam('driverGroup'),
    success: { status: 200, kind: 'json', description: 'The group.', body: zDriverGroup },
    errors: [],
    idempotent: false,
  }),
  list: operation({
    id: 'driver_groups.list',
    method: 'get',
    path: '/v1/driver_groups',
    summary: 'List groups of drivers',
    description: 'Newest first.',
    scope: 'drivers:write',
    query: zPage,
    success: {
      status: 200,
      kind: 'json',
      description: 'A page of groups.',
      body: zListOf('DriverGroupList', zDriverGroup),
    },
    errors: [],
    idempotent: false,
  }),
}

// ── Contracts ───────────────────────────────────────────────────────────────────────────────────────────────────

const terms = {
  name: zText(120),
  driver_groups: zGroups.optional().meta({
    description: 'Of the partner. Absent: all of its drivers.',
  }),
  evses: zPlaces('evse').optional(),
  locations: zPlaces('location')
    .optional()
    .meta({ description: 'With neither EVSEs nor locations it is of all places of the operator.' }),
  rate_agreement: zId('rateAgreement').optional().meta({
    description:
      'Of the same two sides; from then on it prices sessions of this contract alone. Absent: the price is what it is without a contract.',
  }),
  split_policy: z
    .string()
    .max(48)
    .regex(/^spl_[0-9A-HJKMNP-TV-Z]{26}@[1-9]\d{0,6}$/)
    .optional()
    .meta({ description: 'A policy of the operator at level `contract`, by version.' }),
  effective_from: zInstant.optional().meta({ description: 'From acceptance on when absent.' }),
  effective_to: zInstant.optional(),
  draft: z.boolean().default(false),
}
const endsLater = (body: {
  effective_from?: string | undefined
  effective_to?: string | undefined
}) =>
  body.effective_from === undefined ||
  body.effective_to === undefined ||
  body.effective_from < body.effective_to
const endLater = { path: ['effective_to'], message: 'must be after effective_from' }

export const zContractCreate = z
  .strictObject({
    counterparty: zId('account').meta({ description: 'The operator, or the partner.' }),
    ...terms,
  })
  .refine(endsLater, endLater)
  .meta({ id: 'ContractCreate' })

export const zContractAmend = z
  .strictObject(terms)
  .refine(endsLater, endLater)
  .meta({ id: 'ContractAmend' })

export const zContract = z
  .object({
    id: zId('contract'),
    version: z.int().min(1),
    status: z.enum(['draft', 'proposed', 'active', 'ended', 'rejected']),
    cpo: zId('account'),
    partner: zId('account'),
    proposed_by: zId('account'),
    name: z.string().max(120),
    driver_groups: zGroups.nullable(),
    evses: zPlaces('evse').nullable(),
    locations: zPlaces('location').nullable(),
    rate_agreement: zId('rateAgreement').nullable(),
    split_policy: z.string().max(48).nullable(),
    effective_from: zInstant,
    effective_to: zInstant.nullable(),
    active_from: zInstant.nullable().meta({ description: 'Never before it was accepted.' }),
    ended_at: zInstant.nullable(),
    decided_by: zId('account').nullable(),
    decided_at: zInstant.nullable(),
    reason: z.string().max(500).nullable(),
    livemode: zLivemode,
    created_at: zCreatedAt,
  })
  .meta({
    id: 'Contract',
    description:
      'What an operator and a partner agreed for groups of drivers at places: by which rate agreement they pay, and by which split policy it is shared. Of several contracts the one with the narrowest place counts, then one with groups, then the later start; the quote says which.',
  })

/** How a quote names the contract it is made under. */
export const zQuoteContract = z.object({
  id: zId('contract'),
  version: z.int().min(1),
  name: z.string().max(120),
  precedence: z
    .object({
      site: z.enum(['evse', 'location', 'operator']),
      drivers: z.enum(['group', 'all']),
      from: zInstant,
    })
    .meta({ description: 'By what it stands before other contracts.' }),
  rate_agreement: zId('rateAgreement').nullable(),
  split_policy: z.string().max(48).nullable(),
})

const zReason = z.strictObject({ reason: zText(500).meta({ description: 'For the other side.' }) })
const one = (description: string) =>
  ({ status: 200, kind: 'json', description, body: zContract }) as const
const decision = {
  scope: 'agreements:write',
  params: zIdParam('contract'),
  idempotent: true,
} as const

export const contracts = {
  create: operation({
    id: 'contracts.create',
    method: 'post',
    path: '/v1/contracts',
    summary: 'Propose a contract',
    description: 'Nothing changes until the other side accepts.',
    scope: 'agreements:write',
    body: zContractCreate,
    success: { status: 201, kind: 'json', description: 'Version 1.', body: zContract },
    errors: ['resource_missing'],
    idempotent: true,
  }),
  amend: operation({
    id: 'contracts.amend',
    method: 'post',
    path: '/v1/contracts/{id}/versions',
    summary: 'Propose other terms',
    description:
      'Versions never change; other terms are the next version, which takes the place of the one in force once it is accepted.',
    ...decision,
    body: zContractAmend,
    success: { status: 201, kind: 'json', description: 'The new version.', body: zContract },
    errors: ['resource_missing', 'invalid_transition'],
  }),
  propose: operation({
    id: 'contracts.propose',
    method: 'post',
    path: '/v1/contracts/{id}/propose',
    summary: 'Propose a draft',
    description: 'Shows your draft to the other side.',
    ...decision,
    success: one('The proposed version.'),
    errors: ['invalid_transition'],
  }),
  accept: operation({
    id: 'contracts.accept',
    method: 'post',
    path: '/v1/contracts/{id}/accept',
    summary: 'Accept a proposal',
    description:
      'Refused where its rate agreement is not in force between the two, where its split policy is none of the operator’s in force, and where another contract of equal rank would meet it (`rule` `equal_rank`).',
    ...decision,
    success: one('The active version.'),
    errors: ['invalid_transition', 'invalid_value'],
  }),
  reject: operation({
    id: 'contracts.reject',
    method: 'post',
    path: '/v1/contracts/{id}/reject',
    summary: 'Reject or withdraw a proposal',
    description: 'Either side, as long as it is not accepted.',
    ...decision,
    body: zReason,
    success: one('The rejected version.'),
    errors: ['invalid_transition'],
  }),
  end: operation({
    id: 'contracts.end',
    method: 'post',
    path: '/v1/contracts/{id}/end',
    summary: 'End a contract',
    description: 'Either side, at once or at an instant to come. Quotes made before keep it.',
    ...decision,
    body: zReason.extend({ at: zInstant.optional() }),
    success: one('The version with its end.'),
    errors: ['invalid_transition'],
  }),
  get: operation({
    id: 'contracts.get',
    method: 'get',
    path: '/v1/contracts/{id}',
    summary: 'Read a contract',
    description: 'Its newest version, or the one you name.',
    scope: 'agreements:read',
    params: zIdParam('contract'),
    query: z.object({ version: z.coerce.number().int().min(1).max(1_000_000).optional() }),
    success: one('The version.'),
    errors: [],
    idempotent: false,
  }),
  list: operation({
    id: 'contracts.list',
    method: 'get',
    path: '/v1/contracts',
    summary: 'List contracts',
    description: 'The newest version of each, newest contract first.',
    scope: 'agreements:read',
    query: zPage,
    success: {
      status: 200,
      kind: 'json',
      description: 'A page of contracts.',
      body: zListOf('ContractList', zContract),
    },
    errors: [],
    idempotent: false,
  }),
}
