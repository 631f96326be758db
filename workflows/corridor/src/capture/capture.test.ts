import { expect, test } from 'vitest'
import { balanceOf } from '@chargelane/db/queries/ledger/balances'
import { payablesOfSession } from '@chargelane/db/queries/documents/settlements'
import { paymentsOf } from '@chargelane/db/queries/payments/payments'
import { putCreditLine } from '@chargelane/db/queries/plans/credit-lines'
import { money } from '@chargelane/rules/money'
import { debtOfSession } from '@chargelane/db/queries/payments/debts'
import { accounts } from '@chargelane/rules/ledger'
import type { Corridor } from '../testing/corridor.ts'
import {
  anotherPartner,
  charge,
  createMarket,
  type Market,
  paymentOf,
  settle,
  startSession,
  useCorridor,
} from '../testing/market.ts'

const minute = 60_000

let corridor: Corridor
let market: Market
useCorridor((made, itsMarket) => {
  corridor = made
  market = itsMarket
})

test('less than the card provider takes is waived: no debt, the payees are paid, the hold goes back', async () => {
  // 0.1 kWh at 0.4958 and 19 % is 0.06: under the 0.50 that a card is charged at least.
  const session = await charge(corridor, market, 100)
  expect(await settle(corridor, session)).toMatchObject({ outcome: 'settled' })
  expect(await debtOfSession(corridor.db, session.sessionId)).toBeUndefined()
  expect(await paymentOf(corridor, session)).toMatchObject({ status: 'voided' })
  const payables = await payablesOfSession(corridor.db, session.sessionId)
  expect(payables.length).toBeGreaterThan(0)
  expect(payables.every(({ heldReason }) => heldReason === null)).toBe(true)
  expect(await balanceOf(corridor.db, accounts.expense('waived', 'EUR'))).toBe(6)
  expect(await balanceOf(corridor.db, accounts.receivable(market.partner.id, 'EUR'))).toBe(0)
})

test('a capture that is refused for now is asked for again under another key before the hold is given up', async () => {
  const session = await startSession(corridor, market)
  const refuseCaptureForNow = ['try_again_later', 'issuer_not_available']
  corridor.payments.plans.set(session.sessionId, { refuseCaptureForNow })
  await charge(corridor, market, 10_000, session)
  await corridor.pass(minute)
  expect(await paymentOf(corridor, session)).toMatchObject({ status: 'authorized' })
  await corridor.pass(10 * minute)
  await corridor.reaches(session.sessionId, { moneyStatus: 'captured' })
  expect(await settle(corridor, session)).toMatchObject({ outcome: 'settled' })
  expect(await debtOfSession(corridor.db, session.sessionId)).toBeUndefined()
})

test('a card that refuses again and again ends as a debt after the last try', async () => {
  const session = await startSession(corridor, market)
  const refuseCaptureForNow = Array.from({ length: 9 }, () => 'processing_error')
  corridor.payments.plans.set(session.sessionId, { refuseCaptureForNow })
  await charge(corridor, market, 10_000, session)
  for (const minutes of [1, 10, 60]) await corridor.pass(minutes * minute)
  await corridor.reaches(session.sessionId, { moneyStatus: 'capture_failed' })
  expect(refuseCaptureForNow).toHaveLength(5)
  expect(await debtOfSession(corridor.db, session.sessionId)).toMatchObject({ status: 'open' })
})

test('F16: while the card provider is out cards are refused before a hold, an account goes on, and captures wait with their key', async () => {
  const { payments } = corridor
  const fleet = await anotherPartner(corridor, market, 'account')
  const at = await corridor.nowIso()
  const line = { accountId: fleet.partner.id, limit: money(10_000, 'EUR'), at }
  await corridor.db.tx((tx) => putCreditLine(tx, line))
  const running = await startSession(corridor, market)
  await corridor.reaches(running.sessionId, { status: 'charging' })
  payments.unavailable = { authorize: 1_000, capture: 1_000, find: 1_000 }
  await charge(corridor, market, 10_000, running)
  const refused = await startSession(corridor, await createMarket(corridor))
  expect(refused.answer).toMatchObject({ kind: 'refused', code: 'psp_unavailable' })
  const { calls } = corridor.operator
  expect(calls.filter(({ sessionId }) => sessionId === refused.sessionId)).toMatchObject([
    { call: 'probe' },
  ])
  const onAccount = await charge(corridor, fleet, 10_000)
  await corridor.reaches(onAccount.sessionId, { moneyStatus: 'captured' })
  expect(await paymentOf(corridor, running)).toMatchObject({ status: 'authorized' })
  payments.behaveWell()
  await corridor.pass(30 * minute)
  await corridor.reaches(running.sessionId, { moneyStatus: 'captured' })
  const paid = (await paymentsOf(corridor.db, running.sessionId)).map(({ captured }) => captured)
  expect(paid).toEqual([money(590, 'EUR')])
  expect(await debtOfSession(corridor.db, running.sessionId)).toBeUndefined()
})
