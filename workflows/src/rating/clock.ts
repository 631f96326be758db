/**
 * Instants and local time for pricing. An instant is a whole number of microseconds since 1970 in UTC; the clock of
 * the machine is never read, so replayed code and a proof see the same time.
 */
import type { DayOfWeek } from '@chargelane/openapi/vocabulary/tariff'

export const microsPerSecond = 1_000_000
const microsPerDay = 86_400 * microsPerSecond

/** Days since 1970-01-01 of a civil date, by the Gregorian rule (March-based years keep the leap day last). */
export function daysOfDate(year: number, month: number, day: number): number {
  const marchYear = month <= 2 ? year - 1 : year
  const era = Math.floor(marchYear / 400)
  const yearOfEra = marchYear - era * 400
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1
  const dayOfEra =
    yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear
  return era * 146_097 + dayOfEra - 719_468
}

/** The civil date of a number of days since 1970-01-01. */
export function dateOfDays(days: number): { year: number; month: number; day: number } {
  const shifted = days + 719_468
  const era = Math.floor(shifted / 146_097)
  const dayOfEra = shifted - era * 146_097
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1_460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  )
  const dayOfYear =
    dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153)
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1,
  }
}

const instantPattern =
  /^(\d{4})-(\d{2})-(\d{2})[Tt ](\d{2}):(\d{2}):(\d{2})(?:\.(\d+))?(Z|z|[+-]\d{2}:?\d{2})?$/

/**
 * Reads an RFC 3339 instant; without an offset it counts as UTC (OCPI 2.2.1 §16.3 DateTime). Digits after the
 * microsecond are cut. Undefined when the text is no such instant.
 */
export function parseInstant(text: string): number | undefined {
  const match = instantPattern.exec(text)
  if (match === null) return undefined
  const part = (index: number) => Number(match[index])
  const [year, month, day] = [part(1), part(2), part(3)]
  const [hour, minute, second] = [part(4), part(5), part(6)]
  const days = daysOfDate(year, month, day)
  const date = dateOfDays(days)
  if (month < 1 || month > 12 || date.month !== month || date.day !== day) return undefined
  if (hour > 23 || minute > 59 || second > 60) return undefined
  const fraction = Number((match[7] ?? '').slice(0, 6).padEnd(6, '0'))
  const offset = (match[8] ?? 'Z').toUpperCase()
  const offsetS =
    offset === 'Z'
      ? 0
      : (offset.startsWith('-') ? -60 : 60) *
        (Number(offset.slice(1, 3)) * 60 + Number(offset.slice(-2)))
  const seconds = days * 86_400 + hour * 3_600 + minute * 60 + second - offsetS
  return seconds * microsPerSecond + fraction
}

const two = (value: number) => value.toString().padStart(2, '0')

/** RFC 3339 in UTC with milliseconds, or with microseconds when there are any. */
export function formatInstant(instant: number): string {
  const days = Math.floor(instant / microsPerDay)
  const rest = instant - days * microsPerDay
  const seconds = Math.floor(rest / microsPerSecond)
  const { year, month, day } = dateOfDays(days)
  const micros = (rest - seconds * microsPerSecond).toString().padStart(6, '0')
  const fraction = micros.endsWith('000') ? micros.slice(0, 3) : micros
  const time = `${two(Math.floor(seconds / 3_600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`
  return `${year.toString().padStart(4, '0')}-${two(month)}-${two(day)}T${time}.${fraction}Z`
}

/** Days since 1970-01-01 of "YYYY-MM-DD"; the vocabulary has checked the form. */
export function daysOfText(date: string): number {
  return daysOfDate(Number(date.slice(0, 4)), Number(date.slice(5, 7)), Number(date.slice(8, 10)))
}

// ── Local time ──────────────────────────────────────────────────────────────────────────────────────────────────

const quarterMicros = 900 * microsPerSecond
const formatters = new Map<string, Intl.DateTimeFormat>()
const offsets = new Map<string, Map<number, number>>()

