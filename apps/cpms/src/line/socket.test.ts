import { getStation } from '@chargelane/db/queries/chargers/chargers'
import { messagesOf } from '@chargelane/db/queries/chargers/frames'
import { connect as connectTcp } from 'node:net'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { createBackOff } from './back-off.ts'
import { connectRaw, type RawCharger } from './raw-charger.fake.ts'
import { startTestNode } from '../testing.ts'

const node = await startTestNode()
afterAll(() => node.stop())
const isOnline = async (id: string) => (await getStation(node.db, 'all', id))?.online

/** A turn of the event loop, in which what has settled is passed on. */
const turn = () => new Promise<void>((resolve) => setImmediate(resolve))

/** Timers set in here go off when `pass` says so; it returns the outcome, or that it is still open. */
async function withTimersByHand(
  use: (
    pass: (ms: number, outcome: Promise<unknown> | undefined) => Promise<unknown>,
  ) => Promise<void>,
): Promise<void> {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] })
  try {
    await use(async (ms, outcome) => {
      vi.advanceTimersByTime(ms)
      return Promise.race([outcome, turn().then(() => 'open')])
    })
  } finally {
    vi.useRealTimers()
  }
}

const callsTo = (raw: RawCharger) => raw.received.filter((frame) => frame[0] === 2)

