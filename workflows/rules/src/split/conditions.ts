/** Whether a rule is of a session: where, when, for whom and how it was paid. */
import type { ShareCondition, ShareWindow } from '@chargelane/openapi/vocabulary/settlement/shares'
import { assert } from '../assert.ts'
import { dayOfWeekIndex, localTimeAt, minuteOf, parseInstant } from '../rating/clock.ts'
import type { Sharing } from './sharing.ts'

const isOf = <T>(list: readonly T[] | undefined, value: T | null): boolean =>
  list === undefined || (value !== null && list.includes(value))

/** A window over midnight is of the day that it began on. */
function isIn(
  { from = '00:00', until, days }: ShareWindow,
  { minute, weekday }: { minute: number; weekday: number },
): boolean {
  const isOfDay = (day: number) =>
    days === undefined || days.some((each) => dayOfWeekIndex(each) === (day + 7) % 7)
  const first = minuteOf(from)
  const end = until === undefined || until === '00:00' ? 1_440 : minuteOf(until)
  if (first < end) return isOfDay(weekday) && minute >= first && minute < end
  return (isOfDay(weekday) && minute >= first) || (isOfDay(weekday - 1) && minute < end)
}

export function holds(when: ShareCondition, sharing: Sharing | undefined): boolean {
  assert(sharing !== undefined, 'a condition needs to know its session')
  const { place, facts } = sharing
  const { min_power_w: least = 0, max_power_w: most = Infinity, times } = when
  if (!isOf(when.evses, place.evse) || !isOf(when.sites, place.site)) return false
  if (place.power_w < least || place.power_w > most) return false
  if (!isOf(when.partners, place.partner) || !isOf(when.payers, place.payer)) return false
  if (!isOf(when.tariff_types, place.tariff_type)) return false
  if (times === undefined) return true
  const local = localTimeAt(parseInstant(facts.started_at) ?? 0, place.time_zone)
  return times.some((window) => isIn(window, local))
}
