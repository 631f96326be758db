/** The files of a pack that are read as JSON; what only goes back into our own functions stays as it is. */
import { z } from 'zod'
import { zMoney } from '@chargelane/openapi/vocabulary/money'
import { paymentKindNames } from '@chargelane/openapi/vocabulary/payment'
import { zTariff } from '@chargelane/openapi/vocabulary/tariff'
import { zUsageRecord } from '@chargelane/openapi/vocabulary/usage'
import type { Conversion, PayableDetail } from '@chargelane/rules/booking/payables'
import type { BookTerms, SaleState } from '@chargelane/rules/booking/sale'
import type { SaleParties } from '@chargelane/rules/documents'
import { packSchema } from '@chargelane/rules/evidence'
import type { Manifest } from '@chargelane/rules/evidence'
import type { QuoteBody } from '@chargelane/rules/quote'
import type { CdrClaim, Said } from '@chargelane/rules/record/public-price'
import type { MeterSignature, OwnUsage } from '@chargelane/rules/record/usage-basis'
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
export const opaque = <T>() => z.custom<T>((value) => typeof value === 'object' && value !== null)

const zInvoiceParty = z.object({
  id: z.string(),
  legalName: z.string(),
  country: z.string(),
  vatId: z.string().nullable(),
  address: z.object({ street: z.string(), city: z.string(), postal_code: z.string() }),
})

export const zSession = z.object({
  id: z.string(),
  channel: z.string(),
  currency: z.string(),
  energy_wh: z.string(),
  started_at: z.string().nullable(),
  ended_at: z.string().nullable(),
  end_reason: z.string().nullable(),
  sla_deadline: z.string().nullable(),
  money_status: z.string(),
  record_status: z.string(),
  seller: zInvoiceParty,
  partner: zInvoiceParty,
  evse: z.object({
    id: z.string(),
    evse_id: z.string(),
    connector: z.string(),
    power_type: z.string(),
    max_power_w: z.int(),
  }),
  place: z.object({
    address: z.string(),
    city: z.string(),
    country: z.string(),
    time_zone: z.string(),
  }),
  market_profile: z.string(),
})

/** What a quote says that hides nothing from either side; its other fields are read by whoever needs them. */
export const zQuoteHead = z.object({
  id: z.string(),
  account: z.string(),
  key_id: z.string(),
  public_key_spki: z.string(),
  signature: z.string(),
  body: z.object({
    created_at: z.string(),
    tariff_hash: z.string(),
    currency: z.string(),
    hold_amount: zMoney,
    market_profile: z.string(),
    rating_policy: opaque<QuoteBody['rating_policy']>(),
    agreement: z
      .object({ id: z.string(), version: z.int(), tariff: zTariff, tariff_hash: z.string() })
      .optional(),
  }),
})
export const zQuote = zQuoteHead.extend({ body: opaque<QuoteBody>() })

export const zAgreement = z.custom<SaleParties & { partner: string; cpo: string }>(
  (value) =>
    z.looseObject({ agreement: z.looseObject({}), accounts: z.array(z.unknown()) }).safeParse(value)
      .success,
)

const zTotals = z.object({
  net: zMoney,
  vat: zMoney,
  gross: zMoney,
  vat_lines: z.array(
    z.object({ rate: z.string().nullable(), net: zMoney, vat: zMoney, gross: zMoney }),
  ),
})
export const zVerdict = z.object({
  basis: z.enum(['record', 'provisional']).nullable(),
  cdr: z.object({
    id: z.string(),
    source: z.enum(['ocpi', 'node', 'provisional']),
    status: z.string(),
  }),
  input: z.object({
    claim: opaque<CdrClaim>(),
    session_energy_kwh: z.string().nullable(),
    own: z.object({ usage: zUsageRecord, resolution_s: z.number() }).optional() satisfies z.ZodType<
      OwnUsage | undefined
    >,
    said: opaque<Said>().optional(),
    meter_signature: opaque<MeterSignature>().optional(),
    limit: z.object({ maxPowerW: z.number(), slackMs: z.number() }),
    readings_until: z.string().nullable(),
    frozen_at: z.string().optional(),
    adopted: z.literal(true).optional(),
  }),
  verdict: z.looseObject({
    kind: z.string(),
    payable: zTotals.nullable(),
    difference: z.looseObject({ amount: zMoney, destination: z.string() }).nullable(),
  }),
})

export const zMeter = z.array(
  z.object({
    at: z.string(),
    context: z.string(),
    registerWh: z.string().nullable(),
    powerW: z.number().nullable(),
    flag: z.string().nullable(),
    source: z.enum(['ocpp', 'ocpi']),
    receivedAt: z.string(),
  }),
)

const zPaid = z.object({
  id: z.string(),
  kind: z.enum(paymentKindNames),
  provider_reference: z.string().nullable(),
  hold: zMoney,
  captured: zMoney.nullable(),
  refunds: z.array(z.object({ revision: z.int(), amount: zMoney, status: z.string() })),
  status: z.string(),
})
export const zPayment = z.object({
  payments: z.array(zPaid),
  debt: z.object({ id: z.string(), amount: zMoney, status: z.string() }).nullable(),
})
/** With what only the platform and its auditor read of it. */
export const zPaymentFees = z.object({
  payments: z.array(zPaid.extend({ provider_fee: zMoney.nullable() })),
})

export const zRevisionHead = {
  revision: z.int(),
  name: z.string(),
  basis: z.enum(['record', 'provisional']),
  cdr: z.string(),
}
const revision = {
  ...zRevisionHead,
  input: opaque<SplitInput>(),
  split: opaque<Split>(),
  state: opaque<Omit<SaleState, 'split'>>(),
}
export const zSplit = z.object({
  ...revision,
  terms: opaque<BookTerms>(),
  earlier: z.array(z.object(revision)),
})
export type SaleRevision = Omit<z.infer<typeof zSplit>, 'terms' | 'earlier'>
/** What both sides read of the split: its tax point and the price that was shared. */
export const zSplitHead = z.object({
  basis: z.enum(['record', 'provisional']),
  input: z.object({ at: z.string(), sale: zTotals }),
})

export const zConversions = z.array(opaque<Conversion>())
export const zLedger = z.array(
  z.object({
    key: z.string(),
    kind: z.string(),
    effective_at: z.string(),
    postings: z.array(z.object({ account: z.string(), amount: zMoney })),
  }),
)
export const zPayables = z.array(
  z.object({
    payee: z.string(),
    role: z.string(),
    amount: zMoney,
    detail: opaque<PayableDetail>(),
    revision: z.int(),
    provisional: z.boolean(),
    sla_deadline: z.string(),
    settlement: z.string().nullable(),
    state: z.string().nullable(),
    payout_reference: z.string().nullable(),
    paid_at: z.string().nullable(),
  }),
)
/** Each is an EN 16931 document of its own. */
export const zCreditNotes = z.array(
  z.object({ number: z.string(), revision: z.int(), issued_at: z.string(), xml: z.string() }),
)
export const zTimeline = z.array(
  z.object({ at: z.string(), room: z.string(), what: z.string(), detail: z.unknown() }),
)
export const zAuthorization = z.object({ channel: z.string(), token: z.string() })
export const zAuthorized = z.object({ payments: z.array(z.string()) })
