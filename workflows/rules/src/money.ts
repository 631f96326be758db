/**
 * The only arithmetic on money. Amounts at the border are integer minor units; inside they are bigint Dinero, and
 * prices, energy and rates are exact fractions, so that nothing is rounded before the place a policy names.
 */
import { amountMax } from '@chargelane/openapi/vocabulary/bounds'
import type { Currency, Decimal, Money } from '@chargelane/openapi/vocabulary/money'
import { assert, broken } from './assert.ts'
import {
  exact,
  type Exact,
  exactOf,
  divideHalfAway,
  format,
  minus,
  powerOfTen,
  ratioOf,
  taxFactor,
  times,
} from './exact.ts'
import * as dinero from 'dinero.js/bigint'
import * as currencyTable from 'dinero.js/bigint/currencies'

/** Where the one rounding of a price happens. Every policy rounds half away from zero, so a refund mirrors its sale. */
export type RoundingPolicyId =
  | 'gross-total-half-away@1'
  | 'gross-component-half-away@1'
  | 'net-total-half-away@1'

// ── Currencies ──────────────────────────────────────────────────────────────────────────────────────────────────

type KnownCurrency = dinero.DineroCurrency<bigint>
const currencies = new Map<string, KnownCurrency>(
  // A currency whose minor unit is a fifth (MGA, MRU) cannot be written as decimals; we refuse it.
  Object.values(currencyTable)
    .filter((currency) => currency.base === 10n)
    .map((currency) => [currency.code, currency]),
)

export function isKnownCurrency(code: string): boolean {
  return currencies.has(code)
}

function currencyOf(code: Currency): KnownCurrency {
  return currencies.get(code) ?? broken(`${code} is no decimal ISO 4217 currency`)
}

const exponents = new Map(
  [...currencies.values()].map(({ code, exponent }) => [code, Number(exponent)]),
)

/** Digits of the minor unit: EUR 2, JPY 0, KWD 3. */
export function exponentOf(currency: Currency): number {
  return exponents.get(currency) ?? broken(`${currency} is no decimal ISO 4217 currency`)
}

// ── Money ───────────────────────────────────────────────────────────────────────────────────────────────────────

/** Money from minor units; throws on a fraction, an unsafe integer or an unknown currency. */
export function money(amount: number, currency: Currency): Money {
  if (!Number.isSafeInteger(amount)) broken(`${amount} is no safe integer of minor units`)
  if (!exponents.has(currency)) broken(`${currency} is no decimal ISO 4217 currency`)
  return { amount: amount === 0 ? 0 : amount, currency }
}

function open(value: Money): dinero.Dinero<bigint> {
  if (!Number.isSafeInteger(value.amount))
    broken(`${value.amount} is no safe integer of minor units`)
  return dinero.dinero({ amount: BigInt(value.amount), currency: currencyOf(value.currency) })
}

/** Back to the border, at the currency's own exponent; the mode is written out because dinero's default floors. */
function close(value: dinero.Dinero<bigint>): Money {
  const { amount, currency } = dinero.toSnapshot(
    dinero.transformScale(
      value,
      dinero.toSnapshot(value).currency.exponent,
      dinero.halfAwayFromZero,
    ),
  )
  return money(Number(amount), currency.code)
}

function sameCurrency(a: Money, b: Money): void {
  if (a.currency !== b.currency) broken(`${a.currency} and ${b.currency} cannot be combined`)
}

/** Two safe integers add up exactly or to something no longer safe, which `money` refuses. */
export function add(a: Money, b: Money): Money {
  sameCurrency(a, b)
  return money(a.amount + b.amount, a.currency)
}

export function subtract(a: Money, b: Money): Money {
  sameCurrency(a, b)
  return money(a.amount - b.amount, a.currency)
}

export function negate(a: Money): Money {
  return money(-a.amount, a.currency)
}

/** The currency is an argument because an empty list has none. */
export function sum(parts: readonly Money[], currency: Currency): Money {
  return parts.reduce((total, part) => add(total, part), money(0, currency))
}

export function compare(a: Money, b: Money): -1 | 0 | 1 {
  sameCurrency(a, b)
  return a.amount === b.amount ? 0 : a.amount < b.amount ? -1 : 1
}

export function minimum(a: Money, b: Money): Money {
  return compare(a, b) <= 0 ? a : b
}

/** Basis points of an amount (100 = 1 %), half away from zero. */
export function shareOf(amount: Money, bps: number): Money {
  assert(Number.isSafeInteger(bps), `${bps} is no whole number of basis points`)
  return close(dinero.multiply(open(amount), { amount: BigInt(bps), scale: 4n }))
}

/**
 * Parts proportional to whole, non-negative weights by the largest remainder (Hamilton); a tie goes to the earlier
 * part. The parts always sum to the total, and a negative total mirrors a positive one.
 */
