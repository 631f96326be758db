/** Usage records from what supply delivers: register samples of our own node, or an OCPI CDR. */
import type { Decimal } from '@chargelane/openapi/vocabulary/money'
import type { Tariff } from '@chargelane/openapi/vocabulary/tariff'
import type { UsagePeriod, UsageRecord } from '@chargelane/openapi/vocabulary/usage'
import {
  compareExact,
  exact,
  exactOf,
  type Exact,
  format,
  minus,
  plus,
  times,
  zero,
} from '../exact.ts'
import { formatInstant, isTimeZone, microsPerSecond, parseInstant } from './clock.ts'
import { splitUsage } from './periods.ts'
import { ocpiPolicy } from './policy.ts'
import { decimalText, isObject, type OcpiVersion, type Problem } from './tariff.ts'

export type UsageResult = { ok: true; usage: UsageRecord } | { ok: false; problems: Problem[] }

const refused = (path: string, rule: string, message: string): UsageResult => ({
  ok: false,
  problems: [{ path, rule, message }],
})

// ── From the meter ──────────────────────────────────────────────────────────────────────────────────────────────

/** One reading of the energy register, and whether the car was drawing power from here on. */
export type MeterSample = {
  at: string
  /** The register in Wh; tenths and smaller are kept. */
  energy_wh: Decimal
  /** Power drawn at this instant, when the charger measures it. */
  power_w?: Decimal
  /** What the charger itself says; without it a stretch is charging when its energy grew or power was drawn. */
  charging?: boolean
}

export type MeterInput = {
  /** In order of time; the first is the start of the session and the last its end. */
  samples: readonly MeterSample[]
  timeZone: string
  /** A period ends at a change of state and at the first sample this many seconds after its start. Default 900. */
  periodS?: number
  /** Also ends a period wherever this tariff can change its price, as OCPI 2.2.1 §10.4.3 asks of a CDR. */
  tariff?: Tariff
}

type Reading = { at: number; wh: Exact; power: Exact | undefined; charging: boolean | undefined }

function readSamples(samples: readonly MeterSample[]): Reading[] | Problem {
  const readings: Reading[] = []
  for (const [index, sample] of samples.entries()) {
    const path = `samples[${index}].`
    const at = parseInstant(sample.at)
    const wh = decimalText(sample.energy_wh)
    const last = readings.at(-1)
    if (at === undefined)
      return { path: `${path}at`, rule: 'date_time', message: 'must be an RFC 3339 instant' }
    if (wh === undefined)
      return { path: `${path}energy_wh`, rule: 'number', message: 'must be a decimal number of Wh' }
    if (last !== undefined && at < last.at)
      return { path: `${path}at`, rule: 'order', message: 'must not be before the sample above' }
    const value = exact(wh)
    // A register that runs backwards was reset or replaced: what lies between cannot be known, so it is not guessed.
    if (last !== undefined && compareExact(value, last.wh) < 0)
      return {
        path: `${path}energy_wh`,
        rule: 'register_fell',
        message: 'the register ran backwards',
      }
    const power = sample.power_w === undefined ? undefined : decimalText(sample.power_w)
    const reading = {
      at,
      wh: value,
      power: power === undefined ? undefined : exact(power),
      charging: sample.charging,
    }
    // Two readings of one instant are one: the later is the fresher.
    if (last?.at === at) readings[readings.length - 1] = reading
    else readings.push(reading)
  }
  return readings
}

const perThousand = exactOf(1, 3)

function meterPeriod(readings: readonly Reading[], charging: boolean): UsagePeriod | undefined {
  const first = readings[0]
  const last = readings.at(-1)
  if (first === undefined || last === undefined || first === last) return undefined
  const period: UsagePeriod = {
    start: formatInstant(first.at),
    end: formatInstant(last.at),
    charging,
  }
  // An idle stretch without energy states none, so that the last energy price stays that of the charging before it.
  const wh = minus(last.wh, first.wh)
  if (charging || compareExact(wh, zero) > 0) period.energy_kwh = format(times(wh, perThousand), 18)
  const powers = readings.slice(0, -1).flatMap((reading) => reading.power ?? [])
  if (powers.length > 0) {
    const ordered = powers.toSorted(compareExact)
    period.min_power_kw = format(times(ordered[0] ?? zero, perThousand), 18)
    period.max_power_kw = format(times(ordered.at(-1) ?? zero, perThousand), 18)
  }
  return period
}

/**
 * Whether each interval between readings is charging. The register counts in whole steps, so a short stretch without
 * growth proves no pause: unless the charger says otherwise, less than a minute of it stays charging.
 */
const pauseSeconds = 60

