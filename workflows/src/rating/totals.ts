/** From exact amounts to money: the price limits, and the one rounding the policy names. */
import type { Currency, Decimal, Money } from '@chargelane/openapi/vocabulary/money'
import type { PriceLimit, Tariff } from '@chargelane/openapi/vocabulary/tariff'
import {
  allocate,
  compareExact,
  type Exact,
  exact,
  grossToNet,
  minus,
  money,
  netToGross,
  plus,
  ratioOf,
  round,
  sum,
  times,
  zero,
} from '../money.ts'
import type { RatingPolicy, Totals, VatLine } from './rating.ts'

export type ExactPair = { net: Exact; gross: Exact }

export const noCost: ExactPair = { net: zero, gross: zero }

export function addPair(a: ExactPair, b: ExactPair): ExactPair {
  return { net: plus(a.net, b.net), gross: plus(a.gross, b.gross) }
}

export function subtractPair(a: ExactPair, b: ExactPair): ExactPair {
  return { net: minus(a.net, b.net), gross: minus(a.gross, b.gross) }
}

/** Digits kept when a limit without its own gross amount is carried over by the session's tax ratio. */
const ratioDigits = 18

function limited(
  cost: ExactPair,
  limit: PriceLimit,
  side: 1 | -1,
  unpricedFactor: Exact,
  policy: RatingPolicy['clamp_vat'],
): ExactPair {
  const crosses = (value: Exact, bound: Exact) => compareExact(value, bound) === -side
  const bound = exact(limit.excl_vat)
  const grossBound = limit.incl_vat === undefined ? undefined : exact(limit.incl_vat)
  const moved = crosses(cost.net, bound)
  let { gross } = cost
  if (moved && (policy === 'ratio' || grossBound === undefined)) {
    gross =
      compareExact(cost.net, zero) === 0
        ? times(bound, unpricedFactor)
        : ratioOf(bound, cost.gross, cost.net, ratioDigits)
  }
  if (grossBound !== undefined && crosses(gross, grossBound)) gross = grossBound
  return { net: moved ? bound : cost.net, gross }
}

/** OCPI 2.2.1 §11.3.1: a session costs at least min_price and at most max_price. */
export function clamp(
  cost: ExactPair,
  tariff: Tariff,
  unpricedFactor: Exact,
  policy: RatingPolicy['clamp_vat'],
): { cost: ExactPair; limit: 'min_price' | 'max_price' | null } {
  let current = cost
  let limit: 'min_price' | 'max_price' | null = null
  const apply = (name: 'min_price' | 'max_price', side: 1 | -1) => {
    const bound = tariff[name]
    if (bound === undefined) return
    const next = limited(current, bound, side, unpricedFactor, policy)
    const moved =
      compareExact(next.net, current.net) !== 0 || compareExact(next.gross, current.gross) !== 0
    if (moved) limit = name
    current = next
  }
  apply('min_price', 1)
  apply('max_price', -1)
  return { cost: current, limit }
}

/** Whole weights in the ratio of exact amounts. */
function weightsOf(amounts: readonly Exact[]): bigint[] {
  const scale = Math.max(...amounts.map((amount) => amount.s))
  return amounts.map((amount) => plus(amount, { n: 0n, s: scale }).n)
}

export type RateGroup = { rate: Decimal | null; cost: ExactPair }

function lineOfGross(rate: Decimal | null, gross: Money): VatLine {
  return { rate, ...grossToNet(gross, rate ?? '0') }
}

function sumLines(lines: VatLine[], currency: Currency): Totals {
  const total = (pick: (line: VatLine) => Money) => sum(lines.map(pick), currency)
  return {
    net: total((line) => line.net),
    vat: total((line) => line.vat),
    gross: total((line) => line.gross),
    vat_lines: lines,
  }
}

/**
 * Rounds a session once, as the policy names it, and shares the result over the VAT rates by largest remainder, so
 * that the lines sum to the totals and every line agrees with its own rate.
 */
export function roundTotals(
  cost: ExactPair,
  groups: readonly RateGroup[],
  componentGross: readonly Exact[],
  currency: Currency,
  policy: RatingPolicy['rounding'],
): Totals {
  const basis = (group: RateGroup) =>
    policy === 'net-total-half-away@1' ? group.cost.net : group.cost.gross
  const used = groups.filter((group) => compareExact(basis(group), zero) > 0)
  const rates = used.length > 0 ? used : groups.slice(0, 1)
  const share = (total: Money) =>
    used.length > 1 ? allocate(total, weightsOf(used.map(basis))) : [total]
  let lines: VatLine[]
  if (policy === 'net-total-half-away@1') {
    lines = share(round(cost.net, currency)).map((net, index) => {
      const rate = rates[index]?.rate ?? null
      return { rate, ...netToGross(net, rate ?? '0') }
    })
  } else {
    const total =
      policy === 'gross-component-half-away@1'
        ? sum(
            componentGross.map((gross) => round(gross, currency)),
            currency,
          )
        : round(cost.gross, currency)
    lines = share(total).map((gross, index) => lineOfGross(rates[index]?.rate ?? null, gross))
  }
  return sumLines(lines, currency)
}

/** Totals for another gross amount at the same mix of VAT rates. */
export function totalsOfGross(gross: Money, like: Totals): Totals {
  if (gross.amount === like.gross.amount) return like
  const weights = like.vat_lines.map((line) => line.gross.amount)
  const parts =
    weights.length > 1 && weights.some((weight) => weight > 0)
      ? allocate(gross, weights)
      : [gross, ...weights.slice(1).map(() => money(0, gross.currency))]
  return sumLines(
    parts.map((part, index) => lineOfGross(like.vat_lines[index]?.rate ?? null, part)),
    gross.currency,
  )
}
