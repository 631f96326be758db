/** The shape of a market profile. Profiles are dated data: no country is named anywhere else in the code. */
import type { Currency, Decimal } from '@chargelane/openapi/vocabulary/money'
import type { TaxScheme } from '@chargelane/openapi/vocabulary/trust/identity'
import type { TariffDimension } from '@chargelane/openapi/vocabulary/tariff'
import type { SupplyModel } from '@chargelane/openapi/vocabulary/status'
import type { RoundingPolicyId } from '../money.ts'

export type { SupplyModel }

/** Every fee has its own tax class, because idle fees, subscriptions and services are taxed apart in some states. */
export type FeeType =
  | 'energy'
  | 'time'
  | 'session'
  | 'idle'
  | 'reservation'
  | 'subscription'
  | 'platform_commission'
  | 'partner_share'
  | 'revenue_share'
  | 'payment_processing'

/** `sourced` was read in a named source; `verify` waits for a specialist before a customer relies on it. */
export type Confidence = 'sourced' | 'verify'

/** Valid on local dates from `from` until before `to`. */
export type VatRate = {
  feeTypes: readonly FeeType[]
  rate: Decimal
  from: string
  to: string | null
  ref: string
  confidence: Confidence
}

/** A registration elsewhere under which charging is sold to consumers here, on local dates from `from` until before `to`. */
export type AcceptedScheme = {
  scheme: Exclude<TaxScheme, 'local'>
  from: string
  to: string | null
  ref: string
  confidence: Confidence
}

/** VAT territories that matter for the place of supply and for who owes the tax. */
export type VatArea = 'EU' | 'GB' | 'CH'

/** Energy that its meter did not sign: nothing for the driver, or as the record states it with the failed check noted. */
export type UnprovenEnergy = 'energy_not_billable' | 'bill_and_note'

export type LegalRef = { rule: string; ref: string; confidence: Confidence }

/** From `fromKw` up only these components; a time asked `after_grace` must start later than the session does. */
export type PriceBand = {
  fromKw: Decimal
  /** The price must be built on a price per kWh. */
  energyBase: boolean
  allowed: Partial<Record<TariffDimension, 'always' | 'after_grace'>>
  ref: string
  confidence: Confidence
}

export type MarketProfile = {
  id: string
  version: string
  parent: string | null
  country: string
  /** Local dates; `effectiveTo` is the first day it no longer holds. */
  effectiveFrom: string
  effectiveTo: string | null
  legalRefs: readonly LegalRef[]
  currency: Currency
  /** Zone in which the profile's own dates are read. */
  timeZone: string
  priceDisplay: {
    /** Order of the components a driver is shown. */
    componentOrder: readonly TariffDimension[]
    taxInclusive: boolean
    comparableUnit: string
    /** Whether that unit counts whole units of the currency or its hundredths. */
    comparableIn: 'major' | 'minor'
    /** A bundle of prices is shown with its equivalent per kWh. */
    comparableShown: boolean
    languages: readonly string[]
    /** From this power up an ad-hoc price is per kWh, with a fee per minute of occupying at most. */
    energyBasisFromKw: Decimal | null
    /** False where a price without tax must not stand beside the one with it. */
    showsNet: boolean
  }
  /** What a tariff may ask, by the power of the connector; empty where the market leaves it to the operator. */
  priceBands: readonly PriceBand[]
  rounding: RoundingPolicyId
  priceLock: 'session_start'
  quoteTtlS: number
  /**
   * Hold = estimate × factorPercent, rounded up to whole steps, between floor and cap, in minor units of the tariff's
   * currency. `idleS` is how long a driver may stay plugged in afterwards for the hold to cover the fee.
   */
  hold: {
    factorPercent: number
    step: number
    floor: number
    cap: number
    idleS: number
  }
  /** What a session is taken to be when the partner does not say: energy, and power up to the EVSE's own. */
  expected: Record<'AC' | 'DC', { energyKwh: Decimal; powerKw: Decimal }>
  supplyModel: SupplyModel
  /** How one partner's price may differ from another's. */
  equalTreatment: { rateJustificationRequired: boolean; ref: string; confidence: Confidence }
  /** How a discount that a partner gives out of its own share stands on the invoice and in the VAT. */
  thirdPartyDiscount: {
    treatment: 'consideration_by_third_party'
    ref: string
    confidence: Confidence
  }
  vat: {
    area: VatArea
    rates: readonly VatRate[]
    /** Empty where a seller needs a number of the market itself. */
    schemes: readonly AcceptedScheme[]
    idFormat: string
    idCheck: 'VIES' | 'HMRC' | 'UID'
  }
  invoice: {
    languages: string[]
    einvoice: { format: string; since: string; confidence: Confidence } | null
    retentionYears: number
  }
  metering: {
    legalMetrology: string
    signedValuesRequired: boolean
    confidence: Confidence
    /** What energy costs where a meter signs and its signed values are missing or do not hold. */
    invalidSignature: { effect: UnprovenEnergy; ref: string; confidence: Confidence }
  }
}

/** All fees of one charging session are one supply of electricity (C-282/22, C-60/23), the services beside it apart. */
export const chargingFees = ['energy', 'time', 'session', 'idle', 'reservation'] as const
export const serviceFees = [
  'subscription',
  'platform_commission',
  'partner_share',
  'revenue_share',
  'payment_processing',
] as const
