import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { trialBalance } from '@chargelane/db/queries/ledger'
import { paymentsOf } from '@chargelane/db/queries/payments'
import { getSession } from '@chargelane/db/queries/sessions'
import { createMarket, sessionResult, settleAll, startCorridor, startSession } from './testing.ts'
import type { Corridor } from './testing.ts'

const minute = 60_000
let corridor: Corridor

beforeAll(async () => {
  corridor = await startCorridor()
})
afterAll(() => corridor.stop())

const sessionOf = async (sessionId: string) => (await getSession(corridor.db, 'all', sessionId))!

describe('a session that goes well', () => {
  test('walks from quote to payout, and everybody has exactly their share', async () => {
    const market = await createMarket(corridor)
    const session = await startSession(corridor, market)
    expect(session.answer).toEqual({ kind: 'authorized' })
    await corridor.reaches(session.sessionId, { status: 'charging' })
    await corridor.operator.meter(session.sessionId, 9_000, 14)
    await corridor.operator.meter(session.sessionId, 20_000, 25)
    await corridor.pass(30 * minute)
    await corridor.operator.endCharging(session.sessionId)
    await corridor.reaches(session.sessionId, { moneyStatus: 'captured' })
    await corridor.pass(minute)
    await settleAll(corridor)
    expect(await sessionResult(session)).toMatchObject({ outcome: 'settled' })
    const row = await sessionOf(session.sessionId)
    expect(row).toMatchObject({
      status: 'ended',
      recordStatus: 'cdr_accepted',
      moneyStatus: 'settled',
      totalGrossMinor: 1180,
    })
    const [payment] = await paymentsOf(corridor.db, session.sessionId)
    expect(payment).toMatchObject({ status: 'captured', capturedMinor: 1180 })
    const books = await trialBalance(corridor.db)
    for (const { totalMinor } of books.currencies) expect(totalMinor).toBe(0)
  })
})
