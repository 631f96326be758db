import { z } from 'zod'
import { meterCurves } from '@chargelane/openapi/vocabulary/meter'
import type { UsageRecord } from '@chargelane/openapi/vocabulary/usage'
import { canonicalText } from '@chargelane/rules/canonical'
import { profileByRef } from '@chargelane/rules/markets'
import { bytesOfHex, checkMeter } from '@chargelane/rules/metering'
import type { Ecdsa, MeterCheck } from '@chargelane/rules/metering'
import type { MeterSignature } from '@chargelane/rules/record/public-price'

export const meterFile = 'meter/signed-values.json'

const zRegister = z.looseObject({ at: z.string().nullable(), clock: z.string(), kwh: z.string() })

/** Loose, so that whatever else it states is kept and must be found again too. */
const zCheck = z.looseObject({
  status: z.enum(['valid', 'invalid', 'missing', 'unsupported']),
  records: z.array(z.enum(['valid', 'invalid', 'unsupported', 'unreadable'])),
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

const webCurves: Partial<Record<string, string>> = {
  secp256r1: 'P-256',
  secp384r1: 'P-384',
  secp521r1: 'P-521',
}

/** ECDSA by the Web Crypto that browsers and Node share. */
export const webEcdsa: Ecdsa = async ({ key, hash, message, signature }) => {
  const namedCurve = webCurves[key.curve]
  if (namedCurve === undefined) return undefined
  const algorithm = { name: 'ECDSA', namedCurve }
  try {
    const spki = bytesOfHex(key.spki)
    const imported = await crypto.subtle.importKey('spki', spki, algorithm, false, ['verify'])
    return await crypto.subtle.verify({ name: 'ECDSA', hash }, imported, signature, message)
  } catch (error) {
    return error instanceof DOMException && error.name === 'NotSupportedError' ? undefined : false
  }
}

const answers = new Map([
  ['valid', true],
  ['invalid', false],
])

/** Answers as the file states it of each record; the check asks for them in their order. */
function statedEcdsa(records: readonly string[]): Ecdsa {
  const states = records.values()
  return async () => answers.get(states.next().value ?? '')
}

/**
 * The check made again. A platform without the key's curve takes from the file who signed each record, and nothing
 * else: what follows from it is computed here all the same.
 */
async function checkAgain({ values, key, span, check }: MeterFile, ecdsa: Ecdsa) {
  const { curve, spki } = key
  const input = { values, key: { curve, spki }, span }
  const again = await checkMeter({ ...input, ecdsa })
  const open = check.records.filter((_, index) => again.records[index] === 'unsupported')
  const isBelieved = open.some((state) => answers.has(state))
  return {
    isBelieved,
    again: isBelieved ? await checkMeter({ ...input, ecdsa: statedEcdsa(open) }) : again,
  }
}

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
export async function checkMeterFile(
  file: MeterFile,
  context: MeterContext,
  ecdsa: Ecdsa,
): Promise<string | { fail: string }> {
  const { key, check } = file
  const { status, energy_kwh, detail } = check
  const { again, isBelieved } = await checkAgain(file, ecdsa)
  if (canonicalText(again) !== canonicalText(check)) {
    const found = again.detail ?? `${again.energy_kwh} kWh signed`
    return { fail: `stated as ${status}, found ${again.status}: ${found}` }
  }
  const contradiction = findContradiction(file, context)
  if (contradiction !== undefined) return { fail: contradiction }
  const said = detail ?? `${energy_kwh} kWh between the signed registers`
  const shown = `key ${key.spki.slice(-16)} on ${key.curve}, registered ${key.registered_at}`
  return isBelieved
    ? `signatures on ${key.curve} cannot be checked on this platform; all else holds, ${status} as stated: ${said} (${shown})`
    : `${status}: ${said} (${shown})`
}
