/** The files of a pack that are read as JSON; what only goes back into our own functions stays as it is. */
import { z } from 'zod'
import { zMoney } from '@chargelane/openapi/vocabulary/money'
import { zTariff } from '@chargelane/openapi/vocabulary/tariff'
import { zUsageRecord } from '@chargelane/openapi/vocabulary/usage'
import { packSchema } from '@chargelane/rules/evidence'
import type { Manifest } from '@chargelane/rules/evidence'
import type {
  CdrClaim,
  MeterSignature,
  OwnUsage,
  Said,
} from '@chargelane/rules/record/public-price'
import type { RatingPolicy } from '@chargelane/rules/rating'
import type { BookTerms, SaleState } from '@chargelane/rules/booking/sale'
import type { Split, SplitInput } from '@chargelane/rules/split'

export const zManifest = z.object({
  schema: z.literal(packSchema),
  session: z.string(),
  revision: z.int().min(1),
  previous_manifest_sha256: z.string().nullable(),
  sealed_at: z.iso.datetime(),
  engine_version: z.string(),
  issuer: z.object({ name: z.string(), keys: z.string().nullable() }),
  signer: z.object({
    key_id: z.string(),
    algorithm: z.literal('Ed25519'),
    public_key_spki: z.string(),
  }),
  files: z.array(z.object({ path: z.string(), sha256: z.string(), bytes: z.int() })),
}) satisfies z.ZodType<Manifest>

/** Values that only go back into our own pure functions, which compare them with what they compute. */
const opaque = <T>() => z.custom<T>((value) => typeof value === 'object' && value !== null)

export const zQuote = z.object({
  id: z.string(),
  account: z.string(),
  key_id: z.string(),
  public_key_spki: z.string(),
  signature: z.string(),
  body: z.looseObject({
    created_at: z.string(),
    tariff_hash: z.string(),
    currency: z.string(),
    hold_amount: zMoney,
    market_profile: z.string(),
    rating_policy: opaque<RatingPolicy>(),
    agreement: z.looseObject({ tariff: zTariff, tariff_hash: z.string() }).optional(),
    discount: z
      .looseObject({
        policy: z.looseObject({ commission_bps: z.int(), partner_share_bps: z.int() }),
      })
      .optional(),
    plan: z.looseObject({ owner: z.string(), funded_by: z.string() }).optional(),
  }),
})
const zTotals = z.object({ net: zMoney, vat: zMoney, gross: zMoney })
export const zVerdict = z.object({
  input: z.object({
    claim: opaque<CdrClaim>(),
    session_energy_kwh: z.string().nullable(),
    own: z.object({ usage: zUsageRecord, resolution_s: z.number() }).optional() satisfies z.ZodType<
      OwnUsage | undefined
    >,
    said: opaque<Said>().optional(),
    meter_signature: opaque<MeterSignature>().optional(),
  }),
  verdict: z.looseObject({
    kind: z.string(),
    payable: zTotals.loose().nullable(),
    difference: z.looseObject({ amount: zMoney, destination: z.string() }).nullable(),
  }),
})
export const zPayment = z.object({
  payments: z.array(
    z.looseObject({
      id: z.string(),
      provider_reference: z.string().nullable(),
      hold: zMoney,
      captured: zMoney.nullable(),
      /** Absent in packs sealed before anything was given back. */
      refunds: z.array(z.looseObject({ amount: zMoney, status: z.string() })).optional(),
      status: z.string(),
    }),
  ),
  debt: z.looseObject({ amount: zMoney }).nullable(),
})
const zParty = z.object({ role: z.string(), id: z.string() })
export const zSplit = z.object({
  input: opaque<SplitInput>(),
  split: opaque<Split>(),
  state: opaque<Omit<SaleState, 'split'>>(),
  terms: opaque<BookTerms>(),
})
export const zConversions = z.array(
  z.looseObject({
    payee: zParty,
    conversion: z.looseObject({
      from: zMoney,
      to: zMoney,
      rate: z.string(),
      source: z.string(),
      asOf: z.string(),
    }),
  }),
)
export const zLedger = z.array(
  z.looseObject({
    key: z.string(),
    postings: z.array(z.looseObject({ account: z.string(), amount: zMoney })),
  }),
)
export const zSettlement = z.array(
  z.looseObject({
    payee: z.string(),
    role: z.string(),
    amount: zMoney,
    state: z.string().nullable(),
    detail: z.looseObject({
      share: zMoney,
      lines: z.array(z.looseObject({ what: z.string(), amount: zMoney })),
    }),
  }),
)
/** Each is an EN 16931 document of its own. */
export const zCreditNotes = z.array(z.looseObject({ number: z.string(), xml: z.string() }))
