import { expect, test } from 'vitest'
import { canonicalTariff, isParkingPriced } from './rating.ts'

const parking = (price: number, restrictions: object) => {
  const read = canonicalTariff({
    country_code: 'DE',
    party_id: 'VWL',
    id: 'P',
    currency: 'EUR',
    elements: [
      { price_components: [{ type: 'PARKING_TIME', price, step_size: 60 }], restrictions },
      { price_components: [{ type: 'ENERGY', price: 0.5, step_size: 1 }] },
    ],
    last_updated: '2026-01-01T00:00:00Z',
  })
  if (!read.ok) throw new Error(JSON.stringify(read.problems))
  return read.tariff
}

const startedAt = '2026-11-20T07:00:00.000Z'
const at = (now: string) => ({ now, startedAt, timeZone: 'Europe/Berlin', energyWh: '12000.5' })

test.each<[string, number, object, string, boolean]>([
  ['from its minute on', 6, { min_duration: 3_600 }, '2026-11-20T08:00:00.000Z', true],
  ['not before it', 6, { min_duration: 3_600 }, '2026-11-20T07:59:59.000Z', false],
  ['in its hours', 6, { start_time: '08:00', end_time: '20:00' }, '2026-11-20T18:59:00.000Z', true],
  [
    'not in the evening, when local clocks say it is over',
    6,
    { start_time: '08:00', end_time: '20:00' },
    '2026-11-20T19:00:00.000Z',
    false,
  ],
  ['not on a free Sunday', 6, { day_of_week: ['FRIDAY'] }, '2026-11-22T12:00:00.000Z', false],
  ['not below its energy', 6, { min_kwh: 20 }, '2026-11-20T12:00:00.000Z', false],
  ['not at a price of zero', 0, {}, '2026-11-20T12:00:00.000Z', false],
])('standing is priced %s', (_when, price, restrictions, now, priced) => {
  expect(isParkingPriced(parking(price, restrictions), at(now))).toBe(priced)
})
