import { chargerOfEvse } from '@chargelane/db/queries/chargers/chargers'
import { messagesOf } from '@chargelane/db/queries/chargers/frames'
import { cdrsOfSession } from '@chargelane/db/queries/sessions/cdrs'
import {
  openTransactions,
  stationTransaction,
} from '@chargelane/db/queries/chargers/ocpp-transactions'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connectRaw, type RawCharger } from '../line/raw-charger.fake.ts'
import { card, startTestNode } from '../testing.ts'

// What real chargers get wrong, and what this node does about it, over a real socket.

const node = await startTestNode()
let charger: Awaited<ReturnType<typeof node.addCharger>>
let raw: RawCharger
let counter = 0
const fresh = () => node.addCharger(`QUIRK-${++counter}`)

beforeAll(async () => {
  charger = await fresh()
  raw = await connectRaw(node.url, charger)
})
afterAll(() => node.stop())

const boot = { chargePointVendor: 'Quirky', chargePointModel: 'Q1' }
const now = () => new Date().toISOString()
const status = (more: object = {}) => ({
  connectorId: 1,
  errorCode: 'NoError',
  status: 'Available',
  ...more,
})
const transfer = (size: number) => ({ vendorId: 'v', data: 'x'.repeat(size) })
const errorOf = (frame: unknown[]) => [frame[0], frame[2]]

async function startCharging(on: RawCharger, meterStart = 1_000): Promise<number> {
  const answer = await on.call('StartTransaction', {
    connectorId: 1,
    idTag: card,
    meterStart,
    timestamp: now(),
  })
  return Number(answer['transactionId'])
}

describe('connecting', () => {
  test('a charger that names no subprotocol is served as 1.6', async () => {
    const old = await connectRaw(node.url, await fresh(), [])
    expect(old.protocol).toBe('')
    expect(await old.call('BootNotification', boot)).toMatchObject({ status: 'Accepted' })
  })

  test('the subprotocol matches in any case and is echoed as the charger spells it', async () => {
    const loud = await connectRaw(node.url, await fresh(), ['OCPP1.6'])
    expect(loud.protocol).toBe('OCPP1.6')
  })

  test('of several subprotocols the one we speak is chosen', async () => {
    const modern = await connectRaw(node.url, await fresh(), ['ocpp2.0.1', 'ocpp1.6'])
    expect(modern.protocol).toBe('ocpp1.6')
  })

  test('a charger that speaks only what we do not is told so instead of cut off', async () => {
    await expect(connectRaw(node.url, await fresh(), ['ocpp2.0.1'])).rejects.toThrow(
      '400 This node speaks ocpp1.6; the charger offered ocpp2.0.1.',
    )
  })

  test('an OCPP 2.x boot on a 1.6 connection is refused with a readable reason', async () => {
    const mixed = await connectRaw(node.url, await fresh())
    mixed.sendRaw('[2,"b","BootNotification",{"reason":"PowerUp","chargingStation":{}}]')
    expect(errorOf(await mixed.answerTo('b'))).toEqual([4, 'ProtocolError'])
    expect(await mixed.closed).toEqual({
      code: 1002,
      reason: 'OCPP 2.x payload on an ocpp1.6 connection',
    })
  })

  test('a status before any boot is served, and the charger is asked to introduce itself once', async () => {
    const shy = await connectRaw(node.url, await fresh())
    const asked: string[] = []
    shy.onCall = (action, payload) => {
      asked.push(`${action} ${String(payload['requestedMessage'])}`)
      return { status: 'Accepted' }
    }
    await shy.call('StatusNotification', status())
    await shy.call('StatusNotification', status())
    await shy.call('Heartbeat', {})
    expect(asked).toEqual(['TriggerMessage BootNotification'])
  })
})

