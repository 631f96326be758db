import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { contract } from '@chargelane/openapi'
import { canonicalHash } from '../evidence/canonical/digest.ts'
import { profileFor } from '../markets/markets.ts'
import { money } from '../money.ts'
import { canonicalTariff, rate } from '../rating/rating.ts'
import { canonicalText } from '../evidence/canonical/canonical.ts'
import { quoteDiff } from './diff.ts'
import { buildIndicative, buildQuote, hashTariff, holdFor, type QuoteInput } from './quote.ts'

const now = '2026-11-21T10:00:00.000Z'

const tariffOf = (raw: Record<string, unknown>) => {
  const result = canonicalTariff({
    country_code: 'DE',
    party_id: 'VWL',
    id: 'DC',
    currency: 'EUR',
    last_updated: '2026-01-01T00:00:00Z',
    ...raw,
  })
  if (!result.ok) throw new Error(JSON.stringify(result.problems))
  return result.tariff
}

// A public DC price as it is common in Germany: 0.59 per kWh, and 0.10 per minute of blocking from minute 45.
const dc = tariffOf({
  elements: [
    {
      price_components: [{ type: 'PARKING_TIME', price: 5.042, vat: 19, step_size: 60 }],
      restrictions: { min_duration: 2_700 },
    },
    { price_components: [{ type: 'ENERGY', price: 0.4958, vat: 19, step_size: 1 }] },
  ],
})

const input = (change: Partial<QuoteInput> = {}): QuoteInput => ({
  now,
  evse: { id: 'DE*VWL*E1001*1', timeZone: 'Europe/Berlin', powerKw: '150', current: 'DC' },
  tariffVersion: 'trf_01@7',
  tariff: dc,
  profile: profileFor('DE', now),
  seller: { name: 'Voltwerk Ladenetz GmbH', vat_id: 'DE123456789' },
  expected: { energyKwh: '24' },
  ...change,
})

const quoteOf = (change: Partial<QuoteInput> = {}) => {
  const result = buildQuote(input(change))
  if (!result.ok) throw new Error(`${result.code} ${result.path}: ${result.message}`)
  return result.quote
}

