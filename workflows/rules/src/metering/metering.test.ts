import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type MeterCurve, meterCurves } from '@chargelane/openapi/vocabulary/meter'
import type { UsageRecord } from '@chargelane/openapi/vocabulary/usage'
import { exact, format, plus, zero } from '../exact.ts'
import {
  checkMeter,
  isKeyOnCurve,
  type MeterKey,
  readMeterKey,
  statesSignedEnergy,
  usageWithEnergy,
} from './metering.ts'
import { signedValue, testMeter } from './meter.fake.ts'
import { jsonPiece, parseOcmf } from './ocmf.ts'
import { checkSignature } from './signature.ts'

type Vector = {
  name: string
  publicKeySpkiHex: string
  ocmf: string
  verified: boolean
  tamperedVerified: boolean
}
const folder = new URL('fixtures/', import.meta.url)
const vectors = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as Vector)

function keyOf(text: string): MeterKey {
  const read = readMeterKey(text)
  if (!read.ok) throw new Error(read.message)
  return read.key
}

function recordOf(text: string) {
  const read = parseOcmf(text)
  if (!read.ok) throw new Error(read.message)
  return read.record
}

const stateOf = (text: string, key: string) => checkSignature(recordOf(text), keyOf(key))

/** One digit of the first reading's register, another one. */
const tampered = (text: string) =>
  text.replace(/("RV"\s*:\s*"?\s*)(\d)/, (_, before: string, digit: string) => {
    return `${before}${(Number(digit) + 1) % 10}`
  })

describe('signatures of real meters', () => {
  test('the fixtures are there', () => expect(vectors).toHaveLength(16))

  test.each(vectors)('$name is what four other verifiers say', (vector) => {
    const { publicKeySpkiHex: key, ocmf } = vector
    expect(stateOf(ocmf, key) === 'valid').toBe(vector.verified)
    expect(tampered(ocmf)).not.toBe(ocmf)
    expect(stateOf(tampered(ocmf), key) === 'valid').toBe(vector.tamperedVerified)
    // OCPI carries it in base64; some makers write the signature so as well.
    const asHex = Buffer.from(ocmf).toString('hex')
    for (const text of [Buffer.from(ocmf), Buffer.from(asHex)].map((it) => it.toString('base64')))
      expect(stateOf(text, key) === 'valid').toBe(vector.verified)
    const inBase64 = ocmf.replace(/"SD"\s*:\s*"([0-9A-Fa-f]+)"/, (_, hex: string) => {
      return `"SE":"base64","SD":"${Buffer.from(hex, 'hex').toString('base64')}"`
    })
    expect(stateOf(inBase64, key) === 'valid').toBe(vector.verified)
  })
})

const opensslNames: Partial<Record<MeterCurve, string>> = {
  secp192r1: 'prime192v1',
  secp256r1: 'prime256v1',
}

describe('a key', () => {
  test.each(vectors)(
    '$name: hex, base64 and the bare point are the same key',
    ({ publicKeySpkiHex }) => {
      const { curve, spki } = keyOf(publicKeySpkiHex)
      const size = { '192': 96, '256': 128, '384': 192 }[/\d{3}/.exec(curve)?.[0] ?? ''] ?? 0
      const point = spki.slice(-size)
      for (const text of [spki.toUpperCase(), Buffer.from(spki, 'hex').toString('base64')])
        expect(readMeterKey(text)).toEqual({ ok: true, key: { curve, spki } })
      for (const text of [point, `04${point}`, Buffer.from(point, 'hex').toString('base64')])
        expect(readMeterKey(text, curve)).toEqual({ ok: true, key: { curve, spki } })
    },
  )

  test.each(meterCurves)('on %s is read as OpenSSL writes it', (curve) => {
    const namedCurve = opensslNames[curve] ?? curve
    const { publicKey } = generateKeyPairSync('ec', { namedCurve })
    const spki = publicKey.export({ type: 'spki', format: 'der' })
    expect(readMeterKey(spki.toString('hex'))).toMatchObject({ ok: true, key: { curve } })
  })

  test.each(['', 'zz', 'abcd', '00'.repeat(90), 'a'.repeat(5_000), 'ööö'])(
    'is refused when it is %j',
    (text) => expect(readMeterKey(text).ok).toBe(false),
  )

  test('of another curve than it is said to be is refused', () => {
    const { publicKeySpkiHex } = vectors[0] ?? { publicKeySpkiHex: '' }
    expect(readMeterKey(publicKeySpkiHex, 'secp384r1')).toMatchObject({ ok: false })
  })
})

