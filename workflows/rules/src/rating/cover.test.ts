import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { money } from '../money.ts'
import { canonicalTariff, ocpiPolicy, rate } from './rating.ts'
import { usageFromMeter } from './usage.ts'
import { costSoFar, mostUntil, reachesAt, type Running } from './cover.ts'

const startedAt = '2026-11-21T10:00:00Z'
const after = (minutes: number) => new Date(Date.parse(startedAt) + minutes * 60_000).toISOString()
const day = after(24 * 60)

const tariffOf = (...elements: object[]) => {
  const made = canonicalTariff({
    country_code: 'DE',
    party_id: 'VWL',
    id: 'DC',
    currency: 'EUR',
    last_updated: '2026-01-01T00:00:00Z',
    elements,
  })
  if (!made.ok) throw new Error(JSON.stringify(made.problems))
  return made.tariff
}
const component = (type: string, price: number) => ({
  price_components: [{ type, price, vat: 19, step_size: 1 }],
})
const perKwh = tariffOf(component('ENERGY', 0.5))

const running = (change: Partial<Running> = {}): Running => ({
  prices: [perKwh],
  policy: ocpiPolicy,
  timeZone: 'Europe/Berlin',
  startedAt,
  now: startedAt,
  samples: [],
  maxPowerW: 150_000,
  ...change,
})

/** Of a register that grew evenly to this many Wh in this many minutes. */
const readings = (wh: number, minutes: number) =>
  [0, 0.5, 1].map((part) => ({
    at: after(minutes * part),
    energy_wh: String(1_000 + Math.round(wh * part)),
  }))

describe('what a session costs so far', () => {
  test('is what its readings prove, and nothing before there are two', () => {
    expect(costSoFar(running())).toBeNull()
    // 10 kWh at 0.50 net and 19 % VAT.
    expect(costSoFar(running({ samples: readings(10_000, 10) }))).toEqual(money(595, 'EUR'))
  })

  test('is the lowest of the prices it may be paid by', () => {
    const prices = [perKwh, tariffOf(component('ENERGY', 0.4))]
    expect(costSoFar(running({ prices, samples: readings(10_000, 10) }))).toEqual(money(476, 'EUR'))
  })
})

describe('F46: what a session of our own node costs in the end', () => {
  test('is what its record costs: both are priced from the same readings by the same rule', () => {
    const prices = [
      perKwh,
      tariffOf(component('FLAT', 1.5), component('ENERGY', 0.437), component('TIME', 3.17)),
      tariffOf(
        { ...component('ENERGY', 0.31), restrictions: { end_time: '11:30' } },
        component('ENERGY', 0.59),
        component('PARKING_TIME', 6),
      ),
    ]
    const steps = fc.array(
      fc.record({ wh: fc.integer({ min: 0, max: 40_000 }), s: fc.integer({ min: 1, max: 5_000 }) }),
      { minLength: 1, maxLength: 12 },
    )
    fc.assert(
      fc.property(steps, fc.constantFrom(...prices), (told, tariff) => {
        let [ms, wh] = [Date.parse(startedAt), 1_000]
        const samples = [{ at: startedAt, energy_wh: String(wh) }]
        for (const step of told)
          samples.push({
            at: new Date((ms += step.s * 1_000)).toISOString(),
            energy_wh: String((wh += step.wh)),
          })
        const now = new Date(ms).toISOString()
        const shown = costSoFar(running({ prices: [tariff], samples, now }))
        const record = usageFromMeter({ samples, timeZone: 'Europe/Berlin', tariff })
        if (!record.ok) throw new Error(JSON.stringify(record.problems))
        const billed = rate({ tariff, usage: record.usage, policy: ocpiPolicy })
        if (!billed.ok) throw new Error('the tariff prices it')
        expect(billed.rating.totals.gross).toEqual(shown)
      }),
    )
  })
})

