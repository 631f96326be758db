// What a partner has paid in: reserved and released under one lock, and told of when little is left.
import type { Sql, Tx } from '@chargelane/db'
import { balanceOf } from '@chargelane/db/queries/ledger/balances'
import { appendEvent } from '@chargelane/db/queries/outbox/outbox'
import {
  heldOfPrepaid,
  lockPrepaid,
  markLow,
  type Prepaid,
  prepaidOfAccount,
} from '@chargelane/db/queries/payments/prepaid'
import { changePayment } from '@chargelane/db/queries/payments/payments'
import type { Payment } from '@chargelane/db/queries/payments/payments'
import { prepaidBalanceView } from '@chargelane/db/views/money/prepaid-balances'
import type { PrepaidBalance } from '@chargelane/openapi'
import type { Money } from '@chargelane/openapi/vocabulary/money'
import { accounts } from '@chargelane/rules/ledger'
import { compare, money, subtract } from '@chargelane/rules/money'

type Whose = { accountId: string; currency: string }

export type Room = { paidIn: Money; held: Money; available: Money }

/** By the books and the holds as they stand; only a hold decides. */
export async function roomOf(sql: Sql, whose: Whose): Promise<Room> {
  const { accountId, currency } = whose
  const [booked, held] = await Promise.all([
    balanceOf(sql, accounts.prepaid(accountId, currency)),
    heldOfPrepaid(sql, whose),
  ])
  const paidIn = money(-booked, currency)
  return { paidIn, held, available: subtract(paidIn, held) }
}

export const showPrepaid = async (sql: Sql, row: Prepaid): Promise<PrepaidBalance> =>
  prepaidBalanceView(
    row,
    await roomOf(sql, { accountId: row.accountId, currency: row.lowBelow.currency }),
  )

/** The partner hears once that little is left, until it has paid in again. */
export async function tellOfRoom(tx: Tx, whose: Whose, at: string): Promise<void> {
  const row = await prepaidOfAccount(tx, whose)
  if (row === undefined) return
  const { available } = await roomOf(tx, whose)
  const isLow = compare(available, row.lowBelow) < 0
  if (isLow === (row.lowSince !== null)) return
  await markLow(tx, whose, isLow ? at : null)
  if (!isLow) return
  await appendEvent(tx, {
    accountId: whose.accountId,
    type: 'prepaid_balance.low',
    objectId: whose.accountId,
    data: await showPrepaid(tx, { ...row, lowSince: at }),
    dedupeKey: `prepaid_low:${whose.accountId}:${whose.currency}:${at}`,
    at,
  })
}

/** Decides under the lock whether this much more is there, and writes the hold down with that. */
export async function reserve(
  tx: Tx,
  row: Payment,
  more: Money,
  change: Parameters<typeof changePayment>[2],
  at: string,
): Promise<boolean> {
  const whose = { accountId: row.accountId, currency: more.currency }
  await lockPrepaid(tx, whose)
  if (compare(more, (await roomOf(tx, whose)).available) > 0) return false
  await changePayment(tx, row.id, change, row.updatedAt)
  await tellOfRoom(tx, whose, at)
  return true
}
