/** What the session would have cost on another usage, by the price that was locked: the same rule that made the price. */
import type { Money } from '@chargelane/openapi/vocabulary/money'
import type { UsageRecord } from '@chargelane/openapi/vocabulary/usage'
import { compare, inWords } from '../money.ts'
import { withoutTimeAfter } from '../record/frozen.ts'
import { rate } from '../rating/rating.ts'
import type { DisputeFacts } from './facts.ts'
import { isAfter } from './times.ts'
import { clear, type Finding, refuse, unclear } from './finding.ts'

/** The lower of the public and the agreed price; undefined where the usage cannot be priced. */
export function priceOf({ quote }: DisputeFacts, usage: UsageRecord): Money | undefined {
  const tariffs = [quote.tariff, ...(quote.agreement === undefined ? [] : [quote.agreement.tariff])]
  const prices = tariffs.flatMap((tariff) => {
    const rated = rate({ tariff, usage, policy: quote.rating_policy })
    return rated.ok ? [rated.rating.totals.gross] : []
  })
  if (prices.length < tariffs.length) return undefined
  return prices.toSorted(compare)[0]
}

/** Nothing that came after the instant: no time, and no energy but that of the stretch in which it lies. */
export function usageUntil(usage: UsageRecord, at: string): UsageRecord | undefined {
  const begun = usage.periods.filter(({ start }) => isAfter(at, start))
  return begun.length === 0 ? undefined : withoutTimeAfter({ ...usage, periods: begun }, at)
}

/** Without the time in which nothing was charged. */
export const withoutParking = (usage: UsageRecord): UsageRecord => ({
  ...usage,
  periods: usage.periods.map(({ parking_time_h: _parked, ...period }) =>
    period.charging ? period : { ...period, untimed: true as const },
  ),
})

type Words = { over: string; right: string }

/** The sale at the price of this usage: what was charged above it goes back. */
export function atPriceOf(
  facts: DisputeFacts,
  usage: UsageRecord | undefined,
  { over, right }: Words,
): Finding {
  if (facts.price === null) return refuse('Nothing was charged for this session.')
  const gross = usage === undefined ? undefined : priceOf(facts, usage)
  if (gross === undefined)
    return unclear('What the session would cost without it cannot be priced.')
  const charged = facts.price.gross
  const rests = [
    { fact: 'price_charged', value: inWords(charged) },
    { fact: 'price_recomputed', value: inWords(gross) },
  ]
  if (compare(charged, gross) <= 0) return refuse(right, rests)
  return clear(gross, `${over} The locked price of the rest is ${inWords(gross)}.`, rests)
}
