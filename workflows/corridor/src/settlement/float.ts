// Payouts may leave before the provider has paid the sales' money out: as far as the platform's float goes, and honestly.
import type { Tx } from '@chargelane/db'
import { onTheWay, type Settlement } from '@chargelane/db/queries/documents/settlements'
import { balanceOf } from '@chargelane/db/queries/ledger/balances'
import { lockThing } from '@chargelane/db/queries/lock'
import { settingsNow } from '@chargelane/db/queries/operations/settings'
import { accounts } from '@chargelane/rules/ledger'

/**
 * Whether the bank account and the float bear this payout beside all that are on their way. Until the end of the tx no
 * other payout of the currency is decided on, so that two of them do not count the same money.
 */
export async function isBorne(tx: Tx, { id, amount }: Settlement): Promise<boolean> {
  const { currency } = amount
  const { float_limits: limits } = await settingsNow(tx)
  const limit = limits?.find((each) => each.currency === currency)
  if (limit === undefined) return true
  await lockThing(tx, `float:${currency}`)
  const there = await balanceOf(tx, accounts.bank(currency))
  const room = there + limit.amount - (await onTheWay(tx, currency, id))
  return amount.amount <= room
}