describe('credentials', () => {
  test('a charger is let in with its own password only, and learns nothing about other identities', async () => {
    const charger = await node.addCharger('CRED-1')
    const refused = '401 Wrong identity or password.'
    await expect(connectRaw(node.url, { ...charger, password: 'guess' })).rejects.toThrow(refused)
    await expect(connectRaw(node.url, { ...charger, password: '' })).rejects.toThrow(refused)
    await expect(connectRaw(node.url, { identity: 'NO-SUCH', password: 'guess' })).rejects.toThrow(
      refused,
    )
    const let_in = await connectRaw(node.url, charger)
    expect(await let_in.call('Heartbeat', {})).toHaveProperty('currentTime')
  })

  test("one charger's credentials do not open another one's address", async () => {
    const [own, other] = [await node.addCharger('CRED-2'), await node.addCharger('CRED-3')]
    const spoofed = { identity: other.identity, password: own.password, as: own.identity }
    await expect(connectRaw(node.url, spoofed)).rejects.toThrow('401')
  })

  test('an impostor is refused without touching the connection it tried to take over', async () => {
    const charger = await node.addCharger('CRED-4')
    const live = await connectRaw(node.url, charger)
    await expect(connectRaw(node.url, { ...charger, password: 'guess' })).rejects.toThrow('401')
    expect(await live.call('Heartbeat', {})).toHaveProperty('currentTime')
    expect(await isOnline(charger.station.id)).toBe(true)
  })

  test('a guesser has to wait longer and longer, and other chargers connect meanwhile', async () => {
    const victim = await node.addCharger('CRED-5')
    const wrong = { ...victim, password: 'guess' }
    for (let i = 0; i < 3; i++) await expect(connectRaw(node.url, wrong)).rejects.toThrow('401')
    await expect(connectRaw(node.url, wrong)).rejects.toThrow('429')
    const neighbour = await connectRaw(node.url, await node.addCharger('CRED-6'))
    expect(await neighbour.call('Heartbeat', {})).toHaveProperty('currentTime')
  })

  test('a stranger who guesses at a charger, from its own address, never keeps it out', async () => {
    const victim = await node.addCharger('SEC-SCZ-1')
    const guess = (password: string) =>
      connectRaw(node.url, { ...victim, password }).then(
        () => 'in',
        (error: Error) => error.message.slice(0, 3),
      )
    const answers: string[] = []
    for (let i = 0; i < 9; i++) answers.push(await guess(`guess ${i}`))
    // Each is looked at, and told to wait as if it had not been.
    expect(answers).toEqual(['401', '401', '401', ...Array<string>(6).fill('429')])
    const itself = await connectRaw(node.url, victim)
    expect(await itself.call('Heartbeat', {})).toHaveProperty('currentTime')
  })

  test('two operators may give one name; each charger is its own by its password', async () => {
    const ours = await node.addCharger('CP-1')
    const password = 'of the other operator'
    const theirs = await node.addStranger('CP-1', password)
    await connectRaw(node.url, ours)
    expect(await isOnline(ours.station.id)).toBe(true)
    expect(await isOnline(theirs.id)).toBe(false)
    await connectRaw(node.url, { identity: 'CP-1', password })
    await expect.poll(() => isOnline(theirs.id)).toBe(true)
  })

  test.each(['RDAM 123', 'CP|1', 'CP@site', 'DE:CP:1', 'a=b+c.d*e_f-g'])(
    'a charger may be called %s',
    async (identity) => {
      const charger = await node.addCharger(identity)
      const let_in = await connectRaw(node.url, charger)
      expect(await let_in.call('Heartbeat', {})).toHaveProperty('currentTime')
    },
  )

  test('the wait doubles up to a minute and is forgotten after a quiet quarter of an hour', () => {
    let now = 0
    const backOff = createBackOff(() => now)
    const same = { identity: 'x', proof: 'same' }
    const waits: number[] = []
    for (let i = 0; i < 10; i++) {
      backOff.failed(same)
      waits.push(backOff.waitS(same))
    }
    expect(waits).toEqual([0, 0, 1, 2, 4, 8, 16, 32, 60, 60])
    expect(backOff.waitS({ identity: 'x', proof: 'another' })).toBe(0)
    expect(backOff.failed({ identity: 'x', proof: 'another' })).toBe(60)
    expect(backOff.failed({ identity: 'y', proof: 'same' })).toBe(0)
    now += 16 * 60_000
    expect(backOff.waitS(same)).toBe(0)
    expect(backOff.failed(same)).toBe(0)
  })

  test('a path that is no charger is 404, and no upgrade at all is 426', async () => {
    const base = node.url.replace('ws:', 'http:').replace('/ocpp', '')
    await expect(connectRaw(`${node.url}/a`, { identity: 'b', password: 'c' })).rejects.toThrow(
      '404',
    )
    expect((await fetch(`${base}/ocpp/CRED-1`)).status).toBe(426)
    expect(await (await fetch(`${base}/health`)).json()).toMatchObject({ status: 'ok' })
  })

  test('a hundred half-open upgrades keep nobody out', async () => {
    const halves = Array.from({ length: 100 }, () => {
      const socket = connectTcp(node.gateway.port, '127.0.0.1')
      socket.on('error', () => undefined)
      socket.write('GET /ocpp/CRED-1 HTTP/1.1\r\nUpgrade: websocket\r\n')
      return socket
    })
    const charger = await connectRaw(node.url, await node.addCharger('CRED-7'))
    expect(await charger.call('Heartbeat', {})).toHaveProperty('currentTime')
    for (const socket of halves) socket.destroy()
  })
})

