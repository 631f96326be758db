// What every edition of OCPI has alike on the wire: what we forgive beside its values, the envelope, the editions' list.
import { zUpper } from '@chargelane/rules/record/ocpi'
import { z } from 'zod'

// ── Tolerance ───────────────────────────────────────────────────────────────────────────────────────────────────

/** A list of one where a single object is due (a known habit of py-ocpi). */
export function unwrapSingle(value: unknown): unknown {
  return Array.isArray(value) && value.length === 1 ? value[0] : value
}

/** CiString (§16.1): compared without regard to case, kept as first written. */
export const sameCi = (a: string, b: string) => a.toLowerCase() === b.toLowerCase()

export const zObject = z.record(z.string(), z.unknown())

// ── Envelope and versions ─────────────────────────────────────────────────────────────────────────────────────

export const zEnvelopeIn = z.looseObject({
  data: z.unknown().optional(),
  status_code: z.coerce.number().int(),
  status_message: z.string().nullish(),
})

/** An entry without an address offers nothing, and takes no other with it. */
export const zVersionsIn = z
  .array(z.unknown())
  .transform((offers) => offers.flatMap((offer) => zOffer.safeParse(offer).data ?? []))
const zOffer = z.looseObject({ version: z.string().trim(), url: z.string() })

const zEndpointIn = z.looseObject({
  identifier: z.string().toLowerCase(),
  role: zUpper.default(''),
  url: z.string(),
})

/** §6.2: `role` may be missing or of another case; we look endpoints up without regard to it. */
export const zVersionDetailsIn = z.looseObject({
  version: z.string().optional(),
  endpoints: z
    .array(z.unknown())
    .transform((endpoints) => endpoints.flatMap((one) => zEndpointIn.safeParse(one).data ?? [])),
})
