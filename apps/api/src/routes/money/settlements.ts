import { getSettlement, listSettlements } from '@chargelane/db/queries/documents/settlements'
import { statementPdfOf } from '@chargelane/db/queries/documents/statements'
import { recordReturn, retryPayout } from '@chargelane/corridor/settlement/returns'
import { settlementView } from '@chargelane/db/views/money/settlements'
import type { Contract } from '@chargelane/openapi'
import { missing } from '@chargelane/openapi/vocabulary/errors'
import type { Handlers } from '../../http/handler.ts'
import { cutPage, oneMore, pageRequest, pageView } from '../../http/page.ts'
import { ownOrAll } from '../../http/scope.ts'

export const settlementRoutes: Handlers<Contract['settlements']> = {
  async list({ tx, viewer, query }) {
    const page = oneMore(pageRequest(query, 'settlement'))
    const rows = await listSettlements(tx, ownOrAll(viewer), page)
    return pageView(cutPage(rows, query.limit), settlementView)
  },
  async get({ tx, viewer, params }) {
    const row = await getSettlement(tx, ownOrAll(viewer), params.id)
    if (!row) throw missing('settlement')
    return settlementView(row)
  },
  async statement({ tx, viewer, params }) {
    const bytes = await statementPdfOf(tx, ownOrAll(viewer), params.id)
    if (!bytes) throw missing('statement yet')
    return { bytes, filename: `${params.id}.pdf` }
  },
  retry: {
    async outside({ deps, viewer, params, body, now }) {
      const asked = { settlementId: params.id, reason: body.reason, keyId: viewer.keyId, now }
      return settlementView(await retryPayout(deps.db, asked))
    },
  },
  record_return: {
    async outside({ deps, params, body, now }) {
      const { reference, reason, returned_at: returnedAt } = body
      const told = { settlementId: params.id, reference, reason, returnedAt, now }
      return settlementView(await recordReturn(deps.db, told))
    },
  },
  run: {
    async outside({ deps, resourceId }) {
      // One batch per wish: the id was chosen with the idempotency key.
      const batch = `run-${resourceId.slice(-26)}`
      const { workflowId } = await deps.corridor.settle(batch)
      return { batch, workflow_id: workflowId }
    },
  },
}
