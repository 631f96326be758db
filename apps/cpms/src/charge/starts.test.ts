import { recordText } from '@chargelane/db/queries/sessions/record-text'
import { claimEvse } from '@chargelane/db/queries/sessions/claims'
import { cdrsOfSession } from '@chargelane/db/queries/sessions/cdrs'
import { listIncidents } from '@chargelane/db/queries/operations/incidents'
import {
  openTransactions,
  stationTransaction,
  transactionOfSession,
} from '@chargelane/db/queries/chargers/ocpp-transactions'
import { energyProgress } from '@chargelane/db/queries/sessions/supply'
import { meterSeries } from '@chargelane/db/queries/chargers/meter-values'
import { afterAll, describe, expect, test } from 'vitest'
import type { RawCharger } from '../line/raw-charger.fake.ts'
import { card, priceOf, startTestNode } from '../testing.ts'
import {
  type Charger,
  meter,
  minutesAgo,
  online,
  quotedSession,
  report,
  sessionAt,
  startByCard,
} from './charging.fake.ts'

// Whose a start is, and what becomes of one that is nobody's.

const node = await startTestNode()
afterAll(() => node.stop())

const start = (raw: RawCharger, more: object = {}) =>
  raw.call('StartTransaction', {
    connectorId: 1,
    idTag: card,
    meterStart: 1_000,
    timestamp: minutesAgo(0),
    ...more,
  })
const stop = (raw: RawCharger, transactionId: unknown, meterStop: number) =>
  raw.call('StopTransaction', { transactionId, meterStop, timestamp: minutesAgo(0), idTag: card })

/** A session whose start command the charger has taken. */
async function awaited(charger: Charger) {
  const input = await quotedSession(node, charger)
  const { sessionId, evseId } = input
  await claimEvse(node.db, { sessionId, evseId, at: minutesAgo(0) })
  expect(await node.connection.start(input)).toEqual({ kind: 'accepted' })
  return input
}

const incidentsOf = async (sessionId: string) =>
  (await listIncidents(node.db, node.cpo.id, { limit: 10, sessionId })).data

const told = (raw: RawCharger, action: string) =>
  raw.received.flatMap((frame) => (frame[0] === 2 && frame[2] === action ? [frame[3]] : []))

describe('a connector has one charge', () => {
  test('a second start ends the first at its last reading, and goes on', async () => {
    const { charger, raw } = await online(node)
    const first = await startByCard(raw, 30, 1_000)
    const sessionId = await sessionAt(node, charger, first)
    await raw.call('MeterValues', meter(first, 20, 6_000))
    const second = await start(raw, { meterStart: 6_500, timestamp: minutesAgo(15) })
    expect(second).toMatchObject({ idTagInfo: { status: 'Accepted' } })
    const open = await openTransactions(node.db, charger.station.id)
    expect(open.map(({ transactionId }) => transactionId)).toEqual([
      String(second['transactionId']),
    ])
    expect(await transactionOfSession(node.db, sessionId)).toMatchObject({
      inferred: true,
      meterStopWh: '6000',
    })
    expect(await cdrsOfSession(node.db, sessionId)).toMatchObject([{ source: 'provisional' }])
    await stop(raw, second['transactionId'], 21_000)
    const [record] = await cdrsOfSession(node.db, open[0]?.sessionId ?? '')
    // 14.5 kWh × 0.49.
    expect(priceOf(record).net).toBe(710)
  })

  test('the same start told with a clock set meanwhile is one charge', async () => {
    const { charger, raw } = await online(node)
    const first = await start(raw, { timestamp: minutesAgo(2) })
    expect(await start(raw, { timestamp: minutesAgo(0) })).toEqual(first)
    expect(await openTransactions(node.db, charger.station.id)).toHaveLength(1)
  })

  test('a start that waited in the queue does not end the one that charges now', async () => {
    const { charger, raw } = await online(node)
    await start(raw)
    await start(raw, { timestamp: minutesAgo(600), meterStart: 10 })
    expect(await openTransactions(node.db, charger.station.id)).toHaveLength(2)
  })

  test('a stop under the name of the charge before ends the one that runs', async () => {
    const { charger, raw } = await online(node)
    const first = await start(raw, { timestamp: minutesAgo(60) })
    await raw.call('StopTransaction', {
      transactionId: first['transactionId'],
      meterStop: 6_000,
      timestamp: minutesAgo(50),
    })
    const second = await start(raw, { meterStart: 6_000, timestamp: minutesAgo(30) })
    await stop(raw, first['transactionId'], 16_000)
    expect(await openTransactions(node.db, charger.station.id)).toEqual([])
    const ended = (id: unknown) => stationTransaction(node.db, charger.station.id, String(id))
    expect(await ended(second['transactionId'])).toMatchObject({ meterStopWh: '16000' })
    expect(await ended(first['transactionId'])).toMatchObject({ meterStopWh: '6000', review: null })
  })
})

