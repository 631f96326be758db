/** VAT of each leg of a sale by its own place, parties and day; a market without the fact is refused, never guessed. */
import type { Decimal } from '@chargelane/openapi/vocabulary/money'
import { chargingFees, type Confidence, type FeeType } from '../markets/profile.ts'
import { profileFor, vatAreaOf, vatRateOf } from '../markets/markets.ts'
import { type Clause, clauses } from './treatments.ts'

export type TaxParty = {
  country: string
  vatId: string | null
  /** A check of the number with the tax office is stored (failures F59); what nobody checked shifts no tax. */
  vatChecked: boolean
  business: boolean
}

/** UNCL 5305 categories as EN 16931 uses them: S standard, AE reverse charge, O outside the scope. */
export type TaxTreatment = {
  category: 'S' | 'AE' | 'O'
  /** Percentage; "0" for AE and O. */
  rate: Decimal
  /** Country whose VAT the document shows; null when it shows none. */
  jurisdiction: string | null
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
  | { ok: false; code: 'market_unknown'; message: string }

function isCharging(fee: FeeType): boolean {
  return (chargingFees as readonly FeeType[]).includes(fee)
}

function standard(country: string, question: TaxQuestion, clause: Clause): TaxAnswer {
  const profile = profileFor(country, question.at)
  const rate = profile === undefined ? undefined : vatRateOf(profile, question.fee, question.at)
  if (rate === undefined)
    return {
      ok: false,
      code: 'market_unknown',
      message: `no VAT rate is known for ${question.fee} in ${country} at ${question.at}`,
    }
  return { ok: true, treatment: { category: 'S', rate, jurisdiction: country, ...clause } }
}

function untaxed(category: 'AE' | 'O', clause: Clause): TaxAnswer {
  return { ok: true, treatment: { category, rate: '0', jurisdiction: null, ...clause } }
}

/** A reverse charge needs a recipient whose number was found valid. */
const isIdentified = ({ business, vatId, vatChecked }: TaxParty): boolean =>
  business && vatId !== null && vatChecked

/** Electricity to a consumer or fleet is taxed where it is consumed: at the charger. */
function treatCharging(question: TaxQuestion): TaxAnswer {
  const { supplier, recipient, placeCountry } = question
  const identifiedThere = isIdentified(recipient) && recipient.country === placeCountry
  if (supplier.country !== placeCountry && identifiedThere && vatAreaOf(placeCountry) === 'EU')
    return untaxed('AE', clauses.electricity_reverse_charge)
  return standard(placeCountry, question, clauses.place_of_consumption)
}

/** Services between businesses are taxed where the recipient is established. */
function treatService(question: TaxQuestion): TaxAnswer {
  const { supplier, recipient } = question
  // Whoever has no number owes no VAT, so none is paid to it.
  if (supplier.vatId === null) return untaxed('O', clauses.supplier_unregistered)
  if (supplier.country === recipient.country)
    return standard(supplier.country, question, clauses.domestic_service)
  const from = vatAreaOf(supplier.country)
  const to = vatAreaOf(recipient.country)
  if (to === 'EU') {
    if (isIdentified(recipient)) return untaxed('AE', clauses.service_reverse_charge)
    if (from === 'EU') return standard(supplier.country, question, clauses.supplier_rate)
  }
  return untaxed('O', clauses.outside_scope)
}

/** Which VAT a fee carries between two parties; refuses where we hold no dated rate, instead of assuming none. */
export function treatVat(question: TaxQuestion): TaxAnswer {
  return isCharging(question.fee) ? treatCharging(question) : treatService(question)
}
