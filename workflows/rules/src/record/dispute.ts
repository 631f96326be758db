/** Why a record's total is not ours, in words a CPO can act on: the reasons, and the reading that gives its figure. */
import type { Decimal, Money } from '@chargelane/openapi/vocabulary/money'
import type { Tariff } from '@chargelane/openapi/vocabulary/tariff'
import type { UsageRecord } from '@chargelane/openapi/vocabulary/usage'
import { compareExact, exact, format, minus, plus, zero } from '../exact.ts'
import { round } from '../money.ts'
import { engineReadings, rate, type Rating, type RatingPolicy } from '../rating/rating.ts'
import type { CdrClaim, CheckInput, CostDimension, Verdict, VerdictRule } from './public-price.ts'

/** Machine-readable, in the words of the field. */
export const disputeReasons = [
  'TARIFF_MISSING',
  'TARIFF_CHANGED',
  'TARIFF_NOT_ACTIVE',
  'STEP_SIZE',
  'ROUNDING',
  'HOURS_ROUNDED',
  'VAT_MISSING',
  'VAT_CLAMP',
  'MIN_MAX_PRICE',
  'RESTRICTION_DATA_MISSING',
  'MIDNIGHT_WINDOW',
  'PERIODS_OUT_OF_ORDER',
  'PERIOD_SPANS_PRICE_CHANGE',
  'PERIODS_DO_NOT_SUM',
  'USAGE_NOT_PROVEN',
  'TIME_ZONE_UNKNOWN',
  'RESERVATION_UNPRICED',
  'UNPRICED_QUANTITY',
  'DUPLICATE_CDR',
  'CDR_TOO_LATE',
  'CURRENCY_MISMATCH',
  'SIGNED_VALUE_MISMATCH',
  'SIGNED_VALUE_INVALID',
  'SIGNED_VALUE_MISSING',
] as const
export type DisputeReason = (typeof disputeReasons)[number]

export type Diagnosis = {
  /** `shown` follows from the figures; `possible` could explain the difference and nothing else does. */
  reasons: { code: DisputeReason; certainty: 'shown' | 'possible'; detail: string }[]
  /** Our cost against the record's, per dimension and without VAT, in major units; only dimensions the record states. */
  lines: { dimension: CostDimension; ours: Decimal; claimed: Decimal; difference: Decimal }[]
  /** Each single change of our reading that gives exactly the record's total. */
  reproduced_by: Reproduction[]
}

export type Reproduction = {
  /** `policy.<switch>`, `engine`, `tariff`, `tariff.without`, `usage`, `usage.time_zone`. */
  setting: string
  value: string
  reason: DisputeReason
  total: Money
}

export type DiagnoseInput = {
  check: CheckInput
  verdict: Verdict
  /** Other tariffs the record may have been priced by: the one it embeds, earlier and later versions of the locked one. */
  otherTariffs?: readonly { ref: string; tariff: Tariff }[]
}

type Switches = { [K in keyof RatingPolicy]?: readonly RatingPolicy[K][] }

/** The readings tried one at a time. Every value of a switch but our own is a candidate. */
const switches: Switches = {
  rounding: ['gross-total-half-away@1', 'net-total-half-away@1', 'gross-component-half-away@1'],
  periods: ['as_given', 'split_at_boundaries'],
  missing_power: ['matches', 'fails'],
  hours: ['snap_to_period', 'as_received'],
  step_size_base: ['session_total', 'priced_quantity'],
  clamp_vat: ['apart', 'stated_only', 'ratio'],
  midnight: ['end_of_day', 'literal'],
}

const reasonOfSwitch: Record<string, DisputeReason> = {
  rounding: 'ROUNDING',
  periods: 'PERIOD_SPANS_PRICE_CHANGE',
  missing_power: 'RESTRICTION_DATA_MISSING',
  hours: 'HOURS_ROUNDED',
  step_size_base: 'STEP_SIZE',
  clamp_vat: 'VAT_CLAMP',
  midnight: 'MIDNIGHT_WINDOW',
}