describe('the instant at which a hold could be used up', () => {
  test('is reckoned at full power from the start while there are no readings', () => {
    // 1.4875 a minute at 150 kW: 20.00 is reached after 13 min 27 s.
    const at = reachesAt(running(), money(2_000, 'EUR'), day)
    expect(at).toBe('2026-11-21T10:13:00.000Z')
    expect(mostUntil(running(), after(10))).toEqual(money(1_488, 'EUR'))
  })

  test('is reckoned from the last reading once there are some', () => {
    const samples = readings(2_000, 10)
    const at = reachesAt(running({ samples, now: after(10) }), money(2_000, 'EUR'), day)
    expect(Date.parse(at ?? '')).toBeGreaterThan(Date.parse(after(21)))
    expect(Date.parse(at ?? '')).toBeLessThan(Date.parse(after(23)))
  })

  test('is now when the readings have reached it already', () => {
    const samples = readings(280_000, 10)
    const now = after(10)
    expect(reachesAt(running({ samples, now }), money(2_000, 'EUR'), day)).toBe(now)
  })

  test('is never where a session cannot cost so much', () => {
    const limited = { ...perKwh, max_price: { excl_vat: '10' } }
    expect(reachesAt(running({ prices: [limited] }), money(2_000, 'EUR'), day)).toBeNull()
  })

  test('counts idling where that costs more than charging', () => {
    const idle = tariffOf(component('ENERGY', 0.3), component('PARKING_TIME', 60))
    const limit = money(2_000, 'EUR')
    const at = reachesAt(running({ prices: [idle], maxPowerW: 11_000 }), limit, day)
    expect(Date.parse(at ?? '')).toBeLessThan(Date.parse(after(17)))
  })

  test('is now for readings that do not follow from each other, as far as full power goes', () => {
    const samples = [...readings(10_000, 10), { at: after(11), energy_wh: '3' }]
    const now = after(12)
    // 12 minutes at 150 kW are 17.85.
    expect(reachesAt(running({ samples, now }), money(1_785, 'EUR'), day)).toBe(now)
    expect(reachesAt(running({ samples, now }), money(1_850, 'EUR'), day)).not.toBe(now)
  })

  test('is reckoned from our own clock where the charger’s runs ahead', () => {
    // At 2 kWh after ten minutes, told five minutes after the start: 18.81 at full power are 12 min 38 s.
    const here = running({ samples: readings(2_000, 10), now: after(5) })
    const at = reachesAt(here, money(2_000, 'EUR'), day)
    expect(Date.parse(at ?? '')).toBeGreaterThan(Date.parse(after(16)))
    expect(Date.parse(at ?? '')).toBeLessThan(Date.parse(after(18)))
    expect(costSoFar(here)).toEqual(money(119, 'EUR'))
  })

  test('never lets a session that draws what it may cost more than was held before it', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1_000, max: 30_000 }),
        fc.integer({ min: 3_700, max: 400_000 }),
        fc.integer({ min: 1, max: 100 }),
        fc.constantFrom(0.2, 0.5, 0.89),
        (held, maxPowerW, percent, kwhPrice) => {
          const limit = money(held, 'EUR')
          const prices = [tariffOf(component('ENERGY', kwhPrice))]
          let now = startedAt
          // Looked at as the corridor does, a car that draws a constant part of the power is never over the limit.
          for (let looks = 0; looks < 400; looks++) {
            const minutes = (Date.parse(now) - Date.parse(startedAt)) / 60_000
            const wh = Math.floor((((maxPowerW * percent) / 100) * minutes) / 60)
            const samples = minutes === 0 ? [] : readings(wh, minutes)
            const here = running({ prices, maxPowerW, samples, now })
            expect(costSoFar(here)?.amount ?? 0).toBeLessThanOrEqual(held)
            const next = reachesAt(here, limit, day)
            if (next === null || Date.parse(next) - Date.parse(now) < 60_000) return
            now = next
          }
        },
      ),
      { numRuns: 25 },
    )
  })
})
