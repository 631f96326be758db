/** Fees are frozen: whoever asked to stop pays for no more time, and for all the energy that flowed (failures F23). */
import type { UsagePeriod, UsageRecord } from '@chargelane/openapi/vocabulary/usage'
import { compareExact, type Exact, exact, exactOf, format, minus, ratioOf, zero } from '../exact.ts'
import { microsPerSecond, parseInstant } from '../rating/clock.ts'

const microsPerHour = exactOf(3_600 * microsPerSecond)
const least = (a: Exact, b: Exact): Exact => (compareExact(a, b) <= 0 ? a : b)

/** The usage as it was, except that no time after the instant counts: neither charging nor occupying. */
export function withoutTimeAfter(usage: UsageRecord, at: string): UsageRecord {
  const frozen = parseInstant(at)
  if (frozen === undefined) return usage
  return { ...usage, periods: usage.periods.flatMap((period) => frozenPeriod(period, at, frozen)) }
}

function frozenPeriod(period: UsagePeriod, at: string, frozen: number): UsagePeriod[] {
  const [start, end] = [parseInstant(period.start) ?? 0, parseInstant(period.end) ?? 0]
  if (end <= frozen) return [period]
  if (start >= frozen) return [timeless(period)]
  // What flowed is stated of the whole stretch, so it stays with the part that counts.
  const { energy_kwh: _flowed, reservation_time_h: _reserved, ...rest } = period
  return [cutAt(period, at, frozen - start), timeless({ ...rest, start: at })]
}

/** Stated hours are capped by the length that is left: charging first, since the record does not say in which order. */
function cutAt(period: UsagePeriod, end: string, lengthMicros: number): UsagePeriod {
  const { time_h: charged, parking_time_h: parked, ...rest } = period
  const length = ratioOf(exactOf(lengthMicros), exactOf(1), microsPerHour, 12)
  const charging = charged === undefined ? undefined : least(exact(charged), length)
  const left = minus(length, charging ?? zero)
  return {
    ...rest,
    end,
    ...(charging === undefined ? {} : { time_h: format(charging) }),
    ...(parked === undefined ? {} : { parking_time_h: format(least(exact(parked), left)) }),
  }
}

function timeless({
  time_h: _charged,
  parking_time_h: _parked,
  ...rest
}: UsagePeriod): UsagePeriod {
  return { ...rest, untimed: true }
}
