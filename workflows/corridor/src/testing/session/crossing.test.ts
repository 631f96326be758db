import { debtOfSession } from '@chargelane/db/queries/payments/debts'
import { beforeEach, expect, test } from 'vitest'
import { requestStop } from '../../contract.ts'
import type { Corridor } from '../corridor.ts'
import { type Market, paymentOf, startSession, useCorridor } from '../market.ts'

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
    begin: async () => {
      await corridor.operator.beginCharging(sessionId)
      await corridor.operator.meter(sessionId, 4_000, 0)
    },
    paid: async () => {
      await corridor.reaches(sessionId, { moneyStatus: 'captured' })
      const { calls } = corridor.operator
      return {
        stops: calls.filter((each) => each.sessionId === sessionId && each.call === 'stop').length,
        payment: (await paymentOf(corridor, session))?.status,
        debt: await debtOfSession(corridor.db, sessionId),
      }
    },
  }
}

test('F04: a begin that nobody told of is asked for before the hold goes back', async () => {
  const { stop, begin, paid } = await starting()
  corridor.operator.script.isSilent = true
  await begin()
  corridor.operator.script.isSilent = false
  await stop()
  expect(await paid()).toEqual({ stops: 1, payment: 'captured', debt: undefined })
})

test('F04: a begin that comes a moment after the stop is stopped, and is no debt', async () => {
  const { session, stop, begin, paid } = await starting()
  await stop()
  await corridor.reaches(session.sessionId, { status: 'cancelled' })
  await begin()
  expect(await paid()).toEqual({ stops: 1, payment: 'captured', debt: undefined })
})
