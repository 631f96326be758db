/**
 * The VAT of every leg of a sale. It follows from the parties and the place alone, so it is known before the amounts
 * are, and the split itself needs no market table.
 */
import { type TaxTreatment, treatVat } from '../vat/vat.ts'
import { partyIn, type SplitInput } from './split.ts'

export type TaxedInput = Pick<
  SplitInput,
  'at' | 'placeCountry' | 'parties' | 'seller' | 'driver' | 'policy'
>

export type TaxesResult =
  | { ok: true; taxes: Record<string, TaxTreatment> }
  | { ok: false; code: 'market_unknown' | 'tax_id_missing'; message: string }

/** Refuses where we hold no dated rate for one of the legs, instead of assuming none. */
export function taxesOf(input: TaxedInput): TaxesResult {
  const sale = { id: 'sale', fee_type: 'energy' as const }
  const legs = [{ ...sale, supplier: input.seller, recipient: input.driver }, ...input.policy.rules]
  const taxes: Record<string, TaxTreatment> = {}
  for (const leg of legs) {
    const answer = treatVat({
      fee: leg.fee_type,
      supplier: partyIn(input.parties, leg.supplier),
      recipient: partyIn(input.parties, leg.recipient),
      placeCountry: input.placeCountry,
      at: input.at,
    })
    if (!answer.ok) return answer
    taxes[leg.id] = answer.treatment
  }
  return { ok: true, taxes }
}
