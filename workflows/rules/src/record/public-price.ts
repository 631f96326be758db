/** The driver pays what the quote's rule gives on proven usage, and never more than the CPO itself asks. */
import type { Currency, Decimal, Money } from '@chargelane/openapi/vocabulary/money'
import type { Tariff } from '@chargelane/openapi/vocabulary/tariff'
import type { UsageRecord } from '@chargelane/openapi/vocabulary/usage'
import { statesSignedEnergy } from '../metering/metering.ts'
import {
  compareExact,
  type Exact,
  exact,
  exactOf,
  minus,
  plus,
  ratioOf,
  times,
  zero,
} from '../exact.ts'
import { compare, fitsMoney, isKnownCurrency, money, round, subtract } from '../money.ts'
import { parseInstant } from '../rating/clock.ts'
import {
  energyOf,
  rate,
  type Rating,
  type RatingPolicy,
  type RatingRefusal,
  type Totals,
  totalsOfGross,
} from '../rating/rating.ts'
import {
  type MeterSignature,
  type OwnUsage,
  type UsageBasis,
  usageBases,
  usageOn,
} from './usage-basis.ts'

export type CdrClaim = {
  currency: Currency
  /**
   * Totals as the CPO's record states them, decimal text in major units; OCPI lets incl_vat be absent. A record of our
   * own node states usage alone: what it asks is the public price of it.
   */
  total_excl_vat: Decimal | null
  total_incl_vat: Decimal | null
  /** SHA-256 (hex) of the canonical tariff the record embeds; null when it embeds none. */
  tariff_hash: string | null
  total_energy_kwh: Decimal
  /** The record's own totals per dimension without VAT, decimal text in major units; only those it states. */
  costs?: Partial<Record<CostDimension, Decimal>>
  /** Hours of the record's total_time and total_parking_time, where it states them. */
  total_time_h?: Decimal
  total_parking_time_h?: Decimal
  /** Ids of the tariffs its charging periods name, as written. */
  tariff_ids?: string[]
}

/** OCPI 2.2.1 §10.3.1: total_fixed_cost, total_energy_cost, total_time_cost, total_parking_cost, total_reservation_cost. */
export type CostDimension = 'FLAT' | 'ENERGY' | 'TIME' | 'PARKING_TIME' | 'RESERVATION'

/** Rules that spoke, by id; the CPO is shown them with the proof. */
export type VerdictRule =
  | 'currency_mismatch'
  | 'total_negative'
  | 'unpriceable'
  | 'zero_session'
  | 'zero_cost_for_energy'
  | 'periods_do_not_sum'
  | 'energy_differs_from_session'
  | 'energy_impossible'
  | 'session_said_less'
  | 'time_differs_from_session'
  | 'time_not_proven'
  | 'usage_of_session_applies'
  | 'meter_signature_invalid'
  | 'meter_signature_missing'
  | 'signed_energy_differs'
  | 'energy_not_billable'
  | 'signed_energy_applies'
  | 'fees_frozen'
  | 'tariff_mismatch'
  | 'agreed_price_applies'
  | 'within_rounding'
  | 'cpo_asks_less'
  | 'cpo_asks_more'
  | 'session_unknown'
  | 'session_over'
  | 'refused'
  | 'conflicting_content'
  | 'duplicate_record'
  | 'record_too_old'
  | 'charged_before'
  | 'credit_accepted'
  | 'credit_of_billed'
  | 'credit_partial'
  | 'credit_unmatched'
  | 'credited'

