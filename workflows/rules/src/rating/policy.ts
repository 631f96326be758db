/** The words of rating: what a policy fixes, and the result that explains itself. Documents keep the wire's snake_case. */
import type { Currency, Decimal, Money } from '@chargelane/openapi/vocabulary/money'
import type {
  Tariff,
  TariffDimension,
  TariffRestrictions,
} from '@chargelane/openapi/vocabulary/tariff'
import type { UsageRecord } from '@chargelane/openapi/vocabulary/usage'
import type { RoundingPolicyId } from '../money.ts'

/** Bumped whenever the same input could give another result; a proof names the version that computed it. */
export const engineVersion = 'chargelane-rating/2'
/** Versions whose results this engine gives again; it may say more about them, never anything else. */
const earlierVersions: readonly string[] = ['chargelane-rating/1']

/**
 * Everything the OCPI text leaves open, said aloud. Two independent engines differ only in the last five; each is a
 * switch, so that a dispute can name the reading that reproduces the other side's total.
 */
export type RatingPolicy = {
  id: string
  rounding: RoundingPolicyId
  /** VAT percentage for components without `vat`; null leaves them without VAT (OCPI 2.2.1 §11.4.2). */
  absent_vat_rate: Decimal | null
  /** `as_given` prices a period by what holds at its start; `split_at_boundaries` cuts it where a price changes. */
  periods: 'as_given' | 'split_at_boundaries'
  /**
   * A power or current restriction when the period does not state that side of it: `matches`, or, by `fails`, asks
   * the other side and fails without either.
   */
  missing_power: 'matches' | 'fails'
  /** A TIME or PARKING_TIME volume in hours rounded to four decimals: snap to the period's length, or take it. */
  hours: 'snap_to_period' | 'as_received'
  /**
   * What step_size rounds up: the session's whole quantity of that dimension, or only the part that had a price. A
   * stated volume of zero is the last use of its dimension by the first, and no use by the second.
   */
  step_size_base: 'session_total' | 'priced_quantity'
  /**
   * Price limits and VAT: `apart` bounds net and gross each by its own amount and carries a net one over by the tax
   * ratio where none is stated for gross; `stated_only` leaves gross alone there; `ratio` lets gross follow the net
   * first and bounds it afterwards.
   */
  clamp_vat: 'apart' | 'stated_only' | 'ratio'
  /** `end_of_day`: an end of 00:00 is the end of the day and equal times are an empty window; `literal`: 00:00 is
   * never reached without a start and equal times are the whole day. */
  midnight: 'end_of_day' | 'literal'
}

/**
 * OCPI's own reading. Limits bound net and gross apart, as OCPI 2.3.0 §11.3.1 spells out; step_size rounds up what is
 * billable, as the corrected example of 2.3.0 §11.4.2 does; where no text helps, the first engine is followed.
 */
export const ocpiPolicy: RatingPolicy = {
  id: 'ocpi-2.2.1@1',
  rounding: 'gross-total-half-away@1',
  absent_vat_rate: null,
  periods: 'as_given',
  missing_power: 'matches',
  hours: 'snap_to_period',
  step_size_base: 'priced_quantity',
  clamp_vat: 'apart',
  midnight: 'end_of_day',
}

/** The same reading with periods cut wherever the tariff can change its price: for usage that nobody cut before. */
export const cutAtBoundaries = (policy: RatingPolicy): RatingPolicy => ({
  ...policy,
  periods: 'split_at_boundaries',
})

/** The readings of two independent engines, to name the one that reproduces a CPO's total. */
export const engineReadings = {
  'ocpi-tariffs': {
    ...ocpiPolicy,
    id: 'ocpi-tariffs@0.54',
    step_size_base: 'session_total',
    clamp_vat: 'stated_only',
  },
  'ocpi-kit': {
    ...ocpiPolicy,
    id: 'ocpi-kit@0.4',
    missing_power: 'fails',
    hours: 'as_received',
    clamp_vat: 'ratio',
    midnight: 'literal',
  },
} as const satisfies Record<string, RatingPolicy>

