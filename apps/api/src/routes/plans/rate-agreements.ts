import { listRateAgreements } from '@chargelane/db/queries/partners/rate-agreements'
import { rateAgreementView } from '@chargelane/db/views/plans/rate-agreements'
import {
  acceptAgreement,
  amendAgreement,
  endAgreement,
  mustSeeAgreement,
  offerAgreement,
  proposeAgreement,
  rejectAgreement,
} from '@chargelane/corridor/agreement/rate-agreements'
import type { Contract } from '@chargelane/openapi'
import type { Handlers } from '../../http/handler.ts'
import { pageRequest, pageView } from '../../http/page.ts'

export const rateAgreementRoutes: Handlers<Contract['rate_agreements']> = {
  create: (call) => offerAgreement(call, call.deps.db, call.body),
  amend: (call) => amendAgreement(call, call.params.id, call.body),
  propose: (call) => proposeAgreement(call, call.params.id),
  accept: (call) => acceptAgreement(call, call.params.id),
  reject: (call) => rejectAgreement(call, call.params.id, call.body),
  end: (call) => endAgreement(call, call.params.id, call.body),

  async get({ tx, viewer, params, query, now }) {
    return rateAgreementView(await mustSeeAgreement(tx, viewer, params.id, now, query.version), now)
  },

  async list({ tx, viewer, query, now }) {
    const page = await listRateAgreements(tx, viewer.sees, pageRequest(query, 'rateAgreement'), now)
    return pageView(page, (row) => rateAgreementView(row, now))
  },
}
