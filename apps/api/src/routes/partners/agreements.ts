import {
  acceptTerms,
  amendTerms,
  endTerms,
  mustSeeAgreement,
  proposeDraft,
  proposeTerms,
  rejectTerms,
} from '@chargelane/corridor/agreement/distribution'
import { listAgreements } from '@chargelane/db/queries/partners/agreements'
import { agreementView } from '@chargelane/db/views/partners/agreements'
import type { Contract } from '@chargelane/openapi'
import type { Handlers } from '../../http/handler.ts'
import { pageRequest, pageView } from '../../http/page.ts'

export const agreementRoutes: Handlers<Contract['agreements']> = {
  create: (call) => proposeTerms(call, call.body),
  amend: (call) => amendTerms(call, call.params.id, call.body),
  propose: (call) => proposeDraft(call, call.params.id),
  accept: (call) => acceptTerms(call, call.params.id),
  reject: (call) => rejectTerms(call, call.params.id, call.body),
  end: (call) => endTerms(call, call.params.id, call.body),

  async get({ tx, viewer, params, query, now }) {
    return agreementView(await mustSeeAgreement(tx, viewer, params.id, now, query.version), now)
  },

  async list({ tx, viewer, query, now }) {
    const page = {
      ...pageRequest(query, 'agreement'),
      ...(query.account && { of: query.account }),
      ...(query.side && { side: query.side }),
    }
    const rows = await listAgreements(tx, viewer.sees, page, now)
    return pageView(rows, (row) => agreementView(row, now))
  },
}
