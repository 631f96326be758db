/** Signed meter values in the Open Charge Metering Format: what a record states, before anybody asks who signed it. */
import { z } from 'zod'
import { formatInstant, parseInstant } from '../rating/clock.ts'
import { bytesOfHex, hexOfBase64, hexOfText } from './key.ts'

/** A text or a number of JSON. A text that never ends is one piece: else each quote within it would be tried again. */
export const jsonPiece = /("(?:[^"\\]|\\[^])*"?)|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)/g

/** Numbers of a payload as text, digit for digit: 62500.1270 has no exact floating-point form. */
const withNumbersAsText = (json: string): string =>
  json.replaceAll(jsonPiece, (found, text: string | undefined) => text ?? `"${found}"`)

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

export type OcmfReading = {
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
