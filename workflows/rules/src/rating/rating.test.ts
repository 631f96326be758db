import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  zUsageRecord,
  type UsagePeriod,
  type UsageRecord,
} from '@chargelane/openapi/vocabulary/usage'
import type { Tariff } from '@chargelane/openapi/vocabulary/tariff'
import { exact, format, plus, zero } from '../exact.ts'
import {
  canonicalTariff,
  energyOf,
  engineReadings,
  ocpiPolicy,
  type OcpiVersion,
  rate,
  type Rating,
  type RatingPolicy,
  splitUsage,
  usageFromCdr,
} from './rating.ts'

const folder = new URL('./fixtures/', import.meta.url)
const read = (name: string) => readFileSync(new URL(name, folder), 'utf8')

function tariffOf(raw: unknown, version?: OcpiVersion): Tariff {
  const context = { country_code: 'ZZ', party_id: 'ZZZ' }
  const result = canonicalTariff(raw, version === undefined ? context : { ...context, version })
  if (!result.ok) throw new Error(JSON.stringify(result.problems))
  return result.tariff
}

function cdrUsage(cdr: unknown, timeZone: string, version?: OcpiVersion): UsageRecord {
  const result = usageFromCdr(cdr, timeZone, version)
  if (!result.ok) throw new Error(JSON.stringify(result.problems))
  return result.usage
}

function priced(tariff: Tariff, usage: UsageRecord, policy: RatingPolicy = ocpiPolicy): Rating {
  const result = rate({ tariff, usage, policy })
  if (!result.ok) throw new Error(`${result.code} ${result.path}: ${result.message}`)
  return result.rating
}

const simple = (elements: unknown, rest: Record<string, unknown> = {}): Tariff =>
  tariffOf({
    country_code: 'DE',
    party_id: 'TST',
    id: 't',
    currency: 'EUR',
    last_updated: '2025-01-01T00:00:00Z',
    elements,
    ...rest,
  })

const one = (
  start: string,
  end: string,
  energy: string,
  rest: Partial<UsagePeriod> = {},
): UsageRecord => ({
  started_at: start,
  ended_at: end,
  time_zone: 'Europe/Berlin',
  periods: [{ start, end, charging: true, energy_kwh: energy, ...rest }],
})

describe('the examples of the OCPI specification price as it says', () => {
  type Example = {
    about: string
    /** Absent: 2.2.1. */
    version?: OcpiVersion
    tariff: unknown
    usage?: unknown
    cdr?: unknown
    time_zone?: string
    policy?: Partial<RatingPolicy>
    expected: { net: string; gross: string }
  }
  const names = readdirSync(folder).filter((name) => name.endsWith('.json'))
  test.each(names)('%s', (name) => {
    const example = JSON.parse(read(name)) as Example
    const usage =
      example.cdr === undefined
        ? zUsageRecord.parse(example.usage)
        : cdrUsage(example.cdr, example.time_zone ?? 'UTC', example.version)
    const tariff = tariffOf(example.tariff, example.version)
    const rating = priced(tariff, usage, { ...ocpiPolicy, ...example.policy })
    expect(rating.exact, example.about).toEqual(example.expected)
  })
})

// The first engine prints four decimals: compare at half of the last digit.
const near = (ours: string, theirs: string, half: number) =>
  expect(Math.abs(Number(ours) - Number(theirs))).toBeLessThanOrEqual(half + 1e-9)