type Candidate = {
  setting: string
  value: string
  reason: DisputeReason
  tariff?: Tariff
  usage?: UsageRecord
  policy?: RatingPolicy
}

function policyCandidates(policy: RatingPolicy): Candidate[] {
  const own = Object.entries(policy)
  const single = Object.entries(switches).flatMap(([name, values]) =>
    values
      .filter((value) => !own.some(([key, held]) => key === name && held === value))
      .map((value) => ({
        setting: `policy.${name}`,
        value: String(value),
        reason: reasonOfSwitch[name] ?? 'ROUNDING',
        policy: { ...policy, [name]: value },
      })),
  )
  const engines = Object.entries(engineReadings).map(([name, reading]) => ({
    setting: 'engine',
    value: name,
    reason: 'ROUNDING' as const,
    policy: { ...policy, ...reading, id: policy.id, rounding: policy.rounding },
  }))
  return [...single, ...engines]
}

type Component = Tariff['elements'][number]['price_components'][number]

const withComponents = (tariff: Tariff, change: (component: Component) => Component): Tariff => ({
  ...tariff,
  elements: tariff.elements.map((element) => ({
    ...element,
    price_components: element.price_components.map(change),
  })),
})

const forgetting = (value: string, reason: DisputeReason, tariff: Tariff): Candidate => ({
  setting: 'tariff.without',
  value,
  reason,
  tariff,
})

/** The locked tariff with one of its rules forgotten. */
function forgetfulTariffs(tariff: Tariff): Candidate[] {
  const { min_price: _least, ...withoutMin } = tariff
  const { max_price: _most, ...withoutMax } = tariff
  const stepless = withComponents(tariff, (component) => ({ ...component, step_size: 0 }))
  const untaxed = withComponents(tariff, ({ vat: _vat, ...component }) => component)
  return [
    forgetting('step_size', 'STEP_SIZE', stepless),
    forgetting('min_price', 'MIN_MAX_PRICE', withoutMin),
    forgetting('max_price', 'MIN_MAX_PRICE', withoutMax),
    forgetting('vat', 'VAT_MISSING', untaxed),
  ]
}

function candidatesOf({ check, verdict, otherTariffs = [] }: DiagnoseInput): Candidate[] {
  const { tariff, usage, policy } = check
  return [
    ...(['session', 'session_unmetered', 'frozen'].includes(verdict.usage_basis ?? 'record')
      ? [{ setting: 'usage', value: 'record', reason: 'USAGE_NOT_PROVEN' as const, usage }]
      : []),
    ...otherTariffs.map((other) => ({
      setting: 'tariff',
      value: other.ref,
      reason: 'TARIFF_CHANGED' as const,
      tariff: other.tariff,
    })),
    ...policyCandidates(policy),
    ...forgetfulTariffs(tariff),
    {
      setting: 'usage.time_zone',
      value: 'UTC',
      reason: 'TIME_ZONE_UNKNOWN',
      usage: { ...usage, time_zone: 'UTC' },
    },
  ]
}

/** A record of so many periods is rated a few times at most; its total is then left unexplained. */
const periodsMax = 2_000

/** The rated total in the terms the claim is stated in: with VAT, or without where the record gives no total with it. */
function totalOf(rating: Rating, claim: CdrClaim): Money {
  return claim.total_incl_vat === null ? rating.totals.net : rating.totals.gross
}

function reproduce(input: DiagnoseInput): Reproduction[] {
  const { check } = input
  const { claim, currency } = check
  if (check.usage.periods.length > periodsMax) return []
  const stated = claim.total_incl_vat ?? claim.total_excl_vat
  if (stated === null) return []
  const claimed = round(exact(stated), currency)
  const found: Reproduction[] = []
  // A record that is right on its own usage is wrong in nothing else.
  const plain = rate({ tariff: check.tariff, usage: check.usage, policy: check.policy })
  const isRightByItself = plain.ok && totalOf(plain.rating, claim).amount === claimed.amount
  const candidates = candidatesOf(input).filter(
    ({ setting }) => !isRightByItself || setting === 'usage',
  )
  for (const candidate of candidates) {
    const result = rate({
      tariff: candidate.tariff ?? check.tariff,
      usage: candidate.usage ?? check.usage,
      policy: candidate.policy ?? check.policy,
    })
    if (!result.ok || result.rating.currency !== currency) continue
    const total = totalOf(result.rating, claim)
    const { setting, value, reason } = candidate
    if (total.amount === claimed.amount) found.push({ setting, value, reason, total })
  }
  // An engine that one switch explains already adds nothing but its name; it stays, without a reason of its own.
  return found
}

