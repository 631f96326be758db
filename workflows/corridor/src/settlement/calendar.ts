// When a payout may leave: business days and hours of a place, as the agreement of its payee says.
import type { PayoutCalendar } from '@chargelane/rules/documents'

const isDayOff = (calendar: PayoutCalendar, day: string) =>
  calendar.holidays.includes(day) || !calendar.days.includes(isoDay(day))

/** 1 is Monday. */
const isoDay = (day: string) => new Date(`${day}T12:00:00Z`).getUTCDay() || 7

/** As the clock on the wall of the place says it. */
function wallOf(calendar: PayoutCalendar, at: number): { day: string; time: string } {
  const text = new Intl.DateTimeFormat('sv-SE', {
    timeZone: calendar.time_zone,
    dateStyle: 'short',
    timeStyle: 'short',
  }).format(at)
  const [day = '', time = ''] = text.split(' ')
  return { day, time }
}

const quarterMs = 15 * 60_000
const daysMax = 31

/** When a payout may leave: now, or at the first quarter of an hour of the next business hours. */
export function leavesAt(calendar: PayoutCalendar | null, now: string): string {
  if (calendar === null) return now
  const begin = Date.parse(now)
  const isOpen = (at: number) => {
    const { day, time } = wallOf(calendar, at)
    return !isDayOff(calendar, day) && time >= calendar.from && time < calendar.until
  }
  if (isOpen(begin)) return now
  const first = Math.ceil(begin / quarterMs) * quarterMs
  for (let at = first; at < begin + daysMax * 86_400_000; at += quarterMs)
    if (isOpen(at)) return new Date(at).toISOString()
  // A calendar that never opens keeps nobody's money.
  return now
}
