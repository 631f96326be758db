// A start that waits for somebody to plug in.
import { expect, test } from 'vitest'
import { paymentsOf } from '@chargelane/db/queries/payments/payments'
import { getSession } from '@chargelane/db/queries/sessions/sessions'
import { paymentOf, startSession, useCorridor } from '../market.ts'
import type { Market } from '../market.ts'
import type { Corridor } from '../corridor.ts'

let corridor: Corridor
let market: Market

useCorridor((made, itsMarket) => {
  corridor = made
  market = itsMarket
})

const stopsOf = (sessionId: string) =>
  corridor.operator.calls.filter((each) => each.call === 'stop' && each.sessionId === sessionId)

test('F08: no plug in 90 s stops the charger, gives the hold back at once, and a later start needs another', async () => {
  corridor.operator.behave({ startsByItself: false })
  const session = await startSession(corridor, market)
  const { sessionId } = session
  await corridor.reaches(sessionId, { status: 'starting' })
  const at = await corridor.nowIso()
  await corridor.operator.tell(sessionId, 'plug', { at, kind: 'plug_awaited' })
  await corridor.reaches(sessionId, { status: 'awaiting_plug_in' })
  await corridor.pass(89_000)
  expect(stopsOf(sessionId)).toEqual([])
  expect(await paymentOf(corridor, session)).toMatchObject({ status: 'authorized' })
  await corridor.pass(2_000)
  await corridor.reaches(sessionId, { status: 'start_failed', moneyStatus: 'released' })
  expect(stopsOf(sessionId)).toHaveLength(1)
  expect(await getSession(corridor.db, 'all', sessionId)).toMatchObject({
    failure: {
      code: 'start_rejected',
      reason: 'cable_not_connected',
      detail: 'no car was plugged in within 90 s',
    },
  })
  await corridor.operator.beginCharging(sessionId)
  await corridor.reaches(sessionId, { status: 'charging' })
  expect(await paymentsOf(corridor.db, sessionId)).toHaveLength(2)
})
