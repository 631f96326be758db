// Numbers of bank accounts as the sandbox bank reads them.
import * as z from 'zod'

export const zAccount = z.discriminatedUnion('type', [
  z.strictObject({ type: z.enum(['iban', 'ch']), iban: z.string().min(1).max(34) }),
  z.strictObject({
    type: z.literal('uk'),
    sort_code: z.string().regex(/^\d{6}$/),
    account_number: z.string().regex(/^\d{8}$/),
  }),
  z.strictObject({
    type: z.literal('us'),
    routing_number: z.string().regex(/^\d{9}$/),
    account_number: z.string().regex(/^\d{4,17}$/),
    account_type: z.enum(['checking', 'savings']),
  }),
])
export type Account = z.infer<typeof zAccount>

/** What stands on a statement for it. */
export function numberOf(account: Account): string {
  if (account.type === 'uk') return `${account.sort_code}-${account.account_number}`
  if (account.type === 'us') return `${account.routing_number}-${account.account_number}`
  return account.iban
}

/** ABA: the weights 3, 7 and 1 add up to a multiple of ten. */
const isRouting = (text: string) =>
  Array.from(text).reduce((sum, digit, at) => sum + Number(digit) * ([3, 7, 1][at % 3] ?? 0), 0) %
    10 ===
  0

/** As far as its digits tell. */
export function isSound(account: Account): boolean {
  if (account.type === 'uk') return !/^0+$/.test(account.account_number)
  if (account.type === 'us') return isRouting(account.routing_number)
  return isIban(account.iban)
}

// SWIFT IBAN registry, the countries the sandbox pays to.
const ibanLengths = new Map([
  ['AT', 20],
  ['BE', 16],
  ['AD', 24],
  ['AL', 28],
  ['BG', 22],
  ['CH', 21],
  ['CY', 28],
  ['CZ', 24],
  ['DE', 22],
  ['DK', 18],
  ['EE', 20],
  ['ES', 24],
  ['FI', 18],
  ['FR', 27],
  ['GB', 22],
  ['GI', 23],
  ['GR', 27],
  ['HR', 21],
  ['HU', 28],
  ['IE', 22],
  ['IS', 26],
  ['IT', 27],
  ['LI', 21],
  ['LT', 20],
  ['LU', 20],
  ['LV', 21],
  ['MC', 27],
  ['MD', 24],
  ['ME', 22],
  ['MK', 19],
  ['MT', 31],
  ['NL', 18],
  ['NO', 15],
  ['PL', 28],
  ['PT', 25],
  ['RO', 24],
  ['RS', 22],
  ['SE', 24],
  ['SI', 19],
  ['SK', 24],
  ['SM', 27],
  ['VA', 22],
])

/** ISO 13616: the country's length, and the remainder of division by 97 is 1 (ISO 7064). */
export function isIban(iban: string): boolean {
  if (!/^[A-Z]{2}\d{2}[A-Z0-9]+$/.test(iban) || ibanLengths.get(iban.slice(0, 2)) !== iban.length)
    return false
  const turned = iban.slice(4) + iban.slice(0, 4)
  const digits = turned.replaceAll(/[A-Z]/g, (letter) => String(letter.charCodeAt(0) - 55))
  return BigInt(digits) % 97n === 1n
}
