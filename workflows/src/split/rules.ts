import type { Money } from '@chargelane/openapi/vocabulary/money'
import type { FeeType, SupplyModel } from '../markets/profile.ts'
import type { Totals } from '../rating/rating.ts'
import type { TaxParty, TaxTreatment } from '../vat/rules.ts'

export type SplitParty = TaxParty & {
  id: string
  role: 'driver' | 'cpo' | 'partner' | 'platform' | 'psp'
}

export type Leg = {
  id: 'sale' | 'commission' | 'partner_share' | 'psp_fee'
  supplier: SplitParty['role']
  supplierId: string
  recipient: SplitParty['role']
  recipientId: string
  feeType: FeeType
  net: Money
  vat: Money
  gross: Money
  treatment: TaxTreatment | null
  document: 'receipt' | 'invoice' | 'self_billed_invoice' | 'statement_line'
}

export type SplitInput = {
  model: SupplyModel
  sale: Totals
  at: string
  placeCountry: string
  policy: { id: string; commissionBps: number; partnerShareBps: number }
  driver: SplitParty
  cpo: SplitParty
  partner: SplitParty
  platform: SplitParty
  /** Borne by the platform, in the sale's currency; null while it is not yet known. */
  pspFee: Money | null
}

export type Split = {
  policyId: string
  model: SupplyModel
  legs: Leg[]
  /** What each ends up with: cpo + partner + platform + tax + psp = the driver's gross. */
  shares: { cpo: Money; partner: Money; platform: Money; tax: Money; psp: Money }
}

export type SplitResult =
  | { ok: true; split: Split }
  | { ok: false; code: 'market_unknown' | 'model_unsupported'; message: string }

export declare function splitSale(input: SplitInput): SplitResult
