import { describe, expect, test } from 'vitest'
import { MoneyFailure } from '../payment.ts'
import { fromStripeAmount, toStripeAmount } from './stripe-amount.ts'

const refused = expect.objectContaining({ name: 'MoneyRefused', code: 'amount_invalid' })

describe('our minor units and Stripe’s', () => {
  test.each([
    // currency, ours, Stripe's
    ['EUR', 1234, 1234],
    ['CHF', 1, 1],
    ['SEK', 99_999_999, 99_999_999],
    // docs.stripe.com/currencies: HUF is charged with two decimals; only payouts need whole forints.
    ['HUF', 123_456, 123_456],
    ['JPY', 500, 500],
    ['KRW', 10_000, 10_000],
    // No minor unit by ISO 4217, two decimals at Stripe.
    ['ISK', 4_311, 431_100],
    ['UGX', 25_000, 2_500_000],
    // Three decimals on both sides.
    ['KWD', 5_120, 5_120],
    ['TND', 10, 10],
  ])('%s: %i of ours is %i at Stripe, and back', (currency, ours, theirs) => {
    expect(toStripeAmount({ amount: ours, currency })).toEqual({
      amount: theirs,
      currency: currency.toLowerCase(),
    })
    expect(fromStripeAmount(theirs, currency.toLowerCase())).toEqual({ amount: ours, currency })
  })

  test.each([
    ['nothing', 0, 'EUR'],
    ['a negative amount', -1, 'EUR'],
    ['a fraction', 1.5, 'EUR'],
    ['nine digits', 100_000_000, 'EUR'],
    ['nine digits after conversion', 1_000_000, 'ISK'],
    ['a third decimal that cards can not settle', 5_124, 'KWD'],
    ['a currency with five sub-units', 100, 'MGA'],
  ])('%s is refused before anything is sent', (_what, amount, currency) => {
    expect(() => toStripeAmount({ amount, currency })).toThrow(refused)
  })

  test.each([
    [150, 'isk'],
    [0.5, 'eur'],
    [2 ** 53, 'eur'],
  ])('%d %s from Stripe is refused, never rounded', (amount, currency) => {
    expect(() => fromStripeAmount(amount, currency)).toThrow(MoneyFailure)
  })
})
