import type { Money } from '@chargelane/openapi/vocabulary/money'
import { z } from 'zod'
import { zMoney } from '@chargelane/openapi/vocabulary/money'
import { negate } from '@chargelane/rules/money'

/** What the split room wrote beside a payable, for the payee's statement. */
const zPayableDetail = z.object({
  sale: zMoney.optional(),
  sale_vat: zMoney.optional(),
  commission: zMoney.optional(),
  tax: z.string(),
  share: zMoney,
  conversion: z.object({
    path: z.string(),
    rate: z.string(),
    source: z.string(),
    asOf: z.string(),
  }),
})

export type StatementText = {
  sale: Money | null
  saleVat: Money | null
  commission: Money | null
  tax: string
  conversion: string | null
}

/** One payable's line in words: the public price, the commission taken from it, tax, and the rate if converted. */
export function statementText(detail: unknown): StatementText {
  const { sale, sale_vat, commission, tax, share, conversion } = zPayableDetail.parse(detail)
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
