import type { Money } from '@chargelane/openapi/vocabulary/money'
import type { PayableDetail } from '@chargelane/rules/documents'
import { negate } from '@chargelane/rules/money'

export type StatementText = {
  sale: Money | null
  saleVat: Money | null
  commission: Money | null
  tax: string
  conversion: string | null
}

/** One payable's line in words: the public price, the commission taken from it, tax, and the rate if converted. */
export function statementText(detail: PayableDetail): StatementText {
  const { sale, sale_vat, commission, tax, share, conversion } = detail
  return {
    sale: sale ?? null,
    saleVat: sale_vat ?? null,
    commission: commission === undefined ? null : negate(commission),
    tax,
    conversion:
      conversion.path === 'identity'
        ? null
        : `${share.currency} at ${conversion.rate} (${conversion.source}, ${conversion.asOf})`,
  }
}

/** When a payout's booking is asked for again: soon at first, every half hour later. Seconds. */
export function nextLookS(look: number): number {
  return Math.min(2 ** look, 1_800)
}

/** Looks that fit into the 48 hours, after which the payout is reported as stuck. */
export const looksMax = 106
