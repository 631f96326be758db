import { describe, expect, test } from 'vitest'
import type { FeeType } from '../markets/profile.ts'
import { money, netToGross } from '../money.ts'
import { treatVat, type TaxParty } from './vat.ts'

const at = '2026-11-21T10:00:00.000Z'
const business = (
  country: string,
  vatId: string | null = `${country}123456789`,
  vatChecked = vatId !== null,
): TaxParty => ({ country, vatId, vatChecked, business: true })
const driver = (country: string): TaxParty => ({
  country,
  vatId: null,
  vatChecked: false,
  business: false,
})

const answer = (fee: FeeType, supplier: TaxParty, recipient: TaxParty, placeCountry = 'DE') => {
  const result = treatVat({ fee, supplier, recipient, placeCountry, at })
  return result.ok
    ? `${result.treatment.category} ${result.treatment.rate} ${result.treatment.jurisdiction ?? '-'}`
    : result.code
}

describe('electricity is taxed at the charger', () => {
  test.each([
    ['DE', 'S 19 DE'],
    ['NL', 'S 21 NL'],
    ['FR', 'S 20 FR'],
    ['CH', 'S 8.1 CH'],
    ['GB', 'S 20 GB'],
  ])('a driver in %s pays %s, wherever the driver lives', (place, expected) => {
    expect(answer('energy', business(place), driver('SE'), place)).toBe(expected)
    for (const fee of ['time', 'session', 'idle'] as const)
      expect(answer(fee, business(place), driver('DE'), place)).toBe(expected)
  })

  test('a fleet identified where it charges owes the VAT of a foreign supplier itself', () => {
    expect(answer('energy', business('NL'), business('DE'), 'DE')).toBe('AE 0 -')
    expect(answer('energy', business('NL'), business('DE', null), 'DE')).toBe('S 19 DE')
  })

  test('German energy to a French fleet is German VAT, not reverse charge', () => {
    expect(answer('energy', business('DE'), business('FR'), 'DE')).toBe('S 19 DE')
  })
})

describe('the platform’s commission is taxed where the CPO is', () => {
  test.each([
    ['at home', business('DE'), business('DE'), 'S 19 DE'],
    ['to another member state', business('DE'), business('NL'), 'AE 0 -'],
    ['to another member state without a number', business('DE'), business('NL', null), 'S 19 DE'],
    ['to Switzerland', business('DE'), business('CH'), 'O 0 -'],
    ['to Great Britain', business('DE'), business('GB'), 'O 0 -'],
    ['from Great Britain into the Union', business('GB'), business('DE'), 'AE 0 -'],
  ])('%s', (_, supplier, recipient, expected) => {
    expect(answer('platform_commission', supplier, recipient)).toBe(expected)
    expect(answer('partner_share', supplier, recipient)).toBe(expected)
  })

  test('a reverse charge carries the words an invoice needs', () => {
    const result = treatVat({
      fee: 'platform_commission',
      supplier: business('DE'),
      recipient: business('NL'),
      placeCountry: 'NL',
      at,
    })
    expect(result.ok && result.treatment.note['nl']).toBe('Btw verlegd.')
  })
})

test('without a dated rate nothing is assumed', () => {
  expect(answer('energy', business('US'), driver('US'), 'US')).toBe('market_unknown')
  expect(answer('platform_commission', business('US'), business('US'))).toBe('market_unknown')
})

test('VAT is put on a leg and rounded once', () => {
  const result = treatVat({
    fee: 'energy',
    supplier: business('CH'),
    recipient: driver('DE'),
    placeCountry: 'CH',
    at,
  })
  if (!result.ok) throw new Error(result.message)
  expect(netToGross(money(1_234, 'CHF'), result.treatment.rate)).toEqual({
    net: money(1_234, 'CHF'),
    vat: money(100, 'CHF'),
    gross: money(1_334, 'CHF'),
  })
})
