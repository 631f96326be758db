import type { BankAccount } from '@chargelane/openapi'
import { numberEnd } from '@chargelane/rules/bank/account'
import {
  type BankAccountRow,
  shownCheckName,
  shownDetails,
} from '../../queries/partners/bank-accounts.ts'

export function bankAccountView(row: BankAccountRow): BankAccount {
  const details = shownDetails(row)
  return {
    id: row.id,
    account: row.accountId,
    type: row.type,
    country: row.country,
    currency: row.currency,
    last4: details === undefined ? null : numberEnd(details.numbers),
    holder: details?.holder ?? null,
    state: row.state,
    payee_check: row.payeeCheck,
    payee_name: row.payeeCheck === 'close_match' ? shownCheckName(row) : null,
    checked_at: row.checkedAt,
    usable_from: row.usableFrom,
    confirmed: row.confirmedBy !== null,
    reason: row.reason,
    active_from: row.activeFrom,
    ended_at: row.endedAt,
    created_at: row.createdAt,
  }
}
