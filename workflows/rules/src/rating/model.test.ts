import { describe, expect, test } from 'vitest'
import type { Tariff } from '@chargelane/openapi/vocabulary/tariff'
import type { UsagePeriod, UsageRecord } from '@chargelane/openapi/vocabulary/usage'
import {
  canonicalTariff,
  isSameRating,
  ocpiPolicy,
  price,
  rate,
  type Rating,
  type TariffContext,
  usageFromSession,
} from './rating.ts'

const base = {
  country_code: 'DE',
  party_id: 'TST',
  id: 't',
  currency: 'EUR',
  last_updated: '2026-01-01T00:00:00Z',
}

function tariffOf(rest: Record<string, unknown>, context: TariffContext = {}): Tariff {
  const read = canonicalTariff({ ...base, ...rest }, context)
  if (!read.ok) throw new Error(JSON.stringify(read.problems))
  return read.tariff
}

const at = (minutes: number) => new Date(Date.UTC(2026, 5, 1, 10) + minutes * 60_000).toISOString()

/** Periods of so many minutes each, one after the other. */
function usageOf(...parts: ({ minutes: number } & Partial<UsagePeriod>)[]): UsageRecord {
  let reached = 0
  const periods = parts.map(({ minutes, ...rest }) => {
    const start = at(reached)
    reached += minutes
    return { start, end: at(reached), charging: true, ...rest }
  })
  return { started_at: at(0), ended_at: at(reached), time_zone: 'Europe/Berlin', periods }
}

function rated(tariff: Tariff, usage: UsageRecord, policy = ocpiPolicy): Rating {
  const result = rate({ tariff, usage, policy })
  if (!result.ok) throw new Error(`${result.path}: ${result.message}`)
  return result.rating
}

const energy = (amount: number | string, rest: Record<string, unknown> = {}) => ({
  price_components: [{ type: 'ENERGY', price: amount, step_size: 1, ...rest }],
})

describe('energy fed back to the grid', () => {
  const tariff = tariffOf({ elements: [energy(0.5, { vat: 19, step_size: 1000 })] })
  const usage = usageOf({ minutes: 30, energy_kwh: '10.4' }, { minutes: 30, energy_kwh: '-4.25' })

  test('is a leg of its own, and only what was charged is rounded up', () => {
    const { dimensions, discharge, periods } = rated(tariff, usage)
    expect(discharge).toEqual({
      quantity: '-4.25',
      billed_quantity: '-4.25',
      net: '-2.125',
      gross: '-2.52875',
    })
    expect(periods[0]?.lines[0]).toMatchObject({ quantity: '10.4', billed_quantity: '11' })
    expect(dimensions.ENERGY).toMatchObject({ quantity: '6.15', net: '3.375' })
  })

  test('may come to less than nothing, with the tax of that', () => {
    const { totals } = rated(tariff, usageOf({ minutes: 30, energy_kwh: '-4.25' }))
    expect(totals).toMatchObject({
      net: { amount: -213 },
      vat: { amount: -40 },
      gross: { amount: -253 },
    })
  })

  test('at another tax rate than what was charged, each line keeps its own and they sum up', () => {
    const elements = [
      { ...energy(0.4, { vat: 7 }), restrictions: { min_kwh: 5 } },
      energy(0.5, { vat: 19 }),
    ]
    const mixed = usageOf({ minutes: 30, energy_kwh: '6' }, { minutes: 30, energy_kwh: '-3' })
    const { totals } = rated(tariffOf({ elements }), mixed)
    expect(totals.vat_lines.map((line) => [line.rate, line.gross.amount])).toEqual([
      ['19', 357],
      ['7', -128],
    ])
    expect(totals.gross.amount).toBe(229)
  })
})

