// What OCPI 2.1.1 writes otherwise than 2.2.1. Outbound is strict: what we send is exactly what the specification names.
import { z } from 'zod'

export const zCredentialsOut = z.strictObject({
  url: z.url().max(255),
  token: z.string().min(1).max(64),
  business_details: z.strictObject({ name: z.string().max(100) }),
  party_id: z.string().length(3),
  country_code: z.string().length(2),
})

export const zTokenOut = z.strictObject({
  uid: z.string().min(1).max(36),
  type: z.enum(['RFID', 'OTHER']),
  auth_id: z.string().min(1).max(36),
  issuer: z.string().min(1).max(64),
  valid: z.boolean(),
  whitelist: z.enum(['ALWAYS', 'ALLOWED', 'ALLOWED_OFFLINE', 'NEVER']),
  last_updated: z.iso.datetime(),
})

export const zAuthorizationInfoOut = z.strictObject({
  allowed: z.enum(['ALLOWED', 'BLOCKED', 'EXPIRED', 'NO_CREDIT', 'NOT_ALLOWED']),
  location: z
    .strictObject({ location_id: z.string(), evse_uids: z.array(z.string()).optional() })
    .optional(),
})

export const zStartSessionOut = z.strictObject({
  response_url: z.url().max(255),
  token: zTokenOut,
  location_id: z.string().min(1).max(39),
  evse_uid: z.string().min(1).max(39),
})

/** Where a session or record took place: the whole location, with nothing left in it but the EVSE and plug in use. */
export const zPlaceIn = z
  .looseObject({
    id: z.string(),
    evses: z
      .array(
        z.looseObject({
          uid: z.string(),
          evse_id: z.string().optional(),
          connectors: z.array(z.looseObject({ id: z.string() })).optional(),
        }),
      )
      .optional(),
  })
  .optional()
  .catch(undefined)
