/** EVSE-IDs (ISO 15118-2 annex H, DIN SPEC 91286): how they are compared, and whose an EVSE is by its own id. */

export type EvseId = {
  /** Equal for every spelling of one id. */
  key: string
  /** `DE*VWL`, or `+49*822` in the older scheme; an operator of one scheme is none of the other. */
  operator: string
}

const iso = /^([A-Z]{2})[*\- ]?([A-Z0-9]{3})(?:[*\- ]|(?=E))[A-Z0-9*\- ]*[A-Z0-9]$/
const din = /^\+?(\d{1,3})\*(\d{3,6})\*([\d*]*\d)$/

const packed = (text: string) => text.replaceAll(/[^A-Z0-9]/g, '')

/**
 * Undefined for a text that is no EVSE-ID: a word for "none" such as OCPI's `#NA`, an empty one, an id of the operator's
 * own that repeats from place to place, or one whose operator cannot be told.
 */
export function readEvseId(text: string): EvseId | undefined {
  const wire = text.trim().toUpperCase()
  const [, prefix, number, outlet] = din.exec(wire) ?? []
  if (prefix !== undefined && number !== undefined && outlet !== undefined)
    return {
      key: `${prefix}*${number}*${outlet.replaceAll('*', '')}`,
      operator: operatorOf(`+${prefix}`, number),
    }
  const [, country, party] = iso.exec(wire) ?? []
  if (country === undefined || party === undefined) return undefined
  return { key: packed(wire), operator: operatorOf(country, party) }
}

/** A party as EVSE-IDs begin with it. */
export const operatorOf = (countryCode: string, partyId: string): string =>
  `${countryCode}*${partyId}`.toUpperCase()

/** What an EVSE is looked for by: the key of an EVSE-ID in any spelling; what is none finds nothing. */
export const evseKey = (text: string): string => readEvseId(text)?.key ?? packed(text.toUpperCase())
