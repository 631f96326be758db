import { z } from 'zod'
import {
  zBasisPoints,
  zChange,
  zCountryCode,
  zCreatedAt,
  zCurrency,
  zIdParam,
  zInstant,
  zLivemode,
  zResidencyRegion,
  zTimeZone,
} from '../common.ts'
import { operation, zListOf, zPage } from '../operation.ts'
import { zBenefitMode, zSupplyModel } from './agreements.ts'
import { accountTypes, scopes } from '../vocabulary/trust/scopes.ts'
import {
  accountVerifications,
  taxSchemes,
  verificationReasons,
} from '../vocabulary/trust/identity.ts'
import { zId } from '../vocabulary/ids.ts'
import { zLiable } from '../vocabulary/parties.ts'
import { zText } from '../vocabulary/text.ts'
import { apiVersions } from '../vocabulary/versions.ts'

export const zAddress = z
  .strictObject({ street: zText(120), city: zText(80), postal_code: zText(16) })
  .meta({ id: 'Address', description: 'Postal address as printed on documents.' })

export const zIban = z
  .string()
  .regex(/^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$/, 'must be an IBAN without spaces')
  .meta({
    description: 'With its check digits, which are looked at.',
    examples: ['DE89370400440532013000'],
  })

const zVatId = z
  .string()
  .regex(/^[A-Z]{2,3}[A-Z0-9.+*-]{2,18}$/, 'must be a VAT identification number without spaces')
  .meta({
    description: 'With its check digits, which are looked at.',
    examples: ['DE136695976', 'CHE116281710MWST'],
  })

const zTaxScheme = z.enum(taxSchemes).meta({
  description:
    '`local`: counts in the country of the number. `oss`: a One-Stop Shop, counts where the market accepts it.',
})

const maxTaxIds = 40

const zTaxIds = z
  .array(z.strictObject({ vat_id: zVatId, scheme: zTaxScheme.optional() }))
  .max(maxTaxIds)
  .meta({
    description:
      'Further registrations beside `vat_id`, each of another country or by a scheme; the whole list.',
    examples: [[{ vat_id: 'DE136695976' }]],
  })

const zTaxId = z
  .object({
    country: zCountryCode,
    vat_id: z.string().max(21),
    scheme: zTaxScheme,
    checked_at: zInstant.nullable().meta({
      description: 'When its tax office called the number valid.',
    }),
  })
  .meta({ id: 'TaxId', description: 'A registration for VAT beside that of the own country.' })

const zWallTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day, `08:00`')

export const zPayoutCalendar = z
  .strictObject({
    time_zone: zTimeZone,
    days: z
      .array(z.int().min(1).max(7))
      .min(1)
      .max(7)
      .meta({ description: 'Business days; 1 is Monday.' }),
    from: zWallTime,
    until: zWallTime.meta({ description: 'Not included.' }),
    holidays: z
      .array(z.iso.date())
      .max(400)
      .meta({ description: 'Days on which nothing leaves, whatever day of the week.' }),
  })
  .refine(({ from, until }) => from < until, { path: ['until'], message: 'must be after `from`' })
  .meta({
    id: 'PayoutCalendar',
    description: 'When payouts may leave, as agreed: business days and hours of a place.',
  })

export const zAgreement = z
  .strictObject({
    commission_bps: zBasisPoints.meta({
      description: 'Platform commission on the net amount, in basis points (150 = 1.5 %).',
    }),
    supply_model: zSupplyModel,
    offline_liability: zLiable.optional().meta({
      description:
        'Who stands for what is not paid of a charge that the charger began while it could not ask us; the partner unless another is named.',
    }),
  })
  .meta({ id: 'Agreement', description: 'Distribution agreement of an operator.' })

const zPartnerType = z.enum([
  'super_app',
  'fleet',
  'wallet',
  'oem',
  'payment_card',
  'navigation',
  'other',
])

export const zAccount = z
  .object({
    id: zId('account'),
    type: z.enum(accountTypes),
    partner_type: z.string().max(40).nullable(),
    name: z.string().max(120),
    legal_name: z.string().max(200),
    country: zCountryCode,
    residency_region: zResidencyRegion,
    payout_currency: zCurrency,
    vat_id: z.string().max(21).nullable(),
    vat_checked_at: zInstant.nullable().meta({
      description:
        'When its tax office called the number valid. No reverse charge before, nor when the answer has grown older than `vat_check_counts_s` of the platform’s settings.',
    }),
    tax_ids: z.array(zTaxId).max(maxTaxIds).meta({
      description: 'Further registrations beside `vat_id`.',
    }),
    verification: z.enum(accountVerifications).meta({
      description: '`review`: the platform has to look first; nothing is sold by it or to it.',
    }),
    verification_reasons: z.array(z.enum(verificationReasons)).max(verificationReasons.length),
    address: z.object({
      street: z.string().max(120),
      city: z.string().max(80),
      postal_code: z.string().max(16),
    }),
    payout_calendar: zPayoutCalendar.nullable().meta({
      description: 'When payouts may leave; null for at any time.',
    }),
    status: z.enum(['active', 'suspended']),
    livemode: zLivemode,
    created_at: zCreatedAt,
  })
  .meta({ id: 'Account', description: 'A party of the marketplace.' })

