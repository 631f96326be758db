import { describe, expect, test } from 'vitest'
import { exact, format, plus, zero } from '../exact.ts'
import { canonicalTariff, energyOf, unknownFields, usageFromCdr, usageFromMeter } from './rating.ts'
import { decimalText } from './tariff.ts'

const valid = {
  country_code: 'de',
  party_id: 'vwl',
  id: 'T1',
  currency: 'EUR',
  type: 'REGULAR',
  elements: [
    {
      price_components: [{ type: 'ENERGY', price: 0.59, vat: 19.0, step_size: 1, invented: true }],
      restrictions: { min_power: 50.0, end_time: '24:00', day_of_week: [] },
    },
  ],
  min_price: null,
  max_price: { excl_vat: 100, incl_vat: 119 },
  last_updated: '2026-01-01T01:00:00+01:00',
  energy_mix: { is_green_energy: true },
}

type Path = (string | number)[]
function withValue(path: Path, value: unknown): unknown {
  const copy: unknown = structuredClone(valid)
  let at = copy as Record<string | number, unknown>
  for (const key of path.slice(0, -1)) at = at[key] as Record<string | number, unknown>
  at[path.at(-1) ?? ''] = value
  return copy
}

const named = (elements: unknown) => unknownFields({ ...valid, elements }).map(({ path }) => path)

describe('members that OCPI does not know', () => {
  const component = { type: 'ENERGY', price: 0.59, step_size: 1 }

  test('are named where they stand beside a price, and nowhere else', () => {
    expect(named(valid.elements)).toEqual(['elements[0].price_components[0].invented'])
    expect(
      named([{ price_components: [component], restriction: { start_time: '22:00' } }]),
    ).toEqual(['elements[0].restriction'])
    expect(
      named([{ price_components: [{ ...component, stepsize: 1 }] }, { Restrictions: {} }]),
    ).toEqual(['elements[0].price_components[0].stepsize', 'elements[1].Restrictions'])
  })

  test('are nothing where they are null, or where there is no element to read', () => {
    expect(named([{ price_components: [component], restriction: null }])).toEqual([])
    for (const elements of [undefined, null, 'all', { restriction: {} }, [7, null]])
      expect(named(elements)).toEqual([])
    expect(unknownFields(null)).toEqual([])
  })
})

describe('a tariff in canonical form', () => {
  test('has numbers as exact text, times in UTC and no member we do not know', () => {
    expect(canonicalTariff(valid)).toEqual({
      ok: true,
      tariff: {
        country_code: 'DE',
        party_id: 'VWL',
        id: 'T1',
        currency: 'EUR',
        type: 'REGULAR',
        elements: [
          {
            price_components: [{ type: 'ENERGY', price: '0.59', vat: '19', step_size: 1 }],
            restrictions: { end_time: '00:00', min_power: '50' },
          },
        ],
        max_price: { excl_vat: '100', incl_vat: '119' },
        last_updated: '2026-01-01T00:00:00.000Z',
      },
    })
  })

  test('maps to itself, so that a hash can be checked from either form', () => {
    const first = canonicalTariff(valid)
    if (!first.ok) throw new Error('valid')
    expect(canonicalTariff(first.tariff)).toEqual(first)
  })

  const component: Path = ['elements', 0, 'price_components', 0]
  test.each<[string, Path, unknown, string]>([
    ['no currency', ['currency'], undefined, 'currency'],
    ['an unknown currency', ['currency'], 'ZZZ', 'currency'],
    ['no elements', ['elements'], [], 'elements'],
    [
      'an element without prices',
      ['elements', 0, 'price_components'],
      [],
      'elements[0].price_components',
    ],
    [
      'ten thousand elements',
      ['elements'],
      Array.from({ length: 10_000 }, () => valid.elements[0]),
      'elements',
    ],
    ['NaN', [...component, 'price'], Number.NaN, 'elements[0].price_components[0].price'],
    [
      'an exponent in text',
      [...component, 'price'],
      '1e-3',
      'elements[0].price_components[0].price',
    ],
    [
      'forty digits',
      [...component, 'price'],
      `0.${'1'.repeat(40)}`,
      'elements[0].price_components[0].price',
    ],
    ['a negative price', [...component, 'price'], -0.1, 'elements[0].price_components[0].price'],
    ['no price', [...component, 'price'], undefined, 'elements[0].price_components[0].price'],
    ['VAT above 100 %', [...component, 'vat'], 190, 'elements[0].price_components[0].vat'],
    [
      'an unknown dimension',
      [...component, 'type'],
      'SESSION_TIME',
      'elements[0].price_components[0].type',
    ],
    [
      'a step that is no integer',
      [...component, 'step_size'],
      0.5,
      'elements[0].price_components[0].step_size',
    ],
    [
      'an impossible time',
      ['elements', 0, 'restrictions'],
      { start_time: '25:00' },
      'elements[0].restrictions.start_time',
    ],
    [
      'an impossible date',
      ['elements', 0, 'restrictions'],
      { start_date: '2026-02-30' },
      'elements[0].restrictions.start_date',
    ],
    ['an end before the start', ['end_date_time'], '2020-01-01T00:00:00Z', 'end_date_time'],
  ])('refuses %s and names the field', (_, path, value, field) => {
    const raw = withValue(path, value)
    const withStart =
      field === 'end_date_time'
        ? { ...(raw as object), start_date_time: '2021-01-01T00:00:00Z' }
        : raw
    const result = canonicalTariff(withStart)
    expect(result.ok ? [] : result.problems.map((problem) => problem.path)).toContain(field)
  })

  test.each([null, 7, 'tariff', []])('refuses %j, which is no tariff', (raw) => {
    expect(canonicalTariff(raw).ok).toBe(false)
  })
})

