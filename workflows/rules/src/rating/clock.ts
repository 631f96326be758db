/**
 * Instants and local time for pricing. An instant is a whole number of microseconds since 1970 in UTC; the clock of
 * the machine is never read, so replayed code and a proof see the same time.
 */
import { type DayOfWeek, zDayOfWeek } from '@chargelane/openapi/vocabulary/tariff'

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

/** Two decimal digits at a place of a text, or NaN-like negative numbers when they are none. */
function twoDigits(text: string, at: number): number {
  const tens = text.charCodeAt(at) - 48
  const ones = text.charCodeAt(at + 1) - 48
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -1
}

let knownDate = ''
let knownDays = 0

/** Days of "YYYY-MM-DD" at the head of a text; undefined when it is no date of the calendar. Remembers the last one. */
function daysAtHead(text: string): number | undefined {
  if (knownDate !== '' && text.startsWith(knownDate)) return knownDays
  const century = twoDigits(text, 0)
  const yearOfCentury = twoDigits(text, 2)
  const month = twoDigits(text, 5)
  const day = twoDigits(text, 8)
  if (century < 0 || yearOfCentury < 0 || month < 1 || month > 12 || day < 1) return undefined
  const days = daysOfDate(century * 100 + yearOfCentury, month, day)
  const date = dateOfDays(days)
  if (date.month !== month || date.day !== day) return undefined
  knownDate = text.slice(0, 10)
  knownDays = days
  return days
}

/** The form nearly every instant has, "YYYY-MM-DDThh:mm:ssZ" or with milliseconds; undefined for all others. */
function parsePlainInstant(text: string): number | undefined {
  const millis = text.length === 24
  if (!millis && text.length !== 20) return undefined
  if (text[4] !== '-' || text[7] !== '-' || text[10] !== 'T' || text[13] !== ':') return undefined
  if (text[16] !== ':' || text[text.length - 1] !== 'Z') return undefined
  const hour = twoDigits(text, 11)
  const minute = twoDigits(text, 14)
  const second = twoDigits(text, 17)
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60)
    return undefined
  let fraction = 0
  if (millis) {
    const head = twoDigits(text, 20)
    const last = text.charCodeAt(22) - 48
    if (text[19] !== '.' || head < 0 || last < 0 || last > 9) return undefined
    fraction = (head * 10 + last) * 1_000
  }
  const days = daysAtHead(text)
  if (days === undefined) return undefined
  return (days * 86_400 + hour * 3_600 + minute * 60 + second) * microsPerSecond + fraction
}

/**
 * Reads an RFC 3339 instant; without an offset it counts as UTC (OCPI 2.2.1 §16.3 DateTime). Digits after the
 * microsecond are cut. Undefined when the text is no such instant.
 */
export function parseInstant(text: string): number | undefined {
  const plain = parsePlainInstant(text)
  if (plain !== undefined) return plain
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

const two = (value: number) => (value < 10 ? `0${value}` : `${value}`)

let printedDays = Number.NaN
let printedDate = ''

function dateText(days: number): string {
  if (days !== printedDays) {
    const { year, month, day } = dateOfDays(days)
    printedDate = `${year.toString().padStart(4, '0')}-${two(month)}-${two(day)}`
    printedDays = days
  }
  return printedDate
}

/** RFC 3339 in UTC with milliseconds, or with microseconds when there are any. */
export function formatInstant(instant: number): string {
  const days = Math.floor(instant / microsPerDay)
  const rest = instant - days * microsPerDay
  const seconds = Math.floor(rest / microsPerSecond)
  const micros = rest - seconds * microsPerSecond
  const fraction =
    micros % 1_000 === 0
      ? (micros / 1_000).toString().padStart(3, '0')
      : micros.toString().padStart(6, '0')
  const time = `${two(Math.floor(seconds / 3_600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`
  return `${dateText(days)}T${time}.${fraction}Z`
}

/** Days since 1970-01-01 of "YYYY-MM-DD"; the vocabulary has checked the form. */
export function daysOfText(date: string): number {
  return daysOfDate(Number(date.slice(0, 4)), Number(date.slice(5, 7)), Number(date.slice(8, 10)))
}

// ── Local time ──────────────────────────────────────────────────────────────────────────────────────────────────

const quarterMicros = 900 * microsPerSecond
const formatters = new Map<string, Intl.DateTimeFormat>()

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

/** Microseconds between UTC and the wall clock of a zone, asked of the zone table itself. */
function offsetFromTable(instant: number, timeZone: string): number {
  const fields: Record<string, number> = {}
  for (const part of formatterOf(timeZone).formatToParts(instant / 1_000)) {
    fields[part.type] = Number(part.value)
  }
  const field = (name: string) => fields[name] ?? Number.NaN
  const local =
    daysOfDate(field('year'), field('month'), field('day')) * 86_400 +
    field('hour') * 3_600 +
    field('minute') * 60 +
    field('second')
  return local * microsPerSecond - instant
}

/** Per day in UTC: the offset that holds all day, or the offsets of its 96 quarters on a day that changes it. */
type ZoneDays = Map<number, number | number[]>
const zones = new Map<string, ZoneDays>()
let latestZone = ''
let latestDays: ZoneDays = new Map()

function daysOfZone(timeZone: string): ZoneDays {
  if (timeZone === latestZone) return latestDays
  let known = zones.get(timeZone)
  if (known === undefined) {
    if (zones.size > 600) zones.clear()
    known = new Map()
    zones.set(timeZone, known)
  }
  latestZone = timeZone
  latestDays = known
  return known
}

function offsetsOfDay(day: number, timeZone: string): number | number[] {
  const start = day * microsPerDay
  const first = offsetFromTable(start, timeZone)
  if (first === offsetFromTable(start + microsPerDay, timeZone)) return first
  return Array.from({ length: 96 }, (_, quarter) =>
    offsetFromTable(start + quarter * quarterMicros, timeZone),
  )
}

/**
 * Microseconds to add to UTC in a zone at an instant. Zones change their offset at most once a day and on quarters of
 * an hour in UTC only (since 1972), so the zone table is asked twice per day.
 */
export function offsetAt(instant: number, timeZone: string): number {
  const days = daysOfZone(timeZone)
  const day = Math.floor(instant / microsPerDay)
  let known = days.get(day)
  if (known === undefined) {
    if (days.size > 20_000) days.clear()
    known = offsetsOfDay(day, timeZone)
    days.set(day, known)
  }
  if (typeof known === 'number') return known
  return known[Math.floor((instant - day * microsPerDay) / quarterMicros)] ?? Number.NaN
}

/** Minutes since midnight of a time of day, `HH:MM`. */
export function minuteOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5))
}

export type LocalTime = {
  /** Days since 1970-01-01 of the local date. */
  days: number
  /** Minutes since local midnight as the clock on the wall shows them, whole minutes down. */
  minute: number
  /** Monday is 0. */
  weekday: number
}

/** Monday is 0. */
export function dayOfWeekIndex(day: DayOfWeek): number {
  return zDayOfWeek.options.indexOf(day)
}

export function localTimeAt(instant: number, timeZone: string): LocalTime {
  const local = instant + offsetAt(instant, timeZone)
  const days = Math.floor(local / microsPerDay)
  return {
    days,
    minute: Math.floor((local - days * microsPerDay) / (60 * microsPerSecond)),
    // 1970-01-01 was a Thursday.
    weekday: (((days + 3) % 7) + 7) % 7,
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
