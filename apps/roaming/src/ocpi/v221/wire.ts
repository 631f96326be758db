// The objects of OCPI 2.2.1 as they cross the wire. Inbound is tolerant: unknown fields are kept, null is "not
// there", times may lack their zone. Outbound is strict: what we send is exactly what the specification names.
import { plainDecimal, zInstantIn, zRecordIn, zUpper } from '@chargelane/rules/record/ocpi'
import { z } from 'zod'

// ── Parts ───────────────────────────────────────────────────────────────────────────────────────────────────────

const zCi = (max: number) => z.string().trim().min(1).max(max)
const zCountryCode = z
  .string()
  .trim()
  .length(2)
  .transform((code) => code.toUpperCase())
const zPartyId = z
  .string()
  .trim()
  .length(3)
  .transform((id) => id.toUpperCase())
/** More than any session takes, also where Wh were told for kWh. */
const mostKwh = 1_000_000

const isPossible = (kwh: string, least: number) => Number(kwh) >= least && Number(kwh) <= mostKwh

/** Energy of a session. What is no number takes nothing else of its object with it; a number must be possible. */
const zEnergyIn = z.unknown().transform((value, context) => {
  const isTold = typeof value === 'number' || typeof value === 'string'
  const text = isTold ? plainDecimal(String(value)) : undefined
  if (text === undefined || isPossible(text, 0)) return text
  context.addIssue({ code: 'custom', message: `must be from 0 to ${mostKwh}` })
  return z.NEVER
})

// ── Credentials ─────────────────────────────────────────────────────────────────────────────────────────────────

const zRoleIn = z.looseObject({
  role: zUpper,
  country_code: zCountryCode,
  party_id: zPartyId,
})

/** Peers that grew up with 2.1.1 tell their one party flat; a role that we cannot read is none that we use. */
const zRolesIn = z
  .array(z.unknown())
  .transform((roles) => roles.flatMap((role) => zRoleIn.safeParse(role).data ?? []))
  .pipe(z.array(zRoleIn).min(1, 'must name a role with country_code and party_id'))

export const zCredentialsIn = z.preprocess(
  (object) => {
    const flat = z
      .looseObject({ roles: z.undefined().optional(), party_id: z.string() })
      .safeParse(object)
    return flat.success ? { ...flat.data, roles: [{ ...flat.data, role: 'CPO' }] } : object
  },
  z.looseObject({
    token: z.string().min(1).max(256),
    url: z.string().min(1).max(255),
    roles: zRolesIn,
  }),
)

export const zCredentialsOut = z.strictObject({
  token: z.string().min(1).max(64),
  url: z.url().max(255),
  roles: z.array(
    z.strictObject({
      role: z.literal('EMSP'),
      business_details: z.strictObject({ name: z.string().max(100) }),
      party_id: z.string().length(3),
      country_code: z.string().length(2),
    }),
  ),
})

// ── Locations ───────────────────────────────────────────────────────────────────────────────────────────────────

/** V, A or W on a plate: beyond what any plug has it is a mistake, and no column of ours would hold it. */
const zRating = (most: number) => z.coerce.number().int().min(0).max(most)

export const zConnectorIn = z.looseObject({
  id: zCi(36),
  standard: zUpper,
  format: zUpper.default('SOCKET'),
  power_type: zUpper.default('AC_1_PHASE'),
  max_voltage: zRating(10_000).default(0),
  max_amperage: zRating(10_000).default(0),
  max_electric_power: zRating(100_000_000).optional(),
  tariff_ids: z.array(zCi(36)).default([]),
  last_updated: zInstantIn,
})

export const zEvseIn = z.looseObject({
  uid: zCi(36),
  evse_id: zCi(48).optional(),
  status: zUpper.default('UNKNOWN'),
  capabilities: z.array(zUpper).default([]),
  connectors: z.array(zConnectorIn).default([]),
  last_updated: zInstantIn,
})

export const zEvseStatusIn = zEvseIn.pick({ status: true, last_updated: true })

export const zLocationIn = z.looseObject({
  country_code: zCountryCode,
  party_id: zPartyId,
  id: zCi(36),
  name: z.string().max(255).optional(),
  address: z.string().max(255).default(''),
  city: z.string().max(255).default(''),
  postal_code: z.string().max(16).optional(),
  country: z.string().trim().min(2).max(3),
  coordinates: z.looseObject({
    latitude: z.coerce.number().min(-90).max(90),
    longitude: z.coerce.number().min(-180).max(180),
  }),
  time_zone: z.string().trim().min(1).max(255).optional(),
  evses: z.array(zEvseIn).default([]),
  last_updated: zInstantIn,
})

// ── Tariffs ─────────────────────────────────────────────────────────────────────────────────────────────────────

/** Only what names a tariff; whether it can be sold is for the rating room to say. */
export const zTariffIn = z.looseObject({
  country_code: zCountryCode,
  party_id: zPartyId,
  id: zCi(36),
})

// ── Tokens ──────────────────────────────────────────────────────────────────────────────────────────────────────

