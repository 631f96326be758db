import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { updateAccount } from '@chargelane/db/queries/partners/accounts'
import { balanceOf, openBalances, trialBalance } from '@chargelane/db/queries/ledger/balances'
import {
  addPayables,
  closeSettlement,
  listSettlements,
  settlementsOfSession,
} from '@chargelane/db/queries/documents/settlements'
import { statementPdfOf } from '@chargelane/db/queries/documents/statements'
import { listPayouts } from '@chargelane/db/queries/documents/payouts'
import { listIncidents } from '@chargelane/db/queries/operations/incidents'
import { requestStop } from '../contract.ts'
import { balancesOf } from '@chargelane/db/queries/documents/balances'
import { watchNegatives } from './negatives.ts'
import { readPayout, sendPayout } from './payouts.ts'
import { recordReturn, retryPayout } from './returns.ts'
import { payNowhere, payTo } from '../testing/bank-accounts.ts'
import { createMarket, settleAll, startSession, waitsFor } from '../testing/market.ts'
import type { Market } from '../testing/market.ts'
import { startCorridor } from '../testing/corridor.ts'
import type { Corridor } from '../testing/corridor.ts'

let corridor: Corridor
let market: Market

beforeAll(async () => {
  corridor = await startCorridor()
})
afterAll(() => corridor.stop())
beforeEach(async () => {
  corridor.bank.loseReplies = 0
  corridor.bank.rejectReason = undefined
  market = await createMarket(corridor)
})

/** A session that is booked and waits for its payees to be paid. */
async function bookedSession() {
  const session = await startSession(corridor, market)
  await corridor.reaches(session.sessionId, { status: 'charging' })
  await corridor.operator.meter(session.sessionId, 10_000, 0.01)
  await session.handle.executeUpdate(requestStop, { args: [{ by: 'partner' }] })
  await waitsFor(session, 'settlement')
  return session
}

const settlementsOf = (payeeId: string) => listSettlements(corridor.db, payeeId, { limit: 10 })

/** Newest first. */
const payoutsOf = (settlement: string) => listPayouts(corridor.db, 'all', { limit: 10, settlement })

