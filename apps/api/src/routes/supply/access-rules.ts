import { listAccessRules } from '@chargelane/db/queries/locations/access-rules'
import { accessRuleView } from '@chargelane/db/views/supply/access-rules'
import { admit, endRule, mustSeeRule } from '@chargelane/corridor/onboarding/access-rules'
import type { Contract } from '@chargelane/openapi'
import type { Handlers } from '../../http/handler.ts'
import { pageRequest, pageView } from '../../http/page.ts'

export const accessRuleRoutes: Handlers<Contract['access_rules']> = {
  async create(call) {
    return accessRuleView(await admit(call, call.body))
  },

  async end(call) {
    return accessRuleView(await endRule(call, call.params.id))
  },

  async get({ tx, viewer, params }) {
    return accessRuleView(await mustSeeRule(tx, viewer, params.id))
  },

  async list({ tx, viewer, query }) {
    const page = await listAccessRules(tx, viewer.sees, pageRequest(query, 'accessRule'))
    return pageView(page, accessRuleView)
  },
}