function statesOf(readings: readonly Reading[]): boolean[] {
  const states: boolean[] = []
  const stated: boolean[] = []
  for (const [index, here] of readings.slice(0, -1).entries()) {
    const grew = compareExact(readings[index + 1]?.wh ?? here.wh, here.wh) > 0
    const draws = here.power !== undefined && compareExact(here.power, zero) > 0
    states.push(here.charging ?? (grew || draws))
    stated.push(here.charging !== undefined)
  }
  let from = 0
  while (from < states.length) {
    let to = from
    while (to < states.length && !states[to]) to++
    const length = (readings[to]?.at ?? 0) - (readings[from]?.at ?? 0)
    const bridged = states[from - 1] === true && length < pauseSeconds * microsPerSecond
    if (bridged && !stated.slice(from, to).includes(true)) states.fill(true, from, to)
    from = to + 1
  }
  return states
}

function meterPeriods(readings: readonly Reading[], longest: number): UsagePeriod[] {
  const periods: UsagePeriod[] = []
  const states = statesOf(readings)
  let from = 0
  const close = (to: number) => {
    const period = meterPeriod(readings.slice(from, to + 1), states[from] ?? false)
    if (period !== undefined) periods.push(period)
    from = to
  }
  for (let at = 1; at < states.length; at++) {
    const length = (readings[at]?.at ?? 0) - (readings[from]?.at ?? 0)
    if (states[at] !== states[from] || length >= longest) close(at)
  }
  close(readings.length - 1)
  return periods
}

/** Usage from the register of our own charger; energy is the difference of readings, so the periods sum exactly. */
export function usageFromMeter(input: MeterInput): UsageResult {
  if (!isTimeZone(input.timeZone)) return refused('timeZone', 'time_zone', 'must be an IANA zone')
  const readings = readSamples(input.samples)
  if (!Array.isArray(readings)) return { ok: false, problems: [readings] }
  const first = readings[0]
  const last = readings.at(-1)
  if (first === undefined || last === undefined || readings.length < 2)
    return refused('samples', 'too_few', 'a session needs a first and a last reading')
  const usage: UsageRecord = {
    started_at: formatInstant(first.at),
    ended_at: formatInstant(last.at),
    time_zone: input.timeZone,
    periods: meterPeriods(readings, (input.periodS ?? 900) * microsPerSecond),
  }
  if (input.tariff === undefined) return { ok: true, usage }
  const split = splitUsage(usage, input.tariff, ocpiPolicy)
  return split.ok ? split : refused(split.path, split.code, split.message)
}

// ── From a CDR ──────────────────────────────────────────────────────────────────────────────────────────────────

/** OCPI 2.2.1 §10.4.1 CdrDimensionType, those that price or restrict; the others stay in the raw record. */
const dimensionFields = {
  ENERGY: 'energy_kwh',
  TIME: 'time_h',
  PARKING_TIME: 'parking_time_h',
  RESERVATION_TIME: 'reservation_time_h',
  // OCPI 2.3.0 bookings: the same time, of a reservation that ran out.
  RESERVATION_EXPIRES: 'reservation_time_h',
  MIN_POWER: 'min_power_kw',
  MAX_POWER: 'max_power_kw',
  MIN_CURRENT: 'min_current_a',
  MAX_CURRENT: 'max_current_a',
} as const satisfies Record<string, keyof UsagePeriod>

type DimensionField = (typeof dimensionFields)[keyof typeof dimensionFields]

function isPricing(type: unknown): type is keyof typeof dimensionFields {
  return typeof type === 'string' && Object.hasOwn(dimensionFields, type)
}

function readDimensions(
  raw: unknown,
  path: string,
): { volumes: Partial<Record<DimensionField, Decimal>> } | Problem {
  const volumes: Partial<Record<DimensionField, Decimal>> = {}
  if (!Array.isArray(raw)) return { path, rule: 'list', message: 'must be a list' }
  for (const [index, dimension] of raw.entries()) {
    if (!isObject(dimension) || !isPricing(dimension['type'])) continue
    const volume = decimalText(dimension['volume'])
    if (volume === undefined)
      return {
        path: `${path}[${index}].volume`,
        rule: 'number',
        message: 'must be a finite number of at most 15 integer and 18 fraction digits',
      }
    const field = dimensionFields[dimension['type']]
    const earlier = volumes[field]
    if (earlier !== undefined && (field === 'energy_kwh' || field.endsWith('time_h')))
      volumes[field] = format(plus(exact(earlier), exact(volume)), 18)
    else volumes[field] = volume
  }
  return { volumes }
}

const instant = (value: unknown) => (typeof value === 'string' ? parseInstant(value) : undefined)

