import type { Balance } from '@chargelane/openapi'
import { money } from '@chargelane/rules/money'
import type { PayeeBalance } from '../../queries/documents/balances.ts'

export const balanceView = (
  { currency, pending, available, inTransit, negative, negativeSince }: PayeeBalance,
  { account, asOf, reserved }: { account: string; asOf: string; reserved: number },
): Balance => ({
  account,
  currency,
  as_of: asOf,
  pending: money(pending, currency),
  available: money(available, currency),
  reserved: money(reserved, currency),
  in_transit: money(inTransit, currency),
  negative: money(negative, currency),
  negative_since: negativeSince,
})
