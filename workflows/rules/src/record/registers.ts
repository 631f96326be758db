import { compareExact, exact, exactOf, format, minus, plus, times, type Exact } from '../exact.ts'
import { parseInstant } from '../rating/clock.ts'

// What a register may do: never run backwards, never faster than the connector's power allows (failures F30).

export interface Register {
  at: string
  /** Wh as a decimal. */
  registerWh: string
  context?: string
  powerW?: number | null
  /** Said where the register cannot tell whether the car was drawing power from here on. */
  charging?: boolean
  /** By which protocol it came: over OCPI it is the operator's word, which is corrected and never begins anew. */
  source?: 'ocpp' | 'ocpi'
}

export interface PowerLimit {
  maxPowerW: number
  /** Added to the time between two readings before their difference counts as impossible. */
  slackMs: number
}

/** For a connector whose rating nobody stated: no charger sold today gives more. */
export const unknownMaxPowerW = 400_000

/** Registers that count whole kWh jump by one at a time, whatever the power. */
const resolutionWh = exactOf(1_000)

export type Implausible = 'backwards' | 'jump'

export function implausibility(
  before: Register,
  after: Register,
  limit: PowerLimit,
): Implausible | undefined {
  const grown = minus(exact(after.registerWh), exact(before.registerWh))
  if (compareExact(grown, exactOf(0)) < 0) return 'backwards'
  return compareExact(grown, mostWh(before.at, after.at, limit)) > 0 ? 'jump' : undefined
}

/** 110 % of the rated power: ratings are nominal, and cold cables give a bit more. */
export const believedPowerW = (maxPowerW: number): number => Math.ceil(maxPowerW * 1.1)

/** What a connector may have given over the time between, in Wh. */
export function mostWh(from: string, to: string, limit: PowerLimit): Exact {
  const micros = (parseInstant(to) ?? 0) - (parseInstant(from) ?? 0)
  const ms = Math.max(0, micros / 1_000) + limit.slackMs
  return plus(exactOf(Math.ceil((believedPowerW(limit.maxPowerW) * ms) / 3_600_000)), resolutionWh)
}

/**
 * The register in Wh, where it was told in kWh and the other shows it: as it stands no meter can get from one to the
 * other, and a thousand times as much it can. Undefined where it is Wh already, or nothing shows that it is not.
 */
export function kilowattHoursOf(
  register: Register,
  other: Register,
  limit: PowerLimit,
): Register | undefined {
  const wh = format(times(exact(register.registerWh), exactOf(1_000)))
  const scaled = { ...register, registerWh: wh }
  const pair = (each: Register) =>
    each.at <= other.at ? ([each, other] as const) : ([other, each] as const)
  const isWrong = implausibility(...pair(register), limit) !== undefined
  return isWrong && implausibility(...pair(scaled), limit) === undefined ? scaled : undefined
}

/** The register in Wh, where Wh were told as kWh: the mirror of `kilowattHoursOf`, for a reading that came far too far. */
export function wattHoursOf(
  before: Register,
  reading: Register,
  limit: PowerLimit,
): Register | undefined {
  const most = mostWh(before.at, reading.at, limit)
  // Next to a small register any other would do; next to one of a meter's life only the right one does.
  const isClear = compareExact(times(most, exactOf(10)), exact(before.registerWh)) <= 0
  if (!isClear || implausibility(before, reading, limit) !== 'jump') return undefined
  const registerWh = format(times(exact(reading.registerWh), exactOf(1, 3)))
  const scaled = { ...reading, registerWh }
  return implausibility(before, scaled, limit) === undefined ? scaled : undefined
}

/** Where counters begin anew, in Wh: after three to seven digits of kWh, or after 24, 31 or 32 bits of Wh or of a tenth of it. */
const ranges = [
  ...[6, 7, 8, 9, 10].map((digits) => exact(`1${'0'.repeat(digits)}`)),
  ...[2 ** 24, 2 ** 31, 2 ** 32].flatMap((wh) => [exactOf(wh), exactOf(wh, 1)]),
]