export const zAccountCreate = z
  .strictObject({
    type: z
      .enum(['partner', 'cpo', 'payee', 'finance'])
      .meta({ description: 'A `payee` is paid a share of sales and sells nothing itself.' }),
    partner_type: zPartnerType.optional(),
    name: zText(120).meta({ description: 'Name shown to others.' }),
    legal_name: zText(200).meta({ description: 'Name printed on documents.' }),
    country: zCountryCode,
    payout_currency: zCurrency,
    vat_id: zVatId.optional(),
    tax_ids: zTaxIds.optional(),
    address: zAddress,
    iban: zIban.optional().meta({
      description:
        'Where it is paid in its `payout_currency` from the beginning; accounts of other kinds, and every later one, are `bank_accounts`.',
    }),
    payout_calendar: zPayoutCalendar.optional(),
    partner_share_bps: zBasisPoints.optional().meta({
      description:
        "A partner's part of the platform commission; with `benefit_mode` version 1 of its distribution agreement.",
    }),
    benefit_mode: zBenefitMode.optional(),
    agreement: zAgreement.optional().meta({
      description: 'Required for type `cpo`: version 1 of its distribution agreement.',
    }),
  })
  .refine((body) => body.type !== 'cpo' || body.agreement !== undefined, {
    path: ['agreement'],
    message: 'is required for an account of type cpo',
  })
  .meta({ id: 'AccountCreate' })

const zAccountUpdate = zChange({
  name: zText(120).optional(),
  legal_name: zText(200).optional(),
  vat_id: zVatId.optional(),
  tax_ids: zTaxIds.optional(),
  address: zAddress.optional(),
  payout_calendar: zPayoutCalendar.nullable().optional(),
  status: z.enum(['active', 'suspended']).optional(),
}).meta({ id: 'AccountUpdate' })

const zVerify = z
  .strictObject({
    note: zText(500).meta({ description: 'What was found out; kept with the account.' }),
  })
  .meta({ id: 'AccountVerify' })

const zVatCheck = z
  .strictObject({
    vat_id: zVatId.meta({
      description: 'The number that was asked for: one that the account has.',
    }),
    valid: z.boolean(),
    source: zText(40).meta({ description: 'Who was asked.', examples: ['vies'] }),
    reference: zText(200).meta({
      description: 'What the source calls its answer, e.g. a consultation number.',
    }),
    checked_at: zInstant.meta({ description: 'Not in the future.' }),
  })
  .meta({ id: 'VatCheckCreate', description: 'What a tax office answered about a VAT number.' })