export type Verdict = {
  kind: 'accepted' | 'accepted_with_adjustment' | 'quarantined' | 'rejected' | 'closed_zero'
  rules: VerdictRule[]
  /** What the driver pays; null while the record is quarantined or rejected. */
  payable: Totals | null
  /** What the CPO asks above the price of the rule, and where it is booked; null when nothing is payable. */
  difference: { amount: Money; destination: 'none' | 'rounding' | 'suspense' } | null
  /** Present when the price the CPO agreed to for this partner was the lower one. */
  basis?: 'rate_agreement'
  /** What the agreement takes off a claim at the public price; the CPO agreed to it, so nobody disputes it. */
  agreed_reduction?: Money
  /** Present when another usage than the record's was priced; `pricedUsage` gives it. */
  usage_basis?: Exclude<UsageBasis, 'record'>
  /** Gross of our own rating and of the claim, for the CPO to compare. */
  ours: Money | null
  claimed: Money | null
  rating: Rating | null
  /** Why a record could not be priced. */
  detail: string | null
}

export type CheckInput = {
  claim: CdrClaim
  usage: UsageRecord
  /** From when its time costs nothing more: the charger took a stop then, and went on counting (failures F23). */
  frozenAt?: string
  /** The tariff the quote locked, with the policy and the hash the quote recorded. */
  tariff: Tariff
  tariffHash: string
  policy: RatingPolicy
  /** Currency of the quote. */
  currency: Currency
  /** Energy proven by the session itself in kWh, where it is; a record far from it is quarantined, unless `own` is given. */
  sessionEnergyKwh?: Decimal
  /** The price the CPO agreed to for this partner; counts only where it is lower. */
  agreed?: { tariff: Tariff; tariffHash: string }
  /** The session by its own readings, complete from start to end. */
  own?: OwnUsage
  /** What the CPO itself told while it charged, where nobody else read the meter. */
  said?: Said
  /** A person decided that the record counts: what it states is priced, whatever was read of its energy. */
  isAdopted?: true
  /** Absent where no meter key is registered: nothing can be checked then, and nothing changes. */
  meterSignature?: MeterSignature
}

/** A CPO's earlier word is no witness against its record; it tells what is possible (decision 0020). */
export type Said = {
  /** Null where it told nothing. */
  energy_kwh: Decimal | null
  /** The most the connector can have given in the time the word leaves open. */
  possible_kwh: Decimal
}

type Stop = { kind: 'quarantined' | 'rejected'; rule: VerdictRule; detail: string }

function stopped({ kind, rule, detail }: Stop, rating: Rating | null = null): Verdict {
  return {
    kind,
    rules: [rule],
    payable: null,
    difference: null,
    ours: rating?.totals.gross ?? null,
    claimed: null,
    rating,
    detail,
  }
}

/** A record that is put aside before its price is looked at, in the words of every other verdict. */
export function putAside(
  rule: VerdictRule,
  detail: string,
  kind: 'quarantined' | 'rejected' | 'accepted' = 'quarantined',
): Verdict {
  return { ...stopped({ kind: 'quarantined', rule, detail }), kind }
}

function magnitude(value: Exact): Exact {
  return value.n < 0n ? { n: -value.n, s: value.s } : value
}

/** Two energies tell the same story within 0.1 kWh or 1 %, whichever is wider (failures F36). */
function sameEnergy(a: Exact, b: Exact): boolean {
  const distance = magnitude(minus(a, b))
  return (
    compareExact(distance, exact('0.1')) <= 0 ||
    compareExact(distance, times(magnitude(b), exact('0.01'))) <= 0
  )
}

/** Record and session tell the same times within a minute (failures F36). Seconds. */
const timeToleranceS = exactOf(60)

const seconds = (from: string, to: string): Exact =>
  exactOf((parseInstant(to) ?? 0) - (parseInstant(from) ?? 0), 6)

const secondsOfHours = (hours: Decimal | undefined): Exact =>
  times(exact(hours ?? '0'), exactOf(3_600))

const apart = (a: Exact, b: Exact): Exact => magnitude(minus(a, b))

/** Seconds a usage states as charging and as occupying without charging. */
function timesOf(usage: UsageRecord): { charging: Exact; parking: Exact } {
  let [charging, parking] = [zero, zero]
  for (const period of usage.periods) {
    const isStated = period.time_h !== undefined || period.parking_time_h !== undefined
    const length = seconds(period.start, period.end)
    charging = plus(
      charging,
      isStated ? secondsOfHours(period.time_h) : period.charging ? length : zero,
    )
    parking = plus(
      parking,
      isStated ? secondsOfHours(period.parking_time_h) : period.charging ? zero : length,
    )
  }
  return { charging, parking }
}

