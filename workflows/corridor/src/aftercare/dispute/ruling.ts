// What a person rules of a dispute, and what it comes to.
import type { Dispute } from '@chargelane/db/queries/disputes/disputes'
import { DomainError } from '@chargelane/openapi/vocabulary/errors'
import type { Money } from '@chargelane/openapi/vocabulary/money'
import { compare, inWords } from '@chargelane/rules/money'

export type Ruling = {
  id: string
  outcome: 'full' | 'partial' | 'none'
  amount?: Money | undefined
  bearer: 'sale' | 'platform'
  reason: string
}

export const statusOf = { full: 'won', partial: 'settled', none: 'lost' } as const

/** What a ruling gives, which is never more than what was disputed. */
export function ruledAmount({ outcome, amount }: Ruling, dispute: Dispute): Money {
  const { amount: most } = dispute
  if (outcome === 'full') return most
  if (outcome === 'none') return { ...most, amount: 0 }
  if (amount === undefined)
    throw new DomainError('invalid_value', 'amount: a part is named', { param: 'amount' })
  if (amount.currency !== most.currency)
    throw new DomainError('invalid_value', `amount.currency: it is ${most.currency}`, {
      param: 'amount.currency',
    })
  if (compare(amount, most) > 0)
    throw new DomainError('invalid_value', `amount: ${inWords(most)} are disputed`, {
      param: 'amount.amount',
    })
  return amount
}