describe('frames', () => {
  test.each([
    ['[2,"bad-1","Heartbeat",{', 'bad-1'],
    ['[,"bad-6",{"a":1}', 'bad-6'],
    ['[2,"bad-2","StatusNotification",{"connectorId":1,}]', 'bad-2'],
    ['[2,"bad-3"]', 'bad-3'],
    ['[2,"bad-4","Heartbeat",[]]', 'bad-4'],
    [`[2,"bad-5","Heartbeat",{"a":${'['.repeat(60)}${']'.repeat(60)}}]`, 'bad-5'],
  ])('%s is refused by its id, and the socket lives', async (frame, id) => {
    raw.sendRaw(frame)
    expect(errorOf(await raw.answerTo(id))).toEqual([4, 'FormationViolation'])
    expect(await raw.call('Heartbeat', {})).toHaveProperty('currentTime')
  })

  test('text that is no frame, unknown types and answers to nothing are counted, not answered', async () => {
    const station = node.gateway.station(charger.station.id)
    const before = { ...station?.counters }
    const frames = raw.received.length
    raw.sendRaw('hello')
    raw.sendRaw('[,{"a":1}')
    raw.sendRaw('[9,"x",{}]')
    raw.sendRaw('[3,"never-asked",{}]')
    raw.sendRaw('[4,"never-asked","GenericError","",{}]')
    await raw.call('Heartbeat', {})
    expect(raw.received.length).toBe(frames + 1)
    expect(station?.counters).toMatchObject({
      noise: Number(before.noise) + 3,
      strayResults: Number(before.strayResults) + 2,
    })
  })

  test('an unknown action is NotImplemented', async () => {
    await expect(raw.call('ReadMyMind', {})).rejects.toThrow('NotImplemented')
  })

  test('a numeric message id is answered as a number', async () => {
    raw.sendRaw('[2,17,"Heartbeat",{}]')
    expect((await raw.answerTo(17))[0]).toBe(3)
  })

  test('a binary frame is read as UTF-8', async () => {
    raw.sendRaw(Buffer.from('[2,"bin","Heartbeat",{}]'))
    expect((await raw.answerTo('bin'))[0]).toBe(3)
  })

  test('an oversized DataTransfer is refused and the socket lives; one up to the limit is answered', async () => {
    await expect(raw.call('DataTransfer', transfer(300_000))).rejects.toThrow('FormationViolation')
    expect(await raw.call('DataTransfer', transfer(60_000))).toEqual({ status: 'UnknownVendorId' })
  })

  test('a frame longer than any night of readings closes the socket with 1009', async () => {
    const bomber = await connectRaw(node.url, await fresh())
    bomber.sendRaw('x'.repeat(9 * 1024 * 1024))
    expect((await bomber.closed).code).toBe(1009)
  })

  test('two calls at once and a burst of twenty are all answered', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => raw.call('StatusNotification', status())),
    )
    expect(answers).toHaveLength(20)
  })

  test('a repeated message id with the same content gets the same answer and is handled once', async () => {
    const own = await fresh()
    const repeating = await connectRaw(node.url, own)
    const start = { connectorId: 1, idTag: card, meterStart: 5, timestamp: now() }
    const first = await repeating.call('StartTransaction', start, 'same')
    expect(await repeating.call('StartTransaction', start, 'same')).toEqual(first)
    expect(node.gateway.station(own.station.id)?.counters.repeats).toBe(1)
  })

  test('a message id used again for something else is not answered from memory', async () => {
    const reused = await connectRaw(node.url, await fresh())
    await reused.call('StatusNotification', status(), '1')
    expect(await reused.call('DataTransfer', { vendorId: 'v' }, '1')).toHaveProperty('status')
  })

  test.each([
    ['Faulted', 'OUTOFORDER'],
    ['Unavailable', 'INOPERATIVE'],
  ])(
    'a charger that is %s as a whole sells none of its EVSEs until it is back',
    async (word, shown) => {
      const own = await fresh()
      const place = async () => (await chargerOfEvse(node.db, own.evseId))?.status
      const line = await connectRaw(node.url, own)
      const whole = (said: string) =>
        line.call('StatusNotification', status({ connectorId: 0, status: said }))
      await line.call('StatusNotification', status())
      await whole(word)
      expect(await place()).toBe(shown)
      // Its connectors go on telling of themselves, and a car that charges still charges.
      await line.call('StatusNotification', status({ status: 'Preparing' }))
      expect(await place()).toBe(shown)
      await line.call('StatusNotification', status({ status: 'Charging' }))
      expect(await place()).toBe('CHARGING')
      await line.call('StatusNotification', status({ status: 'Finishing' }))
      expect(await place()).toBe(shown)
      await whole('Available')
      expect(await place()).toBe('BLOCKED')
    },
  )

  test('a charger that never told of its EVSEs has them unknown again when it is back', async () => {
    const own = await fresh()
    const line = await connectRaw(node.url, own)
    for (const [said, shown] of [
      ['Faulted', 'OUTOFORDER'],
      ['Available', 'UNKNOWN'],
    ]) {
      await line.call('StatusNotification', status({ connectorId: 0, status: said }))
      expect((await chargerOfEvse(node.db, own.evseId))?.status).toBe(shown)
    }
  })

  test('what a charger called itself is over with its restart, whether or not it says so', async () => {
    const own = await fresh()
    const line = await connectRaw(node.url, own)
    await line.call('StatusNotification', status())
    await line.call('StatusNotification', status({ connectorId: 0, status: 'Faulted' }))
    expect((await chargerOfEvse(node.db, own.evseId))?.status).toBe('OUTOFORDER')
    await line.call('BootNotification', boot)
    await line.call('StatusNotification', status())
    expect((await chargerOfEvse(node.db, own.evseId))?.status).toBe('AVAILABLE')
  })

  test('a message id of an earlier connection is not answered from memory', async () => {
    const own = await fresh()
    const place = async () => (await chargerOfEvse(node.db, own.evseId))?.status
    const first = await connectRaw(node.url, own)
    await first.call('StatusNotification', status(), '1')
    await first.call('StatusNotification', status({ status: 'Faulted' }), '2')
    expect(await place()).toBe('OUTOFORDER')
    const again = await connectRaw(node.url, own)
    await again.call('StatusNotification', status(), '1')
    expect(await place()).toBe('AVAILABLE')
  })

  test('an action with a NUL in its name is NotImplemented, and kept', async () => {
    raw.sendRaw('[2,"nul","Start\\u0000",{}]')
    expect(errorOf(await raw.answerTo('nul'))).toEqual([4, 'NotImplemented'])
  })

  test('every frame is kept as received, with what was repaired in it', async () => {
    const own = await fresh()
    const noted = await connectRaw(node.url, own)
    await noted.call('BootNotification', { ...boot, customData: { a: 1 } }, 'noted')
    await node.node.frames.drained()
    const kept = await messagesOf(node.db, own.station.id)
    expect(kept.find((row) => row.direction === 'in')).toMatchObject({
      action: 'BootNotification',
      status: 'stripped customData',
      payload: expect.stringContaining('"customData":{"a":1}'),
    })
    expect(kept.some((row) => row.direction === 'out')).toBe(true)
  })
})