export const accounts = {
  create: operation({
    id: 'accounts.create',
    method: 'post',
    path: '/v1/accounts',
    summary: 'Open an account',
    description:
      'Makes a partner (demand), an operator (`cpo`, supply) or a finance reader. Only the platform opens accounts. A name or a VAT number that another verified account has puts it into `review`; an operator sells only where one of its VAT numbers counts: charging is taxed in the country of the charger.',
    scope: 'accounts:write',
    body: zAccountCreate,
    success: { status: 201, kind: 'json', description: 'The new account.', body: zAccount },
    errors: ['not_offered', 'unsupported_currency', 'residency_violation'],
    idempotent: true,
  }),
  get: operation({
    id: 'accounts.get',
    method: 'get',
    path: '/v1/accounts/{id}',
    summary: 'Read an account',
    description: 'Your own account; the platform and finance read every account.',
    scope: 'accounts:read',
    params: zIdParam('account'),
    success: { status: 200, kind: 'json', description: 'The account.', body: zAccount },
    errors: [],
    idempotent: false,
  }),
  list: operation({
    id: 'accounts.list',
    method: 'get',
    path: '/v1/accounts',
    summary: 'List accounts',
    description: 'Newest first. A partner or an operator sees itself only.',
    scope: 'accounts:read',
    query: zPage,
    success: {
      status: 200,
      kind: 'json',
      description: 'A page of accounts.',
      body: zListOf('AccountList', zAccount),
    },
    errors: [],
    idempotent: false,
  }),
  update: operation({
    id: 'accounts.update',
    method: 'patch',
    path: '/v1/accounts/{id}',
    summary: 'Change an account',
    description:
      'Changes the named fields. A suspended account keeps its running sessions, but its keys are refused with `account_restricted`.',
    scope: 'accounts:write',
    params: zIdParam('account'),
    body: zAccountUpdate,
    success: { status: 200, kind: 'json', description: 'The changed account.', body: zAccount },
    errors: [],
    idempotent: false,
  }),
  verify: operation({
    id: 'accounts.verify',
    method: 'post',
    path: '/v1/accounts/{id}/verify',
    summary: 'Verify an account',
    description: 'The platform has looked who it is: it may sell and buy from now on.',
    scope: 'accounts:write',
    params: zIdParam('account'),
    body: zVerify,
    success: { status: 200, kind: 'json', description: 'The account.', body: zAccount },
    errors: [],
    idempotent: true,
  }),
  check_vat: operation({
    id: 'accounts.check_vat',
    method: 'post',
    path: '/v1/accounts/{id}/vat_checks',
    summary: 'Keep what a tax office said of a VAT number',
    description:
      'The platform asks VIES by itself about numbers of the EU and of Northern Ireland, every hour until there is an answer; others are kept here. The latest answer counts. Without a good one the account is charged VAT and never the reverse charge; another number needs another check.',
    scope: 'accounts:write',
    params: zIdParam('account'),
    body: zVatCheck,
    success: { status: 200, kind: 'json', description: 'The account.', body: zAccount },
    errors: ['invalid_transition'],
    idempotent: true,
  }),
}

const zApiVersion = z.enum(apiVersions)

const zScope = z.enum(scopes).meta({ id: 'Scope', description: 'One permission of an API key.' })

export const zApiKey = z
  .object({
    id: zId('apiKey'),
    account: zId('account'),
    name: z.string().max(80),
    key: z.string().max(120).nullable().meta({
      description: 'The key itself: only in the answer that makes it, null ever after.',
    }),
    last_four: z.string().max(4),
    scopes: z.array(zScope).max(scopes.length),
    api_version: zApiVersion.meta({
      description: 'What its requests are read and answered in, unless they name another version.',
    }),
    livemode: zLivemode,
    expires_at: zInstant.nullable(),
    revoked_at: zInstant.nullable(),
    created_at: zCreatedAt,
  })
  .meta({ id: 'ApiKey', description: 'A secret key of an account.' })

const zApiKeyCreate = z
  .strictObject({
    name: zText(80).meta({ description: 'What the key is for, e.g. `production backend`.' }),
    account: zId('account')
      .optional()
      .meta({ description: 'Only for the platform: whose key; your own account by default.' }),
    scopes: z.array(zScope).min(1).max(scopes.length).optional().meta({
      description: 'Fewer permissions than the account type allows; all of them by default.',
    }),
    api_version: zApiVersion.optional().meta({ description: 'The newest by default.' }),
    expires_at: zInstant.optional().meta({ description: 'In the future; never by default.' }),
  })
  .meta({ id: 'ApiKeyCreate' })

export const api_keys = {
  create: operation({
    id: 'api_keys.create',
    method: 'post',
    path: '/v1/api_keys',
    summary: 'Make an API key',
    description:
      'Makes a key of 256 random bits. It is shown once; we keep a digest only. Use a second key to rotate without downtime.',
    scope: 'keys:write',
    body: zApiKeyCreate,
    success: { status: 201, kind: 'json', description: 'The key, shown once.', body: zApiKey },
    errors: ['resource_missing', 'insufficient_scope'],
    idempotent: true,
  }),
  list: operation({
    id: 'api_keys.list',
    method: 'get',
    path: '/v1/api_keys',
    summary: 'List API keys',
    description: 'Keys of your account, newest first, without their secrets.',
    scope: 'keys:write',
    query: zPage,
    success: {
      status: 200,
      kind: 'json',
      description: 'A page of keys.',
      body: zListOf('ApiKeyList', zApiKey),
    },
    errors: [],
    idempotent: false,
  }),
  revoke: operation({
    id: 'api_keys.revoke',
    method: 'post',
    path: '/v1/api_keys/{id}/revoke',
    summary: 'Revoke an API key',
    description: 'The key is refused from the next request on. Revoking twice is harmless.',
    scope: 'keys:write',
    params: zIdParam('apiKey'),
    success: { status: 200, kind: 'json', description: 'The revoked key.', body: zApiKey },
    errors: [],
    idempotent: true,
  }),
}
