import { listSplitPolicies } from '@chargelane/db/queries/partners/split-policies'
import {
  getSimulation,
  listSplitItems,
  simulationLines,
} from '@chargelane/db/queries/partners/split-records'
import {
  simulationLineView,
  simulationView,
  splitItemView,
  splitPolicyView,
} from '@chargelane/db/views/money/split-policies'
import { addGoldenStatement, goldensShown } from '@chargelane/corridor/split/goldens'
import {
  activatePolicy,
  amendPolicy,
  draftPolicy,
  retirePolicy,
  updatePolicy,
} from '@chargelane/corridor/split/policies'
import { mustSeePolicy } from '@chargelane/corridor/split/see'
import { beginSimulation } from '@chargelane/corridor/split/simulation'
import type { Contract } from '@chargelane/openapi'
import { missing } from '@chargelane/openapi/vocabulary/errors'
import { decodeCursorText } from '@chargelane/db/queries/page'
import type { Handlers } from '../../http/handler.ts'
import { pageRequest, pageView } from '../../http/page.ts'

export const splitPolicyRoutes: Handlers<Contract['split_policies']> = {
  create: (call) => draftPolicy(call, call.deps.db, call.body),
  update: (call) => updatePolicy(call, call.deps.db, { id: call.params.id, body: call.body }),
  amend: (call) => amendPolicy(call, call.deps.db, { id: call.params.id, body: call.body }),
  activate: (call) => activatePolicy(call, call.deps.db, call.params.id),
  retire: (call) => retirePolicy(call, call.params.id, call.body),
  get: async ({ tx, viewer, params, query }) =>
    splitPolicyView(await mustSeePolicy(tx, viewer, params.id, query.version)),

  async list({ tx, viewer, query }) {
    const page = await listSplitPolicies(tx, viewer.sees, pageRequest(query, 'splitPolicy'))
    return pageView(page, splitPolicyView)
  },

  add_golden: (call) => addGoldenStatement(call, call.params.id, call.body),
  goldens: async (call) => ({ data: await goldensShown(call, call.params.id) }),

  simulate: {
    resource: 'splitSimulation',
    async outside({ deps, viewer, params, body, resourceId, now }) {
      const made = await deps.db.tx((tx) =>
        beginSimulation({ tx, viewer, now }, { id: resourceId, policyId: params.id, ...body }),
      )
      await deps.corridor.simulate(resourceId)
      return simulationView(made)
    },
  },
}

export const splitSimulationRoutes: Handlers<Contract['split_simulations']> = {
  async get({ tx, viewer, params }) {
    const row = await getSimulation(tx, viewer.sees, params.id)
    if (row === undefined) throw missing('simulation')
    return simulationView(row)
  },

  async lines({ tx, viewer, params, query }) {
    if ((await getSimulation(tx, viewer.sees, params.id)) === undefined) throw missing('simulation')
    const { limit, cursor } = query
    const after = cursor === undefined ? {} : { after: decodeCursorText(cursor) }
    return pageView(await simulationLines(tx, params.id, { limit, ...after }), simulationLineView)
  },
}

export const splitItemRoutes: Handlers<Contract['split_items']> = {
  async list({ tx, viewer, query }) {
    const asked = { ...pageRequest(query, 'splitItem'), policy: query.policy }
    return pageView(await listSplitItems(tx, viewer.sees, asked), splitItemView)
  },
}