function linesOf(claim: CdrClaim, rating: Rating | null): Diagnosis['lines'] {
  const ours = new Map<string, { net: Decimal }>(Object.entries(rating?.dimensions ?? {}))
  const dimensions = ['FLAT', 'ENERGY', 'TIME', 'PARKING_TIME', 'RESERVATION'] as const
  return dimensions.flatMap((dimension) => {
    const claimed = claim.costs?.[dimension]
    if (claimed === undefined) return []
    const own = ours.get(dimension)?.net ?? '0'
    const difference = format(minus(exact(claimed), exact(own)))
    return [{ dimension, ours: own, claimed, difference }]
  })
}

/** Hours within which a stated total time is that of the periods: a minute, and the four decimals of OCPI. */
const hoursTolerance = exact('0.0167')

/** Whether the stated total of occupying without charging is that of the periods, where it is stated. */
function timesSum({ total_parking_time_h: stated }: CdrClaim, { periods }: UsageRecord): boolean {
  if (stated === undefined) return true
  const total = periods.reduce(
    (sum, period) => plus(sum, exact(period.parking_time_h ?? '0')),
    zero,
  )
  const apart = minus(exact(stated), total)
  return (
    compareExact(apart, hoursTolerance) <= 0 &&
    compareExact(minus(zero, apart), hoursTolerance) <= 0
  )
}

const ofRule: Partial<Record<VerdictRule, [DisputeReason, string]>> = {
  currency_mismatch: ['CURRENCY_MISMATCH', 'the record is in another currency than the quote'],
  periods_do_not_sum: ['PERIODS_DO_NOT_SUM', 'the energy of the periods is not total_energy'],
  energy_differs_from_session: [
    'USAGE_NOT_PROVEN',
    "the energy is not that of the session's own readings",
  ],
  time_differs_from_session: [
    'USAGE_NOT_PROVEN',
    "start or end are not those of the session's own readings",
  ],
  time_not_proven: [
    'USAGE_NOT_PROVEN',
    'charging and occupying are not split as the readings show',
  ],
  fees_frozen: ['USAGE_NOT_PROVEN', 'time after the charger had taken a stop is not billed'],
  meter_signature_invalid: [
    'SIGNED_VALUE_INVALID',
    'the signed meter values do not hold against the registered key of the meter',
  ],
  meter_signature_missing: [
    'SIGNED_VALUE_MISSING',
    'the record lacks the signed values of a meter whose key is registered',
  ],
  signed_energy_differs: [
    'SIGNED_VALUE_MISMATCH',
    'the meter signed another energy than the record states',
  ],
  tariff_mismatch: ['TARIFF_CHANGED', 'the record names another tariff than the quote locked'],
  duplicate_record: ['DUPLICATE_CDR', 'another record of this session was accepted before'],
  record_too_old: ['CDR_TOO_LATE', 'the record came after the time the contract gives for it'],
  charged_before: [
    'CDR_TOO_LATE',
    'the driver had paid by our own readings when the record came, and pays no more for it',
  ],
}

/** Notes of our own rating say where two honest readings may part. */
const noteReasons: Record<string, DisputeReason> = {
  PERIOD_SPANS_PRICE_CHANGE: 'PERIOD_SPANS_PRICE_CHANGE',
  RESTRICTION_DATA_MISSING: 'RESTRICTION_DATA_MISSING',
  HOURS_ROUNDED: 'HOURS_ROUNDED',
  STEP_SIZE: 'STEP_SIZE',
  MIN_MAX_PRICE: 'MIN_MAX_PRICE',
  VAT_MISSING: 'VAT_MISSING',
  UNPRICED_QUANTITY: 'UNPRICED_QUANTITY',
}

