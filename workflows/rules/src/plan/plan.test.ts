import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Tariff, TariffElement } from '@chargelane/openapi/vocabulary/tariff'
import type { UsageRecord } from '@chargelane/openapi/vocabulary/usage'
import { compareExact, exact, exactOf, format, plus, zero } from '../exact.ts'
import { add, money } from '../money.ts'
import { proveSession, verifyProof } from '../evidence/proof/proof.ts'
import { formatInstant, microsPerSecond, parseInstant } from '../rating/clock.ts'
import { ocpiPolicy, rate, type Totals } from '../rating/rating.ts'
import {
  accessFee,
  type AllowanceUse,
  availableFor,
  freeKwh,
  kwhOf,
  periodAt,
  periodNumber,
  planTariff,
  type PlanTerms,
  priceByPlan,
  promiseFor,
  type ReimbursementRate,
  reimbursementPolicy,
  reimbursementRateFor,
  reimbursementTariff,
  sumOfKwh,
} from './plan.ts'

const policy = { ...ocpiPolicy, absent_vat_rate: '19' }

const tariffWith = (elements: TariffElement[], extra: Partial<Tariff> = {}): Tariff => ({
  country_code: 'DE',
  party_id: 'ALP',
  id: 'T1',
  currency: 'EUR',
  elements,
  last_updated: '2026-01-01T00:00:00Z',
  ...extra,
})
const energyAt = (price: string): TariffElement => ({
  price_components: [{ type: 'ENERGY', price, vat: '19', step_size: 1 }],
})
const perKwh = tariffWith([energyAt('0.5')])

const started = '2026-11-21T10:00:00.000Z'
function usageOf(energyKwh: string, parkingS = 0): UsageRecord {
  const start = parseInstant(started) ?? 0
  const at = (seconds: number) => formatInstant(start + seconds * microsPerSecond)
  return {
    started_at: started,
    ended_at: at(1_800 + parkingS),
    time_zone: 'Europe/Berlin',
    periods: [
      { start: started, end: at(1_800), charging: true, energy_kwh: energyKwh },
      ...(parkingS === 0 ? [] : [{ start: at(1_800), end: at(1_800 + parkingS), charging: false }]),
    ],
  }
}

const plan = (terms: Partial<PlanTerms> = {}): PlanTerms => ({
  included_kwh: '20',
  included: ['ENERGY'],
  overage: { kind: 'public' },
  ...terms,
})

function saleAt(tariff: Tariff, usage: UsageRecord): Totals {
  const rated = rate({ tariff, usage, policy })
  if (!rated.ok) throw new Error(rated.message)
  return rated.rating.totals
}

const byPlan = (
  usage: UsageRecord,
  allowanceKwh: string,
  terms = plan(),
  base: Tariff = perKwh,
  sale = saleAt(base, usage),
) => priceByPlan({ sale, base, terms, allowanceKwh, usage, policy })

