/** By what two companies are told apart, and numbers that carry their own check digits. */
import { isValidIBAN } from 'ibantools'
import { checkVAT, countries } from 'jsvat'

/** ISO 13616: the country's length and form, and the check digits. */
export const isIban = (text: string): boolean => isValidIBAN(text)

/** Where every enterprise has the number, only the word for VAT behind it says that it is registered for VAT. */
const saysVat: Record<string, RegExp> = { CH: /(?:MWST|TVA|IVA)$/, NO: /MVA$/ }

/** The form and the check digits of its country; whether the tax office knows it is another question. */
export function isVatId(text: string): boolean {
  // Northern Ireland's number is Great Britain's with another prefix, and has the same check digits.
  const answer = checkVAT(text.replace(/^XI/, 'GB'), countries)
  const word = saysVat[answer.country?.isoCode.short ?? '']
  return answer.isValid && (word?.test(text) ?? true)
}

/** Equal for every spelling of one number: with and without the word for VAT behind it, by either prefix. */
export const vatKey = (vatId: string): string =>
  vatId
    .toUpperCase()
    .replaceAll(/[^A-Z0-9]/g, '')
    .replace(/^(CHE\d{9})(?:MWST|TVA|IVA)$/, '$1')
    .replace(/^(NO\d{9})MVA$/, '$1')
    .replace(/^XI/, 'GB')

/** Equal for names that a person takes for one: case, accents, spaces and signs do not count. */
export const nameKey = (name: string): string =>
  name
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, '')