describe('payloads', () => {
  test('unknown fields, numbers for text and overlong text do not keep a charger from booting', async () => {
    const odd = {
      ...boot,
      chargePointVendor: 4711,
      chargePointModel: 'a model name that is far longer than the twenty characters allowed',
      extra: true,
    }
    expect(await raw.call('BootNotification', odd)).toMatchObject({ status: 'Accepted' })
  })

  test('a missing required field is named', async () => {
    raw.sendRaw('[2,"missing","BootNotification",{"chargePointModel":"m"}]')
    const answer = await raw.answerTo('missing')
    expect(errorOf(answer)).toEqual([4, 'OccurenceConstraintViolation'])
    expect(answer[3]).toBe('chargePointVendor: is required')
  })

  test('a vendor error code keeps the status beside it', async () => {
    expect(await raw.call('StatusNotification', status({ errorCode: 'Error' }))).toEqual({})
  })

  test.each([99_999_999_999, 2 ** 31, -(2 ** 40)])(
    'a connector numbered %d is refused by name, not put off as if it could be told again',
    async (connectorId) => {
      const start = { connectorId, idTag: card, meterStart: 1, timestamp: now() }
      for (const [action, payload] of [
        ['StatusNotification', status({ connectorId })],
        ['StartTransaction', start],
      ] as const) {
        raw.sendRaw(JSON.stringify([2, `${action} ${connectorId}`, action, payload]))
        const answer = await raw.answerTo(`${action} ${connectorId}`)
        expect(errorOf(answer)).toEqual([4, 'PropertyConstraintViolation'])
        expect(answer[3]).toBe('connectorId: out of range')
      }
    },
  )

  test('a tag of 21 characters is Invalid, never an error and never cut to another one', async () => {
    const idTag = `${card}0000000`
    expect(await raw.call('Authorize', { idTag })).toEqual({ idTagInfo: { status: 'Invalid' } })
  })

  test.each([
    ['no transaction id', {}],
    ['an unknown one', { transactionId: 999_999 }],
    ['the int64 maximum', { transactionId: 2 ** 63 }],
    ['one of more than 32 bits', { transactionId: 2 ** 31 }],
    ['a connector of more than 32 bits', { connectorId: 2 ** 31 }],
    ['a text number', { transactionId: '0' }],
    ['no samples', { meterValue: [{ timestamp: '2026-11-21T10:00:00Z', sampledValue: [] }] }],
    [
      'numeric values',
      { meterValue: [{ timestamp: '2026-11-21T10:00:00Z', sampledValue: [{ value: 12.5 }] }] },
    ],
    [
      'the unit Hertz',
      {
        meterValue: [
          {
            timestamp: '2026-11-21T10:00:00Z',
            sampledValue: [{ value: '50', measurand: 'Frequency', unit: 'Hertz' }],
          },
        ],
      },
    ],
    [
      'a timestamp without zone',
      { meterValue: [{ timestamp: '2026-11-21T10:00:00', sampledValue: [{ value: '1' }] }] },
    ],
  ])('MeterValues with %s are acknowledged', async (_, more) => {
    const meterValue = [{ timestamp: now(), sampledValue: [{ value: '1' }] }]
    expect(await raw.call('MeterValues', { connectorId: 1, meterValue, ...more })).toEqual({})
  })

  test.each([
    ['-1', { transactionId: -1 }],
    ['0', { transactionId: 0 }],
    ['no transaction id at all', {}],
    ['a transaction of more than 32 bits', { transactionId: 2 ** 31 }],
    ['an overlong tag', { transactionId: 0, idTag: 'X'.repeat(30) }],
    ['an unreadable register', { transactionId: 0, meterStop: 'many' }],
    ['an unreadable time', { transactionId: 0, timestamp: 'yesterday' }],
    ['an unknown reason', { transactionId: 0, reason: 'Boredom' }],
  ])('StopTransaction with %s is always acknowledged', async (_, more) => {
    const stop = { meterStop: 10, timestamp: now(), ...more }
    expect(await raw.call('StopTransaction', stop)).not.toBeUndefined()
  })

  test.each([
    ['SecurityEventNotification', { type: 'InvalidFirmwareSignature', timestamp: now() }, {}],
    ['LogStatusNotification', { status: 'Uploading', requestId: 1 }, {}],
    ['SignCertificate', { csr: '-----BEGIN' }, { status: 'Rejected' }],
    ['FirmwareStatusNotification', { status: 'Installed' }, {}],
    ['DiagnosticsStatusNotification', { status: 'Uploaded' }, {}],
  ])('%s is answered', async (action, payload, answer) => {
    expect(await raw.call(action, payload)).toEqual(answer)
  })
})