/**
 * Where the record's usage is further from the session's own readings than the tolerances of failures F36 allow, or
 * calls charging what was occupying and the reverse (failures F41): ±0.1 kWh or 1 %, ±60 s, and for the two kinds of
 * time twice the interval of the readings, because a change of state falls between two of them.
 */
function contradictions(usage: UsageRecord, own: OwnUsage | undefined): VerdictRule[] {
  if (own === undefined) return []
  const rules: VerdictRule[] = []
  if (!sameEnergy(exact(energyOf(usage)), exact(energyOf(own.usage))))
    rules.push('energy_differs_from_session')
  const [length, ownLength] = [usage, own.usage].map((record) =>
    seconds(record.started_at, record.ended_at),
  )
  if (compareExact(apart(length ?? zero, ownLength ?? zero), timeToleranceS) > 0)
    rules.push('time_differs_from_session')
  const [stated, proven] = [timesOf(usage), timesOf(own.usage)]
  const sampled = exactOf(2 * own.resolution_s)
  const tolerance = compareExact(sampled, timeToleranceS) > 0 ? sampled : timeToleranceS
  const exceeds = (kind: 'charging' | 'parking') =>
    compareExact(minus(stated[kind], proven[kind]), tolerance) > 0
  if (exceeds('charging') || exceeds('parking')) rules.push('time_not_proven')
  return rules
}

/** Energy given back is bought from the driver, which no agreement covers yet. */
const negativeDetail = 'a negative total is a payment to the driver, which is not settled as a sale'

/** Faults that end the check before a price is worth computing. */
function findFault(input: CheckInput, energy: Exact): Stop | undefined {
  const { claim, tariff, currency } = input
  if (claim.currency !== currency || tariff.currency !== currency || !isKnownCurrency(currency))
    return {
      kind: 'rejected',
      rule: 'currency_mismatch',
      detail: `the record is in ${claim.currency}, the tariff in ${tariff.currency}, the quote in ${currency}`,
    }
  const totals = [claim.total_excl_vat ?? '0', claim.total_incl_vat ?? '0'].map(exact)
  if (totals.some((total) => compareExact(total, zero) < 0))
    return { kind: 'quarantined', rule: 'total_negative', detail: negativeDetail }
  if (totals.some((total) => !fitsMoney(total, currency)))
    return { kind: 'rejected', rule: 'unpriceable', detail: 'total_cost is beyond any session' }
  if (input.isAdopted === true) return undefined
  if (!sameEnergy(energy, exact(claim.total_energy_kwh)))
    return {
      kind: 'quarantined',
      rule: 'periods_do_not_sum',
      detail: 'the energy of the charging periods does not sum to total_energy',
    }
  if (isImpossible(input, energy))
    return {
      kind: 'quarantined',
      rule: input.said?.energy_kwh === null ? 'energy_impossible' : 'energy_differs_from_session',
      detail: 'the record states more than the connector can have given since it was last told of',
    }
  const read = input.own === undefined ? input.sessionEnergyKwh : undefined
  if (read !== undefined && !sameEnergy(energy, exact(read)))
    return {
      kind: 'quarantined',
      rule: 'energy_differs_from_session',
      detail: 'the energy of the record is not the energy of the session',
    }
  return undefined
}

function isImpossible(input: CheckInput, energy: Exact): boolean {
  const { said, meterSignature } = input
  if (said === undefined || meterSignature?.status === 'valid') return false
  if (said.energy_kwh !== null && !saysLess(input, energy)) return false
  return compareExact(energy, exact(said.possible_kwh)) > 0
}