/** The fields of one period; a time the record does not state is none, so that only what it proves is charged (F41). */
function statedTimes(volumes: Partial<Record<DimensionField, Decimal>>) {
  const { time_h, parking_time_h, reservation_time_h } = volumes
  const isUnsaid = (time_h ?? parking_time_h ?? reservation_time_h) === undefined
  const isCharging = time_h !== undefined || (parking_time_h ?? reservation_time_h) === undefined
  return { charging: isCharging, ...(isUnsaid ? { untimed: true as const } : {}), ...volumes }
}

function hasExpired(periods: readonly unknown[]): boolean {
  return periods.some(
    (period) =>
      isObject(period) &&
      Array.isArray(period['dimensions']) &&
      period['dimensions'].some(
        (dimension: unknown) => isObject(dimension) && dimension['type'] === 'RESERVATION_EXPIRES',
      ),
  )
}

/**
 * Usage of a parsed CDR of OCPI 2.1.1, 2.2.1 or 2.3.0; a period lasts until the next one starts (2.2.1 §10.4.3), the
 * last until the end. 2.1.1 calls that end `stop_date_time`.
 */
export function usageFromCdr(cdr: unknown, timeZone: string, version?: OcpiVersion): UsageResult {
  if (!isTimeZone(timeZone)) return refused('timeZone', 'time_zone', 'must be an IANA zone')
  if (!isObject(cdr)) return refused('', 'object', 'a CDR must be an object')
  const started = instant(cdr['start_date_time'])
  const endField =
    version === '2.1.1' || (version === undefined && cdr['end_date_time'] === undefined)
      ? 'stop_date_time'
      : 'end_date_time'
  const ended = instant(cdr[endField])
  const message = 'must be an RFC 3339 date and time'
  if (started === undefined) return refused('start_date_time', 'date_time', message)
  if (ended === undefined) return refused(endField, 'date_time', message)
  if (ended < started) return refused(endField, 'order', 'must not be before the start')
  const raw = cdr['charging_periods']
  if (!Array.isArray(raw) || raw.length === 0)
    return refused('charging_periods', 'missing', 'a CDR needs at least one charging period')
  const starts: number[] = []
  for (const [index, period] of raw.entries()) {
    const at = isObject(period) ? instant(period['start_date_time']) : undefined
    const path = `charging_periods[${index}].start_date_time`
    if (at === undefined) return refused(path, 'date_time', message)
    if (at < (starts.at(-1) ?? started) || at > ended)
      return refused(path, 'order', 'must lie in order between start and end of the session')
    starts.push(at)
  }
  const periods: UsagePeriod[] = []
  for (const [index, period] of raw.entries()) {
    const read = readDimensions(
      isObject(period) ? period['dimensions'] : undefined,
      `charging_periods[${index}].dimensions`,
    )
    if (!('volumes' in read)) return { ok: false, problems: [read] }
    periods.push({
      start: formatInstant(starts[index] ?? started),
      end: formatInstant(starts[index + 1] ?? ended),
      ...statedTimes(read.volumes),
    })
  }
  return {
    ok: true,
    usage: {
      started_at: formatInstant(started),
      ended_at: formatInstant(ended),
      time_zone: timeZone,
      periods,
      ...(hasExpired(raw) ? { reservation_expired: true as const } : {}),
    },
  }
}

/**
 * Usage of a parsed OCPI Session object (2.2.1 §9.3.1), for the cost so far: a running one lasts until `last_updated`,
 * and one without charging periods is a single stretch of its `kwh` that states no time.
 */
export function usageFromSession(
  session: unknown,
  timeZone: string,
  version?: OcpiVersion,
): UsageResult {
  if (!isObject(session)) return refused('', 'object', 'a session must be an object')
  const start = session['start_date_time'] ?? session['start_datetime']
  const end = session['end_date_time'] ?? session['end_datetime'] ?? session['last_updated']
  const periods = session['charging_periods']
  const whole = [
    { start_date_time: start, dimensions: [{ type: 'ENERGY', volume: session['kwh'] }] },
  ]
  const isWhole = !Array.isArray(periods) || periods.length === 0
  const usage = usageFromCdr(
    {
      start_date_time: start,
      [version === '2.1.1' ? 'stop_date_time' : 'end_date_time']: end,
      charging_periods: isWhole ? whole : periods,
    },
    timeZone,
    version,
  )
  if (usage.ok || !isWhole) return usage
  // The one period was made of `kwh`: a fault in it is named there.
  const problems = usage.problems.map((problem) =>
    problem.path.endsWith('.volume') ? { ...problem, path: 'kwh' } : problem,
  )
  return { ok: false, problems }
}

/** Energy of the whole record in kWh, exact. */
export function energyOf(usage: UsageRecord): Decimal {
  return format(
    usage.periods.reduce((total, period) => plus(total, exact(period.energy_kwh ?? '0')), zero),
    18,
  )
}
