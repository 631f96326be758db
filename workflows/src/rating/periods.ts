/** The periods of a usage record as numbers, and their cutting where a price can change. */
import type { UsagePeriod, UsageRecord } from '@chargelane/openapi/vocabulary/usage'
import type { Tariff } from '@chargelane/openapi/vocabulary/tariff'
import {
  assert,
  compareExact,
  type Exact,
  exact,
  exactOf,
  format,
  hoursOf,
  minus,
  plus,
  ratioOf,
  times,
  zero,
} from '../money.ts'
import {
  formatInstant,
  instantsOfLocalMinute,
  microsPerSecond,
  offsetChanges,
  parseInstant,
} from './clock.ts'
import type { RatingPolicy, RatingRefusal } from './rating.ts'

export type Period = {
  start: number
  end: number
  energy: Exact | undefined
  /** Seconds of TIME and PARKING_TIME; undefined when the period has none. */
  charging: Exact | undefined
  parking: Exact | undefined
  minPower: Exact | undefined
  maxPower: Exact | undefined
  minCurrent: Exact | undefined
  maxCurrent: Exact | undefined
  hoursRounded: boolean
}

const secondsPerHour = exactOf(3_600)
/** Half of the last digit of an hour written with four decimals is 0.18 s (OCPI 2.2.1 §10.4.2 volumes). */
const snapSeconds = exactOf(18, 2)

function secondsOf(micros: number): Exact {
  return exactOf(micros, 6)
}

function within(a: Exact, b: Exact, tolerance: Exact): boolean {
  const difference = minus(a, b)
  const size = difference.n < 0n ? { ...difference, n: -difference.n } : difference
  return compareExact(size, tolerance) <= 0
}

function readVolume(
  hours: string | undefined,
  length: Exact,
  policy: RatingPolicy,
): { seconds: Exact | undefined; rounded: boolean } {
  if (hours === undefined) return { seconds: undefined, rounded: false }
  const stated = times(exact(hours), secondsPerHour)
  const rounded = compareExact(stated, length) !== 0 && within(stated, length, snapSeconds)
  return { seconds: rounded && policy.hours === 'snap_to_period' ? length : stated, rounded }
}

const optional = (text: string | undefined) => (text === undefined ? undefined : exact(text))

function readPeriod(period: UsagePeriod, start: number, end: number, policy: RatingPolicy): Period {
  const length = secondsOf(end - start)
  const time = readVolume(period.time_h, length, policy)
  const parking = readVolume(period.parking_time_h, length, policy)
  const implied = period.time_h === undefined && period.parking_time_h === undefined
  return {
    start,
    end,
    energy: optional(period.energy_kwh),
    charging: implied && period.charging ? length : time.seconds,
    parking: implied && !period.charging ? length : parking.seconds,
    minPower: optional(period.min_power_kw),
    maxPower: optional(period.max_power_kw),
    minCurrent: optional(period.min_current_a),
    maxCurrent: optional(period.max_current_a),
    hoursRounded: time.rounded || parking.rounded,
  }
}

const refuse = (path: string, message: string): RatingRefusal => ({
  ok: false,
  code: 'usage_invalid',
  path,
  message,
})

/** The periods as numbers; a record whose times do not run forwards is refused. */
export function readPeriods(
  usage: UsageRecord,
  policy: RatingPolicy,
): { ok: true; started: number; periods: Period[] } | RatingRefusal {
  const started = parseInstant(usage.started_at)
  const ended = parseInstant(usage.ended_at)
  if (started === undefined) return refuse('started_at', 'must be an RFC 3339 instant')
  if (ended === undefined || ended < started)
    return refuse('ended_at', 'must be an RFC 3339 instant not before started_at')
  if (usage.periods.length === 0) return refuse('periods', 'must hold at least one period')
  const periods: Period[] = []
  let reached = started
  for (const [index, period] of usage.periods.entries()) {
    const start = parseInstant(period.start)
    const end = parseInstant(period.end)
    if (start === undefined || start < reached)
      return refuse(`periods[${index}].start`, 'must not be before the end of the period above')
    if (end === undefined || end < start || end > ended)
      return refuse(`periods[${index}].end`, 'must lie between its start and ended_at')
    reached = end
    periods.push(readPeriod(period, start, end, policy))
  }
  return { ok: true, started, periods }
}

// ── Cutting ─────────────────────────────────────────────────────────────────────────────────────────────────────

/** Digits of kWh a cut keeps: a micro-watt-hour; what is left goes to the last part, so the parts sum exactly. */
const cutDigits = 9

function restOf(whole: Exact | undefined, part: Exact | undefined): Exact | undefined {
  return whole === undefined || part === undefined ? undefined : minus(whole, part)
}

function cutAt(period: Period, at: number): [Period, Period] {
  const length = secondsOf(period.end - period.start)
  const first = secondsOf(at - period.start)
  const share = (whole: Exact | undefined, digits: number) =>
    whole === undefined ? undefined : ratioOf(whole, first, length, digits)
  const energy = share(period.energy, cutDigits)
  const charging = share(period.charging, 6)
  const parking = share(period.parking, 6)
  return [
    { ...period, end: at, energy, charging, parking },
    {
      ...period,
      start: at,
      energy: restOf(period.energy, energy),
      charging: restOf(period.charging, charging),
      parking: restOf(period.parking, parking),
    },
  ]
}

