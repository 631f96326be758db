import fc from 'fast-check'
import { expect, test } from 'vitest'
import { accounts, type Entry } from '../ledger/ledger.ts'
import { exchange, money } from '../money.ts'
import { type Exchanged, exchangeEntries, fxResultEntry, ordersOf, resultOf } from './closing.ts'

const base = 'EUR'
const rates: Record<string, string> = { CHF: '0.9345', JPY: '171.25', KWD: '0.3331', ISK: '143.9' }

/** A bank that deals at its own rate, up to five percent beside the one that was locked. */
function dealt(positions: ReturnType<typeof money>[], offBps: number): Exchanged[] {
  return ordersOf(positions, base).map(({ side, amount }, index) => {
    const perUnit = String(Math.round((10_000 + offBps) / Number(rates[amount.currency])) / 10_000)
    const other = exchange(amount, base, perUnit).to
    const names = { soldReference: `S${index}`, boughtReference: `B${index}` }
    return side === 'buy'
      ? { sold: other, bought: amount, ...names }
      : { sold: amount, bought: other, ...names }
  })
}

function balances(start: ReturnType<typeof money>[], entries: readonly Entry[]) {
  const sums = new Map(start.map((each) => [accounts.fx(each.currency), each.amount]))
  for (const { account, amount } of entries.flatMap(({ postings }) => postings))
    sums.set(account, (sums.get(account) ?? 0) + amount.amount)
  return sums
}

test('every clearing account is empty after the exchanges and their result, in any currencies', () => {
  const amount = fc.integer({ min: -50_000_000, max: 50_000_000 })
  fc.assert(
    fc.property(
      fc.record({ EUR: amount, CHF: amount, JPY: amount, KWD: amount, ISK: amount }),
      fc.integer({ min: -500, max: 500 }),
      (owed, offBps) => {
        const positions = Object.entries(owed).map(([currency, each]) => money(each, currency))
        const made = dealt(positions, offBps).filter(
          ({ sold, bought }) => sold.amount !== 0 && bought.amount !== 0,
        )
        const result = resultOf(positions, made, base)
        const last = fxResultEntry({ key: 'fx_closed:1', result })
        const entries = [...made.flatMap(exchangeEntries), ...(last === undefined ? [] : [last])]
        for (const entry of entries) {
          const currencies = new Set(entry.postings.map((each) => each.amount.currency))
          for (const currency of currencies)
            expect(
              entry.postings
                .filter((each) => each.amount.currency === currency)
                .reduce((sum, each) => sum + each.amount.amount, 0),
            ).toBe(0)
        }
        const left = balances(positions, entries)
        expect(left.get(accounts.fx(base)) ?? 0).toBe(0)
        for (const { bought, sold } of made)
          for (const { currency } of [bought, sold]) expect(left.get(accounts.fx(currency))).toBe(0)
      },
    ),
  )
})

test('opposite flows net: only what is left is exchanged, and a gain is income', () => {
  // 100.00 became 93.45 for one payee, and 93.45 became 100.00 for another but for a cent.
  const positions = [money(-1, 'EUR'), money(0, 'CHF')]
  expect(ordersOf(positions, base)).toEqual([])
  const entry = fxResultEntry({ key: 'k', result: resultOf(positions, [], base) })
  expect(entry?.postings).toEqual([
    { account: 'clearing:fx:EUR', amount: money(1, 'EUR') },
    { account: 'revenue:fx:EUR', amount: money(-1, 'EUR') },
  ])
  expect(fxResultEntry({ key: 'k', result: money(0, 'EUR') })).toBeUndefined()
})
