import { decideClaim } from '@chargelane/corridor/books/claims'
import {
  getSuspense,
  listSuspense,
  suspenseAging,
  type SuspenseScope,
} from '@chargelane/db/queries/ledger/suspense'
import { openProposalOf } from '@chargelane/db/queries/operations/approvals'
import { suspenseView } from '@chargelane/db/views/money/suspense'
import { approvalView } from '@chargelane/db/views/operations/approvals'
import type { Contract, SuspenseItem } from '@chargelane/openapi'
import { missing } from '@chargelane/openapi/vocabulary/errors'
import type { Call, Handlers, Viewer } from '../../http/handler.ts'
import { cutPage, oneMore, pageRequest, pageView } from '../../http/page.ts'

type Decision = Call<Contract['suspense']['release']>

/** What is between us and a CPO is no partner's business. */
function scopeOf(viewer: Viewer): SuspenseScope {
  return viewer.type === 'cpo' || viewer.type === 'partner' ? { cpo: viewer.accountId } : 'all'
}

const decide = (
  { deps, viewer, params, body, now }: Decision,
  verb: 'release' | 'grant',
): Promise<SuspenseItem> =>
  decideClaim(deps.db, { id: params.id, verb, reason: body.reason }, { keyId: viewer.keyId, now })

export const suspenseRoutes: Handlers<Contract['suspense']> = {
  async list({ tx, viewer, query, now }) {
    const page = oneMore(pageRequest(query, 'suspenseItem'))
    const rows = await listSuspense(tx, scopeOf(viewer), {
      ...page,
      now,
      ...(query.status === undefined ? {} : { status: query.status }),
      ...(query.session === undefined ? {} : { sessionId: query.session }),
      ...(query.cpo === undefined ? {} : { cpoId: query.cpo }),
      ...(query.due === undefined ? {} : { due: query.due === 'true' }),
    })
    return pageView(cutPage(rows, query.limit), (row) => suspenseView(row, now))
  },
  async get({ deps, tx, viewer, params, now }) {
    const row = await getSuspense(tx, scopeOf(viewer), params.id)
    if (!row) throw missing('claim')
    // What our people propose is not a tenant's to read, but that it waits is.
    const proposal = await openProposalOf(deps.db, row.id)
    return suspenseView(row, now, proposal === undefined ? null : approvalView(proposal))
  },
  async aging({ tx, viewer, now }) {
    const rows = await suspenseAging(tx, scopeOf(viewer), now)
    return {
      as_of: now,
      data: rows.map((row) => ({
        cpo: row.cpoId,
        account: row.account,
        items: row.items,
        amount: row.amount,
        due_items: row.dueItems,
        due_amount: row.due,
        oldest_at: row.oldestAt,
      })),
    }
  },
  release: { outside: (call) => decide(call, 'release') },
  grant: { outside: (call) => decide(call, 'grant') },
}
