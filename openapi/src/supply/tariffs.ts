import { z } from 'zod'
import { zCountryCode, zCurrency, zDocument, zIdParam, zInstant, zMoney } from '../common.ts'
import { operation, zListOf, zPage } from '../operation.ts'
import { zId } from '../vocabulary/ids.ts'
import { zDayOfWeek, zTariff as zCanonical, zTariffType } from '../vocabulary/tariff.ts'
import { zText } from '../vocabulary/text.ts'

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

const zProblems = z
  .array(
    z
      .object({
        path: z.string().max(300),
        rule: z.string().max(100),
        severity: z.enum(['error', 'warning']),
        message: z.string().max(2_000),
      })
      .meta({
        id: 'TariffProblem',
        description: 'What was found, the field in your own spelling, and what to change.',
      }),
  )
  .max(1_000)
  .meta({
    description:
      'An `error` keeps the tariff from being sold, a `warning` does not. Shown to its operator only.',
  })

const zHold = z
  .object({
    until: zInstant.nullable().meta({
      description:
        'Sold from then on even without a confirmation; null where only a confirmation lifts it.',
    }),
    lifted_by: z.enum(['operator', 'time', 'platform']).meta({
      description:
        'Who may confirm it earlier: its `operator` where the price is low; where it is high the platform, and `time` unless it is out of all proportion.',
    }),
    confirmed_at: zInstant.nullable(),
    figures: z
      .object({
        basis: z.enum(['own_history', 'peers']),
        energy_wh: z.int(),
        duration_s: z.int(),
        price: zMoney,
        median: zMoney,
        median_deviation: zMoney,
        sample: z.int().meta({ description: 'Versions, or other operators, compared with.' }),
      })
      .nullable()
      .meta({ description: 'The standard session whose price is unusual. For the operator only.' }),
  })
  .meta({ id: 'TariffHold', description: 'The price is far from what is usual.' })

const zStatus = z.enum(['valid', 'held', 'invalid', 'withdrawn'])
export const zVersionNumber = z.coerce.number().int().min(1).max(1_000_000)

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
    ocpi_version: z.enum(['2.1.1', '2.2.1', '2.3.0']),
    currency: z.string().max(3),
    status: zStatus.meta({
      description:
        '`held` waits for its operator until `hold.until`, then it is `valid` by itself. `invalid` is never sold.',
    }),
    sale: z
      .enum(['sold', 'scheduled', 'held', 'invalid', 'withdrawn', 'ended', 'superseded'])
      .meta({ description: 'What this version is to a buyer now.' }),
    hold: zHold.nullable(),
    problems: zProblems,
    hash: z
      .string()
      .max(80)
      .meta({ description: 'SHA-256 of the RFC 8785 form of `tariff`; quotes lock it.' }),
    tariff: zCanonical.nullable(),
    received_at: zInstant,
    effective_from: zInstant.meta({
      description: 'Receipt, or the announced start; never before the receipt.',
    }),
    sold_until: zInstant.nullable().meta({ description: 'The tariff’s own end, if it has one.' }),
    superseded_at: zInstant.nullable(),
    confirmed_at: zInstant.meta({ description: 'When the operator last named this very content.' }),
  })
  .meta({ id: 'Tariff', description: 'An immutable version of an operator’s public tariff.' })

const zVerdict = z
  .object({
    outcome: z.enum(['created', 'new_version', 'unchanged']),
    status: zStatus,
    sellable: z.boolean().meta({ description: 'Would be sold, at once or from its start.' }),
    ocpi_id: z.string().max(36),
    hash: z.string().max(80),
    effective_from: zInstant,
    sold_until: zInstant.nullable(),
    hold: zHold.nullable(),
    connectors: z.int().meta({ description: 'Connectors that list the tariff now.' }),
    market_limits: z
      .array(
        z.object({
          country: zCountryCode,
          from_power_w: z.int().meta({
            description: 'Not sold at connectors of this power and more; 0 is nowhere there.',
          }),
        }),
      )
      .max(200),
    problems: zProblems,
    tariff: zCanonical.nullable(),
  })
  .meta({ id: 'TariffVerdict', description: 'What publishing this tariff would do.' })

const zFreshness = z
  .object({
    connection: zId('connection'),
    cpo: zId('account'),
    protocol: z.enum(['node', 'ocpi']),
    confirmed_at: zInstant.nullable().meta({
      description: 'Start of the last pull of tariffs that came to its end.',
    }),
    oldest_confirmed_at: zInstant.nullable(),
    age_s: z.int().nullable().meta({ description: 'Age of the oldest tariff that counts.' }),
    slo_s: z.int(),
    within_slo: z.boolean().meta({ description: 'A node’s own tariffs never age.' }),
    max_age_s: z.int().meta({ description: 'Older tariffs are not sold.' }),
    tariffs: z.int(),
    versions: z.int(),
    scheduled: z.int(),
    held: z.int(),
    invalid: z.int(),
    stale: z.int(),
    unlisted: z.int().meta({ description: 'Missing from the operator’s last complete list.' }),
  })
  .meta({ id: 'TariffFreshness', description: 'How fresh the tariffs of one connection are.' })