describe('sockets', () => {
  test('ten thousand malformed frames are answered or counted, few are stored, and the node lives', async () => {
    const charger = await node.addCharger('FLOOD-1')
    const flood = await connectRaw(node.url, charger)
    const before = process.memoryUsage().rss
    for (let i = 0; i < 5_000; i++) {
      flood.sendRaw(`[2,"flood-${i}","Heartbeat",{`)
      flood.sendRaw('not even brackets')
    }
    expect((await flood.answerTo('flood-4999'))[2]).toBe('FormationViolation')
    expect(await flood.call('Heartbeat', {})).toHaveProperty('currentTime')
    expect(flood.received.filter((frame) => frame[0] === 4)).toHaveLength(5_000)
    expect(node.gateway.station(charger.station.id)?.counters.noise).toBe(5_000)
    const kept = await messagesOf(node.db, charger.station.id, 20_000)
    expect(kept.length).toBeLessThan(100)
    expect(process.memoryUsage().rss - before).toBeLessThan(64 * 1024 * 1024)
  })

  test('the newest socket wins, and the late close of the old one never marks it offline', async () => {
    const charger = await node.addCharger('SOCK-1')
    const first = await connectRaw(node.url, charger)
    await first.call('Heartbeat', {})
    const second = await connectRaw(node.url, charger)
    await second.call('Heartbeat', {})
    expect(await first.closed).toEqual({ code: 1000, reason: 'replaced by a newer connection' })
    expect(await isOnline(charger.station.id)).toBe(true)
    const station = node.gateway.station(charger.station.id)
    second.onCall = () => ({ status: 'Accepted' })
    expect(await station?.call('TriggerMessage', { requestedMessage: 'Heartbeat' })).toMatchObject({
      kind: 'answered',
    })
    second.close()
    await expect.poll(() => isOnline(charger.station.id)).toBe(false)
  })

  test('a peer that stops answering pings is cut and marked offline', async () => {
    const hasty = await startTestNode({ pingMs: 50 })
    const charger = await hasty.addCharger('SOCK-2')
    const frozen = await connectRaw(hasty.url, charger)
    await frozen.call('Heartbeat', {})
    frozen.socket.pause()
    await expect
      .poll(async () => (await getStation(hasty.db, 'all', charger.station.id))?.online)
      .toBe(false)
    frozen.socket.terminate()
    await hasty.stop()
  })

  test('commands go out one at a time, each when the one before is answered', async () => {
    const charger = await node.addCharger('SOCK-3')
    const raw = await connectRaw(node.url, charger)
    await raw.call('Heartbeat', {})
    raw.onCall = () => undefined
    const station = node.gateway.station(charger.station.id)
    const outcomes = Promise.all([
      station?.call('UnlockConnector', { connectorId: 1 }),
      station?.call('UnlockConnector', { connectorId: 2 }),
    ])
    await expect.poll(() => callsTo(raw)).toHaveLength(1)
    // The charger's own calls are served while ours waits for its answer.
    expect(await raw.call('Heartbeat', {})).toHaveProperty('currentTime')
    const asked = raw.received.find((frame) => frame[0] === 2)
    raw.sendRaw(JSON.stringify([3, asked?.[1], { status: 'Unlocked' }]))
    await expect.poll(() => callsTo(raw)).toHaveLength(2)
    raw.close()
    expect(await outcomes).toEqual([
      { kind: 'answered', payload: { status: 'Unlocked' } },
      { kind: 'unreachable', detail: 'the line was lost' },
    ])
  })

  test('a command nobody answers ends as a timeout when its time is over, and not before', async () => {
    const charger = await node.addCharger('SOCK-4')
    const raw = await connectRaw(node.url, charger)
    await raw.call('Heartbeat', {})
    const isAsked = new Promise<void>((resolve) => {
      raw.onCall = () => resolve()
    })
    await withTimersByHand(async (pass) => {
      const outcome = node.gateway
        .station(charger.station.id)
        ?.call('UnlockConnector', { connectorId: 1 }, { timeoutMs: 5_000 })
      await isAsked
      expect(await pass(4_999, outcome)).toBe('open')
      expect(await pass(1, outcome)).toEqual({ kind: 'timeout' })
    })
  })

  test('F06: a charger that does not answer is unreachable after 4 s, which the corridor still waits for', async () => {
    const charger = await node.addCharger('SOCK-5')
    const frozen = await connectRaw(node.url, charger)
    await frozen.call('Heartbeat', {})
    frozen.socket.pause()
    await withTimersByHand(async (pass) => {
      // A frame of the last five seconds would be a sign of life.
      vi.setSystemTime(Date.now() + 6_000)
      const outcome = node.connection.probe({ sessionId: 'ses_F06', evseId: charger.evseId })
      while (vi.getTimerCount() === 0) await turn()
      expect(await pass(3_999, outcome)).toBe('open')
      expect(await pass(1, outcome)).toEqual({
        kind: 'unreachable',
        detail: 'SOCK-5 does not answer',
      })
    })
    frozen.socket.terminate()
  })
})
