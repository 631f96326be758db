// How far the money of a running session reaches: its readings and prices from the database, for the rule of cover.
import type { Db, Sql } from '@chargelane/db'
import { runningSessions } from '@chargelane/db/queries/sessions/terms'
import type { Money } from '@chargelane/openapi/vocabulary/money'
import { costSoFar, mostUntil, reachesAt, type Running } from '@chargelane/rules/rating/cover'
import { profileByRef } from '@chargelane/rules/markets'
import { add, money } from '@chargelane/rules/money'
import type { MeterSample } from '@chargelane/rules/rating/usage'
import {
  believedPowerW,
  billableSeries,
  type PowerLimit,
  unknownMaxPowerW,
} from '@chargelane/rules/record/registers'
import { writeChanges } from '../charging/changes.ts'
import type { Change } from '../charging/changes.ts'
import { believedOf } from '@chargelane/rules/record/witness'
import { powerLimitOf } from '../record/judge.ts'
import { lockedPrice } from '../record/terms.ts'

/** What is asked for when a hold runs out: the next half hour at full power. */
const nextStretchMs = 30 * 60_000

export type Cover = {
  costSoFar: Money | null
  lastReadingAt: string | null
  /** The earliest instant at which the session could cost all that is held or insured; null when it cannot. */
  reachesAt: string | null
  /** The hold that would do for a while from now. */
  wanted: Money
  /** What a risk policy stands in for beyond the hold. */
  insured: Money
}

const isTariff = <Tariff>(tariff: Tariff | undefined): tariff is Tariff => tariff !== undefined

type Believed = ReturnType<typeof believedOf>
type Session = Awaited<ReturnType<typeof runningSessions>>[number]

/** From the start to the newest reading; what cannot follow from what was read before proves nothing. */
function samplesOf(startedAt: string, readings: Believed, limit: PowerLimit): MeterSample[] {
  const [first] = readings
  const last = readings.at(-1)
  if (first === undefined || last === undefined || last.at <= startedAt) return []
  const begin = { at: startedAt, registerWh: first.registerWh }
  return billableSeries(begin, readings, last, limit).samples.map((each) => ({
    at: each.at,
    energy_wh: each.registerWh,
    ...(each.charging === undefined ? {} : { charging: each.charging }),
  }))
}

/** A session as it runs at this moment; undefined before energy flows. */
function runningBy(terms: Session, limit: PowerLimit, now: string): Running | undefined {
  const { session, quote, timeZone, readings } = terms
  if (session.startedAt === null) return undefined
  const { tariff, policy } = lockedPrice(terms)
  const { agreement, plan } = quote.body
  return {
    // The lowest of them is what the driver will pay.
    prices: [tariff, agreement?.tariff, plan?.tariff].filter(isTariff),
    policy,
    timeZone,
    startedAt: session.startedAt,
    now,
    samples: samplesOf(session.startedAt, believedOf(readings, limit), limit),
    maxPowerW: believedPowerW(limit.maxPowerW),
  }
}

/** What is shown is no bill: there a register is doubted only where it fell. */
const shownLimit: PowerLimit = { maxPowerW: unknownMaxPowerW, slackMs: 86_400_000 }

export type ShownMeter = {
  energyWh: string
  powerW: number | null
  lastReadingAt: string
  costSoFar: Money | null
}

/** What a running session shows of itself: its newest reading, and what it costs by it. */
export const meterOf = async (
  sql: Sql,
  sessionId: string,
  now: string,
): Promise<ShownMeter | undefined> => (await metersOf(sql, [sessionId], now)).get(sessionId)

/** The same of many sessions, by one statement however many they are; one that shows nothing yet is not among them. */
export async function metersOf(
  sql: Sql,
  sessionIds: readonly string[],
  now: string,
): Promise<Map<string, ShownMeter>> {
  const sessions = await runningSessions(sql, sessionIds)
  return new Map(
    sessions.flatMap((terms) => {
      const { session, energyWh, readings } = terms
      const running = runningBy(terms, shownLimit, now)
      const last = readings.at(-1)
      if (running === undefined || last === undefined) return []
      const lastReadingAt = running.samples.at(-1)?.at ?? last.at
      const powerW = readings.findLast((each) => each.powerW !== null)?.powerW ?? null
      return [[session.id, { energyWh, powerW, lastReadingAt, costSoFar: costSoFar(running) }]]
    }),
  )
}

/** Whole steps of the market, at least one more than is held, and at most its cap more at once. */
function nextHold(held: Money, needed: Money | undefined, marketProfile: string): Money {
  const { currency } = held
  const { step, cap } = profileByRef(marketProfile)?.hold ?? { step: held.amount, cap: held.amount }
  const most = held.amount + cap
  const whole = needed === undefined ? most : Math.ceil(needed.amount / step) * step
  return money(Math.min(most, Math.max(held.amount + step, whole)), currency)
}

export type CoverInput = {
  sessionId: string
  held: Money
  /** Further than that nobody looks. */
  until: string
  /** What is told before. */
  changes: readonly Change[]
  now: string
}

async function readCover(
  { db, plausibleSlackMs }: CoverDependencies,
  { sessionId, held, until, changes, now }: CoverInput,
): Promise<Cover> {
  if (changes.length > 0) await db.tx((tx) => writeChanges(tx, sessionId, changes))
  const [terms] = await runningSessions(db, [sessionId])
  const running = terms && runningBy(terms, powerLimitOf(terms, plausibleSlackMs), now)
  if (terms === undefined || running === undefined) throw new Error(`${sessionId} has not started.`)
  const { insured, quote } = terms
  const soon = new Date(Date.parse(now) + nextStretchMs).toISOString()
  return {
    costSoFar: costSoFar(running),
    lastReadingAt: running.samples.at(-1)?.at ?? null,
    reachesAt: reachesAt(running, add(held, insured), until),
    wanted: nextHold(held, mostUntil(running, soon), quote.marketProfile),
    insured,
  }
}

type CoverDependencies = { db: Db; plausibleSlackMs: number }

export function createCoverActivities(deps: CoverDependencies) {
  return { readCover: (input: CoverInput) => readCover(deps, input) }
}

export type CoverActivities = ReturnType<typeof createCoverActivities>
