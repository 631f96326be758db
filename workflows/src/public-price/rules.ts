/** The driver pays what the quote's rule gives on proven usage, and never more than the CPO itself asks. */
import type { Currency, Decimal, Money } from '@chargelane/openapi/vocabulary/money'
import type { Tariff } from '@chargelane/openapi/vocabulary/tariff'
import type { UsageRecord } from '@chargelane/openapi/vocabulary/usage'
import {
  compare,
  compareExact,
  type Exact,
  exact,
  fitsMoney,
  isKnownCurrency,
  minus,
  money,
  ratioOf,
  round,
  subtract,
  times,
  zero,
} from '../money.ts'
import {
  energyOf,
  rate,
  type Rating,
  type RatingPolicy,
  type Totals,
  totalsOfGross,
} from '../rating/rules.ts'

export type CdrClaim = {
  currency: Currency
  /** Totals as the CPO's record states them, decimal text in major units; OCPI lets incl_vat be absent. */
  total_excl_vat: Decimal
  total_incl_vat: Decimal | null
  /** SHA-256 (hex) of the canonical tariff the record embeds; null when it embeds none. */
  tariff_hash: string | null
  total_energy_kwh: Decimal
}

/** Rules that spoke, by id; the CPO is shown them with the proof. */
export type VerdictRule =
  | 'currency_mismatch'
  | 'total_negative'
  | 'unpriceable'
  | 'zero_session'
  | 'zero_cost_for_energy'
  | 'periods_do_not_sum'
  | 'energy_differs_from_session'
  | 'tariff_mismatch'
  | 'within_rounding'
  | 'cpo_asks_less'
  | 'cpo_asks_more'

export type Verdict = {
  kind: 'accepted' | 'accepted_with_adjustment' | 'quarantined' | 'rejected' | 'closed_zero'
  rules: VerdictRule[]
  /** What the driver pays; null while the record is quarantined or rejected. */
  payable: Totals | null
  /** What the CPO asks above the payable gross, and where it is booked; null when nothing is payable. */
  difference: { amount: Money; destination: 'none' | 'rounding' | 'suspense' } | null
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
  /** The tariff the quote locked, with the policy and the hash the quote recorded. */
  tariff: Tariff
  tariffHash: string
  policy: RatingPolicy
  /** Currency of the quote. */
  currency: Currency
  /** Energy proven by the session itself in kWh, where it is; a record far from it is quarantined. */
  sessionEnergyKwh?: Decimal
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

/** Faults that end the check before a price is worth computing. */
function findFault(input: CheckInput, energy: Exact): Stop | undefined {
  const { claim, tariff, currency } = input
  if (claim.currency !== currency || tariff.currency !== currency || !isKnownCurrency(currency))
    return {
      kind: 'rejected',
      rule: 'currency_mismatch',
      detail: `the record is in ${claim.currency}, the tariff in ${tariff.currency}, the quote in ${currency}`,
    }
  const totals = [claim.total_excl_vat, claim.total_incl_vat ?? '0'].map(exact)
  if (totals.some((total) => compareExact(total, zero) < 0))
    return { kind: 'rejected', rule: 'total_negative', detail: 'total_cost must not be negative' }
  if (totals.some((total) => !fitsMoney(total, currency)))
    return { kind: 'rejected', rule: 'unpriceable', detail: 'total_cost is beyond any session' }
  if (!sameEnergy(energy, exact(claim.total_energy_kwh)))
    return {
      kind: 'quarantined',
      rule: 'periods_do_not_sum',
      detail: 'the energy of the charging periods does not sum to total_energy',
    }
  if (input.sessionEnergyKwh !== undefined && !sameEnergy(energy, exact(input.sessionEnergyKwh)))
    return {
      kind: 'quarantined',
      rule: 'energy_differs_from_session',
      detail: 'the energy of the record is not the energy of the session',
    }
  return undefined
}

/** The claim including VAT; where the record states none, its net amount at the VAT of our own rating. */
function claimedGross(claim: CdrClaim, rating: Rating, currency: Currency): Money {
  if (claim.total_incl_vat !== null) return round(exact(claim.total_incl_vat), currency)
  const [net, gross] = [exact(rating.exact.net), exact(rating.exact.gross)]
  const claimed = exact(claim.total_excl_vat)
  return round(net.n === 0n ? claimed : ratioOf(claimed, gross, net, 18), currency)
}

function zeroTotals(currency: Currency): Totals {
  const nothing = money(0, currency)
  return { net: nothing, vat: nothing, gross: nothing, vat_lines: [] }
}

function closedZero(currency: Currency, rating: Rating | null): Verdict {
  const nothing = money(0, currency)
  return {
    kind: 'closed_zero',
    rules: ['zero_session'],
    payable: zeroTotals(currency),
    difference: { amount: nothing, destination: 'none' },
    ours: rating?.totals.gross ?? null,
    claimed: nothing,
    rating,
    detail: null,
  }
}

/** One minor unit either way is rounding between two honest parties (failures F42). */
const roundingToleranceMinor = 1

function decide(rating: Rating, claimed: Money, rules: VerdictRule[]): Verdict {
  const ours = rating.totals.gross
  const excess = subtract(claimed, ours)
  const nothing = money(0, ours.currency)
  const rounding = Math.abs(excess.amount) <= roundingToleranceMinor
  const asksMore = compare(excess, nothing) > 0
  if (excess.amount !== 0)
    rules.push(rounding ? 'within_rounding' : asksMore ? 'cpo_asks_more' : 'cpo_asks_less')
  return {
    kind: asksMore && !rounding ? 'accepted_with_adjustment' : 'accepted',
    rules,
    payable: asksMore ? rating.totals : totalsOfGross(claimed, rating.totals),
    difference: asksMore
      ? { amount: excess, destination: rounding ? 'rounding' : 'suspense' }
      : { amount: nothing, destination: 'none' },
    ours,
    claimed,
    rating,
    detail: null,
  }
}

/**
 * Checks a CPO's record against the price the quote locked, on the record's own periods. Failures F36, F37, F40, F42
 * and F43 decide; the driver never pays more than the quote's rule gives, nor more than the CPO asks.
 */
export function checkPublicPrice(input: CheckInput): Verdict {
  const { claim, usage, tariff, policy, currency } = input
  const energy = exact(energyOf(usage))
  const fault = findFault(input, energy)
  if (fault !== undefined) return stopped(fault)
  const result = rate({ tariff, usage, policy })
  const asksNothing =
    exact(claim.total_excl_vat).n === 0n && exact(claim.total_incl_vat ?? '0').n === 0n
  if (asksNothing && energy.n === 0n) return closedZero(currency, result.ok ? result.rating : null)
  if (!result.ok)
    return stopped({
      kind: 'quarantined',
      rule: 'unpriceable',
      detail: `${result.path}: ${result.message}`,
    })
  const { rating } = result
  // A total of zero for delivered energy is an unpriced record far more often than a gift: absence is not "free".
  if (asksNothing && rating.totals.gross.amount > 0)
    return stopped(
      {
        kind: 'quarantined',
        rule: 'zero_cost_for_energy',
        detail: 'the record states energy at no cost although the public tariff has a price',
      },
      rating,
    )
  const mismatch = claim.tariff_hash !== null && claim.tariff_hash !== input.tariffHash
  return decide(rating, claimedGross(claim, rating, currency), mismatch ? ['tariff_mismatch'] : [])
}
