import { expect, test } from 'vitest'
import {
  type BankNumbers,
  canReceive,
  countryOf,
  isRoutingNumber,
  isSepa,
  numberEnd,
  ofIban,
  problemOf,
} from './account.ts'

const iban = ofIban
const receives = (numbers: BankNumbers, currencies: string[]) =>
  currencies.filter((currency) => canReceive(numbers, currency))
const uk = (sort_code: string, account_number: string): BankNumbers => ({
  type: 'uk',
  sort_code,
  account_number,
})
const us = (routing_number: string, account_number: string): BankNumbers => ({
  type: 'us',
  routing_number,
  account_number,
  account_type: 'checking',
})

test.each<[string, BankNumbers]>([
  ['Germany', iban('DE89370400440532013000')],
  ['Serbia, in SEPA since 2025', iban('RS35260005601001611379')],
  ['Moldova', iban('MD24AG000225100013104168')],
  ['Albania', iban('AL47212110090000000235698741')],
  ['Montenegro', iban('ME25505000012345678951')],
  ['North Macedonia', iban('MK07250120000058984')],
  ['the United Kingdom by IBAN', iban('GB33BUKB20201555555555')],
  ['the United Kingdom', uk('200000', '55779911')],
  ['the United States', us('021000021', '000123456789')],
  ['Switzerland', iban('CH9300762011623852957')],
  ['the card provider', { type: 'connected', connected_account: 'acct_1032D82eZvKYlo2C' }],
])('a sound account of %s is taken', (_, numbers) => {
  expect(problemOf(numbers)).toBeUndefined()
})

test.each<[string, BankNumbers, string]>([
  ['a wrong check digit', iban('DE88370400440532013000'), 'check digits'],
  ['one digit too few', iban('DE8937040044053201300'), 'check digits'],
  ['two digits exchanged', iban('DE89370400440532010300'), 'check digits'],
  ['a country that we pay to no bank of', iban('BR1800360305000010009795493C1'), 'of BR'],
  ['an invisible space', iban('DE89\u200b370400440532013000'), 'check digits'],
  ['a space', iban('DE89 3704 0044 0532 0130 00'), 'check digits'],
  ['small letters', iban('de89370400440532013000'), 'check digits'],
  ['digits of another script', iban('DE89３70400440532013000'), 'check digits'],
  ['a QR-IBAN', iban('CH4431999123000889012'), 'QR-IBAN'],
  ['a German IBAN as a Swiss one', { type: 'ch', iban: 'DE89370400440532013000' }, 'CH or LI'],
  ['a sort code with hyphens', uk('20-00-00', '55779911'), 'six digits'],
  ['an account number of seven digits', uk('200000', '5577991'), 'eight digits'],
  ['nothing but zeros', uk('200000', '00000000'), 'eight digits'],
  ['a routing number with a wrong check digit', us('021000022', '1234'), 'check digit'],
  ['a routing number of no district', us('990000009', '1234'), 'check digit'],
  ['a US account with a letter', us('021000021', '12A4'), '4 to 17'],
  ['an account of nobody', { type: 'connected', connected_account: 'ba_123' }, 'card provider'],
])('%s is refused', (_, numbers, message) => {
  expect(problemOf(numbers)?.message).toContain(message)
})

test('each account can receive what its country keeps accounts in, and the euro where SEPA reaches', () => {
  const asked = ['EUR', 'GBP', 'CHF', 'USD', 'SEK', 'JPY', 'RSD']
  expect(receives(iban('DE89370400440532013000'), asked)).toEqual(['EUR'])
  expect(receives(iban('GB33BUKB20201555555555'), asked)).toEqual(['EUR', 'GBP'])
  expect(receives(iban('RS35260005601001611379'), asked)).toEqual(['EUR', 'RSD'])
  expect(receives(iban('CH9300762011623852957'), asked)).toEqual(['EUR', 'CHF'])
  expect(receives(iban('TR330006100519786457841326'), asked)).toEqual([])
  expect(receives(uk('200000', '55779911'), asked)).toEqual(['GBP'])
  expect(receives(us('021000021', '1234'), asked)).toEqual(['USD'])
})

test('a flipped digit of a routing number is seen', () => {
  const sound = '122105155'
  const flipped = Array.from({ length: 90 }, (_, n) => {
    const at = Math.floor(n / 10)
    return sound.slice(0, at) + String(n % 10) + sound.slice(at + 1)
  })
  expect(flipped.filter((text) => isRoutingNumber(text) && text !== sound)).toEqual([])
  expect(isRoutingNumber(sound)).toBe(true)
})

test('an account is shown by its end and known by its country', () => {
  expect(numberEnd(iban('DE89370400440532013000'))).toBe('3000')
  expect(countryOf(us('021000021', '1234'))).toBe('US')
  expect(countryOf(iban('CH9300762011623852957'))).toBe('CH')
  expect([isSepa('RS'), isSepa('MD'), isSepa('TR'), isSepa('US')]).toEqual([
    true,
    true,
    false,
    false,
  ])
})