function formatterOf(timeZone: string): Intl.DateTimeFormat {
  const known = formatters.get(timeZone)
  if (known !== undefined) return known
  const created = new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'iso8601',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  if (formatters.size > 600) formatters.clear()
  formatters.set(timeZone, created)
  return created
}

export function isTimeZone(timeZone: string): boolean {
  try {
    formatterOf(timeZone)
    return true
  } catch {
    return false
  }
}

/**
 * Microseconds to add to UTC in a zone at an instant. Zones change their offset on quarters of an hour in UTC only
 * (since 1972), so one quarter is asked of the zone table once.
 */
export function offsetAt(instant: number, timeZone: string): number {
  const quarter = Math.floor(instant / quarterMicros)
  let known = offsets.get(timeZone)
  if (known === undefined) {
    if (offsets.size > 600) offsets.clear()
    known = new Map()
    offsets.set(timeZone, known)
  }
  const cached = known.get(quarter)
  if (cached !== undefined) return cached
  const start = quarter * quarterMicros
  const fields: Record<string, number> = {}
  for (const part of formatterOf(timeZone).formatToParts(start / 1_000)) {
    fields[part.type] = Number(part.value)
  }
  const field = (name: string) => fields[name] ?? Number.NaN
  const local =
    daysOfDate(field('year'), field('month'), field('day')) * 86_400 +
    field('hour') * 3_600 +
    field('minute') * 60 +
    field('second')
  const offset = local * microsPerSecond - start
  if (known.size > 20_000) known.clear()
  known.set(quarter, offset)
  return offset
}

export type LocalTime = {
  /** Days since 1970-01-01 of the local date. */
  days: number
  /** Minutes since local midnight as the clock on the wall shows them, whole minutes down. */
  minute: number
  /** Microseconds since local midnight on the wall clock. */
  micros: number
  dayOfWeek: DayOfWeek
}

const week: readonly DayOfWeek[] = [
  'MONDAY',
  'TUESDAY',
  'WEDNESDAY',
  'THURSDAY',
  'FRIDAY',
  'SATURDAY',
  'SUNDAY',
]

export function dayOfWeekOf(days: number): DayOfWeek {
  // 1970-01-01 was a Thursday.
  return week[(((days + 3) % 7) + 7) % 7] ?? 'MONDAY'
}

export function localTimeAt(instant: number, timeZone: string): LocalTime {
  const local = instant + offsetAt(instant, timeZone)
  const days = Math.floor(local / microsPerDay)
  const micros = local - days * microsPerDay
  return {
    days,
    minute: Math.floor(micros / (60 * microsPerSecond)),
    micros,
    dayOfWeek: dayOfWeekOf(days),
  }
}

/** The instants in (from, to) at which the wall clock of the zone shows a minute of the day; twice in autumn, never when skipped. */
export function instantsOfLocalMinute(
  minute: number,
  from: number,
  to: number,
  timeZone: string,
): number[] {
  const found = new Set<number>()
  const firstDay = localTimeAt(from, timeZone).days - 1
  const lastDay = localTimeAt(to, timeZone).days + 1
  for (let day = firstDay; day <= lastDay; day++) {
    const wall = day * microsPerDay + minute * 60 * microsPerSecond
    for (const guess of [wall - microsPerDay / 2, wall + microsPerDay / 2]) {
      const instant = wall - offsetAt(guess, timeZone)
      const shown = instant + offsetAt(instant, timeZone)
      if (shown === wall && instant > from && instant < to) found.add(instant)
    }
  }
  return [...found].toSorted((a, b) => a - b)
}

/** The instants in (from, to) at which the zone changes its offset: a jump enters and leaves local windows by itself. */
export function offsetChanges(from: number, to: number, timeZone: string): number[] {
  const short = to - from < 20 * microsPerDay
  if (short && offsetAt(from, timeZone) === offsetAt(to, timeZone)) return []
  const found: number[] = []
  let at = Math.floor(from / quarterMicros) * quarterMicros + quarterMicros
  for (; at < to; at += quarterMicros) {
    if (offsetAt(at, timeZone) !== offsetAt(at - 1, timeZone)) found.push(at)
  }
  return found
}