describe('tax in the price', () => {
  const usage = usageOf({ minutes: 60, energy_kwh: '10' })

  test('is taken out of it: the driver pays what the tariff says', () => {
    const elements = [energy('0.61', { vat: 19 })]
    const { exact, totals } = rated(tariffOf({ elements, tax_included: 'YES' }), usage)
    expect(exact.gross).toBe('6.1')
    expect(totals).toMatchObject({ net: { amount: 513 }, vat: { amount: 97 } })
  })

  test('of no rate at all leaves one amount', () => {
    const { exact } = rated(tariffOf({ elements: [energy('0.61')], tax_included: 'YES' }), usage)
    expect(exact).toEqual({ net: '6.1', gross: '6.1' })
  })

  test('does not exist where none applies, whatever a component or the market says', () => {
    const elements = [energy('0.61', { vat: 19 })]
    const tariff = tariffOf({ elements, tax_included: 'N/A' })
    const { totals } = rated(tariff, usage, { ...ocpiPolicy, absent_vat_rate: '19' })
    expect(totals).toMatchObject({ gross: { amount: 610 }, vat: { amount: 0 } })
  })

  test('must be said in OCPI 2.3.0, and may be NO', () => {
    const raw = { ...base, elements: [energy(1)] }
    const read = canonicalTariff(raw, { version: '2.3.0' })
    expect(read).toMatchObject({ ok: false, problems: [{ path: 'tax_included', rule: 'missing' }] })
    expect(canonicalTariff({ ...raw, tax_included: 'NO' }, { version: '2.3.0' })).toEqual(
      canonicalTariff(raw),
    )
  })
})

describe('a reservation', () => {
  const elements = [
    {
      price_components: [{ type: 'FLAT', price: 4, vat: 20, step_size: 1 }],
      restrictions: { reservation: 'RESERVATION_EXPIRES' },
    },
    {
      price_components: [
        { type: 'TIME', price: 2, vat: 20, step_size: 600 },
        { type: 'FLAT', price: 1, vat: 20, step_size: 1 },
      ],
      restrictions: { reservation: 'RESERVATION' },
    },
    {
      price_components: [
        { type: 'FLAT', price: 0.5, vat: 20, step_size: 1 },
        { type: 'TIME', price: 6, vat: 20, step_size: 1 },
      ],
    },
  ]
  const tariff = tariffOf({ elements })
  const reserved = { minutes: 22, charging: false, reservation_time_h: '0.3667' }

  test('has its time, rounded by itself, and its fee, beside those of charging', () => {
    const rating = rated(tariff, usageOf(reserved, { minutes: 30 }))
    expect(rating.dimensions).toMatchObject({
      RESERVATION: { quantity: '1320', billed_quantity: '1800', net: '2' },
      TIME: { quantity: '1800', net: '3' },
      FLAT: { net: '0.5' },
    })
    const lines = rating.periods.flatMap((period) => period.lines)
    expect(lines.filter((line) => line.reservation).map((line) => line.type)).toEqual([
      'TIME',
      'FLAT',
    ])
  })

  test('that expired pays the fee for that, and its time as any other', () => {
    const expired = { ...usageOf(reserved), reservation_expired: true as const }
    expect(rated(tariff, expired).dimensions.RESERVATION?.net).toBe('5')
  })

  test('without a price costs nothing, and that is said', () => {
    const charging = tariffOf({ elements: [energy(1)] })
    expect(rate({ tariff: charging, usage: usageOf(reserved), policy: ocpiPolicy })).toMatchObject({
      ok: true,
      rating: {
        totals: { gross: { amount: 0 } },
        notes: expect.arrayContaining([
          { code: 'UNPRICED_QUANTITY', dimension: 'TIME', period: 0 },
        ]),
      },
    })
  })
})

