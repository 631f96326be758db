import { cdrsOfSession } from '@chargelane/db/queries/sessions/cdrs'
import { chargerOfEvse, supplyEventsOf } from '@chargelane/db/queries/chargers/chargers'
import { meterSeries } from '@chargelane/db/queries/chargers/meter-values'
import {
  openTransactions,
  transactionOfSession,
} from '@chargelane/db/queries/chargers/ocpp-transactions'
import { afterAll, describe, expect, test } from 'vitest'
import { connectRaw } from '../line/raw-charger.fake.ts'
import { priceOf, startTestNode } from '../testing.ts'
import { closeForgotten, suspectOffline } from './connectivity.ts'
import {
  inAnHour,
  kinds,
  loseLine,
  meter,
  minutesAgo,
  online,
  report,
  sessionAt,
  startByCard,
} from './charging.fake.ts'

// Graces are longer than any test: where one is to be over, the test says so.
const node = await startTestNode()
afterAll(() => node.stop())

describe('when the line or the power fails', () => {
  test('a lost line is told after the grace, its return too, and what was queued is merged into one record', async () => {
    const { charger, raw } = await online(node)
    const id = await startByCard(raw, 30, 1_000)
    const sessionId = await sessionAt(node, charger, id)
    await raw.call('MeterValues', meter(id, 25, 6_000))
    const epoch = await loseLine(node, charger, raw)
    expect(await kinds(node, sessionId)).toEqual(['charging_started'])
    await suspectOffline(node.node, charger.station.id, epoch)
    expect(await kinds(node, sessionId)).toEqual(['charging_started', 'suspected_offline'])
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
    expect(await kinds(node, sessionId)).toEqual([
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
    const { charger, raw } = await online(node)
    const id = await startByCard(raw, 5, 1_000)
    const sessionId = await sessionAt(node, charger, id)
    const epoch = await loseLine(node, charger, raw)
    const back = await connectRaw(node.url, charger)
    await back.call('Heartbeat', {})
    await suspectOffline(node.node, charger.station.id, epoch)
    await back.call('MeterValues', meter(id, 0, 2_000))
    expect(await kinds(node, sessionId)).toEqual(['charging_started'])
  })

  test('a whole session that was played offline becomes one session with one record', async () => {
    const { charger, raw } = await online(node)
    const id = await startByCard(raw, 120, 1_000)
    const sessionId = await sessionAt(node, charger, id)
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
    const { charger, raw } = await online(node)
    const id = await startByCard(raw, 30, 1_000)
    const sessionId = await sessionAt(node, charger, id)
    await raw.call('MeterValues', meter(id, 20, 11_000))
    await raw.call('BootNotification', { chargePointVendor: 'v', chargePointModel: 'm' })
    await closeForgotten(node.node, new Date())
    expect(await kinds(node, sessionId)).toEqual(['charging_started'])
    await closeForgotten(node.node, inAnHour())
    // The guess is kept and not told: what the charger itself says of its end may still come.
    expect(await kinds(node, sessionId)).toEqual(['charging_started', 'charging_ended'])
    expect((await supplyEventsOf(node.db, sessionId)).at(1)?.event).toMatchObject({
      reason: 'power_loss',
    })
    const [guess] = await cdrsOfSession(node.db, sessionId)
    // 10 kWh × 0.49.
    expect(guess?.source).toBe('provisional')
    expect(priceOf(guess).net).toBe(490)
    expect(await transactionOfSession(node.db, sessionId)).toMatchObject({ inferred: true })
  })

  test('an end that was only concluded is taken back by the stop that comes after all', async () => {
    const { charger, raw } = await online(node)
    const id = await startByCard(raw, 30, 1_000)
    const sessionId = await sessionAt(node, charger, id)
    await raw.call('MeterValues', meter(id, 20, 6_000))
    await raw.call('BootNotification', { chargePointVendor: 'v', chargePointModel: 'm' })
    await closeForgotten(node.node, inAnHour())
    const stop = { transactionId: id, meterStop: 21_000, timestamp: minutesAgo(0) }
    await raw.call('StopTransaction', stop)
    const [guess, record, ...more] = await cdrsOfSession(node.db, sessionId)
    expect([guess, record].map((each) => [each?.source, priceOf(each).net])).toEqual([
      ['provisional', 245],
      ['node', 980],
    ])
    expect(more).toEqual([])
    // The guess, and the end as it was told: each is news of its own.
    expect(await kinds(node, sessionId)).toEqual([
      'charging_started',
      'charging_ended',
      'charging_ended',
      'record_received',
    ])
    const ends = (await supplyEventsOf(node.db, sessionId)).slice(1, 3).map(({ event }) => event)
    expect(ends).toMatchObject([
      { reason: 'power_loss', isInferred: true },
      { reason: 'local', endedAt: stop.timestamp },
    ])
    expect(ends[1]).not.toHaveProperty('isInferred')
    expect(await transactionOfSession(node.db, sessionId)).toMatchObject({
      inferred: false,
      meterStopWh: '21000',
      review: null,
    })
    // The same again is a repetition, another one a correction for a person.
    await raw.call('StopTransaction', stop)
    await raw.call('StopTransaction', { ...stop, meterStop: 99_000 })
    expect(await cdrsOfSession(node.db, sessionId)).toHaveLength(2)
    expect(await transactionOfSession(node.db, sessionId)).toMatchObject({ review: 'stop_differs' })
  })

  test('an end that was only concluded is none where the meter is read later', async () => {
    const { charger, raw } = await online(node)
    const id = await startByCard(raw, 30, 1_000)
    await raw.call('MeterValues', meter(id, 20, 6_000))
    await raw.call('BootNotification', { chargePointVendor: 'v', chargePointModel: 'm' })
    await closeForgotten(node.node, inAnHour())
    expect(await openTransactions(node.db, charger.station.id)).toEqual([])
    await raw.call('MeterValues', meter(id, 10, 11_000))
    expect(await openTransactions(node.db, charger.station.id)).toMatchObject([{ inferred: false }])
  })

  test.each(['Charging', 'SuspendedEV', 'SuspendedEVSE'])(
    'a charger that boots and says %s goes on with its transaction',
    async (status) => {
      const { charger, raw } = await online(node)
      const id = await startByCard(raw, 30, 1_000)
      const sessionId = await sessionAt(node, charger, id)
      await raw.call('BootNotification', { chargePointVendor: 'v', chargePointModel: 'm' })
      await report(raw, status)
      await closeForgotten(node.node, inAnHour())
      expect(await kinds(node, sessionId)).not.toContain('charging_ended')
    },
  )

  test('a car that waits plugged in is no end, and its EVSE is not free; Available is an end', async () => {
    const { charger, raw } = await online(node)
    const id = await startByCard(raw, 30, 1_000)
    const sessionId = await sessionAt(node, charger, id)
    await raw.call('MeterValues', meter(id, 20, 6_000))
    await report(raw, 'Preparing')
    await closeForgotten(node.node, inAnHour())
    expect(await kinds(node, sessionId)).toEqual(['charging_started'])
    expect((await chargerOfEvse(node.db, charger.evseId))?.status).toBe('CHARGING')
    await report(raw, 'Available')
    await closeForgotten(node.node, inAnHour())
    expect(await kinds(node, sessionId)).toContain('charging_ended')
  })

  test('an end that nobody told of a charge that nobody read makes no record: it is waited for', async () => {
    const { charger, raw } = await online(node)
    const id = await startByCard(raw, 30, 1_000)
    const sessionId = await sessionAt(node, charger, id)
    await raw.call('BootNotification', { chargePointVendor: 'v', chargePointModel: 'm' })
    await closeForgotten(node.node, inAnHour())
    expect(await kinds(node, sessionId)).toEqual(['charging_started', 'charging_ended'])
    await raw.call('StopTransaction', {
      transactionId: id,
      meterStop: 21_000,
      timestamp: minutesAgo(0),
    })
    const [record] = await cdrsOfSession(node.db, sessionId)
    expect(priceOf(record).net).toBe(980)
  })

  test('a charger that boots and goes on with its transaction keeps it', async () => {
    const { charger, raw } = await online(node)
    const id = await startByCard(raw, 30, 1_000)
    const sessionId = await sessionAt(node, charger, id)
    await raw.call('BootNotification', { chargePointVendor: 'v', chargePointModel: 'm' })
    await raw.call('MeterValues', meter(id, 0, 11_000))
    await closeForgotten(node.node, inAnHour())
    expect(await kinds(node, sessionId)).toEqual(['charging_started'])
  })
})