describe('a charger with a credential of its own', () => {
  test('answers the one command that waits at the connector', async () => {
    const { charger, raw } = await online(node)
    const { sessionId } = await awaited(charger)
    const begun = await start(raw, { idTag: 'FREECHARGE' })
    expect(begun).toMatchObject({ idTagInfo: { status: 'Accepted' } })
    await stop(raw, begun['transactionId'], 11_000)
    expect(await cdrsOfSession(node.db, sessionId)).toHaveLength(1)
  })

  test('does not where somebody else’s card was shown and refused, nor where the command has begun', async () => {
    const { charger, raw } = await online(node)
    await awaited(charger)
    await raw.call('Authorize', { idTag: 'STRANGER' })
    expect(await start(raw, { idTag: 'STRANGER' })).toMatchObject({
      idTagInfo: { status: 'Invalid' },
    })
    expect(await start(raw, { idTag: 'FREECHARGE' })).toMatchObject({
      idTagInfo: { status: 'Accepted' },
    })
    expect(await start(raw, { idTag: 'ANOTHER', meterStart: 2_000 })).toMatchObject({
      idTagInfo: { status: 'Invalid' },
    })
  })
})

describe('energy that nobody pays for', () => {
  test('is told to stop, and is an incident of its operator with what was taken', async () => {
    const { charger, raw } = await online(node)
    const id = Number(
      (await start(raw, { idTag: 'NOBODY', timestamp: minutesAgo(30) }))['transactionId'],
    )
    const sessionId = await sessionAt(node, charger, id)
    await raw.call('MeterValues', meter(id, 0, 3_000))
    await expect.poll(() => told(raw, 'RemoteStopTransaction')).toEqual([{ transactionId: id }])
    await raw.call('MeterValues', meter(id, 0, 4_000))
    await stop(raw, id, 11_000)
    expect(told(raw, 'RemoteStopTransaction')).toHaveLength(1)
    expect(await incidentsOf(sessionId)).toMatchObject([
      {
        kind: 'start_refused_at_charger',
        energyWh: '10000',
        status: 'open',
        detail: { id_token: '…', charge_station: charger.station.id },
      },
    ])
    expect(await cdrsOfSession(node.db, sessionId)).toEqual([])
  })

  test('at a connector we do not have is refused, and an incident of its own kind', async () => {
    const { charger, raw } = await online(node)
    const begun = await start(raw, { connectorId: 7, timestamp: minutesAgo(30) })
    expect(begun).toMatchObject({ idTagInfo: { status: 'Invalid' } })
    const sessionId = await sessionAt(node, charger, Number(begun['transactionId']))
    await stop(raw, begun['transactionId'], 11_000)
    expect(await incidentsOf(sessionId)).toMatchObject([
      { kind: 'unknown_place', energyWh: '10000', detail: { connector: 7 } },
    ])
  })

  test('stops and readings of a charge that is not known are put aside, each once for a charger', async () => {
    const { charger, raw } = await online(node)
    await stop(raw, 999_999, 5_000)
    await raw.call('MeterValues', meter(999_999, 0, 5_000))
    const { data } = await listIncidents(node.db, node.cpo.id, { limit: 100 })
    const own = data.filter(({ subjectId }) => subjectId === charger.station.id)
    expect(own).toMatchObject([{ kind: 'unknown_transaction', occurrences: 2 }])
  })

  test('and are settled by the charge they were of, once its own end says the same register', async () => {
    const { charger, raw } = await online(node)
    await stop(raw, 999_999, 5_000)
    const of = async () =>
      (await listIncidents(node.db, node.cpo.id, { limit: 100 })).data.filter(
        ({ subjectId }) => subjectId === charger.station.id,
      )
    const other = await start(raw, { timestamp: minutesAgo(40) })
    await stop(raw, other['transactionId'], 4_000)
    expect(await of()).toMatchObject([{ kind: 'unknown_transaction', status: 'open' }])
    const begun = await start(raw, { meterStart: 4_000, timestamp: minutesAgo(20) })
    await stop(raw, begun['transactionId'], 5_000)
    expect(await of()).toMatchObject([{ status: 'resolved', resolvedBy: 'corridor' }])
  })
})