describe('a quote', () => {
  test('locks the public tariff for 15 minutes and to the end of the session', () => {
    const quote = quoteOf()
    expect(quote).toMatchObject({
      created_at: now,
      expires_at: '2026-11-21T10:15:00.000Z',
      guaranteed_until: 'session_end',
      tariff: 'trf_01@7',
      basis: 'public',
      supply_model: 'agency',
      market_profile: 'eu-afir-de@2026-01-08',
      fees_to_driver: [],
    })
    expect(quote.tariff_hash).toBe(canonicalHash(dc))
    expect(quote.applied_price_total).toEqual(quote.public_price_total)
  })

  test('is what the contract promises', () => {
    const { body } = contract.quotes.create.success
    // Ids, status, payer and signature are added where the quote is stored.
    const stored = body.partial().safeParse({ ...quoteOf(), evse: undefined })
    expect(stored.error).toBeUndefined()
    const known = Object.keys(body.shape)
    expect(Object.keys(quoteOf()).filter((key) => !known.includes(key))).toEqual([])
  })

  test('estimates by the one price function and holds the market’s margin above it', () => {
    const quote = quoteOf()
    // 24 kWh at 0.4958 with 19 % VAT are 14.16; 130 % of it in steps of 5 euros are 20.
    expect(quote.est).toEqual({ energy_wh: 24_000, duration_s: 864, total: money(1_416, 'EUR') })
    expect(quote.hold_amount).toEqual(money(2_000, 'EUR'))
    expect(quote.tax_lines).toEqual([
      { rate: '19', net: money(1_190, 'EUR'), vat: money(226, 'EUR') },
    ])
  })

  test('counts the time plugged in after charging that the partner expects', () => {
    const long = quoteOf({ expected: { energyKwh: '24', durationS: 3_600 } })
    expect(long.est.total).toEqual(money(1_416 + 150, 'EUR'))
  })

  test('without an expectation takes the market’s typical session at the EVSE’s own power', () => {
    expect(quoteOf({ expected: {} }).est).toMatchObject({ energy_wh: 40_000, duration_s: 1_440 })
    const slow = quoteOf({
      expected: {},
      evse: { id: 'E', timeZone: 'Europe/Berlin', powerKw: '3.7', current: 'AC' },
    })
    expect(slow.est).toMatchObject({ energy_wh: 20_000, duration_s: 19_459 })
  })

  test('shows the price per kWh first and times per minute, gross, in both languages', () => {
    const quote = quoteOf()
    expect(quote.components.map((component) => component.display['en'])).toEqual([
      'Energy: 0.59 EUR per kWh',
      'Time plugged in without charging: 0.10 EUR per minute (after 45 min; in steps of 1 min)',
    ])
    expect(quote.components[0]).toMatchObject({
      unit_price: { value: '0.590002', per: 'kWh', tax: 'inclusive' },
      net_unit_price: '0.4958',
      vat_rate: '19',
    })
    expect(quote.display_text['de']).toBe(
      [
        'Energie: 0,59 EUR je kWh',
        'Standzeit ohne Laden: 0,10 EUR je Minute (ab 45 min; je angefangene 1 min)',
        'Alle Preise inkl. 19 % MwSt. Preis des Betreibers, ohne Aufschlag.',
      ].join('\n'),
    )
  })

  test('in Switzerland is one total in francs including its VAT', () => {
    const swiss = quoteOf({
      tariff: tariffOf({
        currency: 'CHF',
        elements: [{ price_components: [{ type: 'ENERGY', price: 0.5, step_size: 1 }] }],
        min_price: { excl_vat: 2 },
      }),
      profile: profileFor('CH', now),
      evse: { id: 'CH*ALP*E1', timeZone: 'Europe/Zurich', powerKw: '150', current: 'DC' },
    })
    expect(swiss.est.total).toEqual(money(1_297, 'CHF'))
    expect(swiss.display_text['en']).toContain('At least 2.162 CHF per session')
    expect(swiss.display_text['en']).toContain('8.1 % VAT')
  })

  test('never offers the price of a reservation as that of charging', () => {
    const quote = quoteOf({
      tariff: tariffOf({
        elements: [
          {
            price_components: [{ type: 'TIME', price: 5, step_size: 60 }],
            restrictions: { reservation: 'RESERVATION' },
          },
          { price_components: [{ type: 'ENERGY', price: 0.4, vat: 19, step_size: 1 }] },
        ],
      }),
    })
    expect(quote.components.map(({ type }) => type)).toEqual(['ENERGY'])
  })
})

const bundle = (currency: string) =>
  tariffOf({
    currency,
    elements: [
      {
        price_components: [
          { type: 'FLAT', price: 1, step_size: 1 },
          { type: 'PARKING_TIME', price: 6, step_size: 60 },
          { type: 'ENERGY', price: 0.5, step_size: 1 },
        ],
      },
    ],
    max_price: { excl_vat: 60 },
  })
const places = {
  DE: ['Europe/Berlin', 'EUR'],
  NL: ['Europe/Amsterdam', 'EUR'],
  FR: ['Europe/Paris', 'EUR'],
  CH: ['Europe/Zurich', 'CHF'],
  GB: ['Europe/London', 'GBP'],
} as const
const quoteIn = (country: keyof typeof places, change: Partial<QuoteInput> = {}) => {
  const [timeZone, currency] = places[country]
  return quoteOf({
    tariff: bundle(currency),
    profile: profileFor(country, now),
    evse: { id: `${country}*X`, timeZone, powerKw: '150', current: 'DC' },
    ...change,
  })
}

