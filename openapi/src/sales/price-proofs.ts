import { z } from 'zod'
import {
  zCreatedAt,
  zCurrency,
  zDecimal,
  zDocument,
  zIdParam,
  zInstant,
  zMoney,
} from '../common.ts'
import { operation, zListOf, zPage } from '../operation.ts'
import { zId } from '../vocabulary/ids.ts'

// How a price came about, and how often an operator's records ask the price at all.

export const zPriceProof = z
  .object({
    id: zId('priceProof'),
    session: zId('session'),
    cdr: zId('cdr').meta({ description: 'The record whose usage was rated.' }),
    rating: z
      .string()
      .max(40)
      .meta({ description: 'Which price of the session: `retail` is what the driver pays.' }),
    status: z.enum(['valid', 'superseded', 'failed']).meta({
      description:
        '`failed` when it did not recompute at the last look: its session is not settled until it does.',
    }),
    failure: z.string().max(2_000).nullable(),
    schema: z.string().max(60),
    hash: z.string().max(80).meta({ description: 'SHA-256 of the RFC 8785 form of `input`.' }),
    engine_version: z.string().max(60),
    input: zDocument.meta({
      description:
        'Tariff, usage, context, agreement, rating policy and engine version: all that the price follows from.',
    }),
    output: zDocument.meta({ description: 'Components and totals that the input gives.' }),
    checked_at: zInstant,
    created_at: zCreatedAt,
  })
  .meta({
    id: 'PriceProof',
    description:
      'A price anyone can compute again. The answer itself is the document: save it as JSON and run `npx chargelane-verify FILE.json`, or drop it on the page at `/open/verify`.',
  })

const zProofCheck = z.object({
  name: z.string().max(40),
  ok: z.boolean(),
  detail: z.string().max(4_000),
})

const zVerification = z
  .object({
    ok: z.boolean(),
    session: z.string().max(60).nullable(),
    hash: z.string().max(80).nullable(),
    engine: z
      .object({ proved_by: z.string().max(60), checked_by: z.string().max(60) })
      .nullable()
      .meta({ description: 'Results must be equal, versions need not.' }),
    checks: z.array(zProofCheck).max(20),
    lines: z
      .array(z.string().max(1_000))
      .max(100_000)
      .meta({ description: 'The recomputed price in words, line by line.' }),
    totals: z.object({ net: zMoney, vat: zMoney, gross: zMoney }).nullable(),
  })
  .meta({ id: 'PriceProofVerification', description: 'What re-execution found.' })

const zVerify = z
  .strictObject({
    proof: zDocument.meta({ description: 'A price proof as read here or from an evidence pack.' }),
  })
  .meta({ id: 'PriceProofVerify' })

export const price_proofs = {
  get: operation({
    id: 'price_proofs.get',
    method: 'get',
    path: '/v1/price_proofs/{id}',
    summary: 'Read a price proof',
    description: 'For the partner and the operator of the session.',
    scope: 'evidence:read',
    params: zIdParam('priceProof'),
    success: { status: 200, kind: 'json', description: 'The proof.', body: zPriceProof },
    errors: [],
    idempotent: false,
  }),
  verify: operation({
    id: 'price_proofs.verify',
    method: 'post',
    path: '/v1/price_proofs:verify',
    summary: 'Verify a price proof',
    description:
      'Executes the price function on the proof’s input again and names what differs. Any proof may be sent, stored here or not; nothing is kept. The same check runs offline in the SDK and in a browser at `/open/verify`.',
    scope: 'evidence:read',
    body: zVerify,
    success: {
      status: 200,
      kind: 'json',
      description: 'What was found.',
      body: zVerification,
    },
    errors: [],
    idempotent: false,
  }),
}

const zCounts = z.record(z.string().max(60), z.int().min(0))

export const zPriceAccuracy = z
  .object({
    cpo: zId('account'),
    name: z.string().max(200),
    from: zInstant,
    to: zInstant,
    records: z.int().min(0).meta({ description: 'Records judged in the time.' }),
    matching: z.int().min(0).meta({
      description: 'Of those, the ones that ask the quote’s price, by its tariff, to the rounding.',
    }),
    accuracy: zDecimal.meta({ description: 'Matching of all, 0 to 1, four decimals.' }),
    by_verdict: zCounts,
    by_rule: zCounts,
    by_reason: zCounts.meta({ description: 'A record counts under each of its reasons.' }),
    claimed_above: z
      .array(zMoney)
      .max(200)
      .meta({ description: 'What was asked above the price, per currency.' }),
  })
  .meta({
    id: 'PriceAccuracy',
    description: 'How often an operator’s records ask the price quoted.',
  })

const zRange = zPage.extend({
  cpo: zId('account')
    .optional()
    .meta({ description: 'Your own by default; finance and the platform see all.' }),
  from: zInstant.optional().meta({ description: 'First instant; 30 days before `to` by default.' }),
  to: zInstant.optional().meta({ description: 'First instant no longer counted; now by default.' }),
})

/** Joins the reports of the other resources in the contract. */
export const priceReports = {
  price_accuracy: operation({
    id: 'reports.price_accuracy',
    method: 'get',
    path: '/v1/reports/price-accuracy',
    summary: 'How often do records ask the quoted price?',
    description:
      'Counted from the stored verdicts, by the time a record was received, in the order of the operators’ ids. The records behind a figure: `GET /v1/cdrs` with `rule` or `reason`.',
    scope: 'reports:read',
    query: zRange,
    success: {
      status: 200,
      kind: 'json',
      description: 'A page of operators.',
      body: zListOf('PriceAccuracyList', zPriceAccuracy),
    },
    errors: [],
    idempotent: false,
  }),
}

/** Amount of one dimension in a record against ours, decimals in major units without tax. */
export const zDispute = z
  .object({
    reasons: z
      .array(
        z.object({
          code: z
            .string()
            .max(60)
            .meta({ description: 'e.g. `TARIFF_CHANGED`, `STEP_SIZE`, `HOURS_ROUNDED`.' }),
          certainty: z.enum(['shown', 'possible']),
          detail: z.string().max(500),
        }),
      )
      .max(50),
    lines: z
      .array(
        z.object({
          dimension: z.enum(['FLAT', 'ENERGY', 'TIME', 'PARKING_TIME', 'RESERVATION']),
          ours: zDecimal,
          claimed: zDecimal,
          difference: zDecimal,
        }),
      )
      .max(10)
      .meta({ description: 'Our cost beside the record’s, where the record states it.' }),
    reproduced_by: z
      .array(
        z.object({
          setting: z.string().max(60),
          value: z.string().max(120),
          reason: z.string().max(60),
          total: z.object({ amount: z.int(), currency: zCurrency }),
        }),
      )
      .max(200)
      .meta({ description: 'Each single reading that gives exactly the record’s total.' }),
  })
  .meta({ id: 'PriceDispute', description: 'Why a record’s total is not ours.' })
