import { z } from 'zod'
import { countryPattern } from './vocabulary/countries.ts'
import { type IdKind, idKinds, zId } from './vocabulary/ids.ts'
import {
  zAmount,
  zCurrency,
  zDecimal,
  zMinorSum,
  zMoney,
  zPositiveAmount,
  zUnsignedAmount,
  zUnsignedDecimal,
} from './vocabulary/money.ts'
import { zInstant } from './vocabulary/time.ts'
import { residencyRegions } from './vocabulary/countries.ts'
import { errorCodes, type ErrorCode } from './vocabulary/errors.ts'
import { zStorable, zText } from './vocabulary/text.ts'

export { zAmount, zCurrency, zDecimal, zInstant, zMinorSum, zMoney }
export { zPositiveAmount, zUnsignedAmount, zUnsignedDecimal }

/** Versions and other counts that a request may name; what is counted is far below. */
export const countMax = 1_000_000

export const zIdParam = (kind: IdKind) => z.object({ id: zId(kind) })

/** An EVSE as a request may name it. */
export const zEvseRef = z
  .string()
  .max(48)
  .regex(/^[A-Za-z0-9*_+-]{5,48}$/)
  .register(idKinds, { kind: 'evse' })
  .meta({ description: 'Our id (`evs_…`) or the EVSE-ID (`DE*VWL*E1001*1`).' })

export const zCreatedAt = zInstant.meta({ description: 'When the object was made, UTC.' })

export const zCountryCode = z
  .string()
  .regex(countryPattern, 'must be an ISO 3166-1 alpha-2 code')
  .meta({ id: 'Country', description: 'ISO 3166-1 alpha-2 country code.', examples: ['DE'] })

export const zLivemode = z
  .boolean()
  .meta({ description: 'False in the sandbox; test and live objects share nothing.' })

export const zResidencyRegion = z.enum(residencyRegions).meta({
  id: 'ResidencyRegion',
  description:
    'Where the personal data of it stays: by the seat of an account, by the place of a location.',
})

/** Basis points: 10000 is the whole. */
export const zBasisPoints = z.int().min(0).max(10_000)

export const zUrl = z
  .string()
  .max(500)
  .regex(/^https?:\/\/[\x21-\x7e]+$/, 'must be an absolute http or https URL')

/** Of a refinement that the printed schema says too, in words of JSON Schema; any other is `invalid_value`. */
export const saidInSchema = { isSaidInSchema: true }

/** A change names at least one field. */
export const zChange = <S extends z.ZodRawShape>(shape: S) =>
  z
    .strictObject(shape)
    .refine((body) => Object.keys(body).length > 0, {
      message: 'name at least one field to change',
      params: saidInSchema,
    })
    .meta({ minProperties: 1 })

export const zMetadata = z
  .record(zText(40), zText(500))
  .refine((value) => Object.keys(value).length <= 50, {
    message: 'at most 50 keys',
    params: saidInSchema,
  })
  .meta({
    maxProperties: 50,
    description:
      'Up to 50 keys of your own (key 40, value 500 characters). Never put personal data here.',
  })

const documentKeysMax = 100

/** A document in the words of another standard, which is read elsewhere; here only its size is bounded. */
export const zDocument = z
  .record(zStorable(200), z.unknown())
  .refine((value) => Object.keys(value).length <= documentKeysMax, {
    message: `at most ${documentKeysMax} keys`,
    params: saidInSchema,
  })
  .meta({ maxProperties: documentKeysMax })

/** The partner's own reference for an object; unique per account. */
export const zExternalId = zText(64).meta({
  description: 'Your own reference, 1 to 64 characters, unique per account.',
  examples: ['user-42'],
})

export const zDriverRef = z
  .strictObject({ external_id: zExternalId })
  .meta({ id: 'DriverRef', description: 'The driver by your own reference; made on first use.' })

export const zDriver = z
  .object({ id: zId('driver'), external_id: zExternalId })
  .meta({ id: 'Driver', description: 'A driver, known only by your reference.' })

/** Open text we made or received; bounded so that a client can size its fields. */
export const zLabel = z.string().max(2_000)

const codes = Object.keys(errorCodes)
const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(errorCodes, code)

/** RFC 9457 problem with our additions. */
export const zProblem = z
  .object({
    type: z.string().max(200).meta({ description: 'URL that names the code.' }),
    title: z.string().max(200),
    status: z.int().min(400).max(599),
    code: z
      .enum(codes.filter(isErrorCode))
      .meta({ id: 'ErrorCode', description: 'Stable; branch on this and nothing else.' }),
    detail: z.string().max(2_000).meta({ description: 'For your log, in English.' }),
    param: z
      .string()
      .max(300)
      .optional()
      .meta({ description: 'Dotted path of the field at fault, e.g. `near.latitude`.' }),
    retryable: z
      .boolean()
      .meta({ description: 'True when the same wish may succeed later without a change.' }),
    next_action: z
      .looseObject({ type: z.string().max(60) })
      .optional()
      .meta({ description: 'What to do now, e.g. `{ "type": "requote", "new_quote": "quo_…" }`.' }),
    driver_message: z
      .object({ en: z.string().max(500), de: z.string().max(500) })
      .meta({ description: 'A sentence fit to be shown to the driver.' }),
    request_id: z.string().max(60),
  })
  .meta({
    id: 'Problem',
    description: 'RFC 9457 problem document. Codes may add fields of their own.',
  })
export type Problem = z.infer<typeof zProblem>

export const zTimeZone = z
  .string()
  .max(64)
  .regex(/^[A-Za-z]+(?:[/_+-][A-Za-z0-9]+)*$/, 'must be an IANA time zone')
  .meta({ description: 'IANA time zone.', examples: ['Europe/Berlin'] })
