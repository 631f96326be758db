/** By what two companies are told apart, and numbers that carry their own check digits. */
import { isValidIBAN } from 'ibantools'
import { checkVAT, countries } from 'jsvat'

/** ISO 13616: the country's length and form, and the check digits. */
export const isIban = (text: string): boolean => isValidIBAN(text)

/** The form and the check digits of its country; whether the tax office knows it is another question. */
export const isVatId = (text: string): boolean => checkVAT(text, countries).isValid

/** Equal for every spelling of one number; a Swiss one is the same with and without the word for VAT behind it. */
export const vatKey = (vatId: string): string =>
  vatId
    .toUpperCase()
    .replaceAll(/[^A-Z0-9]/g, '')
    .replace(/^(CHE\d{9})(?:MWST|TVA|IVA)$/, '$1')

/** Equal for names that a person takes for one: case, accents, spaces and signs do not count. */
export const nameKey = (name: string): string =>
  name
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, '')
