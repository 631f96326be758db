import type { Money } from '@chargelane/openapi/vocabulary/money'
import { minimum, money, subtract } from '@chargelane/rules/money'

/** What may be captured of a price: never more than was held; the rest stays owed. */
export function collectable(gross: Money, holdMinor: number): { capture: Money; rest: Money } {
  const capture = minimum(gross, money(holdMinor, gross.currency))
  return { capture, rest: subtract(gross, capture) }
}
