// What every edition of OCPI has alike on the wire: what we forgive, the envelope, and how the editions are listed.
import { z } from 'zod'

// ── Tolerance ───────────────────────────────────────────────────────────────────────────────────────────────────

const instantPattern =
  /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?)(?:[.,](\d+))?\s*(Z|[+-]\d\d:?\d\d)?$/i

const earliestMs = Date.UTC(1970, 0, 1)

/**
 * OCPI 2.2.1 §16.4 DateTime: UTC, with or without the Z. Peers also send offsets, blanks, micro- and nanoseconds;
 * all become `2026-11-21T10:15:00.000Z`. Undefined when it is no instant.
 */
export function instantOf(text: string): string | undefined {
  const [, date, time, fraction, zone] = instantPattern.exec(text.trim()) ?? []
  if (date === undefined || time === undefined) return undefined
  const seconds = time.length === 5 ? `${time}:00` : time
  const milliseconds = (fraction ?? '').padEnd(3, '0').slice(0, 3)
  const parsed = Date.parse(`${date}T${seconds}.${milliseconds}${(zone ?? 'Z').toUpperCase()}`)
  // No charge is of before OCPI was; years such as 0000 are no database's either.
  return parsed >= earliestMs ? new Date(parsed).toISOString() : undefined
}

/** Deeper than anything OCPI nests; more is an attack on our stack. */
const depthMax = 64

/**
 * Drops null members at every depth: py-ocpi and others write null where the field should be left out. Takes out what
 * no database text can hold, too (NUL and lone surrogates). Throws `RangeError` on absurd nesting.
 */
export function withoutNulls(value: unknown, depth = 0): unknown {
  if (depth > depthMax) throw new RangeError(`nested deeper than ${depthMax} levels`)
  if (typeof value === 'string') return storable(value)
  if (Array.isArray(value)) {
    return value.filter((item) => item !== null).map((item) => withoutNulls(item, depth + 1))
  }
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== null)
      .map(([name, member]) => [storable(name), withoutNulls(member, depth + 1)]),
  )
}

const storable = (text: string) =>
  text.replaceAll(/\0/g, '').replaceAll(/\p{Surrogate}/gu, '\ufffd')

/** 15 digits before the point, and as many after it as anybody measures. */
const plainPattern = /^-?(?:0|[1-9]\d{0,14})(?:\.\d{1,18})?$/
const numberPattern = /^([+-]?)(\d*)(?:[.,](\d*))?(?:e([+-]?\d{1,2}))?$/i

/**
 * A number as plain decimal text: peers print exponents, commas, leading zeros, signs and a trailing point. What goes
 * beyond 18 decimals is cut. Undefined when it is no number that we hold.
 */
export function plainDecimal(text: string): string | undefined {
  const [, sign, whole = '', fraction = '', exponent = '0'] = numberPattern.exec(text.trim()) ?? []
  if (sign === undefined || whole + fraction === '') return undefined
  const point = whole.length + Number(exponent)
  const digits = `${'0'.repeat(Math.max(0, -point))}${whole}${fraction}`
  const at = Math.max(0, point)
  const before = digits
    .slice(0, at)
    .padEnd(at, '0')
    .replace(/^0+(?=\d)/, '')
  const after = digits.slice(at, at + 18).replace(/0+$/, '')
  const plain = `${before === '' ? '0' : before}${after === '' ? '' : `.${after}`}`
  const signed = sign === '-' && /[1-9]/.test(plain) ? `-${plain}` : plain
  return plainPattern.test(signed) ? signed : undefined
}

/** A list of one where a single object is due (a known habit of py-ocpi). */
export function unwrapSingle(value: unknown): unknown {
  return Array.isArray(value) && value.length === 1 ? value[0] : value
}

/** CiString (§16.1): compared without regard to case, kept as first written. */
export const sameCi = (a: string, b: string) => a.toLowerCase() === b.toLowerCase()

export const zInstantIn = z.string().transform((text, context) => {
  const instant = instantOf(text)
  if (instant !== undefined) return instant
  context.addIssue({ code: 'custom', message: 'must be an RFC 3339 date and time in UTC' })
  return z.NEVER
})
export const zUpper = z
  .string()
  .trim()
  .max(64)
  .transform((word) => word.toUpperCase())

// ── Envelope and versions ─────────────────────────────────────────────────────────────────────────────────────

export const zEnvelopeIn = z.looseObject({
  data: z.unknown().optional(),
  status_code: z.coerce.number().int(),
  status_message: z.string().nullish(),
})

export const zVersionsIn = z.array(z.looseObject({ version: z.string(), url: z.string() }))

/** §6.2: `role` may be missing or of another case; we look endpoints up without regard to it. */
export const zVersionDetailsIn = z.looseObject({
  version: z.string().optional(),
  endpoints: z.array(
    z.looseObject({ identifier: z.string(), role: zUpper.default(''), url: z.string() }),
  ),
})
