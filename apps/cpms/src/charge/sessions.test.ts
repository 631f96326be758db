import { cdrsOfSession } from '@chargelane/db/queries/sessions/cdrs'
import { stationById, supplyEventsOf } from '@chargelane/db/queries/chargers/chargers'
import { meterSeries } from '@chargelane/db/queries/chargers/meter-values'
import {
  openTransactions,
  transactionOfSession,
} from '@chargelane/db/queries/chargers/ocpp-transactions'
import { putTariff } from '@chargelane/db/queries/locations/tariffs'
import { connectors, quotes, sessions } from '@chargelane/db/schema'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import type { QuoteBody, Tariff } from '@chargelane/rules/documents'
import { ocpiPolicy } from '@chargelane/rules/rating'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { connectRaw, type RawCharger } from '../line/raw-charger.fake.ts'
import { card, priceOf, publishedTariff, startTestNode } from '../testing.ts'
import { closeForgotten, suspectOffline } from './connectivity.ts'

// Graces are longer than any test: where one is to be over, the test says so.
const node = await startTestNode()
afterAll(() => node.stop())

type Charger = Awaited<ReturnType<typeof node.addCharger>>
let counter = 0

async function online(): Promise<{ charger: Charger; raw: RawCharger }> {
  const charger = await node.addCharger(`LIVE-${++counter}`)
  const raw = await connectRaw(node.url, charger)
  raw.onCall = () => ({ status: 'Accepted' })
  await raw.call('BootNotification', { chargePointVendor: 'v', chargePointModel: 'm' })
  await report(raw, 'Available')
  return { charger, raw }
}

const report = (raw: RawCharger, status: string) =>
  raw.call('StatusNotification', { connectorId: 1, errorCode: 'NoError', status })

/** A session as the corridor leaves it when charging is about to start: its quote holds the tariff of that moment. */
async function quotedSession(charger: Charger) {
  const sessionId = newId('session')
  const quoteId = newId('quote')
  const all = await node.db.select().from(connectors)
  const connectorId = all.find((each) => each.evseId === charger.evseId)?.id ?? ''
  const at = new Date().toISOString()
  await node.db.insert(quotes).values({
    id: quoteId,
    accountId: node.partner.id,
    cpoId: node.cpo.id,
    evseId: charger.evseId,
    connectorId,
    driverId: node.driver.id,
    paymentSourceId: node.source.id,
    channel: 'app',
    tariffId: node.tariff.id,
    tariffVersion: node.tariff.version,
    tariffHash: node.tariff.hash,
    currency: 'EUR',
    holdMinor: 5_000,
    marketProfile: 'DE@1',
    body: { rating_policy: ocpiPolicy } as QuoteBody,
    signature: 'test',
    keyId: 'test',
    status: 'consumed',
    expiresAt: at,
    sessionId,
    createdAt: at,
  })
  const tokenUid = `CL${sessionId.slice(-18)}`
  await node.db.insert(sessions).values({
    id: sessionId,
    accountId: node.partner.id,
    cpoId: node.cpo.id,
    quoteId,
    evseId: charger.evseId,
    connectorId,
    connectionId: node.connectionRow.id,
    driverId: node.driver.id,
    workflowId: `ses:${sessionId}`,
    channel: 'app',
    tokenUid,
    status: 'starting',
    connectivity: 'live',
    recordStatus: 'none',
    moneyStatus: 'held',
    currency: 'EUR',
    createdAt: at,
    updatedAt: at,
  })
  return { sessionId, tokenUid, evseId: charger.evseId, connectorId }
}

const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString()
const meter = (transactionId: number, minutes: number, register: number) => ({
  connectorId: 1,
  transactionId,
  meterValue: [{ timestamp: minutesAgo(minutes), sampledValue: [{ value: String(register) }] }],
})
const kinds = async (sessionId: string) =>
  (await supplyEventsOf(node.db, sessionId)).map(({ event }) => {
    const { kind, state } = event as { kind: string; state?: string }
    return state ?? kind
  })
/** The line of this charger is gone, and the node knows it; returns what its socket was numbered. */
async function loseLine({ station }: Charger, raw: RawCharger): Promise<number> {
  const epoch = node.gateway.station(station.id)?.epoch ?? 0
  raw.close()
  await expect.poll(async () => (await stationById(node.db, station.id))?.online).toBe(false)
  return epoch
}
/** An hour after now, by the node's clock. */
const inAnHour = () => new Date(Date.now() + 3_600_000)
const idTagsAsked = (raw: RawCharger) =>
  raw.received.flatMap((frame) =>
    frame[2] === 'RemoteStartTransaction' ? [frame[3] as { idTag: string }] : [],
  )

