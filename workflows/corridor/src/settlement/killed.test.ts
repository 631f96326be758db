// A batch that is killed at any of its steps goes on where it stood: every payee is paid once (failures F67).
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Db } from '@chargelane/db'
import { openBalances, trialBalance } from '@chargelane/db/queries/ledger/balances'
import { listPayouts } from '@chargelane/db/queries/documents/payouts'
import { listSettlements } from '@chargelane/db/queries/documents/settlements'
import { putSettings } from '@chargelane/db/queries/operations/settings'
import { Killed, mortalDb, Process } from '../testing/killed.ts'
import { createFakeBank, type FakeBank } from './bank.fake.ts'
import { createSettlementActivities } from './activities.ts'
import { requestStop } from '../contract.ts'
import { createMarket, startSession, waitsFor } from '../testing/market.ts'
import { type Corridor, startCorridor } from '../testing/corridor.ts'

let corridor: Corridor
beforeAll(async () => {
  corridor = await startCorridor()
})
afterAll(() => corridor.stop())

function livesOf(db: Db, bank: FakeBank, dieAt: number) {
  const process = new Process(dieAt)
  const mortal = mortalDb(db, process)
  const steps = createSettlementActivities({
    db: mortal,
    policies: corridor.policies,
    payouts: {
      bank: {
        ...bank,
        send: (payout) => process.does(() => bank.send(payout)),
        find: (query) => process.does(() => bank.find(query)),
      },
    },
    payeeCheck: bank.payeeCheck,
    renderStatement: () => Promise.resolve(Buffer.from('%PDF-')),
    tellSession: () => Promise.resolve(),
  })
  return { process, steps }
}

/** The batch as its workflow makes it, in one process. */
async function runBatch(life: ReturnType<typeof livesOf>, batch: string, now: string) {
  const { steps } = life
  const { payees, unpaid } = await steps.listPayees({ cutOffAt: now })
  for (const settlementId of unpaid) await steps.sendPayout({ settlementId, now })
  for (const payee of payees) {
    const closed = await steps.closePayee({ ...payee, batch, cutOffAt: now, now })
    if (closed !== null) await steps.sendPayout({ settlementId: closed.settlementId, now })
  }
}

async function sellOnce() {
  const market = await createMarket(corridor)
  const session = await startSession(corridor, market)
  await corridor.reaches(session.sessionId, { status: 'charging' })
  await corridor.operator.meter(session.sessionId, 10_000, 0.01)
  await session.handle.executeUpdate(requestStop, { args: [{ by: 'partner' }] })
  await waitsFor(session, 'settlement')
  return market
}

/** Killed at this step, and begun anew until nothing is left to do. Whether there was such a step. */
async function survives(dieAt: number): Promise<boolean> {
  const market = await sellOnce()
  const bank = createFakeBank(() => corridor.bank.bookedAt())
  const now = await corridor.nowIso()
  const first = livesOf(corridor.db, bank, dieAt)
  const isKilled = await runBatch(first, `killed-${dieAt}`, now).then(
    () => false,
    (error: unknown) => {
      if (error instanceof Killed) return true
      throw error
    },
  )
  await runBatch(livesOf(corridor.db, bank, Infinity), `killed-${dieAt}`, now)
  const payees = [market.cpo.id, market.partner.id]
  const sent = [...bank.sent.values()].map(({ payout }) => payout.payoutId)
  expect(new Set(sent).size, `step ${dieAt}`).toBe(sent.length)
  for (const payee of payees) {
    const own = await listSettlements(corridor.db, payee, { limit: 10 })
    expect(own.map(({ state }) => state)).toEqual(['paid'])
    const [payout] = await listPayouts(corridor.db, payee, { limit: 10 })
    expect(sent.filter((id) => id === payout?.id)).toHaveLength(1)
    expect(await openBalances(corridor.db, `liability:cpo:${payee}`)).toEqual([])
  }
  expect(await openBalances(corridor.db, 'clearing:payout')).toEqual([])
  for (const { difference } of (await trialBalance(corridor.db)).currencies)
    expect(difference.amount).toBe(0n)
  return isKilled
}

test('killed at any step, before or after it was done, nobody is paid twice and everybody once', async () => {
  let dieAt = 1
  while (await survives(dieAt)) dieAt += 1
  expect(dieAt).toBeGreaterThan(15)
}, 600_000)

test('F66: a payout beyond the float waits as awaiting_funds, and leaves once it is borne', async () => {
  const market = await sellOnce()
  const bank = createFakeBank(() => corridor.bank.bookedAt())
  const now = await corridor.nowIso()
  const limited = async (amount: number | null) =>
    putSettings(corridor.db, {
      market: null,
      accountId: null,
      settings: { float_limits: amount === null ? null : [{ amount, currency: 'EUR' }] },
      reason: 'a test',
      setBy: 'key_test',
      setAt: now,
    })
  const stateNow = async () => {
    const [own] = await listSettlements(corridor.db, market.cpo.id, { limit: 1 })
    return [own?.state, own?.reason]
  }
  await limited(0)
  await runBatch(livesOf(corridor.db, bank, Infinity), 'float', now)
  expect(await stateNow()).toEqual(['awaiting_funds', 'float'])
  expect(bank.sent.size).toBe(0)
  await limited(10_000_000)
  await runBatch(livesOf(corridor.db, bank, Infinity), 'float', now)
  expect(await stateNow()).toEqual(['paid', null])
  await limited(null)
})
