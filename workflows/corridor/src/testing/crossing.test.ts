import { debtOfSession } from '@chargelane/db/queries/payments/debts'
import { beforeEach, expect, test } from 'vitest'
import { requestStop } from '../contract.ts'
import type { Corridor } from './corridor.ts'
import { type Market, paymentOf, startSession, useCorridor } from './market.ts'

// A driver who stops while the charger begins: what flowed is paid out of the hold, whichever word came first.

let corridor: Corridor
let market: Market
useCorridor((made, itsMarket) => {
  corridor = made
  market = itsMarket
})
beforeEach(() => corridor.operator.behave({ startsByItself: false }))

async function starting() {
  const session = await startSession(corridor, market)
  const { sessionId } = session
  await corridor.reaches(sessionId, { status: 'starting' })
  return {
    session,
    stop: () => session.handle.executeUpdate(requestStop, { args: [{ by: 'driver' }] }),
    async begin() {
      await corridor.operator.beginCharging(sessionId)
      await corridor.operator.meter(sessionId, 4_000, 0)
    },
    async isPaid() {
      await corridor.reaches(sessionId, { moneyStatus: 'captured' })
      const { calls } = corridor.operator
      const stops = calls.filter((each) => each.sessionId === sessionId && each.call === 'stop')
      expect(stops).toHaveLength(1)
      expect(await paymentOf(corridor, session)).toMatchObject({ status: 'captured' })
      expect(await debtOfSession(corridor.db, sessionId)).toBeUndefined()
    },
  }
}

test('F04: a begin that nobody told of is asked for before the hold goes back', async () => {
  const { stop, begin, isPaid } = await starting()
  corridor.operator.script.isSilent = true
  await begin()
  corridor.operator.script.isSilent = false
  await stop()
  await isPaid()
})

test('F04: a begin that comes a moment after the stop is stopped, and is no debt', async () => {
  const { session, stop, begin, isPaid } = await starting()
  await stop()
  await corridor.reaches(session.sessionId, { status: 'cancelled' })
  await begin()
  await isPaid()
})
