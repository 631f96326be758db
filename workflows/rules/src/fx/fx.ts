/** Conversion by published rates of one source and day: rounded once, and explained well enough to be done again. */
import type { Currency, Decimal, Money } from '@chargelane/openapi/vocabulary/money'
import { exact, exactOf, format, ratioOf } from '../exact.ts'
import { exchange } from '../money.ts'

/** One unit of base is `rate` units of quote, observed by `source` on the date `asOf` (YYYY-MM-DD). */
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
  /** Ids of the published rates, joined by "+"; "identity" when no currency changed. */
  rateId: string
  source: string
  asOf: string
  /** Rate as applied: units of the target per unit of the origin. Anyone can redo `from × rate` with it. */
  rate: Decimal
  path: 'identity' | 'direct' | 'inverse' | 'cross'
  /** The published rates it was made from. */
  rates: FxRate[]
  /** What rounding to minor units added, in units of the target; within half a minor unit, already inside `to`. */
  residue: Decimal
}

export type ConversionResult =
  | { ok: true; conversion: Conversion }
  | { ok: false; code: 'rate_missing'; message: string }

/** The euro and what the ECB publishes a reference rate of: a payout in anything else has no rate to be made at. */
const convertible = new Set(
  (
    'EUR AUD BRL CAD CHF CNY CZK DKK GBP HKD HUF IDR ILS INR ISK JPY KRW MXN MYR NOK NZD PHP PLN RON SEK SGD THB TRY ' +
    'USD ZAR'
  ).split(' '),
)
export const isConvertible = (currency: Currency): boolean => convertible.has(currency)

/** Decimals of an inverse or cross rate, rounded half away from zero before it is applied. */
const derivedDigits = 10

const one = exactOf(1)

/**
 * Converts by the rates of one source and day, all against one base (the ECB's are per euro): directly, by the
 * inverse, or across the base. The derived rate is rounded first and then applied, so the record explains the amount.
 */
export function convertMoney(
  from: Money,
  to: Currency,
  rates: readonly FxRate[],
): ConversionResult {
  const finish = (path: Conversion['path'], rate: Decimal, used: FxRate[]): ConversionResult => {
    const source = used[0]?.source ?? 'identity'
    const asOf = used[0]?.asOf ?? ''
    const rateId = used.length === 0 ? 'identity' : used.map(({ id }) => id).join('+')
    const { to: converted, residue } = exchange(from, to, rate)
    return {
      ok: true,
      conversion: { from, to: converted, rateId, source, asOf, rate, path, rates: used, residue },
    }
  }
  if (from.currency === to) return finish('identity', '1', [])
  const find = (base: Currency, quote: Currency) =>
    rates.find((rate) => rate.base === base && rate.quote === quote)
  const direct = find(from.currency, to)
  if (direct !== undefined) return finish('direct', direct.rate, [direct])
  const inverse = find(to, from.currency)
  if (inverse !== undefined) {
    const rate = format(ratioOf(one, one, exact(inverse.rate), derivedDigits), derivedDigits)
    return finish('inverse', rate, [inverse])
  }
  for (const left of rates) {
    if (left.quote !== from.currency) continue
    const right = rates.find(
      (rate) =>
        rate.quote === to &&
        rate.base === left.base &&
        rate.source === left.source &&
        rate.asOf === left.asOf,
    )
    if (right === undefined) continue
    const rate = format(
      ratioOf(one, exact(right.rate), exact(left.rate), derivedDigits),
      derivedDigits,
    )
    return finish('cross', rate, [left, right])
  }
  return {
    ok: false,
    code: 'rate_missing',
    message: `no rate of one day leads from ${from.currency} to ${to}`,
  }
}