export const tariffs = {
  create: operation({
    id: 'tariffs.create',
    method: 'post',
    path: '/v1/tariffs',
    summary: 'Publish a tariff of your own node',
    description:
      'Publishes the tariff of a node connection. The same `tariff.id` again makes the next version; older versions stay valid for quotes that name them. Publishing what is already in force changes nothing. What could not be sold is refused with its `problems`, and the present price stays. Partners who show the price (an open quote of it, or an enabled endpoint that wants `tariff.changed`) hear of another one by `tariff.changed`.',
    scope: 'supply:write',
    body: z
      .strictObject({ connection: zId('connection'), tariff: zOcpiTariff })
      .meta({ id: 'TariffCreate' }),
    success: { status: 201, kind: 'json', description: 'The version in force.', body: zTariff },
    errors: ['resource_missing', 'unsupported_currency', 'market_rule_violation'],
    idempotent: true,
  }),
  validate: operation({
    id: 'tariffs.validate',
    method: 'post',
    path: '/v1/tariffs:validate',
    summary: 'Try a tariff',
    description:
      'What publishing would do, and everything found, without storing it. Takes any of your connections and any OCPI version, so that you can try your feed as well.',
    scope: 'supply:write',
    body: z
      .strictObject({
        connection: zId('connection'),
        ocpi_version: z.enum(['2.1.1', '2.2.1', '2.3.0']).default('2.2.1'),
        tariff: zDocument.meta({ description: 'An OCPI Tariff object of that version.' }),
      })
      .meta({ id: 'TariffValidate' }),
    success: { status: 200, kind: 'json', description: 'The verdict.', body: zVerdict },
    errors: ['resource_missing'],
    idempotent: false,
  }),
  // Before `get`, whose path would take the word for an id.
  freshness: operation({
    id: 'tariffs.freshness',
    method: 'get',
    path: '/v1/tariffs/freshness',
    summary: 'How fresh your tariffs are',
    description:
      'Per connection: when its tariffs were last confirmed, and how many are announced, held, invalid or too old to be sold.',
    scope: 'supply:read',
    query: zPage,
    success: {
      status: 200,
      kind: 'json',
      description: 'A page of connections.',
      body: zListOf('TariffFreshnessList', zFreshness),
    },
    errors: [],
    idempotent: false,
  }),
  get: operation({
    id: 'tariffs.get',
    method: 'get',
    path: '/v1/tariffs/{id}',
    summary: 'Read a tariff',
    description: 'The version in force, at `as_of` or now, or the one named by `version`.',
    scope: 'supply:read',
    params: zIdParam('tariff'),
    query: z.object({ version: zVersionNumber.optional(), as_of: zInstant.optional() }),
    success: { status: 200, kind: 'json', description: 'The tariff.', body: zTariff },
    errors: [],
    idempotent: false,
  }),
  list: operation({
    id: 'tariffs.list',
    method: 'get',
    path: '/v1/tariffs',
    summary: 'List tariffs',
    description:
      'Versions in force now or at `as_of`; an operator sees its own. A tariff that is announced and has no version in force yet is listed now, not at `as_of`.',
    scope: 'supply:read',
    query: zPage.extend({
      as_of: zInstant.optional(),
      cpo: zId('account').optional(),
      connection: zId('connection').optional(),
      status: zStatus.optional(),
    }),
    success: {
      status: 200,
      kind: 'json',
      description: 'A page of tariffs.',
      body: zListOf('TariffList', zTariff),
    },
    errors: [],
    idempotent: false,
  }),
  versions: operation({
    id: 'tariffs.versions',
    method: 'get',
    path: '/v1/tariffs/{id}/versions',
    summary: 'List versions of a tariff',
    description: 'Newest first, announced and replaced ones included.',
    scope: 'supply:read',
    params: zIdParam('tariff'),
    query: zPage,
    success: {
      status: 200,
      kind: 'json',
      description: 'A page of versions.',
      body: zListOf('TariffVersionList', zTariff),
    },
    errors: [],
    idempotent: false,
  }),
  confirm: operation({
    id: 'tariffs.confirm',
    method: 'post',
    path: '/v1/tariffs/{id}/confirm',
    summary: 'Confirm an unusual price',
    description:
      'You stand by the price of the last version: it is sold at once. Without a hold it changes nothing. A price far above what is usual is released by the platform, not by the operator who is paid by it.',
    scope: 'supply:write',
    params: zIdParam('tariff'),
    success: { status: 200, kind: 'json', description: 'The version.', body: zTariff },
    errors: ['invalid_transition'],
    idempotent: true,
  }),
}