describe('two independent engines, replayed', () => {
  type Amount = { excl_vat: string; incl_vat: string | null } | null
  type Pair = {
    name: string
    agree: boolean
    time_zone: string
    tariff: unknown
    cdr: unknown
    ocpi_tariffs: Record<string, Amount>
    ocpi_kit: { total_excl: string; total_incl: string }
  }
  const pairs = read('two-engines.jsonl')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Pair)
  const resultOf = (pair: Pair, policy: RatingPolicy) =>
    rate({ tariff: tariffOf(pair.tariff), usage: cdrUsage(pair.cdr, pair.time_zone), policy })
  test.each(pairs.map((pair) => [pair.name, pair] as const))(
    '%s gives the first engine’s total and dimensions with its reading',
    (_, pair) => {
      const result = resultOf(pair, engineReadings['ocpi-tariffs'])
      const total = pair.ocpi_tariffs['total_cost']
      expect(result.ok ? 'priced' : result.code).toBe('priced')
      if (!result.ok || total === undefined) return
      const { exact: totals, dimensions } = result.rating
      // The first engine has no total where nothing is to be paid.
      near(totals.net, total?.excl_vat ?? '0', total === null ? 0 : 0.00005)
      if (total?.incl_vat != null) near(totals.gross, total.incl_vat, 0.00005)
      const named = {
        ENERGY: 'total_energy_cost',
        TIME: 'total_time_cost',
        PARKING_TIME: 'total_parking_cost',
        FLAT: 'total_fixed_cost',
      } as const
      for (const type of ['ENERGY', 'TIME', 'PARKING_TIME', 'FLAT'] as const) {
        const theirs = pair.ocpi_tariffs[named[type]] ?? null
        expect(dimensions[type] === undefined, type).toBe(theirs === null)
        if (theirs !== null) near(dimensions[type]?.net ?? 'none', theirs.excl_vat, 0.00005)
      }
    },
  )

  test.each(pairs.map((pair) => [pair.name, pair] as const))(
    '%s gives the second engine’s total with its reading',
    (_, pair) => {
      const result = resultOf(pair, engineReadings['ocpi-kit'])
      // The second engine has no word for "unpriced": it prints a total of zero. It rounds to cents.
      const { net, gross } = result.ok ? result.rating.exact : { net: '0', gross: '0' }
      expect(Math.abs(Number(net) - Number(pair.ocpi_kit.total_excl))).toBeLessThanOrEqual(0.0051)
      expect(Math.abs(Number(gross) - Number(pair.ocpi_kit.total_incl))).toBeLessThanOrEqual(0.0051)
    },
  )
})

/** 0.20 a kWh where the restrictions hold, 0.50 elsewhere. */
const cheaper = (restrictions: object) =>
  simple([
    { price_components: [{ type: 'ENERGY', price: 0.2, step_size: 1 }], restrictions },
    { price_components: [{ type: 'ENERGY', price: 0.5, step_size: 1 }] },
  ])

describe('local time', () => {
  const night = simple([
    {
      price_components: [{ type: 'ENERGY', price: 0.2, step_size: 1 }],
      restrictions: { start_time: '22:00', end_time: '06:00' },
    },
    { price_components: [{ type: 'ENERGY', price: 0.5, step_size: 1 }] },
  ])
  const split = { ...ocpiPolicy, periods: 'split_at_boundaries' } as const

  test('a window over midnight holds on both sides of it', () => {
    const usage = one('2025-06-01T19:00:00.000Z', '2025-06-02T05:00:00.000Z', '100')
    // 21:00 to 07:00 local: one hour at 0.50, eight at 0.20, one at 0.50, at 10 kWh an hour.
    expect(priced(night, usage, split).exact.net).toBe('26')
  })

  test('a window without an end ends at midnight, one without a start begins there', () => {
    const usage = one('2025-06-01T19:00:00.000Z', '2025-06-02T05:00:00.000Z', '100')
    // 21:00 to 07:00 local, at 10 kWh an hour: three hours are before midnight, two of them from 22:00.
    expect(priced(cheaper({ start_time: '22:00' }), usage, split).exact.net).toBe('44')
    expect(priced(cheaper({ end_time: '06:00' }), usage, split).exact.net).toBe('32')
  })

  test('the hour that autumn repeats is charged twice, the hour that spring skips never', () => {
    const repeated = simple([
      {
        price_components: [{ type: 'TIME', price: 6, step_size: 0 }],
        restrictions: { start_time: '02:00', end_time: '03:00' },
      },
      { price_components: [{ type: 'TIME', price: 0, step_size: 0 }] },
    ])
    const autumn = one('2025-10-25T22:00:00.000Z', '2025-10-26T04:00:00.000Z', '1')
    const spring = one('2025-03-29T22:00:00.000Z', '2025-03-30T04:00:00.000Z', '1')
    expect(priced(repeated, autumn, split).exact.net).toBe('12')
    expect(priced(repeated, spring, split).exact.net).toBe('0')
  })

  test('dates and days of the week are those of the EVSE, not of UTC', () => {
    const sunday = simple([
      {
        price_components: [{ type: 'ENERGY', price: 1, step_size: 1 }],
        restrictions: { day_of_week: ['SUNDAY'], start_date: '2025-06-01', end_date: '2025-06-02' },
      },
      { price_components: [{ type: 'ENERGY', price: 2, step_size: 1 }] },
    ])
    const stillSaturday = one('2025-05-31T21:30:00.000Z', '2025-05-31T21:40:00.000Z', '1')
    const alreadySunday = one('2025-05-31T22:00:00.000Z', '2025-05-31T22:10:00.000Z', '1')
    expect(priced(sunday, stillSaturday).exact.net).toBe('2')
    expect(priced(sunday, alreadySunday).exact.net).toBe('1')
    expect(priced(sunday, { ...alreadySunday, time_zone: 'Europe/London' }).exact.net).toBe('2')
  })

  test('a period given over a change of price says so', () => {
    const usage = one('2025-06-01T19:00:00.000Z', '2025-06-01T21:00:00.000Z', '20')
    const rating = priced(night, usage)
    expect(rating.exact.net).toBe('10')
    expect(rating.notes).toContainEqual({ code: 'PERIOD_SPANS_PRICE_CHANGE', period: 0 })
  })
})