describe('a plan’s price', () => {
  test('is free up to what is left and the overage after it, inside one charging period', () => {
    const price = byPlan(usageOf('30'), '20')
    // 30 kWh are 17.85 with 19 % at the public price; the last 10 of them are 5.95.
    expect(price.totals.gross).toEqual(money(595, 'EUR'))
    expect(price.contribution).toEqual(money(1_190, 'EUR'))
    expect(price.usedKwh).toBe('20')
  })

  test.each([
    ['allowance larger than the session', '12.5', '20', 0, '12.5'],
    ['allowance exactly the session', '20', '20', 0, '20'],
    ['nothing left', '30', '0', 1_785, '0'],
    ['less than a watt-hour left', '1', '0.0004', 59, '0.0004'],
  ])('%s', (_, energy, left, gross, used) => {
    const price = byPlan(usageOf(energy), left)
    expect(price.totals.gross.amount).toBe(gross)
    // Where rounding leaves the price as it was, the allowance is kept.
    expect(price.usedKwh).toBe(price.plan === undefined ? '0' : used)
  })

  test('lowers the overage by its discount, per dimension', () => {
    const base = tariffWith([
      energyAt('0.5'),
      { price_components: [{ type: 'FLAT', price: '1', vat: '19', step_size: 1 }] },
    ])
    const terms = plan({ overage: { kind: 'discount', discount_bps: { ENERGY: 2_000 } } })
    // 10 kWh at 0.40 and the whole session fee of 1.00, with 19 %.
    expect(byPlan(usageOf('30'), '20', terms, base).totals.gross.amount).toBe(595)
  })

  test('includes other dimensions only where the plan says so', () => {
    const base = tariffWith([
      {
        price_components: [
          { type: 'FLAT', price: '1', vat: '19', step_size: 1 },
          { type: 'ENERGY', price: '0.5', vat: '19', step_size: 1 },
        ],
      },
    ])
    expect(byPlan(usageOf('10'), '20', plan(), base).totals.gross.amount).toBe(119)
    const all = plan({ included: ['ENERGY', 'FLAT'] })
    expect(byPlan(usageOf('10'), '20', all, base).totals.gross.amount).toBe(0)
    expect(byPlan(usageOf('10'), '0', all, base).totals.gross.amount).toBe(714)
  })

  test('has no floor, so that what is included costs nothing, and keeps the ceiling', () => {
    const base = tariffWith([energyAt('0.5')], {
      min_price: { excl_vat: '5', incl_vat: '5.95' },
      max_price: { excl_vat: '10', incl_vat: '11.9' },
    })
    expect(planTariff(base, plan(), '20')?.min_price).toBeUndefined()
    expect(byPlan(usageOf('10'), '20', plan(), base).totals.gross.amount).toBe(0)
    expect(byPlan(usageOf('90'), '20', plan(), base).totals.gross.amount).toBe(1_190)
  })

  test('is the public one where its own tariff is dearer, and the allowance is kept', () => {
    const dear = plan({ overage: { kind: 'tariff', tariff: tariffWith([energyAt('9')]) } })
    const price = byPlan(usageOf('30'), '1', dear)
    expect(price.totals).toEqual(saleAt(perKwh, usageOf('30')))
    expect(price.usedKwh).toBe('0')
  })

  test('has none in another currency', () => {
    const foreign = tariffWith([energyAt('0.1')], { currency: 'CHF' })
    expect(planTariff(perKwh, plan({ overage: { kind: 'tariff', tariff: foreign } }), '1')).toBe(
      undefined,
    )
  })

  test('is proven like any other price, and a changed allowance is found', () => {
    const { plan: applied, totals } = byPlan(usageOf('30'), '20')
    if (applied === undefined) throw new Error('the plan gives the price')
    const proof = proveSession({
      rating: 'retail',
      tariff: perKwh,
      usage: usageOf('30'),
      context: {
        session: 'ses_1',
        cdr: 'cdr_1',
        time_zone: 'Europe/Berlin',
        evse: {
          id: 'evs_1',
          evse_id: 'DE*ALP*E1',
          connector: 'con_1',
          power_type: 'DC',
          max_power_w: 150_000,
          country: 'DE',
        },
        market_profile: 'de@1',
      },
      agreement: { kind: 'plan', id: 'pln_1', version: 1, tariff: applied.tariff },
      rating_policy: policy,
    })
    expect(proof?.output).toMatchObject({ basis: 'plan', totals: { gross: totals.gross } })
    expect(verifyProof(JSON.parse(JSON.stringify(proof))).ok).toBe(true)
    const more = JSON.parse(JSON.stringify(proof).replace('"max_kwh":"20"', '"max_kwh":"25"'))
    expect(verifyProof(more).ok).toBe(false)
  })
})