/** Whether the CPO told less energy while it charged; what its meter signed stands above what it told. */
function saysLess({ said, meterSignature }: CheckInput, energy: Exact): boolean {
  if (said?.energy_kwh == null || meterSignature?.status === 'valid') return false
  const told = exact(said.energy_kwh)
  return compareExact(energy, told) > 0 && !sameEnergy(energy, told)
}

/** The claim including VAT; where the record states none, its net amount at the VAT of our own rating. */
function claimedGross(claim: CdrClaim, rating: Rating, currency: Currency): Money {
  if (claim.total_excl_vat === null) return rating.totals.gross
  if (claim.total_incl_vat !== null) return round(exact(claim.total_incl_vat), currency)
  const [net, gross] = [exact(rating.exact.net), exact(rating.exact.gross)]
  const claimed = exact(claim.total_excl_vat)
  return round(net.n === 0n ? claimed : ratioOf(claimed, gross, net, 18), currency)
}

function closedZero(
  currency: Currency,
  rating: Rating | null,
  rule: 'zero_session' | 'zero_cost_for_energy' = 'zero_session',
): Verdict {
  const nothing = money(0, currency)
  return {
    kind: 'closed_zero',
    rules: [rule],
    payable: { net: nothing, vat: nothing, gross: nothing, vat_lines: [] },
    difference: { amount: nothing, destination: 'none' },
    ours: rating?.totals.gross ?? null,
    claimed: nothing,
    rating,
    detail: null,
  }
}

/** Of minor units, of whatever currency: one either way is rounding between two honest parties (failures F42). */
export const roundingTolerance = 1

type Priced = { rating: Rating; usage: UsageBasis; basis: 'public' | 'rate_agreement' }

/** What the signed values say against the record. */
function signatureRules({ meterSignature, usage }: CheckInput): VerdictRule[] {
  if (meterSignature === undefined) return []
  const { status, energy_kwh: signed, unproven } = meterSignature
  if (status === 'valid')
    return signed === null || statesSignedEnergy(energyOf(usage), signed)
      ? []
      : ['signed_energy_differs']
  const rules: VerdictRule[] = [
    status === 'missing' ? 'meter_signature_missing' : 'meter_signature_invalid',
  ]
  if (unproven === 'energy_not_billable') rules.push('energy_not_billable')
  return rules
}

/**
 * Every price the quote's rule allows: on the record's usage, on what readings prove where they contradict it, and on
 * what the meter signed; by the public tariff and, where the CPO agreed to one, by that. The first is the public price
 * of the record.
 */
function pricesOf(input: CheckInput, bases: readonly UsageBasis[]): Priced[] | RatingRefusal {
  const { agreed, policy } = input
  const priced: Priced[] = []
  const usages = bases.map((kind) => ({ usage: usageOn(input, kind), kind }))
  const tariffs = [
    { tariff: input.tariff, basis: 'public' as const },
    ...(agreed === undefined ? [] : [{ tariff: agreed.tariff, basis: 'rate_agreement' as const }]),
  ]
  for (const { usage, kind } of usages)
    for (const { tariff, basis } of tariffs) {
      const result = rate({ tariff, usage, policy })
      if (!result.ok) return result
      priced.push({ rating: result.rating, usage: kind, basis })
    }
  return priced
}

const gross = ({ rating }: Priced): number => rating.totals.gross.amount

/** The rule that names why another usage than the record's was priced; `energy_not_billable` has spoken already. */
const ruleOfBasis: Partial<Record<UsageBasis, VerdictRule>> = {
  session: 'usage_of_session_applies',
  session_unmetered: 'usage_of_session_applies',
  signed: 'signed_energy_applies',
  frozen: 'fees_frozen',
}

