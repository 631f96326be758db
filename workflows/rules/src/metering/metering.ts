/**
 * Signed meter values in the Open Charge Metering Format: what a record states, whether the meter's own key signed it,
 * and the energy between its first and its last reading. The key always comes from the register, never from a record.
 */
import { z } from 'zod'
import { type MeterCurve, meterCurves } from '@chargelane/openapi/vocabulary/meter'
import type { Decimal } from '@chargelane/openapi/vocabulary/money'
import type { UsageRecord } from '@chargelane/openapi/vocabulary/usage'
import {
  compareExact,
  type Exact,
  exact,
  exactOf,
  format,
  minus,
  ratioOf,
  times,
  zero,
} from '../exact.ts'
import { formatInstant, microsPerSecond, parseInstant } from '../rating/clock.ts'
import { energyOf } from '../rating/usage.ts'

// ── Keys ────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Curves of OCMF's signature algorithms: DER of the object identifier, and bytes of one coordinate. */
const curves = {
  secp192k1: { oid: '06052b8104001f', size: 24 },
  secp192r1: { oid: '06082a8648ce3d030101', size: 24 },
  secp256k1: { oid: '06052b8104000a', size: 32 },
  secp256r1: { oid: '06082a8648ce3d030107', size: 32 },
  brainpoolP256r1: { oid: '06092b2403030208010107', size: 32 },
  secp384r1: { oid: '06052b81040022', size: 48 },
  brainpoolP384r1: { oid: '06092b240303020801010b', size: 48 },
  secp521r1: { oid: '06052b81040023', size: 66 },
} as const satisfies Record<MeterCurve, { oid: string; size: number }>

/** A meter's public key: SubjectPublicKeyInfo in lower-case hex, and the curve it says. */
export type MeterKey = { curve: MeterCurve; spki: string }

/** `id-ecPublicKey`, RFC 5480 §2.1.1. */
const ecPublicKey = '06072a8648ce3d0201'

function der(tag: string, hex: string): string {
  const bytes = hex.length / 2
  const length = bytes.toString(16).padStart(2, '0')
  return `${tag}${bytes < 128 ? length : `81${length}`}${hex}`
}

const spkiOf = (curve: MeterCurve, point: string): string =>
  der('30', der('30', `${ecPublicKey}${curves[curve].oid}`) + der('03', `0004${point}`))

const toHex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')

/** Bytes of hex text; the caller has checked that it is some. */
export const bytesOfHex = (hex: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))

function hexOfText(text: string): string | undefined {
  const packed = text.replaceAll(/\s/g, '')
  if (/^(?:[0-9a-f]{2})+$/i.test(packed)) return packed.toLowerCase()
  return hexOfBase64(packed)
}

function hexOfBase64(text: string): string | undefined {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return undefined
  try {
    return toHex(Uint8Array.from(atob(text), (char) => char.charCodeAt(0)))
  } catch {
    return undefined
  }
}

/**
 * Reads a public key as makers print it: hex or base64, SubjectPublicKeyInfo or the bare point X‖Y with or without its
 * leading 04. A bare point does not say its curve; without `curve` it is read as secp256r1, OCMF's default.
 */
export function readMeterKey(
  text: string,
  curve?: MeterCurve,
): { ok: true; key: MeterKey } | { ok: false; message: string } {
  const hex = hexOfText(text)
  if (hex === undefined) return { ok: false, message: 'is neither hex nor base64' }
  for (const name of meterCurves) {
    const { size } = curves[name]
    const point = hex.slice(-4 * size)
    if (point.length !== 4 * size || hex !== spkiOf(name, point)) continue
    return curve === undefined || curve === name
      ? { ok: true, key: { curve: name, spki: hex } }
      : { ok: false, message: `is a key on ${name}, not on ${curve}` }
  }
  const named = curve ?? 'secp256r1'
  const digits = 4 * curves[named].size
  const point = hex.length === digits + 2 && hex.startsWith('04') ? hex.slice(2) : hex
  return point.length === digits
    ? { ok: true, key: { curve: named, spki: spkiOf(named, point) } }
    : { ok: false, message: `is no public key on ${meterCurves.join(', ')}` }
}

