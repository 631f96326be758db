import { giveUpDebt, payDebt } from '@chargelane/corridor/books/debts'
import { openProposalOf } from '@chargelane/db/queries/operations/approvals'
import { getDebt, listDebts } from '@chargelane/db/queries/payments/debts'
import { debtView } from '@chargelane/db/views/money/debts'
import { approvalView } from '@chargelane/db/views/operations/approvals'
import type { Contract } from '@chargelane/openapi'
import { missing } from '@chargelane/openapi/vocabulary/errors'
import type { Handlers } from '../../http/handler.ts'
import { cutPage, oneMore, pageRequest, pageView } from '../../http/page.ts'
import { bySession, ownOrAll } from '../../http/scope.ts'

export const debtRoutes: Handlers<Contract['debts']> = {
  async list({ tx, viewer, query }) {
    const page = oneMore(pageRequest(query, 'debt'))
    const rows = await listDebts(tx, ownOrAll(viewer), {
      ...page,
      ...bySession(query),
      ...(query.status === undefined ? {} : { status: query.status }),
      ...(query.account === undefined ? {} : { partnerId: query.account }),
    })
    return pageView(cutPage(rows, query.limit), (row) => debtView(row))
  },
  async get({ deps, tx, viewer, params }) {
    const row = await getDebt(tx, ownOrAll(viewer), params.id)
    if (!row) throw missing('debt')
    // What our people propose is not a tenant's to read, but that it waits is.
    const proposal = await openProposalOf(deps.db, row.id)
    return debtView(row, proposal === undefined ? null : approvalView(proposal))
  },
  pay: {
    outside: ({ deps, viewer, params, body, now }) =>
      payDebt(deps.db, params.id, body, { keyId: viewer.keyId, now }),
  },
  waive: {
    outside: ({ deps, viewer, params, body, now }) =>
      giveUpDebt(
        deps.db,
        { id: params.id, verb: 'waive', reason: body.reason },
        { keyId: viewer.keyId, now },
      ),
  },
  write_off: {
    outside: ({ deps, viewer, params, body, now }) =>
      giveUpDebt(
        deps.db,
        { id: params.id, verb: 'write_off', reason: body.reason },
        { keyId: viewer.keyId, now },
      ),
  },
}