async function startByCard(raw: RawCharger, minutes: number, register: number) {
  const answer = await raw.call('StartTransaction', {
    connectorId: 1,
    idTag: card,
    meterStart: register,
    timestamp: minutesAgo(minutes),
  })
  return Number(answer['transactionId'])
}
async function sessionAt(charger: Charger, transactionId: number) {
  const open = await openTransactions(node.db, charger.station.id)
  return open.find((each) => each.transactionId === String(transactionId))?.sessionId ?? ''
}

describe('commands', () => {
  test('a remote start sends the session’s credential to the connector, and its start is the session’s', async () => {
    const { charger, raw } = await online()
    const input = await quotedSession(charger)
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
    expect(await kinds(input.sessionId)).toEqual(['charging_started'])
    expect(await node.connection.probe(input)).toMatchObject({
      kind: 'unavailable',
      reason: 'evse_occupied',
    })
  })

  test('a repeated start activity commands the charger once', async () => {
    const { charger, raw } = await online()
    const input = await quotedSession(charger)
    await node.connection.start(input)
    expect(await node.connection.start(input)).toEqual({ kind: 'accepted' })
    expect(idTagsAsked(raw)).toHaveLength(1)
  })

  test('a start without a cable says that the plug is awaited', async () => {
    const { charger } = await online()
    const input = await quotedSession(charger)
    await node.connection.start(input)
    expect(await kinds(input.sessionId)).toEqual(['plug_awaited'])
  })

  test('a refused start is refused, and a silent charger is a timeout', async () => {
    const { charger, raw } = await online()
    raw.onCall = () => ({ status: 'Rejected' })
    expect(await node.connection.start(await quotedSession(charger))).toMatchObject({
      kind: 'rejected',
      reason: 'cpo_policy',
    })
    const input = await quotedSession(charger)
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
    const { charger, raw } = await online()
    const input = await quotedSession(charger)
    raw.onCall = () => ({ status: 'Rejected' })
    await node.connection.start(input)
    await raw.call('StartTransaction', {
      connectorId: 1,
      idTag: input.tokenUid,
      meterStart: 0,
      timestamp: minutesAgo(0),
    })
    expect(await kinds(input.sessionId)).toEqual(['charging_started'])
    expect(await transactionOfSession(node.db, input.sessionId)).toMatchObject({
      origin: 'command',
    })
  })

  test('a second start of one session is nobody’s and is told so', async () => {
    const { charger, raw } = await online()
    const input = await quotedSession(charger)
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
    expect(await kinds(input.sessionId)).toEqual(['charging_started'])
  })

  test('a charger without a socket is unreachable at once', async () => {
    const charger = await node.addCharger('AWAY-1')
    const input = await quotedSession(charger)
    const unreachable = { kind: 'unreachable', detail: 'AWAY-1 is not connected' }
    expect(await node.connection.probe(input)).toEqual(unreachable)
    expect(await node.connection.start(input)).toEqual(unreachable)
    expect(await node.connection.stop(input)).toEqual({ kind: 'unknown_session' })
    expect(await node.connection.lookup(input)).toEqual({ kind: 'none' })
  })

  test('a stop names the transaction; the record follows with the price the quote locked', async () => {
    const { charger, raw } = await online()
    const input = await quotedSession(charger)
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
    expect(await kinds(input.sessionId)).toEqual([
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

describe('when the line or the power fails', () => {
  test('a lost line is told after the grace, its return too, and what was queued is merged into one record', async () => {
    const { charger, raw } = await online()
    const id = await startByCard(raw, 30, 1_000)
    const sessionId = await sessionAt(charger, id)
    await raw.call('MeterValues', meter(id, 25, 6_000))
    const epoch = await loseLine(charger, raw)
    expect(await kinds(sessionId)).toEqual(['charging_started'])
    await suspectOffline(node.node, charger.station.id, epoch)
    expect(await kinds(sessionId)).toEqual(['charging_started', 'suspected_offline'])
    const back = await connectRaw(node.url, charger)
    // Queued while offline, told late, and in no good order.
    await back.call('MeterValues', meter(id, 10, 21_000))
    await back.call('MeterValues', meter(id, 20, 11_000))
    await back.call('StopTransaction', {
      transactionId: id,
      meterStop: 31_000,
      timestamp: minutesAgo(0),
      reason: 'EVDisconnected',
    })
    await back.call('MeterValues', meter(id, 15, 16_000))
    expect(await kinds(sessionId)).toEqual([
      'charging_started',
      'suspected_offline',
      'recovered',
      'charging_ended',
      'record_received',
    ])
    const series = await meterSeries(node.db, sessionId)
    expect(series.map((row) => row.registerWh)).toEqual([
      '1000',
      '6000',
      '11000',
      '16000',
      '21000',
      '31000',
    ])
    expect(series.some((row) => row.flag !== null)).toBe(false)
    const [record, ...others] = await cdrsOfSession(node.db, sessionId)
    expect(others).toEqual([])
    expect(priceOf(record).net).toBe(1470)
  })

  test('a line that comes back within the grace is nobody’s news', async () => {
    const { charger, raw } = await online()
    const id = await startByCard(raw, 5, 1_000)
    const sessionId = await sessionAt(charger, id)
    const epoch = await loseLine(charger, raw)
    const back = await connectRaw(node.url, charger)
    await back.call('Heartbeat', {})
    await suspectOffline(node.node, charger.station.id, epoch)
    await back.call('MeterValues', meter(id, 0, 2_000))
    expect(await kinds(sessionId)).toEqual(['charging_started'])
  })

  test('a whole session that was played offline becomes one session with one record', async () => {
    const { charger, raw } = await online()
    const id = await startByCard(raw, 120, 1_000)
    const sessionId = await sessionAt(charger, id)
    await raw.call('StopTransaction', {
      transactionId: id,
      meterStop: 41_000,
      timestamp: minutesAgo(60),
    })
    const transaction = await transactionOfSession(node.db, sessionId)
    expect(transaction).toMatchObject({ offline: true, origin: 'token' })
    expect(await cdrsOfSession(node.db, sessionId)).toHaveLength(1)
  })

  test('a charger that boots and knows nothing of its transaction ends it at the last reading', async () => {
    const { charger, raw } = await online()
    const id = await startByCard(raw, 30, 1_000)
    const sessionId = await sessionAt(charger, id)
    await raw.call('MeterValues', meter(id, 20, 11_000))
    await raw.call('BootNotification', { chargePointVendor: 'v', chargePointModel: 'm' })
    await closeForgotten(node.node, new Date())
    expect(await kinds(sessionId)).toEqual(['charging_started'])
    await closeForgotten(node.node, inAnHour())
    expect(await kinds(sessionId)).toEqual([
      'charging_started',
      'charging_ended',
      'record_received',
    ])
    expect((await supplyEventsOf(node.db, sessionId)).at(1)?.event).toMatchObject({
      reason: 'power_loss',
    })
    // 10 kWh × 0.49; a stop that comes after all is acknowledged and changes nothing.
    await raw.call('StopTransaction', {
      transactionId: id,
      meterStop: 99_000,
      timestamp: minutesAgo(0),
    })
    const records = await cdrsOfSession(node.db, sessionId)
    expect(records).toHaveLength(1)
    expect(priceOf(records[0]).net).toBe(490)
    expect(await transactionOfSession(node.db, sessionId)).toMatchObject({ review: 'stop_differs' })
  })

  test('a charger that boots and goes on with its transaction keeps it', async () => {
    const { charger, raw } = await online()
    const id = await startByCard(raw, 30, 1_000)
    const sessionId = await sessionAt(charger, id)
    await raw.call('BootNotification', { chargePointVendor: 'v', chargePointModel: 'm' })
    await raw.call('MeterValues', meter(id, 0, 11_000))
    await closeForgotten(node.node, inAnHour())
    expect(await kinds(sessionId)).toEqual(['charging_started'])
  })
})

describe('the meter', () => {
  test('impossible readings are kept, flagged and never billed', async () => {
    const { charger, raw } = await online()
    const id = await startByCard(raw, 30, 1_000)
    const sessionId = await sessionAt(charger, id)
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
    const { charger, raw } = await online()
    const id = await startByCard(raw, 30, 1_000)
    const sessionId = await sessionAt(charger, id)
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
    const { charger, raw } = await online()
    const id = await startByCard(raw, 0, 1_000)
    const sessionId = await sessionAt(charger, id)
    await raw.call('StopTransaction', {
      transactionId: id,
      meterStop: 1_000,
      timestamp: minutesAgo(0),
    })
    const [record] = await cdrsOfSession(node.db, sessionId)
    expect(priceOf(record).gross).toBe(0)
    expect(JSON.parse(record?.raw ?? '')).toMatchObject({ energy_wh: '0' })
  })
})
