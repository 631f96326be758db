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

/** Letters of other alphabets, and signs, that a person reads as these (of Unicode TS 39's confusables, what is common). */
const alike: Record<string, string> = {
  a: 'аα@',
  b: 'вβ',
  c: 'сϲ',
  d: 'ԁ',
  e: 'еεҽ',
  h: 'нһ',
  i: 'іιıɩ',
  j: 'јϳ',
  k: 'кκ',
  l: 'ӏ1|ǀ',
  m: 'м',
  n: 'ηп',
  o: 'оοօσ0',
  p: 'рρ',
  q: 'ԛ',
  r: 'г',
  s: 'ѕꜱ',
  t: 'тτ',
  u: 'υս',
  v: 'νѵ',
  w: 'ԝω',
  x: 'хχ',
  y: 'уγ',
  z: 'ᴢ',
}
const readAs = new Map(
  Object.entries(alike).flatMap(([letter, others]) =>
    Array.from(others, (other) => [other, letter] as const),
  ),
)

/** What companies are called by law, behind their name: the same name in another form is still that name. */
const legalForm =
  /(?:\s+(?:(?:g?gmbh|ug|ag|se|kg|ohg|e ?k|e ?g|e ?v|ltd|limited|plc|llc|inc|corp|b ?v|n ?v|s ?a ?r ?l|s ?a ?s|s ?a|s ?p ?a|s ?r ?l|a ?b|a ?s|aps|oy|sp z o ?o|s ?l|kft)|(?:& |und )?co))+$/

/** What is left of a name when nobody looks closely: i is l, and rn is m. */
const lettersOf = (text: string): string =>
  text
    .replaceAll(/[^\p{L}\p{N}]/gu, '')
    .replaceAll('i', 'l')
    .replaceAll('rn', 'm')

/** Equal for names that a person takes for one: case, accents, spaces, signs, look-alikes and legal forms do not count. */
export function nameKey(name: string): string {
  const plain = name.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase()
  const read = Array.from(plain, (char) => readAs.get(char) ?? char).join('')
  const words = read.replaceAll(/[^\p{L}\p{N}&\s]/gu, '').trim()
  const bare = words.replace(legalForm, '')
  return lettersOf(bare) || lettersOf(words)
}
