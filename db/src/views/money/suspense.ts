import type { Suspense } from '../../queries/ledger/suspense.ts'
import type { Approval, SuspenseItem } from '@chargelane/openapi'

const dayMs = 86_400_000

export const suspenseView = (
  row: Suspense,
  now: string,
  proposal: Approval | null = null,
): SuspenseItem => ({
  id: row.id,
  session: row.sessionId,
  cdr: row.cdrId,
  cpo: row.cpoId,
  amount: row.amount,
  account: row.account,
  entry: row.entryKey,
  rules: row.rules,
  reasons: row.reasons,
  status: row.status,
  age_days: Math.max(0, Math.floor((Date.parse(now) - Date.parse(row.openedAt)) / dayMs)),
  dispute_due: row.status === 'open' && row.disputeDueAt <= now,
  dispute_due_at: row.disputeDueAt,
  opened_at: row.openedAt,
  closed_at: row.closedAt,
  closed_reason: row.closedReason,
  proposal,
})