const vector = (name: string) => recordOf(vectors.find((each) => each.name === name)?.ocmf ?? '')

describe('a signature on a curve', () => {
  const message = 'the payload, signed'
  const payload = { ...vector('p256-vw'), payload: message }
  test.each(
    meterCurves.flatMap((curve) =>
      (['SHA256', 'SHA384', 'SHA512'] as const).map((hash) => [curve, hash] as const),
    ),
  )('%s by OpenSSL with %s is valid, and of another text or key it is not', (curve, hash) => {
    const namedCurve = opensslNames[curve] ?? curve
    const [own, other] = [0, 1].map(() => generateKeyPairSync('ec', { namedCurve }))
    const keys = [own, other].map((pair) =>
      keyOf(pair!.publicKey.export({ type: 'spki', format: 'der' }).toString('hex')),
    )
    expect(keys.map(isKeyOnCurve)).toEqual([true, true])
    const signature = sign(hash, Buffer.from(message), own!.privateKey).toString('hex')
    const record = { ...payload, algorithm: `ECDSA-${curve}-${hash}`, signature }
    expect(checkSignature(record, keys[0]!)).toBe('valid')
    expect(checkSignature({ ...record, payload: `${message}.` }, keys[0]!)).toBe('invalid')
    expect(checkSignature(record, keys[1]!)).toBe('invalid')
    const spki = keys[0]!.spki
    const off = { curve, spki: `${spki.slice(0, -2)}${spki.endsWith('00') ? '01' : '00'}` }
    expect(isKeyOnCurve(off)).toBe(false)
    expect(checkSignature(record, off)).toBe('invalid')
  })
})

describe('what a record states', () => {
  test('numbers, text and padded text are read digit for digit', () => {
    expect(vector('p256-measurement-000').readings.map(({ value }) => value)).toEqual([
      '62500.1270',
      '62500.1271',
    ])
    expect(vector('k256-pair-begin').readings[0]?.value).toBe('9.038')
    expect(vector('isa-rawkey-import-export').readings[0]?.value).toBe('00000000.000')
  })

  test('times keep what the clock is worth', () => {
    expect(vector('ebee-p256-begin').readings[0]).toMatchObject({
      at: '2021-08-25T08:01:04.000Z',
      clock: 'I',
    })
    expect(vector('keba-p256-series-099').readings[0]?.clock).toBe('U')
  })

  test('a reading repeats only what differs', () => {
    expect(vector('p256-vw').readings.map(({ kind, register }) => `${kind} ${register}`)).toEqual([
      'B 1-0:1.8.0',
      'B 1-0:2.8.0',
      'E 1-0:1.8.0',
      'E 1-0:2.8.0',
    ])
  })

  test('a reading the meter itself calls faulty is not usable', () => {
    expect(vector('p256-pair-end').readings[0]).toMatchObject({ usable: false })
  })

  test('anything else is an answer and no exception', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map((text) => `OCMF|${text}|{}`),
        ),
        (text) => {
          expect(typeof parseOcmf(text).ok).toBe('boolean')
        },
      ),
    )
  })
})

const span = { started_at: '2026-11-21T10:00:00.000Z', ended_at: '2026-11-21T10:30:00.000Z' }
const meter = testMeter()
const check = (values: string[], key = meter.key) => checkMeter({ values, key, span })
const reading = (kind: string, kwh: string, at: string) => ({ kind, kwh, at })
const begin = reading('B', '100.0000', span.started_at)
const end = reading('E', '120.2500', span.ended_at)

