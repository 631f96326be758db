// Whoever is behind one that cannot be dealt with is dealt with all the same: holds, proofs, returns.
import { listIncidents } from '@chargelane/db/queries/operations/incidents'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { listPayouts } from '@chargelane/db/queries/documents/payouts'
import { listSettlements } from '@chargelane/db/queries/documents/settlements'
import { createReaperActivities } from '../authorization/activities.ts'
import { createProofActivities } from '../evidence/proofs.ts'
import { openPayments } from '../payment/kinds.ts'
import { MoneyFailure } from '../payment/payment.ts'
import { takeReturns } from '../settlement/returns.ts'
import { charge, createMarket, paymentOf, settleAll, startSession, waitsFor } from './market.ts'
import type { Market, Started } from './market.ts'
import { startCorridor } from './corridor.ts'
import type { Corridor } from './corridor.ts'

let corridor: Corridor
let market: Market

beforeAll(async () => {
  corridor = await startCorridor()
})
afterAll(() => corridor.stop())
beforeEach(async () => {
  corridor.operator.behave({})
  market = await createMarket(corridor)
})

async function booked(): Promise<Started> {
  const session = await charge(corridor, market, 10_000)
  await waitsFor(session, 'settlement')
  return session
}

test('a hold that its provider cannot find keeps none behind it from being given back', async () => {
  corridor.operator.behave({ startsByItself: false })
  const sessions: Started[] = []
  for (const place of [market, await createMarket(corridor)]) {
    const session = await startSession(corridor, place)
    await waitsFor(session, 'start of charging')
    await session.handle.terminate('died')
    sessions.push(session)
  }
  await corridor.pass(2 * 3_600_000)
  const holds = await Promise.all(sessions.map((session) => paymentOf(corridor, session)))
  const first = new Set([holds[0]?.id, holds[0]?.pspId])
  const card = {
    ...corridor.payments,
    find: (query: Parameters<typeof corridor.payments.find>[0]) =>
      first.has('pspId' in query ? query.pspId : query.paymentId)
        ? Promise.reject(
            new MoneyFailure('no connection', { code: 'unreachable', retryable: true }),
          )
        : corridor.payments.find(query),
  }
  const payments = openPayments({ db: corridor.db, env: {}, now: () => new Date() }, { card })
  const reaper = createReaperActivities({ db: corridor.db, payments })
  await expect(reaper.reapOrphans({ now: await corridor.nowIso() })).rejects.toThrow(
    'no connection',
  )
  const after = await Promise.all(sessions.map((session) => paymentOf(corridor, session)))
  expect(after.map((hold) => hold?.status)).toEqual(['authorized', 'voided'])
})

test('a proof whose look cannot be written down keeps none behind it from being looked at', async () => {
  await booked()
  await booked()
  let looks = 0
  const tx: typeof corridor.db.tx = (fn) => {
    looks += 1
    return looks === 1 ? Promise.reject(new Error('out of range')) : corridor.db.tx(fn)
  }
  const db = new Proxy(corridor.db, {
    get: (target, name): unknown => (name === 'tx' ? tx : Reflect.get(target, name)),
  })
  const { checkProofs } = createProofActivities({ db })
  const page = await checkProofs({ after: '', night: 0, now: await corridor.nowIso() })
  expect(page.skipped).toEqual([expect.stringContaining('out of range')])
  expect(page.checked).toBe(looks - 1)
  expect(page.checked).toBeGreaterThan(0)
})

test('a return that cannot be read keeps none behind it from being booked', async () => {
  await booked()
  await settleAll(corridor)
  const [paid] = await listSettlements(corridor.db, market.cpo.id, { limit: 10 })
  const [payout] = await listPayouts(corridor.db, market.cpo.id, { limit: 1, settlement: paid!.id })
  const now = await corridor.nowIso()
  corridor.bank.returned = [
    { problem: 'no day of the return' },
    { payoutId: payout!.id, bankReference: 'R-1', reason: 'AC04', returnedAt: now },
  ]
  const taking = takeReturns({ db: corridor.db, payouts: { bank: corridor.bank } }, { now })
  await expect(taking).rejects.toThrow('no day of the return')
  corridor.bank.returned = []
  expect(await listSettlements(corridor.db, market.cpo.id, { limit: 10 })).toMatchObject([
    { state: 'on_hold', reason: 'bank: returned AC04' },
  ])
})

test('a payee that could not be settled is a person’s to dismiss, and settled once a batch closes it', async () => {
  await booked()
  const { reportPayee } = corridor.activities
  const payee = { role: 'cpo', id: market.cpo.id } as const
  const now = await corridor.nowIso()
  await reportPayee({ payee, currency: 'EUR', batch: 'b-1', cause: 'no name', now })
  const incidents = async () =>
    (await listIncidents(corridor.db, market.cpo.id, { limit: 100, kind: 'step_failed' })).data
  expect(await incidents()).toMatchObject([{ status: 'open', actions: ['dismiss'] }])
  await settleAll(corridor)
  expect(await incidents()).toMatchObject([
    { status: 'resolved', reason: expect.stringContaining('Closed by the batch') },
  ])
})