/** OCPI 2.2.1 §12.3.2. */
export const zTokenOut = z.strictObject({
  country_code: z.string().length(2),
  party_id: z.string().length(3),
  uid: z.string().min(1).max(36),
  type: z.enum(['RFID', 'APP_USER', 'AD_HOC_USER', 'OTHER']),
  contract_id: z.string().min(1).max(36),
  issuer: z.string().min(1).max(64),
  valid: z.boolean(),
  whitelist: z.enum(['ALWAYS', 'ALLOWED', 'ALLOWED_OFFLINE', 'NEVER']),
  last_updated: z.iso.datetime(),
})

export const zLocationReferencesIn = z.looseObject({
  location_id: zCi(36),
  evse_uids: z.array(zCi(36)).default([]),
})

export const zAuthorizationInfoOut = z.strictObject({
  allowed: z.enum(['ALLOWED', 'BLOCKED', 'EXPIRED', 'NO_CREDIT', 'NOT_ALLOWED']),
  token: zTokenOut,
  location: z
    .strictObject({ location_id: z.string(), evse_uids: z.array(z.string()).optional() })
    .optional(),
  authorization_reference: z.string().max(36).optional(),
})

// ── Sessions and CDRs ───────────────────────────────────────────────────────────────────────────────────────────

export const zCdrTokenIn = z.looseObject({
  uid: zCi(36),
  contract_id: z.string().max(64).optional(),
})

/** OCPI 2.2.1 §9.3.1. Cost is read nowhere: a session's price is ours to compute from the locked tariff. */
export const zSessionIn = z.looseObject({
  country_code: zCountryCode,
  party_id: zPartyId,
  id: zCi(36),
  start_date_time: zInstantIn,
  end_date_time: zInstantIn.optional(),
  kwh: zEnergyIn,
  cdr_token: zCdrTokenIn.optional(),
  authorization_reference: zCi(64).optional(),
  location_id: zCi(36).optional(),
  evse_uid: zCi(36).optional(),
  connector_id: zCi(36).optional(),
  currency: zUpper.optional(),
  charging_periods: z
    .array(
      z.looseObject({
        start_date_time: zInstantIn,
        dimensions: z
          .array(z.looseObject({ type: zUpper }))
          .optional()
          .catch(undefined),
      }),
    )
    .default([]),
  status: zUpper,
  last_updated: zInstantIn,
})

/** OCPI 2.2.1 §10.3.1; the parts rating reads are checked by the rating room. */
const zCdrFields = zRecordIn.extend({
  country_code: zCountryCode,
  party_id: zPartyId,
  id: zCi(39),
  session_id: zCi(36).optional(),
  cdr_token: zCdrTokenIn.optional(),
  authorization_reference: zCi(64).optional(),
  cdr_location: z
    .looseObject({
      id: zCi(36).optional(),
      evse_uid: zCi(36).optional(),
      evse_id: zCi(48).optional(),
    })
    .optional(),
  credit: z.boolean().default(false),
  credit_reference_id: zCi(39).optional(),
  last_updated: zInstantIn,
})

/** Only a credit takes energy back. */
export const zCdrIn = zCdrFields.refine(
  ({ total_energy: kwh, credit }) => isPossible(kwh, credit ? -mostKwh : 0),
  { path: ['total_energy'], message: `must be from 0 to ${mostKwh}` },
)

// ── Commands ────────────────────────────────────────────────────────────────────────────────────────────────────

export const zStartSessionOut = z.strictObject({
  response_url: z.url().max(255),
  token: zTokenOut,
  location_id: z.string().min(1).max(36),
  evse_uid: z.string().min(1).max(36).optional(),
  connector_id: z.string().min(1).max(36).optional(),
  authorization_reference: z.string().min(1).max(36).optional(),
})

export const zUnlockConnectorOut = z.strictObject({
  response_url: z.url().max(255),
  location_id: z.string().min(1).max(36),
  evse_uid: z.string().min(1).max(36),
  connector_id: z.string().min(1).max(36),
})

export const zStopSessionOut = z.strictObject({
  response_url: z.url().max(255),
  session_id: z.string().min(1).max(36),
})

export const zDisplayTextsIn = z
  .union([z.array(z.looseObject({ text: z.string() })), z.looseObject({ text: z.string() })])
  .optional()
  .catch(undefined)

/** §13.3.2. Some peers leave the timeout out; 30 s is then assumed. */
export const zCommandResponseIn = z.looseObject({
  result: zUpper,
  timeout: z.coerce.number().min(0).max(86_400).catch(30),
  message: zDisplayTextsIn,
})

export const zCommandResultIn = z.looseObject({ result: zUpper, message: zDisplayTextsIn })

export type OcpiLocation = z.infer<typeof zLocationIn>
export type OcpiEvse = z.infer<typeof zEvseIn>
export type OcpiConnector = z.infer<typeof zConnectorIn>
export type OcpiTariff = z.infer<typeof zTariffIn>
export type OcpiSession = z.infer<typeof zSessionIn>
export type OcpiCdr = z.infer<typeof zCdrIn>
