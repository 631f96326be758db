// A subscription month by month, down to its sessions.
import type { Sql } from '@chargelane/db'
import { planVersion } from '@chargelane/db/queries/plans/plans'
import {
  allowanceUsesOf,
  sessionsOfPeriod,
  type SubscriptionRow,
  type SubscriptionVersion,
} from '@chargelane/db/queries/plans/subscriptions'
import type { SubscriptionPeriod } from '@chargelane/openapi'
import { add, money, sum } from '@chargelane/rules/money'
import { periodAt, periodNumber, sumOfKwh, versionIn } from '@chargelane/rules/plan'
import { planFee } from './plans.ts'

/** One month down to its sessions; every amount is that of a rating. */
export async function showPeriod(
  sql: Sql,
  row: SubscriptionRow,
  versions: readonly SubscriptionVersion[],
  index: number,
  now: string,
): Promise<SubscriptionPeriod> {
  const { from, to } = periodNumber(row.startsOn, row.timeZone, index)
  const version = versionIn(versions, index)?.planVersion ?? 1
  const plan = await planVersion(sql, row.planId, version)
  if (!plan) throw new Error(`no plan ${row.planId}@${version}`)
  const [fee, uses, found] = await Promise.all([
    planFee(sql, plan, from),
    allowanceUsesOf(sql, row.id, index, now),
    sessionsOfPeriod(sql, row.id, index),
  ])
  const sessions = found.map((each) => ({
    session: each.sessionId,
    started_at: each.startedAt,
    energy_kwh: each.energyKwh,
    used_kwh: each.usedKwh ?? '0',
    paid: money(each.grossMinor, each.currency),
    contribution: each.reference.contribution ?? money(0, each.currency),
    price_proof: each.proofId,
  }))
  const overage = sum(
    sessions.map(({ paid }) => paid),
    plan.currency,
  )
  const open = uses.filter(({ usedKwh }) => usedKwh === null)
  return {
    index,
    from,
    to,
    plan_version: version,
    access_fee: fee,
    fee_status: 'due',
    included_kwh: plan.terms.included_kwh,
    used_kwh: sumOfKwh(uses.flatMap(({ usedKwh }) => usedKwh ?? [])),
    promised_kwh: sumOfKwh(open.map(({ promisedKwh }) => promisedKwh)),
    overage,
    contribution: sum(
      sessions.map(({ contribution }) => contribution),
      plan.currency,
    ),
    total: add(fee.gross, overage),
    sessions,
  }
}

/** The newest period that has begun and ran; -1 before the first. An end is out: a period that begins there never ran. */
export function newestPeriod(row: SubscriptionRow, now: string): number {
  const until = row.endsAt !== null && row.endsAt < now ? row.endsAt : now
  const last = periodAt(row.startsOn, row.timeZone, until)
  if (last === undefined) return -1
  return last.from === row.endsAt ? last.index - 1 : last.index
}
