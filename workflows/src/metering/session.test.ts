// F44 through the corridor: records with valid, broken and missing signatures at a German EVSE whose key is registered.
import { addMeterKey } from '@chargelane/db/queries/meter-keys'
import { billedCdrOf } from '@chargelane/db/queries/cdrs'
import { evidenceZip } from '@chargelane/db/queries/evidence'
import { balanceOf } from '@chargelane/db/queries/ledger'
import { eventsOfObject } from '@chargelane/db/queries/outbox'
import { proofOfSession } from '@chargelane/db/queries/proofs'
import { getSession } from '@chargelane/db/queries/sessions'
import { listSuspense } from '@chargelane/db/queries/suspense'
import { verifyPack } from '@chargelane/sdk/verify'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { readArchive, writeArchive } from '../evidence/archive.ts'
import {
  charge,
  checkBooks,
  createMarket,
  sessionResult,
  settle,
  startSession,
} from '../testing-market.ts'
import type { Market, Started } from '../testing-market.ts'
import { startCorridor } from '../testing.ts'
import type { Corridor } from '../testing.ts'
import { nodeEcdsa } from './ecdsa.ts'
import { type FakeReading, signedValue, testMeter } from './meter.fake.ts'

let corridor: Corridor
beforeAll(async () => {
  corridor = await startCorridor()
})
afterAll(() => corridor.stop())
afterEach(() => checkBooks(corridor))

const meter = testMeter()
const honest = (begin: FakeReading, end: FakeReading) => [
  signedValue(meter, 1, [begin]),
  signedValue(meter, 2, [end]),
]
const forged = (begin: FakeReading, end: FakeReading) =>
  honest(begin, end).map((text) => text.replace('"RV":"1', '"RV":"2'))

async function marketWithMeter(options: Parameters<typeof createMarket>[1] = {}): Promise<Market> {
  const market = await createMarket(corridor, options)
  const [evseId = ''] = market.evseIds
  await corridor.db.tx((tx) =>
    addMeterKey(tx, {
      evseId,
      cpoId: market.cpo.id,
      curve: meter.key.curve,
      publicKey: meter.key.spki,
      meterSerial: 'METER-1',
      validFrom: '2026-01-01T00:00:00.000Z',
    }),
  )
  return market
}

async function packOf({ sessionId }: Started) {
  const zip = new Uint8Array((await evidenceZip(corridor.db, sessionId)) ?? [])
  const { entries } = readArchive(zip)
  const text = (path: string) => new TextDecoder().decode(entries.get(path))
  return {
    report: await verifyPack(zip),
    node: await verifyPack(zip, { ecdsa: nodeEcdsa }),
    text,
    zip,
  }
}

const failures = ({ checks }: { checks: { ok: boolean; name: string; detail: string }[] }) =>
  checks.filter(({ ok }) => !ok)

const claimOf = async (market: Market) => {
  const page = { limit: 10, now: await corridor.nowIso() }
  return listSuspense(corridor.db, { cpo: market.cpo.id }, page)
}

async function toldTo(market: Market, session: Started) {
  const cdr = await billedCdrOf(corridor.db, session.sessionId)
  const events = await eventsOfObject(corridor.db, market.cpo.id, cdr?.id ?? '', 0)
  return events.map(({ type, data }) => ({ type, data }))
}

