import { readdirSync, readFileSync } from 'node:fs'
import type { TariffElement } from '@chargelane/openapi/vocabulary/tariff'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { canonicalTariff } from '../rating/rating.ts'
import { boxesOf, everything, gridOf, newBudget, uncovered } from './space.ts'
import { reviewTariff } from './tariff.ts'
import { now, part, element, energy, tariff, context, rulesOf, errorsOf } from './tariff.fake.ts'

const reach = (least: string) =>
  rulesOf(tariff([energy('0.6', { min_power: least }), energy()]), {
    usedAt: [{ country: 'DE', powerW: 150_000, count: 1 }],
  }).filter((rule) => rule.includes('out_of_reach'))

describe('a review', () => {
  test('of a plain tariff finds nothing', () => {
    const plain = tariff([
      energy('0.49', { start_time: '22:00', end_time: '06:00' }),
      energy(),
      element([part('PARKING_TIME', '6')], { min_duration: 14_400 }),
    ])
    expect(reviewTariff(plain, context())).toEqual({
      findings: [],
      status: 'valid',
      effectiveFrom: now,
      soldUntil: null,
      marketLimits: { CH: 0, FR: 0, GB: 0, NL: 0 },
    })
  })

  const bad: [string, TariffElement[], string, string][] = [
    [
      'a minimum above the maximum',
      [energy('1', { min_kwh: '10', max_kwh: '9' }), energy()],
      'restriction_contradictory',
      'elements[0].restrictions.max_kwh',
    ],
    [
      'durations that leave nothing',
      [energy('1', { min_duration: 60, max_duration: 60 }), energy()],
      'restriction_contradictory',
      'elements[0].restrictions.max_duration',
    ],
    [
      'dates that leave nothing',
      [energy('1', { start_date: '2026-12-01', end_date: '2026-12-01' }), energy()],
      'restriction_contradictory',
      'elements[0].restrictions.end_date',
    ],
    [
      'an empty window',
      [energy('1', { start_time: '08:00', end_time: '08:00' }), energy()],
      'restriction_contradictory',
      'elements[0].restrictions.end_time',
    ],
    [
      'powers that leave nothing',
      [energy('1', { min_power: '50', max_power: '50.0' }), energy()],
      'restriction_contradictory',
      'elements[0].restrictions.max_power',
    ],
    [
      'energy in a reservation',
      [energy('1', { reservation: 'RESERVATION' }), energy()],
      'restriction_contradictory',
      'elements[0].price_components[0].type',
    ],
    [
      'one dimension twice',
      [element([part('ENERGY', '1'), part('ENERGY', '2')])],
      'component_duplicate',
      'elements[0].price_components[1]',
    ],
    [
      'a special price after the general one',
      [energy('0.5'), energy('0.3', { start_time: '22:00', end_time: '06:00' })],
      'overlap',
      'elements[1].price_components[0]',
    ],
    [
      'one hidden by two that together cover it',
      [
        energy('1', { max_kwh: '10' }),
        energy('2', { min_kwh: '5' }),
        energy('3', { min_kwh: '2', max_kwh: '30' }),
      ],
      'overlap',
      'elements[2].price_components[0]',
    ],
    [
      'nothing at all',
      [element([part('TIME', '4')], { reservation: 'RESERVATION' })],
      'gap',
      'elements',
    ],
    ['a price of nothing that is not said', [energy('0')], 'free_not_stated', 'elements'],
  ]
  test.each(bad)('refuses %s and says where', (_, elements, rule, path) => {
    const review = reviewTariff(tariff(elements), context())
    expect(review.status).toBe('invalid')
    expect(review.findings).toContainEqual(
      expect.objectContaining({ severity: 'error', rule, path }),
    )
  })

  const free: [string, TariffElement[]][] = [
    [
      'energy without a price at night',
      [energy('0.5', { start_time: '06:00', end_time: '22:00' })],
    ],
    [
      'energy without a price on Sundays',
      [
        energy('0.5', {
          day_of_week: ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY'],
        }),
      ],
    ],
    ['energy without a price above 80 kWh', [energy('0.5', { max_kwh: '80' })]],
    ['energy without a price below 50 kW', [energy('0.5', { min_power: '50' })]],
    ['only a fee for standing', [element([part('PARKING_TIME', '5')])]],
    ['minutes without a price at first', [element([part('TIME', '5')], { min_duration: 1_800 })]],
  ]
  test.each(free)('sells %s as free, and warns', (_, elements) => {
    const review = reviewTariff(tariff(elements), context())
    expect(review).toMatchObject({ status: 'valid', soldUntil: null })
    expect(review.findings.map(({ rule, severity }) => `${severity} ${rule}`)).toContain(
      'warning free_usage',
    )
  })

  const good: [string, TariffElement[]][] = [
    [
      'a price of energy by day and of time by night',
      [
        energy('0.5', { start_time: '06:00', end_time: '22:00' }),
        element([part('TIME', '3')], { start_time: '22:00', end_time: '06:00' }),
      ],
    ],
    ['charging free of charge, said so', [element([part('FLAT', '0')])]],
    ['a flat price for everything', [element([part('FLAT', '8')])]],
    [
      'free energy at night, said with price 0',
      [energy('0', { start_time: '22:00', end_time: '06:00' }), energy()],
    ],
    [
      'a fee for standing by day only, after a grace',
      [
        energy(),
        element([part('PARKING_TIME', '6')], {
          min_duration: 3_600,
          start_time: '08:00',
          end_time: '20:00',
        }),
      ],
    ],
    [
      'an hour of the clock change',
      [energy('1', { start_time: '02:00', end_time: '03:00' }), energy()],
    ],
    [
      'a window that runs to midnight and one from it',
      [
        energy('1', { start_time: '18:00', end_time: '00:00' }),
        energy('2', { start_time: '00:00', end_time: '18:00' }),
      ],
    ],
    [
      'what ended long ago',
      [energy('1', { end_date: '2025-01-01' }), energy('2', { start_date: '2025-01-01' })],
    ],
    [
      'a reservation with a price of its own',
      [element([part('TIME', '4')], { reservation: 'RESERVATION' }), energy()],
    ],
  ]
  test.each(good)('takes %s', (_, elements) => {
    expect(errorsOf(tariff(elements))).toEqual([])
  })

  test('tells a price that ends some day, and sells until the day before', () => {
    const review = reviewTariff(tariff([energy('0.5', { end_date: '2027-01-01' })]), context())
    expect(review).toMatchObject({
      status: 'valid',
      soldUntil: '2026-12-31T00:00:00.000Z',
      findings: [{ rule: 'gap', severity: 'warning' }],
    })
    expect(review.findings[0]?.message).toContain('from 2027-01-01')
  })

  test('says in words what is free', () => {
    const [finding] = reviewTariff(
      tariff([
        energy('0.5', { start_time: '06:00', end_time: '22:00' }),
        energy('0.4', { day_of_week: ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY'] }),
      ]),
      context(),
    ).findings
    expect(finding?.message).toBe(
      'No element prices energy (ENERGY): 00:00 to 06:00, Sat to Sun. It is sold as free of charge; confirm the tariff if it is meant so.',
    )
  })

  test('remarks on VAT, steps and powers out of reach without keeping the tariff from sale', () => {
    const elements = [
      element([{ type: 'ENERGY', price: '0.5', step_size: 1_000 }], { min_power: '100' }),
      element([part('ENERGY', '0.4')]),
    ]
    expect(rulesOf(tariff(elements))).toEqual([
      'warning vat_absent',
      'warning step_size',
      'warning restriction_out_of_reach',
    ])
    expect(reviewTariff(tariff(elements), context()).status).toBe('valid')
  })

  test('takes a power for out of reach only above the strongest connector', () => {
    expect(reach('150')).toEqual([])
    expect(reach('150.001')).toEqual(['warning restriction_out_of_reach'])
  })

  test('ends for a tariff of 1,000 entangled elements', () => {
    const elements = Array.from({ length: 1_000 }, (_, n) =>
      energy(`0.${n + 1}`, {
        min_kwh: String(n % 40),
        max_kwh: String((n % 40) + 17),
        min_duration: (n * 7) % 600,
        max_duration: ((n * 7) % 600) + 400,
        min_power: String((n * 3) % 90),
        start_time: `${String(n % 24).padStart(2, '0')}:00`,
        end_time: `${String((n * 5 + 1) % 24).padStart(2, '0')}:30`,
      }),
    )
    expect(rulesOf(tariff(elements))).toContain('warning too_complex')
    // A search ends within one look at every box after its budget is spent.
    const hostile = tariff(elements)
    const grid = gridOf(hostile, 0)
    const budget = newBudget()
    const boxes = hostile.elements.flatMap(({ restrictions }) => boxesOf(restrictions, grid))
    expect(uncovered(boxes, everything(grid), budget, Number.POSITIVE_INFINITY)).toBeUndefined()
    expect(budget.steps).toBeGreaterThan(-2 * boxes.length)
  })

  test('never finds a gap where an unrestricted price stands, wherever it stands', () => {
    const restriction = fc.record(
      {
        min_kwh: fc.nat(50).map(String),
        min_duration: fc.nat(7_200),
        min_power: fc.nat(200).map(String),
        start_time: fc.constantFrom('00:00', '06:30', '22:00'),
        end_time: fc.constantFrom('05:00', '12:00', '23:59'),
        day_of_week: fc.subarray(['MONDAY', 'SATURDAY', 'SUNDAY'] as const, { minLength: 1 }),
      },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(fc.array(restriction, { maxLength: 6 }), fc.nat(6), (list, at) => {
        const elements = list.map((r, n) =>
          energy(`0.${n + 2}`, r as TariffElement['restrictions']),
        )
        const rules = rulesOf(tariff(elements.toSpliced(at % (list.length + 1), 0, energy())))
        expect(rules.filter((rule) => /gap|free/.test(rule))).toEqual([])
      }),
    )
  })
})

const dated = (start: string) => tariff([energy('0.6')], { start_date_time: start })

describe('dates', () => {
  const previous = tariff([energy('0.5')])

  test('a change dated back counts from its receipt, and its operator is told', () => {
    const review = reviewTariff(dated('2026-11-20T00:00:00Z'), context({ previous }))
    expect(review).toMatchObject({
      status: 'valid',
      effectiveFrom: now,
      findings: [{ rule: 'retroactive', path: 'start_date_time', severity: 'warning' }],
    })
  })

  test.each([
    ['five minutes of skew', '2026-11-21T09:55:00Z', previous],
    ['a first tariff that has long begun', '2020-01-01T00:00:00Z', undefined],
    ['the same price under an old date', '2020-01-01T00:00:00Z', tariff([energy('0.6')])],
  ])('%s is no retroactive change', (_, start, before) => {
    expect(rulesOf(dated(start), { previous: before })).toEqual([])
  })

  test('an announced price begins when it says', () => {
    const review = reviewTariff(dated('2026-12-01T00:00:00Z'), context({ previous }))
    expect(review).toMatchObject({ findings: [], effectiveFrom: '2026-12-01T00:00:00.000Z' })
  })
})

/** A fixture's tariff at the market's VAT: what the examples state is of no country. */
function withoutVat(text: string): unknown {
  const stated = ['vat', 'incl_vat', 'after_taxes', 'tax_included']
  const fixture = JSON.parse(text, (key, value: unknown) =>
    stated.includes(key) ? (key === 'tax_included' ? 'NO' : undefined) : value,
  ) as { tariff?: unknown }
  return fixture.tariff
}

describe('tariffs of others', () => {
  const fixtures = new URL('../rating/fixtures/', import.meta.url)
  const names = readdirSync(fixtures).filter((name) => name.endsWith('.json'))

  test('every example of the specification that can be read is sold below 50 kW at the market’s VAT', () => {
    let reviewed = 0
    for (const name of names) {
      const read = canonicalTariff(withoutVat(readFileSync(new URL(name, fixtures), 'utf8')))
      if (!read.ok) continue
      const usedAt = [{ country: 'NL', powerW: 22_000, count: 1 }]
      expect([name, errorsOf({ ...read.tariff, currency: 'EUR' }, { usedAt })]).toEqual([name, []])
      reviewed++
    }
    expect(reviewed).toBeGreaterThan(15)
  })
})