/**
 * The register as a counter with more digits would show it, where it began anew since the one before: the way round the
 * end of its range is what the connector can have given, and less than a hundredth of the range, so that no other fall
 * looks like it. `first` is the session's first register. Undefined where the evidence is not clear.
 */
export function rolledOver(
  before: Register,
  after: Register,
  limit: PowerLimit,
  first: Register = before,
): Register | undefined {
  const most = mostWh(before.at, after.at, limit)
  const [from, to, begin] = [before, after, first].map(({ registerWh }) => exact(registerWh))
  if (from === undefined || to === undefined || begin === undefined || to.n < 0n) return undefined
  const fitting = ranges.flatMap((range) => {
    // No counter shows its range or more.
    const isPossible = compareExact(to, range) < 0 && compareExact(begin, range) < 0
    if (!isPossible || compareExact(times(most, exactOf(100)), range) > 0) return []
    const round = plus(to, range)
    const isAhead = compareExact(round, from) >= 0
    return isAhead && compareExact(minus(round, from), most) <= 0 ? [format(round)] : []
  })
  const [registerWh, ...others] = new Set(fitting)
  return registerWh === undefined || others.length > 0 ? undefined : { ...after, registerWh }
}

/** Of the end of a count that began anew: its register is no measure of the readings before. */
export const begunAnewFlag = 'begun_anew'

/** A count that fell and went on from there: as one count, and whether the readings leave no doubt of it. */
export interface BegunAnew<R extends Register> {
  readings: R[]
  isClear: boolean
}

const growthOf = (from: Register, to: Register): Exact =>
  minus(exact(to.registerWh), exact(from.registerWh))

/** Readings from one fall to the next; undefined where one of them is no count that began at nothing. */
function runsOf<R extends Register>(readings: readonly R[], limit: PowerLimit): R[][] | undefined {
  if (readings.some(({ source }) => source === 'ocpi')) return undefined
  const runs: R[][] = []
  let last: R | undefined
  for (const reading of readings) {
    const doubt = last && implausibility(last, reading, limit)
    if (doubt === 'jump') return undefined
    if (last !== undefined && doubt === 'backwards') {
      // From nothing: what it shows by now was given since the reading before.
      const since = { at: last.at, registerWh: '0' }
      if (implausibility(since, reading, limit) !== undefined) return undefined
    }
    if (doubt === undefined && last !== undefined) runs.at(-1)?.push(reading)
    else runs.push([reading])
    last = reading
  }
  return runs.length > 1 ? runs : undefined
}

const isSampled = ({ context = '' }: Register) => !context.startsWith('Transaction.')

/**
 * Readings in order of time whose register began anew at nothing in between, as a counter that lost its count does, lifted
 * onto one count. One reading may be a fault of its own: it is clear where two or more before the fall stood above it, and
 * two samples or more, the last reading apart, grow below them. Undefined where it did not begin anew.
 */
export function begunAnew<R extends Register>(
  readings: readonly R[],
  limit: PowerLimit,
): BegunAnew<R> | undefined {
  const runs = runsOf(readings, limit)
  if (runs === undefined) return undefined
  const end = readings.at(-1)?.at ?? ''
  const lifted: R[] = []
  let offset = exactOf(0)
  let isClear = true
  for (const [n, run] of runs.entries()) {
    const before = runs[n - 1]
    const [stood, fallen] = [before?.at(-1), run[0]]
    if (before !== undefined && stood !== undefined && fallen !== undefined) {
      offset = plus(offset, exact(stood.registerWh))
      const low = run.filter(
        (each) =>
          isSampled(each) && each.at < end && compareExact(growthOf(each, stood), exactOf(0)) > 0,
      )
      const [first, last] = [low[0], low.at(-1)]
      const grows =
        first !== undefined &&
        last !== undefined &&
        compareExact(growthOf(first, last), exactOf(0)) > 0
      const high = before.filter((each) => compareExact(growthOf(fallen, each), exactOf(0)) > 0)
      isClear &&= grows && new Set(high.map(({ at }) => at)).size > 1
    }
    for (const each of run)
      lifted.push({ ...each, registerWh: format(plus(offset, exact(each.registerWh))) })
  }
  return { readings: lifted, isClear }
}

