/** VAT of each leg of a sale by its own place, parties and day; a market without the fact is refused, never guessed. */
import type { Decimal } from '@chargelane/openapi/vocabulary/money'
import { chargingFees, type Confidence, type FeeType } from '../markets/profile.ts'
import { profileFor, vatAreaOf, vatRateOf } from '../markets/markets.ts'
import {
  isIdentifiedIn,
  numberForSale,
  numberIn,
  ownNumber,
  type Registered,
} from './registrations.ts'
import { type Clause, clauses } from './treatments.ts'

export type TaxParty = Registered & {
  /** Where it is established. */
  country: string
  business: boolean
}

/** UNCL 5305 categories as EN 16931 uses them: S standard, AE reverse charge, O outside the scope. */
export type TaxTreatment = {
  category: 'S' | 'AE' | 'O'
  /** Percentage; "0" for AE and O. */
  rate: Decimal
  /** Country whose VAT the document shows; null when it shows none. */
  jurisdiction: string | null
  /** Number of the supplier on the document: of the country whose VAT it shows; null where it shows none. */
  supplierVatId: string | null
  legalRef: string
  /** Text an invoice must carry, by language; empty for standard rate. */
  note: Record<string, string>
  confidence: Confidence
}

export type TaxQuestion = {
  fee: FeeType
  supplier: TaxParty
  recipient: TaxParty
  /** Country of the charger. */
  placeCountry: string
  /** Tax point. */
  at: string
}

export type TaxAnswer =
  | { ok: true; treatment: TaxTreatment }
  | { ok: false; code: 'market_unknown' | 'tax_id_missing'; message: string }

function isCharging(fee: FeeType): boolean {
  return (chargingFees as readonly FeeType[]).includes(fee)
}

function standard(
  country: string,
  question: TaxQuestion,
  clause: Clause,
  supplierVatId: string | undefined,
): TaxAnswer {
  const { fee, at } = question
  const profile = profileFor(country, at)
  const rate = profile === undefined ? undefined : vatRateOf(profile, fee, at)
  if (rate === undefined)
    return {
      ok: false,
      code: 'market_unknown',
      message: `no VAT rate is known for ${fee} in ${country} at ${at}`,
    }
  if (supplierVatId === undefined)
    return {
      ok: false,
      code: 'tax_id_missing',
      message: `the supplier of ${fee} has no VAT registration for ${country}`,
    }
  return {
    ok: true,
    treatment: { category: 'S', rate, jurisdiction: country, supplierVatId, ...clause },
  }
}

function untaxed(category: 'AE' | 'O', clause: Clause, supplierVatId: string | null): TaxAnswer {
  return {
    ok: true,
    treatment: { category, rate: '0', jurisdiction: null, supplierVatId, ...clause },
  }
}

/** A reverse charge needs a business whose number of that country was found valid. */
const isHolder = (party: TaxParty, country: string, at: string): boolean =>
  party.business && isIdentifiedIn(party, country, at)

/** Electricity to a consumer or fleet is taxed where it is consumed: at the charger. */
function treatCharging(question: TaxQuestion): TaxAnswer {
  const { supplier, recipient, placeCountry, at } = question
  const isForeign = supplier.country !== placeCountry
  if (isForeign && isHolder(recipient, placeCountry, at) && vatAreaOf(placeCountry) === 'EU')
    return untaxed('AE', clauses.electricity_reverse_charge, ownNumber(supplier))
  const number = recipient.business
    ? numberIn(supplier, placeCountry)
    : numberForSale(supplier, placeCountry, at)
  return standard(placeCountry, question, clauses.place_of_consumption, number?.vatId)
}

/** The VAT of the supplier's own country, which it invoices under its number there alone. */
function taxedAtHome(question: TaxQuestion, clause: Clause): TaxAnswer {
  const { supplier } = question
  const { country } = supplier
  const answer = standard(country, question, clause, numberIn(supplier, country)?.vatId)
  return !answer.ok && answer.code === 'tax_id_missing'
    ? untaxed('O', clauses.supplier_unregistered, null)
    : answer
}

/** Services between businesses are taxed where the recipient is established. */
function treatService(question: TaxQuestion): TaxAnswer {
  const { supplier, recipient } = question
  const number = ownNumber(supplier)
  // Whoever has no number owes no VAT, so none is paid to it.
  if (number === null) return untaxed('O', clauses.supplier_unregistered, null)
  if (supplier.country === recipient.country) return taxedAtHome(question, clauses.domestic_service)
  const from = vatAreaOf(supplier.country)
  const to = vatAreaOf(recipient.country)
  if (to === 'EU') {
    if (isHolder(recipient, recipient.country, question.at))
      return untaxed('AE', clauses.service_reverse_charge, number)
    if (from === 'EU') return taxedAtHome(question, clauses.supplier_rate)
  }
  return untaxed('O', clauses.outside_scope, number)
}

/** Which VAT a fee carries between two parties; refuses where we hold no dated rate, instead of assuming none. */
export function treatVat(question: TaxQuestion): TaxAnswer {
  return isCharging(question.fee) ? treatCharging(question) : treatService(question)
}
