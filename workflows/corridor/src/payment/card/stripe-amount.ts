// The one place where our minor units become Stripe's and back: docs.stripe.com/currencies.
import type { Money } from '@chargelane/openapi/vocabulary/money'
import { MoneyFailure } from '../payment.ts'

// ISO 4217 gives ISK and UGX no minor unit; Stripe keeps the two decimals they once had, always 00.
const twoDecimalsAtStripe = new Set(['ISK', 'UGX'])
// Three decimals on both sides, but card networks settle two: the last digit has to be 0.
const threeDecimals = new Set(['BHD', 'JOD', 'KWD', 'OMR', 'TND'])
// MGA and MRU have five sub-units and Stripe counts MGA whole: not sold, and so refused.
const unsupported = new Set(['MGA', 'MRU'])

/** Stripe takes at most eight digits. Throws `MoneyRefused` for what Stripe cannot represent. */
export function toStripeAmount(money: Money): { amount: number; currency: string } {
  const { currency } = money
  const amount = twoDecimalsAtStripe.has(currency) ? money.amount * 100 : money.amount
  if (!Number.isSafeInteger(money.amount) || amount <= 0 || amount > 99_999_999) {
    throw refused(`amount ${money.amount} ${currency} is outside what a card payment can carry`)
  }
  if (unsupported.has(currency)) throw refused(`currency ${currency} is not sold by card`)
  if (threeDecimals.has(currency) && amount % 10 !== 0) {
    throw refused(`amount ${amount} ${currency} must end in 0: cards settle two decimals`)
  }
  return { amount, currency: currency.toLowerCase() }
}

/** Throws when Stripe names a fraction of a unit that our money does not have. */
export function fromStripeAmount(amount: number, stripeCurrency: string): Money {
  const currency = stripeCurrency.toUpperCase()
  if (!Number.isSafeInteger(amount)) throw refused(`Stripe amount ${amount} is not an integer`)
  if (unsupported.has(currency)) throw refused(`currency ${currency} is not sold by card`)
  if (!twoDecimalsAtStripe.has(currency)) return { amount, currency }
  if (amount % 100 !== 0) throw refused(`Stripe amount ${amount} ${currency} has decimals`)
  return { amount: amount / 100, currency }
}

function refused(message: string): MoneyFailure {
  return new MoneyFailure(message, { code: 'amount_invalid', retryable: false })
}
