import type { BookTerms } from '@chargelane/rules/booking/sale'

/** What the driver paid in, and what the payees are paid in, each once. */
export const currenciesOf = (paidIn: string, payouts: BookTerms['payouts']): string[] => [
  ...new Set([paidIn, ...payouts.map(({ currency }) => currency)]),
]
