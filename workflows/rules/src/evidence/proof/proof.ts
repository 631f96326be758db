/** The price proof: everything the price function was given, under one hash, and what it answered. */
import { z } from 'zod'
import { zDecimal, zMoney } from '@chargelane/openapi/vocabulary/money'
import type { Decimal, Money } from '@chargelane/openapi/vocabulary/money'
import { zTariff } from '@chargelane/openapi/vocabulary/tariff'
import type { Tariff } from '@chargelane/openapi/vocabulary/tariff'
import { zUsageRecord } from '@chargelane/openapi/vocabulary/usage'
import type { UsageRecord } from '@chargelane/openapi/vocabulary/usage'
import { canonicalText } from '../canonical/canonical.ts'
import { canonicalHash, sha256 } from '../canonical/digest.ts'
import { toDecimal } from '../../money.ts'
import {
  cutAtBoundaries,
  engineVersion,
  rate,
  type Rating,
  type RatingPolicy,
  type Totals,
} from '../../rating/rating.ts'

/** Version of the document's layout; a verifier refuses what it does not know. */
export const proofSchema = 'chargelane-price-proof/1'

/** Which price of a session is proven; `retail` is what the driver pays. */
export const proofRatings = ['retail', 'wholesale', 'reimbursement'] as const
export type ProofRating = (typeof proofRatings)[number]

export type ProofContext = {
  session: string
  /** The record the usage was read from. */
  cdr: string
  /** IANA zone in which the tariff's local times are read. */
  time_zone: string
  evse: {
    id: string
    /** As printed on the charger. */
    evse_id: string
    connector: string
    power_type: string
    max_power_w: number
    country: string
  }
  market_profile: string
}

export type ProofInput = {
  schema: typeof proofSchema
  rating: ProofRating
  /** The locked public tariff. */
  tariff: Tariff
  usage: UsageRecord
  context: ProofContext
  /**
   * The price the CPO agreed to for this partner, or that of the driver's plan (`kind`); the lower of both counts. A
   * plan's allowance ends inside a period, so its tariff is read with periods cut where a price changes.
   */
  agreement: { kind?: 'plan'; id: string; version: number; tariff: Tariff } | null
  /** How the tariff is read where OCPI leaves it open, the rounding included. */
  rating_policy: RatingPolicy
  engine_version: string
}

export type ProofOutput = {
  /** Which tariff gave the price. */
  basis: 'public' | 'rate_agreement' | 'plan'
  totals: Totals
  /** What each dimension cost before min_price and max_price, exact, in major units. */
  components: Rating['dimensions']
  clamp: Rating['clamp']
  /** The same usage at the public tariff, tax included. */
  public_gross: Money
}

export type PriceProof = {
  schema: typeof proofSchema
  /** `sha256:<hex>` of the RFC 8785 form of `input`. */
  hash: string
  input: ProofInput
  output: ProofOutput
}

type Executed =
  | { ok: true; output: ProofOutput; rating: Rating }
  | { ok: false; path: string; message: string }

/** Runs the price function on a proof's input; the one place where a proof's answer comes from. */
function execute(input: ProofInput): Executed {
  const { usage, rating_policy: policy, agreement } = input
  const atPublic = rate({ tariff: input.tariff, usage, policy })
  if (!atPublic.ok) return { ok: false, path: atPublic.path, message: atPublic.message }
  const agreed =
    agreement === null
      ? atPublic
      : rate({
          tariff: agreement.tariff,
          usage,
          policy: agreement.kind === 'plan' ? cutAtBoundaries(policy) : policy,
        })
  if (!agreed.ok) return { ok: false, path: `agreement.${agreed.path}`, message: agreed.message }
  const publicGross = atPublic.rating.totals.gross
  const isAgreed = agreed.rating.totals.gross.amount < publicGross.amount
  const { rating } = isAgreed ? agreed : atPublic
  return {
    ok: true,
    rating,
    output: {
      basis: isAgreed ? (agreement?.kind ?? 'rate_agreement') : 'public',
      totals: rating.totals,
      components: rating.dimensions,
      clamp: rating.clamp,
      public_gross: publicGross,
    },
  }
}

