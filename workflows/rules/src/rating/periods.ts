/** The periods of a usage record as whole numbers, and their cutting where a price can change. */
import type { UsagePeriod, UsageRecord } from '@chargelane/openapi/vocabulary/usage'
import type { Tariff } from '@chargelane/openapi/vocabulary/tariff'
import { assert } from '../assert.ts'
import { decimalText, divideHalfAway } from '../exact.ts'
import {
  formatInstant,
  instantsOfLocalMinute,
  microsPerSecond,
  minuteOf,
  offsetChanges,
  parseInstant,
} from './clock.ts'
import type { RatingPolicy, RatingRefusal } from './policy.ts'
import { decimalsOf, type Scale, scaled, tenTo } from './scale.ts'

export type Period = {
  start: number
  end: number
  energy: bigint | undefined
  /** Seconds of TIME, PARKING_TIME and RESERVATION_TIME; undefined when the period has none. */
  charging: bigint | undefined
  parking: bigint | undefined
  reserved: bigint | undefined
  minPower: bigint | undefined
  maxPower: bigint | undefined
  minCurrent: bigint | undefined
  maxCurrent: bigint | undefined
  hoursRounded: boolean
}

const quantities = [
  'energy_kwh',
  'time_h',
  'parking_time_h',
  'reservation_time_h',
  'min_power_kw',
  'max_power_kw',
  'min_current_a',
  'max_current_a',
] as const satisfies (keyof UsagePeriod)[]

/** The scale a record asks for. */
export function scaleOfUsage(usage: UsageRecord): Scale {
  for (const period of usage.periods)
    for (const quantity of quantities) {
      const text = period[quantity]
      if (text !== undefined && text.length > 7 && decimalsOf(text) > 6) return 18
    }
  return 6
}

class Reader {
  readonly policy: RatingPolicy
  readonly scale: Scale
  readonly tick: bigint
  /** Half of the last digit of an hour written with four decimals is 0.18 s (OCPI 2.2.1 §10.4.2 volumes). */
  readonly tolerance: bigint

  constructor(policy: RatingPolicy, scale: Scale) {
    this.policy = policy
    this.scale = scale
    this.tick = tenTo(scale - 6)
    this.tolerance = 18n * tenTo(scale - 2)
  }

  number(text: string | undefined): bigint | undefined {
    return text === undefined ? undefined : scaled(text, this.scale)
  }

  period(raw: UsagePeriod, start: number, end: number): Period {
    const length = BigInt(end - start) * this.tick
    const { time_h, parking_time_h, reservation_time_h } = raw
    const period: Period = {
      start,
      end,
      energy: this.number(raw.energy_kwh),
      charging: undefined,
      parking: undefined,
      reserved: undefined,
      minPower: this.number(raw.min_power_kw),
      maxPower: this.number(raw.max_power_kw),
      minCurrent: this.number(raw.min_current_a),
      maxCurrent: this.number(raw.max_current_a),
      hoursRounded: false,
    }
    if ((time_h ?? parking_time_h ?? reservation_time_h) === undefined) {
      if (raw.untimed === true) return period
      if (raw.charging) period.charging = length
      else period.parking = length
      return period
    }
    if (time_h !== undefined) period.charging = this.seconds(time_h, length, period)
    if (parking_time_h !== undefined) period.parking = this.seconds(parking_time_h, length, period)
    if (reservation_time_h !== undefined)
      period.reserved = this.seconds(reservation_time_h, length, period)
    return period
  }

  seconds(hours: string, length: bigint, period: Period): bigint {
    const stated = scaled(hours, this.scale) * 3_600n
    const distance = stated > length ? stated - length : length - stated
    if (stated === 0n || distance === 0n || distance > this.tolerance) return stated
    period.hoursRounded = true
    return this.policy.hours === 'snap_to_period' ? length : stated
  }
}

