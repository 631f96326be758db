/** Deadlines of disputes: instants are compared, and days are those of the calendar in UTC. */
import { assert } from '../assert.ts'
import {
  dateOfDays,
  daysOfDate,
  formatInstant,
  microsPerSecond,
  parseInstant,
} from '../rating/clock.ts'

const dayMicros = 86_400 * microsPerSecond

function micros(at: string): number {
  const instant = parseInstant(at)
  assert(instant !== undefined, `${at} is no instant`)
  return instant
}

export const isAfter = (a: string, b: string): boolean => micros(a) > micros(b)

export const secondsBetween = (from: string, to: string): number =>
  (micros(to) - micros(from)) / microsPerSecond

/** So many days before it, and no earlier than an instant. */
export function daysBefore(at: string, days: number, earliest: string): string {
  const wanted = micros(at) - days * dayMicros
  return wanted > micros(earliest) ? formatInstant(wanted) : earliest
}

/** 1970-01-01 was a Thursday; 0 is a Monday. */
const weekday = (days: number): number => (days + 3) % 7

/** The same hour after so many days of which none is a Saturday or a Sunday. */
export function businessDaysAfter(at: string, count: number): string {
  let days = Math.floor(micros(at) / dayMicros)
  const ofDay = micros(at) - days * dayMicros
  for (let left = count; left > 0; ) {
    days += 1
    if (weekday(days) < 5) left -= 1
  }
  return formatInstant(days * dayMicros + ofDay)
}

/** The same hour of the same day so many months later; of a month that is too short, of the first after it. */
export function monthsAfter(at: string, months: number): string {
  const days = Math.floor(micros(at) / dayMicros)
  const { year, month, day } = dateOfDays(days)
  const all = year * 12 + (month - 1) + months
  const then = daysOfDate(Math.floor(all / 12), (all % 12) + 1, day)
  return formatInstant(then * dayMicros + (micros(at) - days * dayMicros))
}
