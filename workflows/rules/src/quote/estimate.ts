/** What an expected session costs at a tariff: computed once for as long as nothing that it depends on differs. */
import type { Tariff } from '@chargelane/openapi/vocabulary/tariff'
import {
  cutAtBoundaries,
  price,
  type RatingPolicy,
  type RatingRefusal,
  type Totals,
} from '../rating/rating.ts'
import type { Expected } from './expected.ts'

type Estimate = Totals | RatingRefusal

const knownMax = 64
const known = new WeakMap<Tariff, { isTimeless: boolean; estimates: Map<string, Estimate> }>()

/** Restrictions by which a price depends on when a session is, and not only on how long and how much it charges. */
const ofTheCalendar = ['start_time', 'end_time', 'start_date', 'end_date', 'day_of_week'] as const

/** Nothing of the tariff looks at the clock or the calendar: a session costs the same whenever it begins. */
export const isTimeless = (tariff: Tariff): boolean =>
  tariff.start_date_time === undefined &&
  tariff.end_date_time === undefined &&
  tariff.elements.every(({ restrictions }) =>
    ofTheCalendar.every((name) => restrictions?.[name] === undefined),
  )

function knownOf(tariff: Tariff) {
  const found = known.get(tariff)
  if (found !== undefined) return found
  const fresh = { isTimeless: isTimeless(tariff), estimates: new Map<string, Estimate>() }
  known.set(tariff, fresh)
  return fresh
}

/** The totals of the expected session at this tariff. Tariffs are immutable; each is known by its object. */
export function estimate(
  tariff: Tariff,
  policy: RatingPolicy,
  { usage, shape }: Expected,
): Estimate {
  const { isTimeless: isAlways, estimates } = knownOf(tariff)
  const { started_at: begin, time_zone: zone } = usage
  const when = isAlways ? '' : `${begin} ${zone}`
  const key = `${policy.id} ${policy.rounding} ${policy.absent_vat_rate} ${shape} ${when}`
  const found = estimates.get(key)
  if (found !== undefined) return found
  // The expected session is one long stretch, so the estimate itself has to see where prices change.
  const result = price({ tariff, usage, policy: cutAtBoundaries(policy) })
  const fresh = result.ok ? result.totals : result
  if (estimates.size >= knownMax) estimates.clear()
  estimates.set(key, fresh)
  return fresh
}
