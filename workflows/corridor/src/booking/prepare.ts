// Who gets what of a sale. A step computes it, so that a sale which cannot be shared waits for a person.
import { assert } from '@chargelane/rules/assert'
import { splitSale } from '@chargelane/rules/split/sale'
import type { Split, SplitInput } from '@chargelane/rules/split'
import type { Sharing } from '@chargelane/rules/split/sharing'
import type { Billable } from '../record/rules.ts'
import type { SaleTerms } from './terms.ts'

/** Who gets what, computed before anything is captured: a sale that cannot be shared takes nobody's money. */
export type PreparedSale = { terms: SaleTerms; split: Split; splitInput: SplitInput }

type Shared = Omit<SplitInput, 'sale' | 'plan' | 'sharing' | 'whole'>

/** The sale by what its record says; what came before it in its period stays as it was read the first time. */
export function splitOf(
  input: Shared & { sharing?: Omit<Sharing, 'facts'> },
  billed: Billable,
): { split: Split; splitInput: SplitInput } {
  const { contribution: plan, shared: facts } = billed
  const { sharing, ...rest } = input
  assert(sharing === undefined || facts !== undefined, 'a billed record says what was delivered')
  const splitInput: SplitInput = {
    ...rest,
    ...(sharing === undefined || facts === undefined ? {} : { sharing: { ...sharing, facts } }),
    sale: billed.totals,
    ...(plan === undefined ? {} : { plan }),
  }
  const result = splitSale(splitInput)
  assert(result.ok, `the sale cannot be split: ${result.ok ? '' : result.message}`)
  return { split: result.split, splitInput }
}

export function prepareSale(terms: SaleTerms, billed: Billable): PreparedSale {
  const { debtor: _debtor, payouts: _payouts, rates: _rates, fresh: _fresh, ...input } = terms
  return { terms, ...splitOf(input, billed) }
}