// ── The record ──────────────────────────────────────────────────────────────────────────────────────────────────

/** Numbers of a payload as text, digit for digit: 62500.1270 has no exact floating-point form. */
const withNumbersAsText = (json: string): string =>
  json.replaceAll(
    // A text that never ends is taken whole, once: else each quote within it would be tried again.
    /("(?:[^"\\]|\\[^])*"?)|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)/g,
    (found, text: string | undefined) => text ?? `"${found}"`,
  )

const zShort = z.string().max(250)
const zReading = z.looseObject({
  TM: zShort.optional(),
  TX: zShort.nullish(),
  RV: zShort.optional(),
  RI: zShort.optional(),
  RU: zShort.optional(),
  ST: zShort.optional(),
  EF: zShort.optional(),
})
const zPayload = z.looseObject({
  PG: zShort.optional(),
  MS: zShort.optional(),
  GS: zShort.optional(),
  RD: z.array(zReading).min(1).max(1_000),
})
const zSignature = z.looseObject({
  SA: zShort.optional(),
  SE: zShort.optional(),
  SM: zShort.optional(),
  SD: z.string().max(2_000),
})

type OcmfReading = {
  /** `B` begin, `E` `L` `R` `A` `P` ends, everything else in between. */
  kind: string
  /** The meter's clock, UTC; null when it cannot be read. */
  at: string | null
  /** `U` unset, `I` informative, `S` synchronised, `R` relative to a start. */
  clock: string
  /** OBIS code as written. */
  register: string
  unit: string
  /** As written, without padding. */
  value: string
  /** The meter stands behind the value: status G and no error flag on the energy. */
  usable: boolean
}

export type OcmfRecord = {
  /** The signed bytes are exactly this text, in UTF-8. */
  payload: string
  /** As the record names it; absent means ECDSA-secp256r1-SHA256. */
  algorithm: string
  /** Signature in hex, DER. */
  signature: string
  /** Counter of the signing unit: `T12` is 12 of the transactions. Null where there is none. */
  page: { context: string; number: number } | null
  meter: string
  readings: OcmfReading[]
}

type Parsed = { ok: true; record: OcmfRecord } | { ok: false; message: string }
const unreadable = (message: string): Parsed => ({ ok: false, message })

const defaultAlgorithm = 'ECDSA-secp256r1-SHA256'

/** `2021-08-25T10:01:04,000+0200 I`: instant with offset and one letter about the clock. */
function timeOf(text: string): { at: string | null; clock: string } {
  const match =
    /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:[,.](\d{1,3}))?([+-]\d{2}):?(\d{2})\s*([A-Z]?)$/.exec(
      text.trim(),
    )
  if (match === null) return { at: null, clock: 'U' }
  const [, stamp = '', fraction = '0', hours = '', minutes = '', clock = ''] = match
  const instant = parseInstant(`${stamp}.${fraction}${hours}:${minutes}`)
  return { at: instant === undefined ? null : formatInstant(instant), clock: clock || 'U' }
}

/** A reading repeats only what differs from the one before it. */
function readingsOf(list: readonly z.infer<typeof zReading>[]): OcmfReading[] {
  let before: OcmfReading | undefined
  return list.map((raw) => {
    const time =
      raw.TM === undefined
        ? { at: before?.at ?? null, clock: before?.clock ?? 'U' }
        : timeOf(raw.TM)
    const isGood = raw.ST === undefined ? (before?.usable ?? false) : raw.ST === 'G'
    const reading: OcmfReading = {
      kind: raw.TX ?? before?.kind ?? '',
      ...time,
      register: raw.RI ?? before?.register ?? '',
      unit: raw.RU ?? before?.unit ?? '',
      value: raw.RV?.trim() ?? '',
      usable: isGood && !(raw.EF ?? '').includes('E'),
    }
    before = reading
    return reading
  })
}

