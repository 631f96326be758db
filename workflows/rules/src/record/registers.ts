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

export interface BillableSeries {
  /** In order of time, growing, the first at the start and the last at the end of the transaction. */
  samples: Register[]
  energyWh: string
  /** Why a person should look at it; what is billed is only what the believed readings show. */
  review: 'register_implausible' | 'register_rebased' | null
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
