import type { Payout as ShownPayout } from '@chargelane/openapi'
import { meaningOf } from '@chargelane/rules/bank/pain002'
import type { Payout } from '../../queries/documents/payouts.ts'

const hasFailed = ({ state }: Payout) => state === 'failed' || state === 'returned'

export function payoutView(row: Payout): ShownPayout {
  const meaning = meaningOf(row.failureCode)
  return {
    id: row.id,
    settlement: row.settlementId,
    payee: row.payee.id,
    role: row.payee.role,
    attempt: row.attempt,
    amount: row.amount,
    state: row.state,
    rail: row.rail,
    rail_reason: row.railReason,
    instant: row.isInstant,
    bank_account: row.bankAccountId,
    file: row.fileId,
    bank_reference: row.bankReference,
    failure: hasFailed(row)
      ? {
          code: row.failureCode,
          message: meaning.words,
          detail: row.failureReason,
          next: meaning.next,
        }
      : null,
    created_at: row.createdAt,
    sent_at: row.sentAt,
    paid_at: row.paidAt,
    ended_at: row.endedAt,
  }
}
