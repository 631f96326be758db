/** What of a sale's price is given back on request: the price falls, and with it every share and its tax in proportion. */
import type { Money } from '@chargelane/openapi/vocabulary/money'
import { assert } from '../assert.ts'
import { allocate, minimum, money, subtract, sum } from '../money.ts'
import type { Totals } from '../rating/policy.ts'
import { splitSale } from '../split/sale.ts'
import { dueOf, type Split, type SplitInput } from '../split/split.ts'
import { collectedAt } from './cover.ts'
import type { SaleState } from './sale.ts'

/** Of the sale's price before anything was given back, how much was, in all. */
export type GivenBack = { amount: Money; of: Totals }

/** The share of an amount, half away from zero, so that what is given back mirrors what was taken. */
function shareOf(part: Money, left: Money, whole: Money): Money {
  if (whole.amount === 0) return money(0, part.currency)
  const [total, of] = [BigInt(part.amount) * BigInt(left.amount), BigInt(whole.amount)]
  return money(Number((2n * total + of) / (2n * of)), part.currency)
}

/** A price less what was given back of it; each line of tax falls as its gross does. */
export function lessGivenBack({ amount, of }: GivenBack): Totals {
  const { currency } = of.gross
  const gross = subtract(of.gross, amount)
  assert(gross.amount >= 0 && amount.amount >= 0, 'no more is given back than the price')
  if (of.vat_lines.length === 0) {
    const vat = shareOf(of.vat, gross, of.gross)
    return { gross, vat, net: subtract(gross, vat), vat_lines: [] }
  }
  const weights = of.vat_lines.map((line) => line.gross.amount)
  const parts = weights.some((weight) => weight > 0) ? allocate(gross, weights) : []
  const vat_lines = of.vat_lines.map((line, index) => {
    const part = parts[index] ?? money(0, currency)
    const vat = shareOf(line.vat, part, line.gross)
    return { ...line, gross: part, vat, net: subtract(part, vat) }
  })
  const vat = sum(
    vat_lines.map((line) => line.vat),
    currency,
  )
  return { gross, vat, net: subtract(gross, vat), vat_lines }
}

export type Reduced = { state: SaleState; splitInput: SplitInput; payerGets: Money }

/** The sale with this much of its price given back in all, and what of it the payer gets of what was captured. */
function reducedTo(before: SaleState, input: SplitInput, givenBack: GivenBack): Reduced {
  const sale = lessGivenBack(givenBack)
  const { plan, ...rest } = input
  // What a plan pays is never more than the price.
  const pays = plan && { ...plan, amount: minimum(plan.amount, sale.gross) }
  const splitInput = {
    ...rest,
    sale,
    whole: givenBack.of,
    ...(pays && pays.amount.amount > 0 ? { plan: pays } : {}),
  }
  const made = splitSale(splitInput)
  assert(made.ok, `the reduced sale cannot be split: ${made.ok ? '' : made.message}`)
  const split: Split = made.split
  const collected = collectedAt(before.collected, dueOf(split))
  return {
    state: { ...before, split, collected, givenBack },
    splitInput,
    payerGets: subtract(before.collected.captured, collected.captured),
  }
}

/** The price before anything was given back, and how much of it was. */
const known = ({ givenBack }: SaleState, { sale }: SplitInput): GivenBack =>
  givenBack ?? { amount: money(0, sale.gross.currency), of: sale }

/** The sale at this price, tax included, which is not above what it costs now. */
export function saleAtPrice(before: SaleState, input: SplitInput, price: Money): Reduced {
  const { of } = known(before, input)
  assert(price.amount <= input.sale.gross.amount, 'a price that is given back falls')
  return reducedTo(before, input, { of, amount: subtract(of.gross, price) })
}

/** Prices tried beside the one that a search finds: rounding may move the due by a cent against the price. */
const besides = [3, 2, 1, 0, -1, -2, -3]

/**
 * The sale with so much given back that its driver has to pay this much less. Where a partner pays a part of the price
 * out of its own share, the price falls by more than that; all that the driver pays is all of the price but a plan's part.
 */
export function reducedSale(before: SaleState, input: SplitInput, amount: Money): Reduced {
  const { gross } = input.sale
  const at = (price: number) => saleAtPrice(before, input, money(price, gross.currency))
  const dueAt = (price: number) => dueOf(at(price).state.split).amount
  const wanted = dueOf(before.split).amount - amount.amount
  if (wanted <= 0) return at(Math.min(input.plan?.amount.amount ?? 0, gross.amount))
  // What the driver pays grows with the price: the highest at which it is no more than wanted.
  let [low, high] = [0, gross.amount]
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (dueAt(middle) <= wanted) low = middle
    else high = middle - 1
  }
  const prices = besides.map((step) => low + step)
  const isPrice = (price: number) => price >= 0 && price <= gross.amount
  return at(prices.find((price) => isPrice(price) && dueAt(price) === wanted) ?? low)
}
