import { money } from '@chargelane/rules/money'
import { billedCdrOf, cdrById, cdrsOfSession } from '@chargelane/db/queries/sessions/cdrs'
import { evidenceZip } from '@chargelane/db/queries/documents/evidence'
import { readArchive } from '@chargelane/rules/evidence/archive'
import { renderSummary } from '../../evidence/summary.ts'
import { eventsOfObject } from '@chargelane/db/queries/outbox/outbox'
import { proofOfSession } from '@chargelane/db/queries/sessions/proofs'
import { listSuspense } from '@chargelane/db/queries/ledger/suspense'
import { verifyPack } from '@chargelane/sdk/verify'
import { describe, expect, test } from 'vitest'
import { entriesOfSession } from '@chargelane/db/queries/ledger/ledger'
import { balanceOf } from '@chargelane/db/queries/ledger/balances'
import { debtOfSession } from '@chargelane/db/queries/payments/debts'
import { listIncidents } from '@chargelane/db/queries/operations/incidents'
import { getSession, timelineOf } from '@chargelane/db/queries/sessions/sessions'
import { payablesOfSession } from '@chargelane/db/queries/documents/settlements'
import { forceStop, requestStop } from '../../contract.ts'
import {
  aftercareOf,
  charge,
  createMarket,
  eventsOf,
  paymentOf,
  record,
  resultNow,
  sessionResult,
  settle,
  settleAll,
  startSession,
  useCorridor,
  waitsFor,
} from '../market.ts'
import type { Market, Started } from '../market.ts'
import type { Corridor } from '../corridor.ts'

const minute = 60_000
const hour = 60 * minute
let corridor: Corridor
let market: Market

useCorridor((made, itsMarket) => {
  corridor = made
  market = itsMarket
})

const callsOf = (session: Started, call: string) =>
  corridor.operator.calls.filter(
    (each) => each.sessionId === session.sessionId && each.call === call,
  )

