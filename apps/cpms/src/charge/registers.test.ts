import { cdrsOfSession } from '@chargelane/db/queries/sessions/cdrs'
import { meterSeries } from '@chargelane/db/queries/chargers/meter-values'
import { transactionOfSession } from '@chargelane/db/queries/chargers/ocpp-transactions'
import { energyProgress } from '@chargelane/db/queries/sessions/supply'
import { incidents } from '@chargelane/db/schema'
import { energyOf } from '@chargelane/rules/rating/usage'
import { afterAll, describe, expect, test } from 'vitest'
import { startTestNode } from '../testing.ts'
import { closeForgotten } from './connectivity.ts'
import { inAnHour, meter, minutesAgo, online, sessionAt, startByCard } from './charging.fake.ts'

const node = await startTestNode()
afterAll(() => node.stop())

async function charge(start: number, between: readonly (readonly [number, number])[]) {
  const { charger, raw } = await online(node)
  const id = await startByCard(raw, 30, start)
  const sessionId = await sessionAt(node, charger, id)
  for (const [minutes, register] of between)
    await raw.call('MeterValues', meter(id, minutes, register))
  const stop = (register: number) =>
    raw.call('StopTransaction', {
      transactionId: id,
      meterStop: register,
      timestamp: minutesAgo(0),
    })
  return { sessionId, id, raw, stop }
}

const billedWh = async (sessionId: string) => {
  const [record] = await cdrsOfSession(node.db, sessionId)
  return record && Number(energyOf(record.usage)) * 1_000
}
const incidentsOf = async (sessionId: string) =>
  (await node.db.select().from(incidents)).flatMap(({ subjectId, kind }) =>
    subjectId === sessionId ? [kind] : [],
  )

describe('a register that is no plain count of Wh', () => {
  test('five digits of kWh run over: the readings go on, and all energy is billed', async () => {
    const { sessionId, stop } = await charge(99_990_000, [
      [20, 99_998_000],
      [10, 6_000],
      [5, 11_000],
    ])
    expect(await energyProgress(node.db, sessionId)).toMatchObject({ energyWh: '21000' })
    await stop(15_000)
    expect(await billedWh(sessionId)).toBe(25_000)
    expect((await meterSeries(node.db, sessionId)).map(({ flag }) => flag)).toEqual(
      Array(5).fill(null),
    )
    expect(await transactionOfSession(node.db, sessionId)).toMatchObject({
      review: 'register_rebased',
      meterStopWh: '15000',
    })
    expect(await incidentsOf(sessionId)).toEqual([])
  })

  test('it runs over between start and stop, and nothing was read', async () => {
    const { sessionId, stop } = await charge(999_995_000, [])
    await stop(5_000)
    expect(await billedWh(sessionId)).toBe(10_000)
    expect(await energyProgress(node.db, sessionId)).toMatchObject({ energyWh: '10000' })
  })

  test('it runs over and the power fails: the last reading is the end', async () => {
    const { sessionId, raw } = await charge(99_990_000, [[10, 5_000]])
    await raw.call('BootNotification', { chargePointVendor: 'v', chargePointModel: 'm' })
    await closeForgotten(node.node, inAnHour())
    expect(await billedWh(sessionId)).toBe(15_000)
  })

  test('it falls and nothing says why: billed up to the last believed reading, and put aside', async () => {
    const { sessionId, stop } = await charge(50_000_000, [
      [20, 50_008_000],
      [10, 6_000],
    ])
    expect(await energyProgress(node.db, sessionId)).toMatchObject({ energyWh: '8000' })
    await stop(9_000)
    expect(await billedWh(sessionId)).toBe(8_000)
    expect(await incidentsOf(sessionId)).toEqual(['implausible_reading'])
  })

  test('it begins anew and grows from there: what was counted before and after is billed', async () => {
    const { sessionId, stop } = await charge(1_000, [
      [25, 2_500],
      [20, 4_000],
      [15, 500],
      [10, 2_000],
      [5, 3_500],
    ])
    await stop(5_000)
    // 3 kWh before it lost its count, 5 since.
    expect(await billedWh(sessionId)).toBe(8_000)
    expect(await transactionOfSession(node.db, sessionId)).toMatchObject({
      meterStopWh: '5000',
    })
  })

  test('it begins anew and then the power fails: the end that is concluded counts on, and a told one takes its place', async () => {
    const { sessionId, stop, raw } = await charge(1_000, [
      [25, 2_500],
      [20, 4_000],
      [15, 500],
      [10, 2_000],
      [5, 3_500],
    ])
    await raw.call('BootNotification', { chargePointVendor: 'v', chargePointModel: 'm' })
    await closeForgotten(node.node, inAnHour())
    expect(await billedWh(sessionId)).toBe(6_500)
    const { meterStopWh, stoppedAt } = (await transactionOfSession(node.db, sessionId)) ?? {}
    expect(meterStopWh).toBe('3500')
    expect(Date.parse(stoppedAt ?? '')).toBeGreaterThan(Date.parse(minutesAgo(7)))
    await stop(5_000)
    const told = (await cdrsOfSession(node.db, sessionId)).find(({ source }) => source === 'node')
    expect(told && Number(energyOf(told.usage)) * 1_000).toBe(8_000)
  })

  test('it falls, the power fails, and it may have been misread: the end is the last reading believed', async () => {
    const { sessionId, raw } = await charge(1_000, [
      [20, 4_000],
      [10, 500],
    ])
    await raw.call('BootNotification', { chargePointVendor: 'v', chargePointModel: 'm' })
    await closeForgotten(node.node, inAnHour())
    expect(await billedWh(sessionId)).toBe(3_000)
  })

  test('it may have begun anew or been misread once: the lower is billed, and the rest is put aside', async () => {
    const { sessionId, stop } = await charge(1_000, [
      [20, 4_000],
      [10, 500],
    ])
    await stop(5_000)
    expect(await billedWh(sessionId)).toBe(4_000)
    const open = (await node.db.select().from(incidents)).filter(
      ({ subjectId }) => subjectId === sessionId,
    )
    expect(open).toMatchObject([{ kind: 'implausible_reading', status: 'open', energyWh: '4000' }])
  })

  test('one reading falls and the next goes on: it is put aside and costs nobody anything', async () => {
    const { sessionId, stop } = await charge(50_000_000, [
      [20, 0],
      [10, 50_010_000],
    ])
    await stop(50_015_000)
    expect(await billedWh(sessionId)).toBe(15_000)
    expect((await meterSeries(node.db, sessionId)).map(({ flag }) => flag)).toEqual([
      null,
      'backwards',
      null,
      null,
    ])
  })

  test('Wh that call themselves kWh are Wh, also where the power fails', async () => {
    const { sessionId, id, raw } = await charge(1_234_000, [])
    await raw.call('MeterValues', {
      connectorId: 1,
      transactionId: id,
      meterValue: [
        { timestamp: minutesAgo(10), sampledValue: [{ value: '1239000', unit: 'kWh' }] },
      ],
    })
    expect(await energyProgress(node.db, sessionId)).toMatchObject({ energyWh: '5000' })
    await raw.call('BootNotification', { chargePointVendor: 'v', chargePointModel: 'm' })
    await closeForgotten(node.node, inAnHour())
    expect(await billedWh(sessionId)).toBe(5_000)
  })
})
