// What a session keeps from its quote, and what a start that came to nothing gives back.
import { describe, expect, test } from 'vitest'
import { everyAccount } from '@chargelane/db'
import { payablesOfSession } from '@chargelane/db/queries/documents/settlements'
import { putAgreement, updateAccount } from '@chargelane/db/queries/partners/accounts'
import { charge, createOffer, settle, startSession, useCorridor } from './market.ts'
import type { Market } from './market.ts'
import type { Corridor } from './corridor.ts'

let corridor: Corridor
let market: Market

useCorridor((made, itsMarket) => {
  corridor = made
  market = itsMarket
})

describe('what is agreed at the quote', () => {
  test('shares, agreement and payout that change while it charges change nothing of the running session', async () => {
    const { db } = corridor
    const session = await startSession(corridor, market)
    await corridor.reaches(session.sessionId, { status: 'charging' })
    await updateAccount(db, everyAccount, market.partner.id, { partnerShareBps: 10_000 })
    await putAgreement(db, {
      cpoId: market.cpo.id,
      commissionBps: 9_000,
      supplyModel: 'direct',
      effectiveFrom: await corridor.nowIso(),
    })
    await charge(corridor, market, 20_000, session)
    await corridor.reaches(session.sessionId, { moneyStatus: 'captured' })
    await settle(corridor, session)
    const payables = await payablesOfSession(db, session.sessionId)
    expect(payables.map(({ payee, amount }) => [payee.role, amount.amount])).toEqual(
      expect.arrayContaining([
        ['cpo', 1180 - 118],
        ['partner', 36],
      ]),
    )
  })

  test('a start that came to nothing frees the name its partner gave it, and one that came to be keeps it', async () => {
    corridor.operator.behave({
      start: { kind: 'rejected', reason: 'evse_faulted', detail: 'Faulted' },
    })
    const failed = await startSession(corridor, market, undefined, 'order-7')
    await corridor.reaches(failed.sessionId, { status: 'start_failed', moneyStatus: 'released' })
    corridor.operator.behave({})
    const again = await startSession(corridor, market, undefined, 'order-7')
    expect(again.answer).toEqual({ kind: 'authorized' })
    await corridor.reaches(again.sessionId, { status: 'charging' })
    const other = await createOffer(corridor, market, 1)
    expect(await startSession(corridor, market, other, 'order-7')).toMatchObject({
      answer: { kind: 'refused' },
    })
    await settle(corridor, await charge(corridor, market, 1_000, again))
  })

  test('a refused start that the charger makes all the same is adopted, and its failure is gone', async () => {
    corridor.operator.behave({
      start: { kind: 'rejected', reason: 'evse_faulted', detail: 'Faulted' },
    })
    const session = await startSession(corridor, market)
    const row = await corridor.reaches(session.sessionId, {
      status: 'start_failed',
      moneyStatus: 'released',
    })
    expect(row.failure).not.toBeNull()
    await corridor.operator.beginCharging(session.sessionId)
    expect(await corridor.reaches(session.sessionId, { status: 'charging' })).toMatchObject({
      failure: null,
      moneyStatus: 'held',
    })
    await settle(corridor, await charge(corridor, market, 1_000, session))
  })
})