type Reasons = Map<DisputeReason, Diagnosis['reasons'][number]>

function reasonsOfRefusal(reasons: Reasons, { verdict }: DiagnoseInput): void {
  if (verdict.rating !== null || verdict.detail === null) return
  const add = (code: DisputeReason) =>
    reasons.set(code, { code, certainty: 'shown', detail: verdict.detail ?? '' })
  if (/in force/.test(verdict.detail)) add('TARIFF_NOT_ACTIVE')
  if (/time_zone/.test(verdict.detail)) add('TIME_ZONE_UNKNOWN')
  if (/^usage\.periods.*(order|before|overlap)/.test(verdict.detail)) add('PERIODS_OUT_OF_ORDER')
}

function reasonsOf(
  input: DiagnoseInput,
  lines: Diagnosis['lines'],
  found: readonly Reproduction[],
): Diagnosis['reasons'] {
  const { check, verdict } = input
  const reasons: Reasons = new Map()
  const add = (code: DisputeReason, certainty: 'shown' | 'possible', detail: string) => {
    if (!reasons.has(code)) reasons.set(code, { code, certainty, detail })
  }
  for (const rule of verdict.rules) {
    const known = ofRule[rule]
    if (known !== undefined) add(known[0], 'shown', known[1])
  }
  reasonsOfRefusal(reasons, input)
  if (!timesSum(check.claim, check.usage))
    add('PERIODS_DO_NOT_SUM', 'shown', 'the times of the periods are not the stated total time')
  for (const { setting, value, reason } of found)
    if (setting !== 'engine') add(reason, 'shown', `${setting} ${value} gives the record's total`)
  const reserved = lines.find((line) => line.dimension === 'RESERVATION')
  if (reserved !== undefined && compareExact(exact(reserved.difference), zero) !== 0)
    add('RESERVATION_UNPRICED', 'shown', 'the reservation is priced otherwise')
  const isExplained = [...reasons.values()].some((reason) => reason.certainty === 'shown')
  if (isExplained) return [...reasons.values()]
  for (const { code } of verdict.rating?.notes ?? []) {
    const reason = noteReasons[code]
    if (reason !== undefined) add(reason, 'possible', 'our rating met this on the way')
  }
  const { claim } = check
  if (claim.tariff_hash === null && (claim.tariff_ids ?? []).length === 0)
    add('TARIFF_MISSING', 'possible', 'the record does not say by which tariff it was priced')
  if (found.length > 0) add('ROUNDING', 'possible', 'only a whole engine reproduces the total')
  return [...reasons.values()]
}

/** The reasons of a record that was put aside before its price was looked at. */
export function reasonsOfRules(rules: readonly VerdictRule[]): Diagnosis {
  const reasons = rules.flatMap((rule) => {
    const known = ofRule[rule]
    if (known === undefined) return []
    const [code, detail] = known
    return [{ code, certainty: 'shown' as const, detail }]
  })
  return { reasons, lines: [], reproduced_by: [] }
}

/** Whether anything is left to explain: a record at the price needs no reasons. */
function isClean({ rules, kind }: Verdict): boolean {
  return rules.length === 0 && (kind === 'accepted' || kind === 'closed_zero')
}

/**
 * Explains a verdict to the CPO. Pure; rates the record up to some twenty times, so it runs where a record is judged
 * and not where a price is shown.
 */
export function diagnose(input: DiagnoseInput): Diagnosis {
  const { check, verdict } = input
  const lines = linesOf(check.claim, verdict.rating)
  if (isClean(verdict)) return { reasons: [], lines, reproduced_by: [] }
  const differs = verdict.ours !== null && verdict.claimed?.amount !== verdict.ours.amount
  const found = differs ? reproduce(input) : []
  return { reasons: reasonsOf(input, lines, found), lines, reproduced_by: found }
}
