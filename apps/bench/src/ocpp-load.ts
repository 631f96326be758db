// Chargers that do what chargers do all day, each waiting for the answer to its last message before it sends the next.
import { WebSocket } from 'ws'
import { z } from 'zod'
import { percentile } from './figures.ts'

export type Login = { identity: string; password: string }

export type LoadFigures = {
  chargers: number
  calls: number
  perSecond: number
  /** Calls that leave a row: all but heartbeats. */
  durable: number
  durablePerSecond: number
  p50Ms: number
  p99Ms: number
  /** Answered with a CALLERROR. */
  refused: number
}

/** Reads what its socket is answered and goes on; `next` is the call it sends then. */
type Charger = { socket: WebSocket; laps: Laps; next: string; sentAt: number }
type Laps = Generator<string, never, Answer>
type Answer = z.infer<typeof zTransaction>
const zAnswer = z.tuple([z.number(), z.unknown(), z.unknown()]).rest(z.unknown())
const zTransaction = z.object({ transactionId: z.number().optional() })

/** Connects all chargers, a hundred at a time. */
export async function connectChargers(url: string, logins: readonly Login[]): Promise<Charger[]> {
  const chargers: Charger[] = []
  for (let at = 0; at < logins.length; at += 100)
    chargers.push(
      ...(await Promise.all(logins.slice(at, at + 100).map((login) => connectOne(url, login)))),
    )
  return chargers
}

function connectOne(url: string, { identity, password }: Login): Promise<Charger> {
  const credentials = Buffer.from(`${identity}:${password}`).toString('base64')
  const socket = new WebSocket(`${url.replace(/\/$/, '')}/${identity}`, ['ocpp1.6'], {
    headers: { authorization: `Basic ${credentials}` },
    perMessageDeflate: false,
  })
  return new Promise((resolve, reject) => {
    socket.once('error', reject)
    socket.once('open', () => {
      const laps = callsOf(identity)
      resolve({ socket, laps, next: laps.next({}).value, sentAt: 0 })
    })
  })
}

/** All of them at once for so long; the sockets stay open. */
export async function callFor(
  chargers: readonly Charger[],
  durationMs: number,
): Promise<LoadFigures> {
  const times: number[] = []
  let refused = 0
  let durable = 0
  const startedAt = performance.now()
  await Promise.all(
    chargers.map(
      (charger) =>
        new Promise<void>((resolve, reject) => {
          const { socket, laps } = charger
          const send = () => {
            if (!charger.next.includes('"Heartbeat"')) durable += 1
            charger.sentAt = performance.now()
            socket.send(charger.next)
          }
          const heard = (data: Buffer) => {
            const heardAt = performance.now()
            times.push(heardAt - charger.sentAt)
            const [type, , answer] = zAnswer.parse(JSON.parse(data.toString('utf8')))
            if (type === 4) refused += 1
            charger.next = laps.next(type === 3 ? zTransaction.parse(answer) : {}).value
            if (heardAt - startedAt < durationMs) {
              send()
              return
            }
            socket.off('message', heard)
            resolve()
          }
          socket.on('message', heard)
          socket.once('error', reject)
          send()
        }),
    ),
  )
  const tookMs = performance.now() - startedAt
  return {
    chargers: chargers.length,
    calls: times.length,
    perSecond: Math.round((times.length * 1000) / tookMs),
    durable,
    durablePerSecond: Math.round((durable * 1000) / tookMs),
    p50Ms: tenth(percentile(times, 50)),
    p99Ms: tenth(percentile(times, 99)),
    refused,
  }
}

const tenth = (value: number) => Math.round(value * 10) / 10

/** Chargers do not march in step: each enters its first lap somewhere, with its transaction started where it has to be. */
function* callsOf(identity: string): Laps {
  const number = Number.parseInt(identity.replaceAll(/\D/gu, ''), 10)
  const laps = lapsOf(identity, number * 7)
  yield laps.next({}).value
  let skipped = number % lapCalls
  for (let answer: Answer = {}; ; skipped -= 1) {
    const call = laps.next(answer).value
    answer = skipped > 0 && !call.includes('"StartTransaction"') ? {} : yield call
  }
}

const lapCalls = 40

/**
 * A boot, then laps: one is a charging session in 40 messages, 16 heartbeats, 12 meter values, 9 statuses, Authorize,
 * Start and Stop. Its card is nobody's, so that no session workflow runs beside it: what those cost is measured by
 * `sessions`.
 */
function* lapsOf(identity: string, registerAtFirst: number): Laps {
  let count = 0
  let register = registerAtFirst
  const idTag = `B${identity.replaceAll(/\W/gu, '')}`.slice(0, 20).toUpperCase()
  const call = (action: string, payload: unknown) =>
    JSON.stringify([2, `${(count += 1)}`, action, payload])
  const status = (connectorId: number, to: string) =>
    call('StatusNotification', { connectorId, errorCode: 'NoError', status: to, timestamp: now() })
  const heartbeat = () => call('Heartbeat', {})
  yield call('BootNotification', { chargePointVendor: 'Bench', chargePointModel: 'B1' })
  for (;;) {
    yield status(0, 'Available')
    yield status(1, 'Preparing')
    yield call('Authorize', { idTag })
    const { transactionId = 0 } = yield call('StartTransaction', {
      connectorId: 1,
      idTag,
      meterStart: register,
      timestamp: now(),
    })
    yield status(1, 'Charging')
    for (let sample = 1; sample <= 12; sample += 1) {
      register += 10
      yield call('MeterValues', meterValues(transactionId, register, now()))
      yield heartbeat()
      if (sample % 3 === 0) yield status(1, sample % 2 === 0 ? 'Charging' : 'SuspendedEV')
    }
    yield call('StopTransaction', { transactionId, idTag, meterStop: register, timestamp: now() })
    yield status(1, 'Finishing')
    yield status(1, 'Available')
    for (let beats = 4; beats > 0; beats -= 1) yield heartbeat()
  }
}

const now = () => new Date().toISOString()

const meterValues = (transactionId: number, register: number, timestamp: string) => ({
  connectorId: 1,
  transactionId,
  meterValue: [
    {
      timestamp,
      sampledValue: [
        { value: String(register), measurand: 'Energy.Active.Import.Register', unit: 'Wh' },
        { value: '11000', measurand: 'Power.Active.Import', unit: 'W' },
        { value: '48', measurand: 'SoC', unit: 'Percent' },
      ],
    },
  ],
})