export type Boundaries = {
  minutes: number[]
  durations: number[]
  energies: Exact[]
  local: boolean
}

/** Where the prices of a tariff can change: minutes of the local day, seconds since the start, kWh delivered. */
export function boundariesOf(tariff: Tariff): Boundaries {
  const minutes = new Set<number>()
  const durations = new Set<number>()
  const energies: Exact[] = []
  for (const { restrictions } of tariff.elements) {
    if (restrictions === undefined) continue
    for (const time of [restrictions.start_time, restrictions.end_time]) {
      if (time !== undefined) minutes.add(Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5)))
    }
    const { start_date, end_date, day_of_week } = restrictions
    if ((start_date ?? end_date ?? day_of_week) !== undefined) minutes.add(0)
    for (const seconds of [restrictions.min_duration, restrictions.max_duration]) {
      if (seconds !== undefined) durations.add(seconds)
    }
    for (const kwh of [restrictions.min_kwh, restrictions.max_kwh]) {
      if (kwh !== undefined) energies.push(exact(kwh))
    }
  }
  return { minutes: [...minutes], durations: [...durations], energies, local: minutes.size > 0 }
}

function timeCuts(period: Period, started: number, boundaries: Boundaries, zone: string): number[] {
  const cuts = new Set<number>()
  for (const minute of boundaries.minutes) {
    for (const at of instantsOfLocalMinute(minute, period.start, period.end, zone)) cuts.add(at)
  }
  if (boundaries.local) for (const at of offsetChanges(period.start, period.end, zone)) cuts.add(at)
  for (const seconds of boundaries.durations) {
    const at = started + seconds * microsPerSecond
    if (at > period.start && at < period.end) cuts.add(at)
  }
  return [...cuts].toSorted((a, b) => a - b)
}

/** Cuts a period where the energy register passes a limit, taking power as even within the period. */
function energyCuts(period: Period, before: Exact, limits: readonly Exact[]): Period[] {
  const { energy } = period
  if (energy === undefined || compareExact(energy, zero) <= 0) return [period]
  const parts: Period[] = []
  let rest = period
  let reached = before
  for (const limit of limits.toSorted(compareExact)) {
    const part = minus(limit, reached)
    const left = rest.energy ?? zero
    if (compareExact(part, zero) <= 0 || compareExact(part, left) >= 0) continue
    const offset = ratioOf(secondsOf(rest.end - rest.start), part, left, 6)
    const micros = Number(times(offset, exactOf(1_000_000)).n / (9n * 10n ** BigInt(offset.s)))
    const [first, second] = cutAt(rest, rest.start + micros)
    // The register decides at a limit of energy, so the first part holds exactly what was missing to it.
    parts.push({ ...first, energy: part })
    rest = { ...second, energy: minus(left, part) }
    reached = limit
  }
  return [...parts, rest]
}

/** The same usage with a period wherever the tariff can change its price; energy and time are shared evenly. */
export function splitPeriods(
  periods: readonly Period[],
  started: number,
  tariff: Tariff,
  zone: string,
): Period[] {
  const boundaries = boundariesOf(tariff)
  const result: Period[] = []
  let energy = zero
  for (const period of periods) {
    let rest = period
    const pieces: Period[] = []
    for (const at of timeCuts(period, started, boundaries, zone)) {
      const [first, second] = cutAt(rest, at)
      pieces.push(first)
      rest = second
    }
    for (const piece of [...pieces, rest]) {
      result.push(...energyCuts(piece, energy, boundaries.energies))
      energy = plus(energy, piece.energy ?? zero)
    }
  }
  return result
}

const text = (value: Exact | undefined) => (value === undefined ? undefined : format(value, 18))

/**
 * The usage with a period wherever the tariff can change its price, as OCPI 2.2.1 §10.4.3 asks of the maker of a CDR.
 * Rating it as given then equals rating the original split at boundaries.
 */
export function splitUsage(
  usage: UsageRecord,
  tariff: Tariff,
  policy: RatingPolicy,
): { ok: true; usage: UsageRecord } | RatingRefusal {
  const read = readPeriods(usage, policy)
  if (!read.ok) return read
  const sources = usage.periods
  let at = 0
  const periods = splitPeriods(read.periods, read.started, tariff, usage.time_zone).map((part) => {
    while (at < sources.length - 1 && part.start >= (read.periods[at]?.end ?? 0)) at++
    const source = sources[at]
    assert(source !== undefined, 'every part lies in a period')
    const energy = text(part.energy)
    const stated = source.time_h !== undefined || source.parking_time_h !== undefined
    const hours = (seconds: Exact | undefined) =>
      seconds === undefined || !stated ? undefined : format(hoursOf(seconds), 18)
    const [time, parking] = [hours(part.charging), hours(part.parking)]
    return {
      ...source,
      start: formatInstant(part.start),
      end: formatInstant(part.end),
      ...(energy === undefined ? {} : { energy_kwh: energy }),
      ...(time === undefined ? {} : { time_h: time }),
      ...(parking === undefined ? {} : { parking_time_h: parking }),
    }
  })
  return { ok: true, usage: { ...usage, periods } }
}
