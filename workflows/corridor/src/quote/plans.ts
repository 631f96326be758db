// A driver's plans as a quote reads them, with what is left of each allowance; and the promise a quote makes of one.
import type { Sql, Tx } from '@chargelane/db'
import {
  allowanceUsesOf,
  lockAllowance,
  plansOfDriver,
  promiseAllowance,
} from '@chargelane/db/queries/plans/subscriptions'
import type { DriverPlan } from '@chargelane/db/queries/plans/subscriptions'
import type { PlanOffer, QuoteBody } from '@chargelane/rules/quote'
import { freeKwh, periodAt, versionIn } from '@chargelane/rules/plan'

/** A CPO's plan counts at its own chargers, a partner's at all of them. */
const countsAt = ({ plan }: DriverPlan['versions'][number], cpoId: string) =>
  plan.ownerType === 'partner' || plan.ownerId === cpoId

/**
 * What a driver's plans offer at a CPO's charger now. Called in the tx that stores the quote: each allowance is locked
 * until then, so that two quotes are never promised the same kWh.
 */
export async function planOffers(
  tx: Tx,
  input: { accountId: string; driverId: string; cpoId: string; now: string },
): Promise<PlanOffer[]> {
  const { now, cpoId } = input
  const offers: PlanOffer[] = []
  for (const { subscription, versions } of await plansOfDriver(
    tx,
    input.accountId,
    input.driverId,
    now,
  )) {
    const period = periodAt(subscription.startsOn, subscription.timeZone, now)
    const counts = period && versionIn(versions, period.index)
    if (period === undefined || counts === undefined || !countsAt(counts, cpoId)) continue
    await lockAllowance(tx, subscription.id)
    const uses = await allowanceUsesOf(tx, subscription.id, period.index, now)
    const { plan } = counts
    const terms = plan.terms
    offers.push({
      id: plan.id,
      version: plan.version,
      subscription: subscription.id,
      period: period.index,
      owner: plan.ownerId,
      funded_by: plan.ownerType,
      currency: plan.currency,
      terms,
      freeKwh: freeKwh(terms.included_kwh, uses),
    })
  }
  return offers
}

/** Keeps what the quote promised of the allowance; nothing for a quote without a plan. */
export async function keepPromise(
  tx: Sql,
  input: { quoteId: string; body: QuoteBody; now: string },
): Promise<void> {
  const { plan } = input.body
  if (plan === undefined) return
  await promiseAllowance(tx, {
    quoteId: input.quoteId,
    subscriptionId: plan.subscription,
    period: plan.period,
    promisedKwh: plan.promised_kwh,
    at: input.now,
  })
}
