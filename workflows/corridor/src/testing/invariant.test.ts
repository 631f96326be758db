// Alone in its file: a failing workflow task keeps virtual time from being skipped for every later workflow.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { trialBalance } from '@chargelane/db/queries/ledger/ledger'
import { paymentsOf } from '@chargelane/db/queries/payments/payments'
import type { RecordVerdict } from '../record/verdict.ts'
import { createMarket, startSession } from './market.ts'
import { startCorridor } from './corridor.ts'
import type { Corridor } from './corridor.ts'

let corridor: Corridor

beforeAll(async () => {
  corridor = await startCorridor({
    faults: {
      // A verdict in a currency that the quote never named: one of ours is wrong, and nobody knows which.
      wrap:
        (name, run) =>
        async (...args) => {
          const result = await run(...args)
          if (name !== 'judgeRecord') return result
          const { verdict, terms } = result as { verdict: RecordVerdict; terms: unknown }
          const gross = { amount: 1_000, currency: 'USD' }
          return { terms, verdict: { ...verdict, totals: { ...verdict.totals, gross } } }
        },
    },
  })
})
afterAll(() => corridor.stop())

test('a broken invariant stops the workflow task where it stands, and no money moves', async () => {
  const market = await createMarket(corridor)
  const { sessionId, handle } = await startSession(corridor, market)
  await corridor.reaches(sessionId, { status: 'charging' })
  await corridor.operator.meter(sessionId, 5_000, 0.01)
  await corridor.operator.endCharging(sessionId)
  await corridor.reaches(sessionId, { status: 'ended', recordStatus: 'cdr_accepted' })
  const failed = async () => {
    const { events } = await handle.fetchHistory()
    return (events ?? []).filter((event) => event.workflowTaskFailedEventAttributes)
  }
  await expect.poll(failed).not.toEqual([])
  const [failure] = await failed()
  const message = failure?.workflowTaskFailedEventAttributes?.failure?.message
  expect(message).toMatch(/Invariant broken/)
  expect((await handle.describe()).status.name).toBe('RUNNING')
  const [payment] = await paymentsOf(corridor.db, sessionId)
  expect(payment).toMatchObject({ status: 'authorized', captured: null })
  expect((await trialBalance(corridor.db)).accounts).toEqual([])
}, 60_000)
