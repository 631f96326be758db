import { describe, expect, test } from 'vitest'
import type { Tariff } from '@chargelane/openapi/vocabulary/tariff'
import type { MarketProfile } from '../markets/profile.ts'
import { buildIndicative, buildQuote, type QuoteInput } from '../quote/quote.ts'
import { context, element, market, now, part, rulesOf, tariff } from './tariff.fake.ts'
import { reviewTariff, taxFaults } from './tariff.ts'

const energyAt = (vat: string | undefined, more: Partial<Tariff> = {}) =>
  tariff([element([part('ENERGY', '0.5', { vat })])], more)
const { vat: _, ...bare } = part('ENERGY', '0.5')
const contradicted = ['error vat_contradicted']

/** Germany as it stands with another rate from a day on. */
const changedFrom = (day: string, rate: string): MarketProfile => {
  const german = market('DE')
  const rates = german.vat.rates.map((row) => (row.to === null ? { ...row, to: day } : row))
  const [row] = rates.slice(-1)
  if (row === undefined) throw new Error('Germany has a rate')
  return {
    ...german,
    vat: { ...german.vat, rates: [...rates, { ...row, rate, from: day, to: null }] },
  }
}

const quoteInput = (offered: Tariff, more: Partial<QuoteInput> = {}): QuoteInput => ({
  now,
  evse: { id: 'DE*VWL*E1', timeZone: 'Europe/Berlin', powerKw: '22', current: 'AC' },
  tariffVersion: 'trf_1@1',
  tariff: offered,
  profile: market('DE'),
  seller: { name: 'VWL', vat_id: null },
  ...more,
})

describe('a tariff whose VAT its market contradicts is not sold', () => {
  const mixed = tariff([
    element([part('ENERGY', '0.5')]),
    element([part('PARKING_TIME', '6', { vat: '7' })], { min_duration: 14_400 }),
  ])

  test.each<[string, Tariff, string]>([
    ['reduced', energyAt('7'), 'elements[0].price_components[0].vat'],
    ['none', energyAt('0'), 'elements[0].price_components[0].vat'],
    ['of another country', energyAt('20'), 'elements[0].price_components[0].vat'],
    ['said not to apply', tariff([element([bare])], { tax_included: 'N/A' }), 'tax_included'],
    ['said not to apply beside a rate', energyAt('19', { tax_included: 'N/A' }), 'tax_included'],
    [
      'reduced, in prices that include it',
      energyAt('7', { tax_included: 'YES' }),
      'elements[0].price_components[0].vat',
    ],
    ['another on one component', mixed, 'elements[1].price_components[0].vat'],
    [
      'none in the least price',
      energyAt('19', { min_price: { excl_vat: '1', incl_vat: '1' } }),
      'min_price.incl_vat',
    ],
    [
      'reduced in the most price',
      energyAt('19', { max_price: { excl_vat: '10', incl_vat: '10.7' } }),
      'max_price.incl_vat',
    ],
  ])('%s: at receipt and at the quote, naming the field', (__, offered, path) => {
    expect(rulesOf(offered).filter((it) => it.startsWith('error'))).toEqual(contradicted)
    expect(reviewTariff(offered, context())).toMatchObject({
      status: 'invalid',
      marketLimits: { DE: 0 },
      findings: expect.arrayContaining([expect.objectContaining({ path })]),
    })
    for (const build of [buildQuote, buildIndicative])
      expect(build(quoteInput(offered))).toMatchObject({
        ok: false,
        code: 'price_unavailable',
        reason: 'market',
        path: `tariff.${path}`,
      })
  })

  test.each<[string, Tariff]>([
    ['the market’s, in other digits', energyAt('19.0')],
    ['not stated', tariff([element([bare])])],
    [
      'of a component that asks nothing',
      tariff([element([part('ENERGY', '0.5'), part('FLAT', '0', { vat: '0' })])]),
    ],
    ['of a limit, rounded', energyAt('19', { min_price: { excl_vat: '0.84', incl_vat: '1' } })],
    [
      'not said to apply to what is free',
      tariff([element([part('FLAT', '0', { vat: undefined })])], { tax_included: 'N/A' }),
    ],
  ])('%s: is sold', (__, offered) => {
    expect(rulesOf(offered).filter((it) => it.startsWith('error'))).toEqual([])
    expect(taxFaults(offered, market('DE'), now)).toEqual([])
    expect(buildQuote(quoteInput(offered))).toMatchObject({ ok: true })
  })

  test('in one of its countries only: it is sold in the other, and its operator is told', () => {
    const usedAt = ['DE', 'FR'].map((country) => ({ country, powerW: 22_000, count: 1 }))
    const review = reviewTariff(energyAt('19'), context({ usedAt }))
    expect(review).toMatchObject({ status: 'valid', marketLimits: { FR: 0 } })
    expect(review.marketLimits).not.toHaveProperty('DE')
    expect(review.findings).toEqual([
      expect.objectContaining({ rule: 'vat_contradicted', severity: 'warning' }),
    ])
  })

  test('by a rate that begins later: each price is held against the rate of its own days', () => {
    const markets = [changedFrom('2027-01-01', '21')]
    const next = { start_date_time: '2026-12-31T23:00:00Z' }
    expect(rulesOf(energyAt('21', next), { markets })).toEqual([])
    expect(rulesOf(energyAt('19', next), { markets })).toEqual(contradicted)
    expect(rulesOf(energyAt('19'), { markets })).toEqual([])
    const [profile] = markets
    const at = (day: string) => buildQuote(quoteInput(energyAt('19'), { now: day, profile }))
    expect(at('2026-12-31T22:59:59Z')).toMatchObject({ ok: true })
    expect(at('2026-12-31T23:00:00Z')).toMatchObject({ ok: false, reason: 'market' })
  })

  test.each([
    ['without a profile', { usedAt: [{ country: 'AQ', powerW: 22_000, count: 1 }] }, 'AQ'],
    [
      'without a rate for the day',
      { markets: [{ ...market('DE'), vat: { ...market('DE').vat, rates: [] } }] },
      'DE',
    ],
  ])('in a country %s nothing is sold', (__, more, country) => {
    expect(reviewTariff(energyAt('19'), context(more))).toMatchObject({
      status: 'invalid',
      marketLimits: { [country]: 0 },
      findings: [{ rule: 'market_unknown', severity: 'error' }],
    })
  })
})
