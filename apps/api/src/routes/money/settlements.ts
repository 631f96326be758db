import { entriesOfSession, trialBalance } from '@chargelane/db/queries/ledger/ledger'
import { getSession } from '@chargelane/db/queries/sessions/sessions'
import {
  getSettlement,
  listSettlements,
  statementPdfOf,
} from '@chargelane/db/queries/documents/settlements'
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
  run: {
    async outside({ deps, resourceId }) {
      // One batch per wish: the id was chosen with the idempotency key.
      const batch = `run-${resourceId.slice(-26)}`
      const { workflowId } = await deps.corridor.settle(batch)
      return { batch, workflow_id: workflowId }
    },
  },
}

export const ledgerRoutes: Handlers<Contract['ledger']> = {
  async trial_balance({ tx, now }) {
    const balance = await trialBalance(tx)
    return {
      as_of: now,
      accounts: balance.accounts.map((row) => ({
        account: row.account,
        currency: row.balance.currency,
        debit: row.debit.amount,
        credit: row.credit.amount,
        balance: row.balance.amount,
      })),
      totals: balance.currencies.map((row) => ({
        currency: row.difference.currency,
        debit: row.debit.amount,
        credit: row.credit.amount,
        difference: row.difference.amount,
      })),
    }
  },
  async entries({ tx, query }) {
    if (!(await getSession(tx, 'all', query.session))) throw missing('session', 'session')
    const rows = await entriesOfSession(tx, query.session)
    return {
      data: rows.map((row) => ({
        id: row.id,
        key: row.key,
        kind: row.kind,
        session: row.sessionId,
        effective_at: row.effectiveAt,
        recorded_at: row.recordedAt,
        postings: row.postings,
      })),
    }
  },
}
