// What Stripe tells of a card, as a method and as a payment's detail.
import type { CardFacts } from '@chargelane/openapi/vocabulary/payment'

type Card = {
  brand: string
  last4: string
  exp_month: number
  exp_year: number
  wallet: { type: string } | null
}

export const cardFactsOf = ({ brand, last4, exp_month: month, exp_year: year, wallet }: Card) =>
  ({
    brand,
    last4,
    expires: `${year}-${String(month).padStart(2, '0')}`,
    wallet: wallet?.type ?? null,
  }) satisfies CardFacts