export interface BillableSeries {
  /** In order of time, growing, the first at the start and the last at the end of the transaction. */
  samples: Register[]
  energyWh: string
  /** Why a person should look at it; what is billed is only what the believed readings show. */
  review: 'register_implausible' | 'register_rebased' | 'register_begun_anew' | null
  /** What is not billed, and was given if the register began anew where it fell. Wh. */
  doubtedWh?: string
}

/**
 * The readings a transaction is billed by. The registers of start and stop are one pair and count first; when the
 * stop cannot follow from the start (a zero baseline, a register relative to the session, a reset), the readings
 * between are compared among themselves, because only readings of one source may be subtracted (quirks 8 and 9).
 */
export function billableSeries(
  start: Register,
  between: readonly Register[],
  stop: Register,
  limit: PowerLimit,
): BillableSeries {
  const ordered = between
    .filter((each) => each.at >= start.at && each.at <= stop.at)
    .toSorted((a, b) => (a.at === b.at ? contextRank(a) - contextRank(b) : a.at < b.at ? -1 : 1))
  const anew = begunAnew([start, ...ordered, stop], limit)
  if (anew?.isClear === true) return series(anew.readings, start, stop, 'register_begun_anew')
  const believed = believedSeries(start, ordered, stop, limit)
  const [first, last] = [anew?.readings[0], anew?.readings.at(-1)]
  if (first === undefined || last === undefined) return believed
  const doubted = minus(growthOf(first, last), exact(believed.energyWh))
  return compareExact(doubted, exactOf(0)) > 0
    ? { ...believed, doubtedWh: format(doubted) }
    : believed
}

function believedSeries(
  start: Register,
  ordered: readonly Register[],
  stop: Register,
  limit: PowerLimit,
): BillableSeries {
  const own = chain([start, ...ordered], limit, stop)
  if (own.includes(stop)) return series(own, start, stop, null)
  // The begin has been heard as the start: where it is the one that is wrong, the others go by themselves.
  const later = ordered.filter(({ context }) => context !== 'Transaction.Begin')
  const others = later.length === 0 ? [] : chain([...later, stop], limit)
  if (others.length > own.length) return series(others, start, stop, 'register_rebased')
  return series(own, start, stop, 'register_implausible')
}

/**
 * Readings that each can follow from the one before; those that cannot are left out. With `end` given, a reading
 * from which the end cannot follow is no guide either, however well it follows from the start.
 */
function chain(readings: readonly Register[], limit: PowerLimit, end?: Register): Register[] {
  const believed: Register[] = []
  const [first] = readings
  const endFits = first !== undefined && end !== undefined && !implausibility(first, end, limit)
  for (const reading of readings) {
    const last = believed.at(-1)
    if (last !== undefined && implausibility(last, reading, limit) !== undefined) continue
    if (endFits && implausibility(reading, end, limit) !== undefined) continue
    believed.push(reading)
  }
  if (endFits) believed.push(end)
  return believed
}

function series(
  believed: readonly Register[],
  start: Register,
  stop: Register,
  review: BillableSeries['review'],
): BillableSeries {
  const first = believed[0] ?? start
  const last = believed.at(-1) ?? first
  const inner = believed.filter((each) => each.at > start.at && each.at < stop.at)
  // What happened after the last believed reading is not known; it is not held against the driver as idling.
  const unknownFrom = review === 'register_implausible' ? (inner.at(-1) ?? start) : undefined
  // Nor is the time before the first, where the register of the start is the one that is wrong.
  const isLater = review === 'register_rebased' && first.at > start.at
  const opening = { ...first, at: start.at, ...(isLater ? { charging: true } : {}) }
  return {
    samples: [opening, ...inner, { ...last, at: stop.at, powerW: 0 }].map((each) =>
      each.at === unknownFrom?.at ? { ...each, charging: true } : each,
    ),
    energyWh: format(minus(exact(last.registerWh), exact(first.registerWh))),
    review,
  }
}

/** OCPP 1.6 §7.35 ReadingContext: of readings at one instant the beginning comes first and the end last. */
function contextRank({ context }: Register): number {
  if (context === 'Transaction.Begin') return 0
  return context === 'Transaction.End' ? 2 : 1
}
