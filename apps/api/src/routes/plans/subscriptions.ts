import { decodeCursorText, encodeCursor, invalidCursor } from '@chargelane/db/queries/page'
import {
  listSubscriptions,
  subscriptionVersionsOf,
} from '@chargelane/db/queries/plans/subscriptions'
import { newestPeriod, showPeriod } from '@chargelane/corridor/plan/periods'
import {
  cancelSubscription,
  changePlan,
  mustSeeSubscription,
  showSubscription,
  subscribe,
} from '@chargelane/corridor/plan/subscriptions'
import type { Contract, Subscription, SubscriptionPeriod } from '@chargelane/openapi'
import type { Handlers } from '../../http/handler.ts'
import { pageRequest } from '../../http/page.ts'

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
  create: (call) => subscribe(call, call.body),
  change_plan: (call) => changePlan(call, call.params.id, call.body),
  cancel: (call) => cancelSubscription(call, call.params.id, call.body),

  async get({ tx, viewer, params, now }) {
    return showSubscription(tx, await mustSeeSubscription(tx, viewer, params.id), now)
  },

  async list({ tx, viewer, query, now }) {
    const page = await listSubscriptions(tx, viewer.sees, {
      ...pageRequest(query, 'subscription'),
      driver: query.driver,
      plan: query.plan,
      activeAt: query.active_at,
    })
    const data: Subscription[] = []
    for (const row of page.data) data.push(await showSubscription(tx, row, now))
    return { data, has_more: page.hasMore, next_cursor: page.nextCursor }
  },

  async periods({ deps, tx, viewer, params, query, now }) {
    const row = await mustSeeSubscription(tx, viewer, params.id)
    const versions = await subscriptionVersionsOf(tx, row.id)
    const { indexes, hasMore, nextCursor } = pageOfPeriods(newestPeriod(row, now), query)
    // The plan's owner sees what it pays a part of, sessions of other parties' included.
    const data: SubscriptionPeriod[] = []
    for (const index of indexes) data.push(await showPeriod(deps.db, row, versions, index, now))
    return { data, has_more: hasMore, next_cursor: nextCursor }
  },
}