function decide(prices: readonly Priced[], best: Priced, claimed: Money, rules: VerdictRule[]) {
  const { rating } = best
  const ours = rating.totals.gross
  const nothing = money(0, ours.currency)
  // What the agreement took off is no dispute: the price to hold the claim against is the public one.
  const atPublic =
    prices.find(({ usage, basis }) => usage === best.usage && basis === 'public') ?? best
  const ceiling = atPublic.rating.totals.gross
  const excess = subtract(claimed, ceiling)
  const isReduced = best.basis === 'rate_agreement' && compare(claimed, ours) > 0
  const rounding = Math.abs(excess.amount) <= roundingTolerance
  const asksMore = compare(excess, nothing) > 0
  const spoken = ruleOfBasis[best.usage]
  if (spoken !== undefined) rules.push(spoken)
  if (isReduced) rules.push('agreed_price_applies')
  if (excess.amount !== 0 && (asksMore || !isReduced))
    rules.push(rounding ? 'within_rounding' : asksMore ? 'cpo_asks_more' : 'cpo_asks_less')
  const verdict: Verdict = {
    kind: asksMore && !rounding ? 'accepted_with_adjustment' : 'accepted',
    rules,
    payable: compare(claimed, ours) > 0 ? rating.totals : totalsOfGross(claimed, rating.totals),
    difference: asksMore
      ? { amount: excess, destination: rounding ? 'rounding' : 'suspense' }
      : { amount: nothing, destination: 'none' },
    ours,
    claimed,
    rating,
    detail: null,
  }
  if (best.usage !== 'record') verdict.usage_basis = best.usage
  if (isReduced) {
    verdict.basis = 'rate_agreement'
    verdict.agreed_reduction = subtract(compare(excess, nothing) > 0 ? ceiling : claimed, ours)
  }
  return verdict
}

/** Whether the record says it was priced by another tariff than the one the quote locked (failures F37). */
function namesOtherTariff({ claim, tariffHash, tariff, agreed }: CheckInput): boolean {
  if (claim.tariff_hash !== null)
    return claim.tariff_hash !== tariffHash && claim.tariff_hash !== agreed?.tariffHash
  const named = claim.tariff_ids ?? []
  return named.some((id) => id.toLowerCase() !== tariff.id.toLowerCase())
}

/**
 * Checks a CPO's record against the price the quote locked, on the record's own periods. Failures F36, F37, F40 to F43
 * decide; the driver never pays more than the quote's rule gives, nor more than the CPO asks.
 */
export function checkPublicPrice(input: CheckInput): Verdict {
  const { claim, usage, currency } = input
  const energy = exact(energyOf(usage))
  const fault = findFault(input, energy)
  if (fault !== undefined) return stopped(fault)
  const contradicted = contradictions(usage, input.own)
  const rules = [...contradicted, ...signatureRules(input)]
  if (saysLess(input, energy)) rules.push('session_said_less')
  const prices = pricesOf(input, usageBases(input, rules, contradicted.length > 0))
  const first = Array.isArray(prices) ? prices[0] : undefined
  const asksNothing =
    claim.total_excl_vat === null
      ? first === undefined || gross(first) === 0
      : exact(claim.total_excl_vat).n === 0n && exact(claim.total_incl_vat ?? '0').n === 0n
  if (asksNothing && energy.n === 0n) return closedZero(currency, first?.rating ?? null)
  if (!Array.isArray(prices) || first === undefined)
    return stopped({
      kind: 'quarantined',
      rule: 'unpriceable',
      detail: Array.isArray(prices) ? 'no price' : `${prices.path}: ${prices.message}`,
    })
  // Ties stay with the record and the public tariff, which come first.
  const best = prices.reduce((least, next) => (gross(next) < gross(least) ? next : least), first)
  if (gross(best) < 0)
    return stopped(
      { kind: 'quarantined', rule: 'total_negative', detail: negativeDetail },
      best.rating,
    )
  // Nobody pays more than the operator asks (failures F40). That it meant to ask nothing is for the operator to say.
  if (asksNothing && gross(first) > 0 && !rules.includes('energy_not_billable'))
    return closedZero(currency, first.rating, 'zero_cost_for_energy')
  if (namesOtherTariff(input)) rules.push('tariff_mismatch')
  const verdict = decide(prices, best, claimedGross(claim, first.rating, currency), rules)
  return { ...verdict, detail: input.meterSignature?.detail ?? null }
}