export function allocate(total: Money, weights: readonly (number | bigint)[]): Money[] {
  assert(weights.length > 0, 'an allocation needs at least one part')
  const ratios = weights.map((weight) => {
    const ratio = BigInt(weight)
    assert(ratio >= 0n, `weight ${weight} is negative`)
    return ratio
  })
  const whole = ratios.reduce((left, right) => left + right, 0n)
  assert(whole > 0n, 'at least one weight must be positive')
  const amount = BigInt(total.amount)
  const magnitude = amount < 0n ? -amount : amount
  const shares = ratios.map((ratio) => ({
    units: (magnitude * ratio) / whole,
    rest: (magnitude * ratio) % whole,
  }))
  const given = shares.reduce((left, share) => left + share.units, 0n)
  const order = shares.map((share, index) => ({ rest: share.rest, index }))
  order.sort((a, b) => (a.rest === b.rest ? a.index - b.index : a.rest > b.rest ? -1 : 1))
  const lucky = new Set(order.slice(0, Number(magnitude - given)).map((entry) => entry.index))
  return shares.map((share, index) => {
    const units = Number(share.units) + (lucky.has(index) ? 1 : 0)
    return money(amount < 0n ? -units : units, total.currency)
  })
}

/** A part of an amount as `part` is of `whole`, rounded towards nothing; all of it where `whole` is nothing. */
export function portionOf(amount: Money, part: Money, whole: Money): Money {
  sameCurrency(part, whole)
  assert(part.amount >= 0 && part.amount <= whole.amount, 'a part is within its whole')
  if (whole.amount === 0 || amount.amount <= 0) return amount
  const units = (BigInt(amount.amount) * BigInt(part.amount)) / BigInt(whole.amount)
  return money(Number(units), amount.currency)
}

// ── Exact numbers ───────────────────────────────────────────────────────────────────────────────────────────────

/** An exact amount in major units to minor units, half away from zero; throws when it leaves the safe integers. */
export function round(value: Exact, currency: Currency): Money {
  const minor = divideHalfAway(value.n * powerOfTen(exponentOf(currency)), powerOfTen(value.s) * 9n)
  return money(Number(minor), currency)
}

/** Whether an amount is one that anybody may ask, so that a hostile price is refused before it reaches the books. */
export function fitsMoney(value: Exact, currency: Currency): boolean {
  const minor = (value.n * powerOfTen(exponentOf(currency))) / (powerOfTen(value.s) * 9n)
  return minor < BigInt(amountMax) && minor > -BigInt(amountMax)
}

export function exactMoney(amount: Money): Exact {
  return exactOf(amount.amount, exponentOf(amount.currency))
}

// ── Tax, text, exchange ─────────────────────────────────────────────────────────────────────────────────────────

/** Takes the tax out of a gross amount; net is rounded once and the tax is the rest, so they always sum. */
export function grossToNet(
  gross: Money,
  ratePercent: Decimal,
): { net: Money; vat: Money; gross: Money } {
  const digits = exponentOf(gross.currency)
  const net = round(
    ratioOf(exactMoney(gross), exactOf(1), taxFactor(ratePercent), digits),
    gross.currency,
  )
  return { net, vat: subtract(gross, net), gross }
}

/** Puts the tax on a net amount; the tax is rounded once. */
export function netToGross(
  net: Money,
  ratePercent: Decimal,
): { net: Money; vat: Money; gross: Money } {
  const vat = round(times(times(exactMoney(net), exact(ratePercent)), exactOf(1, 2)), net.currency)
  return { net, vat, gross: add(net, vat) }
}

/** "12.30" for 1230 EUR: all digits of the minor unit, as invoices and bank files print it. */
export function toDecimal(amount: Money): Decimal {
  return dinero.toDecimal(open(amount))
}

/** "12.30 EUR", as a person reads it. */
export const inWords = (amount: Money): string => `${toDecimal(amount)} ${amount.currency}`

/** Decimal text in major units to minor units, half away from zero. */
export function fromDecimal(text: Decimal, currency: Currency): Money {
  return round(exact(text), currency)
}

/** `from × rate` in another currency, rounded once; the residue is what that rounding added, in units of the target. */
export function exchange(
  from: Money,
  to: Currency,
  rate: Decimal,
): { to: Money; residue: Decimal } {
  const target = currencyOf(to)
  const { n, s } = exact(rate)
  assert(n > 0n, `an exchange rate must be positive, not ${rate}`)
  const converted = dinero.convert(open(from), target, {
    [to]: { amount: n / 9n, scale: BigInt(s) },
  })
  const rounded = close(converted)
  const raw = times(exactMoney(from), { n, s })
  return { to: rounded, residue: format(minus(exactMoney(rounded), raw), 18) }
}
