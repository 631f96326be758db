/** From exact amounts to money: the price limits, and the one rounding the policy names. */
import type { Currency, Decimal, Money } from '@chargelane/openapi/vocabulary/money'
import {
  compareExact,
  divideHalfAway,
  type Exact,
  exactOf,
  minus,
  plus,
  ratioOf,
  times,
  zero,
} from '../exact.ts'
import { allocate, grossToNet, money, round, sum } from '../money.ts'
import type { CompiledComponent, CompiledLimit, CompiledTariff } from './compile.ts'
import type { RatingPolicy, Totals, VatLine } from './policy.ts'
import { type Scale, tenTo } from './scale.ts'

export type ExactPair = { net: Exact; gross: Exact }

export const noCost: ExactPair = { net: zero, gross: zero }

export function addPair(a: ExactPair, b: ExactPair): ExactPair {
  return { net: plus(a.net, b.net), gross: plus(a.gross, b.gross) }
}

export function subtractPair(a: ExactPair, b: ExactPair): ExactPair {
  return { net: minus(a.net, b.net), gross: minus(a.gross, b.gross) }
}

/** Digits kept where an amount is divided: a limit carried over by a tax ratio, a net price out of a gross one. */
const ratioDigits = 18
const one = exactOf(1)

/** What a quantity costs by a component: kWh, seconds (priced per hour) or sessions at the rating's scale. */
export function costOf(by: CompiledComponent, billed: bigint, scale: Scale): ExactPair {
  const isTimed = by.type === 'TIME' || by.type === 'PARKING_TIME'
  const decimals = by.priceDecimals + scale
  // A second is 25 / (9 · 10^4) hours, and an exact number counts ninths.
  const stated = isTimed
    ? { n: by.price * billed * 25n, s: decimals + 4 }
    : { n: by.price * billed * 9n, s: decimals }
  if (!by.taxIncluded)
    return { net: stated, gross: { n: stated.n * by.factor, s: stated.s + by.factorDecimals } }
  const factor = { n: by.factor * 9n, s: by.factorDecimals }
  return { net: ratioOf(stated, one, factor, ratioDigits), gross: stated }
}

const isBelow = (a: Exact, b: Exact) => compareExact(a, b) < 0
const larger = (a: Exact, b: Exact | undefined) => (b !== undefined && isBelow(a, b) ? b : a)
const smaller = (a: Exact, b: Exact | undefined) => (b !== undefined && isBelow(b, a) ? b : a)

/** Net moves to a limit and gross follows it once, by the session's own ratio; then the gross limits bound that. */
function clampByRatio(
  cost: ExactPair,
  { minPrice, maxPrice }: CompiledTariff,
  unpricedFactor: () => Exact,
): ExactPair {
  const net = smaller(larger(cost.net, minPrice?.net), maxPrice?.net)
  const followed =
    compareExact(net, cost.net) === 0
      ? cost.gross
      : cost.net.n === 0n
        ? times(net, unpricedFactor())
        : ratioOf(net, cost.gross, cost.net, ratioDigits)
  const gross = smaller(larger(followed, minPrice?.gross), maxPrice?.gross)
  // A most including tax below the net amount leaves no tax that could be: it bounds both.
  const most = maxPrice?.gross
  const isContradicted = isBelow(gross, net) && most !== undefined && !isBelow(gross, most)
  return { net: isContradicted ? gross : net, gross }
}

/** One limit on net and gross each by itself. A gross the limit does not state follows the net, or stays. */
function clampApart(
  cost: ExactPair,
  limit: CompiledLimit | undefined,
  bounded: typeof larger,
  follow: (net: Exact) => Exact,
): ExactPair {
  if (limit === undefined) return cost
  const net = bounded(cost.net, limit.net)
  const hasMoved = compareExact(net, cost.net) !== 0
  const gross = hasMoved && limit.gross === undefined ? follow(net) : cost.gross
  return { net, gross: bounded(gross, limit.gross) }
}

function limited(
  cost: ExactPair,
  tariff: CompiledTariff,
  unpricedFactor: () => Exact,
  policy: RatingPolicy['clamp_vat'],
): ExactPair {
  if (policy === 'ratio') return clampByRatio(cost, tariff, unpricedFactor)
  const follow = (from: ExactPair) => (net: Exact) => {
    if (policy === 'stated_only') return larger(from.gross, net)
    return from.net.n === 0n
      ? times(net, unpricedFactor())
      : ratioOf(net, from.gross, from.net, ratioDigits)
  }
  const raised = clampApart(cost, tariff.minPrice, larger, follow(cost))
  return clampApart(raised, tariff.maxPrice, smaller, follow(raised))
}

