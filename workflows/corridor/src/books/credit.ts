// How much a partner may come to owe, and how much of that is used: what it was charged, what runs, what it stands for.
import type { Sql } from '@chargelane/db'
import { balanceOf } from '@chargelane/db/queries/ledger/balances'
import { paymentSourceById } from '@chargelane/db/queries/payments/payments'
import { drawnByDebts } from '@chargelane/db/queries/payments/debts'
import { insuredRest } from '@chargelane/db/queries/payments/risk-policies'
import {
  creditLine,
  type CreditLine as Line,
  heldOnAccount,
} from '@chargelane/db/queries/plans/credit-lines'
import { settingsNow } from '@chargelane/db/queries/operations/settings'
import type { Money } from '@chargelane/openapi/vocabulary/money'
import { kindsOwedByPartner } from '@chargelane/rules/booking/kinds'
import { accounts } from '@chargelane/rules/ledger'
import { money } from '@chargelane/rules/money'

export type Drawn = {
  /** By the books; negative where the partner paid ahead. */
  owed: Money
  /** By sessions that run. */
  held: Money
  /** Of open debts. */
  guaranteed: Money
  /** What its own plans paid of its drivers' prices, beyond its shares. */
  sponsored: Money
  /** Of what it paid ahead, what a debt was paid with that is not yet in the books. */
  promised: Money
}

type Whose = { accountId: string; currency: string }

export async function drawnOf(sql: Sql, whose: Whose): Promise<Drawn> {
  const { accountId, currency } = whose
  const [owed, sponsored, held, debts] = await Promise.all([
    balanceOf(sql, accounts.onAccount(accountId, currency)),
    balanceOf(sql, accounts.sponsored(accountId, currency)),
    heldOnAccount(sql, whose),
    drawnByDebts(sql, whose),
  ])
  return {
    owed: money(owed, currency),
    sponsored: money(sponsored, currency),
    held,
    ...debts,
  }
}

/** Limits and what is drawn of them may together be more than one amount may be. */
const all = (parts: readonly Money[]) => parts.reduce((sum, { amount }) => sum + BigInt(amount), 0n)

const most = BigInt(Number.MAX_SAFE_INTEGER)

/** What is left of limit, deposit and reserve. What was paid ahead is room as well. */
export function availableOf(
  line: Pick<Line, 'limit' | 'deposit' | 'reserve'> | undefined,
  { owed, held, guaranteed, sponsored, promised }: Drawn,
): Money {
  const granted = line === undefined ? 0n : all([line.limit, line.deposit, line.reserve])
  const left = granted - all([owed, held, guaranteed, sponsored, promised])
  const shown = left > most ? most : left < -most ? -most : left
  return money(Number(shown), owed.currency)
}

/** What an account may come to owe: its line, else what the platform lets the owner of a plan owe without one. */
export async function planLineOf(
  sql: Sql,
  { accountId, currency }: Whose,
): Promise<Pick<Line, 'limit' | 'deposit' | 'reserve'>> {
  const line = await creditLine(sql, accountId, currency)
  if (line !== undefined) return line
  const none = money(0, currency)
  const { plan_limits: limits } = await settingsNow(sql)
  const limit = limits?.find((each) => each.currency === currency) ?? none
  return { limit, deposit: none, reserve: none }
}

/**
 * Of energy that nobody paid: what the partner's credit pays at once, and what is stood for, by the partner within its
 * limit or by the risk policy of the source. A source whose sessions the partner owes anyway is charged on its account as
 * far as its line has room: that is no debt.
 */
export async function standsFor(
  sql: Sql,
  {
    accountId,
    paymentSourceId,
    amount,
  }: { accountId: string; paymentSourceId: string; amount: Money },
): Promise<{ credited: Money; guaranteed: Money }> {
  const { currency } = amount
  const [source, line, drawn, insured] = await Promise.all([
    paymentSourceById(sql, paymentSourceId),
    creditLine(sql, accountId, currency),
    drawnOf(sql, { accountId, currency }),
    insuredRest(sql, { accountId, paymentSourceId, currency }),
  ])
  const within = (wish: number, room: number) => money(Math.max(0, Math.min(wish, room)), currency)
  const { owed, held, promised } = drawn
  const isOnAccount = source !== undefined && kindsOwedByPartner.includes(source.kind)
  const ahead = -owed.amount - held.amount - promised.amount
  const own = isOnAccount && line !== undefined ? availableOf(line, drawn).amount : 0
  const credited = within(amount.amount, Math.max(ahead, own))
  const rest = amount.amount - credited.amount
  const room = Math.max(0, availableOf(line, drawn).amount - credited.amount)
  const guaranteed = within(rest, room + insured.amount)
  return { credited, guaranteed }
}
