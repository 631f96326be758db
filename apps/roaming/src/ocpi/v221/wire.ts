// The objects of OCPI 2.2.1 as they cross the wire. Inbound is tolerant: unknown fields are kept, null is "not
// there", times may lack their zone. Outbound is strict: what we send is exactly what the specification names.
import { z } from 'zod'

// ── Tolerance ───────────────────────────────────────────────────────────────────────────────────────────────────

const instantPattern =
  /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?)(?:[.,](\d+))?\s*(Z|[+-]\d\d:?\d\d)?$/i

const earliestMs = Date.UTC(1970, 0, 1)

/**
 * OCPI 2.2.1 §16.4 DateTime: UTC, with or without the Z. Peers also send offsets, blanks, micro- and nanoseconds;
 * all become `2026-11-21T10:15:00.000Z`. Undefined when it is no instant.
 */
export function instantOf(text: string): string | undefined {
  const [, date, time, fraction, zone] = instantPattern.exec(text.trim()) ?? []
  if (date === undefined || time === undefined) return undefined
  const seconds = time.length === 5 ? `${time}:00` : time
  const milliseconds = (fraction ?? '').padEnd(3, '0').slice(0, 3)
  const parsed = Date.parse(`${date}T${seconds}.${milliseconds}${(zone ?? 'Z').toUpperCase()}`)
  // No charge is of before OCPI was; years such as 0000 are no database's either.
  return parsed >= earliestMs ? new Date(parsed).toISOString() : undefined
}

/** Deeper than anything OCPI nests; more is an attack on our stack. */
const depthMax = 64

/**
 * Drops null members at every depth: py-ocpi and others write null where the field should be left out. Takes out what
 * no database text can hold, too (NUL and lone surrogates). Throws `RangeError` on absurd nesting.
 */
export function withoutNulls(value: unknown, depth = 0): unknown {
  if (depth > depthMax) throw new RangeError(`nested deeper than ${depthMax} levels`)
  if (typeof value === 'string') return storable(value)
  if (Array.isArray(value)) {
    return value.filter((item) => item !== null).map((item) => withoutNulls(item, depth + 1))
  }
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== null)
      .map(([name, member]) => [storable(name), withoutNulls(member, depth + 1)]),
  )
}

const storable = (text: string) =>
  text.replaceAll(/\0/g, '').replaceAll(/\p{Surrogate}/gu, '\ufffd')

/** A list of one where a single object is due (a known habit of py-ocpi). */
export function unwrapSingle(value: unknown): unknown {
  return Array.isArray(value) && value.length === 1 ? value[0] : value
}

/** CiString (§16.1): compared without regard to case, kept as first written. */
export const sameCi = (a: string, b: string) => a.toLowerCase() === b.toLowerCase()

const zInstantIn = z.string().transform((text, context) => {
  const instant = instantOf(text)
  if (instant !== undefined) return instant
  context.addIssue({ code: 'custom', message: 'must be an RFC 3339 date and time in UTC' })
  return z.NEVER
})
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
const zUpper = z
  .string()
  .trim()
  .max(64)
  .transform((word) => word.toUpperCase())

/** OCPI 2.2.1 §16.2 number, as decimal text: floats never carry energy or money further. */
const zNumberIn = z.union([z.number(), z.string().trim()]).transform((value, context) => {
  const text = typeof value === 'number' ? decimalText(value) : value
  if (/^-?(?:0|[1-9]\d{0,14})(?:\.\d{1,18})?$/.test(text)) return text
  context.addIssue({ code: 'custom', message: 'must be a decimal number' })
  return z.NEVER
})

