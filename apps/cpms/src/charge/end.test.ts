import { meterSeries } from '@chargelane/db/queries/chargers/meter-values'
import {
  openTransactions,
  stationTransaction,
} from '@chargelane/db/queries/chargers/ocpp-transactions'
import { cdrsOfSession } from '@chargelane/db/queries/sessions/cdrs'
import { afterAll, expect, test } from 'vitest'
import { card, startTestNode } from '../testing.ts'
import { beginTransaction } from './begin.ts'
import { endTransaction } from './end.ts'
import type { End } from './events.ts'

// Ends that come at once are written together.

const node = await startTestNode()
afterAll(() => node.stop())

const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString()
let counter = 0

async function charging() {
  const charger = await node.addCharger(`END-${++counter}`)
  const { transactionId, sessionId } = await beginTransaction(node.node, {
    stationId: charger.station.id,
    transactionId: undefined,
    evse: { id: 1 },
    idToken: { value: card },
    claimedAt: minutesAgo(30),
    receivedAt: minutesAgo(30),
    readings: [
      { claimedAt: minutesAgo(30), context: 'Transaction.Begin', registerWh: String(counter) },
    ],
    signed: [],
  })
  return { ...charger, transactionId, sessionId: sessionId ?? '' }
}

type Charging = Awaited<ReturnType<typeof charging>>

const end = (
  { station, transactionId }: Charging,
  registerWh: number,
  readings: End['readings'] = [],
  stoppedReason = 'Local',
) =>
  endTransaction(node.node, {
    stationId: station.id,
    transactionId,
    claimedAt: minutesAgo(0),
    receivedAt: minutesAgo(0),
    stoppedReason,
    reason: 'other',
    signed: [],
    readings: [
      ...readings,
      { claimedAt: minutesAgo(0), context: 'Transaction.End', registerWh: String(registerWh) },
    ],
  })

test('ends that come at once are each closed by their own register and what came with it', async () => {
  const all = [await charging(), await charging(), await charging()]
  const between = { claimedAt: minutesAgo(10), context: 'Sample.Periodic', registerWh: '5000' }
  const ended = await Promise.all(
    all.map((each, n) => end(each, 10_000 * (n + 1), n === 1 ? [between] : [])),
  )
  expect(ended).toEqual(all.map(({ sessionId }) => ({ kind: 'closed', sessionId, ocppEvseId: 1 })))
  for (const [n, each] of all.entries()) {
    const kept = await stationTransaction(node.db, each.station.id, each.transactionId)
    expect(kept?.meterStopWh).toBe(String(10_000 * (n + 1)))
    const series = await meterSeries(node.db, each.sessionId)
    expect(series.map(({ context }) => context)).toEqual([
      'Transaction.Begin',
      ...(n === 1 ? ['Sample.Periodic'] : []),
      'Transaction.End',
    ])
    expect(await cdrsOfSession(node.db, each.sessionId)).toHaveLength(1)
  }
})

test('an end that cannot be written fails alone and leaves nothing behind', async () => {
  const [good, bad, other] = [await charging(), await charging(), await charging()]
  const settled = await Promise.allSettled([
    end(good, 9_000),
    // PostgreSQL keeps no NUL.
    end(bad, 9_000, [], 'Lo\u0000cal'),
    end(other, 9_000),
  ])
  expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  expect(await openTransactions(node.db, bad.station.id)).toHaveLength(1)
  expect(await meterSeries(node.db, bad.sessionId)).toHaveLength(1)
  expect(await cdrsOfSession(node.db, bad.sessionId)).toEqual([])
  for (const each of [good, other])
    expect(await cdrsOfSession(node.db, each.sessionId)).toHaveLength(1)
})

test('two ends of one transaction at once close it once, and the other is a correction', async () => {
  const one = await charging()
  const ended = await Promise.all([end(one, 7_000), end(one, 8_000)])
  expect(ended.map(({ kind }) => kind)).toEqual(['closed', 'repeated'])
  expect(await stationTransaction(node.db, one.station.id, one.transactionId)).toMatchObject({
    meterStopWh: '7000',
    review: 'stop_differs',
  })
  expect(await cdrsOfSession(node.db, one.sessionId)).toHaveLength(1)
})