function pageOf(text: string | undefined): OcmfRecord['page'] {
  const match = /^([A-Z])(\d{1,15})$/.exec(text ?? '')
  return match === null ? null : { context: match[1] ?? '', number: Number(match[2]) }
}

function parsed<T>(text: string, schema: z.ZodType<T>): T | undefined {
  try {
    const result = schema.safeParse(JSON.parse(withNumbersAsText(text)))
    return result.success ? result.data : undefined
  } catch {
    return undefined
  }
}

/** As long as a record may be (OCPI 2.2.1 §10.4.5 allows 5,000; real ones with many readings, in hex, exceed it). */
const textMax = 40_000

const isPlain = (text: string) => text.trimStart().startsWith('OCMF|')

/** Reads `OCMF|payload|signature`, or the same in base64 as OCPI asks for it, or in hex, or one inside the other. */
export function parseOcmf(given: string): Parsed {
  if (given.length > textMax) return unreadable('the record is too long')
  const once = isPlain(given) ? given : textOfCode(given)
  const text = (isPlain(once) ? once : textOfCode(once)).trim()
  const cut = text.lastIndexOf('|')
  const payload = text.slice(5, cut)
  if (!text.startsWith('OCMF|') || cut < 5) return unreadable('it is no OCMF record')
  const stated = parsed(payload, zPayload)
  if (stated === undefined) return unreadable('its payload is no OCMF payload')
  const sealed = parsed(text.slice(cut + 1), zSignature)
  if (sealed === undefined) return unreadable('its signature section cannot be read')
  const signature =
    sealed.SE === 'base64' ? hexOfBase64(sealed.SD) : (hexOnly(sealed.SD) ?? hexOfBase64(sealed.SD))
  return {
    ok: true,
    record: {
      payload,
      algorithm: sealed.SA ?? defaultAlgorithm,
      signature: signature ?? '',
      page: pageOf(stated.PG),
      meter: stated.MS ?? stated.GS ?? '',
      readings: readingsOf(stated.RD),
    },
  }
}

const hexOnly = (text: string): string | undefined =>
  /^(?:[0-9a-f]{2})+$/i.test(text) ? text.toLowerCase() : undefined

function textOfCode(text: string): string {
  const hex = hexOfText(text)
  return hex === undefined ? '' : new TextDecoder().decode(bytesOfHex(hex))
}

// ── The signature ───────────────────────────────────────────────────────────────────────────────────────────────

type EcdsaInput = {
  key: { curve: string; spki: string }
  hash: 'SHA-256' | 'SHA-384' | 'SHA-512'
  message: Uint8Array<ArrayBuffer>
  /** r‖s, each as long as a coordinate of the curve (IEEE P1363). */
  signature: Uint8Array<ArrayBuffer>
}
/** The platform's own ECDSA; undefined for a curve it does not know. */
export type Ecdsa = (input: EcdsaInput) => Promise<boolean | undefined>

const algorithmNames = new Map<string, MeterCurve>([
  ['brainpool256r1', 'brainpoolP256r1'],
  ['brainpool384r1', 'brainpoolP384r1'],
])
const hashes = new Map<string, EcdsaInput['hash']>([
  ['SHA256', 'SHA-256'],
  ['SHA384', 'SHA-384'],
  ['SHA512', 'SHA-512'],
])

function algorithmOf(name: string): { curve: MeterCurve; hash: EcdsaInput['hash'] } | undefined {
  const match = /^ECDSA-([A-Za-z0-9]+)-(SHA\d{3})$/.exec(name)
  const [, said = '', digest = ''] = match ?? []
  const curve = algorithmNames.get(said) ?? meterCurves.find((each) => each === said)
  const hash = hashes.get(digest)
  return curve === undefined || hash === undefined ? undefined : { curve, hash }
}

/**
 * SEQUENCE { r INTEGER, s INTEGER } to r‖s; undefined when it is anything else. A meter that omits the leading zero byte
 * writes a negative number (X.690 §8.3), which the public transparency software refuses as well.
 */