describe('the result', () => {
  const tariff = simple([
    {
      price_components: [
        { type: 'ENERGY', price: 0.4958, vat: 19, step_size: 1 },
        { type: 'FLAT', price: 0.35, vat: 7, step_size: 1 },
      ],
    },
  ])
  const usage = one('2025-06-01T10:00:00.000Z', '2025-06-01T11:00:00.000Z', '24.0321')

  test('explains every line: what was measured, billed, at which price, by which element', () => {
    const [period] = priced(tariff, usage).periods
    expect(period?.lines).toEqual([
      {
        period: 0,
        element: 0,
        component: 0,
        type: 'ENERGY',
        unit: 'kWh',
        quantity: '24.0321',
        billed_quantity: '24.033',
        unit_price: '0.4958',
        vat_rate: '19',
        net: '11.9155614',
        vat: '2.263956666',
        gross: '14.179518066',
        restrictions: null,
      },
      {
        period: 0,
        element: 0,
        component: 1,
        type: 'FLAT',
        unit: 'session',
        quantity: '1',
        billed_quantity: '1',
        unit_price: '0.35',
        vat_rate: '7',
        net: '0.35',
        vat: '0.0245',
        gross: '0.3745',
        restrictions: null,
      },
    ])
  })

  test('is rounded once, and its tax lines sum to its totals', () => {
    const { totals } = priced(tariff, usage)
    expect(totals.gross).toEqual({ amount: 1455, currency: 'EUR' })
    expect(totals.vat_lines.map((line) => [line.rate, line.gross.amount])).toEqual([
      ['19', 1418],
      ['7', 37],
    ])
    expect(totals.net.amount + totals.vat.amount).toBe(totals.gross.amount)
  })

  test('is rounded to the currency: none for yen, three decimals for dinars', () => {
    const prices = [{ price_components: [{ type: 'ENERGY', price: 0.33335, step_size: 0 }] }]
    const total = (currency: string) =>
      priced(
        simple(prices, { currency }),
        one('2025-06-01T10:00:00.000Z', '2025-06-01T11:00:00.000Z', '10'),
      ).totals.gross.amount
    expect([total('JPY'), total('EUR'), total('KWD')]).toEqual([3, 333, 3334])
  })

  test('rounds net first where the policy says so', () => {
    const { totals } = priced(tariff, usage, { ...ocpiPolicy, rounding: 'net-total-half-away@1' })
    expect(totals.net.amount).toBe(1227)
    expect(totals.net.amount + totals.vat.amount).toBe(totals.gross.amount)
  })

  test('puts the market’s VAT on components that state none', () => {
    const bare = simple([{ price_components: [{ type: 'ENERGY', price: 0.5, step_size: 1 }] }])
    const usual = one('2025-06-01T10:00:00.000Z', '2025-06-01T11:00:00.000Z', '10')
    expect(priced(bare, usual).exact).toEqual({ net: '5', gross: '5' })
    const market = { ...ocpiPolicy, absent_vat_rate: '8.1' }
    expect(priced(bare, usual, market).exact).toEqual({ net: '5', gross: '5.405' })
  })

  test('an hour written with four decimals is the period it was measured in', () => {
    const timed = simple([{ price_components: [{ type: 'TIME', price: 3, step_size: 60 }] }])
    const usual = one('2025-06-01T10:00:00.000Z', '2025-06-01T10:40:00.000Z', '1', {
      time_h: '0.6667',
    })
    expect(priced(timed, usual).exact.net).toBe('2')
    expect(priced(timed, usual, { ...ocpiPolicy, hours: 'as_received' }).exact.net).toBe('2.05')
  })
})