test.each<[unknown, string | undefined]>([
  [0.1, '0.1'],
  [1e-7, '0.0000001'],
  [1.5e-8, '0.000000015'],
  [1e21, undefined],
  [0.4117647058823529, '0.4117647058823529'],
  [-0, '0'],
  ['007.50', '7.5'],
  ['-0.00', '0'],
  ['1.', undefined],
  ['.5', undefined],
  [' 1', undefined],
  [Number.POSITIVE_INFINITY, undefined],
  [true, undefined],
])('the number %j reads as %j', (value, text) => {
  expect(decimalText(value)).toBe(text)
})

const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 10, minute)).toISOString()

const metered = (samples: [number, string, Record<string, unknown>?][]) =>
  usageFromMeter({
    samples: samples.map(([minute, energy_wh, rest]) => ({ at: at(minute), energy_wh, ...rest })),
    timeZone: 'Europe/Berlin',
  })

describe('usage from the register', () => {
  test('keeps tenths of a watt-hour, ends a period every 15 minutes and where charging stops', () => {
    const result = metered([
      [0, '1000.3'],
      [10, '3000.4'],
      [20, '5000.5'],
      [30, '6000.6'],
      [40, '6000.6'],
      [50, '6000.6'],
    ])
    expect(result.ok ? result.usage.periods : result.problems).toEqual([
      { start: at(0), end: at(20), charging: true, energy_kwh: '4.0002' },
      { start: at(20), end: at(30), charging: true, energy_kwh: '1.0001' },
      { start: at(30), end: at(45 + 5), charging: false },
    ])
  })

  test('a pause under a minute is charging: the register counts in whole steps', () => {
    const result = usageFromMeter({
      samples: [
        { at: '2026-01-01T10:00:00Z', energy_wh: '0' },
        { at: '2026-01-01T10:05:00Z', energy_wh: '500' },
        { at: '2026-01-01T10:05:40Z', energy_wh: '500' },
      ],
      timeZone: 'Europe/Berlin',
    })
    expect(result.ok && result.usage.periods.every((period) => period.charging)).toBe(true)
  })

  test('what the charger says of its state goes before what the register suggests', () => {
    const result = metered([
      [0, '0', { charging: false }],
      [10, '5', { charging: true, power_w: '7000' }],
      [20, '1200'],
    ])
    expect(result.ok ? result.usage.periods : result.problems).toEqual([
      { start: at(0), end: at(10), charging: false, energy_kwh: '0.005' },
      {
        start: at(10),
        end: at(20),
        charging: true,
        energy_kwh: '1.195',
        min_power_kw: '7',
        max_power_kw: '7',
      },
    ])
  })

  test('the periods sum to the difference of the register', () => {
    const samples = Array.from({ length: 200 }, (_, index): [number, string] => [
      index,
      format(exact(String(index * 33.3))),
    ])
    const result = metered(samples)
    if (!result.ok) throw new Error('usable')
    const total = result.usage.periods.reduce(
      (sum, period) => plus(sum, exact(period.energy_kwh ?? '0')),
      zero,
    )
    expect(format(total)).toBe(energyOf(result.usage))
    expect(format(total)).toBe('6.6267')
  })

  test.each<[string, [number, string][], string]>([
    [
      'a register that falls',
      [
        [0, '10'],
        [1, '9'],
      ],
      'samples[1].energy_wh',
    ],
    [
      'time that runs backwards',
      [
        [1, '10'],
        [0, '11'],
      ],
      'samples[1].at',
    ],
    ['a single reading', [[0, '10']], 'samples'],
    [
      'a reading that is no number',
      [
        [0, 'x'],
        [1, '1'],
      ],
      'samples[0].energy_wh',
    ],
  ])('%s is refused by name', (_, samples, path) => {
    const result = metered(samples)
    expect(result.ok ? [] : result.problems.map((problem) => problem.path)).toEqual([path])
  })
})

