import { energyFlow } from '@chargelane/db/queries/sessions/supply'
import { afterAll, describe, expect, test } from 'vitest'
import { connectRaw } from '../line/raw-charger.fake.ts'
import { startTestNode } from '../testing.ts'
import { kinds, loseLine, meter, online, report, sessionAt, startByCard } from './charging.fake.ts'

const node = await startTestNode()
afterAll(() => node.stop())

async function charging() {
  const { charger, raw } = await online(node)
  const id = await startByCard(raw, 30, 1_000)
  const sessionId = await sessionAt(node, charger, id)
  return { charger, raw, id, sessionId, told: () => kinds(node, sessionId) }
}

describe('what holds energy back', () => {
  test('is told where it is the charger: once when it begins, and once when it ends', async () => {
    const { raw, told } = await charging()
    for (const status of ['Charging', 'SuspendedEVSE', 'SuspendedEVSE', 'Charging', 'Charging'])
      await report(raw, status)
    expect(await told()).toEqual(['charging_started', 'charging_paused', 'charging_resumed'])
  })

  test('is no pause where it is the car, and kept with its instant', async () => {
    const { raw, sessionId, told, id } = await charging()
    await raw.call('MeterValues', meter(id, 20, 6_000))
    const before = new Date().toISOString()
    await report(raw, 'SuspendedEV')
    expect(await told()).toEqual(['charging_started'])
    const flow = await energyFlow(node.db, sessionId)
    expect(flow).toMatchObject({ grown: { wh: 6_000 }, before: { wh: 1_000 } })
    expect(flow.heldByVehicleSince! >= before).toBe(true)
    await report(raw, 'Charging')
    expect((await energyFlow(node.db, sessionId)).heldByVehicleSince).toBeNull()
  })

  test('changes hands: a charger that gives way to a car that takes nothing has resumed', async () => {
    const { raw, told } = await charging()
    for (const status of ['SuspendedEVSE', 'SuspendedEV']) await report(raw, status)
    expect(await told()).toEqual(['charging_started', 'charging_paused', 'charging_resumed'])
  })

  test('was said before the start: the session hears of it with its start', async () => {
    const { charger, raw } = await online(node)
    await report(raw, 'SuspendedEVSE')
    const id = await startByCard(raw, 5, 1_000)
    const sessionId = await sessionAt(node, charger, id)
    await expect.poll(() => kinds(node, sessionId)).toEqual(['charging_started', 'charging_paused'])
  })

  test('ends on another line than it began', async () => {
    const { charger, raw, told } = await charging()
    await report(raw, 'SuspendedEVSE')
    await loseLine(node, charger, raw)
    const back = await connectRaw(node.url, charger)
    await report(back, 'Charging')
    expect(await told()).toEqual(['charging_started', 'charging_paused', 'charging_resumed'])
  })

  test('of an EVSE on which nothing runs is nobody’s news', async () => {
    const { raw, charger } = await online(node)
    await report(raw, 'SuspendedEVSE')
    await report(raw, 'Available')
    const id = await startByCard(raw, 5, 1_000)
    const sessionId = await sessionAt(node, charger, id)
    await report(raw, 'Charging')
    expect(await kinds(node, sessionId)).toEqual(['charging_started'])
  })
})
