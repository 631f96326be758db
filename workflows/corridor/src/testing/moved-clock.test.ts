import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { clockMoved, requestStop } from '../contract.ts'
import { startCorridor } from './corridor.ts'
import type { Corridor } from './corridor.ts'
import { checkBooks, createMarket, startSession, waitsFor } from './market.ts'
import type { Market } from './market.ts'

const hour = 3_600_000

let corridor: Corridor
let market: Market

beforeAll(async () => {
  corridor = await startCorridor()
})
afterAll(() => corridor.stop())
beforeEach(async () => {
  market = await createMarket(corridor)
})
afterEach(() => checkBooks(corridor))

describe('a workflow whose clock is moved', () => {
  test('goes on as if the time had passed, and no other one does', async () => {
    corridor.operator.behave({ sendsRecord: false })
    const moved = await startSession(corridor, market)
    const other = await startSession(corridor, await createMarket(corridor))
    for (const session of [moved, other]) {
      await corridor.reaches(session.sessionId, { status: 'charging' })
      await corridor.operator.meter(session.sessionId, 10_000, 0.01)
      await session.handle.executeUpdate(requestStop, { args: [{ by: 'partner' }] })
      await waitsFor(session, 'charge detail record')
    }
    await moved.handle.signal(clockMoved, 25 * hour)
    await corridor.reaches(moved.sessionId, { recordStatus: 'provisional' })
    await waitsFor(other, 'charge detail record')
    expect(await corridor.reaches(other.sessionId, { recordStatus: 'session_only' })).toBeDefined()
  })
})
