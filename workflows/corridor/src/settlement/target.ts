// Days on which euro transfers are executed: the TARGET calendar, and a bank’s cut-off on them.

const dayMs = 86_400_000
const iso = (ms: number) => new Date(ms).toISOString().slice(0, 10)

/** Easter Sunday of the Gregorian calendar (Meeus, Jones, Butcher). */
function easterMs(year: number): number {
  const a = year % 19
  const b = Math.floor(year / 100)
  const c = year % 100
  const d = Math.floor(b / 4)
  const f = Math.floor((b + 8) / 25)
  const g = Math.floor((b - f + 1) / 3)
  const h = (19 * a + b - d - g + 15) % 30
  const i = Math.floor(c / 4)
  const l = (32 + 2 * (b % 4) + 2 * i - h - (c % 4)) % 7
  const m = Math.floor((a + 11 * h + 22 * l) / 451)
  const n = h + l - 7 * m + 114
  return Date.UTC(year, Math.floor(n / 31) - 1, (n % 31) + 1)
}

/** TARGET is closed on weekends and on six days of the year (ECB/2022/8 Annex I Appendix V). */
export function isTargetDay(day: string): boolean {
  const ms = Date.parse(`${day}T00:00:00Z`)
  const weekday = new Date(ms).getUTCDay()
  if (weekday === 0 || weekday === 6) return false
  if (['01-01', '05-01', '12-25', '12-26'].includes(day.slice(5))) return false
  const easter = easterMs(Number(day.slice(0, 4)))
  return ms !== easter - 2 * dayMs && ms !== easter + dayMs
}

/** The calendar's clock is Frankfurt's. */
const wall = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Europe/Berlin',
  dateStyle: 'short',
  timeStyle: 'short',
})

/** The first day on which an order given now is executed: today until the bank's cut-off (`HH:MM` in Frankfurt), if it is one. */
export function executionDay(now: string, cutOff: string): string {
  const [today = '', time = ''] = wall.format(Date.parse(now)).split(' ')
  let ms = Date.parse(`${today}T00:00:00Z`)
  if (time >= cutOff) ms += dayMs
  while (!isTargetDay(iso(ms))) ms += dayMs
  return iso(ms)
}
