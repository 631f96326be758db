import { z } from 'zod'
import { zCurrency, zIdParam, zInstant } from './common.ts'
import { operation, zListOf, zPage } from './operation.ts'
import { zId } from './vocabulary/ids.ts'
import { zDayOfWeek, zTariff as zCanonical, zTariffType } from './vocabulary/tariff.ts'
import { zText } from './vocabulary/text.ts'

/** OCPI 2.2.1 writes prices as JSON numbers; a decimal in text is taken too and is kept digit for digit. */
const zNumber = z
  .union([
    z.number().min(-1_000_000).max(1_000_000),
    z
      .string()
      .max(34)
      .regex(/^-?(?:0|[1-9]\d{0,14})(?:\.\d{1,18})?$/, 'must be a decimal number'),
  ])
  .meta({ id: 'OcpiNumber', description: 'Number as in OCPI, or the same as decimal text.' })

const zLocalTime = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'must be HH:MM')
const zPriceLimit = z.strictObject({ excl_vat: zNumber, incl_vat: zNumber.optional() })

/** OCPI 2.2.1 §11.3.1 Tariff object, without the fields that do not touch a price. */
const zOcpiTariff = z
  .strictObject({
    country_code: z.string().regex(/^[A-Za-z]{2}$/),
    party_id: z.string().regex(/^[A-Za-z0-9]{3}$/),
    id: z.string().regex(/^[\x21-\x7e]{1,36}$/, 'must be 1 to 36 printable ASCII characters'),
    currency: zCurrency,
    type: zTariffType.optional(),
    tariff_alt_text: z
      .array(z.strictObject({ language: z.string().regex(/^[a-z]{2}$/), text: zText(512) }))
      .max(20)
      .optional(),
    tariff_alt_url: z
      .string()
      .regex(/^https?:\/\/[\x21-\x7e]{1,245}$/)
      .optional(),
    min_price: zPriceLimit.optional(),
    max_price: zPriceLimit.optional(),
    elements: z
      .array(
        z.strictObject({
          price_components: z
            .array(
              z.strictObject({
                type: z.enum(['ENERGY', 'TIME', 'PARKING_TIME', 'FLAT']),
                price: zNumber.meta({ description: 'Excluding VAT: per kWh, per hour, or flat.' }),
                vat: zNumber.optional().meta({ description: 'Percentage, e.g. 19.' }),
                step_size: z
                  .int()
                  .min(0)
                  .max(1_000_000_000)
                  .meta({ description: 'Wh for ENERGY, seconds for times.' }),
              }),
            )
            .min(1)
            .max(64),
          restrictions: z
            .strictObject({
              start_time: zLocalTime.optional(),
              end_time: zLocalTime.optional(),
              start_date: z.iso.date().optional(),
              end_date: z.iso.date().optional(),
              min_kwh: zNumber.optional(),
              max_kwh: zNumber.optional(),
              min_current: zNumber.optional(),
              max_current: zNumber.optional(),
              min_power: zNumber.optional(),
              max_power: zNumber.optional(),
              min_duration: z.int().min(0).max(31_536_000).optional(),
              max_duration: z.int().min(0).max(31_536_000).optional(),
              day_of_week: z.array(zDayOfWeek).max(7).optional(),
              reservation: z.enum(['RESERVATION', 'RESERVATION_EXPIRES']).optional(),
            })
            .optional(),
        }),
      )
      .min(1)
      .max(100),
    start_date_time: zInstant.optional(),
    end_date_time: zInstant.optional(),
    last_updated: zInstant,
  })
  .meta({ id: 'OcpiTariff', description: 'OCPI 2.2.1 Tariff object. Prices exclude VAT.' })

export const zTariff = z
  .object({
    id: zId('tariff'),
    version: z.int().min(1),
    ref: z
      .string()
      .max(48)
      .meta({
        description: 'This very version, `trf_…@7`; quotes name it.',
        examples: ['trf_…@1'],
      }),
    cpo: zId('account'),
    connection: zId('connection'),
    ocpi_id: z.string().max(36),
    currency: z.string().max(3),
    status: z.enum(['valid', 'held', 'invalid', 'withdrawn']),
    problems: z
      .array(
        z.object({
          path: z.string().max(300),
          rule: z.string().max(100),
          message: z.string().max(1_000),
        }),
      )
      .max(1_000)
      .meta({ description: 'Why the tariff cannot be sold; empty when valid.' }),
    hash: z
      .string()
      .max(80)
      .meta({ description: 'SHA-256 of the RFC 8785 form of `tariff`; quotes lock it.' }),
    tariff: zCanonical.nullable(),
    received_at: zInstant,
    superseded_at: zInstant.nullable(),
  })
  .meta({ id: 'Tariff', description: 'An immutable version of an operator’s public tariff.' })

export const tariffs = {
  create: operation({
    id: 'tariffs.create',
    method: 'post',
    path: '/v1/tariffs',
    summary: 'Publish a tariff of your own node',
    description:
      'Publishes the tariff of a node connection. The same `tariff.id` again makes the next version; older versions stay valid for quotes that name them. Publishing what is already in force changes nothing.',
    scope: 'supply:write',
    body: z
      .strictObject({ connection: zId('connection'), tariff: zOcpiTariff })
      .meta({ id: 'TariffCreate' }),
    success: { status: 201, kind: 'json', description: 'The version in force.', body: zTariff },
    errors: ['resource_missing', 'unsupported_currency'],
    idempotent: true,
  }),
  get: operation({
    id: 'tariffs.get',
    method: 'get',
    path: '/v1/tariffs/{id}',
    summary: 'Read a tariff',
    description: 'The version in force, or the one named by `version`.',
    scope: 'supply:read',
    params: zIdParam('tariff'),
    query: z.object({ version: z.coerce.number().int().min(1).max(1_000_000).optional() }),
    success: { status: 200, kind: 'json', description: 'The tariff.', body: zTariff },
    errors: [],
    idempotent: false,
  }),
  list: operation({
    id: 'tariffs.list',
    method: 'get',
    path: '/v1/tariffs',
    summary: 'List tariffs',
    description: 'Versions in force; an operator sees its own.',
    scope: 'supply:read',
    query: zPage,
    success: {
      status: 200,
      kind: 'json',
      description: 'A page of tariffs.',
      body: zListOf('TariffList', zTariff),
    },
    errors: [],
    idempotent: false,
  }),
}
