import { recordText } from '@chargelane/db/queries/sessions/record-text'
import { cdrsOfSession } from '@chargelane/db/queries/sessions/cdrs'
import { meterSeries } from '@chargelane/db/queries/chargers/meter-values'
import { transactionOfSession } from '@chargelane/db/queries/chargers/ocpp-transactions'
import { putTariff } from '@chargelane/db/queries/locations/tariffs'
import type { Tariff } from '@chargelane/rules/documents'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { priceOf, publishedTariff, startTestNode } from '../testing.ts'
import {
  idTagsAsked,
  kinds,
  meter,
  minutesAgo,
  online,
  quotedSession,
  report,
  sessionAt,
  startByCard,
} from './charging.fake.ts'

// Graces are longer than any test: where one is to be over, the test says so.
const node = await startTestNode()
afterAll(() => node.stop())

describe('commands', () => {
  test('a remote start sends the session’s credential to the connector, and its start is the session’s', async () => {
    const { charger, raw } = await online(node)
    const input = await quotedSession(node, charger)
    await report(raw, 'Preparing')
    expect(await node.connection.probe(input)).toEqual({ kind: 'reachable' })
    expect(await node.connection.start(input)).toEqual({ kind: 'accepted' })
    expect(idTagsAsked(raw)).toEqual([{ connectorId: 1, idTag: input.tokenUid }])
    expect(await raw.call('Authorize', { idTag: input.tokenUid })).toMatchObject({
      idTagInfo: { status: 'Accepted' },
    })
    const { transactionId } = await raw.call('StartTransaction', {
      connectorId: 1,
      idTag: input.tokenUid.toLowerCase(),
      meterStart: 0,
      timestamp: minutesAgo(0),
    })
    expect(await node.connection.lookup(input)).toMatchObject({
      kind: 'charging',
      supplyRef: String(transactionId),
    })
    expect(await kinds(node, input.sessionId)).toEqual(['charging_started'])
    expect(await node.connection.probe(input)).toMatchObject({
      kind: 'unavailable',
      reason: 'evse_occupied',
    })
  })

  test('a repeated start activity commands the charger once', async () => {
    const { charger, raw } = await online(node)
    const input = await quotedSession(node, charger)
    await node.connection.start(input)
    expect(await node.connection.start(input)).toEqual({ kind: 'accepted' })
    expect(idTagsAsked(raw)).toHaveLength(1)
  })

  test('a start without a cable says that the plug is awaited', async () => {
    const { charger } = await online(node)
    const input = await quotedSession(node, charger)
    await node.connection.start(input)
    expect(await kinds(node, input.sessionId)).toEqual(['plug_awaited'])
  })

  test('a refused start is refused, and a silent charger is a timeout', async () => {
    const { charger, raw } = await online(node)
    raw.onCall = () => ({ status: 'Rejected' })
    expect(await node.connection.start(await quotedSession(node, charger))).toMatchObject({
      kind: 'rejected',
      reason: 'cpo_policy',
    })
    const input = await quotedSession(node, charger)
    const isAsked = new Promise<void>((resolve) => {
      raw.onCall = () => resolve()
    })
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    try {
      const outcome = node.connection.start(input)
      await isAsked
      vi.advanceTimersByTime(node.node.config.callTimeoutMs)
      expect(await outcome).toMatchObject({ kind: 'rejected', reason: 'timeout' })
    } finally {
      vi.useRealTimers()
    }
  })

  test('a start that comes after its refusal still belongs to its session', async () => {
    const { charger, raw } = await online(node)
    const input = await quotedSession(node, charger)
    raw.onCall = () => ({ status: 'Rejected' })
    await node.connection.start(input)
    await raw.call('StartTransaction', {
      connectorId: 1,
      idTag: input.tokenUid,
      meterStart: 0,
      timestamp: minutesAgo(0),
    })
    expect(await kinds(node, input.sessionId)).toEqual(['charging_started'])
    expect(await transactionOfSession(node.db, input.sessionId)).toMatchObject({
      origin: 'command',
    })
  })

  test('a second start of one session is nobody’s and is told so', async () => {
    const { charger, raw } = await online(node)
    const input = await quotedSession(node, charger)
    await report(raw, 'Preparing')
    await node.connection.start(input)
    const start = (meterStart: number) =>
      raw.call('StartTransaction', {
        connectorId: 1,
        idTag: input.tokenUid,
        meterStart,
        timestamp: minutesAgo(0),
      })
    await start(100)
    expect(await start(9_000)).toMatchObject({ idTagInfo: { status: 'ConcurrentTx' } })
    expect(await kinds(node, input.sessionId)).toEqual(['charging_started'])
  })

  test('a charger without a socket is unreachable at once', async () => {
    const charger = await node.addCharger('AWAY-1')
    const input = await quotedSession(node, charger)
    const unreachable = { kind: 'unreachable', detail: 'AWAY-1 is not connected' }
    expect(await node.connection.probe(input)).toEqual(unreachable)
    expect(await node.connection.start(input)).toEqual(unreachable)
    expect(await node.connection.stop(input)).toEqual({ kind: 'unknown_session' })
    expect(await node.connection.lookup(input)).toEqual({ kind: 'none' })
  })

  test('a stop names the transaction; the record follows with the price the quote locked', async () => {
    const { charger, raw } = await online(node)
    const input = await quotedSession(node, charger)
    await node.connection.start(input)
    const { transactionId } = await raw.call('StartTransaction', {
      connectorId: 1,
      idTag: input.tokenUid,
      meterStart: 1_000,
      timestamp: minutesAgo(0),
    })
    // The operator publishes a dearer tariff while the car charges: the session keeps the price it was shown.
    const publish = (canonical: Tariff, hash: string) =>
      putTariff(node.db, {
        ...node.tariff,
        status: 'valid',
        raw: JSON.stringify(publishedTariff),
        canonical,
        hash,
        at: new Date().toISOString(),
      })
    const dearer = { ...node.tariff.canonical!, min_price: { excl_vat: '500' } }
    await publish(dearer, 'dearer')
    expect(await node.connection.stop(input)).toEqual({ kind: 'accepted' })
    const asked = raw.received.find((frame) => frame[2] === 'RemoteStopTransaction')
    expect(asked?.[3]).toEqual({ transactionId })
    await raw.call('StopTransaction', {
      transactionId,
      meterStop: 2_000,
      timestamp: new Date().toISOString(),
      reason: 'Remote',
    })
    expect(await kinds(node, input.sessionId)).toEqual([
      'plug_awaited',
      'charging_started',
      'charging_ended',
      'record_received',
    ])
    const [record] = await cdrsOfSession(node.db, input.sessionId)
    expect(priceOf(record)).toEqual({ net: 49, gross: 58 })
    expect(await node.connection.fetchRecord(input)).toEqual({ cdrId: record?.id })
    expect(await node.connection.stop(input)).toEqual({ kind: 'accepted' })
    await publish(node.tariff.canonical!, node.tariff.hash)
    expect(await node.connection.lookup(input)).toMatchObject({ kind: 'ended', reason: 'remote' })
  })
})

