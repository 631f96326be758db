/** A market profile is dated data: no country is named anywhere else in the code. */
import type { Currency, Decimal } from '@chargelane/openapi/vocabulary/money'
import type { TariffDimension } from '@chargelane/openapi/vocabulary/tariff'
import type { RoundingPolicyId } from '../money.ts'

export type FeeType =
  | 'energy'
  | 'time'
  | 'session'
  | 'idle'
  | 'subscription'
  | 'reservation'
  | 'platform_commission'
  | 'partner_share'
  | 'payment_processing'

export type SupplyModel = 'agency' | 'commissionaire' | 'direct'

/** `sourced` was read in a source named in legal_refs; `verify` waits for a specialist before a customer relies on it. */
export type Confidence = 'sourced' | 'verify'

export type VatRate = {
  feeTypes: FeeType[]
  rate: Decimal
  from: string
  to?: string
  ref: string
  confidence: Confidence
}

export type MarketProfile = {
  id: string
  version: string
  parent: string | null
  country: string
  effectiveFrom: string
  effectiveTo: string | null
  confidence: Confidence
  legalRefs: string[]
  currency: Currency
  timeZone: string
  priceDisplay: {
    componentOrder: TariffDimension[]
    taxInclusive: boolean
    unitLabel: string
    comparableUnit: string
    languages: string[]
    /** From this power up only an energy price and a fee per minute of occupying are allowed; null where no such rule. */
    minPowerKwForEnergyOnly: number | null
  }
  rounding: RoundingPolicyId
  priceLock: 'session_start'
  quoteTtlS: number
  hold: { factorPercent: number; capMinor: number; floorMinor: number; stepMinor: number }
  expected: { acEnergyKwh: Decimal; dcEnergyKwh: Decimal; acPowerKw: Decimal; dcPowerKw: Decimal }
  supplyModel: SupplyModel
  vat: {
    area: 'EU' | 'GB' | 'CH'
    /** Rate of a fee at an instant is found with `vatRateOf`. */
    rates: VatRate[]
    idNumberFormat: string
    idCheck: 'VIES' | 'HMRC' | 'UID'
  }
  invoice: { languages: string[]; einvoice: string | null; retentionYears: number }
  metering: { legalMetrology: string; signedValuesRequired: boolean }
}
