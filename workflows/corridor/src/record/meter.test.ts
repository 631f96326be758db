// F44 through the corridor: records with valid, broken and missing signatures at a German EVSE whose key is registered.
import { addMeterKey } from '@chargelane/db/queries/locations/meter-keys'
import { billedCdrOf } from '@chargelane/db/queries/sessions/cdrs'
import { evidenceZip } from '@chargelane/db/queries/documents/evidence'
import { balanceOf } from '@chargelane/db/queries/ledger/balances'
import { eventsOfObject } from '@chargelane/db/queries/outbox/outbox'
import { proofOfSession } from '@chargelane/db/queries/sessions/proofs'
import { getSession } from '@chargelane/db/queries/sessions/sessions'
import { listSuspense } from '@chargelane/db/queries/ledger/suspense'
import { verifyPack as verifyBy } from '@chargelane/sdk/verify'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { readArchive, writeArchive } from '@chargelane/rules/evidence/archive'
import { decideClaim } from '../books/claims.ts'
import {
  charge,
  checkBooks,
  createMarket,
  sessionResult,
  settle,
  startSession,
} from '../testing/market.ts'
import type { Market, Started } from '../testing/market.ts'
import { startCorridor } from '../testing/corridor.ts'
import type { Corridor } from '../testing/corridor.ts'
import { type FakeReading, signedValue, testMeter } from '@chargelane/rules/metering/meter.fake'

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

/** By whoever trusts the corridor's keys. */
const verifyPack = async (zip: Uint8Array) => verifyBy(zip, { trust: [await corridor.keys()] })

async function packOf({ sessionId }: Started) {
  const zip = new Uint8Array((await evidenceZip(corridor.db, sessionId)) ?? [])
  const { entries } = readArchive(zip)
  const text = (path: string) => new TextDecoder().decode(entries.get(path))
  return {
    report: await verifyPack(zip),
    text,
    zip,
  }
}

const meterFile = 'meter/signed-values.json'
type PackFile = {
  values: string[]
  span: { started_at: string; ended_at: string }
  unproven: string
  check: { status: string }
  input: { meter_signature: { unproven: string } }
}

/** A pack with some of its JSON changed, as somebody would who hopes that nobody computes it again. */
function rewritten(zip: Uint8Array, changes: Record<string, (file: PackFile) => unknown>) {
  const { entries } = readArchive(zip)
  for (const [path, change] of Object.entries(changes)) {
    const file = JSON.parse(new TextDecoder().decode(entries.get(path))) as PackFile
    change(file)
    entries.set(path, new TextEncoder().encode(JSON.stringify(file)))
  }
  return writeArchive(entries)
}

const failures = ({ checks }: { checks: { ok: boolean; name: string; detail: string }[] }) =>
  checks.filter(({ ok }) => !ok)

const failedNames = async (report: ReturnType<typeof verifyPack>) =>
  failures(await report).map(({ name }) => name)

const claimOf = async (market: Market) => {
  const page = { limit: 10, now: await corridor.nowIso() }
  return listSuspense(corridor.db, { cpo: market.cpo.id }, page)
}

