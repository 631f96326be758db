import { reverseEntry } from '@chargelane/corridor/books/reversal'
import { type Entry, entriesOfSession, trialBalance } from '@chargelane/db/queries/ledger/ledger'
import { getSession } from '@chargelane/db/queries/sessions/sessions'
import { approvalView } from '@chargelane/db/views/operations/approvals'
import type { Contract, LedgerEntry } from '@chargelane/openapi'
import { missing } from '@chargelane/openapi/vocabulary/errors'
import type { Handlers } from '../../http/handler.ts'

const entryView = (row: Entry): LedgerEntry => ({
  id: row.id,
  key: row.key,
  kind: row.kind,
  session: row.sessionId,
  effective_at: row.effectiveAt,
  recorded_at: row.recordedAt,
  postings: row.postings,
})

export const ledgerRoutes: Handlers<Contract['ledger']> = {
  async trial_balance({ tx, now }) {
    const balance = await trialBalance(tx)
    return {
      as_of: now,
      accounts: balance.accounts.map((row) => ({
        account: row.account,
        currency: row.balance.currency,
        debit: String(row.debit.amount),
        credit: String(row.credit.amount),
        balance: String(row.balance.amount),
      })),
      totals: balance.currencies.map((row) => ({
        currency: row.difference.currency,
        debit: String(row.debit.amount),
        credit: String(row.credit.amount),
        difference: String(row.difference.amount),
      })),
    }
  },
  async entries({ tx, query }) {
    if (!(await getSession(tx, 'all', query.session))) throw missing('session', 'session')
    const rows = await entriesOfSession(tx, query.session)
    return {
      data: rows.map(entryView),
    }
  },
  reverse: {
    async outside({ deps, viewer, params, body, now }) {
      const by = { keyId: viewer.keyId, now }
      const { reason } = body
      const { approval, entry } = await reverseEntry(deps.db, { id: params.id, reason }, by)
      return { approval: approvalView(approval), entry: entry && entryView(entry) }
    },
  },
}
