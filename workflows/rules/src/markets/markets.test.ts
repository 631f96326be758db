import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { isKnownCurrency } from '../money.ts'
import { chargingFees, serviceFees } from './profile.ts'
import {
  profileByRef,
  profileFor,
  profileRef,
  profiles,
  ratingPolicyOf,
  vatAreaOf,
  vatRateOf,
} from './markets.ts'

const now = '2026-11-21T10:00:00.000Z'

describe('market profiles', () => {
  test.each([
    ['DE', 'EUR', '19'],
    ['NL', 'EUR', '21'],
    ['FR', 'EUR', '20'],
    ['CH', 'CHF', '8.1'],
    ['GB', 'GBP', '20'],
  ])('%s sells in %s at %s %% VAT', (country, currency, rate) => {
    const profile = profileFor(country, now)
    expect(profile?.currency).toBe(currency)
    for (const fee of [...chargingFees, ...serviceFees])
      expect(profile && vatRateOf(profile, fee, now), fee).toBe(rate)
    expect(profile && ratingPolicyOf(profile, now)?.absent_vat_rate).toBe(rate)
  })

  test.each(profiles.map((profile) => [profileRef(profile), profile] as const))(
    '%s can be found again by its name, and its rates leave no gap and never overlap',
    (ref, profile) => {
      expect(profileByRef(ref)).toBe(profile)
      expect(isKnownCurrency(profile.currency)).toBe(true)
      expect(profile.priceDisplay.componentOrder[0]).toBe('ENERGY')
      for (const fee of [...chargingFees, ...serviceFees]) {
        const rates = profile.vat.rates.filter((rate) => rate.feeTypes.includes(fee))
        for (const [index, rate] of rates.entries())
          expect(rate.to).toBe(rates[index + 1]?.from ?? null)
      }
      const { floor, cap, factorPercent } = profile.hold
      expect(floor).toBeLessThan(cap)
      expect(factorPercent).toBeGreaterThanOrEqual(100)
    },
  )

  test('a rate changes at midnight of the country, not of UTC', () => {
    const swiss = profileFor('CH', '2023-12-31T22:59:59.999Z')
    expect(swiss && vatRateOf(swiss, 'energy', '2023-12-31T22:59:59.999Z')).toBe('7.7')
    expect(swiss && vatRateOf(swiss, 'energy', '2023-12-31T23:00:00.000Z')).toBe('8.1')
  })

  test('a country or a day without a profile is not sold to', () => {
    expect(profileFor('US', now)).toBeUndefined()
    expect(profileFor('DE', '2019-01-01T00:00:00.000Z')).toBeUndefined()
    expect(profileFor('DE', 'soon')).toBeUndefined()
  })

  test('the VAT area is known for every member of the Union and for our other markets', () => {
    expect(['AT', 'fi', 'DE', 'GB', 'CH', 'US'].map(vatAreaOf)).toEqual([
      'EU',
      'EU',
      'EU',
      'GB',
      'CH',
      undefined,
    ])
  })
})

test('no country is decided on outside the market profiles', () => {
  const source = new URL('../', import.meta.url)
  const offenders = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter(
    (name) =>
      name.endsWith('.ts') &&
      !name.endsWith('.test.ts') &&
      !name.startsWith('markets/') &&
      /[cC]ountry(?:Code)?\s*(?:===|!==)\s*['"][A-Za-z]{2}['"]/.test(
        readFileSync(new URL(name, source), 'utf8'),
      ),
  )
  expect(offenders).toEqual([])
})
