// What a driver's partner decides about a subscription: one verb per decision, told in the tx that makes it.
import type { Sql, Tx } from '@chargelane/db'
import { appendEvent } from '@chargelane/db/queries/outbox/outbox'
import { getOrCreateDriver } from '@chargelane/db/queries/partners/drivers'
import { getPlan } from '@chargelane/db/queries/plans/plans'
import {
  addSubscriptionVersion,
  endSubscription,
  getSubscription,
  insertSubscription,
  type SubscriptionRow,
  subscriptionVersionsOf,
} from '@chargelane/db/queries/plans/subscriptions'
import { subscriptionView } from '@chargelane/db/views/plans/subscriptions'
import type { BodyOf, Contract, Subscription } from '@chargelane/openapi'
import { DomainError, missing } from '@chargelane/openapi/vocabulary/errors'
import type { EventTypeOf } from '@chargelane/openapi/vocabulary/event-types'
import { isTimeZone, localDateAt, periodAt } from '@chargelane/rules/plan'
import type { Act, Actor } from '../../onboarding/act.ts'

export async function showSubscription(
  tx: Sql,
  row: SubscriptionRow,
  now: string,
): Promise<Subscription> {
  return subscriptionView(row, await subscriptionVersionsOf(tx, row.id), now)
}

export async function mustSeeSubscription(
  tx: Tx,
  viewer: Actor,
  id: string,
): Promise<SubscriptionRow> {
  const row = await getSubscription(tx, viewer.sees, id)
  if (!row) throw missing('subscription')
  return row
}

/** Only the driver's partner changes a subscription; its plan's owner reads it. */
async function mustOwn(tx: Tx, viewer: Actor, id: string): Promise<SubscriptionRow> {
  const row = await mustSeeSubscription(tx, viewer, id)
  if (row.accountId !== viewer.accountId) throw missing('subscription')
  return row
}

async function tell(
  tx: Tx,
  view: Subscription,
  type: EventTypeOf<'Subscription'>,
  now: string,
): Promise<void> {
  await appendEvent(tx, {
    accountId: view.partner,
    type,
    objectId: view.id,
    data: view,
    dedupeKey: `${view.id}:${type}:${now}`,
    at: now,
  })
}

const over = (row: SubscriptionRow) =>
  new DomainError('invalid_transition', `Subscription ${row.id} ends at ${row.endsAt}.`)

/** The first day, today there by default and never in retrospect. */
function firstDay(wished: string | undefined, timeZone: string, now: string): string {
  if (!isTimeZone(timeZone)) {
    throw new DomainError('invalid_value', `time_zone: ${timeZone} is no IANA zone`, {
      param: 'time_zone',
    })
  }
  const today = localDateAt(now, timeZone)
  if (wished !== undefined && wished < today) {
    throw new DomainError('invalid_value', `starts_on: is before today, ${today}`, {
      param: 'starts_on',
    })
  }
  return wished ?? today
}

type Verbs = Contract['subscriptions']

export async function subscribe(
  { tx, viewer, now }: Act,
  body: BodyOf<Verbs['create']>,
): Promise<Subscription> {
  if (viewer.type !== 'partner')
    throw new DomainError('insufficient_scope', 'A partner subscribes its drivers.')
  const plan = await getPlan(tx, body.plan, body.plan_version)
  const isOffered = plan?.ownerType === 'cpo' || plan?.ownerId === viewer.accountId
  if (!plan || !isOffered) throw missing('plan', 'plan')
  if (plan.retired) {
    throw new DomainError('invalid_transition', `Plan ${plan.id} is retired.`, { param: 'plan' })
  }
  const startsOn = firstDay(body.starts_on, body.time_zone, now)
  const driver = await getOrCreateDriver(tx, viewer.accountId, body.driver.external_id, now)
  const id = await insertSubscription(tx, {
    accountId: viewer.accountId,
    driverId: driver.id,
    planId: plan.id,
    planVersion: plan.version,
    ownerId: plan.ownerId,
    startsOn,
    timeZone: body.time_zone,
    at: now,
  })
  const view = await showSubscription(tx, await mustSeeSubscription(tx, viewer, id), now)
  await tell(tx, view, 'subscription.created', now)
  return view
}

/** Counts from the next period; until it begins the last decision does. */
export async function changePlan(
  { tx, viewer, now }: Act,
  id: string,
  body: BodyOf<Verbs['change_plan']>,
): Promise<Subscription> {
  const row = await mustOwn(tx, viewer, id)
  if (row.endsAt !== null) throw over(row)
  const plan = await getPlan(tx, row.planId, body.plan_version)
  if (!plan) throw missing('version of the plan', 'plan_version')
  const present = periodAt(row.startsOn, row.timeZone, now)
  await addSubscriptionVersion(tx, {
    subscriptionId: row.id,
    planId: row.planId,
    planVersion: plan.version,
    fromPeriod: (present?.index ?? -1) + 1,
    at: now,
  })
  const view = await showSubscription(tx, row, now)
  await tell(tx, view, 'subscription.plan_changed', now)
  return view
}

export async function cancelSubscription(
  { tx, viewer, now }: Act,
  id: string,
  body: BodyOf<Verbs['cancel']>,
): Promise<Subscription> {
  const row = await mustOwn(tx, viewer, id)
  const present = periodAt(row.startsOn, row.timeZone, now)
  const endsAt = body.when === 'now' || present === undefined ? now : present.to
  if (!(await endSubscription(tx, viewer.accountId, row.id, endsAt))) throw over(row)
  const view = await showSubscription(tx, await mustSeeSubscription(tx, viewer, row.id), now)
  await tell(tx, view, 'subscription.cancelled', now)
  return view
}