describe('while energy flows', () => {
  test('F21: a ghost is warned, then stopped, and pays what was delivered', async () => {
    const session = await startSession(corridor, market)
    await corridor.reaches(session.sessionId, { status: 'charging' })
    await corridor.operator.meter(session.sessionId, 2_000, 5)
    // The register grew last at minute 5: a warning ten minutes later, the stop at fifteen, to the second.
    await corridor.operator.meter(session.sessionId, 2_000, 10)
    await corridor.pass(14 * minute)
    expect(await eventsOf(corridor, market, session)).not.toContain('session.ghost_detected')
    await corridor.pass(2 * minute)
    expect(await eventsOf(corridor, market, session)).toContain('session.ghost_detected')
    await corridor.pass(3.5 * minute)
    expect(await getSession(corridor.db, 'all', session.sessionId)).toMatchObject({
      status: 'charging',
    })
    await corridor.pass(minute)
    await corridor.reaches(session.sessionId, { moneyStatus: 'captured' })
    expect(await getSession(corridor.db, 'all', session.sessionId)).toMatchObject({
      endReason: 'ghost',
      totalGrossMinor: 118,
    })
    expect(await eventsOf(corridor, market, session)).toContain('session.auto_stopped')
    await settle(corridor, session)
  })

  test('F21, F29: a pause by the charger is no ghost, the driver hears of it, and the time begins anew after it', async () => {
    const session = await startSession(corridor, market)
    const { sessionId } = session
    await corridor.reaches(sessionId, { status: 'charging' })
    await corridor.operator.meter(sessionId, 2_000, 5)
    const tell = async (kind: 'charging_paused' | 'charging_resumed') =>
      corridor.operator.tell(sessionId, kind, { at: await corridor.nowIso(), kind })
    await tell('charging_paused')
    await corridor.reaches(sessionId, { status: 'suspended' })
    await corridor.pass(3 * hour + minute)
    await corridor.reaches(sessionId, { status: 'suspended' })
    await tell('charging_resumed')
    await corridor.reaches(sessionId, { status: 'charging' })
    expect(await eventsOf(corridor, market, session)).not.toContain('session.ghost_detected')
    await corridor.pass(14 * minute)
    await corridor.reaches(sessionId, { status: 'charging' })
    await corridor.pass(1.5 * minute)
    await corridor.reaches(sessionId, { moneyStatus: 'captured', endReason: 'ghost' })
    const told = await eventsOf(corridor, market, session)
    const steps = ['session.suspended', 'session.resumed', 'session.ghost_detected']
    expect(told.filter((type) => steps.includes(type))).toEqual(steps)
    await settle(corridor, session)
  })

  test('a paused session is stopped like any other', async () => {
    const session = await startSession(corridor, market)
    const { sessionId } = session
    await corridor.reaches(sessionId, { status: 'charging' })
    await corridor.operator.meter(sessionId, 10_000, 0.01)
    const kind = 'charging_paused'
    await corridor.operator.tell(sessionId, kind, { at: await corridor.nowIso(), kind })
    await corridor.reaches(sessionId, { status: 'suspended' })
    await session.handle.executeUpdate(requestStop, { args: [{ by: 'driver' }] })
    await corridor.reaches(sessionId, { moneyStatus: 'captured', endReason: 'requested' })
    expect(await settle(corridor, session)).toMatchObject({ outcome: 'settled' })
  })

  test('F21: a disclosed parking price is no ghost', async () => {
    market = await createMarket(corridor, { parkingPrice: '3.00' })
    const session = await startSession(corridor, market)
    await corridor.reaches(session.sessionId, { status: 'charging' })
    await corridor.operator.meter(session.sessionId, 2_000, 5)
    await corridor.pass(3 * hour)
    expect(await getSession(corridor.db, 'all', session.sessionId)).toMatchObject({
      status: 'charging',
    })
    expect(await eventsOf(corridor, market, session)).not.toContain('session.ghost_detected')
    await corridor.operator.endCharging(session.sessionId)
    await corridor.reaches(session.sessionId, { moneyStatus: 'captured' })
    await settle(corridor, session)
  })

  test('F24, R040: an offline charger is assumed to charge on, is no ghost, and yields one record that says so', async () => {
    const session = await startSession(corridor, market)
    await corridor.reaches(session.sessionId, { status: 'charging' })
    const at = await corridor.nowIso()
    await corridor.operator.tell(session.sessionId, 'gone', {
      at,
      kind: 'connectivity_changed',
      state: 'suspected_offline',
    })
    await corridor.reaches(session.sessionId, { connectivity: 'suspected_offline' })
    // Not to the second of a ghost check: the test server refuses a task that cancels a timer which fired meanwhile.
    await corridor.pass(2 * hour + minute)
    expect(await getSession(corridor.db, 'all', session.sessionId)).toMatchObject({
      status: 'charging',
      connectivity: 'suspected_offline',
      energyIsEstimate: true,
    })
    await corridor.operator.tell(session.sessionId, 'back', {
      at,
      kind: 'connectivity_changed',
      state: 'recovered',
    })
    await corridor.operator.meter(session.sessionId, 7_000, 60)
    await corridor.operator.meter(session.sessionId, 15_000, 119)
    await corridor.operator.endCharging(session.sessionId)
    const row = await corridor.reaches(session.sessionId, { moneyStatus: 'captured' })
    expect(row).toMatchObject({ connectivity: 'recovered', totalGrossMinor: 885 })
    const records = await cdrsOfSession(corridor.db, session.sessionId)
    expect(records).toMatchObject([{ offlineRecovered: true, status: 'accepted' }])
    await settle(corridor, session)
  })

  test('F22, F23: a charger that ignores three stops is closed on its last reading', async () => {
    corridor.operator.behave({ endsOnStop: false, sendsRecord: false, hasRecordOnPull: true })
    const session = await startSession(corridor, market)
    await corridor.reaches(session.sessionId, { status: 'charging' })
    await corridor.operator.meter(session.sessionId, 3_000, 1)
    await session.handle.executeUpdate(requestStop, { args: [{ by: 'partner' }] })
    await corridor.pass(4 * minute)
    const row = await corridor.reaches(session.sessionId, { status: 'ended' })
    expect(row.endReason).toBe('inferred')
    expect(callsOf(session, 'stop')).toHaveLength(3)
    expect(callsOf(session, 'unlock')).toHaveLength(1)
    expect(await eventsOf(corridor, market, session)).toContain('session.stop_failed')
    const { sessionId } = session
    const incidents = await listIncidents(corridor.db, market.cpo.id, { limit: 1, sessionId })
    expect(incidents.data).toMatchObject([{ kind: 'stop_failed', energyWh: '3000' }])
    await corridor.pass(6 * minute)
    await corridor.reaches(session.sessionId, { moneyStatus: 'captured' })
    await settle(corridor, session)
  })

  test('F23: a charger that obeys no stop is unlocked, and the charge ends there', async () => {
    corridor.operator.behave({ endsOnStop: false, unlock: { kind: 'accepted' } })
    const session = await startSession(corridor, market)
    await corridor.reaches(session.sessionId, { status: 'charging' })
    await corridor.operator.meter(session.sessionId, 3_000, 1)
    await session.handle.executeUpdate(requestStop, { args: [{ by: 'partner' }] })
    await corridor.pass(4 * minute)
    const row = await corridor.reaches(session.sessionId, { moneyStatus: 'captured' })
    expect(row).toMatchObject({ status: 'ended', endReason: 'requested' })
    expect(callsOf(session, 'stop')).toHaveLength(3)
    expect(await eventsOf(corridor, market, session)).not.toContain('session.stop_failed')
    await settle(corridor, session)
  })

  test('F23: a charger that takes the stop and goes on counting is paid for the energy, and for no more time', async () => {
    market = await createMarket(corridor, { parkingPrice: '3.00' })
    corridor.operator.behave({ endsOnStop: false })
    const session = await startSession(corridor, market)
    const { sessionId } = session
    await corridor.reaches(sessionId, { status: 'charging' })
    await corridor.operator.meter(sessionId, 10_000, 24)
    await corridor.pass(25 * minute)
    await session.handle.executeUpdate(requestStop, { args: [{ by: 'driver' }] })
    await corridor.reaches(sessionId, { status: 'stopping' })
    await corridor.pass(90_000)
    // It ends two hours later, having given another 2 kWh and blocked the place.
    await corridor.pass(10 * minute)
    await corridor.operator.meter(sessionId, 12_000, 30)
    await corridor.pass(2 * hour)
    await corridor.operator.endCharging(sessionId)
    const row = await corridor.reaches(sessionId, { moneyStatus: 'captured' })
    expect(row.feesFrozenAt).not.toBeNull()
    const [told] = await cdrsOfSession(corridor.db, sessionId)
    expect(Date.parse(told!.usage.ended_at)).toBeGreaterThan(Date.parse(row.feesFrozenAt!))
    expect(row.totalGrossMinor).toBe(708)
    expect(told?.verdict).toMatchObject({ verdict: { usage_basis: 'frozen' } })
    await settle(corridor, session)
    const pack = new Uint8Array((await evidenceZip(corridor.db, sessionId)) ?? [])
    const { checks } = await verifyPack(pack, { trust: [await corridor.keys()] })
    expect(checks.filter(({ ok }) => !ok)).toEqual([])
  })

  test('F23: a charger that obeys within its minute is paid until it ended', async () => {
    const session = await startSession(corridor, market)
    const { sessionId } = session
    await corridor.reaches(sessionId, { status: 'charging' })
    await corridor.operator.meter(sessionId, 10_000, 24)
    await corridor.pass(25 * minute)
    await session.handle.executeUpdate(requestStop, { args: [{ by: 'driver' }] })
    const row = await corridor.reaches(sessionId, { moneyStatus: 'captured' })
    expect(row.feesFrozenAt).toBeNull()
    await settle(corridor, session)
  })

  test('operations can end a session whatever the charger says', async () => {
    corridor.operator.behave({ endsOnStop: false, sendsRecord: false, hasRecordOnPull: true })
    const session = await startSession(corridor, market)
    await corridor.reaches(session.sessionId, { status: 'charging' })
    await session.handle.signal(forceStop, { by: 'operations', reason: 'site evacuated' })
    await corridor.reaches(session.sessionId, { status: 'ended' })
    expect(callsOf(session, 'stop')).toHaveLength(0)
    expect(await sessionResult(corridor, session)).toMatchObject({ outcome: 'closed_zero' })
  })

  test('a signal without payload, or with one that is not as agreed, is ignored and noted, and the session goes on', async () => {
    const session = await startSession(corridor, market)
    await corridor.reaches(session.sessionId, { status: 'charging' })
    const strange = [
      [],
      [null],
      ['stop'],
      [{ kind: 'charging_ended', eventId: 'e', endedAt: 'soon' }],
    ]
    for (const signal of ['forceStop', 'supplyEvent', 'paymentEvent', 'settled'])
      for (const args of strange) await session.handle.signal(signal, ...args)
    await expect(session.handle.executeUpdate('requestStop')).rejects.toThrow()
    await record(session, 'strange-signals')
    await charge(corridor, market, 12_000, session)
    await settle(corridor, session)
    const notes = await timelineOf(corridor.db, 'all', session.sessionId)
    expect(notes.filter(({ room }) => room === 'signals').map(({ what }) => what)).toEqual(
      ['forceStop', 'supplyEvent', 'paymentEvent', 'settled'].flatMap((signal) =>
        strange.map(() => `${signal} ignored: not as agreed`),
      ),
    )
    expect(await getSession(corridor.db, 'all', session.sessionId)).toMatchObject({
      moneyStatus: 'settled',
      totalGrossMinor: 708,
    })
  })
})

