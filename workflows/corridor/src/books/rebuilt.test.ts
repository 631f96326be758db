// The books are a consequence: rebuilt from the sales, their changes and the payouts, they are the same to the cent.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { trialBalance } from '@chargelane/db/queries/ledger/balances'
import { entriesOfSession } from '@chargelane/db/queries/ledger/ledger'
import { listPayouts } from '@chargelane/db/queries/documents/payouts'
import { earlierSales, saleOf, type SaleRow } from '@chargelane/db/queries/sessions/sales'
import { bookingOf, kindOfSale } from '@chargelane/rules/booking'
import type { SaleState } from '@chargelane/rules/booking/sale'
import { type Entry, payoutEntry, payoutPaidEntry } from '@chargelane/rules/ledger'
import { requestStop } from '../contract.ts'
import { createMarket, settleAll, startSession, waitsFor } from '../testing/market.ts'
import { type Corridor, startCorridor } from '../testing/corridor.ts'

let corridor: Corridor
beforeAll(async () => {
  corridor = await startCorridor()
})
afterAll(() => corridor.stop())

const stateOf = ({ split, state }: SaleRow): SaleState => ({ split, ...state })

/** Every entry that a session's decisions come to, from nothing but what was decided. */
async function rebuiltOf(sessionId: string): Promise<Entry[]> {
  const last = await saleOf(corridor.db, sessionId)
  if (last === undefined) throw new Error(`${sessionId} has no sale`)
  const rows = [...(await earlierSales(corridor.db, sessionId, last.revision)), last].toSorted(
    (a, b) => a.revision - b.revision,
  )
  return rows.flatMap((row, n) => {
    const after = stateOf(row)
    const before = rows[n - 1]
    const { name, terms, basis } = row
    const kind = kindOfSale(after, basis === 'provisional')
    return bookingOf({
      sessionId,
      name,
      kind,
      ...(before === undefined ? {} : { before: stateOf(before) }),
      after,
      terms,
    }).entries
  })
}

async function payoutsOf(payeeId: string): Promise<Entry[]> {
  const rows = await listPayouts(corridor.db, payeeId, { limit: 50 })
  return rows.flatMap(({ id, payee, amount }) => {
    const payout = { payee, amount, payoutId: id }
    return [
      payoutEntry({ ...payout, key: `${payout.payoutId}:payout` }),
      payoutPaidEntry({ ...payout, key: `${payout.payoutId}:payout_paid` }),
    ]
  })
}

const sorted = (postings: Entry['postings']) =>
  postings.toSorted((a, b) => (a.account < b.account ? -1 : 1))

function balancesOf(entries: readonly Entry[]): Record<string, number> {
  const sums: Record<string, number> = {}
  for (const { postings } of entries)
    for (const { account, amount } of postings) sums[account] = (sums[account] ?? 0) + amount.amount
  return Object.fromEntries(Object.entries(sums).filter(([, sum]) => sum !== 0))
}

test('sales and payouts, computed again from their facts, are the ledger entry by entry and to the cent', async () => {
  const market = await createMarket(corridor)
  const sessions: string[] = []
  for (const energy of [10_000, 7_300, 420]) {
    const session = await startSession(corridor, market)
    await corridor.reaches(session.sessionId, { status: 'charging' })
    await corridor.operator.meter(session.sessionId, energy, 0.01)
    await session.handle.executeUpdate(requestStop, { args: [{ by: 'partner' }] })
    await waitsFor(session, 'settlement')
    sessions.push(session.sessionId)
  }
  await settleAll(corridor)
  const rebuilt: Entry[] = []
  for (const id of sessions) {
    const entries = await rebuiltOf(id)
    const booked = await entriesOfSession(corridor.db, id)
    expect(booked.map(({ key, postings }) => ({ key, postings: sorted(postings) }))).toEqual(
      entries.map(({ key, postings }) => ({ key, postings: sorted(postings) })),
    )
    rebuilt.push(...entries)
  }
  for (const payee of [market.cpo.id, market.partner.id]) rebuilt.push(...(await payoutsOf(payee)))
  const { accounts } = await trialBalance(corridor.db)
  const ledger = accounts.map(({ account, balance }) => [account, Number(balance.amount)] as const)
  expect(balancesOf(rebuilt)).toEqual(
    Object.fromEntries(ledger.filter(([, amount]) => amount !== 0)),
  )
})
