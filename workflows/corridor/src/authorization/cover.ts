// How far the money of a running session reaches: its readings and prices from the database, for the rule of cover.
import type { Db, Sql } from '@chargelane/db'
import { insuredRest } from '@chargelane/db/queries/payments/risk-policies'
import { meterSeriesOf } from '@chargelane/db/queries/chargers/meter-values'
import { energyProgressOf, type EnergyProgress } from '@chargelane/db/queries/sessions/supply'
import { sessionTermsOf } from '@chargelane/db/queries/sessions/terms'
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
import { believedOf, believedReadings, powerLimitOf } from '../record/judge.ts'
import { lockedPrice, termsOf, type Terms } from '../record/terms.ts'

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

type Believed = Awaited<ReturnType<typeof believedReadings>>

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
export async function runningOf(
  sql: Sql,
  terms: Terms,
  { plausibleSlackMs, now }: { plausibleSlackMs: number; now: string },
): Promise<Running | undefined> {
  const [limit, readings] = await Promise.all([
    powerLimitOf(sql, terms, plausibleSlackMs),
    believedReadings(sql, terms.session.id),
  ])
  return runningBy(terms, readings, limit, now)
}

function runningBy(
  terms: Terms,
  readings: Believed,
  limit: PowerLimit,
  now: string,
): Running | undefined {
  const { session, quote, timeZone } = terms
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
    samples: samplesOf(session.startedAt, readings, limit),
    maxPowerW: believedPowerW(limit.maxPowerW),
  }
}

/** What is shown is no bill: there a register is doubted only where it fell. */
const shownLimit: PowerLimit = { maxPowerW: unknownMaxPowerW, slackMs: 86_400_000 }

export type ShownMeter = EnergyProgress & { costSoFar: Money | null }

/** What a running session shows of itself: its newest reading, and what it costs by it. */
export const meterOf = async (
  sql: Sql,
  sessionId: string,
  now: string,
): Promise<ShownMeter | undefined> => (await metersOf(sql, [sessionId], now)).get(sessionId)

/** The same of many sessions, by three statements however many they are; one that shows nothing yet is not among them. */
export async function metersOf(
  sql: Sql,
  sessionIds: readonly string[],
  now: string,
): Promise<Map<string, ShownMeter>> {
  if (sessionIds.length === 0) return new Map()
  const [sessions, series, progresses] = await Promise.all([
    sessionTermsOf(sql, sessionIds),
    meterSeriesOf(sql, sessionIds),
    energyProgressOf(sql, sessionIds),
  ])
  return new Map(
    sessions.flatMap((terms) => {
      const { id } = terms.session
      const running = runningBy(terms, believedOf(series.get(id) ?? []), shownLimit, now)
      const progress = progresses.get(id)
      if (running === undefined || progress === undefined) return []
      const lastReadingAt = running.samples.at(-1)?.at ?? progress.lastReadingAt
      return [[id, { ...progress, lastReadingAt, costSoFar: costSoFar(running) }] as const]
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
  const terms = await termsOf(db, sessionId)
  const { accountId } = terms.session
  const { paymentSourceId, marketProfile } = terms.quote
  const { currency } = held
  const [running, insured] = await Promise.all([
    runningOf(db, terms, { plausibleSlackMs, now }),
    insuredRest(db, { accountId, paymentSourceId, currency }),
  ])
  if (running === undefined) throw new Error(`${sessionId} has not started.`)
  const soon = new Date(Date.parse(now) + nextStretchMs).toISOString()
  return {
    costSoFar: costSoFar(running),
    lastReadingAt: running.samples.at(-1)?.at ?? null,
    reachesAt: reachesAt(running, add(held, insured), until),
    wanted: nextHold(held, mostUntil(running, soon), marketProfile),
    insured,
  }
}

type CoverDependencies = { db: Db; plausibleSlackMs: number }

export function createCoverActivities(deps: CoverDependencies) {
  return { readCover: (input: CoverInput) => readCover(deps, input) }
}

export type CoverActivities = ReturnType<typeof createCoverActivities>