const kwh = fc.integer({ min: 0, max: 60_000 }).map((wh) => format(exactOf(wh, 3)))
const positiveKwh = fc.integer({ min: 1, max: 60_000 }).map((wh) => format(exactOf(wh, 3)))
const unitPrice = fc.integer({ min: 0, max: 9_999 }).map((cents) => format(exactOf(cents, 4)))
const dimensions = ['ENERGY', 'TIME', 'PARKING_TIME', 'FLAT'] as const
const anyTariff = fc
  .record({
    prices: fc.tuple(unitPrice, unitPrice, unitPrice, unitPrice),
    step: fc.constantFrom(1, 100, 1_000),
    from: fc.option(kwh, { nil: undefined }),
    max: fc.option(unitPrice, { nil: undefined }),
  })
  .map(({ prices, step, from, max }) =>
    tariffWith(
      [
        ...(from === undefined
          ? []
          : [{ ...energyAt(prices[1]), restrictions: { min_kwh: from } }]),
        {
          price_components: dimensions.map((type, index) => ({
            type,
            price: prices[index] ?? '0',
            vat: '19',
            step_size: type === 'ENERGY' ? step : 60,
          })),
        },
      ],
      max === undefined ? {} : { max_price: { excl_vat: max } },
    ),
  )
const anyTerms = fc.record({
  included_kwh: kwh,
  included: fc.subarray([...dimensions]),
  overage: fc.oneof(
    fc.constant({ kind: 'public' as const }),
    fc.record({
      kind: fc.constant('discount' as const),
      discount_bps: fc.record({
        ENERGY: fc.integer({ min: 0, max: 10_000 }),
        FLAT: fc.integer({ min: 0, max: 10_000 }),
      }),
    }),
    anyTariff.map((tariff) => ({ kind: 'tariff' as const, tariff })),
  ),
})
const anyUsage = fc
  .tuple(positiveKwh, fc.integer({ min: 0, max: 7_200 }))
  .map(([energy, parking]) => usageOf(energy, parking))

describe('laws of a plan', () => {
  test('retail is never above the sale, and with the contribution it is the sale, to the minor unit', () => {
    fc.assert(
      fc.property(anyTariff, anyTerms, kwh, anyUsage, (base, terms, left, usage) => {
        const sale = saleAt(base, usage)
        const price = byPlan(usage, left, terms, base, sale)
        expect(price.totals.gross.amount).toBeLessThanOrEqual(sale.gross.amount)
        expect(price.totals.gross.amount).toBeGreaterThanOrEqual(0)
        expect(price.contribution.amount).toBeGreaterThanOrEqual(0)
        expect(add(price.totals.gross, price.contribution)).toEqual(sale.gross)
        expect(compareExact(exact(price.usedKwh), exact(left))).toBeLessThanOrEqual(0)
      }),
      { numRuns: 300 },
    )
  })

  test('rating again gives the same', () => {
    fc.assert(
      fc.property(anyTariff, anyTerms, kwh, anyUsage, (base, terms, left, usage) => {
        const once = byPlan(usage, left, terms, base)
        expect(JSON.stringify(byPlan(usage, left, terms, base))).toBe(JSON.stringify(once))
      }),
      { numRuns: 50 },
    )
  })

  test('cutting a session in two creates no allowance and loses none', () => {
    fc.assert(
      fc.property(kwh, positiveKwh, positiveKwh, (left, first, second) => {
        const whole = byPlan(usageOf(kwhOf(plus(exact(first), exact(second)))), left)
        const one = byPlan(usageOf(first), left)
        const rest = kwhOf(plus(exact(left), { n: -exact(one.usedKwh).n, s: exact(one.usedKwh).s }))
        const two = byPlan(usageOf(second), rest)
        const used = sumOfKwh([one.usedKwh, two.usedKwh])
        // A part so small that it costs nothing anyway takes no allowance.
        const isWhole = [whole, one, two].every(({ plan: applied }) => applied !== undefined)
        expect(!isWhole || used === whole.usedKwh).toBe(true)
        expect(compareExact(exact(used), exact(left))).toBeLessThanOrEqual(0)
      }),
      { numRuns: 300 },
    )
  })
})

type Step =
  | { kind: 'quote'; expected: string }
  | { kind: 'rate'; which: number; energy: string }
  | { kind: 'lapse'; which: number }
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('quote' as const), expected: kwh }),
  fc.record({ kind: fc.constant('rate' as const), which: fc.nat(20), energy: positiveKwh }),
  fc.record({ kind: fc.constant('lapse' as const), which: fc.nat(20) }),
)

