// A worker that dies between the end of a step and the telling of it has the step asked for again, at a later time: nothing
// is done twice, and no step stands for ever because the time is another.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import { giveBack } from '../../books/give-back.ts'
import { corridorQueue, workflowTypes } from '../../contract.ts'
import { type Corridor, startCorridor } from '../corridor.ts'
import {
  charge,
  checkBooks,
  createMarket,
  paymentOf,
  resultNow,
  sessionResult,
  settle,
  startSession,
} from '../market.ts'

const isTimed = (input: unknown): input is { now: string } =>
  typeof input === 'object' && input !== null && 'now' in input && typeof input.now === 'string'

const later = (instant: string) => new Date(Date.parse(instant) + 7_000).toISOString()
const again = new Set<string>()

let corridor: Corridor
beforeAll(async () => {
  corridor = await startCorridor({
    faults: {
      wrap:
        (name, run) =>
        async (...args) => {
          const first = await run(...args)
          const input: unknown = args[0]
          if (!isTimed(input)) return first
          again.add(name)
          return run(...([{ ...input, now: later(input.now) }] as unknown as typeof args))
        },
    },
  })
})
afterAll(() => corridor.stop())

test('a session whose every step is asked for twice, the second time later, is sold, paid and refunded once', async () => {
  const market = await createMarket(corridor)
  const session = await charge(corridor, market, 10_000, await startSession(corridor, market))
  expect(await settle(corridor, session)).toMatchObject({ outcome: 'settled' })
  const payment = await paymentOf(corridor, session)
  expect(payment?.captured).toEqual({ amount: 590, currency: 'EUR' })
  const by = { keyId: 'key_1', now: await corridor.nowIso() }
  const wish = { paymentId: payment?.id ?? '', reason: 'goodwill' } as const
  const { sessionId, revision, amount } = await giveBack(corridor.db, wish, by)
  const handle = await corridor.client.workflow.start(workflowTypes.givenBack, {
    workflowId: `refund:${newId('refund')}`,
    taskQueue: corridorQueue,
    args: [{ sessionId, revision, amount }],
  })
  await resultNow(handle)
  await corridor.reaches(sessionId, { moneyStatus: 'refunded' })
  expect([...again]).toEqual(expect.arrayContaining(['postSale']))
  await checkBooks(corridor)
})

test('and so is one that could not be captured', async () => {
  const market = await createMarket(corridor)
  corridor.payments.refuseCapture = 'card_declined'
  const session = await charge(corridor, market, 10_000)
  expect(await sessionResult(corridor, session)).toMatchObject({ outcome: 'unpaid' })
  corridor.payments.behaveWell()
  await checkBooks(corridor)
})