describe('transactions', () => {
  test.each(['0000-01-01T00:00:00Z', '9999-12-31T23:59:59-05:00'])(
    'a start at %s begins when it is heard, its reading and its stop too',
    async (timestamp) => {
      const unset = await connectRaw(node.url, await fresh())
      const start = { connectorId: 1, idTag: card, meterStart: 100, timestamp }
      const begun = await unset.call('StartTransaction', start)
      expect(begun).toMatchObject({ idTagInfo: { status: 'Accepted' } })
      const transactionId = begun['transactionId']
      const meterValue = [{ timestamp, sampledValue: [{ value: '200' }] }]
      const values = { connectorId: 1, transactionId, meterValue }
      expect(await unset.call('MeterValues', values)).toEqual({})
      const stop = { transactionId, meterStop: 300, timestamp }
      expect(await unset.call('StopTransaction', stop)).not.toBeUndefined()
    },
  )

  test('the same start under the same or a new message id is one transaction', async () => {
    const own = await fresh()
    const stutter = await connectRaw(node.url, own)
    const start = { connectorId: 1, idTag: card, meterStart: 100, timestamp: now() }
    const first = await stutter.call('StartTransaction', start, 'a')
    expect(await stutter.call('StartTransaction', start, 'b')).toEqual(first)
    const again = await connectRaw(node.url, own)
    expect(await again.call('StartTransaction', start, 'a')).toEqual(first)
    expect(await openTransactions(node.db, own.station.id)).toHaveLength(1)
  })

  test('a stop without its number ends the one transaction that fits, once', async () => {
    const own = await fresh()
    const forgetful = await connectRaw(node.url, own)
    const id = await startCharging(forgetful)
    for (const transactionId of [0, -1, id])
      await forgetful.call('StopTransaction', {
        transactionId,
        idTag: card,
        meterStop: 1_500,
        timestamp: now(),
      })
    const transaction = await stationTransaction(node.db, own.station.id, String(id))
    expect(transaction?.meterStopWh).toBe('1500')
    expect(await cdrsOfSession(node.db, transaction?.sessionId ?? '')).toHaveLength(1)
  })

  test('a transaction number of another charger stops nothing', async () => {
    const victim = await fresh()
    const id = await startCharging(await connectRaw(node.url, victim))
    const stranger = await connectRaw(node.url, await fresh())
    await stranger.call('StopTransaction', { transactionId: id, meterStop: 9, timestamp: now() })
    expect(await openTransactions(node.db, victim.station.id)).toHaveLength(1)
  })

  test('meter values without a number belong to the transaction that holds the connector', async () => {
    const own = await fresh()
    const anonymous = await connectRaw(node.url, own)
    const id = await startCharging(anonymous)
    await anonymous.call('MeterValues', {
      connectorId: 1,
      meterValue: [{ timestamp: now(), sampledValue: [{ value: '1200' }] }],
    })
    await anonymous.call('StopTransaction', { transactionId: id, timestamp: now() })
    const transaction = await stationTransaction(node.db, own.station.id, String(id))
    // No register in the stop: the last reading is the end.
    expect(transaction?.meterStopWh).toBe('1200')
  })

  test('a charger that never reports its connector does not keep it occupied after the session', async () => {
    const own = await fresh()
    const silent = await connectRaw(node.url, own)
    const id = await startCharging(silent)
    const place = async () => (await chargerOfEvse(node.db, own.evseId))?.status
    await expect.poll(place).toBe('CHARGING')
    await silent.call('StopTransaction', { transactionId: id, meterStop: 2_000, timestamp: now() })
    await expect.poll(place).toBe('AVAILABLE')
  })

  test('an unknown card is Invalid; its transaction has a number and no session', async () => {
    const own = await fresh()
    const guest = await connectRaw(node.url, own)
    const answer = await guest.call('StartTransaction', {
      connectorId: 1,
      idTag: 'NOBODY',
      meterStart: 1,
      timestamp: now(),
    })
    expect(answer).toMatchObject({ idTagInfo: { status: 'Invalid' } })
    const id = Number(answer['transactionId'])
    await guest.call('StopTransaction', { transactionId: id, meterStop: 900, timestamp: now() })
    const transaction = await stationTransaction(node.db, own.station.id, String(id))
    expect(transaction).toMatchObject({ origin: 'unknown', meterStopWh: '900' })
    expect(await cdrsOfSession(node.db, transaction?.sessionId ?? '')).toEqual([])
  })
})
