import * as z from 'zod'
import { zCurrency, zDecimal } from './money.ts'
import { zInstant } from './time.ts'

/** OCPI 2.2.1 §11.4.5 TariffDimensionType: TIME is time charging, PARKING_TIME is time not charging. */
export const zTariffDimension = z
  .enum(['ENERGY', 'TIME', 'PARKING_TIME', 'FLAT'])
  .meta({ id: 'TariffDimension', description: 'What a price component counts.' })

/** OCPI 2.2.1 §11.4.7 TariffType. */
export const zTariffType = z.enum([
  'AD_HOC_PAYMENT',
  'PROFILE_CHEAP',
  'PROFILE_FAST',
  'PROFILE_GREEN',
  'REGULAR',
])

export const zDayOfWeek = z.enum([
  'MONDAY',
  'TUESDAY',
  'WEDNESDAY',
  'THURSDAY',
  'FRIDAY',
  'SATURDAY',
  'SUNDAY',
])

const zLocalTime = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'must be a local time HH:MM')
const zLocalDate = z.iso.date()
const zSeconds = z.int().min(0).max(31_536_000)
/**
 * OCPI 2.2.1 §11.4.2 PriceComponent: the price excludes VAT unless the tariff says `tax_included`; step_size counts
 * Wh for ENERGY and seconds for times.
 */
export const zPriceComponent = z.strictObject({
  type: zTariffDimension,
  price: zDecimal,
  vat: zDecimal.optional(),
  step_size: z.int().min(0).max(1_000_000_000),
})

/** OCPI 2.2.1 §11.4.6 TariffRestrictions; every field given must hold. Powers in kW, currents in A, durations in s. */
export const zTariffRestrictions = z.strictObject({
  start_time: zLocalTime.optional(),
  end_time: zLocalTime.optional(),
  start_date: zLocalDate.optional(),
  end_date: zLocalDate.optional(),
  min_kwh: zDecimal.optional(),
  max_kwh: zDecimal.optional(),
  min_current: zDecimal.optional(),
  max_current: zDecimal.optional(),
  min_power: zDecimal.optional(),
  max_power: zDecimal.optional(),
  min_duration: zSeconds.optional(),
  max_duration: zSeconds.optional(),
  day_of_week: z.array(zDayOfWeek).max(7).optional(),
  reservation: z.enum(['RESERVATION', 'RESERVATION_EXPIRES']).optional(),
})

export const zTariffElement = z.strictObject({
  price_components: z.array(zPriceComponent).min(1).max(64),
  restrictions: zTariffRestrictions.optional(),
})

/** OCPI 2.3.0 §11.4.7 TaxIncluded, without its NO: an absent field says that tax comes on top. */
export const zTaxIncluded = z.enum(['YES', 'N/A'])

/** OCPI 2.2.1 §16.5 Price, 2.3.0 §11.4.3 PriceLimit: the floor or the ceiling of a session. */
export const zPriceLimit = z.strictObject({ excl_vat: zDecimal, incl_vat: zDecimal.optional() })

/**
 * The canonical tariff of OCPI 2.1.1, 2.2.1 and 2.3.0: 2.2.1 §11.3.1 with every number that money depends on as
 * decimal text, times in UTC, and unknown fields gone. Its RFC 8785 form is what a quote locks by hash.
 */
export const zTariff = z
  .strictObject({
    country_code: z.string().regex(/^[A-Z]{2}$/),
    party_id: z.string().regex(/^[A-Z0-9]{3}$/),
    id: z.string().min(1).max(36),
    currency: zCurrency,
    type: zTariffType.optional(),
    tariff_alt_text: z
      .array(z.strictObject({ language: z.string().min(2).max(8), text: z.string().max(512) }))
      .max(200)
      .optional(),
    tariff_alt_url: z.string().max(255).optional(),
    min_price: zPriceLimit.optional(),
    max_price: zPriceLimit.optional(),
    elements: z.array(zTariffElement).min(1).max(1_000),
    /** Whether the prices include tax (`YES`), know none (`N/A`), or tax comes on top (absent). */
    tax_included: zTaxIncluded.optional(),
    /** What a terminal should hold before the session, in major units (OCPI 2.3.0 payments, §11.3.1). */
    preauthorize_amount: zDecimal.optional(),
    start_date_time: zInstant.optional(),
    end_date_time: zInstant.optional(),
    last_updated: zInstant,
  })
  .meta({ id: 'CanonicalTariff', description: 'OCPI tariff with exact decimals as text.' })

export type TariffDimension = z.infer<typeof zTariffDimension>
export type TariffType = z.infer<typeof zTariffType>
export type DayOfWeek = z.infer<typeof zDayOfWeek>
export type PriceComponent = z.infer<typeof zPriceComponent>
export type TariffRestrictions = z.infer<typeof zTariffRestrictions>
export type TariffElement = z.infer<typeof zTariffElement>
export type PriceLimit = z.infer<typeof zPriceLimit>
export type Tariff = z.infer<typeof zTariff>

/** Why no public price of an EVSE is for sale. */
export const unsoldReasons = ['none', 'invalid', 'held', 'stale', 'market', 'ambiguous'] as const
export type UnsoldReason = (typeof unsoldReasons)[number]
