/** How OCPI is forgiven what peers write otherwise, and the price-bearing part of its records read into our words. */
import { z } from 'zod'
import type { Decimal } from '@chargelane/openapi/vocabulary/money'
import type { Tariff } from '@chargelane/openapi/vocabulary/tariff'
import type { UsageRecord } from '@chargelane/openapi/vocabulary/usage'
import { canonicalHash } from '../evidence/canonical/digest.ts'
import { exact, format, plus } from '../exact.ts'
import { canonicalTariff } from '../rating/tariff.ts'
import { energyOf, usageFromCdr } from '../rating/usage.ts'
import type { CdrClaim, CostDimension } from './public-price.ts'

/* oxlint-disable no-restricted-globals -- dates are read from texts here, and no clock */
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

/* oxlint-enable no-restricted-globals */

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

/** OCPI 2.2.1 §16.2 number, as decimal text: floats never carry energy or money further. */
export const zNumberIn = z.union([z.number(), z.string()]).transform((value, context) => {
  const text = plainDecimal(String(value))
  if (text !== undefined) return text
  context.addIssue({ code: 'custom', message: 'must be a decimal number' })
  return z.NEVER
})

/** A volume within a record, which the rating checks: as decimal text where it is a number. */
const zVolumeIn = z
  .unknown()
  .transform((value) => (typeof value === 'string' ? (plainDecimal(value) ?? value) : value))

// ── Records ─────────────────────────────────────────────────────────────────────────────────────────────────────

const zTaxed = z.looseObject({
  before_taxes: zNumberIn,
  taxes: z.array(z.looseObject({ amount: zNumberIn })).optional(),
})

/** OCPI 2.1.1 has a number, without VAT, for a price; 2.3.0 §16.5 has the amount before taxes, and each tax beside it. */
function priceOf(value: unknown): unknown {
  if (typeof value === 'number' || typeof value === 'string') return { excl_vat: value }
  const told = zTaxed.safeParse(value)
  if (!told.success) return value
  const { before_taxes: net, taxes = [] } = told.data
  const gross = taxes.reduce((sum, { amount }) => plus(sum, exact(amount)), exact(net))
  // Whoever names no tax has not said that there is none.
  return { ...told.data, excl_vat: net, ...(taxes.length === 0 ? {} : { incl_vat: format(gross) }) }
}

const zPriceIn = z.preprocess(
  priceOf,
  z.looseObject({ excl_vat: zNumberIn, incl_vat: zNumberIn.optional() }),
)

/** What a record says beside its total; whatever of it cannot be read says nothing. */
const zCostIn = z.preprocess(
  priceOf,
  z
    .looseObject({ excl_vat: zNumberIn.optional().catch(undefined) })
    .optional()
    .catch(undefined),
)

/** OCPI 2.2.1 §10.4.4, §10.4.5; anything else holds no signed value. */
const zSignedDataIn = z
  .looseObject({
    signed_values: z.array(z.looseObject({ signed_data: z.string() })).max(1_000),
  })
  .optional()
  .catch(undefined)

/** OCPI 2.1.1 calls the end of a record `stop_date_time`; all else of it is read as of the later editions. */
export function endNamed(record: unknown): unknown {
  const read = z.looseObject({ stop_date_time: z.string() }).safeParse(record)
  if (!read.success || read.data['end_date_time'] !== undefined) return record
  return { ...read.data, end_date_time: read.data.stop_date_time }
}

/** OCPI 2.2.1 §10.3.1, all that a price follows from. */
export const zRecordIn = z.looseObject({
  start_date_time: zInstantIn,
  end_date_time: zInstantIn,
  currency: zUpper,
  charging_periods: z
    .array(
      z.looseObject({
        start_date_time: zInstantIn,
        dimensions: z
          .array(z.looseObject({ volume: zVolumeIn }))
          .optional()
          .catch(undefined),
        tariff_id: z.string().max(40).optional().catch(undefined),
      }),
    )
    .default([]),
  tariffs: z.array(z.unknown()).optional().catch(undefined),
  total_cost: zPriceIn,
  total_fixed_cost: zCostIn,
  total_energy_cost: zCostIn,
  total_time_cost: zCostIn,
  total_parking_cost: zCostIn,
  total_reservation_cost: zCostIn,
  total_parking_time: zNumberIn.optional().catch(undefined),
  total_energy: zNumberIn,
  signed_data: zSignedDataIn,
})
export type OcpiRecord = z.infer<typeof zRecordIn>

export type ReadRecord = {
  usage: UsageRecord
  claim: CdrClaim
  /** The tariff it embeds; null where it embeds none, or none that can be read. */
  tariff: Tariff | null
  /** What the meter signed, as received. */
  signed_values: string[]
}

function embeddedTariff({ tariffs }: OcpiRecord): Tariff | null {
  const read = tariffs?.[0] === undefined ? undefined : canonicalTariff(tariffs[0])
  return read?.ok === true ? read.tariff : null
}

const costFields = {
  FLAT: 'total_fixed_cost',
  ENERGY: 'total_energy_cost',
  TIME: 'total_time_cost',
  PARKING_TIME: 'total_parking_cost',
  RESERVATION: 'total_reservation_cost',
} as const satisfies Record<CostDimension, keyof OcpiRecord>

const isCostDimension = (name: string): name is CostDimension => Object.hasOwn(costFields, name)

/** Totals, costs per dimension and the tariffs named, where the record states them as numbers we can hold. */
function claimOf(record: OcpiRecord, tariffHash: string | null, energyKwh: Decimal): CdrClaim {
  const costs: NonNullable<CdrClaim['costs']> = {}
  for (const [dimension, field] of Object.entries(costFields)) {
    const stated = record[field]?.excl_vat
    if (stated !== undefined && isCostDimension(dimension)) costs[dimension] = stated
  }
  const tariffIds = [...new Set(record.charging_periods.flatMap((each) => each.tariff_id ?? []))]
  return {
    currency: record.currency,
    total_excl_vat: record.total_cost.excl_vat,
    total_incl_vat: record.total_cost.incl_vat ?? null,
    tariff_hash: tariffHash,
    total_energy_kwh: energyKwh,
    ...(Object.keys(costs).length === 0 ? {} : { costs }),
    ...(record.total_parking_time === undefined
      ? {}
      : { total_parking_time_h: record.total_parking_time }),
    ...(tariffIds.length === 0 ? {} : { tariff_ids: tariffIds.slice(0, 50) }),
  }
}

/** A record in our words. Its times are read in the zone of its EVSE, which moves no period. */
export function readRecord(
  record: OcpiRecord,
  timeZone: string,
): { ok: true; record: ReadRecord } | { ok: false; message: string } {
  const read = usageFromCdr(record, timeZone)
  if (!read.ok)
    return {
      ok: false,
      message: read.problems.map(({ path, message }) => `${path}: ${message}`).join('; '),
    }
  const tariff = embeddedTariff(record)
  const hash = tariff === null ? null : canonicalHash(tariff)
  return {
    ok: true,
    record: {
      usage: read.usage,
      claim: claimOf(record, hash, energyOf(read.usage)),
      tariff,
      signed_values: record.signed_data?.signed_values.map((each) => each.signed_data) ?? [],
    },
  }
}
