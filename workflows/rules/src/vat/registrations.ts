/** Under which number a party owes VAT in a country: its own of that country, or a scheme that the market accepts. */
import type { TaxScheme } from '@chargelane/openapi/vocabulary/trust/identity'
import { profileFor, schemesOf, vatAreaOf } from '../markets/markets.ts'

export type { TaxScheme }

/** A further registration of an account, beside the number of the country it is established in. */
export type TaxId = {
  /** That gave the number. */
  country: string
  vatId: string
  /** `local` counts in the number's own country; another scheme where a market profile accepts it. */
  scheme: TaxScheme
  /** When its tax office said that it is valid; null before. */
  checkedAt: string | null
  /** Until when that counts. */
  goodUntil: string | null
}

export type Registered = {
  vatId: string | null
  /** A check of that number is stored (failures F59); what nobody checked shifts no tax. */
  vatChecked: boolean
  taxIds?: readonly TaxId[]
}

/** Letters before a number that are not the country's own code; Northern Ireland's number is the one of Great Britain. */
const prefixes: Record<string, string> = { EL: 'GR', XI: 'GB' }

/** Which country gave a VAT number. */
export function countryOfVatId(vatId: string): string {
  const prefix = vatId.slice(0, 2).toUpperCase()
  return prefixes[prefix] ?? prefix
}

type Registration = Pick<TaxId, 'country' | 'vatId' | 'scheme'>

/** Every number of a party, the one of its own country first. */
export function numbersOf({ vatId, taxIds = [] }: Registered): Registration[] {
  const further = taxIds.map(({ country, vatId: id, scheme }) => ({ country, vatId: id, scheme }))
  if (vatId === null) return further
  return [{ country: countryOfVatId(vatId), vatId, scheme: 'local' }, ...further]
}

/** Its own number of a country. */
export const numberIn = (party: Registered, country: string): Registration | undefined =>
  numbersOf(party).find((each) => each.scheme === 'local' && each.country === country)

/**
 * Under which number a party sells charging to a consumer in a country. A scheme of one VAT area reaches no other, and
 * is the law from a day on, so the day counts.
 */
export function numberForSale(
  party: Registered,
  country: string,
  at: string,
): Registration | undefined {
  const profile = profileFor(country, at)
  const schemes = profile === undefined ? [] : schemesOf(profile, at)
  return (
    numberIn(party, country) ??
    numbersOf(party).find(
      (each) => schemes.includes(each.scheme) && vatAreaOf(each.country) === vatAreaOf(country),
    )
  )
}

/** Its number of a country was found valid, and that counts at an instant: no tax is shifted to it before. */
export function isIdentifiedIn(party: Registered, country: string, at: string): boolean {
  const number = numberIn(party, country)
  if (number === undefined) return false
  if (number.vatId === party.vatId) return party.vatChecked
  const kept = party.taxIds?.find(({ vatId }) => vatId === number.vatId)
  // Instants are ISO text of one form, so text order is time order.
  return kept?.goodUntil != null && kept.goodUntil > at
}

/** What it writes on documents of its own: the number of where it is established, else the first that it has. */
export const ownNumber = (party: Registered & { country: string }): string | null =>
  (numberIn(party, party.country) ?? numbersOf(party)[0])?.vatId ?? null