describe('F44: a record of a calibrated meter', () => {
  test('with valid values is paid as it is, and the pack proves them', async () => {
    corridor.operator.behave({ signs: honest })
    const market = await marketWithMeter()
    const session = await charge(corridor, market, 10_000)
    const paid = await corridor.reaches(session.sessionId, { moneyStatus: 'captured' })
    expect(paid).toMatchObject({ recordStatus: 'cdr_accepted', totalGrossMinor: 590 })
    await settle(corridor, session)
    expect((await toldTo(market, session)).map(({ type }) => type)).toEqual(['cdr.accepted'])
    const { report, node, text, zip } = await packOf(session)
    expect(failures(report)).toEqual([])
    expect(failures(node)).toEqual([])
    const [check] = report.checks.filter(({ name }) => name === 'signed values')
    expect(check?.detail).toMatch(/^valid: 10 kWh between the signed registers/)
    expect(JSON.parse(text('meter/signed-values.json'))).toMatchObject({
      key: { curve: 'secp256r1', meter_serial: 'METER-1' },
      check: { status: 'valid', energy_kwh: '10', begin: { kwh: '1' }, end: { kwh: '11' } },
    })
    // What the pack states of the values is checked, not believed; neither is a pack that lost them.
    const { entries } = readArchive(zip)
    const path = 'meter/signed-values.json'
    type MeterFile = { values: string[]; check: { status: string } }
    const rewritten = (change: (file: MeterFile) => void) => {
      const file = JSON.parse(text(path)) as MeterFile
      change(file)
      const bytes = new TextEncoder().encode(JSON.stringify(file))
      return verifyPack(writeArchive(new Map([...entries, [path, bytes]])))
    }
    const otherDigit = await rewritten((file) => {
      const [begin = '', end = ''] = file.values
      const forgery = Buffer.from(end, 'base64').toString().replace('"RV":"11', '"RV":"21')
      file.values = [begin, forgery]
    })
    const otherWord = await rewritten((file) => {
      file.check.status = 'invalid'
    })
    for (const changed of [otherDigit, otherWord])
      expect(failures(changed).map(({ name }) => name)).toEqual(['files', 'signed values'])
    const without = new Map(entries)
    without.delete(path)
    const lost = await verifyPack(writeArchive(without))
    expect(failures(lost)).toContainEqual({
      name: 'signed values',
      ok: false,
      detail: `${path} is missing`,
    })
  })

  test('with a forged register is paid without its energy; the time is paid, the claim is held', async () => {
    corridor.operator.behave({ signs: forged })
    const market = await marketWithMeter({ parkingPrice: '6.00' })
    const session = await startSession(corridor, market)
    await corridor.reaches(session.sessionId, { status: 'charging' })
    await corridor.operator.meter(session.sessionId, 10_000, 10)
    await corridor.operator.meter(session.sessionId, 10_000, 40)
    await corridor.pass(40 * 60_000)
    await corridor.operator.endCharging(session.sessionId)
    const paid = await corridor.reaches(session.sessionId, { moneyStatus: 'captured' })
    expect(paid).toMatchObject({ recordStatus: 'cdr_adjusted', totalGrossMinor: 369 })
    await settle(corridor, session)
    const [claim] = await claimOf(market)
    expect(claim).toMatchObject({ amountMinor: 590, status: 'open' })
    expect(claim?.rules.slice(0, 2)).toEqual(['meter_signature_invalid', 'energy_not_billable'])
    expect(claim?.reasons).toEqual(['SIGNED_VALUE_INVALID'])
    const { report } = await packOf(session)
    expect(failures(report)).toEqual([])
    const [check] = report.checks.filter(({ name }) => name === 'signed values')
    expect(check?.detail).toMatch(/^invalid: a value is not signed/)
  })

  test('with a forged register and nothing else to pay closes at zero, with the claim and the evidence', async () => {
    corridor.operator.behave({ signs: forged })
    const market = await marketWithMeter()
    const session = await charge(corridor, market, 10_000)
    expect(await sessionResult(corridor, session)).toMatchObject({ outcome: 'closed_zero' })
    const row = await getSession(corridor.db, 'all', session.sessionId)
    // The energy was delivered all the same; nobody pays for it.
    expect(row).toMatchObject({ moneyStatus: 'released', totalGrossMinor: 0, energyWh: '10000' })
    const [claim] = await claimOf(market)
    expect(claim).toMatchObject({ amountMinor: 590, reasons: ['SIGNED_VALUE_INVALID'] })
    expect(await balanceOf(corridor.db, claim?.account ?? '')).toBe(590)
    const told = await toldTo(market, session)
    expect(told.map(({ type }) => type)).toEqual(['meter_signature.invalid', 'cdr.adjusted'])
    expect(told[0]?.data).toMatchObject({
      status: 'invalid',
      detail: "a value is not signed by the meter's registered key",
      records: ['invalid', 'invalid'],
      energy_billed: false,
    })
    const { report, text } = await packOf(session)
    expect(failures(report)).toEqual([])
    const [check] = report.checks.filter(({ name }) => name === 'signed values')
    expect(check?.detail).toMatch(/^invalid: a value is not signed/)
    expect(JSON.parse(text('meter/signed-values.json'))).toMatchObject({
      unproven: 'energy_not_billable',
      check: { status: 'invalid', records: ['invalid', 'invalid'] },
    })
  })

  test('without signed values is paid like one with wrong ones', async () => {
    corridor.operator.behave({})
    const market = await marketWithMeter()
    const session = await charge(corridor, market, 10_000)
    expect(await sessionResult(corridor, session)).toMatchObject({ outcome: 'closed_zero' })
    const [news] = await toldTo(market, session)
    expect(news).toMatchObject({ type: 'meter_signature.invalid', data: { status: 'missing' } })
  })

  test('that states more than its meter signed is paid by what was signed, and proves it', async () => {
    corridor.operator.behave({
      signs: (begin, end) => honest(begin, { ...end, kwh: '9' }),
    })
    const market = await marketWithMeter()
    const session = await charge(corridor, market, 10_000)
    const paid = await corridor.reaches(session.sessionId, { moneyStatus: 'captured' })
    expect(paid).toMatchObject({ totalGrossMinor: 472, energyWh: '8000' })
    await settle(corridor, session)
    const [claim] = await claimOf(market)
    expect(claim).toMatchObject({ amountMinor: 118, reasons: ['SIGNED_VALUE_MISMATCH'] })
    const proof = await proofOfSession(corridor.db, session.sessionId)
    expect(proof?.status).toBe('valid')
    const { report } = await packOf(session)
    expect(failures(report)).toEqual([])
  })

  test('at an EVSE without a registered key is paid as ever', async () => {
    corridor.operator.behave({ signs: forged })
    const market = await createMarket(corridor)
    const session = await charge(corridor, market, 10_000)
    await corridor.reaches(session.sessionId, { moneyStatus: 'captured', totalGrossMinor: 590 })
    await settle(corridor, session)
    const { text, report } = await packOf(session)
    expect(failures(report)).toEqual([])
    expect(text('meter/signed-values.json')).toBe('')
  })

  test('in Switzerland the energy is billed all the same and the failed check is told', async () => {
    corridor.operator.behave({ signs: forged })
    const market = await marketWithMeter({ currency: 'CHF' })
    const session = await charge(corridor, market, 10_000)
    const paid = await corridor.reaches(session.sessionId, { moneyStatus: 'captured' })
    expect(paid.totalGrossMinor).toBeGreaterThan(500)
    await settle(corridor, session)
    const told = await toldTo(market, session)
    expect(told.map(({ type }) => type)).toEqual(['meter_signature.invalid', 'cdr.accepted'])
    expect(told[0]?.data).toMatchObject({ energy_billed: true })
  })
})