const isNegative = (value: bigint | undefined) => value !== undefined && value < 0n

const refuse = (path: string, message: string): RatingRefusal => ({
  ok: false,
  code: 'usage_invalid',
  path,
  message,
})

export type ReadPeriods = { ok: true; started: number; periods: Period[] }

/** The periods as numbers; a record whose times do not run forwards is refused. */
export function readPeriods(
  usage: UsageRecord,
  policy: RatingPolicy,
  scale: Scale,
): ReadPeriods | RatingRefusal {
  const started = parseInstant(usage.started_at)
  const ended = parseInstant(usage.ended_at)
  if (started === undefined) return refuse('started_at', 'must be an RFC 3339 instant')
  if (ended === undefined || ended < started)
    return refuse('ended_at', 'must be an RFC 3339 instant not before started_at')
  if (usage.periods.length === 0) return refuse('periods', 'must hold at least one period')
  const reader = new Reader(policy, scale)
  const periods: Period[] = []
  let reached = started
  let reachedText = usage.started_at
  for (const [index, period] of usage.periods.entries()) {
    const start = period.start === reachedText ? reached : parseInstant(period.start)
    const end = parseInstant(period.end)
    if (start === undefined || start < reached)
      return refuse(`periods[${index}].start`, 'must not be before the end of the period above')
    if (end === undefined || end < start || end > ended)
      return refuse(`periods[${index}].end`, 'must lie between its start and ended_at')
    reached = end
    reachedText = period.end
    const read = reader.period(period, start, end)
    if (isNegative(read.charging) || isNegative(read.parking) || isNegative(read.reserved))
      return refuse(`periods[${index}]`, 'must not hold a time below zero')
    periods.push(read)
  }
  return { ok: true, started, periods }
}

// ── Cutting ─────────────────────────────────────────────────────────────────────────────────────────────────────

/** Cutting makes new digits, so it always works at the finer scale. */
export const cutScale = 18
/** Digits of kWh and of seconds a cut keeps; what is left goes to the last part, so the parts sum exactly. */
const energyGrain = tenTo(cutScale - 9)
const secondsGrain = tenTo(cutScale - 6)

function restOf(whole: bigint | undefined, part: bigint | undefined): bigint | undefined {
  return whole === undefined || part === undefined ? undefined : whole - part
}

function cutAt(period: Period, at: number): [Period, Period] {
  const length = BigInt(period.end - period.start)
  const first = BigInt(at - period.start)
  const share = (whole: bigint | undefined, grain: bigint) =>
    whole === undefined ? undefined : divideHalfAway(whole * first, length * grain) * grain
  const energy = share(period.energy, energyGrain)
  const charging = share(period.charging, secondsGrain)
  const parking = share(period.parking, secondsGrain)
  const reserved = share(period.reserved, secondsGrain)
  return [
    { ...period, end: at, energy, charging, parking, reserved },
    {
      ...period,
      start: at,
      energy: restOf(period.energy, energy),
      charging: restOf(period.charging, charging),
      parking: restOf(period.parking, parking),
      reserved: restOf(period.reserved, reserved),
    },
  ]
}

type Boundaries = {
  minutes: number[]
  durations: number[]
  energies: bigint[]
}

/** Where the prices of a tariff can change: minutes of the local day, seconds since the start, kWh delivered. */
function boundariesOf(tariff: Tariff): Boundaries {
  const minutes = new Set<number>()
  const durations = new Set<number>()
  const energies: bigint[] = []
  for (const { restrictions } of tariff.elements) {
    if (restrictions === undefined) continue
    const { start_time, end_time, start_date, end_date, day_of_week } = restrictions
    // A window with one side open begins or ends at midnight.
    if ((start_time ?? end_time) !== undefined)
      for (const time of [start_time, end_time])
        minutes.add(time === undefined ? 0 : minuteOf(time))
    if ((start_date ?? end_date ?? day_of_week) !== undefined) minutes.add(0)
    for (const seconds of [restrictions.min_duration, restrictions.max_duration]) {
      if (seconds !== undefined) durations.add(seconds)
    }
    for (const kwh of [restrictions.min_kwh, restrictions.max_kwh]) {
      if (kwh !== undefined) energies.push(scaled(kwh, cutScale))
    }
  }
  energies.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
  return { minutes: [...minutes], durations: [...durations], energies }
}

