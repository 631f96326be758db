/**
 * How long the money that is held covers a running session: what it costs so far by the one price function, and the
 * earliest instant at which it could cost as much as is held. Nothing here is a forecast: after the last reading the
 * charger is taken to give all it can, or to stand idle where that costs more.
 */
import type { Money } from '@chargelane/openapi/vocabulary/money'
import type { Tariff } from '@chargelane/openapi/vocabulary/tariff'
import type { UsagePeriod } from '@chargelane/openapi/vocabulary/usage'
import { assert } from '../assert.ts'
import { exactOf, format } from '../exact.ts'
import { minimum } from '../money.ts'
import { formatInstant, microsPerSecond, parseInstant } from './clock.ts'
import { cutAtBoundaries, price, type RatingPolicy } from './rating.ts'
import { type MeterSample, usageFromMeter } from './usage.ts'

export type Running = {
  /** The prices the driver may pay by; the lowest of them counts. */
  prices: readonly Tariff[]
  policy: RatingPolicy
  timeZone: string
  startedAt: string
  /** Our own clock. A charger's may run ahead of it: what its newest reading shows has flowed by now at the latest. */
  now: string
  /** Believed readings in order of time. */
  samples: readonly MeterSample[]
  /** The most the connector gives. */
  maxPowerW: number
}

/** Finer than that no instant is looked for. */
const stepS = 15

type Behaviour = 'charges' | 'idles'

const micros = (at: string): number => {
  const instant = parseInstant(at)
  assert(instant !== undefined, `${at} is no instant`)
  return instant
}

/** All usage up to an instant, the stretch that no reading shows yet at full power or without any. */
function usageUntil(running: Running, at: number, how: Behaviour) {
  const { samples, startedAt, timeZone, maxPowerW } = running
  const read = samples.length < 2 ? undefined : usageFromMeter({ samples, timeZone })
  // Readings that do not follow from each other prove nothing: all of the session is taken at its most.
  const known = read?.ok === true ? read.usage : undefined
  const from = micros(known?.ended_at ?? startedAt)
  // A session of no time has no price, one of a second has all that is asked once.
  const least = known === undefined ? microsPerSecond : 0
  const unseen = Math.max(least, at - Math.min(from, micros(running.now)))
  const periods: UsagePeriod[] = [...(known?.periods ?? [])]
  if (unseen > 0) {
    const stretch = { start: formatInstant(from), end: formatInstant(from + unseen) }
    const power = format(exactOf(maxPowerW, 3), 3)
    // Watts over seconds, in kWh.
    const energy = exactOf(Math.ceil((maxPowerW * (unseen / microsPerSecond)) / 3.6), 6)
    const drawn = { energy_kwh: format(energy, 6), min_power_kw: power, max_power_kw: power }
    periods.push(
      how === 'idles' ? { ...stretch, charging: false } : { ...stretch, charging: true, ...drawn },
    )
  }
  return {
    started_at: formatInstant(micros(known?.started_at ?? startedAt)),
    ended_at: formatInstant(from + unseen),
    time_zone: timeZone,
    periods,
  }
}

/** The lowest price of a usage; undefined where it has none, or one beyond what an account can hold. */
function costOf(running: Running, at: number, how: Behaviour): Money | undefined {
  const usage = usageUntil(running, at, how)
  if (usage.periods.length === 0) return undefined
  const policy = cutAtBoundaries(running.policy)
  const costs = running.prices.flatMap((tariff) => {
    const priced = price({ tariff, usage, policy })
    return priced.ok ? [priced.totals.gross] : []
  })
  const [first, ...others] = costs
  return first === undefined ? undefined : others.reduce(minimum, first)
}

/** What the readings prove of the cost; null while there is nothing to price. */
export function costSoFar(running: Running): Money | null {
  const { samples, timeZone } = running
  const last = samples.at(-1)
  if (last === undefined || samples.length < 2) return null
  if (!usageFromMeter({ samples, timeZone }).ok) return null
  // Up to the newest reading nothing is unseen.
  const seen = Math.min(micros(last.at), micros(running.now))
  return costOf(running, seen, 'idles') ?? null
}

/** Idling costs more than charging only where it has a price of its own. */
const pricesIdling = ({ elements }: Tariff): boolean =>
  elements.some(({ price_components: components }) =>
    components.some(({ type }) => type === 'PARKING_TIME'),
  )

/** The most a session can cost up to an instant; undefined where that is beyond any account. */
export function mostUntil(running: Running, at: string): Money | undefined {
  const charging = costOf(running, micros(at), 'charges')
  if (charging === undefined || !running.prices.some(pricesIdling)) return charging
  const idle = costOf(running, micros(at), 'idles')
  return idle !== undefined && idle.amount > charging.amount ? idle : charging
}

/**
 * The earliest instant from now until then at which a session could cost this much, or one before it by 15 s or an
 * eighth of the way; null when it cannot. Costs never fall with time, so the stretch is doubled until it reaches, and
 * then halved.
 */
export function reachesAt(running: Running, limit: Money, until: string): string | null {
  const [begin, end] = [micros(running.now), micros(until)]
  const reaches = (at: number) => {
    const most = mostUntil(running, formatInstant(at))
    return most === undefined || most.amount >= limit.amount
  }
  if (reaches(begin)) return running.now
  let below = begin
  let stretch = 60 * microsPerSecond
  for (; !reaches(Math.min(end, begin + stretch)); stretch *= 2) {
    below = begin + stretch
    if (below >= end) return null
  }
  let above = Math.min(end, begin + stretch)
  while (above - below > Math.max(stepS * microsPerSecond, (below - begin) / 8)) {
    const middle = Math.floor((below + above) / 2)
    if (reaches(middle)) above = middle
    else below = middle
  }
  return formatInstant(below)
}
