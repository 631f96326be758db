/** What an operator's record asks and how it says that it was priced. */
import type { CdrRow } from '@chargelane/db/queries/sessions/cdrs'
import { zDecimal } from '@chargelane/openapi/vocabulary/money'
import type { Tariff } from '@chargelane/openapi/vocabulary/tariff'
import { z } from 'zod'
import { money, toDecimal } from '@chargelane/rules/money'
import type { CdrClaim } from '@chargelane/rules/record/public-price'
import { hashTariff } from '@chargelane/rules/quote'
import { canonicalTariff } from '@chargelane/rules/rating'
import { energyOf } from '@chargelane/rules/rating/usage'

const zPrice = z.looseObject({ excl_vat: z.union([z.number(), z.string()]).optional() })
/** What of a record as received says how its CPO priced it; whatever cannot be read says nothing. */
const zPricedRecord = z.looseObject({
  tariffs: z.array(z.unknown()).optional().catch(undefined),
  charging_periods: z
    .array(z.looseObject({ tariff_id: z.string().max(40).optional() }))
    .optional()
    .catch(undefined),
  total_fixed_cost: zPrice.optional().catch(undefined),
  total_energy_cost: zPrice.optional().catch(undefined),
  total_time_cost: zPrice.optional().catch(undefined),
  total_parking_cost: zPrice.optional().catch(undefined),
  total_reservation_cost: zPrice.optional().catch(undefined),
  total_parking_time: z.union([z.number(), z.string()]).optional().catch(undefined),
})
type PricedRecord = z.infer<typeof zPricedRecord>

const costFields = [
  ['FLAT', 'total_fixed_cost'],
  ['ENERGY', 'total_energy_cost'],
  ['TIME', 'total_time_cost'],
  ['PARKING_TIME', 'total_parking_cost'],
  ['RESERVATION', 'total_reservation_cost'],
] as const

/** The record's own costs per dimension, where it states them as numbers we can hold. */
function costsOf(record: PricedRecord): NonNullable<CdrClaim['costs']> {
  const costs: NonNullable<CdrClaim['costs']> = {}
  for (const [dimension, field] of costFields) {
    const stated = zDecimal.safeParse(String(record[field]?.excl_vat))
    if (stated.success) costs[dimension] = stated.data
  }
  return costs
}

type Claim = { claim: CdrClaim; embedded: Tariff | undefined }

/** Totals, costs per dimension and the tariff named or embedded, of a record as it is stored. */
export function claimOf(cdr: CdrRow): Claim {
  const raw: unknown = JSON.parse(cdr.raw)
  const parsed = zPricedRecord.safeParse(raw)
  const record: PricedRecord = parsed.success && cdr.source === 'ocpi' ? parsed.data : {}
  const read = record.tariffs?.[0] === undefined ? undefined : canonicalTariff(record.tariffs[0])
  const embedded = read?.ok === true ? read.tariff : undefined
  const decimal = (minor: number | null) =>
    minor === null ? null : toDecimal(money(minor, cdr.currency))
  const parking = zDecimal.safeParse(String(record.total_parking_time))
  const tariffIds = [...new Set(record.charging_periods?.flatMap((each) => each.tariff_id ?? []))]
  const costs = costsOf(record)
  const claim: CdrClaim = {
    currency: cdr.currency,
    total_excl_vat: decimal(cdr.totalExclMinor) ?? '0',
    total_incl_vat: decimal(cdr.totalInclMinor),
    tariff_hash: embedded === undefined ? null : hashTariff(embedded),
    total_energy_kwh: energyOf(cdr.usage),
    ...(Object.keys(costs).length === 0 ? {} : { costs }),
    ...(parking.success ? { total_parking_time_h: parking.data } : {}),
    ...(tariffIds.length === 0 ? {} : { tariff_ids: tariffIds.slice(0, 50) }),
  }
  return { claim, embedded }
}
