import type { Sql, Tx } from '@chargelane/db'
import { getOrCreateDriver } from '@chargelane/db/queries/partners/accounts'
import { appendEvent } from '@chargelane/db/queries/outbox/outbox'
import { decodeCursorText, encodeCursor, invalidCursor } from '@chargelane/db/queries/page'
import { getPlan, planVersion } from '@chargelane/db/queries/plans/plans'
import {
  addSubscriptionVersion,
  allowanceUsesOf,
  endSubscription,
  getSubscription,
  insertSubscription,
  listSubscriptions,
  sessionsOfPeriod,
  type SubscriptionRow,
  type SubscriptionVersion,
  subscriptionVersionsOf,
} from '@chargelane/db/queries/plans/subscriptions'
import type { Contract, Subscription, SubscriptionPeriod } from '@chargelane/openapi'
import { DomainError } from '@chargelane/openapi/vocabulary/errors'
import type { EventTypeOf } from '@chargelane/openapi/vocabulary/event-types'
import { add, money, sum } from '@chargelane/rules/money'
import { subscriptionView } from '@chargelane/db/views/subscriptions'
import {
  isTimeZone,
  localDateAt,
  periodAt,
  periodNumber,
  sumOfKwh,
  versionIn,
} from '@chargelane/rules/plan'
import { missing } from '../http/errors.ts'
import type { Handlers, Viewer } from '../http/handler.ts'
import { pageRequest } from '../http/page.ts'
import { feeView } from './plans.ts'

type Versions = SubscriptionVersion[]

async function viewOf(tx: Sql, row: SubscriptionRow, now: string): Promise<Subscription> {
  return subscriptionView(row, await subscriptionVersionsOf(tx, row.id), now)
}

async function mustSee(tx: Tx, viewer: Viewer, id: string): Promise<SubscriptionRow> {
  const row = await getSubscription(tx, viewer.sees, id)
  if (!row) throw missing('subscription')
  return row
}

/** Only the driver's partner changes a subscription; its plan's owner reads it. */
async function mustOwn(tx: Tx, viewer: Viewer, id: string): Promise<SubscriptionRow> {
  const row = await mustSee(tx, viewer, id)
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
    throw new DomainError('validation_error', `time_zone: ${timeZone} is no IANA zone`, {
      param: 'time_zone',
    })
  }
  const today = localDateAt(now, timeZone)
  if (wished !== undefined && wished < today) {
    throw new DomainError('validation_error', `starts_on: is before today, ${today}`, {
      param: 'starts_on',
    })
  }
  return wished ?? today
}

/** One month down to its sessions; every amount is that of a rating. */
async function periodView(
  sql: Sql,
  row: SubscriptionRow,
  versions: Versions,
  index: number,
  now: string,
): Promise<SubscriptionPeriod> {
  const { from, to } = periodNumber(row.startsOn, row.timeZone, index)
  const version = versionIn(versions, index)?.planVersion ?? 1
  const plan = await planVersion(sql, row.planId, version)
  if (!plan) throw new Error(`no plan ${row.planId}@${version}`)
  const [fee, uses, found] = await Promise.all([
    feeView(sql, plan, from),
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

/** Numbers of the periods of a page, newest first, and where the next one goes on. */
function pageOfPeriods(newest: number, query: { limit: number; cursor?: string | undefined }) {
  const after = query.cursor === undefined ? newest + 1 : Number(decodeCursorText(query.cursor))
  if (!Number.isSafeInteger(after) || after < 0) throw invalidCursor()
  const first = Math.min(newest, after - 1)
  const count = Math.min(query.limit, first + 1)
  const indexes = Array.from({ length: Math.max(0, count) }, (_, offset) => first - offset)
  const last = indexes.at(-1) ?? 0
  const hasMore = last > 0
  return { indexes, hasMore, nextCursor: hasMore ? encodeCursor(String(last)) : null }
}

export const subscriptionRoutes: Handlers<Contract['subscriptions']> = {
  async create({ tx, viewer, body, now }) {
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
    const view = await viewOf(tx, await mustSee(tx, viewer, id), now)
    await tell(tx, view, 'subscription.created', now)
    return view
  },

  async change_plan({ tx, viewer, params, body, now }) {
    const row = await mustOwn(tx, viewer, params.id)
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
    const view = await viewOf(tx, row, now)
    await tell(tx, view, 'subscription.plan_changed', now)
    return view
  },

  async cancel({ tx, viewer, params, body, now }) {
    const row = await mustOwn(tx, viewer, params.id)
    const present = periodAt(row.startsOn, row.timeZone, now)
    const endsAt = body.when === 'now' || present === undefined ? now : present.to
    if (!(await endSubscription(tx, viewer.accountId, row.id, endsAt))) throw over(row)
    const view = await viewOf(tx, await mustSee(tx, viewer, row.id), now)
    await tell(tx, view, 'subscription.cancelled', now)
    return view
  },

  async get({ tx, viewer, params, now }) {
    return viewOf(tx, await mustSee(tx, viewer, params.id), now)
  },

  async list({ tx, viewer, query, now }) {
    const page = await listSubscriptions(tx, viewer.sees, {
      ...pageRequest(query, 'subscription'),
      driver: query.driver,
      plan: query.plan,
      activeAt: query.active_at,
    })
    const data: Subscription[] = []
    for (const row of page.data) data.push(await viewOf(tx, row, now))
    return { data, has_more: page.hasMore, next_cursor: page.nextCursor }
  },

  async periods({ deps, tx, viewer, params, query, now }) {
    const row = await mustSee(tx, viewer, params.id)
    const versions = await subscriptionVersionsOf(tx, row.id)
    const until = row.endsAt !== null && row.endsAt < now ? row.endsAt : now
    // An end is out: where it is a period's first instant, that period never ran.
    const last = periodAt(row.startsOn, row.timeZone, until)
    const newest = last === undefined ? -1 : last.from === row.endsAt ? last.index - 1 : last.index
    const { indexes, hasMore, nextCursor } = pageOfPeriods(newest, query)
    // The plan's owner sees what it pays a part of, sessions of other parties' included.
    const data: SubscriptionPeriod[] = []
    for (const index of indexes) data.push(await periodView(deps.db, row, versions, index, now))
    return { data, has_more: hasMore, next_cursor: nextCursor }
  },
}