describe('usage from a CDR', () => {
  const cdr = {
    start_date_time: '2026-01-01T10:00:00Z',
    end_date_time: '2026-01-01T11:00:00Z',
    charging_periods: [
      {
        start_date_time: '2026-01-01T10:00:00Z',
        dimensions: [
          { type: 'ENERGY', volume: 10.1234 },
          { type: 'TIME', volume: 0.5 },
          { type: 'STATE_OF_CHARGE', volume: 80 },
        ],
      },
      {
        start_date_time: '2026-01-01T10:30:00',
        dimensions: [{ type: 'PARKING_TIME', volume: 0.5 }],
      },
    ],
  }

  test('a period lasts until the next, and what the record does not state stays unstated', () => {
    const result = usageFromCdr(cdr, 'Europe/Berlin')
    expect(result.ok ? result.usage.periods : result.problems).toEqual([
      {
        start: '2026-01-01T10:00:00.000Z',
        end: '2026-01-01T10:30:00.000Z',
        charging: true,
        energy_kwh: '10.1234',
        time_h: '0.5',
      },
      {
        start: '2026-01-01T10:30:00.000Z',
        end: '2026-01-01T11:00:00.000Z',
        charging: false,
        parking_time_h: '0.5',
      },
    ])
  })

  test('a time the record does not state is not charged', () => {
    const energyOnly = [
      { start_date_time: '2026-01-01T10:00:00Z', dimensions: [{ type: 'ENERGY', volume: 1 }] },
    ]
    const result = usageFromCdr({ ...cdr, charging_periods: energyOnly }, 'Europe/Berlin')
    expect(result.ok && result.usage.periods[0]).toMatchObject({ energy_kwh: '1', untimed: true })
  })

  test.each<[string, Record<string, unknown>, string]>([
    ['no periods', { charging_periods: [] }, 'charging_periods'],
    [
      'periods out of order',
      { charging_periods: cdr.charging_periods.toReversed() },
      'charging_periods[1].start_date_time',
    ],
    ['an end before the start', { end_date_time: '2026-01-01T09:00:00Z' }, 'end_date_time'],
    [
      'a volume that is no number',
      {
        charging_periods: [
          {
            start_date_time: '2026-01-01T10:00:00Z',
            dimensions: [{ type: 'ENERGY', volume: 'much' }],
          },
        ],
      },
      'charging_periods[0].dimensions[0].volume',
    ],
  ])('%s is refused by name', (_, change, path) => {
    const result = usageFromCdr({ ...cdr, ...change }, 'Europe/Berlin')
    expect(result.ok ? [] : result.problems.map((problem) => problem.path)).toEqual([path])
  })
})