export type RatedLine = {
  /** Index of the period in `periods` and of element and component in the tariff. */
  period: number
  element: number
  component: number
  type: TariffDimension
  /** Quantity in kWh, seconds or sessions; times are priced per hour. */
  unit: 'kWh' | 's' | 'session'
  quantity: Decimal
  /** Quantity after step_size. */
  billed_quantity: Decimal
  /** As the tariff states it: without tax, or with it where the tariff says `tax_included`. */
  unit_price: Decimal
  vat_rate: Decimal | null
  /** Exact amounts; digits after the twelfth decimal are rounded for print only, never before they are summed. */
  net: Decimal
  vat: Decimal
  gross: Decimal
  /** What held at the start of the period, so that this element was the one; null when it always is. */
  restrictions: TariffRestrictions | null
  /** The line prices a reservation (OCPI 2.2.1 §11.4.5), not charging. */
  reservation?: true
}

export type RatedPeriod = { start: string; end: string; lines: RatedLine[] }

export type VatLine = { rate: Decimal | null; net: Money; vat: Money; gross: Money }

export type Totals = { net: Money; vat: Money; gross: Money; vat_lines: VatLine[] }

export type ExactAmount = { net: Decimal; gross: Decimal }

export type RatedDimension = TariffDimension | 'RESERVATION'
export type RatedQuantity = ExactAmount & { quantity: Decimal; billed_quantity: Decimal }

export type RatingNote = {
  code:
    | 'PERIOD_SPANS_PRICE_CHANGE'
    | 'UNPRICED_QUANTITY'
    | 'RESTRICTION_DATA_MISSING'
    | 'HOURS_ROUNDED'
    | 'STEP_SIZE'
    | 'MIN_MAX_PRICE'
    | 'VAT_MISSING'
  dimension?: TariffDimension
  period?: number
}

export type Rating = {
  engine_version: string
  policy: RatingPolicy
  tariff_id: string
  currency: Currency
  time_zone: string
  periods: RatedPeriod[]
  /**
   * What each dimension cost before min_price and max_price; a dimension that had no price is absent. RESERVATION is
   * the time and the fees of a reservation, its quantity in seconds.
   */
  dimensions: Partial<Record<RatedDimension, RatedQuantity>>
  /** The part of ENERGY that was fed back to the grid, a leg of its own: negative, and never rounded to a step. */
  discharge?: RatedQuantity
  /** What min_price or max_price added (positive) or took (negative). */
  clamp: (ExactAmount & { limit: 'min_price' | 'max_price' }) | null
  exact: ExactAmount
  totals: Totals
  notes: RatingNote[]
}

export type RatingRefusal = {
  ok: false
  code:
    | 'tariff_invalid'
    | 'tariff_not_active'
    | 'usage_invalid'
    | 'price_unavailable'
    | 'out_of_range'
  /** Path of the field at fault, in the input's own spelling. */
  path: string
  message: string
}

export type RatingInput = { tariff: Tariff; usage: UsageRecord; policy: RatingPolicy }

export type RatingResult = { ok: true; rating: Rating } | RatingRefusal

/** The price alone: what `rate` says of amounts, without the lines that explain it. */
export type PriceResult =
  | ({ ok: true; dimensions: () => Rating['dimensions'] } & Pick<Rating, 'totals' | 'exact'>)
  | RatingRefusal

function says(ours: unknown, stated: unknown): boolean {
  if (typeof stated !== 'object' || stated === null) return ours === stated
  if (typeof ours !== 'object' || ours === null || Array.isArray(ours) !== Array.isArray(stated))
    return false
  if (Array.isArray(stated) && Array.isArray(ours) && stated.length !== ours.length) return false
  const own = new Map(Object.entries(ours))
  return Object.entries(stated).every(([key, value]) => says(own.get(key), value))
}

/**
 * Whether a rating that was stored is what we compute today. One of an earlier engine must find every figure it
 * states in ours; one of this engine must also state everything we do.
 */
export function isSameRating(stated: unknown, ours: Rating): boolean {
  if (typeof stated !== 'object' || stated === null || !('engine_version' in stated)) return false
  const version = stated.engine_version
  if (version === engineVersion) return says(ours, stated) && says(stated, ours)
  if (typeof version !== 'string' || !earlierVersions.includes(version)) return false
  return says({ ...ours, engine_version: version }, stated)
}
