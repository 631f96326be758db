import type { Money } from '@chargelane/openapi/vocabulary/money'

/**
 * Whether a hold fits: what is owed and held already, and this one, are within the line. What the partner paid ahead is
 * owed to it and is room as well.
 */
export function fitsCredit(line: { limit: Money; owed: Money; held: Money }, wish: Money): boolean {
  const drawn = [line.owed, line.held, wish].reduce((sum, { amount }) => sum + BigInt(amount), 0n)
  return drawn <= BigInt(line.limit.amount)
}
