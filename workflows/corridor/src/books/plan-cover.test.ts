// What plans pay: nobody is paid what a plan's owner has neither paid nor may owe.
import { evidenceZip } from '@chargelane/db/queries/documents/evidence'
import { settlementsOfSession } from '@chargelane/db/queries/documents/settlements'
import { balanceOf } from '@chargelane/db/queries/ledger/balances'
import { listIncidents } from '@chargelane/db/queries/operations/incidents'
import { insertPlan } from '@chargelane/db/queries/plans/plans'
import { insertSubscription } from '@chargelane/db/queries/plans/subscriptions'
import { accounts } from '@chargelane/rules/ledger'
import { money } from '@chargelane/rules/money'
import { verifyPack } from '@chargelane/sdk/verify'
import { expect, test } from 'vitest'
import { recordAccountPayment } from '../agreement/plan/credit-lines.ts'
import type { Corridor } from '../testing/corridor.ts'
import {
  charge,
  createMarket,
  type Market,
  setPlanLimit,
  settle,
  settleAll,
  startSession,
  useCorridor,
  waitsFor,
} from '../testing/market.ts'
import { waivePlanCover } from './plan-cover.ts'

let corridor: Corridor
let market: Market
useCorridor((...given) => {
  ;[corridor, market] = given
})

// 30 kWh are 17.70 gross, of which the plan includes 20 kWh; the operator is paid 15.93, the partner's share is 0.54.
const cpoShare = 1_770 - 177
const partnerShare = 54

async function subscribed() {
  const at = await corridor.nowIso()
  const { partner, driver } = market
  await corridor.db.tx(async (tx) => {
    const plan = await insertPlan(tx, {
      ownerId: partner.id,
      ownerType: 'partner',
      name: 'Pendler',
      country: 'DE',
      currency: 'EUR',
      feeMinor: 990,
      terms: { included_kwh: '20', included: ['ENERGY'], overage: { kind: 'public' } },
      at,
    })
    await insertSubscription(tx, {
      accountId: partner.id,
      driverId: driver.id,
      planId: plan.id,
      planVersion: plan.version,
      ownerId: partner.id,
      startsOn: at.slice(0, 10),
      timeZone: 'UTC',
      at,
    })
  })
}

/** Quoted while its owner may owe it, and billed when it may owe this much. */
async function session30(limit: number) {
  await setPlanLimit(corridor.db, 1_000_000)
  const session = await startSession(corridor, market)
  await setPlanLimit(corridor.db, limit)
  await charge(corridor, market, 30_000, session)
  await waitsFor(session, 'settlement')
  return session
}

test('beyond what its owner may owe waits for its money, is told, and is paid when it is in; the pack says so', async () => {
  const { db } = corridor
  const { partner } = market
  await subscribed()
  const session = await session30(500)
  const { sessionId } = session
  const waiting = () => listIncidents(db, partner.id, { limit: 5, kind: 'awaiting_funds' })
  // The plan pays 11.80, of which 0.54 are the partner's share of the sale; 5.00 are within its limit.
  const owed = 1_180 - partnerShare
  expect((await waiting()).data).toMatchObject([
    { subjectId: sessionId, status: 'open', atStake: money(owed - 500, 'EUR') },
  ])
  await settleAll(corridor)
  const paid = async () => {
    const rows = await settlementsOfSession(db, sessionId)
    return rows
      .filter(({ payee, state }) => payee.role === 'cpo' && state === 'paid')
      .reduce((sum, { amount }) => sum + amount.amount, 0)
  }
  const first = await paid()
  const price = 590 + owed
  expect(first).toBe(Math.floor((cpoShare * (590 + 500)) / price))
  const by = { keyId: 'key_1', now: await corridor.nowIso() }
  const pay = (amount: number, reference: string) =>
    recordAccountPayment(
      db,
      { account: partner.id, amount: money(amount, 'EUR'), reference, received_at: by.now },
      by,
    )
  // Each cent that is in makes room for one that waits.
  await pay(300, `P-1-${sessionId}`)
  await settleAll(corridor)
  expect(await paid()).toBe(Math.floor((cpoShare * (590 + 800)) / price))
  await pay(owed - 300, `P-2-${sessionId}`)
  await settleAll(corridor)
  expect(await paid()).toBe(cpoShare)
  expect((await waiting()).data).toMatchObject([{ status: 'resolved' }])
  expect(await balanceOf(db, accounts.sponsored(partner.id, 'EUR'))).toBe(0)
  await corridor.reaches(sessionId, { moneyStatus: 'settled' })
  const zip = new Uint8Array((await evidenceZip(db, sessionId)) ?? [])
  const { checks } = await verifyPack(zip, { trust: [await corridor.keys()] })
  expect(checks.filter(({ ok }) => !ok)).toEqual([])
})

test('that nobody has paid for is covered by a higher limit in the next batch, or by the platform at the word of two keys', async () => {
  const { db } = corridor
  await subscribed()
  const one = await session30(0)
  const reason = 'the partner is known'
  const now = await corridor.nowIso()
  const waived = (keyId: string) =>
    waivePlanCover(db, { sessionId: one.sessionId, reason }, { keyId, now })
  expect(await waived('key_1')).toBe(false)
  await expect(waived('key_1')).rejects.toThrow(/another key/)
  expect(await waived('key_2')).toBe(true)
  await settle(corridor, one)
  market = await createMarket(corridor)
  await subscribed()
  const two = await session30(0)
  await setPlanLimit(db, 1_000_000)
  await settle(corridor, two)
  expect(
    (await listIncidents(db, 'all', { limit: 5, sessionId: two.sessionId })).data,
  ).toMatchObject([{ kind: 'awaiting_funds', status: 'resolved' }])
})

test('no quote promises what its owner may not owe', async () => {
  await subscribed()
  await setPlanLimit(corridor.db, 100)
  await expect(startSession(corridor, market)).rejects.toThrow(/no room for 11.80 EUR/)
})