function pairOfDer(hex: string, size: number): string | undefined {
  const body = /^30(?:81)?([0-9a-f]{2})((?:[0-9a-f]{2})*)$/.exec(hex)
  if (body === null || Number.parseInt(body[1] ?? '', 16) * 2 !== body[2]?.length) return undefined
  let rest = body[2]
  const numbers: string[] = []
  while (rest !== '') {
    const digits = Number.parseInt(rest.slice(2, 4), 16) * 2
    const isNumber = rest.startsWith('02') && digits > 0 && rest.length >= 4 + digits
    const number = rest.slice(4, 4 + digits).replace(/^(?:00)+/, '')
    if (!isNumber || /^[89a-f]/.test(rest.slice(4)) || number.length > 2 * size) return undefined
    numbers.push(number.padStart(2 * size, '0'))
    rest = rest.slice(4 + digits)
  }
  return numbers.length === 2 ? numbers.join('') : undefined
}

/** What a record's signature says; `unsupported` is the platform's limit and no fault of the record. */
export type SignatureState = 'valid' | 'invalid' | 'unsupported'

/** Checks a record against the registered key of its meter. Never throws on a bad record. */
export async function checkSignature(
  record: OcmfRecord,
  key: MeterKey,
  ecdsa: Ecdsa,
): Promise<SignatureState> {
  const algorithm = algorithmOf(record.algorithm)
  // An algorithm the registered key cannot have made is a wrong signature, whatever the record calls it.
  if (algorithm === undefined || algorithm.curve !== key.curve) return 'invalid'
  const pair = pairOfDer(record.signature, curves[key.curve].size)
  if (pair === undefined) return 'invalid'
  const answer = await ecdsa({
    key,
    hash: algorithm.hash,
    message: new TextEncoder().encode(record.payload),
    signature: bytesOfHex(pair),
  })
  return answer === undefined ? 'unsupported' : answer ? 'valid' : 'invalid'
}

// ── The energy ──────────────────────────────────────────────────────────────────────────────────────────────────

/**
 * Registers of delivered energy by OBIS value group C.D, the one to bill first: what reached the car after losses in the
 * cable, the same of this transaction, the import register.
 */
const deliveredRegisters = ['b3.8', 'b2.8', '98.8', '1.8', 'b1.8', 'b0.8'] as const

/** `01-00:01.08.00.FF` and `1-b:1.8.0*255` are both group 1.8 and both its total, tariff 0. */
function codeOf(register: string): { group: string; tariff: string } {
  const code = /:0*([0-9a-z]+)\.0*([0-9a-z]+)(?:\.0*([0-9a-z]+))?/i
  const [, c = '', d = '', e = '0'] = code.exec(register.toLowerCase()) ?? []
  return { group: `${c}.${d}`, tariff: e }
}

const wattHourScale = new Map([
  ['wh', exactOf(1, 3)],
  ['kwh', exactOf(1)],
])
const plain = /^[+-]?\d{1,15}(?:\.\d{1,9})?$/

function kwhOf({ value, unit }: OcmfReading): Exact | undefined {
  const scale = wattHourScale.get(unit.toLowerCase())
  if (scale === undefined || !plain.test(value)) return undefined
  const [, sign = '', digits = ''] = /^([+-]?)0*(\d.*)$/.exec(value) ?? []
  return times(exact(`${sign === '-' ? '-' : ''}${digits}`), scale)
}

const endKinds = new Set(['E', 'L', 'R', 'A', 'P'])

type Register = { at: string | null; clock: string; kwh: Decimal }
type Measured =
  | { ok: true; begin: Register; end: Register; energy: Decimal }
  | { ok: false; message: string }

/**
 * The energy between the begin and the end of a transaction, in one record or in two: of one register, the total before
 * that of a tariff, and the end after the begin.
 */
