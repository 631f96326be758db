import { describe, expect, test } from 'vitest'
import type { FeeType } from '../markets/profile.ts'
import { money, netToGross } from '../money.ts'
import { numberForSale, type TaxId } from './registrations.ts'
import { treatVat, type TaxParty } from './vat.ts'

const at = '2026-11-21T10:00:00.000Z'
const business = (
  country: string,
  vatId: string | null = `${country}123456789`,
  vatChecked = vatId !== null,
): TaxParty => ({ country, vatId, vatChecked, business: true })
/** Registered in another country too. */
const alsoIn = (
  country: string,
  party: TaxParty,
  checkedAt: string | null = at,
  scheme: TaxId['scheme'] = 'local',
): TaxParty => ({
  ...party,
  taxIds: [
    ...(party.taxIds ?? []),
    {
      country,
      vatId: `${country}987654321`,
      scheme,
      checkedAt,
      goodUntil: checkedAt && '2026-12-01T00:00:00.000Z',
    },
  ],
})
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
    const seller = alsoIn('DE', business('NL'))
    expect(answer('energy', seller, business('DE', null), 'DE')).toBe('S 19 DE')
    expect(answer('energy', seller, business('DE'), 'DE')).toBe('AE 0 -')
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

describe('nobody charges the VAT of a country it is not registered in', () => {
  const french = business('FR', 'FR83404833048')

  test('a seller with a French number alone sells nothing in Berlin, and with a German one under that', () => {
    expect(answer('energy', french, driver('DE'), 'DE')).toBe('tax_id_missing')
    const both = alsoIn('DE', french)
    expect(answer('energy', both, driver('DE'), 'DE')).toBe('S 19 DE')
    const question = { fee: 'energy' as const, supplier: both, recipient: driver('DE'), at }
    const inBerlin = treatVat({ ...question, placeCountry: 'DE' })
    const inParis = treatVat({ ...question, placeCountry: 'FR' })
    expect(inBerlin.ok && inBerlin.treatment.supplierVatId).toBe('DE987654321')
    expect(inParis.ok && inParis.treatment.supplierVatId).toBe('FR83404833048')
  })

  test('a One-Stop Shop counts for consumers, in the Union, from the day of the law', () => {
    const shop = alsoIn('FR', french, null, 'oss')
    const sold = (to: TaxParty, on: string, place = 'DE') => {
      const question = { fee: 'energy' as const, supplier: shop, recipient: to, at: on }
      const result = treatVat({ ...question, placeCountry: place })
      return result.ok ? result.treatment.supplierVatId : result.code
    }
    // 2027 begins an hour earlier in Berlin than in UTC.
    expect(sold(driver('DE'), '2026-12-31T22:59:59.000Z')).toBe('tax_id_missing')
    expect(sold(driver('DE'), '2026-12-31T23:00:00.000Z')).toBe('FR987654321')
    expect(sold(business('SE'), '2027-06-01T00:00:00.000Z')).toBe('tax_id_missing')
    expect(sold(driver('CH'), '2027-06-01T00:00:00.000Z', 'CH')).toBe('tax_id_missing')
    expect(sold(driver('GB'), '2027-06-01T00:00:00.000Z', 'GB')).toBe('tax_id_missing')
  })

  test.each([
    [
      'a German share of a payee with a French number alone',
      business('DE', 'FR83404833048'),
      'O 0 -',
    ],
    ['the same with a German number too', alsoIn('DE', business('DE', 'FR83404833048')), 'S 19 DE'],
    ['a share of a payee without any number', business('DE', null), 'O 0 -'],
    [
      'of a foreign payee without the number of its own country',
      business('NL', 'BE0428759497'),
      'O 0 -',
    ],
  ])('%s', (_, payee, expected) => {
    expect(answer('revenue_share', payee, business('DE', null))).toBe(expected)
  })

  test('a reverse charge needs the recipient’s own number of the country where it is taxed, and that checked', () => {
    const commission = (to: TaxParty) => answer('platform_commission', business('DE'), to)
    expect(commission(business('FR', 'DE811907980'))).toBe('S 19 DE')
    expect(commission(alsoIn('FR', business('FR', 'DE811907980'), null))).toBe('S 19 DE')
    const checked = alsoIn('FR', business('FR', 'DE811907980'))
    expect(commission(checked)).toBe('AE 0 -')
    const later = treatVat({
      fee: 'platform_commission',
      supplier: business('DE'),
      recipient: checked,
      placeCountry: 'FR',
      at: '2026-12-02T00:00:00.000Z',
    })
    expect(later.ok && later.treatment.category).toBe('S')
  })

  test.each([
    ['GR', 'EL094259216'],
    ['GB', 'XI980780684'],
    ['CH', 'CHE116281710MWST'],
    ['NO', 'NO995525828MVA'],
  ])('%s is the country of %s', (country, vatId) => {
    expect(numberForSale({ vatId, vatChecked: false }, country, at)?.vatId).toBe(vatId)
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