const refusal = (tariff: Tariff, record: UsageRecord) => {
  const result = rate({ tariff, usage: record, policy: ocpiPolicy })
  return result.ok ? 'priced' : `${result.code} ${result.path}`
}

describe('what cannot be priced is refused, never zero', () => {
  const energy = [{ price_components: [{ type: 'ENERGY', price: 0.5, step_size: 1 }] }]
  const usage = one('2025-06-01T10:00:00.000Z', '2025-06-01T11:00:00.000Z', '10')
  test.each<[string, Tariff, UsageRecord, string]>([
    [
      'a tariff that begins later',
      simple(energy, { start_date_time: '2025-06-01T10:00:01Z' }),
      usage,
      'tariff_not_active tariff',
    ],
    [
      'a tariff that has ended',
      simple(energy, { end_date_time: '2025-06-01T10:00:00Z' }),
      usage,
      'tariff_not_active tariff',
    ],
    [
      'a tariff that never prices charging',
      simple([
        {
          price_components: [{ type: 'TIME', price: 1, step_size: 1 }],
          restrictions: { reservation: 'RESERVATION' },
        },
      ]),
      usage,
      'price_unavailable tariff.elements',
    ],
    [
      'an unknown zone',
      simple(energy),
      { ...usage, time_zone: 'Mars/Olympus' },
      'usage_invalid usage.time_zone',
    ],
    [
      'overlapping periods',
      simple(energy),
      { ...usage, periods: [...usage.periods, ...usage.periods] },
      'usage_invalid usage.periods[1].start',
    ],
    [
      'a clock that runs backwards',
      simple(energy),
      one('2025-06-01T11:00:00.000Z', '2025-06-01T10:00:00.000Z', '1'),
      'usage_invalid usage.ended_at',
    ],
    [
      'an amount beyond every account',
      simple([{ price_components: [{ type: 'ENERGY', price: '999999999999', step_size: 1 }] }]),
      { ...usage, periods: usage.periods.map((period) => ({ ...period, energy_kwh: '99999999' })) },
      'out_of_range usage',
    ],
  ])('%s', (_, tariff, record, expected) => {
    expect(refusal(tariff, record)).toBe(expected)
  })
})

// ── Laws ────────────────────────────────────────────────────────────────────────────────────────────────────────

const price = fc.integer({ min: 0, max: 20_000 }).map((units) => units / 10_000)
const vat = fc.option(fc.constantFrom(0, 7, 8.1, 19, 20), { nil: undefined })
const component = fc.record({
  type: fc.constantFrom('ENERGY', 'TIME', 'PARKING_TIME', 'FLAT'),
  price,
  vat,
  step_size: fc.constant(0),
})
const clockTime = fc
  .integer({ min: 0, max: 95 })
  .map(
    (quarter) =>
      `${String(Math.floor(quarter / 4)).padStart(2, '0')}:${['00', '15', '30', '45'][quarter % 4]}`,
  )
const restrictions = fc.option(
  fc.record(
    {
      start_time: clockTime,
      end_time: clockTime,
      min_duration: fc.integer({ min: 0, max: 7_200 }),
      max_kwh: fc.integer({ min: 1, max: 60 }),
      day_of_week: fc.subarray(['MONDAY', 'WEDNESDAY', 'SUNDAY'], { minLength: 1 }),
    },
    { requiredKeys: [] },
  ),
  { nil: undefined },
)
const tariffs = fc
  .array(
    fc.record({
      price_components: fc.array(component, { minLength: 1, maxLength: 3 }),
      restrictions,
    }),
    {
      minLength: 1,
      maxLength: 4,
    },
  )
  .map((elements) =>
    simple([...elements, { price_components: [{ type: 'ENERGY', price: 0.3, step_size: 0 }] }]),
  )