async function toldTo(market: Market, session: Started) {
  const cdr = await billedCdrOf(corridor.db, session.sessionId)
  const events = await eventsOfObject(corridor.db, market.cpo.id, cdr?.id ?? '', 0)
  return events.map(({ body }) => body)
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
    const { report, text, zip } = await packOf(session)
    expect(failures(report)).toEqual([])
    const [check] = report.checks.filter(({ name }) => name === 'signed values')
    expect(check?.detail).toMatch(/^valid: 10 kWh between the signed registers/)
    expect(JSON.parse(text(meterFile))).toMatchObject({
      key: { curve: 'secp256r1', meter_serial: 'METER-1' },
      check: { status: 'valid', energy_kwh: '10', begin: { kwh: '1' }, end: { kwh: '11' } },
    })
    // What the pack states of the values is checked, not believed; neither is a pack that lost them.
    const otherDigit = await verifyPack(
      rewritten(zip, {
        [meterFile]: (file) => {
          const [begin = '', end = ''] = file.values
          const forgery = Buffer.from(end, 'base64').toString().replace('"RV":"11', '"RV":"21')
          file.values = [begin, forgery]
        },
      }),
    )
    const otherWord = await verifyPack(
      rewritten(zip, { [meterFile]: ({ check: stated }) => (stated.status = 'invalid') }),
    )
    for (const changed of [otherDigit, otherWord])
      expect(failures(changed).map(({ name }) => name)).toEqual(
        expect.arrayContaining(['files', 'signed values']),
      )
    const lost = expect.objectContaining({
      name: 'signed values',
      ok: false,
      detail: `${meterFile} is missing`,
    })
    const escaped = new TextEncoder().encode(
      text('verdict.json').replace('"meter_signature"', String.raw`"\u006deter_signature"`),
    )
    const unreadable = new TextEncoder().encode('{')
    const without = (verdict?: Uint8Array) => {
      const { entries } = readArchive(zip)
      entries.delete(meterFile)
      if (verdict !== undefined) entries.set('verdict.json', verdict)
      return verifyPack(writeArchive(entries))
    }
    expect(failures(await without())).toContainEqual(lost)
    expect(failures(await without(escaped))).toContainEqual(lost)
    expect(failures(await without(unreadable)).map(({ name }) => name)).toContain('signed values')
  })

  test('is computed again from its values, whatever the pack says of them', async () => {
    corridor.operator.behave({ signs: honest })
    const market = await marketWithMeter()
    const session = await charge(corridor, market, 10_000)
    await corridor.reaches(session.sessionId, { moneyStatus: 'captured' })
    await settle(corridor, session)
    const { zip, report } = await packOf(session)
    expect(failures(report)).toEqual([])
    // The verdict tells the same tale each time, so that nothing but the values themselves can contradict it.
    const told = (stated: Record<string, unknown>) =>
      rewritten(zip, {
        [meterFile]: (file) => (file.check = { ...file.check, ...stated }),
        'verdict.json': ({ input }) => Object.assign(input.meter_signature, stated),
      })
    for (const stated of [
      { energy_kwh: '30' },
      { status: 'fine' },
      { status: undefined, energy_kwh: undefined, detail: undefined },
      { status: 'missing' },
      { status: 'invalid' },
      { status: 'invalid', energy_kwh: null, detail: 'a value is of another meter' },
    ])
      expect(await failedNames(verifyPack(told(stated))), JSON.stringify(stated)).toContain(
        'signed values',
      )
    const notes = { notes: ['the signing unit was replaced'] }
    const noted = rewritten(zip, { [meterFile]: ({ check }) => Object.assign(check, notes) })
    expect(await failedNames(verifyPack(noted))).toEqual(
      expect.arrayContaining(['files', 'signed values']),
    )
  })

  test('is checked by the rule of its quote and for the times of its record', async () => {
    corridor.operator.behave({ signs: honest })
    const market = await marketWithMeter()
    const session = await charge(corridor, market, 10_000)
    await corridor.reaches(session.sessionId, { moneyStatus: 'captured' })
    await settle(corridor, session)
    const { zip } = await packOf(session)
    const otherRule = rewritten(zip, {
      [meterFile]: (file) => (file.unproven = 'bill_and_note'),
      'verdict.json': ({ input }) => (input.meter_signature.unproven = 'bill_and_note'),
    })
    const otherTime = rewritten(zip, {
      [meterFile]: ({ span }) => {
        span.ended_at = new Date(Date.parse(span.ended_at) + 600_000).toISOString()
      },
    })
    for (const changed of [otherRule, otherTime])
      expect(await failedNames(verifyPack(changed))).toEqual(
        expect.arrayContaining(['files', 'signed values']),
      )
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
    expect(claim).toMatchObject({ amount: { amount: 590 }, status: 'open' })
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
    expect(claim).toMatchObject({ amount: { amount: 590 }, reasons: ['SIGNED_VALUE_INVALID'] })
    expect(await balanceOf(corridor.db, claim?.account ?? '')).toBe(590)
    // Nothing was sold, so nobody could be owed it.
    const wish = { id: claim?.id ?? '', reason: 'the register was forged' }
    const by = { keyId: 'key_1', now: await corridor.nowIso() }
    await expect(decideClaim(corridor.db, { ...wish, verb: 'grant' }, by)).rejects.toThrow(
      /only be released/,
    )
    await decideClaim(corridor.db, { ...wish, verb: 'release' }, by)
    expect(await balanceOf(corridor.db, claim?.account ?? '')).toBe(0)
    const told = await toldTo(market, session)
    expect(told.map(({ type }) => type)).toEqual(['meter_signature.invalid', 'cdr.adjusted'])
    expect(told[0]?.data).toMatchObject({ session: session.sessionId, source: 'ocpi' })
    expect(told[0]?.context).toMatchObject({
      status: 'invalid',
      detail: "a value is not signed by the meter's registered key",
      records: ['invalid', 'invalid'],
      energy_billed: false,
    })
    const { report, text } = await packOf(session)
    expect(failures(report)).toEqual([])
    const [check] = report.checks.filter(({ name }) => name === 'signed values')
    expect(check?.detail).toMatch(/^invalid: a value is not signed/)
    expect(JSON.parse(text(meterFile))).toMatchObject({
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
    expect(news).toMatchObject({ type: 'meter_signature.invalid', context: { status: 'missing' } })
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
    expect(claim).toMatchObject({ amount: { amount: 118 }, reasons: ['SIGNED_VALUE_MISMATCH'] })
    const proof = await proofOfSession(corridor.db, session.sessionId)
    expect(proof?.status).toBe('valid')
    const { report } = await packOf(session)
    expect(failures(report)).toEqual([])
  })

  test('that no reading proves is priced by the readings, and its values are still checked as of the record', async () => {
    corridor.operator.behave({ signs: honest, overclaimWh: 10_000 })
    const market = await marketWithMeter()
    const session = await startSession(corridor, market)
    await corridor.reaches(session.sessionId, { status: 'charging' })
    await corridor.operator.meter(session.sessionId, 5_000, 12)
    // The very last moment: nothing can have flowed since.
    await corridor.operator.meter(session.sessionId, 10_000, 25 + 1 / 60)
    await corridor.pass(25 * 60_000)
    await corridor.operator.endCharging(session.sessionId)
    await corridor.reaches(session.sessionId, { moneyStatus: 'captured', totalGrossMinor: 590 })
    await settle(corridor, session)
    const { report, text } = await packOf(session)
    expect(JSON.parse(text('verdict.json'))).toMatchObject({ verdict: { usage_basis: 'session' } })
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
    expect(text(meterFile)).toBe('')
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
    expect(told[0]?.context).toMatchObject({ energy_billed: true })
    const { report, text } = await packOf(session)
    expect(failures(report)).toEqual([])
    expect(JSON.parse(text(meterFile))).toMatchObject({ unproven: 'bill_and_note' })
  })
})
