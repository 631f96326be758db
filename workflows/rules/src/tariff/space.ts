/**
 * Where a tariff has a price: every restriction is an interval on one of seven axes, so an element is a few boxes, and
 * "some situation has no price" or "this element is never reached" are questions about the cover of a region by boxes.
 */
import type { Decimal } from '@chargelane/openapi/vocabulary/money'
import {
  type DayOfWeek,
  type Tariff,
  type TariffRestrictions,
  zDayOfWeek,
} from '@chargelane/openapi/vocabulary/tariff'
import { compareExact, exact, zero } from '../exact.ts'
import { dateOfDays, daysOfText, minuteOf } from '../rating/clock.ts'

export const axes = ['date', 'weekday', 'minute', 'kwh', 'duration', 'power', 'current'] as const
export type Axis = (typeof axes)[number]

/** A stretch of an axis in cells of its grid, the end excluded. */
type Span = readonly [from: number, to: number]
/** One span per axis, in the order of `axes`. */
export type Box = readonly Span[]

const dayMinutes = 1_440

/** Minutes of the day of a restriction; none for the empty window (OCPI 2.2.1 §11.4.6: 00:00 ends the day). */
function windows(r: TariffRestrictions): [number, number][] {
  if (r.start_time === undefined && r.end_time === undefined) return [[0, dayMinutes]]
  const start = r.start_time === undefined ? 0 : minuteOf(r.start_time)
  const given = r.end_time === undefined ? dayMinutes : minuteOf(r.end_time)
  const end = given === 0 ? dayMinutes : given
  if (start === end) return []
  return start < end
    ? [[start, end]]
    : [
        [0, end],
        [start, dayMinutes],
      ]
}

/** Runs of consecutive weekdays, Monday first. */
function weekdayRuns(days: readonly DayOfWeek[] | undefined): [number, number][] {
  if (days === undefined) return [[0, 7]]
  const runs: [number, number][] = []
  for (const [index, day] of zDayOfWeek.options.entries()) {
    if (!days.includes(day)) continue
    const last = runs.at(-1)
    if (last?.[1] === index) last[1] = index + 1
    else runs.push([index, index + 1])
  }
  return runs
}

const measured = {
  kwh: ['min_kwh', 'max_kwh'],
  power: ['min_power', 'max_power'],
  current: ['min_current', 'max_current'],
} as const
type MeasuredKey = (typeof measured)[keyof typeof measured][number]

/**
 * The grid of a tariff: the values at which any of its restrictions begins or ends. Cell n of an axis lies between
 * value n and value n + 1; the last cell has no end.
 */
export type Grid = {
  date: number[]
  duration: number[]
  kwh: Decimal[]
  power: Decimal[]
  current: Decimal[]
}

const ascending = (values: readonly number[]) => [...new Set(values)].toSorted((a, b) => a - b)

function decimals(values: readonly Decimal[]): Decimal[] {
  const sorted = values.toSorted((a, b) => compareExact(exact(a), exact(b)))
  return sorted.filter(
    (value, at) => at === 0 || compareExact(exact(value), exact(sorted[at - 1] ?? '0')) !== 0,
  )
}

/** `fromDay` is the first local day that matters: what ended before it is history, not a gap. */
export function gridOf(tariff: Tariff, fromDay: number): Grid {
  const all = tariff.elements.flatMap(({ restrictions }) => restrictions ?? [])
  const values = (keys: readonly MeasuredKey[]) =>
    decimals(['0', ...all.flatMap((r) => keys.flatMap((key) => positive(r[key])))])
  return {
    date: ascending([
      fromDay,
      ...all
        .flatMap((r) => [r.start_date, r.end_date].filter((date) => date !== undefined))
        .map(daysOfText)
        .filter((day) => day > fromDay),
    ]),
    duration: ascending([
      0,
      ...all.flatMap((r) => [r.min_duration, r.max_duration].filter((it) => it !== undefined)),
    ]),
    kwh: values(measured.kwh),
    power: values(measured.power),
    current: values(measured.current),
  }
}

const positive = (value: Decimal | undefined) =>
  value !== undefined && compareExact(exact(value), zero) > 0 ? [value] : []

/** The cells of [from, to) on a grid of numbers; undefined when it is empty. */
function numberSpan(grid: readonly number[], from: number, to: number | undefined): Span {
  const index = (value: number) => {
    const at = grid.findIndex((it) => it >= value)
    return at < 0 ? grid.length : at
  }
  return [index(from), to === undefined ? grid.length : index(to)]
}