describe('the values of a session', () => {
  test('in one record or in two give the energy between them', () => {
    const one = check([signedValue(meter, 7, [begin, end])])
    expect(one).toMatchObject({ status: 'valid', energy_kwh: '20.25', notes: [] })
    const pair = [signedValue(meter, 7, [begin]), signedValue(meter, 8, [end])]
    expect(check(pair)).toMatchObject({ status: 'valid', energy_kwh: '20.25', notes: [] })
    expect(check(pair.toReversed())).toMatchObject({ status: 'valid', energy_kwh: '20.25' })
  })

  test('real ones of VW: 1.101 kWh, the export register beside it left alone', () => {
    const vw = vectors.find(({ name }) => name === 'p256-vw')
    const at = { started_at: '2021-10-06T11:13:56.000Z', ended_at: '2021-10-06T11:15:13.000Z' }
    const checked = checkMeter({
      values: [vw?.ocmf ?? ''],
      key: keyOf(vw?.publicKeySpkiHex ?? ''),
      span: at,
    })
    expect(checked).toMatchObject({
      status: 'valid',
      energy_kwh: '1.101',
      begin: { kwh: '57.584' },
    })
  })

  test('none are missing', () => {
    expect(check([])).toMatchObject({ status: 'missing', energy_kwh: null })
  })

  test('a page that was not sent is noted, the same page twice is a fault', () => {
    const gap = check([signedValue(meter, 7, [begin]), signedValue(meter, 10, [end])])
    expect(gap).toMatchObject({
      status: 'valid',
      notes: ['pages 8 to 9 of the meter were not sent'],
    })
    const twice = check([signedValue(meter, 7, [begin]), signedValue(meter, 7, [end])])
    expect(twice).toMatchObject({ status: 'invalid' })
  })

  test('of one register only, the total before a tariff of it', () => {
    const tariffs = signedValue(meter, 7, [
      { ...reading('B', '1', span.started_at), register: '1-b:1.8.1' },
      { ...begin, register: '1-b:1.8.0' },
      { ...end, register: '1-b:1.8.0' },
      { ...reading('E', '2', span.ended_at), register: '1-b:1.8.1' },
    ])
    expect(check([tariffs])).toMatchObject({ status: 'valid', energy_kwh: '20.25' })
  })

  test('sent twice, in another code or signed again, are one record', () => {
    const text = signedValue(meter, 7, [begin, end])
    const again = signedValue(meter, 7, [begin, end])
    expect(again).not.toBe(text)
    const coded = Buffer.from(text).toString('base64')
    const checked = check([text, `${text} `, coded, again])
    expect(checked).toMatchObject({ status: 'valid', energy_kwh: '20.25', notes: [] })
  })

  test('of a clock that was never set are of any time, and it is noted', () => {
    const at = '1970-01-01T00:10:00.000Z'
    const text = signedValue(meter, 7, [
      { ...begin, at, clock: 'U' },
      { ...end, at, clock: 'R' },
    ])
    const notes = ["the meter's clock was not set"]
    expect(check([text])).toMatchObject({ status: 'valid', notes })
  })

  test('that never end are read in one pass', () => {
    const endless = `"${String.raw`\"`.repeat(19_000)}`
    // As many pieces as there are quotes would be read from each of them to the end again.
    expect([...endless.matchAll(jsonPiece)].map(([piece]) => piece.length)).toEqual([38_001])
    expect(check([`OCMF|${endless}|{}`]).status).toBe('invalid')
  })

  const other = testMeter()
  const relative = { clock: 'R', at: '2026-11-20T10:00:00.000Z' }
  test.each([
    [
      'ended before they began',
      [
        signedValue(meter, 4, [reading('E', '160', span.started_at)]),
        signedValue(meter, 5, [reading('B', '101', span.ended_at)]),
      ],
      'a begin and an end after it',
    ],
    [
      'begun on one register and ended on another',
      [
        signedValue(meter, 7, [
          { ...begin, register: '1-b:1.8.1' },
          { ...end, register: '1-b:1.8.2' },
        ]),
      ],
      'a begin and an end after it',
    ],
    ...['constructor', '__proto__', 'toString'].map((unit): [string, string[], string] => [
      `in the unit ${unit}`,
      [signedValue(meter, 7, [{ ...begin, unit }, end])],
      'a register is stated as',
    ]),
    [
      'with a page of a counter beside another of the same number',
      [
        signedValue(meter, 'T1', [begin]),
        signedValue(meter, 'F1', [begin]),
        signedValue(meter, 'T1', [end]),
      ],
      'same page number',
    ],
    [
      'of another day by a clock that runs from its start',
      [
        signedValue(meter, 7, [
          { ...begin, ...relative },
          { ...end, ...relative },
        ]),
      ],
      'another time',
    ],
    ['one digit changed', [tampered(signedValue(meter, 7, [begin, end]))], 'registered key'],
    ['of another meter', [signedValue(other, 7, [begin, end])], 'registered key'],
    ['cut off', [signedValue(meter, 7, [begin, end]).slice(0, 90)], 'OCMF'],
    ['without an end', [signedValue(meter, 7, [begin])], 'no end'],
    ['without a begin', [signedValue(meter, 7, [end])], 'no begin'],
    [
      'running backwards',
      [signedValue(meter, 7, [begin, reading('E', '99.9', span.ended_at)])],
      'backwards',
    ],
    [
      'of yesterday’s session',
      [
        signedValue(meter, 7, [
          reading('B', '100', '2026-11-20T10:00:00.000Z'),
          reading('E', '120', '2026-11-20T10:30:00.000Z'),
        ]),
      ],
      'another time',
    ],
    ['a real one with a fault flag', [signedValue(meter, 7, [begin, end], 'E')], 'error'],
    [
      'one good value beside a bad one',
      [signedValue(meter, 7, [begin, end]), 'OCMF|{}|{}'],
      'OCMF',
    ],
  ])('%s are invalid', (_, values, why) => {
    const checked = check(values)
    expect(checked).toMatchObject({ status: 'invalid', energy_kwh: null })
    expect(checked.detail).toContain(why)
  })

  test('signed with an algorithm the registered key cannot have made are invalid', () => {
    const text = signedValue(meter, 7, [begin, end]).replace('secp256r1', 'secp256k1')
    expect(check([text])).toMatchObject({ status: 'invalid', records: ['invalid'] })
  })

  test('the fake meter signs as OpenSSL does', () => {
    const key = createPrivateKey(meter.pem)
    const spki = createPublicKey(key).export({ type: 'spki', format: 'der' }).toString('hex')
    expect(meter.key.spki).toBe(spki)
    expect(sign('sha256', Buffer.from('x'), key).length).toBeGreaterThan(60)
  })
})