function timeCuts(period: Period, started: number, boundaries: Boundaries, zone: string): number[] {
  const cuts = new Set<number>()
  for (const minute of boundaries.minutes) {
    for (const at of instantsOfLocalMinute(minute, period.start, period.end, zone)) cuts.add(at)
  }
  if (boundaries.minutes.length > 0)
    for (const at of offsetChanges(period.start, period.end, zone)) cuts.add(at)
  for (const seconds of boundaries.durations) {
    const at = started + seconds * microsPerSecond
    if (at > period.start && at < period.end) cuts.add(at)
  }
  return [...cuts].toSorted((a, b) => a - b)
}

/** Cuts a period where the energy register passes a limit, taking power as even within the period. */
function energyCuts(period: Period, before: bigint, limits: readonly bigint[]): Period[] {
  const { energy } = period
  if (energy === undefined || energy <= 0n) return [period]
  const parts: Period[] = []
  let rest = period
  let reached = before
  for (const limit of limits) {
    const part = limit - reached
    const left = rest.energy ?? 0n
    if (part <= 0n || part >= left) continue
    const offset = divideHalfAway(BigInt(rest.end - rest.start) * part, left)
    const [first, second] = cutAt(rest, rest.start + Number(offset))
    // The register decides at a limit of energy, so the first part holds exactly what was missing to it.
    parts.push({ ...first, energy: part })
    rest = { ...second, energy: left - part }
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
  let energy = 0n
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
      energy += piece.energy ?? 0n
    }
  }
  return result
}

/** Hours of seconds that were hours before, written with at most eighteen decimals. */
function hoursText(seconds: bigint | undefined): string | undefined {
  return seconds === undefined ? undefined : decimalText(divideHalfAway(seconds, 3_600n), cutScale)
}

/**
 * The usage with a period wherever the tariff can change its price, as OCPI 2.2.1 §10.4.3 asks of the maker of a CDR.
 * Rating it as given then equals rating the original split at boundaries.
 */
export function splitUsage(
  usage: UsageRecord,
  tariff: Tariff,
  policy: RatingPolicy,
): { ok: true; usage: UsageRecord } | RatingRefusal {
  const read = readPeriods(usage, policy, cutScale)
  if (!read.ok) return read
  const sources = usage.periods
  let at = 0
  const periods = splitPeriods(read.periods, read.started, tariff, usage.time_zone).map((part) => {
    while (at < sources.length - 1 && part.start >= (read.periods[at]?.end ?? 0)) at++
    const source = sources[at]
    assert(source !== undefined, 'every part lies in a period')
    const { time_h, parking_time_h, reservation_time_h } = source
    const isStated = (time_h ?? parking_time_h ?? reservation_time_h) !== undefined
    const energy = part.energy === undefined ? undefined : decimalText(part.energy, cutScale)
    const time = isStated ? hoursText(part.charging) : undefined
    const parking = isStated ? hoursText(part.parking) : undefined
    const reserved = isStated ? hoursText(part.reserved) : undefined
    return {
      ...source,
      start: formatInstant(part.start),
      end: formatInstant(part.end),
      ...(energy === undefined ? {} : { energy_kwh: energy }),
      ...(time === undefined ? {} : { time_h: time }),
      ...(parking === undefined ? {} : { parking_time_h: parking }),
      ...(reserved === undefined ? {} : { reservation_time_h: reserved }),
    }
  })
  return { ok: true, usage: { ...usage, periods } }
}
