/** A price that is obviously wrong (0.06 for 0.60, failures F19): told by what it was before and what others ask. */
import type { Decimal } from '@chargelane/openapi/vocabulary/money'
import type { Tariff } from '@chargelane/openapi/vocabulary/tariff'
import type { UsagePeriod } from '@chargelane/openapi/vocabulary/usage'
import type { MarketProfile } from '../markets/profile.ts'
import { ratingPolicyOf } from '../markets/markets.ts'
import { formatInstant, microsPerSecond, parseInstant } from '../rating/clock.ts'
import { cutAtBoundaries, rate } from '../rating/rating.ts'

/** Sessions that stand for all: a quick one, a long one, a small one that stays. */
export const standardSessions = [
  { energyKwh: '20', chargingS: 1_800, durationS: 1_800 },
  { energyKwh: '40', chargingS: 2_400, durationS: 2_400 },
  { energyKwh: '10', chargingS: 3_600, durationS: 10_800 },
] as const satisfies readonly { energyKwh: Decimal; chargingS: number; durationS: number }[]

/**
 * What the standard sessions cost at noon UTC of a day, gross in minor units; undefined when one has no price. The
 * hour is fixed, so that a price of the night does not look like a change of the day's.
 */
export function standardPrices(
  tariff: Tariff,
  profile: MarketProfile,
  at: string,
): number[] | undefined {
  const policy = ratingPolicyOf(profile, at)
  const noon = parseInstant(`${at.slice(0, 10)}T12:00:00Z`)
  if (policy === undefined || noon === undefined) return undefined
  const prices: number[] = []
  const { start_date_time: _start, end_date_time: _end, ...timeless } = tariff
  for (const { energyKwh, chargingS, durationS } of standardSessions) {
    const instant = (seconds: number) => formatInstant(noon + seconds * microsPerSecond)
    const periods: UsagePeriod[] = [
      { start: instant(0), end: instant(chargingS), charging: true, energy_kwh: energyKwh },
    ]
    if (durationS > chargingS)
      periods.push({ start: instant(chargingS), end: instant(durationS), charging: false })
    const rated = rate({
      tariff: timeless,
      usage: {
        started_at: instant(0),
        ended_at: instant(durationS),
        time_zone: profile.timeZone,
        periods,
      },
      policy: cutAtBoundaries(policy),
    })
    if (!rated.ok) return undefined
    prices.push(rated.rating.totals.gross.amount)
  }
  return prices
}

export type Anomaly = {
  basis: 'own_history' | 'peers'
  /** Which standard session shows it. */
  energyKwh: Decimal
  durationS: number
  /** Gross minor units. */
  price: number
  median: number
  /** Median absolute deviation of the sample, minor units. */
  mad: number
  sample: number
  /**
   * Who lifts the hold. Its operator where the price is low and itself would lose; time where it is high, since nobody
   * releases a price that it gains by; where it is out of all proportion the platform alone.
   */
  lift: 'operator' | 'time' | 'platform'
}

/** The lower middle of a sample; 0 of an empty one. */
export function medianOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? 0
}

/** Below two fifths or above five halves of the usual price somebody has lost a digit, not changed a price. */
const isFar = (price: number, usual: number) => price * 5 < usual * 2 || price * 2 > usual * 5

/** Fewer operators than this say nothing about what is usual. */
const peersMin = 5

function against(
  basis: Anomaly['basis'],
  next: readonly number[],
  sample: readonly (readonly number[])[],
  usualTimes: number,
): Anomaly | undefined {
  for (const [index, session] of standardSessions.entries()) {
    const price = next[index]
    const usual = sample.flatMap((prices) => prices[index] ?? [])
    if (price === undefined || usual.length === 0) continue
    const median = medianOf(usual)
    const mad = medianOf(usual.map((value) => Math.abs(value - median)))
    // Six robust standard deviations (1.4826 × MAD each), a twentieth of the median at least; in ten-thousandths.
    const isOutlier = Math.abs(price - median) * 10_000 > 6 * Math.max(14_826 * mad, 500 * median)
    if (median > 0 && isFar(price, median) && isOutlier)
      return {
        basis,
        energyKwh: session.energyKwh,
        durationS: session.durationS,
        price,
        median,
        mad,
        sample: usual.length,
        lift: liftOf(price, median, upperMiddleOf(usual) * usualTimes),
      }
  }
  return undefined
}

/** A price that came back to what it was before a low one is not out of all proportion. */
const upperMiddleOf = (values: readonly number[]): number =>
  values.toSorted((a, b) => b - a)[Math.floor((values.length - 1) / 2)] ?? 0

const liftOf = (price: number, median: number, most: number): Anomaly['lift'] => {
  if (price < median) return 'operator'
  return price > most ? 'platform' : 'time'
}

const worst: readonly Anomaly['lift'][] = ['operator', 'time', 'platform']

/** Of two, the one that more people have to look at. */
const graver = (a: Anomaly | undefined, b: Anomaly | undefined): Anomaly | undefined => {
  if (a === undefined || b === undefined) return a ?? b
  return worst.indexOf(b.lift) > worst.indexOf(a.lift) ? b : a
}

/**
 * Whether a new price is held. Its own past is asked first, and the price in force, so that a confirmed change is not
 * held again; what others of the class ask may clear it. Without a past the others alone decide.
 */
export function judgePrice(input: {
  next: readonly number[]
  /** Standard prices of the versions sold before, any order. */
  past: readonly (readonly number[])[]
  inForce: readonly number[] | undefined
  /** One row per other operator of the same country, currency and power class. */
  peers: readonly (readonly number[])[]
  /** Above so many times the usual price time lifts no hold. */
  usualTimes: number
}): Anomaly | undefined {
  const { next, past, inForce, usualTimes } = input
  const peers = input.peers.length >= peersMin ? input.peers : []
  const odder = against('peers', next, peers, usualTimes)
  if (past.length === 0) return odder
  const odd = against('own_history', next, past, usualTimes)
  // A price may come to be out of all proportion step by step: no step of it clears that.
  if (graver(odd, odder)?.lift === 'platform' && (peers.length === 0 || odder !== undefined))
    return graver(odd, odder)
  if (odd === undefined) return undefined
  if (inForce !== undefined && against('own_history', next, [inForce], usualTimes) === undefined)
    return undefined
  if (peers.length > 0 && odder === undefined) return undefined
  return odd
}