describe('exactness', () => {
  test('holds to eighteen decimals on both sides', () => {
    const tariff = tariffOf({ elements: [energy('0.411764705882352941', { step_size: 0 })] })
    const usage = usageOf({ minutes: 60, energy_kwh: '24.000000000000000001' })
    const [line] = rated(tariff, usage).periods[0]?.lines ?? []
    expect(line).toMatchObject({ quantity: '24.000000000000000001', net: '9.882352941176' })
  })

  test('is the same with and without the lines', () => {
    const tariff = tariffOf({
      elements: [{ ...energy(0.3, { vat: 7 }), restrictions: { max_kwh: 3 } }, energy(0.5)],
      min_price: { excl_vat: 2 },
    })
    const usage = usageOf({ minutes: 20, energy_kwh: '3' }, { minutes: 20, energy_kwh: '0.7' })
    const { totals, exact, dimensions } = rated(tariff, usage)
    const priced = price({ tariff, usage, policy: ocpiPolicy })
    expect(priced.ok && { ...priced, dimensions: priced.dimensions() }).toEqual({
      ok: true,
      totals,
      exact,
      dimensions,
    })
  })
})

describe('what cannot be applied is refused', () => {
  test('a restriction that OCPI does not know', () => {
    const elements = [{ ...energy(1), restrictions: { min_soc: 20 } }]
    expect(canonicalTariff({ ...base, elements })).toMatchObject({
      ok: false,
      problems: [{ path: 'elements[0].restrictions.min_soc', rule: 'restriction_unsupported' }],
    })
  })

  test('a tariff of OCPI 2.1.1 without the party of its channel, but not with it', () => {
    const { country_code, party_id, ...raw } = { ...base, elements: [energy(1)] }
    const paths = (context: TariffContext) => {
      const read = canonicalTariff(raw, context)
      return read.ok ? [] : read.problems.map((problem) => problem.path)
    }
    expect(paths({ version: '2.1.1' })).toEqual(['country_code', 'party_id'])
    expect(paths({ version: '2.1.1', country_code, party_id })).toEqual([])
  })

  test('a time below zero', () => {
    const usage = usageOf({ minutes: 60, time_h: '-1' })
    expect(
      rate({ tariff: tariffOf({ elements: [energy(1)] }), usage, policy: ocpiPolicy }),
    ).toMatchObject({ ok: false, code: 'usage_invalid', path: 'usage.periods[0]' })
  })
})

describe('a rating that was stored', () => {
  const rating = rated(
    tariffOf({ elements: [energy(1)] }),
    usageOf({ minutes: 60, energy_kwh: '1' }),
  )

  test('by this engine must be ours to the letter', () => {
    expect(isSameRating(structuredClone(rating), rating)).toBe(true)
    expect(isSameRating({ ...rating, notes: [{ code: 'STEP_SIZE' }] }, rating)).toBe(false)
    const { notes: _notes, ...less } = rating
    expect(isSameRating(less, rating)).toBe(false)
  })

  test('by an earlier engine may say less, and nothing else', () => {
    const { notes: _notes, ...less } = rating
    const earlier = { ...less, engine_version: 'chargelane-rating/1' }
    expect(isSameRating(earlier, rating)).toBe(true)
    expect(isSameRating({ ...earlier, exact: { net: '1', gross: '2' } }, rating)).toBe(false)
    expect(isSameRating({ ...earlier, engine_version: 'other/1' }, rating)).toBe(false)
  })
})

describe('usage of an OCPI session', () => {
  const session = {
    start_date_time: '2026-06-01T10:00:00Z',
    last_updated: '2026-06-01T10:30:00Z',
    kwh: 7.25,
  }

  test('runs until its last update, and is its energy alone without periods', () => {
    expect(usageFromSession(session, 'Europe/Berlin')).toMatchObject({
      ok: true,
      usage: {
        ended_at: '2026-06-01T10:30:00.000Z',
        periods: [{ energy_kwh: '7.25', untimed: true }],
      },
    })
  })

  test('names `kwh` when that is no number', () => {
    expect(usageFromSession({ ...session, kwh: 'NaN' }, 'Europe/Berlin')).toMatchObject({
      ok: false,
      problems: [{ path: 'kwh' }],
    })
  })
})