function energyOfRecords(records: readonly OcmfRecord[]): Measured {
  const readings = records
    .flatMap((record) => record.readings)
    .map((reading, index) => ({ reading, index, ...codeOf(reading.register) }))
  const begins = readings
    .filter(({ reading }) => reading.kind === 'B')
    .toSorted((a, b) => Number(a.tariff !== '0') - Number(b.tariff !== '0'))
  for (const group of deliveredRegisters)
    for (const begin of begins.filter((each) => each.group === group)) {
      const end = readings.find(
        ({ reading, index, ...code }) =>
          index > begin.index &&
          endKinds.has(reading.kind) &&
          code.group === group &&
          code.tariff === begin.tariff,
      )
      if (end !== undefined) return between(begin.reading, end.reading)
    }
  const isEnded = readings.some(({ reading }) => endKinds.has(reading.kind))
  const lacks =
    begins.length === 0
      ? 'no begin'
      : isEnded
        ? 'no register of delivered energy with a begin and an end after it'
        : 'no end'
  return { ok: false, message: `the signed readings hold ${lacks}` }
}

function between(begin: OcmfReading, end: OcmfReading): Measured {
  const [from, to] = [kwhOf(begin), kwhOf(end)]
  if (from === undefined || to === undefined)
    return { ok: false, message: `a register is stated as "${begin.value}" or "${end.value}"` }
  if (!begin.usable || !end.usable)
    return { ok: false, message: 'the meter itself reports an error of its reading' }
  if (compareExact(to, from) < 0) return { ok: false, message: 'the register runs backwards' }
  const register = ({ at, clock }: OcmfReading, kwh: Exact) => ({ at, clock, kwh: format(kwh, 9) })
  return {
    ok: true,
    begin: register(begin, from),
    end: register(end, to),
    energy: format(minus(to, from), 9),
  }
}

// ── The session ─────────────────────────────────────────────────────────────────────────────────────────────────

/** `unsupported` stays undecided: the values are signed, and this platform cannot say by whom. */
export type MeterStatus = 'valid' | 'invalid' | 'missing' | 'unsupported'

export type MeterCheck = {
  status: MeterStatus
  /** Signature of each record, in the order given; `unreadable` ones are no OCMF. */
  records: (SignatureState | 'unreadable')[]
  begin: Register | null
  end: Register | null
  energy_kwh: Decimal | null
  /** What failed, in words; null when nothing did. */
  detail: string | null
  /** What a reader should know and what does not make the values void. */
  notes: string[]
}

/** How far a set meter clock may be from the session's times: an informative clock drifts, another session is hours away. */
const clockTolerance = 3_600 * microsPerSecond

function isApart(register: Register, instant: string): boolean {
  const [read, stated] = [parseInstant(register.at ?? ''), parseInstant(instant)]
  if (read === undefined || stated === undefined) return false
  return Math.abs(read - stated) > clockTolerance
}

/** A clock that was never set tells nothing, and one that runs relative to a start is worth what its start is. */
function isOfAnotherTime(begin: Register, end: Register, span: Span): boolean {
  if (begin.clock === 'U') return false
  return isApart(begin, span.started_at) || (end.clock !== 'U' && isApart(end, span.ended_at))
}

function pagesOf(records: readonly OcmfRecord[]): { fault: string | null; notes: string[] } {
  const pages = records.flatMap(({ page }) => (page === null ? [] : [page]))
  const notes = pages.length < records.length ? ['a record carries no page number'] : []
  for (const [, each] of Map.groupBy(pages, ({ context }) => context)) {
    const numbers = each.map(({ number }) => number).toSorted((a, b) => a - b)
    for (const [index, number] of numbers.entries()) {
      const before = numbers[index - 1]
      if (before === undefined) continue
      if (number === before)
        return { fault: 'two different records have the same page number', notes }
      if (number > before + 1)
        notes.push(`pages ${before + 1} to ${number - 1} of the meter were not sent`)
    }
  }
  return { fault: null, notes }
}

/** In the order they were signed: by page where all are of one counter, else by the meter's clock. */
function inOrder(records: readonly OcmfRecord[]): OcmfRecord[] {
  const contexts = new Set(records.map(({ page }) => page?.context))
  if (contexts.size === 1 && !contexts.has(undefined))
    return records.toSorted((a, b) => (a.page?.number ?? 0) - (b.page?.number ?? 0))
  const at = ({ readings: [first] }: OcmfRecord) => parseInstant(first?.at ?? '') ?? 0
  return records.toSorted((a, b) => at(a) - at(b))
}