/**
 * Proves a price. Undefined when these inputs have no price: nothing is proven that could not be charged.
 * The same input gives the same bytes and the same hash.
 */
export function proveSession(
  given: Omit<ProofInput, 'schema' | 'engine_version'>,
): PriceProof | undefined {
  const input: ProofInput = { ...given, schema: proofSchema, engine_version: engineVersion }
  const executed = execute(input)
  if (!executed.ok) return undefined
  const hash = canonicalHash(input)
  return { schema: proofSchema, hash, input, output: executed.output }
}

// ── Verification ────────────────────────────────────────────────────────────────────────────────────────────────

const zPolicy = z.custom<RatingPolicy>(
  (value) => z.looseObject({ id: z.string(), rounding: z.string() }).safeParse(value).success,
  'must be a rating policy',
)
const zAmount = z.looseObject({ net: zDecimal, gross: zDecimal })

const zProof = z.looseObject({
  schema: z.literal(proofSchema),
  hash: z.string().regex(/^sha256:[0-9a-f]{64}$/, 'must be sha256: and 64 hex digits'),
  input: z.strictObject({
    schema: z.literal(proofSchema),
    rating: z.enum(proofRatings),
    tariff: zTariff,
    usage: zUsageRecord,
    context: z.strictObject({
      session: z.string().max(60),
      cdr: z.string().max(60),
      time_zone: z.string().max(64),
      evse: z.strictObject({
        id: z.string().max(60),
        evse_id: z.string().max(60),
        connector: z.string().max(60),
        power_type: z.string().max(20),
        max_power_w: z.int().min(0),
        country: z.string().max(2),
      }),
      market_profile: z.string().max(60),
    }),
    agreement: z
      .strictObject({
        kind: z.literal('plan').exactOptional(),
        id: z.string().max(60),
        version: z.int(),
        tariff: zTariff,
      })
      .nullable(),
    rating_policy: zPolicy,
    engine_version: z.string().max(60),
  }),
  output: z.looseObject({
    basis: z.string(),
    totals: z.looseObject({ net: zMoney, vat: zMoney, gross: zMoney }),
    components: z.record(z.string(), zAmount),
    clamp: zAmount.nullable(),
    public_gross: zMoney,
  }),
})

export type ProofCheck = { name: string; ok: boolean; detail: string }
export type ProofReport = {
  ok: boolean
  session: string | null
  hash: string | null
  /** The engine that proved the price and the one that checked it; results must be equal, versions need not. */
  engine: { proved_by: string; checked_by: string } | null
  checks: ProofCheck[]
  /** The recomputed price in words, line by line. */
  lines: string[]
  totals: Totals | null
}

export type ParsedProof =
  | { ok: true; input: ProofInput; proof: z.infer<typeof zProof> }
  | { ok: false; message: string }

