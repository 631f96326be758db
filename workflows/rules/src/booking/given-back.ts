/** What of a sale's price is given back on request: the price falls, and with it every share and its tax in proportion. */
import type { Money } from '@chargelane/openapi/vocabulary/money'
import { assert } from '../assert.ts'
import { add, allocate, money, subtract, sum } from '../money.ts'
import type { Totals } from '../rating/policy.ts'
import { dueOf, type Split, type SplitInput, splitSale } from '../split/split.ts'
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

/** The sale with this much more of its price given back, and what of it the payer gets of what was captured. */
export function reducedSale(before: SaleState, input: SplitInput, amount: Money): Reduced {
  const known = before.givenBack ?? { amount: money(0, amount.currency), of: input.sale }
  const givenBack = { ...known, amount: add(known.amount, amount) }
  const splitInput = { ...input, sale: lessGivenBack(givenBack) }
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
