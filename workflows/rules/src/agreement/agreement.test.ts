import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Tariff } from '@chargelane/openapi/vocabulary/tariff'
import { zTariff } from '@chargelane/openapi/vocabulary/tariff'
import { profileFor, ratingPolicyOf } from '../markets/markets.ts'
import { expectedSession } from '../quote/expected.ts'
import { parseInstant } from '../rating/clock.ts'
import { canonicalTariff, rate } from '../rating/rating.ts'
import {
  coversConnector,
  deriveTariff,
  lowerRating,
  problemsOfActivation,
  type PublicPrice,
  type RateTerms,
} from './agreement.ts'

const now = '2026-11-21T10:00:00.000Z'
const timeZone = 'Europe/Berlin'

const profileOf = (country: string) => {
  const profile = profileFor(country, now)
  if (profile === undefined) throw new Error(`no profile of ${country}`)
  return profile
}

const tariffOf = (raw: Record<string, unknown>): Tariff => {
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

const energy = (price: number) => [{ type: 'ENERGY', price, vat: 19, step_size: 1 }]
const simple = tariffOf({ elements: [{ price_components: energy(0.5) }] })
const tenOff = (more: Partial<RateTerms> = {}): RateTerms => ({
  price: { kind: 'discount', discount_bps: { ENERGY: 1_000 } },
  ...more,
})

const policyOf = (country = 'DE') => {
  const policy = ratingPolicyOf(profileOf(country), now)
  if (policy === undefined) throw new Error('no policy')
  return { ...policy, periods: 'split_at_boundaries' as const }
}

const sessionAt = (at: string, energyKwh: string, idleS = 0) =>
  expectedSession({
    startMicros: parseInstant(at) ?? 0,
    timeZone,
    powerKw: '50',
    current: 'DC',
    profile: profileOf('DE'),
    energyKwh,
    idleS,
  }).usage

const grossOf = (tariff: Tariff | undefined, at: string, energyKwh = '10') => {
  if (tariff === undefined) throw new Error('no derived tariff')
  const result = rate({ tariff, usage: sessionAt(at, energyKwh), policy: policyOf() })
  if (!result.ok) throw new Error(result.message)
  return result.rating.totals.gross.amount
}

describe('the derived tariff', () => {
  test('lowers the named dimensions, exactly, and nothing else', () => {
    const made = deriveTariff(
      tariffOf({
        elements: [
          {
            price_components: [
              ...energy(0.4117647058823529),
              { type: 'FLAT', price: 1, vat: 19, step_size: 1 },
            ],
          },
        ],
        min_price: { excl_vat: 2 },
      }),
      { price: { kind: 'discount', discount_bps: { ENERGY: 1_234 } } },
    )
    expect(made?.elements[0]?.price_components.map(({ price }) => price)).toEqual([
      '0.360952941176470552',
      '1',
    ])
    expect(made?.min_price).toEqual({ excl_vat: '2' })
    expect(zTariff.safeParse(made).error).toBeUndefined()
  })

  test.each([
    // Saturday, 21 November 2026; Berlin is one hour ahead of UTC.
    ['inside the window', '2026-11-21T20:30:00.000Z', 536],
    ['before it', '2026-11-21T18:00:00.000Z', 595],
    ['at its end, which is out', '2026-11-21T22:00:00.000Z', 595],
    ['on a day that is not agreed', '2026-11-22T20:30:00.000Z', 595],
  ])('at agreed times costs less %s', (_, at, expected) => {
    const terms = tenOff({
      times: [{ start_time: '21:00', end_time: '23:00', day_of_week: ['SATURDAY'] }],
    })
    expect(grossOf(deriveTariff(simple, terms), at)).toBe(expected)
  })

  test.each([
    ['night price in the agreed night', '2026-11-21T22:30:00.000Z', 321],
    ['night price after midnight, agreed too', '2026-11-21T23:30:00.000Z', 321],
    ['night price after the agreed time', '2026-11-22T02:00:00.000Z', 357],
    ['day price outside of both', '2026-11-21T12:00:00.000Z', 595],
  ])('meets the public tariff’s own times: %s', (_, at, expected) => {
    const nights = tariffOf({
      elements: [
        {
          price_components: energy(0.3),
          restrictions: { start_time: '22:00', end_time: '06:00' },
        },
        { price_components: energy(0.5) },
      ],
    })
    const terms = tenOff({ times: [{ start_time: '23:00' }, { end_time: '02:00' }] })
    expect(grossOf(deriveTariff(nights, terms), at)).toBe(expected)
  })

  test('is none where it would have more elements than a tariff may', () => {
    const elements = Array.from({ length: 400 }, (_, index) => ({
      price_components: energy(0.5),
      restrictions: { min_kwh: index },
    }))
    const terms = tenOff({ times: [{ start_time: '10:00' }, { end_time: '08:00' }] })
    expect(deriveTariff(tariffOf({ elements }), terms)).toBeUndefined()
  })
})

test.each<[RateTerms['connector'], boolean]>([
  [undefined, true],
  [{ current: 'DC' }, true],
  [{ current: 'AC' }, false],
  [{ min_power_kw: '150' }, true],
  [{ min_power_kw: '150.001' }, false],
  [{ max_power_kw: '149.9' }, false],
  [{ current: 'DC', min_power_kw: '50', max_power_kw: '150' }, true],
])('a connector class %o covers 150 kW DC: %s', (connector, expected) => {
  const terms = tenOff(connector === undefined ? {} : { connector })
  expect(coversConnector(terms, { powerKw: '150', current: 'DC' })).toBe(expected)
})

const price = (country = 'DE', tariff = simple): PublicPrice => ({
  tariff,
  profile: profileOf(country),
  timeZone,
  connector: { powerKw: '50', current: 'DC' },
})
const own = (tariff: Tariff): RateTerms => ({ price: { kind: 'tariff', tariff } })

describe('an agreement is not activated', () => {
  const dearAtNight = tariffOf({
    elements: [
      { price_components: energy(0.6), restrictions: { start_time: '02:00', end_time: '05:00' } },
      { price_components: energy(0.4) },
    ],
  })
  const francs = tariffOf({ currency: 'CHF', elements: [{ price_components: energy(0.4) }] })
  test.each<[string, RateTerms, string | null, PublicPrice[], string[]]>([
    [
      'without the reason the Union asks for',
      tenOff(),
      null,
      [price()],
      ['justification_required'],
    ],
    ['with blanks for a reason', tenOff(), '  ', [price()], ['justification_required']],
    ['in another currency', own(francs), 'x', [price()], ['currency_differs']],
    ['dearer at any time of the week', own(dearAtNight), 'x', [price()], ['above_public']],
    [
      'where nothing is sold',
      tenOff({ connector: { current: 'AC' } }),
      'x',
      [price()],
      ['no_public_price'],
    ],
  ])('%s', (_, terms, justification, prices, expected) => {
    const problems = problemsOfActivation({ terms, justification, prices, at: now })
    expect(problems.map(({ code }) => code)).toEqual(expected)
  })

  test('but is where the market asks for no reason, or one is given and no price exceeded', () => {
    const ready = { prices: [price('GB')], at: now }
    expect(problemsOfActivation({ terms: tenOff(), justification: null, ...ready })).toEqual([])
    const cheaper = tariffOf({ elements: [{ price_components: energy(0.5) }] })
    const asked = { terms: own(cheaper), justification: 'volume', prices: [price()], at: now }
    expect(problemsOfActivation(asked)).toEqual([])
  })
})

// ── Never above public ──────────────────────────────────────────────────────────────────────────────────────────

const cents = fc.integer({ min: 0, max: 1_500 }).map((value) => value / 1_000)
const types = fc.constantFrom('ENERGY', 'TIME', 'PARKING_TIME', 'FLAT')
const time = fc.integer({ min: 0, max: 23 }).map((hour) => `${String(hour).padStart(2, '0')}:00`)
const days = fc.subarray(
  ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY'] as const,
  { minLength: 1 },
)
const restrictions = fc.record(
  {
    start_time: time,
    end_time: time,
    day_of_week: days,
    min_kwh: fc.integer({ min: 0, max: 40 }),
    max_kwh: fc.integer({ min: 1, max: 60 }),
    min_duration: fc.integer({ min: 0, max: 7_200 }),
  },
  { requiredKeys: [] },
)
const anyTariff = fc
  .record(
    {
      elements: fc.array(
        fc.record(
          {
            price_components: fc.array(
              fc.record({
                type: types,
                price: cents,
                vat: fc.constantFrom(0, 8.1, 19),
                step_size: fc.constantFrom(1, 60, 300, 1_000),
              }),
              { minLength: 1, maxLength: 4 },
            ),
            restrictions,
          },
          { requiredKeys: ['price_components'] },
        ),
        { minLength: 1, maxLength: 5 },
      ),
      min_price: fc.record({ excl_vat: cents }),
      max_price: fc.record({ excl_vat: fc.integer({ min: 2, max: 40 }) }),
    },
    { requiredKeys: ['elements'] },
  )
  .map((raw) => tariffOf(raw))
const bps = fc.integer({ min: 0, max: 10_000 })
const windowOf = fc
  .record({ start_time: time, end_time: time, day_of_week: days }, { requiredKeys: [] })
  .filter(({ start_time: from, end_time: to }) => to === undefined || (from ?? '00:00') < to)
const anyTerms: fc.Arbitrary<RateTerms> = fc.record(
  {
    price: fc.oneof(
      fc.record({
        kind: fc.constant('discount' as const),
        discount_bps: fc.record(
          { ENERGY: bps, TIME: bps, PARKING_TIME: bps, FLAT: bps },
          { requiredKeys: [] },
        ),
      }),
      fc.record({ kind: fc.constant('tariff' as const), tariff: anyTariff }),
    ),
    times: fc.array(windowOf, { minLength: 1, maxLength: 3 }),
  },
  { requiredKeys: ['price'] },
)

test('whatever is agreed, no session costs more than at the public price', () => {
  let discounted = 0
  fc.assert(
    fc.property(
      anyTariff,
      anyTerms,
      fc.date({
        min: new Date('2026-01-01'),
        max: new Date('2026-12-31'),
        noInvalidDate: true,
      }),
      fc.integer({ min: 1, max: 800 }),
      fc.integer({ min: 0, max: 20_000 }),
      (tariff, terms, at, tenths, idleS) => {
        const derived = deriveTariff(tariff, terms)
        if (derived === undefined) return
        const usage = sessionAt(at.toISOString(), String(tenths / 10), idleS)
        const open = rate({ tariff, usage, policy: policyOf() })
        const mine = rate({ tariff: derived, usage, policy: policyOf() })
        if (!open.ok || !mine.ok) return
        const paid = lowerRating(open.rating, mine.rating).totals.gross.amount
        expect(paid).toBeLessThanOrEqual(open.rating.totals.gross.amount)
        if (paid < open.rating.totals.gross.amount) discounted += 1
        // A discount at all times is never dearer by itself, but for a ceiling: there a smaller part at a low VAT
        // rate raises the tax of the whole, which the comparison takes back.
        const isPlain = terms.price.kind === 'discount' && terms.times === undefined
        const isBounded = tariff.max_price !== undefined || tariff.min_price !== undefined
        const most = isPlain && !isBounded ? open.rating.totals.gross.amount : Infinity
        expect(mine.rating.totals.gross.amount).toBeLessThanOrEqual(most)
      },
    ),
    { numRuns: 2_000 },
  )
  expect(discounted).toBeGreaterThan(200)
})