describe('a settlement batch', () => {
  test('pays each payee once, with a statement, and leaves nothing pending or in transit', async () => {
    const first = await bookedSession()
    const second = await bookedSession()
    await settleAll(corridor)
    const [paid, ...others] = await settlementsOf(market.cpo.id)
    expect(others).toEqual([])
    expect(paid).toMatchObject({
      state: 'paid',
      sessionCount: 2,
      amount: { amount: 2 * (590 - 60) },
    })
    const pdf = await statementPdfOf(corridor.db, market.cpo.id, paid!.id)
    expect(pdf?.subarray(0, 5).toString()).toBe('%PDF-')
    expect(await statementPdfOf(corridor.db, market.partner.id, paid!.id)).toBeUndefined()
    const [sent] = await payoutsOf(paid!.id)
    expect(sent).toMatchObject({ state: 'paid', rail: 'bank', attempt: 1 })
    expect(corridor.bank.sent.get(sent!.id)?.payout.amount).toEqual(paid!.amount)
    expect(await openBalances(corridor.db, `liability:cpo:${market.cpo.id}`)).toEqual([])
    expect(await openBalances(corridor.db, 'clearing:payout')).toEqual([])
    for (const session of [first, second]) {
      await corridor.reaches(session.sessionId, { moneyStatus: 'settled' })
      const rows = await settlementsOfSession(corridor.db, session.sessionId)
      expect(rows.map((row) => row.state)).toEqual(['paid', 'paid'])
    }
    await settleAll(corridor)
    expect(await settlementsOf(market.cpo.id)).toHaveLength(1)
  })

  test('asks the bank before it sends again when a reply was lost', async () => {
    const session = await bookedSession()
    corridor.bank.loseReplies = 2
    const running = settleAll(corridor)
    await corridor.pass(10_000)
    await running
    await corridor.reaches(session.sessionId, { moneyStatus: 'settled' })
    const [paid] = await settlementsOf(market.cpo.id)
    expect(paid).toMatchObject({ state: 'paid' })
    const begun = await payoutsOf(paid!.id)
    expect(begun).toHaveLength(1)
    expect(corridor.bank.sent.has(begun[0]!.id)).toBe(true)
  })

  test('puts what the bank refuses on hold, says why, and owes it again', async () => {
    await bookedSession()
    corridor.bank.rejectReason = 'AC04 account closed'
    await settleAll(corridor)
    const [held] = await settlementsOf(market.cpo.id)
    expect(held).toMatchObject({ state: 'on_hold', reason: 'bank: AC04 account closed' })
    const pending = `liability:cpo:${market.cpo.id}:EUR:pending`
    expect(await balanceOf(corridor.db, pending)).toBe(-held!.amount.amount)
    expect(await openBalances(corridor.db, 'clearing:payout')).toEqual([])
  })

  test('F65: pays what the bank refused in the next batch, once the bank account is another', async () => {
    await bookedSession()
    corridor.bank.rejectReason = 'AC04 account closed'
    await settleAll(corridor)
    corridor.bank.rejectReason = undefined
    const incidents = async () =>
      (await listIncidents(corridor.db, market.cpo.id, { limit: 5, kind: 'payout_failed' })).data
    expect(await incidents()).toMatchObject([{ status: 'open', actions: ['pay_again', 'dismiss'] }])
    await settleAll(corridor)
    expect(await settlementsOf(market.cpo.id)).toMatchObject([{ state: 'on_hold', attempt: 1 }])
    const iban = 'DE02120300000000202051'
    await payTo(corridor.db, market.cpo, iban)
    await settleAll(corridor)
    const [paid] = await settlementsOf(market.cpo.id)
    expect(paid).toMatchObject({ state: 'paid', attempt: 2, reason: null })
    const [latest] = await payoutsOf(paid!.id)
    expect(corridor.bank.sent.get(latest!.id)?.payout.account).toMatchObject({ iban })
    expect(await incidents()).toMatchObject([{ status: 'resolved' }])
    expect(await openBalances(corridor.db, `liability:cpo:${market.cpo.id}`)).toEqual([])
    expect(await openBalances(corridor.db, 'clearing:payout')).toEqual([])
  })

  test('owes again what the bank returned, once by its reference, and pays it anew when asked', async () => {
    await bookedSession()
    await settleAll(corridor)
    const [paid] = await settlementsOf(market.cpo.id)
    const now = await corridor.nowIso()
    const told = {
      settlementId: paid!.id,
      reference: 'RET-1',
      reason: 'AC04',
      returnedAt: now,
      now,
    }
    expect(await recordReturn(corridor.db, told)).toMatchObject({ state: 'on_hold' })
    expect(await recordReturn(corridor.db, told)).toMatchObject({ state: 'on_hold' })
    const pending = `liability:cpo:${market.cpo.id}:EUR:pending`
    expect(await balanceOf(corridor.db, pending)).toBe(-paid!.amount.amount)
    const wish = { settlementId: paid!.id, reason: 'the bank erred', keyId: 'key_1', now }
    await retryPayout(corridor.db, wish)
    await settleAll(corridor)
    expect(await settlementsOf(market.cpo.id)).toMatchObject([{ state: 'paid', attempt: 2 }])
    expect(await balanceOf(corridor.db, pending)).toBe(0)
  })

  test('takes a return off the bank’s statement by itself, once, and pays it anew with mended details', async () => {
    await bookedSession()
    await settleAll(corridor)
    const [paid] = await settlementsOf(market.cpo.id)
    const [payout] = await payoutsOf(paid!.id)
    const payoutId = payout!.id
    const back = { bankReference: `${payoutId}-R`, reason: 'AC04', returnedAt: paid!.paidAt! }
    const notOurs = { ...back, payoutId: 'somebody-elses', bankReference: 'R-0' }
    corridor.bank.returned = [notOurs, { ...back, payoutId }]
    for (let batch = 0; batch < 2; batch++) {
      await settleAll(corridor)
      expect(await settlementsOf(market.cpo.id)).toMatchObject([
        { state: 'on_hold', reason: 'bank: returned AC04', attempt: 1 },
      ])
    }
    const pending = `liability:cpo:${market.cpo.id}:EUR:pending`
    expect(await balanceOf(corridor.db, pending)).toBe(-paid!.amount.amount)
    const kind = 'payout_failed'
    const incidents = async () =>
      (await listIncidents(corridor.db, market.cpo.id, { limit: 5, kind })).data
    expect(await incidents()).toMatchObject([{ status: 'open' }])
    const iban = 'DE02120300000000202051'
    await payTo(corridor.db, market.cpo, iban)
    await settleAll(corridor)
    expect(await settlementsOf(market.cpo.id)).toMatchObject([{ state: 'paid', attempt: 2 }])
    expect(await incidents()).toMatchObject([{ status: 'resolved', resolvedBy: 'corridor' }])
    expect(await balanceOf(corridor.db, pending)).toBe(0)
    corridor.bank.returned = []
  })

  test('a bank that takes its time for one payee keeps neither another nor the next batch waiting', async () => {
    const slow = 'DE02120300000000202051'
    await payTo(corridor.db, market.cpo, slow)
    corridor.bank.slowNumbers.add(slow)
    await bookedSession()
    const first = settleAll(corridor)
    await corridor.pass(5 * 60_000)
    await first
    expect(await settlementsOf(market.partner.id)).toMatchObject([{ state: 'paid' }])
    expect(await settlementsOf(market.cpo.id)).toMatchObject([{ state: 'in_transit' }])
    await bookedSession()
    const second = settleAll(corridor)
    await corridor.pass(5 * 60_000)
    await second
    const [newest, oldest] = await settlementsOf(market.cpo.id)
    expect([newest?.state, oldest?.state]).toEqual(['in_transit', 'in_transit'])
    expect(await settlementsOf(market.partner.id)).toMatchObject([
      { state: 'paid' },
      { state: 'paid' },
    ])
    corridor.bank.slowNumbers.clear()
  })

  test('a return that is told while the bank is asked, or twice at once, is owed again once and paid anew once', async () => {
    const slow = 'DE02120300000000202051'
    const { db, bank, policies } = corridor
    await payTo(db, market.cpo, slow)
    bank.slowNumbers.add(slow)
    await bookedSession()
    const batch = settleAll(corridor)
    await corridor.pass(5 * 60_000)
    await batch
    bank.slowNumbers.clear()
    const [out] = await settlementsOf(market.cpo.id)
    const settlementId = out!.id
    const now = await corridor.nowIso()
    const told = { settlementId, reference: 'RET-2', reason: 'AC04', returnedAt: now, now }
    const slowBank = {
      ...bank,
      async find() {
        await Promise.all([recordReturn(db, told), recordReturn(db, told)])
        const bookedAt = new Date(Date.parse(now) - 1_000).toISOString()
        return { kind: 'accepted', bankReference: `bank-${settlementId}`, bookedAt } as const
      },
    }
    const read = await readPayout(
      { db, policies, payouts: { bank: slowBank } },
      { settlementId, now },
    )
    expect(read).toEqual({ kind: 'on_hold', reason: 'bank: returned AC04' })
    const pending = `liability:cpo:${market.cpo.id}:EUR:pending`
    expect(await balanceOf(db, pending)).toBe(-out!.amount.amount)
    const [first] = await payoutsOf(settlementId)
    expect(await openBalances(db, `clearing:payout:${first!.id}`)).toEqual([])
    const wish = { settlementId, reason: 'mended', keyId: 'key_1', now }
    const retries = await Promise.allSettled([retryPayout(db, wish), retryPayout(db, wish)])
    expect(retries.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    const ask = () => sendPayout({ db, policies, payouts: { bank } }, { settlementId, now })
    expect(await ask()).toEqual({ kind: 'paid' })
    expect(await ask()).toEqual({ kind: 'paid' })
    expect(await settlementsOf(market.cpo.id)).toMatchObject([{ state: 'paid', attempt: 2 }])
    const both = await payoutsOf(settlementId)
    expect(both.map(({ state, attempt }) => [attempt, state])).toEqual([
      [2, 'paid'],
      [1, 'returned'],
    ])
    expect(both.every(({ id }) => bank.sent.has(id))).toBe(true)
    expect(await balanceOf(db, pending)).toBe(0)
  })

  test('holds a payee without a bank account, and pays the others', async () => {
    await payNowhere(corridor, market.cpo)
    await bookedSession()
    await settleAll(corridor)
    expect(await settlementsOf(market.cpo.id)).toMatchObject([
      { state: 'on_hold', reason: 'bank_details' },
    ])
    expect(await settlementsOf(market.partner.id)).toMatchObject([{ state: 'paid' }])
    const iban = 'DE89370400440532013000'
    await payTo(corridor.db, market.cpo, iban)
    await settleAll(corridor)
    expect(await settlementsOf(market.cpo.id)).toMatchObject([{ state: 'paid', reason: null }])
  })

  test('F63: holds a payee whom the platform has to look at first', async () => {
    const known = (verification: 'review' | 'verified') =>
      updateAccount(corridor.db, market.cpo.id, market.cpo.id, { verification })
    await bookedSession()
    await known('review')
    await settleAll(corridor)
    expect(await settlementsOf(market.cpo.id)).toMatchObject([
      { state: 'on_hold', reason: 'verification' },
    ])
    await known('verified')
    await settleAll(corridor)
    expect(await settlementsOf(market.cpo.id)).toMatchObject([{ state: 'paid', reason: null }])
  })

  test('F64: carries what is owed by a payee forward instead of paying a negative amount', async () => {
    const at = await corridor.nowIso()
    const { sessionId } = await bookedSession()
    await corridor.db.tx((tx) =>
      addPayables(tx, [
        {
          sessionId,
          payee: { role: 'cpo', id: market.cpo.id },
          amount: { amount: -100_000, currency: 'EUR' },
          detail: { share: { amount: -100_000, currency: 'EUR' }, lines: [], rate: null },
          revision: 2,
          waits: false,
          provisional: false,
          slaDeadline: at,
          at,
        },
      ]),
    )
    const close = () =>
      corridor.db.tx(async (tx) =>
        closeSettlement(tx, {
          payee: { role: 'cpo', id: market.cpo.id },
          currency: 'EUR',
          batch: 'negative',
          cutOffAt: await corridor.nowIso(),
          at,
        }),
      )
    expect(await close()).toBeUndefined()
    expect(await settlementsOf(market.cpo.id)).toEqual([])
    const now = await corridor.nowIso()
    const behind = 100_000 - (590 - 60)
    expect(await balancesOf(corridor.db, market.cpo.id, now)).toMatchObject([
      { currency: 'EUR', available: 0, negative: behind, negativeSince: at },
    ])
    expect(await balancesOf(corridor.db, market.cpo.id, '2026-01-01T00:00:00.000Z')).toEqual([])
    const aged = new Date(Date.parse(now) + 31 * 86_400_000).toISOString()
    for (const look of [now, aged, aged]) await watchNegatives(corridor.db, { now: look })
    const kind = 'balance_negative'
    const { data } = await listIncidents(corridor.db, market.cpo.id, { limit: 5, kind })
    expect(data).toMatchObject([{ status: 'open', atStake: { amount: behind, currency: 'EUR' } }])
  })

  test('keeps the books at zero throughout', async () => {
    for (const { difference } of (await trialBalance(corridor.db)).currencies)
      expect(difference.amount, difference.currency).toBe(0n)
  })
})