function decimalSpan(grid: readonly Decimal[], from: Decimal | undefined, to: Decimal | undefined) {
  const index = (value: Decimal) => {
    const at = grid.findIndex((it) => compareExact(exact(it), exact(value)) >= 0)
    return at < 0 ? grid.length : at
  }
  return [from === undefined ? 0 : index(from), to === undefined ? grid.length : index(to)] as const
}

/** Everything that can happen from the grid's first day on. */
export function everything(grid: Grid): Box {
  return [
    [0, grid.date.length],
    [0, 7],
    [0, dayMinutes],
    [0, grid.kwh.length],
    [0, grid.duration.length],
    [0, grid.power.length],
    [0, grid.current.length],
  ]
}

/** The situations in which restrictions hold, as boxes that do not touch each other; none when they never hold. */
export function boxesOf(r: TariffRestrictions | undefined, grid: Grid): Box[] {
  if (r === undefined) return [everything(grid)]
  const date = numberSpan(
    grid.date,
    r.start_date === undefined ? Number.NEGATIVE_INFINITY : daysOfText(r.start_date),
    r.end_date === undefined ? undefined : daysOfText(r.end_date),
  )
  const rest: Span[] = [
    decimalSpan(grid.kwh, r.min_kwh, r.max_kwh),
    numberSpan(grid.duration, r.min_duration ?? 0, r.max_duration),
    decimalSpan(grid.power, r.min_power, r.max_power),
    decimalSpan(grid.current, r.min_current, r.max_current),
  ]
  if ([date, ...rest].some(([from, to]) => from >= to)) return []
  return weekdayRuns(r.day_of_week).flatMap((days) =>
    windows(r).map((window): Box => [date, days, window, ...rest]),
  )
}

/** Boxes that may still be looked at before the search is given up: far more than a tariff written by people needs. */
export type Budget = { steps: number }
export const newBudget = (): Budget => ({ steps: 3_000_000 })

/**
 * The parts of a region that no box covers, at most `limit` of them, each a box of its own; undefined for a tariff so
 * entangled that the question cannot be answered within the budget.
 */
export function uncovered(
  boxes: readonly Box[],
  region: Box,
  budget: Budget,
  limit = 5,
): Box[] | undefined {
  const found: Box[] = []
  const near = boxes.filter((box) => overlap(box, region) !== undefined)
  budget.steps -= boxes.length
  search(near, region, 0, found, limit, budget)
  return budget.steps < 0 ? undefined : found
}

const spanAt = (box: Box, axis: number): Span => box[axis] ?? [0, 0]

function covers(box: Box, region: Box, from: number): boolean {
  for (let axis = from; axis < axes.length; axis++) {
    const [low, high] = spanAt(box, axis)
    const [start, end] = spanAt(region, axis)
    if (low > start || high < end) return false
  }
  return true
}

function search(
  boxes: readonly Box[],
  region: Box,
  axis: number,
  found: Box[],
  limit: number,
  budget: Budget,
): void {
  if (found.length >= limit || budget.steps < 0) return
  if (boxes.length === 0) {
    found.push(region)
    return
  }
  if (boxes.some((box) => covers(box, region, axis))) return
  budget.steps -= boxes.length
  const [start, end] = spanAt(region, axis)
  const cuts = ascending([
    start,
    end,
    ...boxes.flatMap((box) => spanAt(box, axis).filter((cut) => cut > start && cut < end)),
  ])
  const over = (cut: number) => {
    budget.steps -= boxes.length
    return boxes.filter((box) => spanAt(box, axis)[0] <= cut && spanAt(box, axis)[1] > cut)
  }
  let at = 0
  while (at + 1 < cuts.length && budget.steps >= 0) {
    const from = cuts[at] ?? start
    const here = over(from)
    // Neighbours under the same boxes are one stretch: what is reported reads like the operator thinks.
    let next = at + 1
    while (next + 1 < cuts.length && budget.steps >= 0 && same(here, over(cuts[next] ?? end)))
      next++
    const part = region.with(axis, [from, cuts[next] ?? end])
    search(here, part, axis + 1, found, limit, budget)
    at = next
  }
}

const same = (a: readonly Box[], b: readonly Box[]) =>
  a.length === b.length && a.every((box, at) => box === b[at])

/** The part two boxes share; undefined when they are apart. */
export function overlap(a: Box, b: Box): Box | undefined {
  const shared: Span[] = []
  for (let axis = 0; axis < axes.length; axis++) {
    const [low, high] = spanAt(a, axis)
    const [start, end] = spanAt(b, axis)
    const span: Span = [Math.max(low, start), Math.min(high, end)]
    if (span[0] >= span[1]) return undefined
    shared.push(span)
  }
  return shared
}