describe('the meter', () => {
  test('impossible readings are kept, flagged and never billed', async () => {
    const { charger, raw } = await online(node)
    const id = await startByCard(raw, 30, 1_000)
    const sessionId = await sessionAt(node, charger, id)
    await raw.call('MeterValues', meter(id, 20, 11_000))
    await raw.call('MeterValues', meter(id, 15, 900_000_000))
    await raw.call('MeterValues', meter(id, 10, 500))
    await raw.call('MeterValues', meter(id, 5, 21_000))
    await raw.call('StopTransaction', {
      transactionId: id,
      meterStop: 1_000_000_000,
      timestamp: minutesAgo(0),
    })
    expect((await meterSeries(node.db, sessionId)).map((row) => row.flag)).toEqual([
      null,
      null,
      'jump',
      'backwards',
      null,
      'implausible',
    ])
    expect(await transactionOfSession(node.db, sessionId)).toMatchObject({
      review: 'register_implausible',
      meterStopWh: '1000000000',
    })
    const [record] = await cdrsOfSession(node.db, sessionId)
    expect(priceOf(record).net).toBe(980)
  })

  test('kilowatt-hours become watt-hours, contexts are kept apart, and a batch without energy is no zero', async () => {
    const { charger, raw } = await online(node)
    const id = await startByCard(raw, 30, 1_000)
    const sessionId = await sessionAt(node, charger, id)
    await raw.call('MeterValues', {
      connectorId: 1,
      transactionId: id,
      meterValue: [
        {
          timestamp: minutesAgo(20),
          sampledValue: [
            { value: '1', context: 'Transaction.Begin', unit: 'kWh' },
            { value: '11.5', context: 'Sample.Periodic', unit: 'kWh' },
            { value: '60.5', measurand: 'Power.Active.Import', unit: 'kW' },
            { value: '48', measurand: 'SoC', unit: 'Percent' },
          ],
        },
        { timestamp: minutesAgo(15), sampledValue: [{ value: '400', measurand: 'Voltage' }] },
        { timestamp: minutesAgo(10), sampledValue: [{ value: '7', unit: 'MWh' }] },
      ],
    })
    const series = await meterSeries(node.db, sessionId)
    expect(
      series.map(({ context, registerWh, powerW, socPercent }) => [
        context,
        registerWh,
        powerW,
        socPercent,
      ]),
    ).toEqual([
      ['Transaction.Begin', '1000', null, null],
      ['Sample.Periodic', '11500', 60_500, 48],
    ])
  })

  test('a session without energy still gets its record, over nothing', async () => {
    const { charger, raw } = await online(node)
    const id = await startByCard(raw, 0, 1_000)
    const sessionId = await sessionAt(node, charger, id)
    await raw.call('StopTransaction', {
      transactionId: id,
      meterStop: 1_000,
      timestamp: minutesAgo(0),
    })
    const [record] = await cdrsOfSession(node.db, sessionId)
    expect(priceOf(record).gross).toBe(0)
    expect(JSON.parse(record ? recordText(record) : '')).toMatchObject({ energy_wh: '0' })
  })
})
