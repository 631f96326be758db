// Exact numbers: decimals and hours without rounding, and the one way to round them.
import { assert, broken } from './assert.ts'
import type { Decimal } from '@chargelane/openapi/vocabulary/money'

export const leastExact = (a: Exact, b: Exact): Exact => (compareExact(a, b) <= 0 ? a : b)

/**
 * The exact number n / (9 · 10^s). The ninths are there for hours: a second is 25 / (9 · 10^4) hours, so a price per
 * hour times any number of seconds, and every sum of such products, is held without rounding.
 */
export type Exact = { readonly n: bigint; readonly s: number }

const powers: bigint[] = [1n]
export function powerOfTen(exponent: number): bigint {
  for (let next = powers.length; next <= exponent; next++)
    powers.push((powers[next - 1] ?? 1n) * 10n)
  return powers[exponent] ?? broken(`10^${exponent} is no integer`)
}

export const zero: Exact = { n: 0n, s: 0 }

const decimalPattern = /^(-?)(\d+)(?:\.(\d+))?$/

/** The exact value of decimal text. */
export function exact(text: Decimal): Exact {
  const match = decimalPattern.exec(text)
  if (match === null) broken(`"${text}" is no decimal`)
  const fraction = match[3] ?? ''
  const digits = BigInt(`${match[2] ?? ''}${fraction}`) * 9n
  return { n: match[1] === '-' ? -digits : digits, s: fraction.length }
}

/** A whole number scaled down by a power of ten: exactOf(1234, 2) is 12.34. */
export function exactOf(integer: number, scale = 0): Exact {
  return { n: BigInt(integer) * 9n, s: scale }
}

/** The hours in an exact number of seconds that itself carries no ninths. */
export function hoursOf(seconds: Exact): Exact {
  assert(seconds.n % 9n === 0n, 'seconds must be a decimal number')
  return { n: (seconds.n / 9n) * 25n, s: seconds.s + 4 }
}

function align(a: Exact, b: Exact): [bigint, bigint, number] {
  if (a.s === b.s) return [a.n, b.n, a.s]
  return a.s > b.s
    ? [a.n, b.n * powerOfTen(a.s - b.s), a.s]
    : [a.n * powerOfTen(b.s - a.s), b.n, b.s]
}

export function plus(a: Exact, b: Exact): Exact {
  const [left, right, s] = align(a, b)
  return { n: left + right, s }
}

export function minus(a: Exact, b: Exact): Exact {
  const [left, right, s] = align(a, b)
  return { n: left - right, s }
}

/** Product; at most one factor may carry ninths, which holds for price × hours × tax factor. */
export function times(a: Exact, b: Exact): Exact {
  const product = a.n * b.n
  assert(product % 9n === 0n, 'two quantities in hours cannot be multiplied')
  return { n: product / 9n, s: a.s + b.s }
}

export function compareExact(a: Exact, b: Exact): -1 | 0 | 1 {
  const [left, right] = align(a, b)
  return left === right ? 0 : left < right ? -1 : 1
}

/** The smallest multiple of a positive step that is not below the value. */
export function ceilToMultiple(value: Exact, step: Exact): Exact {
  const [left, unit, s] = align(value, step)
  assert(unit > 0n, 'a step must be positive')
  const down = left / unit
  return { n: (left > down * unit ? down + 1n : down) * unit, s }
}

/** A quotient of whole numbers to the nearest, half away from zero. */
export function divideHalfAway(numerator: bigint, denominator: bigint): bigint {
  const negative = numerator < 0n !== denominator < 0n
  const top = numerator < 0n ? -numerator : numerator
  const bottom = denominator < 0n ? -denominator : denominator
  const quotient = (top * 2n + bottom) / (bottom * 2n)
  return negative ? -quotient : quotient
}

/** value × numerator / denominator at a fixed number of decimals, half away from zero: the named rounding of a ratio. */
export function ratioOf(value: Exact, numerator: Exact, denominator: Exact, digits: number): Exact {
  assert(denominator.n !== 0n, 'division by zero')
  const top = value.n * numerator.n * powerOfTen(denominator.s + digits)
  const bottom = denominator.n * powerOfTen(value.s + numerator.s)
  return { n: divideHalfAway(top, bottom * 9n) * 9n, s: digits }
}

/** Decimal text with at most this many decimals, rounded half away from zero, trailing zeros cut. */
export function format(value: Exact, digits = 12): Decimal {
  const isWhole = value.s <= digits && value.n % 9n === 0n
  const decimals = isWhole ? value.s : digits
  const scaled = isWhole
    ? value.n / 9n
    : divideHalfAway(value.n * powerOfTen(digits), powerOfTen(value.s) * 9n)
  return decimalText(scaled, decimals)
}

/** A whole number scaled down by a power of ten as text, trailing zeros cut. */
export function decimalText(scaled: bigint, decimals: number): Decimal {
  if (scaled === 0n) return '0'
  const text = (scaled < 0n ? -scaled : scaled).toString().padStart(decimals + 1, '0')
  const point = text.length - decimals
  let end = text.length
  while (end > point && text.charCodeAt(end - 1) === 48) end--
  const fraction = end === point ? '' : `.${text.slice(point, end)}`
  return `${scaled < 0n ? '-' : ''}${text.slice(0, point)}${fraction}`
}

/** 1 + rate / 100. */
export function taxFactor(ratePercent: Decimal): Exact {
  return plus(exactOf(1), times(exact(ratePercent), exactOf(1, 2)))
}
