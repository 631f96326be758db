/** Which of the tariffs a connector lists is the public price, and what to say when none can be told. */
import type { Tariff, UnsoldReason } from '@chargelane/openapi/vocabulary/tariff'
import { canonicalText } from '../evidence/canonical/canonical.ts'

/** `sold`, or why not: odd and on hold, not confirmed for too long, not allowed at this connector, unfit for sale. */
export type SaleState = 'sold' | 'held' | 'stale' | 'market' | 'invalid'

/** A tariff in force that a connector lists. */
export type Listed = {
  /** OCPI TariffType; null is REGULAR. */
  type: string | null
  /** `start_date_time`, UTC. */
  start: string | null
  /** Equal for tariffs that cost the same: a hash of `priceText`. */
  price: string
  state: SaleState
}

export type PublicTariff<L extends Listed> =
  | { kind: 'found'; listed: L }
  | { kind: 'none' }
  | { kind: 'held' | 'stale' | 'market' | 'invalid'; listed: L }
  | { kind: 'ambiguous'; listed: L[] }

/** Everything about a tariff that can change what a session costs; equal texts are equal prices. */
export function priceText(tariff: Tariff): string {
  const { currency, elements, min_price, max_price, tax_included } = tariff
  return canonicalText({
    currency,
    elements,
    ...(min_price === undefined ? {} : { min_price }),
    ...(max_price === undefined ? {} : { max_price }),
    ...(tax_included === undefined ? {} : { tax_included }),
  })
}

/** Everybody's price first (OCPI 2.2.1 §11.4.7: no type is REGULAR), the ad hoc one next; profiles are options. */
const rankOf = ({ type }: Listed) =>
  type === null || type === 'REGULAR' ? 0 : type === 'AD_HOC_PAYMENT' ? 1 : 2

/**
 * The public price among the tariffs of one connector: by type, then the one that started last; what then still
 * differs is ambiguous, and nothing is sold at a guess. A price on hold is not replaced by another.
 */
export function publicTariff<L extends Listed>(listed: readonly L[]): PublicTariff<L> {
  const best = Math.min(...listed.map(rankOf))
  const typed = listed.filter((it) => rankOf(it) === best)
  const latest = typed
    .map(({ start }) => start ?? '')
    .toSorted()
    .at(-1)
  const last = typed.filter(({ start }) => (start ?? '') === latest)
  const [first] = last
  if (first === undefined) return { kind: 'none' }
  if (last.some(({ price }) => price !== first.price)) return { kind: 'ambiguous', listed: last }
  const found = last.find(({ state }) => state === 'sold') ?? first
  return found.state === 'sold'
    ? { kind: 'found', listed: found }
    : { kind: found.state, listed: found }
}

export type Unsold = UnsoldReason

/** Why there is no public price, for the partner. */
export function unsoldText(kind: Unsold): string {
  switch (kind) {
    case 'none':
      return 'The operator publishes no valid tariff for this connector.'
    case 'held':
      return 'The operator’s new price is unusual and waits for its confirmation.'
    case 'stale':
      return 'The operator has not confirmed its tariff for too long.'
    case 'invalid':
      return 'The operator’s tariff for this connector cannot be sold; the operator was told why.'
    case 'market':
      return 'The operator’s tariff breaks a rule of this market at this connector, in its tax, its currency or what it prices.'
    case 'ambiguous':
      return 'The operator lists several tariffs for this connector and it cannot be told which is public.'
    default:
      return kind satisfies never
  }
}
