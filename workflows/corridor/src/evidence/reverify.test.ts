import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { eventsOfObject } from '@chargelane/db/queries/outbox/outbox'
import { proofOfSession } from '@chargelane/db/queries/sessions/proofs'
import type { ProofRow } from '@chargelane/db/queries/sessions/proofs'
import { listSettlements, payablesOfSession } from '@chargelane/db/queries/documents/settlements'
import { priceProofs } from '@chargelane/db/schema'
import { corridorQueue, workflowTypes } from '../contract.ts'
import {
  charge,
  checkBooks,
  createMarket,
  eventsOf,
  settleAll,
  waitsFor,
} from '../testing/market.ts'
import type { Market, Started } from '../testing/market.ts'
import { startCorridor } from '../testing/corridor.ts'
import type { Corridor } from '../testing/corridor.ts'
import type { ReverifyResult } from './reverify.ts'

let corridor: Corridor
let market: Market

beforeAll(async () => {
  corridor = await startCorridor()
})
afterAll(() => corridor.stop())
beforeEach(async () => {
  market = await createMarket(corridor)
})

async function booked(): Promise<Started> {
  const session = await charge(corridor, market, 10_000)
  await waitsFor(session, 'settlement')
  return session
}

async function proofOf({ sessionId }: Started): Promise<ProofRow> {
  const proof = await proofOfSession(corridor.db, sessionId)
  if (proof === undefined) throw new Error('a judged session has a proof')
  return proof
}

/** Writes a proof over, as whoever has the database could. */
const overwrite = (row: ProofRow) =>
  corridor.db
    .insert(priceProofs)
    .values(row)
    .onConflictDoUpdate({
      target: priceProofs.id,
      set: { input: row.input, output: row.output, hash: row.hash },
    })

let nights = 0
const reverify = (): Promise<ReverifyResult> =>
  corridor.client.workflow.execute(workflowTypes.reverify, {
    workflowId: `reverify-${(nights += 1)}`,
    taskQueue: corridorQueue,
    args: [],
  })

const tampered = (row: ProofRow, from: string, to: string): ProofRow => {
  const text = JSON.stringify({ input: row.input, output: row.output })
  expect(text).toContain(from)
  return {
    ...row,
    ...(JSON.parse(text.replaceAll(from, to)) as Pick<ProofRow, 'input' | 'output'>),
  }
}

describe('the nightly look at the proofs', () => {
  test('F45: a proof that does not recompute stops the settlement of its session and of no other', async () => {
    const [broken, sound] = [await booked(), await booked()]
    const original = await proofOf(broken)
    expect(original).toMatchObject({ status: 'valid', failure: null })
    await overwrite(tampered(original, '"amount":590', '"amount":591'))

    const night = await reverify()
    expect(night).toMatchObject({ failed: [original.id], restored: [] })
    expect(night.checked).toBeGreaterThanOrEqual(2)
    expect(await proofOf(broken)).toMatchObject({ status: 'failed' })
    expect((await proofOf(broken)).failure).toContain('the proof says 591, re-execution gives 590')
    expect(await proofOf(sound)).toMatchObject({ status: 'valid' })
    expect(await eventsOf(corridor, market, broken)).toContain('proof.failed')
    const told = await eventsOfObject(corridor.db, market.cpo.id, original.id, 0)
    expect(told.map((event) => event.type)).toEqual(['proof.failed'])

    await settleAll(corridor)
    await corridor.reaches(sound.sessionId, { moneyStatus: 'settled' })
    const held = await payablesOfSession(corridor.db, broken.sessionId)
    expect(held.map((row) => [row.settlementId, row.heldReason])).toEqual([
      [null, 'proof_failed'],
      [null, 'proof_failed'],
    ])
    expect(await listSettlements(corridor.db, market.cpo.id, { limit: 10 })).toMatchObject([
      { state: 'paid', sessionCount: 1 },
    ])

    await reverify()
    expect(await eventsOfObject(corridor.db, market.cpo.id, original.id, 0)).toHaveLength(1)

    await overwrite(original)
    expect(await reverify()).toMatchObject({ failed: [], restored: [original.id] })
    expect(await eventsOf(corridor, market, broken)).toContain('proof.restored')
    await settleAll(corridor)
    await corridor.reaches(broken.sessionId, { moneyStatus: 'settled' })
    await checkBooks(corridor)
  })

  test.each([
    ['its usage', '"energy_kwh":"', '"energy_kwh":"1'],
    ['its tariff', '"price":"0.4958"', '"price":"0.4957"'],
  ])('a change of %s is found by the hash', async (_what, from, to) => {
    const session = await booked()
    const original = await proofOf(session)
    await overwrite(tampered(original, from, to))
    expect(await reverify()).toMatchObject({ failed: [original.id] })
    expect((await proofOf(session)).failure).toContain('hash: the input was changed')
    await overwrite(original)
    expect(await reverify()).toMatchObject({ restored: [original.id] })
  })
})
