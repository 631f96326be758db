import { z } from 'zod'
import { canonicalText } from '@chargelane/workflows/canonical'
import { bytesOfHex, checkMeter, curveNames } from '@chargelane/workflows/metering/rules'
import type { Ecdsa, MeterCheck } from '@chargelane/workflows/metering/rules'
import type { MeterSignature } from '@chargelane/workflows/public-price/rules'

export const meterFile = 'meter/signed-values.json'

export const zMeterFile = z.looseObject({
  key: z.looseObject({
    curve: z.enum(curveNames),
    spki: z.string().regex(/^[0-9a-f]+$/),
    registered_at: z.string(),
  }),
  values: z.array(z.string()).max(1_000),
  span: z.object({ started_at: z.string(), ended_at: z.string() }),
  unproven: z.enum(['energy_not_billable', 'bill_and_note']),
  check: z.custom<MeterCheck>((value) => typeof value === 'object' && value !== null),
})

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
  } catch {
    return false
  }
}

/**
 * Checks what a meter signed once more. A failed signature that the pack states is a truth about the session and no
 * fault of the pack; one the pack states otherwise is.
 */
export async function checkMeterFile(
  { key, values, span, unproven, check }: z.infer<typeof zMeterFile>,
  ecdsa: Ecdsa,
): Promise<{ outcome: string | { fail: string }; signature: MeterSignature }> {
  const { curve, spki } = key
  const again = await checkMeter({ values, key: { curve, spki }, span, ecdsa })
  const { status, energy_kwh, detail } = check
  const signature = { status, energy_kwh, unproven, detail }
  const shown = `key ${spki.slice(-16)} on ${curve}, registered ${key.registered_at}`
  if (again.status === 'unsupported' && status !== 'unsupported')
    return { signature, outcome: `${status} as stated; no check of ${curve} on this platform` }
  if (canonicalText(again) !== canonicalText(check)) {
    const found = again.detail ?? `${again.energy_kwh} kWh signed`
    return { signature, outcome: { fail: `stated as ${status}, found ${again.status}: ${found}` } }
  }
  const said = detail ?? `${energy_kwh} kWh between the signed registers`
  return { signature, outcome: `${status}: ${said} (${shown})` }
}
