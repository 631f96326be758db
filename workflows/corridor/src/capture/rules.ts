import type { Money } from '@chargelane/openapi/vocabulary/money'
import { minimum, subtract } from '@chargelane/rules/money'

/** What may be captured of a price: never more than was held; the rest stays owed. */
export function collectable(gross: Money, hold: Money): { capture: Money; rest: Money } {
  const capture = minimum(gross, hold)
  return { capture, rest: subtract(gross, capture) }
}
