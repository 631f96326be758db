import { getPlan, listPlans } from '@chargelane/db/queries/plans/plans'
import { ratingsOfSession } from '@chargelane/db/queries/plans/ratings'
import { ratingView } from '@chargelane/db/views/plans/ratings'
import { addPlanVersion, createPlan, retirePlan, showPlan } from '@chargelane/corridor/plan/plans'
import type { Contract } from '@chargelane/openapi'
import { missing } from '@chargelane/openapi/vocabulary/errors'
import type { Handlers } from '../../http/handler.ts'
import { pageRequest, pageView } from '../../http/page.ts'
import { readSession } from '../../session/read.ts'

export const planRoutes: Handlers<Contract['plans']> = {
  create: (call) => createPlan(call, call.body),
  add_version: (call) => addPlanVersion(call, call.params.id, call.body),
  retire: (call) => retirePlan(call, call.params.id),

  // A seller's tax particulars are not every tenant's to read, so its fee is read in the process's own name.
  async get({ deps, tx, params, query, now }) {
    const row = await getPlan(tx, params.id, query.version)
    if (!row) throw missing('plan')
    return showPlan(deps.db, row, now)
  },

  async list({ deps, tx, query, now }) {
    const page = await listPlans(tx, { ...pageRequest(query, 'plan'), ownerId: query.owner })
    const data = await Promise.all(page.data.map((row) => showPlan(deps.db, row, now)))
    return pageView({ ...page, data }, (plan) => plan)
  },
}

export const ratingRoutes: Handlers<Contract['ratings']> = {
  async list({ tx, viewer, params }) {
    await readSession(tx, viewer, params.id)
    return { data: (await ratingsOfSession(tx, params.id)).map(ratingView) }
  },
}