describe('in its market', () => {
  test.each<[keyof typeof places, string[], string]>([
    ['DE', ['de', 'en'], 'Energie: 0,595 EUR je kWh'],
    ['NL', ['nl', 'en'], 'Energie: 0,605 EUR per kWh'],
    ['FR', ['fr', 'en'], 'Énergie: 0,60 EUR par kWh'],
    ['CH', ['de', 'fr', 'it', 'en'], 'Energie: 0,5405 CHF je kWh'],
    ['GB', ['en'], 'Energy: 0.60 GBP per kWh'],
  ])('%s shows kWh, minute, session in its languages, tax included', (country, spoken, first) => {
    const quote = quoteIn(country)
    expect(quote.components.map(({ type, unit_price }) => `${type}/${unit_price.per}`)).toEqual([
      'ENERGY/kWh',
      'PARKING_TIME/min',
      'FLAT/session',
    ])
    expect(quote.components.every(({ unit_price }) => unit_price.tax === 'inclusive')).toBe(true)
    expect(Object.keys(quote.display_text)).toEqual(spoken)
    expect(quote.components[0]?.display[spoken[0] ?? '']).toBe(first)
    for (const text of Object.values(quote.display_text))
      expect(text.split('\n')).toHaveLength(country === 'GB' ? 6 : 5)
  })

  test('GB gives a bundle’s pence per kWh, connection fee included, before the breakdown', () => {
    const quote = quoteIn('GB', { expected: {} })
    // 40 kWh at 60p and 1.20 for the start, on 40 kWh.
    expect(quote.comparable_unit_price).toMatchObject({ value: '0.63', currency: 'GBP' })
    expect(quote.display_text['en']?.split('\n')[0]).toBe(
      '63.00 p/kWh in total for a session of 40 kWh',
    )
  })

  test('CH names no price without VAT anywhere a driver looks', () => {
    const quote = quoteIn('CH')
    const shown = JSON.stringify([
      quote.display_text,
      quote.components.map(({ display }) => display),
    ])
    for (const net of ['0,50 ', '0.50 ', '1,00 CHF', '6,00']) expect(shown).not.toContain(net)
    expect(quote.limits).toEqual({ min_total: null, max_total: money(6_486, 'CHF') })
  })

  test('says where idling costs, and where that ends', () => {
    const { idle_fee_terms: idle } = quoteIn('DE')
    expect(idle?.grace_s).toBe(0)
    expect(idle?.display['en']).toContain('The whole session costs 71.40 EUR at most.')
    expect(
      quoteOf({
        tariff: tariffOf({
          elements: [{ price_components: [{ type: 'ENERGY', price: 0.5, step_size: 1 }] }],
        }),
      }).idle_fee_terms,
    ).toBeNull()
  })
})

const adHoc = (amount: string, type = 'AD_HOC_PAYMENT') => ({
  ...dc,
  type: type as 'REGULAR',
  preauthorize_amount: amount,
})

describe('the hold', () => {
  const dearIdling = tariffOf({
    elements: [
      {
        price_components: [
          { type: 'ENERGY', price: 0.4958, vat: 19, step_size: 1 },
          { type: 'PARKING_TIME', price: 12, vat: 19, step_size: 60 },
        ],
      },
    ],
  })
  const dear = tariffOf({
    elements: [{ price_components: [{ type: 'ENERGY', price: 20, vat: 19, step_size: 1 }] }],
  })
  test.each<[string, Partial<QuoteInput>, number]>([
    // 14.16 for the energy and 30 times 0.24 for the minutes, and 30 % more.
    ['covers half an hour of idling after the session', { tariff: dearIdling }, 3_000],
    ['follows a higher wish of an ad hoc tariff', { tariff: adHoc('55') }, 5_500],
    ['but not above the market’s cap', { tariff: adHoc('500') }, 15_000],
    ['nor a lower one', { tariff: adHoc('5') }, 2_000],
    // 25 kWh at 150 kW in ten minutes are 14.75.
    [
      'covers ten minutes at full power of whoever expects less',
      { expected: { energyKwh: '2' } },
      1_500,
    ],
    ['and follows whoever expects more', { expected: { energyKwh: '60' } }, 5_000],
    // 40 kWh are 23.60, and 30 % more.
    ['follows what sessions there usually take', { usualEnergyKwh: '40', expected: {} }, 3_500],
    ['never below ten minutes at full power', { usualEnergyKwh: '1', expected: {} }, 1_500],
    ['nor above the market’s cap', { usualEnergyKwh: '900', expected: {} }, 15_000],
    [
      'and follows its buyer where that expects something',
      { usualEnergyKwh: '40', expected: { energyKwh: '60' } },
      5_000,
    ],
    [
      'covers ten minutes at a high price up to the market’s cap',
      { tariff: dear, expected: { energyKwh: '1' } },
      15_000,
    ],
    ['nor that of any other tariff', { tariff: adHoc('55', 'REGULAR') }, 2_000],
  ])('%s', (_, change, expected) => {
    expect(quoteOf(change).hold_amount.amount).toBe(expected)
  })
})