/** Reads a proof somebody hands over; names the first field that is not one. */
export function parseProof(value: unknown): ParsedProof {
  const parsed = zProof.safeParse(value)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    return { ok: false, message: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'no proof'}` }
  }
  return { ok: true, input: parsed.data.input, proof: parsed.data }
}

type Difference = { path: string; stated: string; found: string }

const shownValue = (value: unknown): string =>
  value === undefined ? 'nothing' : JSON.stringify(value)

/** Every leaf in which two JSON values differ, by its path. A newer engine may say more than was stated, never else. */
function differencesOf(stated: unknown, found: unknown, mayAdd: boolean, path = ''): Difference[] {
  if (
    typeof stated === 'object' &&
    stated !== null &&
    typeof found === 'object' &&
    found !== null &&
    Array.isArray(stated) === Array.isArray(found)
  ) {
    const a = new Map<string, unknown>(Object.entries(stated))
    const b = new Map<string, unknown>(Object.entries(found))
    const keys = mayAdd ? [...a.keys()] : [...new Set([...a.keys(), ...b.keys()])]
    return keys.flatMap((key) =>
      differencesOf(a.get(key), b.get(key), mayAdd, path === '' ? key : `${path}.${key}`),
    )
  }
  return stated === found ? [] : [{ path, stated: shownValue(stated), found: shownValue(found) }]
}

/** As many differences as a person reads. */
const differencesMax = 8

function checkOutput(stated: unknown, found: ProofOutput, mayAdd: boolean): ProofCheck {
  const differences = differencesOf(stated, found, mayAdd).toSorted((a, b) =>
    a.path < b.path ? -1 : 1,
  )
  const words = differences
    .slice(0, differencesMax)
    .map((each) => `${each.path}: the proof says ${each.stated}, re-execution gives ${each.found}`)
  const more =
    differences.length > differencesMax ? `, and ${differences.length - differencesMax} more` : ''
  return {
    name: 'price',
    ok: differences.length === 0,
    detail:
      differences.length === 0
        ? `recomputed to ${shownMoney(found.totals.gross)} including tax, equal in every figure`
        : `${words.join('; ')}${more}`,
  }
}

const shownMoney = (amount: Money): string => `${toDecimal(amount)} ${amount.currency}`

const shownTax = (percent: Decimal | null): string =>
  percent === null ? 'no tax' : `tax ${percent} %`

/** The rating in words: one line per component and period, as in a receipt that explains itself. */
export function linesOf(rating: Rating): string[] {
  const lines = rating.periods.flatMap((period) =>
    period.lines.map((line) => {
      const billed =
        line.billed_quantity === line.quantity ? '' : ` (billed ${line.billed_quantity})`
      return `${period.start} to ${period.end}: ${line.type} ${line.quantity} ${line.unit}${billed} at ${line.unit_price} ${rating.currency}, ${shownTax(line.vat_rate)}: ${line.net} net, ${line.gross} gross`
    }),
  )
  if (rating.clamp !== null)
    lines.push(`${rating.clamp.limit}: ${rating.clamp.net} net, ${rating.clamp.gross} gross`)
  const { net, vat, gross } = rating.totals
  return [
    ...lines,
    `Total ${shownMoney(net)} net, ${shownMoney(vat)} tax, ${shownMoney(gross)} gross`,
  ]
}

function broken(message: string): ProofReport {
  return {
    ok: false,
    session: null,
    hash: null,
    engine: null,
    checks: [{ name: 'document', ok: false, detail: message }],
    lines: [],
    totals: null,
  }
}

/** The text a proof's hash must cover, of a document somebody hands over; undefined when there is no input at all. */
function statedText(value: unknown): string | undefined {
  const found = z.looseObject({ input: z.record(z.string(), z.unknown()) }).safeParse(value)
  return found.success ? canonicalText(found.data.input) : undefined
}

/**
 * Checks a proof by executing it again. A proof of an older engine holds as long as this engine answers the same.
 * Never throws on a bad proof.
 */
export function verifyProof(value: unknown): ProofReport {
  const parsed = parseProof(value)
  if (!parsed.ok) return broken(parsed.message)
  const { input, proof } = parsed
  const proved = input.engine_version
  const engine = { proved_by: proved, checked_by: engineVersion }
  const digest = sha256(statedText(value) ?? '')
  const isHashed = proof.hash === `sha256:${digest}`
  const checks: ProofCheck[] = [
    {
      name: 'hash',
      ok: isHashed,
      detail: isHashed
        ? `the input has the SHA-256 the proof names, ${proof.hash.slice(0, 23)}…`
        : `the input was changed: its SHA-256 is ${digest.slice(0, 16)}…, the proof names ${proof.hash.slice(7, 23)}…`,
    },
  ]
  const executed = executeSafely(input)
  if (!executed.ok)
    checks.push({ name: 'price', ok: false, detail: `${executed.path}: ${executed.message}` })
  else {
    checks.push(checkOutput(proof.output, executed.output, proved !== engineVersion))
    checks.push({
      name: 'engine',
      ok: true,
      detail:
        proved === engineVersion
          ? `proved and checked by ${engineVersion}`
          : `proved by ${proved}, checked by ${engineVersion}`,
    })
  }
  return {
    ok: checks.every((check) => check.ok),
    session: input.context.session,
    hash: proof.hash,
    engine,
    checks,
    lines: executed.ok ? linesOf(executed.rating) : [],
    totals: executed.ok ? executed.output.totals : null,
  }
}

/** A policy from a stranger may hold words no engine knows; that is a failed proof and no exception. */
function executeSafely(input: ProofInput): Executed {
  try {
    return execute(input)
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    return { ok: false, path: 'input', message }
  }
}
