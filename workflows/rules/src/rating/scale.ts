/** Quantities as whole numbers at one number of decimals per rating, so that the walk over a session only adds. */
import type { Decimal } from '@chargelane/openapi/vocabulary/money'

/**
 * Decimals that kWh, kW, A and seconds are kept at. Six hold a milliwatt-hour and a microsecond; a record or tariff
 * that states more is rated at eighteen, the most the vocabulary admits, so that no digit is lost in either.
 */
export type Scale = 6 | 18

const powers: readonly bigint[] = Array.from(
  { length: 80 },
  (_, exponent) => 10n ** BigInt(exponent),
)

/** 10^exponent for 0–79. */
export function tenTo(exponent: number): bigint {
  return powers[exponent] ?? 10n ** BigInt(exponent)
}

/** Digits behind the point of decimal text. */
export function decimalsOf(text: Decimal): number {
  const point = text.indexOf('.')
  return point < 0 ? 0 : text.length - point - 1
}

/** The value of decimal text times 10^decimals, which must not be fewer than the text has. */
export function scaled(text: Decimal, decimals: number): bigint {
  const point = text.indexOf('.')
  if (point < 0) return BigInt(text) * tenTo(decimals)
  const digits = text.slice(0, point) + text.slice(point + 1)
  const missing = tenTo(decimals - (text.length - point - 1))
  // Fifteen digits are exact as a double, and a double becomes a bigint faster than text does.
  return (digits.length <= 15 ? BigInt(Number(digits)) : BigInt(digits)) * missing
}