const result = (status: MeterStatus, records: MeterCheck['records'], detail: string | null) => ({
  status,
  records,
  begin: null,
  end: null,
  energy_kwh: null,
  detail,
  notes: [],
})

type Span = { started_at: string; ended_at: string }

/** Each record once, however often and in whichever code it was sent: start and end may both be the whole transaction. */
const distinct = (records: readonly OcmfRecord[]): OcmfRecord[] => [
  ...new Map(records.map((record) => [record.payload, record])).values(),
]

/**
 * Checks everything that was signed in a session. Valid means: every record is signed by the registered key, they are
 * one meter's in order, they are of this time, and they give an energy.
 */
export async function checkMeter(input: {
  /** OCMF texts as received. */
  values: readonly string[]
  key: MeterKey
  /** The session as its record states it. */
  span: Span
  ecdsa: Ecdsa
}): Promise<MeterCheck> {
  const texts = [...new Set(input.values)]
  if (texts.length === 0) return result('missing', [], 'the record holds no signed meter value')
  const read = texts.map(parseOcmf)
  const states = await Promise.all(
    read.map((each) =>
      each.ok
        ? checkSignature(each.record, input.key, input.ecdsa)
        : Promise.resolve('unreadable' as const),
    ),
  )
  const broken = read.find((each) => !each.ok)
  if (broken !== undefined) return result('invalid', states, broken.message)
  if (states.includes('invalid'))
    return result('invalid', states, "a value is not signed by the meter's registered key")
  if (states.includes('unsupported'))
    return result('unsupported', states, `no check of a key on ${input.key.curve} here`)
  const records = inOrder(distinct(read.flatMap((each) => (each.ok ? [each.record] : []))))
  if (new Set(records.map(({ meter }) => meter)).size > 1)
    return result('invalid', states, 'the values are of different meters')
  const { fault, notes } = pagesOf(records)
  if (fault !== null) return result('invalid', states, fault)
  const measured = energyOfRecords(records)
  if (!measured.ok) return result('invalid', states, measured.message)
  const { begin, end, energy } = measured
  if (isOfAnotherTime(begin, end, input.span))
    return result('invalid', states, 'the signed readings are of another time than the session')
  if (begin.clock === 'U' || end.clock === 'U') notes.push("the meter's clock was not set")
  return { status: 'valid', records: states, begin, end, energy_kwh: energy, detail: null, notes }
}

// ── The price ───────────────────────────────────────────────────────────────────────────────────────────────────

/** Meters show hundredths of a kWh; a record may be rounded by as much and still state the signed energy. */
const roundingKwh = exact('0.01')

export function statesSignedEnergy(stated: Decimal, signed: Decimal): boolean {
  const apart = minus(exact(stated), exact(signed))
  return compareExact(apart, roundingKwh) <= 0 && compareExact(minus(zero, apart), roundingKwh) <= 0
}

/**
 * The usage with this much energy instead of its own, spread over its periods as its own was; the last takes the rest,
 * so the sum is exact. With zero it is the usage nobody measured: times as they were, no energy.
 */
export function usageWithEnergy(usage: UsageRecord, kwh: Decimal): UsageRecord {
  const own = exact(energyOf(usage))
  const target = exact(kwh)
  const last = usage.periods.findLastIndex((each) => exact(each.energy_kwh ?? '0').n !== 0n)
  let left = target
  const periods = usage.periods.map((period, index) => {
    const energy = exact(period.energy_kwh ?? '0')
    if (period.energy_kwh === undefined || energy.n === 0n) return period
    // Periods that take and feed back as much have no share to go by.
    const share = own.n === 0n ? zero : ratioOf(energy, target, own, 9)
    const part = index === last ? left : share
    left = minus(left, part)
    return { ...period, energy_kwh: format(part, 9) }
  })
  return { ...usage, periods }
}