describe('what a charger shows of its meter and its clock', () => {
  test('a start whose driver was just shown to us did not happen five hours before', async () => {
    const { charger, raw } = await online(node)
    await raw.call('Authorize', { idTag: card })
    const id = Number((await start(raw, { timestamp: minutesAgo(300) }))['transactionId'])
    const sessionId = await sessionAt(node, charger, id)
    const now = Date.now()
    const row = await transactionOfSession(node.db, sessionId)
    expect(Date.parse(row?.startedAt ?? '')).toBeGreaterThan(now - 60_000)
    await raw.call('MeterValues', meter(id, 0, 1_500))
    await stop(raw, id, 2_000)
    const [record] = await cdrsOfSession(node.db, sessionId)
    expect(priceOf(record).net).toBe(49)
  })

  test('registers of begin and end in kWh are as much energy as the readings between show', async () => {
    const { charger, raw } = await online(node)
    const id = await startByCard(raw, 60, 1_234)
    const sessionId = await sessionAt(node, charger, id)
    for (const [minutes, kwh] of [
      [60, '1234.0'],
      [30, '1245.1'],
      [1, '1254.0'],
    ] as const)
      await raw.call('MeterValues', {
        connectorId: 1,
        transactionId: id,
        meterValue: [
          { timestamp: minutesAgo(minutes), sampledValue: [{ value: kwh, unit: 'kWh' }] },
        ],
      })
    await stop(raw, id, 1_254)
    const [record] = await cdrsOfSession(node.db, sessionId)
    expect(JSON.parse(record ? recordText(record) : '')).toMatchObject({ energy_wh: '20000' })
    expect(await transactionOfSession(node.db, sessionId)).toMatchObject({
      review: 'register_rebased',
    })
    // What was told in kWh is kept and counts for nothing, also for whoever looks at the meter meanwhile.
    expect((await meterSeries(node.db, sessionId)).map(({ flag }) => flag)).toEqual([
      'kilowatt_hours',
      null,
      null,
      null,
      'kilowatt_hours',
    ])
    expect(await energyProgress(node.db, sessionId)).toMatchObject({ energyWh: '20000' })
  })

  test('samples of one instant are one reading, also where each comes in a message of its own', async () => {
    const { charger, raw } = await online(node)
    const id = await startByCard(raw, 30, 1_000)
    const timestamp = minutesAgo(20)
    for (const sample of [
      { value: '7200', measurand: 'Power.Active.Import', unit: 'W' },
      { value: '3500', measurand: 'Energy.Active.Import.Register', unit: 'Wh' },
      { value: '40', measurand: 'SoC' },
    ])
      await raw.call('MeterValues', {
        connectorId: 1,
        transactionId: id,
        meterValue: [{ timestamp, sampledValue: [sample] }],
      })
    const series = await meterSeries(node.db, await sessionAt(node, charger, id))
    expect(series.at(-1)).toMatchObject({ registerWh: '3500', powerW: 7_200, socPercent: 40 })
    expect(series).toHaveLength(2)
  })

  test.each(['', '1764457200', '2026-11-29T22:00:60Z', 'yesterday', undefined])(
    'a reading at the time %o is of now',
    async (timestamp) => {
      const { charger, raw } = await online(node)
      const id = await startByCard(raw, 30, 1_000)
      await raw.call('MeterValues', {
        connectorId: 1,
        transactionId: id,
        meterValue: [{ timestamp, sampledValue: [{ value: '4000' }] }],
      })
      const series = await meterSeries(node.db, await sessionAt(node, charger, id))
      expect(series.at(-1)).toMatchObject({ registerWh: '4000', flag: null })
    },
  )

  test('a stop with the samples of a night is taken, 5 MB of them too', async () => {
    const { charger, raw } = await online(node)
    const id = await startByCard(raw, 480, 1_000)
    const sessionId = await sessionAt(node, charger, id)
    const many = 20_000
    const transactionData = Array.from({ length: many }, (_, n) => ({
      timestamp: minutesAgo(480 * (1 - n / many)),
      sampledValue: [
        {
          value: String(1_000 + n),
          context: 'Sample.Periodic',
          format: 'Raw',
          measurand: 'Energy.Active.Import.Register',
          location: 'Outlet',
          unit: 'Wh',
        },
      ],
    }))
    await report(raw, 'Finishing')
    await raw.call('StopTransaction', {
      transactionId: id,
      meterStop: 21_000,
      timestamp: minutesAgo(0),
      transactionData,
    })
    const [record] = await cdrsOfSession(node.db, sessionId)
    expect(JSON.parse(record ? recordText(record) : '')).toMatchObject({ energy_wh: '20000' })
  })
})
