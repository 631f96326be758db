import type { Currency, Decimal, Money } from '@chargelane/openapi/vocabulary/money'

/** One unit of base is `rate` units of quote, observed by `source` at `asOf` (a date, YYYY-MM-DD). */
export type FxRate = {
  id: string
  source: string
  asOf: string
  base: Currency
  quote: Currency
  rate: Decimal
}

export type Conversion = {
  from: Money
  to: Money
  rateId: string
  source: string
  asOf: string
  /** Applied rate from `from` to `to`, decimal text, and how it was reached. */
  rate: Decimal
  path: 'identity' | 'direct' | 'inverse' | 'cross'
  /** What rounding to minor units added, in units of the target currency; exact decimal, within half a minor unit. */
  residue: Decimal
}

export type ConversionResult =
  | { ok: true; conversion: Conversion }
  | { ok: false; code: 'rate_missing'; message: string }

/** `rates` are those of one source and day, all against the same base (the ECB's are against EUR). */
export declare function convertMoney(
  from: Money,
  to: Currency,
  rates: readonly FxRate[],
): ConversionResult
