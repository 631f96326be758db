import type { PrepaidBalance } from '@chargelane/openapi'
import type { Money } from '@chargelane/openapi/vocabulary/money'
import type { Prepaid } from '../../queries/payments/prepaid.ts'

export const prepaidBalanceView = (
  { accountId, lowBelow, lowSince }: Prepaid,
  { paidIn, held, available }: Record<'paidIn' | 'held' | 'available', Money>,
): PrepaidBalance => ({
  account: accountId,
  currency: lowBelow.currency,
  paid_in: paidIn,
  held,
  available,
  low_below: lowBelow,
  low_since: lowSince,
})
