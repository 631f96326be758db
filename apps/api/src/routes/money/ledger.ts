import { closePeriod } from '@chargelane/corridor/books/close'
import { reverseEntry } from '@chargelane/corridor/books/reversal'
import {
  type LedgerClose as StoredClose,
  type LedgerPeriod as StoredPeriod,
  listCloses,
  listPeriods,
} from '@chargelane/db/queries/ledger/closes'
import { type Entry, entryById, listEntries } from '@chargelane/db/queries/ledger/ledger'
import { decodeCursorText, invalidCursor, pageOf } from '@chargelane/db/queries/page'
import { trialBalance } from '@chargelane/db/queries/ledger/balances'
import { getSession } from '@chargelane/db/queries/sessions/sessions'
import { approvalView } from '@chargelane/db/views/operations/approvals'
import type { Contract, LedgerClose, LedgerEntry, LedgerPeriod } from '@chargelane/openapi'
import { missing } from '@chargelane/openapi/vocabulary/errors'
import { chart } from '@chargelane/rules/ledger/chart'
import * as z from 'zod'
import type { Handlers } from '../../http/handler.ts'
import { pageView } from '../../http/page.ts'

const closeView = (row: StoredClose): LedgerClose => {
  const { entries, digest } = zBody.parse(JSON.parse(row.body))
  return {
    sequence: row.sequence,
    day: row.day,
    entries,
    through_entry: row.throughEntry,
    digest,
    body: row.body,
    hash: row.hash,
    key_id: row.keyId,
    signature: row.signature,
    closed_at: row.closedAt,
  }
}

const zBody = z.object({ entries: z.int(), digest: z.string() })

const periodView = (row: StoredPeriod): LedgerPeriod => ({
  open_from: row.openFrom,
  reason: row.reason,
  proposed_by: row.proposedBy,
  approved_by: row.approvedBy,
  closed_at: row.closedAt,
})

/** Entries and closes are counted; a cursor is the number of the last. */
function numberOf(cursor: string | undefined): number | undefined {
  if (cursor === undefined) return undefined
  const text = decodeCursorText(cursor)
  if (!/^[1-9]\d{0,14}$/.test(text)) throw invalidCursor()
  return Number(text)
}

const entryView = (row: Entry): LedgerEntry => ({
  id: row.id,
  key: row.key,
  kind: row.kind,
  session: row.sessionId,
  effective_at: row.effectiveAt,
  occurred_at: row.occurredAt,
  recorded_at: row.recordedAt,
  postings: row.postings,
})

export const ledgerRoutes: Handlers<Contract['ledger']> = {
  async trial_balance({ tx, query, now }) {
    const balance = await trialBalance(tx, query.as_of)
    return {
      as_of: query.as_of ?? now,
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
  async chart() {
    return {
      data: chart.map(({ name, kind, normalSide, meaning, clearsWithinDays }) => ({
        name,
        kind,
        normal_side: normalSide,
        meaning,
        clears_within_days: clearsWithinDays ?? null,
      })),
    }
  },
  /** A provider's reference is found among refunds too, which are read in the process's own name alone. */
  entries: {
    async outside({ deps: { db }, query }) {
      const {
        limit,
        cursor,
        session,
        amount_min: amountMin,
        amount_max: amountMax,
        ...rest
      } = query
      if (session !== undefined && !(await getSession(db, 'all', session)))
        throw missing('session', 'session')
      const rows = await listEntries(db, {
        ...rest,
        sessionId: session,
        amountMin,
        amountMax,
        beforeId: numberOf(cursor),
        limit: limit + 1,
      })
      return pageView(
        pageOf(rows, limit, ({ id }) => String(id)),
        entryView,
      )
    },
  },
  async entry({ tx, params }) {
    const row = await entryById(tx, params.id)
    if (row === undefined) throw missing('ledger entry')
    return entryView(row)
  },
  async closes({ tx, query }) {
    const rows = await listCloses(tx, { before: numberOf(query.cursor), limit: query.limit + 1 })
    return pageView(
      pageOf(rows, query.limit, ({ sequence }) => String(sequence)),
      closeView,
    )
  },
  async periods({ tx }) {
    return { data: (await listPeriods(tx)).map(periodView) }
  },
  close_period: {
    async outside({ deps, viewer, body, now }) {
      const wish = { openFrom: body.open_from, reason: body.reason }
      const { approval, period } = await closePeriod(deps.db, wish, { keyId: viewer.keyId, now })
      return { approval: approvalView(approval), period: period && periodView(period) }
    },
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
