import type { Approval, BankLine } from '@chargelane/openapi'
import type { BankLine as StoredBankLine } from '../../queries/ledger/bank-lines.ts'

export const bankLineView = (row: StoredBankLine, proposal: Approval | null = null): BankLine => ({
  id: row.id,
  reference: row.reference,
  account: row.accountId,
  purpose: row.purpose,
  amount: row.amount,
  waiting: row.status === 'waiting' ? row.unmatched : { ...row.unmatched, amount: 0 },
  status: row.status,
  received_at: row.receivedAt,
  recorded_at: row.recordedAt,
  released_to: row.releasedTo,
  closed_at: row.closedAt,
  closed_reason: row.closedReason,
  proposal,
})
