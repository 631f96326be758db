import type { Decimal, Money } from '@chargelane/openapi/vocabulary/money'
import type { FeeType } from '../markets/profile.ts'

export type TaxParty = { country: string; vatId: string | null; business: boolean }

/** UNCL 5305 categories as EN 16931 uses them: S standard, AE reverse charge, O outside the scope. */
export type TaxTreatment = {
  category: 'S' | 'AE' | 'O'
  rate: Decimal
  /** Country whose VAT it is; null when no VAT of ours is due. */
  jurisdiction: string | null
  legalRef: string
  /** Text an invoice must carry, by language; empty for standard rate. */
  note: Record<string, string>
  confidence: 'sourced' | 'verify'
}

export type TaxQuestion = {
  fee: FeeType
  supplier: TaxParty
  recipient: TaxParty
  placeCountry: string
  at: string
}

export declare function treatVat(
  question: TaxQuestion,
): { ok: true; treatment: TaxTreatment } | { ok: false; code: 'market_unknown'; message: string }
export declare function addVat(
  net: Money,
  treatment: TaxTreatment,
): { net: Money; vat: Money; gross: Money }
