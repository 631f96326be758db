// What no card is charged for: the payees are paid, and nobody owes it.
import type { Money } from '@chargelane/openapi/vocabulary/money'

// docs.stripe.com/currencies#minimum-and-maximum-charge-amounts, in our minor units; of other currencies none is named.
const minimums: Partial<Record<string, number>> = {
  AED: 200,
  AUD: 50,
  BGN: 100,
  BRL: 50,
  CAD: 50,
  CHF: 50,
  CZK: 1_500,
  DKK: 250,
  EUR: 50,
  GBP: 30,
  HKD: 400,
  HUF: 17_500,
  INR: 50,
  JPY: 50,
  MXN: 1_000,
  MYR: 200,
  NOK: 300,
  NZD: 50,
  PLN: 200,
  RON: 200,
  SEK: 300,
  SGD: 50,
  THB: 1_000,
  USD: 50,
}

// Three decimals, of which card networks settle two.
const steps: Partial<Record<string, number>> = { BHD: 10, JOD: 10, KWD: 10, OMR: 10, TND: 10 }

/** What a card is charged: at least so much, and in whole steps, in minor units. */
export function cardAmounts(currency: string): { least: number; step: number } {
  const step = steps[currency] ?? 1
  return { least: minimums[currency] ?? step, step }
}

/** Less than that no card is charged. */
export const isTooSmall = ({ amount, currency }: Money): boolean =>
  amount < cardAmounts(currency).least
