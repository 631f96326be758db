import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { type WebSocket, WebSocketServer } from 'ws'
import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { startChargePoint } from './charge-point.ts'
import type { ChargePoint, ChargePointOptions } from './charge-point.ts'

// The simulated charge point against a central system that only writes down and answers.

type Call = { id: string; action: string; payload: Record<string, unknown> }
const server = new WebSocketServer({ port: 0, host: '127.0.0.1', handleProtocols: () => 'ocpp1.6' })
await once(server, 'listening')
const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/ocpp`
let calls: Call[] = []
let socket: WebSocket | undefined
let mute = false
const answers: Record<string, (call: Call) => object> = {
  BootNotification: () => ({
    status: 'Accepted',
    currentTime: new Date().toISOString(),
    interval: 300,
  }),
  Authorize: ({ payload }) => ({
    idTagInfo: { status: payload['idTag'] === 'UNKNOWN' ? 'Invalid' : 'Accepted' },
  }),
  StartTransaction: () => ({ transactionId: 7, idTagInfo: { status: 'Accepted' } }),
}
server.on('connection', (accepted) => {
  socket = accepted
  accepted.on('message', (data: Buffer) => {
    const [type, id, action, payload] = JSON.parse(data.toString('utf8'))
    if (type !== 2) return
    const call = { id, action, payload }
    calls.push(call)
    if (!mute) accepted.send(JSON.stringify([3, id, answers[action]?.(call) ?? {}]))
  })
})

const points: ChargePoint[] = []
afterAll(async () => {
  await Promise.all(points.map((point) => point.stop()))
  server.close()
})
beforeEach(() => {
  calls = []
  mute = false
})

async function chargePoint(options: Partial<ChargePointOptions> = {}): Promise<ChargePoint> {
  const point = await startChargePoint({
    url,
    identity: 'SIM-1',
    password: 'p',
    speed: 1_000,
    reconnectMs: 20,
    ...options,
  })
  points.push(point)
  return point
}
const of = (action: string) => calls.filter((call) => call.action === action)
const command = (action: string, payload: object) =>
  socket?.send(JSON.stringify([2, `c-${Math.random()}`, action, payload]))
const stopped = async () => {
  await expect.poll(() => of('StopTransaction').length).toBeGreaterThan(0)
}
/** A turn of the event loop. */
const turn = () => new Promise<void>((resolve) => setImmediate(resolve))
const registers = () =>
  of('MeterValues').map(({ payload }) => {
    const [batch] = payload['meterValue'] as {
      timestamp: string
      sampledValue: { value: string }[]
    }[]
    return Number(batch?.sampledValue[0]?.value)
  })

describe('a session', () => {
  test('half an hour is played while a test waits, and power times claimed time is the energy, to the watt-hour', async () => {
    const point = await chargePoint({
      powerW: 60_000,
      meterIntervalS: 300,
      meterStartWh: 1_000,
      stopAfterS: 1_800,
    })
    await point.startLocal('CARD')
    await stopped()
    expect(registers()).toEqual([6_000, 11_000, 16_000, 21_000, 26_000, 31_000])
    const [start] = of('StartTransaction')
    const [stop] = of('StopTransaction')
    expect(stop?.payload).toMatchObject({ transactionId: 7, meterStop: 31_000, reason: 'Local' })
    const lasted =
      Date.parse(String(stop?.payload['timestamp'])) -
      Date.parse(String(start?.payload['timestamp']))
    expect(lasted).toBe(1_800_000)
    expect(point.sessions).toMatchObject([{ meterStopWh: 31_000, idTag: 'CARD' }])
  })

  test('a full battery ends the flow and not the session', async () => {
    const point = await chargePoint({
      powerW: 60_000,
      batteryWh: 2_500,
      stopAfterS: 600,
      meterStartWh: 0,
    })
    await point.startLocal('CARD')
    await stopped()
    expect(of('StopTransaction')[0]?.payload['meterStop']).toBe(2_500)
    expect(of('StatusNotification').map(({ payload }) => payload['status'])).toContain(
      'SuspendedEV',
    )
  })

  test('a refused card starts nothing', async () => {
    const point = await chargePoint()
    expect(await point.startLocal('UNKNOWN')).toEqual({ accepted: false, status: 'Invalid' })
    expect(of('StartTransaction')).toEqual([])
  })

  test('a remote start waits for the cable', async () => {
    const point = await chargePoint()
    command('RemoteStartTransaction', { connectorId: 1, idTag: 'CL1' })
    await expect.poll(() => of('StatusNotification').at(-1)?.payload['status']).toBe('Preparing')
    expect(of('StartTransaction')).toEqual([])
    point.plugIn()
    await expect.poll(() => of('StartTransaction')[0]?.payload['idTag']).toBe('CL1')
    point.unplug()
    await stopped()
    expect(of('StopTransaction')[0]?.payload['reason']).toBe('EVDisconnected')
  })
})

describe('failures', () => {
  test('offline in mid-session it charges on, and replays what it queued in order', async () => {
    const point = await chargePoint({
      scenario: 'offline_mid_session',
      failAfterS: 300,
      offlineForMs: 300,
      meterIntervalS: 60,
      stopAfterS: 1_200,
    })
    await point.startLocal('CARD')
    await stopped()
    const told = registers()
    expect(told).toEqual(told.toSorted((a, b) => a - b))
    // What was in flight when the line broke is sent again: twice told, once meant.
    expect(new Set(told).size).toBe(20)
    expect(of('BootNotification')).toHaveLength(1)
    await expect.poll(() => point.status().queued).toBe(0)
  })

  test('after a power loss it boots without memory of the session', async () => {
    const point = await chargePoint({ scenario: 'power_loss', failAfterS: 120, offlineForMs: 50 })
    await point.startLocal('CARD')
    await expect.poll(() => of('BootNotification')).toHaveLength(2)
    expect(of('StopTransaction')).toEqual([])
    expect(point.sessions).toMatchObject([{ reason: 'PowerLoss' }])
  })

  test('an unanswered stop is sent again when its time is over, and on the next line too', async () => {
    const point = await chargePoint({ callTimeoutMs: 10_000 })
    await point.startLocal('CARD')
    mute = true
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    try {
      point.stopLocal()
      while (of('StopTransaction').length < 1) await turn()
      vi.advanceTimersByTime(9_999)
      expect(vi.getTimerCount()).toBe(1)
      vi.advanceTimersByTime(1)
      while (of('StopTransaction').length < 2) await turn()
    } finally {
      vi.useRealTimers()
    }
    mute = false
    socket?.terminate()
    await expect.poll(() => point.status().queued).toBe(0)
    expect(of('StopTransaction')).toHaveLength(3)
  })

  test('it stutters when told to, under the old message id and a new one', async () => {
    const point = await chargePoint({ scenario: 'duplicate_start' })
    await point.startLocal('CARD')
    const starts = of('StartTransaction')
    expect(starts).toHaveLength(3)
    expect(new Set(starts.map((call) => call.id)).size).toBe(2)
    expect(new Set(starts.map((call) => JSON.stringify(call.payload))).size).toBe(1)
  })
})
