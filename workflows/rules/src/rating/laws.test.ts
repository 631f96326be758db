import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Tariff } from '@chargelane/openapi/vocabulary/tariff'
import type { UsagePeriod, UsageRecord } from '@chargelane/openapi/vocabulary/usage'
import { canonicalText } from '../evidence/canonical/canonical.ts'
import { exponentOf } from '../money.ts'
import { formatInstant, parseInstant } from './clock.ts'
import { generatePairs, type Pair, versionOf } from '../../../../apps/bench/src/oracles/generate.ts'
import { priceRecord } from '../../../../apps/bench/src/rate-record.ts'
import {
  canonicalTariff,
  ocpiPolicy,
  rate,
  type RatingPolicy,
  type RatingResult,
  usageFromCdr,
} from './rating.ts'

/** Tariffs and sessions of every version, restriction and zone, as the engines are compared on. */
const pairs = fc.nat(1_000_000_000).map((seed): Pair => {
  const [pair] = generatePairs(seed, 1)
  if (pair === undefined) throw new Error('one pair was asked for')
  return pair
})

type Read = { tariff: Tariff; usage: UsageRecord }

function readPair({ ocpi, timezone, tariff, cdr }: Pair): Read {
  const version = versionOf(ocpi)
  const read = canonicalTariff(tariff, { version, country_code: 'NL', party_id: 'TST' })
  const usage = usageFromCdr(cdr, timezone, version)
  if (!read.ok || !usage.ok) throw new Error(JSON.stringify([read, usage]))
  return { tariff: read.tariff, usage: usage.usage }
}

const inputs = pairs.map(readPair)
const cutting: RatingPolicy = { ...ocpiPolicy, periods: 'split_at_boundaries' }

const priced = ({ tariff, usage }: Read, policy = ocpiPolicy) => rate({ tariff, usage, policy })
const exactOf = (result: RatingResult) =>
  result.ok ? [result.rating.exact.net, result.rating.exact.gross].map(Number) : result.code
/** Amounts are printed to twelve decimals, and what a cut cannot share evenly is a billionth of a kilowatt-hour. */
function isNear(a: RatingResult, b: RatingResult, factor = 1): boolean {
  const [left, right] = [exactOf(a), exactOf(b)]
  if (typeof left === 'string' || typeof right === 'string') return left === right
  return left.every((amount, index) => Math.abs(amount * factor - (right[index] ?? NaN)) < 5e-7)
}

const tenfold = (text: string) => shiftText(text, 1)
const kilowattHours = (trillionths: bigint) =>
  `${trillionths / 1_000_000_000_000n}.${String(trillionths % 1_000_000_000_000n).padStart(12, '0')}`

type Restrictions = NonNullable<Tariff['elements'][number]['restrictions']>

/** The tariff with fewer restrictions. */
function without(tariff: Tariff, ...names: (keyof Restrictions)[]): Tariff {
  const elements = tariff.elements.map(({ price_components, restrictions }) => {
    const kept = Object.entries(restrictions ?? {}).filter(
      ([name]) => !names.some((each) => each === name),
    )
    return kept.length === 0
      ? { price_components }
      : { price_components, restrictions: Object.fromEntries(kept) }
  })
  return { ...tariff, elements }
}

const shiftText = (text: string, places: number) => {
  const [whole = '0', fraction = ''] = text.split('.')
  const digits = `${whole}${fraction.padEnd(places, '0')}`
  const point = whole.length + places
  const decimals = digits.slice(point)
  const integer = digits.slice(0, point).replace(/^0+(?=\d)/, '')
  return decimals === '' ? integer : `${integer}.${decimals}`
}

/** The record with its times left to the lengths of its periods. */
const untimed = ({ tariff, usage }: Read): Read => ({
  tariff,
  usage: {
    ...usage,
    periods: usage.periods.map(
      ({ time_h: _time, parking_time_h: _parking, untimed: _untimed, ...period }) => period,
    ),
  },
})

