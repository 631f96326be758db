import { z } from 'zod'
import { meterCurves } from '@chargelane/openapi/vocabulary/meter'
import type { UsageRecord } from '@chargelane/openapi/vocabulary/usage'
import { canonicalText } from '@chargelane/rules/canonical'
import { profileByRef } from '@chargelane/rules/markets'
import { checkMeter } from '@chargelane/rules/metering'
import type { MeterCheck } from '@chargelane/rules/metering'
import type { MeterSignature } from '@chargelane/rules/record/usage-basis'

export const meterFile = 'meter/signed-values.json'

const zRegister = z.looseObject({ at: z.string().nullable(), clock: z.string(), kwh: z.string() })

/** Loose, so that whatever else it states is kept and must be found again too. */
const zCheck = z.looseObject({
  status: z.enum(['valid', 'invalid', 'missing']),
  records: z.array(z.enum(['valid', 'invalid', 'unreadable'])),
  begin: zRegister.nullable(),
  end: zRegister.nullable(),
  energy_kwh: z.string().nullable(),
  detail: z.string().nullable(),
  notes: z.array(z.string()),
}) satisfies z.ZodType<MeterCheck>

export const zMeterFile = z.looseObject({
  key: z.looseObject({
    curve: z.enum(meterCurves),
    spki: z.string().regex(/^[0-9a-f]+$/),
    registered_at: z.string(),
  }),
  values: z.array(z.string()).max(1_000),
  span: z.object({ started_at: z.string(), ended_at: z.string() }),
  unproven: z.enum(['energy_not_billable', 'bill_and_note']),
  check: zCheck,
})
type MeterFile = z.infer<typeof zMeterFile>

/** What the pack's other files say: the market of the quote and, where there is a sale, what was sold. */
export type MeterContext = {
  marketProfile: string
  sale?: {
    /** The record's own, whatever usage the price rests on in the end. */
    usage: UsageRecord
    /** What the price was told of the values. */
    priced: MeterSignature | undefined
  }
}

/** Where the rule and the times that the file states are not those of the quote and of the record. */
function findContradiction(
  { check, span, unproven }: MeterFile,
  { marketProfile, sale }: MeterContext,
): string | undefined {
  const profile = profileByRef(marketProfile)
  const rule = profile?.metering.invalidSignature.effect ?? 'bill_and_note'
  const market = `${marketProfile}${profile === undefined ? ', which is not known here,' : ''}`
  if (unproven !== rule) return `the rule is stated as ${unproven}; that of ${market} is ${rule}`
  if (sale === undefined) return undefined
  const { started_at, ended_at } = sale.usage
  if (span.started_at !== started_at || span.ended_at !== ended_at)
    return `checked for ${span.started_at} to ${span.ended_at}; the record is of ${started_at} to ${ended_at}`
  const { status, energy_kwh, detail } = check
  const isPriced =
    sale.priced !== undefined &&
    canonicalText(sale.priced) === canonicalText({ status, energy_kwh, unproven, detail })
  return isPriced ? undefined : 'the record was priced by another check'
}

/**
 * Checks what a meter signed once more. A failed signature that the pack states is a truth about the session and no
 * fault of the pack; one the pack states otherwise is.
 */
export function checkMeterFile(file: MeterFile, context: MeterContext): string | { fail: string } {
  const { values, key, span, check } = file
  const { status, energy_kwh, detail } = check
  const { curve, spki } = key
  const again = checkMeter({ values, key: { curve, spki }, span })
  if (canonicalText(again) !== canonicalText(check)) {
    const found = again.detail ?? `${again.energy_kwh} kWh signed`
    return { fail: `stated as ${status}, found ${again.status}: ${found}` }
  }
  const contradiction = findContradiction(file, context)
  if (contradiction !== undefined) return { fail: contradiction }
  const said = detail ?? `${energy_kwh} kWh between the signed registers`
  const shown = `key ${key.spki.slice(-16)} on ${key.curve}, registered ${key.registered_at}`
  return `${status}: ${said} (${shown})`
}
