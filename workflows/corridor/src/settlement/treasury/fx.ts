// The daily closing of conversions: what the books converted is exchanged at the bank, and what differs is booked by name.
import type { Db } from '@chargelane/db'
import { openBalances } from '@chargelane/db/queries/ledger/balances'
import { type FxClosing, keepClosing, openClosing } from '@chargelane/db/queries/ledger/fx-closings'
import { postEntries } from '@chargelane/db/queries/ledger/ledger'
import { platformAccount } from '@chargelane/db/queries/partners/accounts'
import {
  exchangeEntries,
  type Exchanged,
  type ExchangeOrder,
  fxResultEntry,
  ordersOf,
  resultOf,
} from '@chargelane/rules/fx/closing'
import { money } from '@chargelane/rules/money'
import type { BankExchange } from './ports.ts'

type Deps = { db: Db; exchange: BankExchange }

const clearing = 'clearing:fx:'

/** The closing that is under way, or a new one of what stands on the clearing accounts at this moment. */
function closingOf(db: Db, day: string, now: string): Promise<FxClosing | undefined> {
  return db.tx(async (tx) => {
    const platform = await platformAccount(tx)
    if (platform === undefined) return undefined
    const positions = (await openBalances(tx, clearing)).map(({ balance }) =>
      money(Number(balance.amount), balance.currency),
    )
    return openClosing(tx, { day, base: platform.payoutCurrency, positions, at: now })
  })
}

/** One order, given to the bank once however often it is asked, and booked as the bank made it. */
async function carryOut(
  { db, exchange }: Deps,
  closing: FxClosing,
  order: ExchangeOrder,
  now: string,
): Promise<Exchanged | undefined> {
  const known = closing.exchanged.find(({ bought, sold }) =>
    [bought.currency, sold.currency].includes(order.amount.currency),
  )
  if (known !== undefined) return known
  const idempotencyKey = `${closing.id}:${order.amount.currency}`
  const outcome = await exchange.exchange({ ...order, idempotencyKey })
  if (outcome.kind === 'refused') return undefined
  const { executedAt, kind: _kind, ...made } = outcome
  await db.tx(async (tx) => {
    await postEntries(
      tx,
      exchangeEntries(made).map((entry) => ({ ...entry, effectiveAt: executedAt })),
    )
    await keepClosing(tx, closing.id, { exchanged: made, at: now })
  })
  return made
}

/**
 * Brings the clearing of conversions to zero. What the bank refuses stays open: the closing goes on the next day, and what
 * is converted meanwhile waits for it.
 */
export async function closeFx(
  deps: Deps,
  { day, now }: { day: string; now: string },
): Promise<{ id: string | null; exchanged: number; result: number | null }> {
  const { db } = deps
  const closing = await closingOf(db, day, now)
  if (closing === undefined) return { id: null, exchanged: 0, result: null }
  const { id, base, positions } = closing
  const made: Exchanged[] = []
  const orders = ordersOf(positions, base)
  for (const order of orders) {
    const done = await carryOut(deps, closing, order, now)
    if (done !== undefined) made.push(done)
  }
  if (made.length < orders.length) return { id, exchanged: made.length, result: null }
  const result = resultOf(positions, made, base)
  const entry = fxResultEntry({ key: `fx_closed:${id}`, result })
  await db.tx(async (tx) => {
    if (entry !== undefined) await postEntries(tx, [{ ...entry, effectiveAt: now }])
    await keepClosing(tx, id, { result: result.amount, at: now })
  })
  return { id, exchanged: made.length, result: result.amount }
}