describe('after energy flowed', () => {
  test('F34: without a record the session is pulled for, then billed on our own readings', async () => {
    corridor.operator.behave({ sendsRecord: false })
    const session = await charge(corridor, market, 12_000)
    await corridor.reaches(session.sessionId, { status: 'ended' })
    await corridor.pass(23 * hour)
    expect(await getSession(corridor.db, 'all', session.sessionId)).toMatchObject({
      recordStatus: 'session_only',
      moneyStatus: 'held',
    })
    await corridor.pass(2 * hour)
    await corridor.reaches(session.sessionId, {
      recordStatus: 'provisional',
      moneyStatus: 'captured',
    })
    expect(callsOf(session, 'fetchRecord')).toHaveLength(4)
    expect(await paymentOf(corridor, session)).toMatchObject({ captured: money(708, 'EUR') })
    await waitsFor(session, 'settlement')
    await settleAll(corridor)
    await corridor.reaches(session.sessionId, { moneyStatus: 'settled_provisionally' })
    // The session is over; only its sale is open to what the operator still sends.
    expect(await resultNow(session.handle)).toMatchObject({ outcome: 'settled' })
    const aftercare = await aftercareOf(corridor, session)
    await waitsFor({ handle: aftercare }, 'late record')
    await record(session, 'provisional')
    expect(await eventsOf(corridor, market, session)).toEqual(
      expect.arrayContaining(['cdr.overdue', 'session.provisionally_rated']),
    )

    // The record comes after all and asks less: the difference goes back, nothing is captured again.
    corridor.operator.script.overclaim = -100
    await corridor.operator.sendRecord(session.sessionId)
    await corridor.reaches(session.sessionId, { moneyStatus: 'adjusted', totalGrossMinor: 608 })
    expect(await resultNow(aftercare)).toEqual({ outcome: 'adjusted' })
    await record({ handle: aftercare }, 'late-record')
    const kinds = (await entriesOfSession(corridor.db, session.sessionId)).map(
      (entry) => entry.kind,
    )
    expect(kinds).toEqual(expect.arrayContaining(['provisional_sale', 'true_up']))
    expect(await eventsOf(corridor, market, session)).toContain('cdr.late')
  })

  test.each([
    {
      what: 'asks more than its price',
      script: { overclaim: 500 },
      held: 500,
      said: { rules: ['cpo_asks_more'] },
    },
    {
      what: 'proves more than our readings',
      script: { overclaimWh: 3_000 },
      held: 177,
      said: { rules: ['charged_before'], reasons: ['CDR_TOO_LATE'] },
    },
  ])(
    'F35, F36: a late record that $what costs the driver nothing and its claim is held',
    async ({ script, held, said }) => {
      corridor.operator.behave({ sendsRecord: false })
      const session = await charge(corridor, market, 12_000)
      await corridor.pass(25 * hour)
      await waitsFor(session, 'settlement')
      await settleAll(corridor)
      await corridor.reaches(session.sessionId, { moneyStatus: 'settled_provisionally' })

      corridor.operator.behave(script)
      await corridor.operator.sendRecord(session.sessionId)
      // It may come while the session hands over to its aftercare.
      const aftercare = await aftercareOf(corridor, session)
      expect(await resultNow(aftercare)).toEqual({ outcome: 'unchanged' })
      expect(await getSession(corridor.db, 'all', session.sessionId)).toMatchObject({
        totalGrossMinor: 708,
      })
      expect(await paymentOf(corridor, session)).toMatchObject({ captured: money(708, 'EUR') })
      const [claim] = await listSuspense(
        corridor.db,
        { cpo: market.cpo.id },
        { limit: 10, now: await corridor.nowIso() },
      )
      expect(claim).toMatchObject({ amount: { amount: held }, ...said })
      expect(await balanceOf(corridor.db, claim?.account ?? '')).toBe(held)
      const [told] = await eventsOfObject(corridor.db, market.cpo.id, claim?.cdrId ?? '', 0)
      expect(told?.body.data).toMatchObject({ id: claim?.cdrId, suspense: { id: claim?.id } })
      expect(told?.body.context).toMatchObject({ payable: { amount: 708 }, rules: said.rules })
      for (const rating of ['retail', 'wholesale'])
        expect(await proofOfSession(corridor.db, session.sessionId, rating)).toMatchObject({
          output: { totals: { gross: { amount: 708 } } },
        })
      const zip = new Uint8Array((await evidenceZip(corridor.db, session.sessionId)) ?? [])
      const report = await verifyPack(zip, { trust: [await corridor.keys()] })
      expect(report.checks.filter(({ ok }) => !ok)).toEqual([])
      const page = await renderSummary(zip, await corridor.nowIso())
      expect(page.subarray(0, 5).toString()).toBe('%PDF-')
    },
  )

  test('the settlement extends the sealed pack and leaves every other byte of it as it was', async () => {
    const session = await charge(corridor, market, 10_000)
    await corridor.reaches(session.sessionId, { moneyStatus: 'captured' })
    await settle(corridor, session)
    const packs = await Promise.all(
      [1, 2].map((revision) => evidenceZip(corridor.db, session.sessionId, revision)),
    )
    const [sealed, extended] = packs.map((zip) => readArchive(new Uint8Array(zip ?? [])).entries)
    const changed = [...(extended ?? [])]
      .filter(([path, bytes]) => !Buffer.from(bytes).equals(sealed?.get(path) ?? Buffer.alloc(0)))
      .map(([path]) => path)
    expect(changed.toSorted()).toEqual([
      'disclosures.json',
      'manifest.json',
      'session.json',
      'settlement.json',
      'signature.ed25519',
      'timeline.json',
    ])
    const report = await verifyPack(new Uint8Array(packs[1] ?? []), {
      trust: [await corridor.keys()],
    })
    expect(report.checks.filter(({ ok }) => !ok)).toEqual([])
  })

  test('F36, F37: a record that asks more than the public price is paid at the public price', async () => {
    corridor.operator.behave({ overclaim: 500 })
    const session = await charge(corridor, market, 10_000)
    const row = await corridor.reaches(session.sessionId, { moneyStatus: 'captured' })
    expect(row).toMatchObject({ recordStatus: 'cdr_adjusted', totalGrossMinor: 590 })
    await settle(corridor, session)
    const suspense = await balanceOf(corridor.db, `suspense:cdr:${market.cpo.id}:EUR`)
    expect(suspense).toBe(500)
  })

  test('F36: energy that no reading shows is not paid, and its CPO can follow the claim', async () => {
    corridor.operator.behave({ overclaimWh: 10_000 })
    const session = await startSession(corridor, market)
    const { sessionId } = session
    await corridor.reaches(sessionId, { status: 'charging' })
    for (const [wh, at] of [
      [5_000, 12],
      // The very last moment: nothing can have flowed since.
      [10_000, 25 + 1 / 60],
    ] as const)
      await corridor.operator.meter(sessionId, wh, at)
    await corridor.pass(25 * minute)
    await corridor.operator.endCharging(sessionId)
    await corridor.reaches(sessionId, {
      moneyStatus: 'captured',
      totalGrossMinor: 590,
      energyWh: '10000',
    })
    await settle(corridor, session)
    const [claim] = await listSuspense(
      corridor.db,
      { cpo: market.cpo.id },
      { limit: 10, now: await corridor.nowIso() },
    )
    expect(claim).toMatchObject({
      sessionId: session.sessionId,
      amount: { amount: 590 },
      status: 'open',
      rules: ['energy_differs_from_session', 'usage_of_session_applies', 'cpo_asks_more'],
      reasons: ['USAGE_NOT_PROVEN'],
    })
    expect(await balanceOf(corridor.db, claim?.account ?? '')).toBe(590)
    const told = await eventsOfObject(corridor.db, market.cpo.id, claim?.cdrId ?? '', 0)
    expect(told.map((event) => event.type)).toEqual(['cdr.mismatch'])
    const proof = await proofOfSession(corridor.db, session.sessionId, 'wholesale')
    expect(proof).toMatchObject({ status: 'valid', cdrId: claim?.cdrId })
    expect(told[0]?.body.data).toMatchObject({
      price_proof: proof?.id,
      verdict: { kind: 'accepted_with_adjustment' },
    })
  })

  test('R071: the same record judged again gives the same verdict, proof and entries', async () => {
    const session = await charge(corridor, market, 10_000)
    await waitsFor(session, 'settlement')
    const cdr = (await billedCdrOf(corridor.db, session.sessionId))!
    const seen = async () => ({
      cdr: await cdrById(corridor.db, cdr.id),
      proof: await proofOfSession(corridor.db, session.sessionId),
      entries: await entriesOfSession(corridor.db, session.sessionId),
      events: await eventsOf(corridor, market, session),
    })
    const before = await seen()
    for (let time = 0; time < 3; time++)
      await corridor.activities.judgeRecord({
        sessionId: session.sessionId,
        cdrId: cdr.id,
        now: await corridor.nowIso(),
      })
    expect(await seen()).toEqual(before)
    await settle(corridor, session)
  })

  test('F40: a session without energy gives the hold back and closes at zero', async () => {
    const session = await charge(corridor, market, 0)
    expect(await sessionResult(corridor, session)).toMatchObject({ outcome: 'closed_zero' })
    expect(await paymentOf(corridor, session)).toMatchObject({ status: 'voided' })
    expect(await entriesOfSession(corridor.db, session.sessionId)).toHaveLength(0)
  })

  test('F47: a capture that fails for good becomes a debt, and the operator waits until somebody pays it', async () => {
    corridor.payments.refuseCapture = 'card_declined'
    const session = await charge(corridor, market, 10_000)
    await corridor.reaches(session.sessionId, { moneyStatus: 'capture_failed' })
    await corridor.pass(minute)
    expect(await sessionResult(corridor, session)).toMatchObject({ outcome: 'unpaid' })
    await settleAll(corridor)
    await record(session, 'capture-failed')
    expect(await debtOfSession(corridor.db, session.sessionId)).toMatchObject({
      amount: money(590, 'EUR'),
      status: 'open',
    })
    expect(await paymentOf(corridor, session)).toMatchObject({ status: 'voided' })
    const payables = await payablesOfSession(corridor.db, session.sessionId)
    expect(payables.find((row) => row.payee.role === 'cpo')).toMatchObject({
      heldReason: 'awaiting_funds',
      settlementId: null,
    })
    // The same rule answers for the quote and for the start.
    await expect(startSession(corridor, market)).rejects.toThrow(/payment source is unpaid/)
  })

  test('F48: a capture whose reply was lost is found, not repeated', async () => {
    corridor.payments.loseReply = { capture: 1 }
    const before = corridor.payments.calls.filter(({ call }) => call === 'capture').length
    const session = await charge(corridor, market, 10_000)
    await corridor.pass(minute)
    await corridor.reaches(session.sessionId, { moneyStatus: 'captured' })
    const captures = corridor.payments.calls.filter(({ call }) => call === 'capture').length
    expect(captures - before).toBe(1)
    expect(await paymentOf(corridor, session)).toMatchObject({ captured: money(590, 'EUR') })
    expect(await settle(corridor, session)).toMatchObject({ outcome: 'settled' })
  })

  test('F26: what a hold cannot cover is owed, never captured beyond it', async () => {
    const session = await charge(corridor, market, 400_000)
    await waitsFor(session, 'settlement')
    const payment = (await paymentOf(corridor, session))!
    expect(payment.captured).toEqual(payment.hold)
    const debt = await debtOfSession(corridor.db, session.sessionId)
    expect(debt?.amount.amount).toBe(23_600 - payment.hold.amount)
    await settle(corridor, session)
  })

  test('a settlement that does not come in 48 hours is said once, and still waited for', async () => {
    const session = await charge(corridor, market, 10_000)
    await corridor.reaches(session.sessionId, { moneyStatus: 'captured' })
    await corridor.pass(49 * hour)
    expect(await eventsOf(corridor, market, session)).toContain('settlement.sla_breached')
    expect(await settle(corridor, session)).toMatchObject({ outcome: 'settled' })
    const breaches = (await eventsOf(corridor, market, session)).filter(
      (type) => type === 'settlement.sla_breached',
    )
    expect(breaches).toHaveLength(1)
  })
})
