import { listIncidents } from '@chargelane/db/queries/operations/incidents'
import { stationTransaction } from '@chargelane/db/queries/chargers/ocpp-transactions'
import { energyProgress } from '@chargelane/db/queries/sessions/supply'
import { cdrsOfSession } from '@chargelane/db/queries/sessions/cdrs'
import { afterAll, describe, expect, test } from 'vitest'
import type { RawCharger } from '../line/raw-charger.fake.ts'
import { card, priceOf, startTestNode } from '../testing.ts'
import { type Charger, meter, minutesAgo, online } from './charging.fake.ts'

// What is told twice is one charge, and what only looks like it is another: each has its energy and its owner.

const node = await startTestNode()
afterAll(() => node.stop())

async function start(raw: RawCharger, meterStart: number, timestamp: string): Promise<number> {
  const begun = await raw.call('StartTransaction', {
    connectorId: 1,
    idTag: card,
    meterStart,
    timestamp,
  })
  expect(begun).toMatchObject({ idTagInfo: { status: 'Accepted' } })
  return Number(begun['transactionId'])
}
const stop = (
  raw: RawCharger,
  transactionId: number,
  meterStop: number,
  timestamp = minutesAgo(0),
) => raw.call('StopTransaction', { transactionId, meterStop, timestamp, idTag: card })

const chargeOf = async ({ station }: Charger, id: number) =>
  stationTransaction(node.db, station.id, String(id))
const recordOf = async (charger: Charger, id: number) =>
  (await cdrsOfSession(node.db, (await chargeOf(charger, id))?.sessionId ?? ''))[0]
const incidentsAt = async ({ station }: Charger) =>
  (await listIncidents(node.db, node.cpo.id, { limit: 100 })).data.filter(({ detail }) =>
    JSON.stringify(detail).includes(station.id),
  )

describe('a meter that begins at zero with each charge', () => {
  test('shows another charge where it has risen since, though the stop of the first was lost', async () => {
    const { charger, raw } = await online(node)
    const first = await start(raw, 0, minutesAgo(600))
    await raw.call('MeterValues', meter(first, 540, 10_000))
    const second = await start(raw, 0, minutesAgo(60))
    expect(second).not.toBe(first)
    expect(await chargeOf(charger, first)).toMatchObject({ inferred: true, meterStopWh: '10000' })
    await raw.call('MeterValues', meter(second, 30, 1_000))
    await stop(raw, second, 2_000)
    // 2 kWh × 0.49.
    expect(priceOf(await recordOf(charger, second)).net).toBe(98)
  })

  test('and a clock that was never set: two charges of one card are two', async () => {
    const { charger, raw } = await online(node)
    const never = '1970-01-01T00:00:00Z'
    const first = await start(raw, 0, never)
    // The answer was lost on the way.
    expect(await start(raw, 0, never)).toBe(first)
    await raw.call('MeterValues', meter(first, 0, 500))
    await stop(raw, first, 1_000, '1970-01-01T00:30:00Z')
    const second = await start(raw, 0, never)
    expect(second).not.toBe(first)
    await stop(raw, second, 800, '1970-01-01T00:20:00Z')
    expect(priceOf(await recordOf(charger, first)).net).toBe(49)
    expect(priceOf(await recordOf(charger, second)).net).toBe(39)
  })

  test('F31: the operator hears of a clock that was never set, until a charge begins by a sound one', async () => {
    const { charger, raw } = await online(node)
    const told = {
      kind: 'clock_skew',
      subjectType: 'charge_station',
      subjectId: charger.station.id,
    }
    const skews = async (status: 'open' | 'resolved') =>
      (
        await listIncidents(node.db, node.cpo.id, { limit: 100, status, kind: 'clock_skew' })
      ).data.filter(({ subjectId }) => subjectId === charger.station.id)
    const first = await start(raw, 0, '1970-01-01T00:00:00Z')
    await stop(raw, first, 1_000, '1970-01-01T00:30:00Z')
    expect(await skews('open')).toMatchObject([{ ...told, actions: ['dismiss'] }])
    const second = await start(raw, 1_000, minutesAgo(1))
    await stop(raw, second, 2_000)
    expect(await skews('open')).toEqual([])
    expect(await skews('resolved')).toMatchObject([{ ...told, resolvedBy: 'corridor' }])
  })
})

test('a start that is told again after its stop is the same, by a clock that is set', async () => {
  const { raw } = await online(node)
  const at = minutesAgo(30)
  const first = await start(raw, 1_000, at)
  await stop(raw, first, 3_000)
  expect(await start(raw, 1_000, at)).toBe(first)
})

describe('an end', () => {
  test('told again with another register is billed once, and is there to be decided', async () => {
    const { charger, raw } = await online(node)
    const id = await start(raw, 1_000, minutesAgo(30))
    await stop(raw, id, 11_000)
    await stop(raw, id, 11_000)
    expect(await incidentsAt(charger)).toEqual([])
    await stop(raw, id, 15_000)
    expect(priceOf(await recordOf(charger, id)).net).toBe(490)
    expect(await incidentsAt(charger)).toMatchObject([
      {
        kind: 'record_disputed',
        status: 'open',
        actions: ['dismiss'],
        detail: { billed: { register_wh: '11000' }, told: { register_wh: '15000' } },
      },
    ])
  })

  test('under a name that is nobody’s, with a register that cannot be, hides no true one', async () => {
    const { charger, raw } = await online(node)
    const id = await start(raw, 1_000, minutesAgo(30))
    await raw.call('MeterValues', meter(id, 15, 6_000))
    await stop(raw, 471_100, 9_999_999)
    expect(await incidentsAt(charger)).toMatchObject([])
    expect(await chargeOf(charger, id)).toMatchObject({ stoppedAt: null })
    await stop(raw, id, 11_000)
    expect(priceOf(await recordOf(charger, id)).net).toBe(490)
  })
})

test('a charger that does not know its register at the start is read from then on', async () => {
  const { charger, raw } = await online(node)
  const id = await start(raw, -1, minutesAgo(30))
  await raw.call('MeterValues', meter(id, 25, 3_000))
  await stop(raw, id, 6_000)
  expect(priceOf(await recordOf(charger, id)).net).toBe(147)
})

test('a stop without a register ends the charge, and its last minutes are not called parking', async () => {
  const { charger, raw } = await online(node)
  const id = await start(raw, 1_000, minutesAgo(30))
  await raw.call('MeterValues', meter(id, 15, 5_000))
  await stop(raw, id, -1)
  const record = await recordOf(charger, id)
  expect(priceOf(record).net).toBe(196)
  expect(record?.usage.periods.map(({ charging }) => charging)).not.toContain(false)
})

test('a begin of zero before the meter is read is no begin: what it read bills', async () => {
  const { charger, raw } = await online(node)
  const id = await start(raw, 0, minutesAgo(30))
  for (const [minutes, register] of [
    [29, 909_948],
    [15, 914_948],
  ] as const)
    await raw.call('MeterValues', meter(id, minutes, register))
  await stop(raw, id, 919_948)
  expect(priceOf(await recordOf(charger, id)).net).toBe(490)
  // Whoever looks at the meter sees the same: the record contradicts no reading.
  const { sessionId = '' } = (await chargeOf(charger, id)) ?? {}
  expect(await energyProgress(node.db, sessionId)).toMatchObject({ energyWh: '10000' })
})