/** The shortest decimal that reads back as the same double, written without an exponent. */
function decimalText(value: number): string {
  const text = String(value)
  const [mantissa = '', exponent] = text.split('e')
  if (exponent === undefined) return text
  const digits = mantissa.replace(/^-/, '').replace('.', '')
  const sign = value < 0 ? '-' : ''
  const point = (mantissa.replace(/^-/, '').split('.')[0] ?? '').length + Number(exponent)
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`
  return `${sign}${digits.padEnd(point, '0')}`
}

// ── Envelope, versions, credentials ─────────────────────────────────────────────────────────────────────────────

export const zEnvelopeIn = z.looseObject({
  data: z.unknown().optional(),
  status_code: z.coerce.number().int(),
  status_message: z.string().nullish(),
})

export const zVersionsIn = z.array(z.looseObject({ version: z.string(), url: z.string() }))

/** §6.2: `role` may be missing or of another case; we look endpoints up without regard to it. */
export const zVersionDetailsIn = z.looseObject({
  version: z.string().optional(),
  endpoints: z.array(
    z.looseObject({ identifier: z.string(), role: zUpper.default(''), url: z.string() }),
  ),
})

export const zCredentialsIn = z.looseObject({
  token: z.string().min(1).max(256),
  url: z.string().min(1).max(255),
  roles: z
    .array(
      z.looseObject({
        role: zUpper,
        country_code: zCountryCode,
        party_id: zPartyId,
        business_details: z.looseObject({ name: z.string() }).optional(),
      }),
    )
    .min(1),
})

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

export const zConnectorIn = z.looseObject({
  id: zCi(36),
  standard: zUpper,
  format: zUpper.default('SOCKET'),
  power_type: zUpper.default('AC_1_PHASE'),
  max_voltage: z.coerce.number().int().min(0).default(0),
  max_amperage: z.coerce.number().int().min(0).default(0),
  max_electric_power: z.coerce.number().int().min(0).optional(),
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

export const zPriceIn = z.looseObject({
  excl_vat: zNumberIn,
  incl_vat: zNumberIn.optional(),
})

/** What a record says beside its total; whatever of it cannot be read says nothing. */
const zCostIn = z
  .looseObject({ excl_vat: zNumberIn.optional().catch(undefined) })
  .optional()
  .catch(undefined)

/** §10.4.4, §10.4.5; anything else holds no signed value. */
const zSignedDataIn = z
  .looseObject({
    signed_values: z.array(z.looseObject({ signed_data: z.string() })).max(1_000),
  })
  .optional()
  .catch(undefined)

/** OCPI 2.2.1 §9.3.1. Cost is read nowhere: a session's price is ours to compute from the locked tariff. */
export const zSessionIn = z.looseObject({
  country_code: zCountryCode,
  party_id: zPartyId,
  id: zCi(36),
  start_date_time: zInstantIn,
  end_date_time: zInstantIn.optional(),
  kwh: zNumberIn,
  cdr_token: zCdrTokenIn.optional(),
  authorization_reference: zCi(64).optional(),
  location_id: zCi(36).optional(),
  evse_uid: zCi(36).optional(),
  connector_id: zCi(36).optional(),
  currency: zUpper.optional(),
  charging_periods: z.array(z.looseObject({ start_date_time: zInstantIn })).default([]),
  status: zUpper,
  last_updated: zInstantIn,
})

/** OCPI 2.2.1 §10.3.1; the parts rating reads are checked by the rating room. */
export const zCdrIn = z.looseObject({
  country_code: zCountryCode,
  party_id: zPartyId,
  id: zCi(39),
  start_date_time: zInstantIn,
  end_date_time: zInstantIn,
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
  currency: zUpper,
  charging_periods: z
    .array(
      z.looseObject({
        start_date_time: zInstantIn,
        tariff_id: z.string().max(40).optional().catch(undefined),
      }),
    )
    .default([]),
  tariffs: z.array(z.unknown()).optional().catch(undefined),
  total_cost: zPriceIn,
  total_fixed_cost: zCostIn,
  total_energy_cost: zCostIn,
  total_time_cost: zCostIn,
  total_parking_cost: zCostIn,
  total_reservation_cost: zCostIn,
  total_parking_time: zNumberIn.optional().catch(undefined),
  total_energy: zNumberIn,
  credit: z.boolean().default(false),
  credit_reference_id: zCi(39).optional(),
  signed_data: zSignedDataIn,
  last_updated: zInstantIn,
})

// ── Commands ────────────────────────────────────────────────────────────────────────────────────────────────────

export const zStartSessionOut = z.strictObject({
  response_url: z.url().max(255),
  token: zTokenOut,
  location_id: z.string().min(1).max(36),
  evse_uid: z.string().min(1).max(36).optional(),
  connector_id: z.string().min(1).max(36).optional(),
  authorization_reference: z.string().min(1).max(36).optional(),
})

export const zStopSessionOut = z.strictObject({
  response_url: z.url().max(255),
  session_id: z.string().min(1).max(36),
})

const zDisplayTextsIn = z
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

export type Credentials = z.infer<typeof zCredentialsIn>
export type OcpiLocation = z.infer<typeof zLocationIn>
export type OcpiEvse = z.infer<typeof zEvseIn>
export type OcpiConnector = z.infer<typeof zConnectorIn>
export type OcpiTariff = z.infer<typeof zTariffIn>
export type OcpiToken = z.infer<typeof zTokenOut>
export type OcpiSession = z.infer<typeof zSessionIn>
export type OcpiCdr = z.infer<typeof zCdrIn>