const base = Date.UTC(2025, 2, 29, 18)
const usages = fc
  .array(
    fc.record({
      minutes: fc.integer({ min: 1, max: 300 }),
      energy: fc.integer({ min: 0, max: 400_000 }),
      charging: fc.boolean(),
    }),
    { minLength: 1, maxLength: 6 },
  )
  .map((parts): UsageRecord => {
    let at = base
    const periods = parts.map(({ minutes, energy, charging }): UsagePeriod => {
      const start = new Date(at).toISOString()
      at += minutes * 60_000
      const end = new Date(at).toISOString()
      return charging
        ? { start, end, charging, energy_kwh: format(exact(String(energy / 10_000))) }
        : { start, end, charging }
    })
    return {
      started_at: new Date(base).toISOString(),
      ended_at: new Date(at).toISOString(),
      time_zone: 'Europe/Berlin',
      periods,
    }
  })

const flat = simple([
  { price_components: [{ type: 'ENERGY', price: 0.4213, vat: 19, step_size: 100 }] },
])

const costOf = (tenths: number) =>
  priced(
    flat,
    one(
      '2025-06-01T10:00:00.000Z',
      '2025-06-01T11:00:00.000Z',
      format(exact(String(tenths / 10_000))),
    ),
  ).totals.gross.amount

describe('laws', () => {
  test('pricing the same input again gives the same bytes', () => {
    fc.assert(
      fc.property(tariffs, usages, (tariff, usage) => {
        const again = structuredClone({ tariff, usage })
        expect(JSON.stringify(rate({ ...again, policy: ocpiPolicy }))).toBe(
          JSON.stringify(rate({ tariff, usage, policy: ocpiPolicy })),
        )
      }),
    )
  })

  test('the lines sum exactly to the session and the tax lines to the totals', () => {
    fc.assert(
      fc.property(tariffs, usages, (tariff, usage) => {
        const result = rate({ tariff, usage, policy: ocpiPolicy })
        if (!result.ok) return
        const { totals, dimensions, exact: total } = result.rating
        const nets = Object.values(dimensions).reduce(
          (left, each) => plus(left, exact(each.net)),
          zero,
        )
        expect(Math.abs(Number(format(nets)) - Number(total.net))).toBeLessThan(1e-9)
        const grosses = totals.vat_lines.map((line) => line.gross.amount)
        expect(grosses.reduce((left, right) => left + right, 0)).toBe(totals.gross.amount)
        expect(totals.net.amount + totals.vat.amount).toBe(totals.gross.amount)
      }),
    )
  })

  test('more energy at prices that are not negative never costs less', () => {
    fc.assert(
      fc.property(fc.nat(500_000), fc.nat(500_000), (a, b) => {
        expect(costOf(Math.max(a, b))).toBeGreaterThanOrEqual(costOf(Math.min(a, b)))
      }),
    )
  })

  test('splitting at price changes keeps every 0.1 Wh and, rated as given, gives the same price', () => {
    fc.assert(
      fc.property(tariffs, usages, (tariff, usage) => {
        const split = splitUsage(usage, tariff, ocpiPolicy)
        if (!split.ok) throw new Error(split.message)
        expect(energyOf(split.usage)).toBe(energyOf(usage))
        const asGiven = rate({ tariff, usage: split.usage, policy: ocpiPolicy })
        const atBoundaries = rate({
          tariff,
          usage,
          policy: { ...ocpiPolicy, periods: 'split_at_boundaries' },
        })
        const totals = (result: typeof asGiven) => (result.ok ? result.rating.totals : result)
        expect(totals(asGiven)).toEqual(totals(atBoundaries))
      }),
    )
  })

  test('an element that is never reached changes nothing', () => {
    const first = { price_components: [{ type: 'ENERGY', price: 0.3, vat: 19, step_size: 1 }] }
    const last = { price_components: [{ type: 'ENERGY', price: 99, vat: 19, step_size: 1 }] }
    fc.assert(
      fc.property(usages, (usage) => {
        const result = (elements: unknown[]) =>
          rate({ tariff: simple(elements), usage, policy: ocpiPolicy })
        expect(JSON.stringify(result([first, last]))).toBe(JSON.stringify(result([first])))
      }),
    )
  })
})
