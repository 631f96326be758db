import { listPartyClaims } from '@chargelane/db/queries/partners/parties'
import { partyView } from '@chargelane/db/views/partners/parties'
import { claim, decide } from '@chargelane/corridor/onboarding/parties'
import type { Contract } from '@chargelane/openapi'
import type { Handlers } from '../../http/handler.ts'
import { pageRequest, pageView } from '../../http/page.ts'

export const partyRoutes: Handlers<Contract['parties']> = {
  async claim(call) {
    return partyView(await claim(call, call.body, call.deps.grantsAtOnce))
  },

  async decide(call) {
    return partyView(await decide(call, call.params.id, call.body))
  },

  async list({ tx, viewer, query }) {
    const page = pageRequest(query, 'partyClaim')
    const { status } = query
    const rows = await listPartyClaims(tx, viewer.sees, {
      ...page,
      ...(status === undefined ? {} : { status }),
    })
    return pageView(rows, partyView)
  },
}
