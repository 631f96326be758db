import type { Money } from '@chargelane/openapi/vocabulary/money'
import { compare, money, sum } from '@chargelane/rules/money'

/** Whether a hold fits: what is owed and held already, and this one, are within the line. */
export function fitsCredit(line: { limit: Money; owed: Money; held: Money }, wish: Money): boolean {
  const { currency } = wish
  const owed = money(Math.max(0, line.owed.amount), currency)
  return compare(sum([owed, line.held, wish], currency), line.limit) <= 0
}
