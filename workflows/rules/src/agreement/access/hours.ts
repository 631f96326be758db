/**
 * When a place is open, by the clock on its wall. Where that clock is put forward or back a window is what the wall shows:
 * an hour that is skipped is never open, one that comes twice is open twice.
 */
import type { DayOfWeek } from '@chargelane/openapi/vocabulary/tariff'
import {
  dayOfWeekIndex,
  daysOfText,
  formatInstant,
  instantsOfLocalMinute,
  localTimeAt,
  microsPerSecond,
  minuteOf,
  offsetChanges,
  parseInstant,
} from '../../rating/clock.ts'

/** Part of a local day; an absent end is the end of the day, the end is out. A night is two windows. */
export type OpenWindow = { start_time?: string | undefined; end_time?: string | undefined }
export type OpeningHours = {
  /** Every week; absent is always. */
  weekly?: (OpenWindow & { day_of_week?: DayOfWeek[] | undefined })[] | undefined
  /** Local dates whose windows take the place of the week's; without any it is closed. */
  special_days?: { date: string; windows: OpenWindow[] }[] | undefined
}

type Span = { from: number; to: number }
const dayEnd = 1_440

const spanOf = ({ start_time, end_time }: OpenWindow): Span => ({
  from: start_time === undefined ? 0 : minuteOf(start_time),
  to: end_time === undefined ? dayEnd : minuteOf(end_time),
})

const isOn = (days: readonly DayOfWeek[] | undefined, weekday: number) =>
  days === undefined || days.length === 0 || days.some((day) => dayOfWeekIndex(day) === weekday)

function spansOn(hours: OpeningHours, days: number, weekday: number): Span[] {
  const special = hours.special_days?.find(({ date }) => daysOfText(date) === days)
  if (special !== undefined) return special.windows.map(spanOf)
  if (hours.weekly === undefined) return [{ from: 0, to: dayEnd }]
  return hours.weekly.filter(({ day_of_week }) => isOn(day_of_week, weekday)).map(spanOf)
}

function isOpenAt(hours: OpeningHours, instant: number, timeZone: string): boolean {
  const { days, weekday, minute } = localTimeAt(instant, timeZone)
  return spansOn(hours, days, weekday).some(({ from, to }) => minute >= from && minute < to)
}

/** Further ahead nobody looks: what is open for longer has no end worth naming. */
const aheadMicros = 9 * 86_400 * microsPerSecond

/** Every instant at which it may change: what the windows name, midnights, and the changes of the clock itself. */
function boundariesOf(hours: OpeningHours, from: number, timeZone: string): number[] {
  const windows = [
    ...(hours.weekly ?? []),
    ...(hours.special_days ?? []).flatMap((day) => day.windows),
  ]
  const minutes = new Set([0, ...windows.flatMap((each) => Object.values(spanOf(each)))])
  minutes.delete(dayEnd)
  const to = from + aheadMicros
  return [
    ...[...minutes].flatMap((minute) => instantsOfLocalMinute(minute, from, to, timeZone)),
    ...offsetChanges(from, to, timeZone),
  ].toSorted((a, b) => a - b)
}

export type Standing = {
  isOpen: boolean
  /** When that changes; null where it does not within nine days. */
  until: string | null
}

export function standingAt(hours: OpeningHours, at: string, timeZone: string): Standing {
  const from = parseInstant(at) ?? Number.NaN
  const isOpen = isOpenAt(hours, from, timeZone)
  const change = boundariesOf(hours, from, timeZone).find(
    (instant) => isOpenAt(hours, instant, timeZone) !== isOpen,
  )
  return { isOpen, until: change === undefined ? null : formatInstant(change) }
}