/** The first local day of a box, as days since 1970. */
export function firstDay(box: Box, grid: Grid): number {
  return grid.date[spanAt(box, 0)[0]] ?? 0
}

const optional = <K extends string, V>(key: K, value: V | undefined): { [k in K]?: V } =>
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a computed key of one name
  (value === undefined ? {} : { [key]: value }) as { [k in K]?: V }

/** A region as the restrictions that hold in it; `{}` is everything. */
export function restrictionsOf(box: Box, grid: Grid): TariffRestrictions {
  const [date, weekday, minute] = [spanAt(box, 0), spanAt(box, 1), spanAt(box, 2)]
  const bounds = <T>(axis: number, values: readonly T[]) => {
    const [from, to] = spanAt(box, axis)
    return { least: from === 0 ? undefined : values[from], below: values[to] }
  }
  const [kwh, duration, power, current] = [
    bounds(3, grid.kwh),
    bounds(4, grid.duration),
    bounds(5, grid.power),
    bounds(6, grid.current),
  ]
  const isDay = minute[0] === 0 && minute[1] === dayMinutes
  const day = (at: number) => (at === 0 ? undefined : grid.date[at])
  const [startDay, endDay] = [day(date[0]), grid.date[date[1]]]
  return {
    ...(isDay ? {} : { start_time: clock(minute[0]), end_time: clock(minute[1] % dayMinutes) }),
    ...(weekday[1] - weekday[0] === 7
      ? {}
      : { day_of_week: zDayOfWeek.options.slice(weekday[0], weekday[1]) }),
    ...optional('start_date', startDay === undefined ? undefined : dateText(startDay)),
    ...optional('end_date', endDay === undefined ? undefined : dateText(endDay)),
    ...optional('min_kwh', kwh.least),
    ...optional('max_kwh', kwh.below),
    ...optional('min_duration', duration.least),
    ...optional('max_duration', duration.below),
    ...optional('min_power', power.least),
    ...optional('max_power', power.below),
    ...optional('min_current', current.least),
    ...optional('max_current', current.below),
  }
}

// ── In words ────────────────────────────────────────────────────────────────────────────────────────────────────

const two = (value: number) => String(value).padStart(2, '0')
const clock = (minute: number) => `${two(Math.floor(minute / 60))}:${two(minute % 60)}`
const dayNames = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']

function dateText(days: number): string {
  const { year, month, day } = dateOfDays(days)
  return `${year}-${two(month)}-${two(day)}`
}

function range(from: string | undefined, to: string | undefined, unit = ''): string {
  if (from === undefined) return `below ${to}${unit}`
  return to === undefined ? `from ${from}${unit}` : `from ${from} to ${to}${unit}`
}

/** A region as an operator would say it: "22:00 to 06:00, Sat to Sun, from 10 kWh"; "always" without bounds. */
export function describe(box: Box, grid: Grid): string {
  const [date, weekday, minute] = [spanAt(box, 0), spanAt(box, 1), spanAt(box, 2)]
  const values = { kwh: 3, duration: 4, power: 5, current: 6 } as const
  const parts: string[] = []
  const bounds = (axis: keyof typeof values) => {
    const [from, to] = spanAt(box, values[axis])
    const texts = grid[axis].map(String)
    return { from: from === 0 ? undefined : texts[from], to: texts[to] }
  }
  if (minute[0] > 0 || minute[1] < dayMinutes)
    parts.push(`${clock(minute[0])} to ${clock(minute[1])}`)
  if (weekday[1] - weekday[0] === 1) parts.push(dayNames[weekday[0]] ?? '')
  else if (weekday[0] > 0 || weekday[1] < 7)
    parts.push(`${dayNames[weekday[0]]} to ${dayNames[weekday[1] - 1]}`)
  if (date[0] > 0 || date[1] < grid.date.length) {
    const until = grid.date[date[1]]
    const from = date[0] === 0 ? undefined : dateText(grid.date[date[0]] ?? 0)
    parts.push(
      from === undefined
        ? `before ${dateText(until ?? 0)}`
        : range(from, until === undefined ? undefined : dateText(until)),
    )
  }
  for (const [axis, unit] of [
    ['kwh', ' kWh'],
    ['duration', ' s'],
    ['power', ' kW'],
    ['current', ' A'],
  ] as const) {
    const { from, to } = bounds(axis)
    if (from !== undefined || to !== undefined) parts.push(range(from, to, unit))
  }
  return parts.length === 0 ? 'always' : parts.join(', ')
}
