import { supplyEvents } from '@chargelane/db/schema'
import { beforeEach, expect, test } from 'vitest'
import { requestStop } from '../../contract.ts'
import type { Corridor } from '../corridor.ts'
import { type Market, startSession, useCorridor } from '../market.ts'

// What follows a command at once comes with its answer.

let corridor: Corridor
let market: Market
useCorridor((made, itsMarket) => {
  corridor = made
  market = itsMarket
})
beforeEach(() => corridor.operator.behave({ tellsWithAnswer: true }))

test('what came with the answers to start and stop needs no signal, and is marked as heard', async () => {
  const { sessionId, handle } = await startSession(corridor, market)
  await corridor.reaches(sessionId, { status: 'charging' })
  await corridor.operator.meter(sessionId, 4_000, 0)
  await handle.executeUpdate(requestStop, { args: [{ by: 'driver' }] })
  await corridor.reaches(sessionId, { status: 'ended', moneyStatus: 'captured' })
  const { events } = await handle.fetchHistory()
  const signals = events?.filter((event) => event.workflowExecutionSignaledEventAttributes != null)
  expect(signals).toEqual([])
  const told = await corridor.db
    .select({
      of: supplyEvents.sessionId,
      key: supplyEvents.dedupeKey,
      at: supplyEvents.deliveredAt,
    })
    .from(supplyEvents)
  expect(told.filter((each) => each.of === sessionId)).toEqual(
    ['started', 'ended', 'record'].map((key) => ({
      of: sessionId,
      key: `${sessionId}:${key}`,
      at: expect.any(String),
    })),
  )
})