const off = (id: string, bps: number) => ({
  id,
  version: 1,
  justification: 'volume',
  terms: { price: { kind: 'discount' as const, discount_bps: { ENERGY: bps } } },
})

describe('below the public price', () => {
  test('the agreement cheapest for the driver counts, and is locked with its tariff', () => {
    const quote = quoteOf({
      agreements: [off('rag_1', 500), off('rag_2', 1_500), off('rag_3', 100)],
    })
    expect(quote).toMatchObject({ basis: 'rate_agreement', agreement: { id: 'rag_2' } })
    expect(quote.agreement?.tariff_hash).toBe(hashTariff(quote.agreement?.tariff ?? dc))
    expect(quote.tariff_hash).toBe(hashTariff(dc))
    expect(quote.applied_price_total.amount).toBeLessThan(quote.public_price_total.amount)
    expect(quote.est.total).toEqual(quote.applied_price_total)
  })
  test('an indicative price is the same', () => {
    const change = input({ agreements: [off('rag_1', 500)] })
    const [binding, map] = [buildQuote(change), buildIndicative(change)]
    if (!binding.ok || !map.ok) throw new Error('no price')
    expect(binding.quote).toMatchObject(map.quote)
  })
})

test('what changed between two quotes is told by component, and nothing else is', () => {
  const [before, same] = [quoteOf(), quoteOf()]
  expect(quoteDiff(before, same)).toMatchObject({ price_changed: false, components: [] })
  const dearer = tariffOf({
    elements: [
      ...dc.elements.slice(0, 1),
      { price_components: [{ type: 'ENERGY', price: 0.6, vat: 19, step_size: 1 }] },
      { price_components: [{ type: 'FLAT', price: 1, vat: 19, step_size: 1 }] },
    ],
  })
  const diff = quoteDiff(before, quoteOf({ tariff: dearer }))
  expect(diff.price_changed).toBe(true)
  expect(
    diff.components.map(({ type, from, to }) => [type, from?.value ?? null, to?.value ?? null]),
  ).toEqual([
    ['ENERGY', '0.590002', '0.714'],
    ['FLAT', null, '1.19'],
  ])
})

describe('there is no quote', () => {
  const swissFrancs = tariffOf({
    currency: 'CHF',
    elements: [{ price_components: [{ type: 'ENERGY', price: 0.5, step_size: 1 }] }],
  })
  const onlyReserved = tariffOf({
    elements: [
      {
        price_components: [{ type: 'TIME', price: 1, step_size: 1 }],
        restrictions: { reservation: 'RESERVATION' },
      },
    ],
  })
  test.each<[string, Partial<QuoteInput>, string]>([
    ['without a tariff', { tariff: undefined }, 'price_unavailable tariff'],
    [
      'in a market we hold no profile of',
      { profile: undefined },
      'price_unavailable market_profile',
    ],
    [
      'in a currency foreign to the market',
      { tariff: swissFrancs },
      'unsupported_currency tariff.currency',
    ],
    ['where no price applies', { tariff: onlyReserved }, 'price_unavailable tariff.elements'],
    [
      'by a tariff that has ended',
      { tariff: { ...dc, end_date_time: '2026-11-21T09:00:00.000Z' } },
      'price_unavailable tariff',
    ],
    ['for no energy', { expected: { energyKwh: '0' } }, 'invalid_value est_energy_wh'],
    ['for half a second', { expected: { durationS: 0.5 } }, 'invalid_value est_duration_s'],
  ])('%s', (_, change, expected) => {
    const result = buildQuote(input(change))
    expect(result.ok ? 'quoted' : `${result.code} ${result.path}`).toBe(expected)
  })
})

