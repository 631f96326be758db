import { describe, expect, test } from 'vitest'
import {
  comparablePrice,
  marketExamples,
  marketFaults,
  plotSvg,
  priceExample,
  reviewTariff,
} from './tariff.ts'
import {
  now,
  market,
  part,
  element,
  energy,
  tariff,
  dc150,
  ac22,
  context,
  errorsOf,
} from './tariff.fake.ts'

const fast = (country: string) => ({ usedAt: [{ ...dc150, country }] })

describe('markets (product/markets.md 5.3)', () => {
  const perMinute = tariff([energy(), element([part('TIME', '6')])])

  test('1. EU, 150 kW, a price per minute from minute 0 is refused', () => {
    const review = reviewTariff(perMinute, context({ usedAt: [dc150] }))
    expect(review.status).toBe('invalid')
    expect(review.findings).toEqual([
      expect.objectContaining({
        rule: 'price_rule.kwh_base_required',
        severity: 'error',
        path: 'elements[1].price_components[0]',
      }),
    ])
    expect(review.findings[0]?.message).toContain('2023/1804 Art. 5(4)')
  })

  test.each([
    ['no price per kWh', [element([part('TIME', '20')])], 'price_rule.kwh_base_required'],
    [
      'a fee to begin',
      [element([part('FLAT', '1'), part('ENERGY', '0.5')])],
      'price_rule.component_forbidden',
    ],
  ])('1. EU, 150 kW, %s is refused', (_, elements, rule) => {
    expect(errorsOf(tariff(elements), { usedAt: [dc150] }).map((it) => it.rule)).toContain(rule)
  })

  test('1. a fee for staying, after a grace, is allowed, and so is charging free of charge', () => {
    const grace = tariff([
      energy(),
      element([part('TIME', '6'), part('PARKING_TIME', '6')], { min_duration: 1_800 }),
    ])
    expect(errorsOf(grace, { usedAt: [dc150] })).toEqual([])
    expect(errorsOf(tariff([element([part('FLAT', '0')])]), { usedAt: [dc150] })).toEqual([])
  })

  test('one tariff for slow and fast connectors is sold at the slow ones', () => {
    const { vat: _, ...bare } = part('TIME', '6')
    const anyVat = tariff([element([{ ...bare, type: 'ENERGY' }]), element([bare])])
    expect(reviewTariff(anyVat, context({ usedAt: [dc150, ac22] }))).toMatchObject({
      status: 'valid',
      marketLimits: { DE: 50_000, FR: 50_000, NL: 50_000 },
    })
    const review = reviewTariff(perMinute, context({ usedAt: [dc150, ac22] }))
    expect(review.findings).toEqual([
      expect.objectContaining({ severity: 'warning', rule: 'price_rule.kwh_base_required' }),
    ])
    expect(review.findings[0]?.message).toContain('2 of the 5 connectors')
  })

  const example = (country: string, currency: string) =>
    priceExample({ ...perMinute, currency }, market(country), {
      energyKwh: '40',
      powerKw: '100',
      durationS: 1_440,
      start: now,
      timeZone: market(country).timeZone,
    })

  test('the same tariff under two profiles: the market alone decides, the code is one', () => {
    const at20 = [part('ENERGY', '0.5', { vat: '20' })]
    const inPounds = tariff([element(at20), element([part('TIME', '6', { vat: '20' })])], {
      currency: 'GBP',
    })
    expect(errorsOf({ ...inPounds, currency: 'EUR' }, fast('FR'))).toHaveLength(1)
    expect(errorsOf(inPounds, fast('GB'))).toEqual([])
    expect(errorsOf(inPounds, fast('FR')).map(({ rule }) => rule)).toEqual([
      'currency_market',
      'price_rule.kwh_base_required',
    ])
    const perHour = tariff([element([part('TIME', '6', { vat: '8.1' })])], { currency: 'CHF' })
    expect(marketFaults(perHour, market('CH'), now)).toEqual([])
    const [gb, ch] = [example('GB', 'GBP'), example('CH', 'CHF')]
    if (!gb.ok || !ch.ok) throw new Error('both have a price')
    expect(gb.example).toMatchObject({
      total: { amount: 2_666, currency: 'GBP' },
      net: { amount: 2_240 },
    })
    expect(gb.example.comparable).toEqual({ value: '0.6665', text: '66.65 p/kWh' })
    expect(ch.example).toMatchObject({ total: { amount: 2_666, currency: 'CHF' }, net: null })
    expect(ch.example.comparable?.text).toBe('0.6665 CHF/kWh')
  })

  test('a currency of another market is sold nowhere there', () => {
    const chargers = [{ country: 'CH', powerW: 22_000, count: 1 }]
    expect(errorsOf(tariff([energy()]), { usedAt: chargers })).toEqual([
      expect.objectContaining({ rule: 'currency_market', path: 'currency' }),
    ])
    expect(errorsOf(tariff([energy()], { currency: 'GBP' }), { usedAt: [] })).toHaveLength(1)
  })

  test('4. UK, a connection fee of £1 shows as pence per kWh beside its lines', () => {
    const bundle = tariff(
      [element([part('FLAT', '0.8333', { vat: '20' }), part('ENERGY', '0.5', { vat: '20' })])],
      { currency: 'GBP', country_code: 'GB' },
    )
    const priced = priceExample(bundle, market('GB'), {
      energyKwh: '20',
      powerKw: '50',
      durationS: 1_440,
      start: now,
      timeZone: 'Europe/London',
    })
    if (!priced.ok) throw new Error(priced.message)
    // £1 + 20 kWh × 60 p = £13: 65 p for each kWh.
    expect(priced.example.total).toEqual({ amount: 1_300, currency: 'GBP' })
    expect(priced.example.comparable?.text).toBe('65.00 p/kWh')
    expect(priced.example.lines.map(({ type, amount }) => [type, amount])).toEqual([
      ['ENERGY', '12'],
      ['FLAT', '0.99996'],
    ])
  })

  test('5. CH shows one total with VAT and no price without it anywhere', () => {
    const swiss = tariff([element([part('ENERGY', '0.4533', { vat: '8.1' })])], { currency: 'CHF' })
    const [session] = marketExamples(market('CH'), {
      start: now,
      timeZone: 'Europe/Zurich',
      current: 'AC',
      powerKw: '22',
    })
    const priced = priceExample(swiss, market('CH'), session!)
    if (!priced.ok) throw new Error(priced.message)
    expect(priced.example.total).toEqual({ amount: 980, currency: 'CHF' })
    const { session: _, curve: __, ...shown } = priced.example
    expect(JSON.stringify(shown)).not.toMatch(/9\.066|907|0\.4533/)
    expect(shown.net).toBeNull()
  })

  test('the drawing names the totals and the axis in money', () => {
    const session = {
      energyKwh: '40',
      powerKw: '100',
      durationS: 1_440,
      start: now,
      timeZone: 'Europe/Berlin',
    }
    const priced = priceExample(
      tariff([element([part('ENERGY', '0.5', { vat: '19' })])]),
      market('DE'),
      session,
    )
    if (!priced.ok) throw new Error(priced.message)
    const texts = [...plotSvg('t', 'EUR', [priced.example]).matchAll(/<text[^>]*>([^<]*)</g)]
    expect(texts.map(([, text]) => text)).toEqual([
      '0.00',
      '5.00',
      '10.00',
      '15.00',
      '20.00',
      '25.00',
      '0 min',
      '5 min',
      '10 min',
      '15 min',
      '20 min',
      '25 min',
      '40 kWh, 24 min: 23.80 EUR',
      't',
    ])
  })

  test('what a kWh costs is in the market’s unit, and nothing without energy', () => {
    expect(comparablePrice({ amount: 1_180, currency: 'EUR' }, '20', market('DE'))?.text).toBe(
      '0.59 EUR/kWh',
    )
    expect(comparablePrice({ amount: 100, currency: 'EUR' }, '0', market('DE'))).toBeNull()
  })
})
