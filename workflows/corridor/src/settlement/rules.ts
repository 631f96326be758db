import type { Money } from '@chargelane/openapi/vocabulary/money'
import type { PayableDetail } from '@chargelane/rules/documents'
import { sum } from '@chargelane/rules/money'

export type StatementText = {
  /** What the payee supplied, tax included; negative where it is taken back. */
  supplied: Money
  suppliedVat: Money
  /** What others supplied to the payee and what it gave to the driver (negative), and what it was granted. */
  other: Money
  /** How each leg beside the sale was taxed, in words. */
  tax: string
  /** Rate and source when the amount was converted. */
  conversion: string | null
}

/** One payable's line in words: what the payee supplied, what was taken from it, tax, and the rate if converted. */
export function statementText({ share, lines, rate }: PayableDetail): StatementText {
  const { currency } = share
  const total = (part: 'amount' | 'vat', isSupplied: boolean) =>
    sum(
      lines.filter(({ side }) => (side === 'supplied') === isSupplied).map((line) => line[part]),
      currency,
    )
  const taxes = lines.flatMap(({ what, tax }) =>
    tax === null || what === 'sale' ? [] : [`${what.replaceAll('_', ' ')} ${tax}`],
  )
  return {
    supplied: total('amount', true),
    suppliedVat: total('vat', true),
    other: total('amount', false),
    tax: taxes.join(', '),
    conversion: rate === null ? null : `${currency} at ${rate.rate} (${rate.source}, ${rate.asOf})`,
  }
}

/** When a payout's booking is asked for again: soon at first, every half hour later. Seconds. */
export function nextLookS(look: number): number {
  return Math.min(2 ** look, 1_800)
}

/** Looks that fit into the 48 hours, after which the payout is reported as stuck. */
export const looksMax = 106

/** A bank transfer comes back within days; what is older was taken long ago. */
export const returnsWithinMs = 30 * 86_400_000