describe('an allowance', () => {
  test('is never overdrawn nor lost, in any order of quotes, ratings and lapses, and promises are kept', () => {
    fc.assert(
      fc.property(kwh, fc.array(anyStep, { maxLength: 30 }), (included, steps) => {
        let uses: AllowanceUse[] = []
        steps.forEach((step, index) => {
          if (step.kind === 'quote') {
            const promisedKwh = promiseFor(freeKwh(included, uses), step.expected)
            uses.push({ id: `quo_${index}`, promisedKwh, usedKwh: null })
            return
          }
          const use = uses[step.which % Math.max(1, uses.length)]
          if (use === undefined) return
          if (step.kind === 'lapse') {
            if (use.usedKwh === null) uses = uses.filter((each) => each !== use)
            return
          }
          const allowanceKwh = availableFor(included, uses, use.id)
          const isKept = compareExact(exact(allowanceKwh), exact(use.promisedKwh)) >= 0
          expect(isKept || use.usedKwh !== null).toBe(true)
          use.usedKwh = byPlan(usageOf(step.energy), allowanceKwh).usedKwh
        })
        const taken = uses.reduce(
          (sum, use) => plus(sum, exact(use.usedKwh ?? use.promisedKwh)),
          zero,
        )
        expect(compareExact(taken, exact(included))).toBeLessThanOrEqual(0)
        expect(kwhOf(plus(taken, exact(freeKwh(included, uses))))).toBe(kwhOf(exact(included)))
      }),
      { numRuns: 500 },
    )
  })

  test('is all there for one session that uses it alone', () => {
    expect(availableFor('20', [{ id: 'a', promisedKwh: '5', usedKwh: null }], 'a')).toBe('20')
    const other = { id: 'b', promisedKwh: '0', usedKwh: '12.5' }
    expect(availableFor('20', [other], 'a')).toBe('7.5')
  })
})

describe('periods', () => {
  test.each([
    ['2026-01-31', 1, '2026-02-28', '2026-02-27T23:00:00.000Z', '2026-03-30T22:00:00.000Z'],
    ['2026-01-31', 2, '2026-03-31', '2026-03-30T22:00:00.000Z', '2026-04-29T22:00:00.000Z'],
    ['2024-01-30', 1, '2024-02-29', '2024-02-28T23:00:00.000Z', '2024-03-29T23:00:00.000Z'],
    ['2026-10-15', 0, '2026-10-15', '2026-10-14T22:00:00.000Z', '2026-11-14T23:00:00.000Z'],
    ['2026-12-15', 1, '2027-01-15', '2027-01-14T23:00:00.000Z', '2027-02-14T23:00:00.000Z'],
  ])('%s + %i months in Berlin', (anchor, index, firstDay, from, to) => {
    expect(periodNumber(anchor, 'Europe/Berlin', index)).toEqual({ index, firstDay, from, to })
  })

  test('begin with the day where the clocks skip midnight', () => {
    // Havana skips 00:00 to 01:00 on 2026-03-08; the day begins at 01:00 there, 05:00 UTC.
    expect(periodNumber('2026-03-08', 'America/Havana', 0).from).toBe('2026-03-08T05:00:00.000Z')
  })

  test('follow each other without gap or overlap, in any zone and from any day', () => {
    const zones = ['Europe/Berlin', 'America/Havana', 'Asia/Beirut', 'Pacific/Apia', 'UTC']
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.integer({ min: 0, max: 1_500 }),
        fc.integer({ min: 0, max: 40 }),
        (zone, day, index) => {
          const date = new Date(Date.UTC(2023, 0, 1 + day)).toISOString().slice(0, 10)
          const one = periodNumber(date, zone, index)
          expect(periodNumber(date, zone, index + 1).from).toBe(one.to)
          expect(one.from < one.to).toBe(true)
          expect(periodAt(date, zone, one.from)).toEqual(one)
          const last = formatInstant((parseInstant(one.to) ?? 0) - microsPerSecond)
          expect(periodAt(date, zone, last)).toEqual(one)
        },
      ),
      { numRuns: 200 },
    )
  })

  test('there is none before the first day', () => {
    expect(periodAt('2026-11-22', 'Europe/Berlin', '2026-11-21T22:59:59.999Z')).toBeUndefined()
    expect(periodAt('2026-11-22', 'Europe/Berlin', '2026-11-21T23:00:00.000Z')?.index).toBe(0)
  })
})