const usageOf = (energies: (string | undefined)[]) => ({
  ...span,
  time_zone: 'Europe/Berlin',
  periods: energies.map((energy, index) => ({
    start: `2026-11-21T10:${String(index).padStart(2, '0')}:00.000Z`,
    end: `2026-11-21T10:${String(index + 1).padStart(2, '0')}:00.000Z`,
    charging: true,
    ...(energy === undefined ? {} : { energy_kwh: energy }),
  })),
})

const blank = (usage: UsageRecord) =>
  usage.periods.map((each) => ({ ...each, energy_kwh: each.energy_kwh && '' }))

describe('usage at another energy', () => {
  const energy = fc
    .integer({ min: -99_999_999, max: 99_999_999 })
    .map((wh) => format(exact(String(wh)), 0))
  test('sums to it exactly, keeps every period’s times and states none where there was none', () => {
    fc.assert(
      fc.property(
        fc.array(fc.option(energy, { nil: undefined }), { minLength: 1, maxLength: 20 }),
        energy,
        (energies, target) => {
          const before = usageOf(energies)
          const after = usageWithEnergy(before, target)
          const total = after.periods.reduce(
            (sum, each) => plus(sum, exact(each.energy_kwh ?? '0')),
            zero,
          )
          const hadSome = energies.some((each) => each !== undefined && each !== '0')
          expect(format(total)).toBe(hadSome ? format(exact(target)) : '0')
          expect(blank(after)).toEqual(blank(before))
        },
      ),
    )
  })

  test('a hundredth of a kWh is rounding, more is another energy', () => {
    expect(statesSignedEnergy('20.25', '20.2549')).toBe(true)
    expect(statesSignedEnergy('20.26', '20.2499')).toBe(false)
    expect(statesSignedEnergy('20.2', '20.25')).toBe(false)
  })
})
