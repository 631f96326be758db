import fc from 'fast-check'
import { expect, test } from 'vitest'
import { profileFor, ratingPolicyOf } from '../markets/markets.ts'
import { formatInstant, microsPerSecond } from '../rating/clock.ts'
import { canonicalTariff, cutAtBoundaries, rate } from '../rating/rating.ts'
import { estimate, isTimeless } from './estimate.ts'
import { expectedSession } from './expected.ts'

const price = (value: number, type = 'ENERGY') => ({
  price_components: [{ type, price: value, vat: 19, step_size: 1 }],
})

const tariffOf = (restrictions: object, own: object = {}) => {
  const result = canonicalTariff({
    country_code: 'DE',
    party_id: 'VWL',
    id: 'DC',
    currency: 'EUR',
    last_updated: '2026-01-01T00:00:00Z',
    elements: [{ ...price(0.29), restrictions }, price(0.59), price(3.5, 'PARKING_TIME')],
    ...own,
  })
  if (!result.ok) throw new Error(JSON.stringify(result.problems))
  return result.tariff
}

const timeless = [
  tariffOf({ min_duration: 1_800 }),
  tariffOf({ max_kwh: 12.5 }),
  tariffOf({ min_power: 22 }, { min_price: 1.5, max_price: 20 }),
]
const timed = [
  tariffOf({ start_time: '22:00', end_time: '06:00' }),
  tariffOf({ end_time: '06:00' }),
  tariffOf({ start_date: '2026-03-01' }),
  tariffOf({ end_date: '2026-03-29' }),
  tariffOf({ day_of_week: ['SATURDAY', 'SUNDAY'] }),
  tariffOf({ max_kwh: 12.5 }, { start_date_time: '2026-03-28T00:00:00Z' }),
  tariffOf({ max_kwh: 12.5 }, { end_date_time: '2026-03-30T00:00:00Z' }),
]

test('a tariff is timeless unless something of it looks at the clock or the calendar', () => {
  expect(timeless.map(isTimeless)).toEqual(timeless.map(() => true))
  expect(timed.map(isTimeless)).toEqual(timed.map(() => false))
})

// Over the days in which the clocks of Europe change, so that one wall clock time is two instants.
const from = Date.UTC(2026, 2, 27) * 1_000
const sessions = fc.record({
  tariff: fc.constantFrom(...timeless, ...timed),
  country: fc.constantFrom('DE', 'NL'),
  timeZone: fc.constantFrom('Europe/Berlin', 'Europe/London'),
  startS: fc.integer({ min: 0, max: 4 * 86_400 }),
  energyKwh: fc.constantFrom('5', '24', '60.5'),
  durationS: fc.constantFrom(900, 3_600, 14_400),
  idleS: fc.constantFrom(0, 5_400),
})

test('an estimate is what the one price function says then and there, whatever was asked before', () => {
  fc.assert(
    fc.property(fc.array(sessions, { minLength: 2, maxLength: 40 }), (asked) => {
      for (const { tariff, country, startS, ...wish } of asked) {
        const startMicros = from + startS * microsPerSecond
        const at = formatInstant(startMicros)
        const profile = profileFor(country, at)
        const policy = profile && ratingPolicyOf(profile, at)
        if (profile === undefined || policy === undefined) throw new Error('no market')
        const expected = expectedSession({
          ...wish,
          startMicros,
          powerKw: '50',
          current: 'DC',
          profile,
        })
        const direct = rate({ tariff, usage: expected.usage, policy: cutAtBoundaries(policy) })
        const known = estimate(tariff, policy, expected)
        expect(known).toEqual(direct.ok ? direct.rating.totals : direct)
      }
    }),
    { numRuns: 60 },
  )
})