describe('usage that no element prices', () => {
  const byDay = { start_time: '08:00', end_time: '18:00' }
  const day = tariffOf({
    elements: [
      {
        price_components: [{ type: 'ENERGY', price: 0.5, vat: 19, step_size: 1 }],
        restrictions: byDay,
      },
    ],
  })

  test('is quoted as free, with when, in every language', () => {
    const quote = quoteOf({ tariff: day })
    expect(quote.est.total).toEqual(money(1_428, 'EUR'))
    expect(quote.free_usage).toMatchObject([
      { type: 'ENERGY', conditions: { start_time: '00:00', end_time: '08:00' } },
      { type: 'ENERGY', conditions: { start_time: '18:00', end_time: '00:00' } },
    ])
    expect(quote.display_text['en']).toContain('Free of charge: Energy (18:00 to 00:00)')
    expect(quote.display_text['de']).toContain('Kostenlos: Energie (00:00 bis 08:00 Uhr)')
  })

  test('costs nothing, and the floor of the market is held all the same', () => {
    const quote = quoteOf({ tariff: day, now: '2026-11-21T20:00:00.000Z' })
    expect(quote.est.total).toEqual(money(0, 'EUR'))
    expect(quote.hold_amount.amount).toBeGreaterThan(0)
  })

  test.each([
    ['the first hour', { type: 'TIME', price: 6, step_size: 60 }, { min_duration: 3_600 }, 'Time'],
    ['the first kWh', { type: 'ENERGY', price: 1, step_size: 1 }, { min_kwh: 5 }, 'Energy'],
  ])('%s free is said', (_what, component, restrictions, name) => {
    const quote = quoteOf({
      tariff: tariffOf({ elements: [{ price_components: [component], restrictions }] }),
    })
    expect(quote.free_usage).toHaveLength(1)
    expect(quote.display_text['en']).toMatch(
      new RegExp(`Free of charge: ${name}.* \\(for the first `),
    )
  })

  test('is not spoken of where everything has a price', () => {
    expect(quoteOf()).not.toHaveProperty('free_usage')
  })
})

test('the hold covers the estimate up to the market’s cap, in whole steps', () => {
  const hold = { factorPercent: 130, step: 500, floor: 1_000, cap: 15_000 }
  fc.assert(
    fc.property(fc.nat(100_000), (amount) => {
      const held = holdFor(money(amount, 'EUR'), hold).amount
      expect(held % 500).toBe(0)
      expect(held).toBeGreaterThanOrEqual(Math.min(amount, 15_000))
      expect(held).toBeLessThanOrEqual(15_000)
    }),
  )
})

test('a session exactly as estimated costs exactly the estimate', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1_000_000 }), (tenths) => {
      const quote = quoteOf({ expected: { energyKwh: String(tenths / 10_000) } })
      const ended = new Date(Date.parse(now) + quote.est.duration_s * 1_000).toISOString()
      const result = rate({
        tariff: dc,
        usage: {
          started_at: now,
          ended_at: ended,
          time_zone: 'Europe/Berlin',
          periods: [
            { start: now, end: ended, charging: true, energy_kwh: String(tenths / 10_000) },
          ],
        },
        policy: quote.rating_policy,
      })
      expect(result.ok && result.rating.totals.gross).toEqual(quote.applied_price_total)
    }),
  )
})

test('the lock of a tariff does not depend on how its JSON was written', () => {
  const reordered = Object.fromEntries(Object.entries(dc).toReversed())
  expect(canonicalHash(reordered)).toBe(canonicalHash(dc))
  expect(hashTariff(dc)).toMatch(/^sha256:[0-9a-f]{64}$/)
  expect(() => canonicalText(undefined)).toThrow('Invariant')
})
