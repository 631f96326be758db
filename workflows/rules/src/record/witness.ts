/**
 * What a session's readings are worth against its record (decision 0020). Only who read the meter apart from the record's
 * author is a witness: our own node. What a CPO told while it charged is the same voice, earlier.
 */
import type { Tariff } from '@chargelane/openapi/vocabulary/tariff'
import type { UsageRecord } from '@chargelane/openapi/vocabulary/usage'
import { exact, exactOf, format, minus, plus, times } from '../exact.ts'
import { microsPerSecond, parseInstant } from '../rating/clock.ts'
import { usageFromMeter } from '../rating/usage.ts'
import type { CheckInput } from './public-price.ts'
import { begunAnew, begunAnewFlag, mostWh, type PowerLimit } from './registers.ts'

/** A believed reading of the energy register; `node`: our own node read it, `peer`: the CPO told it. */
export type BelievedReading = {
  at: string
  registerWh: string
  powerW: number | null
  by: 'node' | 'peer'
}

/** A reading as it was kept; a flag says that it cannot be. */
export type KeptReading = {
  at: string
  registerWh: string | null
  powerW: number | null
  flag: string | null
  source: 'ocpp' | 'ocpi'
  context?: string
}

/** Flags of readings that a counter which began anew leaves behind. */
const anewFlags = new Set<string | null>([null, 'backwards', begunAnewFlag])

/** Our node's readings as one count, where it is clear that the register began anew. */
function asOneCount(rows: readonly KeptReading[], limit: PowerLimit): KeptReading[] | undefined {
  const read = rows.flatMap(({ registerWh, ...row }) =>
    registerWh === null || row.source !== 'ocpp' || row.flag === 'after_stop'
      ? []
      : [{ ...row, registerWh }],
  )
  if (!read.every(({ flag }) => anewFlags.has(flag))) return undefined
  const anew = begunAnew(read, limit)
  return anew?.isClear === true ? anew.readings.map((row) => ({ ...row, flag: null })) : undefined
}

/** What readings of a session are believed, with who read them. */
export const believedOf = (rows: readonly KeptReading[], limit: PowerLimit): BelievedReading[] =>
  (asOneCount(rows, limit) ?? rows).flatMap(({ at, registerWh, powerW, flag, source }) =>
    registerWh === null || flag !== null
      ? []
      : [{ at, registerWh, powerW, by: source === 'ocpp' ? ('node' as const) : ('peer' as const) }],
  )

export type WitnessInput = {
  /** In order of time. */
  readings: readonly BelievedReading[]
  record: { usage: UsageRecord; isOurs: boolean }
  session: { startedAt: string | null; endedAt: string | null; isEndInferred: boolean }
  timeZone: string
  tariff: Tariff
  limit: PowerLimit
}

export type Testimony = Pick<CheckInput, 'own' | 'sessionEnergyKwh' | 'said'>

const micros = (at: string) => parseInstant(at) ?? 0
const kwh = (wh: string) => format(times(exact(wh), exactOf(1, 3)))

export function testimonyOf(input: WitnessInput): Testimony {
  const read = input.readings.filter(({ by }) => by === 'node')
  if (read.length === 0) return saidOf(input)
  return { ...finalEnergyOf(input, read), ...ownUsageOf(input, read) }
}

const energyWhOf = (readings: readonly BelievedReading[]): string => {
  const [first, last] = [readings[0], readings.at(-1)]
  if (first === undefined || last === undefined) return '0'
  return format(minus(exact(last.registerWh), exact(first.registerWh)))
}

/** A reading taken at the record's end or later; an earlier one is rightly smaller. Both clocks are the charger's. */
const isFinal = (reading: BelievedReading | undefined, usage: UsageRecord) =>
  reading !== undefined && micros(reading.at) >= micros(usage.ended_at) - microsPerSecond

function finalEnergyOf({ record }: WitnessInput, read: readonly BelievedReading[]): Testimony {
  return isFinal(read.at(-1), record.usage) ? { sessionEnergyKwh: kwh(energyWhOf(read)) } : {}
}

/**
 * The CPO's last word, and what may have come on top: from that word to the record's end, or, where the word was meant
 * as the last and is only stale, in the whole session. Without a word what the whole session may have taken.
 */
function saidOf({ readings, record, limit }: WitnessInput): Testimony {
  if (record.isOurs) return {}
  const { usage } = record
  const last = readings.at(-1)
  if (last === undefined) {
    const possible = mostWh(usage.started_at, usage.ended_at, limit)
    return { said: { energy_kwh: null, possible_kwh: kwh(format(possible)) } }
  }
  const told = energyWhOf(readings)
  const final = isFinal(last, usage)
  const more = mostWh(final ? usage.started_at : last.at, usage.ended_at, limit)
  const most = format(final ? more : plus(exact(told), more))
  return { said: { energy_kwh: kwh(told), possible_kwh: kwh(most) } }
}

/** A minute before or after: what a session's first reading may be away from its start and still be its start. */
const toleranceMicros = 60 * microsPerSecond

/**
 * What readings of ours prove against an operator's record; nothing unless they are whole, from the session's start to
 * its end by the charger's own clock. Our node's record is made of these very readings (failures F46).
 */
function ownUsageOf(input: WitnessInput, read: readonly BelievedReading[]): Testimony {
  const { record, session, tariff, timeZone } = input
  const { startedAt, endedAt } = session
  if (record.isOurs || startedAt === null || endedAt === null || session.isEndInferred) return {}
  const [first] = read
  const last = read.at(-1)
  if (first === undefined || last === undefined || first === last) return {}
  const isWhole =
    Math.abs(micros(first.at) - micros(startedAt)) <= toleranceMicros &&
    micros(last.at) >= micros(endedAt) - microsPerSecond
  if (!isWhole) return {}
  // An end the charger's clock put beyond belief was replaced by ours; the reading still has the charger's.
  const stated = record.usage
  const metered = usageOfReadings(
    read,
    [nearest(stated.started_at, startedAt, first.at), nearest(stated.ended_at, endedAt, last.at)],
    { timeZone, tariff },
  )
  if (metered?.ok !== true) return {}
  const gaps = read.map((row, index) =>
    Math.ceil((micros(row.at) - micros(read[index - 1]?.at ?? row.at)) / microsPerSecond),
  )
  return { own: { usage: metered.usage, resolution_s: Math.max(...gaps) } }
}

/** Of two instants for the same moment the one nearer to what the record states: in doubt the record is right. */
function nearest(stated: string, ...instants: [string, string]): string {
  const distance = (at: string) => Math.abs(micros(at) - micros(stated))
  return distance(instants[0]) <= distance(instants[1]) ? instants[0] : instants[1]
}

/** The session's own usage between two instants, which the first and the last reading stand for. */
export function usageOfReadings(
  readings: readonly Pick<BelievedReading, 'at' | 'registerWh' | 'powerW'>[],
  [startedAt, endedAt]: [string, string],
  { timeZone, tariff }: { timeZone: string; tariff: Tariff },
) {
  const [first] = readings
  const last = readings.at(-1)
  if (first === undefined || last === undefined) return undefined
  const inside = readings.filter((row) => row.at > startedAt && row.at < endedAt)
  const sample = (row: (typeof readings)[number], at = row.at) => ({
    at,
    energy_wh: row.registerWh,
    ...(row.powerW === null ? {} : { power_w: String(row.powerW) }),
  })
  return usageFromMeter({
    samples: [sample(first, startedAt), ...inside.map((row) => sample(row)), sample(last, endedAt)],
    timeZone,
    tariff,
  })
}