/** OCPI 2.2.1 §11.3.1: a session costs at least min_price and at most max_price. */
export function clamp(
  cost: ExactPair,
  tariff: CompiledTariff,
  unpricedFactor: () => Exact,
  policy: RatingPolicy['clamp_vat'],
): { cost: ExactPair; limit: 'min_price' | 'max_price' | null } {
  if (tariff.minPrice === undefined && tariff.maxPrice === undefined) return { cost, limit: null }
  const result = limited(cost, tariff, unpricedFactor, policy)
  const sides = [compareExact(result.net, cost.net), compareExact(result.gross, cost.gross)]
  const limit = sides.includes(-1) ? 'max_price' : sides.includes(1) ? 'min_price' : null
  return { cost: result, limit }
}

/** Whole weights in the ratio of exact amounts of one sign. */
function weightsOf(amounts: readonly Exact[]): bigint[] {
  const scale = Math.max(...amounts.map((amount) => amount.s))
  return amounts.map((amount) => {
    const weight = plus(amount, { n: 0n, s: scale }).n
    return weight < 0n ? -weight : weight
  })
}

/**
 * A rounded total over exact parts. Parts of one sign share it by largest remainder; where energy was also fed back,
 * each part is rounded by itself and the largest takes the minor unit that is left.
 */
function shareOut(total: Money, parts: readonly Exact[]): Money[] {
  if (parts.length <= 1) return [total]
  const isMixed = parts.some((part) => part.n > 0n) && parts.some((part) => part.n < 0n)
  if (!isMixed) return allocate(total, weightsOf(parts))
  const rounded = parts.map((part) => round(part, total.currency))
  const left = total.amount - rounded.reduce((all, part) => all + part.amount, 0)
  const sizes = rounded.map((part) => Math.abs(part.amount))
  const largest = sizes.indexOf(Math.max(...sizes))
  return rounded.map((part, index) =>
    index === largest ? money(part.amount + left, part.currency) : part,
  )
}

/** What one VAT rate was charged on; `factor` is 1 + rate times 10^factorDecimals. */
export type RateGroup = {
  rate: Decimal | null
  factor: bigint
  factorDecimals: number
  cost: ExactPair
}

/** The tax is taken out of a gross amount: net is rounded once and the tax is the rest. */
function lineOfGross(group: Omit<RateGroup, 'cost'>, gross: Money): VatLine {
  const net = divideHalfAway(BigInt(gross.amount) * tenTo(group.factorDecimals), group.factor)
  return lineOf(group.rate, money(Number(net), gross.currency), gross)
}

/** The tax is put on a net amount and rounded once. */
function lineOfNet(group: RateGroup, net: Money): VatLine {
  const unit = tenTo(group.factorDecimals)
  const vat = divideHalfAway(BigInt(net.amount) * (group.factor - unit), unit)
  return lineOf(group.rate, net, money(net.amount + Number(vat), net.currency))
}

function lineOf(rate: Decimal | null, net: Money, gross: Money): VatLine {
  return { rate, net, vat: money(gross.amount - net.amount, gross.currency), gross }
}

function sumLines(lines: VatLine[], currency: Currency): Totals {
  let net = 0
  let gross = 0
  for (const line of lines) {
    net += line.net.amount
    gross += line.gross.amount
  }
  return {
    net: money(net, currency),
    vat: money(gross - net, currency),
    gross: money(gross, currency),
    vat_lines: lines,
  }
}

/**
 * Rounds a session once, as the policy names it, and shares the result over the VAT rates by largest remainder, so
 * that the lines sum to the totals and every line agrees with its own rate. `parts` are the gross amounts that a
 * policy by component rounds one by one.
 */
export function roundTotals(
  cost: ExactPair,
  groups: readonly RateGroup[],
  parts: () => readonly Exact[],
  currency: Currency,
  policy: RatingPolicy['rounding'],
): Totals {
  const isNet = policy === 'net-total-half-away@1'
  const basis = (group: RateGroup) => (isNet ? group.cost.net : group.cost.gross)
  const used = groups.filter((group) => basis(group).n !== 0n)
  const rates = used.length > 0 ? used : groups.slice(0, 1)
  const total = isNet
    ? round(cost.net, currency)
    : policy === 'gross-component-half-away@1'
      ? sum(
          parts().map((gross) => round(gross, currency)),
          currency,
        )
      : round(cost.gross, currency)
  const shares = shareOut(total, rates.map(basis))
  const line = isNet ? lineOfNet : lineOfGross
  return sumLines(
    rates.map((group, index) => line(group, shares[index] ?? money(0, currency))),
    currency,
  )
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
    parts.map((part, index) => ({
      rate: like.vat_lines[index]?.rate ?? null,
      ...grossToNet(part, like.vat_lines[index]?.rate ?? '0'),
    })),
    gross.currency,
  )
}