describe('a price', () => {
  test('is the same bytes when the same record is rated again from its own text', () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const copy: Read = JSON.parse(JSON.stringify(input))
        const again = canonicalTariff(copy.tariff)
        if (!again.ok) throw new Error(JSON.stringify(again.problems))
        expect(canonicalText(priced({ tariff: again.tariff, usage: copy.usage }))).toBe(
          canonicalText(priced(input)),
        )
      }),
      { numRuns: 300 },
    )
  })

  // A record that states times is priced by them; here the times follow from the cut, as energy does.
  test('does not change when a period is cut at any instant and its energy shared evenly', () => {
    fc.assert(
      fc.property(
        inputs.map(untimed),
        fc.nat(),
        fc.integer({ min: 1, max: 9 }),
        (input, at, tenths) => {
          const index = at % input.usage.periods.length
          const period = input.usage.periods[index]
          if (period === undefined || period.reservation_time_h !== undefined) return
          const [start, end] = [parseInstant(period.start) ?? 0, parseInstant(period.end) ?? 0]
          const cut = formatInstant(start + Math.round(((end - start) / 10) * tenths))
          const isEven = (end - start) % 10 === 0
          fc.pre(isEven)
          const energy = BigInt(shiftText(period.energy_kwh ?? '0', 12))
          fc.pre(energy >= 0n)
          const share = (energy * BigInt(tenths)) / 10n
          const part = (extra: Partial<UsagePeriod>, amount: bigint): UsagePeriod => ({
            ...period,
            ...extra,
            ...(period.energy_kwh === undefined ? {} : { energy_kwh: kilowattHours(amount) }),
          })
          const periods = input.usage.periods.toSpliced(
            index,
            1,
            part({ end: cut }, share),
            part({ start: cut }, energy - share),
          )
          const usage = { ...input.usage, periods }
          expect(isNear(priced({ ...input, usage }, cutting), priced(input, cutting))).toBe(true)
        },
      ),
      { numRuns: 300 },
    )
  })

  // Not so in general: a kWh limit may lead to a cheaper element, energy in an earlier, cheaper period may save part
  // of the step that the last period pays, and below a ceiling without a gross amount the tax follows the mix of rates.
  test('does not fall with energy added to the last period that had some, without limits of energy', () => {
    fc.assert(
      fc.property(inputs, fc.integer({ min: 1, max: 500_000 }), ({ tariff, usage }, more) => {
        const last = usage.periods.findLastIndex((period) => Number(period.energy_kwh ?? 0) > 0)
        fc.pre(last >= 0)
        const plain = without(tariff, 'min_kwh', 'max_kwh')
        const added = usage.periods.map((period, index) =>
          index === last
            ? { ...period, energy_kwh: (Number(period.energy_kwh) + more / 10_000).toFixed(4) }
            : period,
        )
        const before = priced({ tariff: plain, usage })
        const after = priced({ tariff: plain, usage: { ...usage, periods: added } })
        expect(after.ok).toBe(before.ok)
        if (!before.ok || !after.ok) return
        expect(Number(after.rating.exact.net)).toBeGreaterThanOrEqual(
          Number(before.rating.exact.net) - 1e-9,
        )
        const limits = [plain.min_price, plain.max_price]
        if (limits.some((limit) => limit !== undefined && limit.incl_vat === undefined)) return
        expect(after.rating.totals.gross.amount).toBeGreaterThanOrEqual(
          before.rating.totals.gross.amount,
        )
      }),
      { numRuns: 300 },
    )
  })

  test('does not depend on the order of what comes below the first match', () => {
    const all = (['ENERGY', 'TIME', 'PARKING_TIME', 'FLAT'] as const).map((type) => ({
      type,
      price: '0.5',
      vat: '19',
      step_size: 1,
    }))
    fc.assert(
      fc.property(inputs, fc.infiniteStream(fc.nat()), ({ tariff, usage }, dice) => {
        const charging = tariff.elements.filter(
          ({ restrictions }) => restrictions?.reservation === undefined,
        )
        const keyed = charging.map((element) => ({ element, key: dice.next().value ?? 0 }))
        const shuffled = keyed.toSorted((a, b) => a.key - b.key).map(({ element }) => element)
        const first = { price_components: all }
        const { min_price: _min, max_price: _max, ...plain } = tariff
        const result = (elements: Tariff['elements']) =>
          canonicalText(priced({ tariff: { ...plain, elements: [first, ...elements] }, usage }))
        expect(result(shuffled)).toBe(result(charging))
        expect(result([])).toBe(result(charging))
      }),
      { numRuns: 200 },
    )
  })

  test('is taken back whole by the credit record', () => {
    fc.assert(
      fc.property(pairs, ({ ocpi, timezone, tariff, cdr }) => {
        const original = priceRecord({ ocpi, timezone, tariff, cdr })
        const credit = priceRecord({ ocpi, timezone, tariff, cdr: { ...cdr, credit: true } })
        expect(credit.ok).toBe(original.ok)
        if (!original.ok || !credit.ok) return
        const [a, b] = [original.totals.total_cost, credit.totals.total_cost]
        expect(Number(a?.excl_vat) + Number(b?.excl_vat)).toBe(0)
        expect(Number(a?.incl_vat ?? 0) + Number(b?.incl_vat ?? 0)).toBe(0)
        expect({ ...credit.totals, total_cost: a }).toEqual(original.totals)
      }),
      { numRuns: 200 },
    )
  })

  test('is the same a week later, where no date is named and no clock changes', () => {
    const week = 7 * 86_400 * 1_000_000
    const later = (text: string) => formatInstant((parseInstant(text) ?? 0) + week)
    fc.assert(
      fc.property(
        inputs,
        fc.constantFrom('Asia/Tokyo', 'Asia/Kathmandu', 'UTC'),
        ({ tariff, usage }, time_zone) => {
          const plain = without(tariff, 'start_date', 'end_date')
          const moved: UsageRecord = {
            ...usage,
            time_zone,
            started_at: later(usage.started_at),
            ended_at: later(usage.ended_at),
            periods: usage.periods.map((period) => ({
              ...period,
              start: later(period.start),
              end: later(period.end),
            })),
          }
          const here = priced({ tariff: plain, usage: { ...usage, time_zone } })
          const there = priced({ tariff: plain, usage: moved })
          expect(exactOf(there)).toEqual(exactOf(here))
        },
      ),
      { numRuns: 300 },
    )
  })

  test('of ten times the prices and limits is ten times as high', () => {
    fc.assert(
      fc.property(inputs, ({ tariff, usage }) => {
        const limit = (name: 'min_price' | 'max_price') => {
          const stated = tariff[name]
          if (stated === undefined) return {}
          const { excl_vat, incl_vat } = stated
          return {
            [name]: {
              excl_vat: tenfold(excl_vat),
              ...(incl_vat === undefined ? {} : { incl_vat: tenfold(incl_vat) }),
            },
          }
        }
        const raised: Tariff = {
          ...tariff,
          ...limit('min_price'),
          ...limit('max_price'),
          elements: tariff.elements.map((element) => ({
            ...element,
            price_components: element.price_components.map((component) => ({
              ...component,
              price: tenfold(component.price),
            })),
          })),
        }
        const raisedTotal = priced({ tariff: raised, usage })
        expect(isNear(priced({ tariff, usage }), raisedTotal, 10)).toBe(true)
      }),
      { numRuns: 300 },
    )
  })

  test('is rounded to the digits of its currency: yen, cents, thousandths of a dinar', () => {
    fc.assert(
      fc.property(inputs, fc.constantFrom('JPY', 'EUR', 'KWD'), ({ tariff, usage }, currency) => {
        const result = priced({ tariff: { ...tariff, currency }, usage })
        if (!result.ok) return
        const { exact, totals } = result.rating
        const scale = 10 ** exponentOf(currency)
        expect(Math.abs(Number(exact.gross) * scale - totals.gross.amount)).toBeLessThanOrEqual(
          0.5 + 1e-6,
        )
        expect(totals.gross.currency).toBe(currency)
        expect(totals.net.amount + totals.vat.amount).toBe(totals.gross.amount)
      }),
      { numRuns: 300 },
    )
  })
})