describe('the access fee', () => {
  test.each([
    ['DE', 'EUR', '19', 990, 832, 158],
    ['CH', 'CHF', '8.1', 990, 916, 74],
    ['GB', 'GBP', '20', 990, 825, 165],
  ])('%s: a service with its own VAT', (country, currency, rateText, gross, net, vat) => {
    const result = accessFee({
      gross: money(gross, currency),
      owner: { country, vatId: `${country}1`, vatChecked: false, business: true },
      country,
      at: '2026-11-21T00:00:00.000Z',
    })
    if (!result.ok) throw new Error(result.message)
    expect(result.fee).toMatchObject({
      net: money(net, currency),
      vat: money(vat, currency),
      gross: money(gross, currency),
    })
    expect(Number(result.fee.treatment.rate)).toBe(Number(rateText))
    expect(result.fee.treatment.category).toBe('S')
  })

  test('is refused where no rate is known, instead of assumed untaxed', () => {
    const owner = { country: 'BR', vatId: 'BR1', vatChecked: false, business: true }
    const at = '2026-11-21T00:00:00.000Z'
    const result = accessFee({ gross: money(990, 'BRL'), owner, country: 'BR', at })
    expect(result).toMatchObject({ ok: false, code: 'market_unknown' })
  })
})

describe('a reimbursement', () => {
  const base: ReimbursementRate = {
    id: 'rmr_1',
    price: '0.32',
    currency: 'EUR',
    country: 'DE',
    drivers: null,
    evses: null,
    locations: null,
    effectiveFrom: '2026-01-01T00:00:00.000Z',
    effectiveTo: null,
  }
  const session = {
    driverId: 'drv_1',
    evseId: 'evs_1',
    locationId: 'loc_1',
    country: 'DE',
    at: started,
  }

  const found = (rates: ReimbursementRate[]) => reimbursementRateFor(rates, session)?.id

  test('is the most closely scoped rate in force', () => {
    const all = base
    const site = { ...base, id: 'rmr_2', locations: ['loc_1'] }
    const charger = { ...base, id: 'rmr_3', evses: ['evs_1'] }
    const mine = { ...base, id: 'rmr_4', drivers: ['drv_1'] }
    const others = { ...base, id: 'rmr_5', drivers: ['drv_2'] }
    const ended = { ...mine, id: 'rmr_6', effectiveTo: started }
    expect(found([all])).toBe('rmr_1')
    expect(found([all, site])).toBe('rmr_2')
    expect(found([site, charger, all])).toBe('rmr_3')
    expect(found([charger, mine, others, ended])).toBe('rmr_4')
    expect(found([others, ended])).toBeUndefined()
    const newer = { ...all, id: 'rmr_7', effectiveFrom: '2026-06-01T00:00:00.000Z' }
    expect(found([newer, all])).toBe('rmr_7')
  })

  test('is of the country the session is in, however close another one is', () => {
    const abroad = { ...base, id: 'rmr_8', country: 'CH', drivers: ['drv_1'], evses: ['evs_1'] }
    expect(found([abroad, base])).toBe('rmr_1')
    expect(found([abroad])).toBeUndefined()
  })

  test('is rated without VAT by the one price function', () => {
    const rated = rate({
      tariff: reimbursementTariff(base),
      usage: usageOf('13.37'),
      policy: reimbursementPolicy,
    })
    if (!rated.ok) throw new Error(rated.message)
    expect(rated.rating.totals).toMatchObject({
      net: money(428, 'EUR'),
      vat: money(0, 'EUR'),
      gross: money(428, 'EUR'),
    })
  })
})
