import type { BookTerms } from '@chargelane/rules/booking/sale'
import { convertMoney, type FxRate } from '@chargelane/rules/fx'
import { money } from '@chargelane/rules/money'

/** What the driver paid in, and what the payees are paid in, each once; the driver's is the first. */
export const currenciesOf = (paidIn: string, payouts: BookTerms['payouts']): string[] => [
  ...new Set([paidIn, ...payouts.map(({ currency }) => currency)]),
]

/** Whether the rates lead from the first of the currencies to every other. */
export const isLedToBy = (
  rates: readonly FxRate[],
  [paidIn = '', ...others]: readonly string[],
): boolean => others.every((currency) => convertMoney(money(1, paidIn), currency, rates).ok)
