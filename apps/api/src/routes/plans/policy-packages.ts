import { listPolicyFaults, listPolicyPackages } from '@chargelane/db/queries/policies/packages'
import { policyFaultView, policyPackageView } from '@chargelane/db/views/policies/packages'
import {
  activatePackage,
  dryRunPackage,
  mustSeePackage,
  retirePackage,
  uploadPackage,
} from '@chargelane/corridor/policy/packages'
import type { Contract } from '@chargelane/openapi'
import type { Deps, Handlers, Viewer } from '../../http/handler.ts'
import { pageRequest, pageView } from '../../http/page.ts'

type Outside = { deps: Deps; viewer: Viewer; now: string }
/** Code is called while no tx waits for it. */
const actOf = ({ deps, viewer, now }: Outside) => ({
  db: deps.db,
  lanes: deps.policies,
  viewer,
  now,
})

export const policyPackageRoutes: Handlers<Contract['policy_packages']> = {
  create: {
    resource: 'policyPackage',
    outside: async (call) =>
      policyPackageView(await uploadPackage(actOf(call), call.resourceId, call.body)),
  },
  activate: {
    outside: async (call) => policyPackageView(await activatePackage(actOf(call), call.params.id)),
  },
  dry_run: { outside: (call) => dryRunPackage(actOf(call), call.params.id, call.body) },

  async retire(call) {
    return policyPackageView(await retirePackage(call, call.params.id))
  },

  async get({ tx, viewer, params }) {
    return policyPackageView(await mustSeePackage(tx, viewer, params.id))
  },

  async source({ tx, viewer, params }) {
    const { name, version, source } = await mustSeePackage(tx, viewer, params.id)
    return { bytes: Buffer.from(source, 'utf8'), filename: `${name}-${version}.js` }
  },

  async list({ tx, viewer, query }) {
    const page = await listPolicyPackages(tx, viewer.sees, pageRequest(query, 'policyPackage'))
    return pageView(page, policyPackageView)
  },

  async faults({ tx, viewer, params, query }) {
    const { id: packageId } = await mustSeePackage(tx, viewer, params.id)
    const page = { ...pageRequest(query, 'policyFault'), packageId }
    return pageView(await listPolicyFaults(tx, viewer.sees, page), policyFaultView)
  },
}
