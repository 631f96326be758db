/** How the clearing of conversions comes to zero: opposite flows net, the rest is exchanged, and what differs is named. */
import type { Currency, Money } from '@chargelane/openapi/vocabulary/money'
import { assert } from '../assert.ts'
import { accounts, type Entry, type Movement, optionalEntry } from '../ledger/ledger.ts'
import { money, negate } from '../money.ts'

/** Exactly this is bought, or sold, against the books' own currency. */
export type ExchangeOrder = { side: 'buy' | 'sell'; amount: Money; against: Currency }

/** What the bank made of an order; each side is a line on the statement of its own currency. */
export type Exchanged = {
  sold: Money
  bought: Money
  /** As the bank names its two lines. */
  soldReference: string
  boughtReference: string
}

/**
 * What has to be exchanged so that every clearing account is empty. A position is the balance of one of them: more than
 * zero was paid out to payees and has to be bought, less than zero was taken in and has to be sold.
 */
export const ordersOf = (positions: readonly Money[], base: Currency): ExchangeOrder[] =>
  positions
    .filter(({ amount, currency }) => currency !== base && amount !== 0)
    .map((position) => ({
      side: position.amount > 0 ? ('buy' as const) : ('sell' as const),
      amount: position.amount > 0 ? position : negate(position),
      against: base,
    }))

const entryOf = (reference: string, movement: Movement): Entry => {
  const made = optionalEntry({ key: `exchanged:${reference}` }, 'exchange', [movement])
  assert(made !== undefined, `${reference} exchanged nothing`)
  return made
}

/** An entry for each line at the bank, so that each statement finds its own. */
export const exchangeEntries = ({ sold, bought, ...names }: Exchanged): [Entry, Entry] => [
  entryOf(names.soldReference, {
    debit: accounts.fx(sold.currency),
    credit: accounts.bank(sold.currency),
    amount: sold,
  }),
  entryOf(names.boughtReference, {
    debit: accounts.bank(bought.currency),
    credit: accounts.fx(bought.currency),
    amount: bought,
  }),
]

/**
 * What is left in the books' own currency: the move of the rates since they were locked, the bank's spread, and the cents
 * of rounding. More than zero was lost.
 */
export function resultOf(
  positions: readonly Money[],
  made: readonly Exchanged[],
  base: Currency,
): Money {
  const own = (amounts: readonly Money[]) =>
    amounts.reduce((total, each) => total + (each.currency === base ? each.amount : 0), 0)
  return money(
    own(positions) + own(made.map(({ sold }) => sold)) - own(made.map(({ bought }) => bought)),
    base,
  )
}

/** The platform bears it: every payee has what was locked for it. Undefined where nothing is left. */
export function fxResultEntry({ key, result }: { key: string; result: Money }): Entry | undefined {
  const { currency, amount } = result
  const clearing = accounts.fx(currency)
  const movement: Movement =
    amount > 0
      ? { debit: accounts.expense('fx', currency), credit: clearing, amount: result }
      : { debit: clearing, credit: accounts.revenue('fx', currency), amount: negate(result) }
  return optionalEntry({ key }, 'fx_result', [movement])
}
