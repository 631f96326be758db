import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Money } from '@chargelane/openapi/vocabulary/money'
import type { PolicyRule, Share } from '@chargelane/openapi/vocabulary/settlement/shares'
import { reducedSale } from '../booking/given-back.ts'
import { noClaim } from '../booking/booking.ts'
import { money, negate, sum } from '../money.ts'
import { differencesOf, type GoldenSession, type GoldenStatement } from './golden.ts'
import { partyKey } from './parties.ts'
import { passOf, sumsOfPeriod, type UnsplitSale } from './period.ts'
import type { PolicyTerms, ShareRule } from './policy.ts'
import { businessParty, cpo, saleInput } from './sale.fake.ts'
import { emptySums, type PeriodFacts, type ShareFacts, type SharePlace } from './sharing.ts'
import { splitSale } from './sale.ts'
import { dueOf, shareIn, type SplitInput } from './split.ts'

const eur = (amount: number): Money => money(amount, 'EUR')

const place: SharePlace = {
  site: 'loc_1',
  evse: 'evs_1',
  power_w: 150_000,
  time_zone: 'Europe/Berlin',
  partner: 'partner',
  payer: 'card',
  tariff_type: 'AD_HOC_PAYMENT',
  contract: null,
}
/** Saturday, 10:30 to 11:15 in Berlin; three quarters of the price are energy. */
const facts: ShareFacts = {
  started_at: '2026-11-21T09:30:00Z',
  ended_at: '2026-11-21T10:15:00Z',
  energy_wh: 20_123,
  parts: { energy: '7.5', time: '1.5', parking: '0', fee: '1' },
}

const ruleOf = (share: Share, rest: Partial<ShareRule> = {}): ShareRule => ({
  id: 'site_share',
  fee_type: 'revenue_share',
  supplier: { role: 'landowner', id: 'host' },
  recipient: cpo,
  base: 'sale',
  share,
  document: 'self_billed_invoice',
  shortfall: 'carry',
  ...rest,
})

type Case = {
  gross?: number
  rules: readonly ShareRule[]
  facts?: Partial<ShareFacts>
  before?: Partial<PeriodFacts['before']>
  whole?: PeriodFacts['whole']
  commissionBps?: number
}

function inputOf({ gross = 11_900, rules, before, whole, commissionBps = 1_000, ...rest }: Case) {
  const further = rules.map((rule) => ({
    rule,
    party: businessParty(rule.supplier.role, 'DE', rule.supplier.id),
  }))
  const seen = new Set<string>()
  const once = further.filter(
    ({ party }) => !seen.has(partyKey(party)) && seen.add(partyKey(party)),
  )
  const input = saleInput({ gross: eur(gross), commissionBps, further: once })
  const period: PeriodFacts = {
    before: { ...emptySums('EUR'), ...before },
    ...(whole === undefined ? {} : { whole }),
  }
  const all = [...input.policy.rules.slice(0, 2), ...rules]
  const treatment = input.taxes['site_share'] ?? input.taxes['commission']
  if (treatment === undefined) throw new Error('no tax')
  return {
    ...input,
    policy: { ...input.policy, rules: all },
    taxes: { ...Object.fromEntries(rules.map(({ id }) => [id, treatment])), ...input.taxes },
    sharing: {
      policy: { id: 'spl_1', version: 1 },
      period: '2026-11-01',
      place,
      facts: { ...facts, ...rest.facts },
      periods: Object.fromEntries(rules.map(({ id }) => [id, period])),
    },
  } satisfies SplitInput
}

function splitOf(input: SplitInput) {
  const made = splitSale(input)
  if (!made.ok) throw new Error(made.message)
  return made.split
}
const netOf = (given: Case, rule = 'site_share') =>
  splitOf(inputOf(given)).legs.find(({ id }) => id === rule)?.net.amount

const percentage = (bps: number) => ({ kind: 'percentage', bps }) as const

// A sale of 100.00 net: 75.00 energy, 15.00 time, 10.00 fee; 20.123 kWh in 45 minutes.
describe('a golden case for each kind of share', () => {
  const kwh = { kind: 'per_kwh', price: '0.015', currency: 'EUR' } as const
  const tiers = (from: number, to: number) => [
    { from: 0, share: percentage(500) },
    { from, share: percentage(to) },
  ]
  const tiered = (rest: Partial<Extract<Share, { kind: 'tiered' }>>): Share => ({
    kind: 'tiered',
    by: 'amount',
    mode: 'marginal',
    tiers: tiers(6_000, 1_000),
    ...rest,
  })
  test.each<[string, number, Case]>([
    ['percentage of the sale net', 500, { rules: [ruleOf(percentage(500))] }],
    ['of its energy', 375, { rules: [ruleOf(percentage(500), { base: 'energy' })] }],
    ['of its time', 75, { rules: [ruleOf(percentage(500), { base: 'time' })] }],
    ['of its parking', 0, { rules: [ruleOf(percentage(500), { base: 'parking' })] }],
    ['of its fee', 50, { rules: [ruleOf(percentage(500), { base: 'fee' })] }],
    ['of the commission', 50, { rules: [ruleOf(percentage(500), { base: 'commission' })] }],
    ['fixed', 35, { rules: [ruleOf({ kind: 'fixed', amount: eur(35) })] }],
    // 20.123 × 0.015 = 0.301845
    ['per kWh', 30, { rules: [ruleOf(kwh)] }],
    // 45 × 0.0333 = 1.4985
    ['per minute', 150, { rules: [ruleOf({ ...kwh, kind: 'per_minute', price: '0.0333' })] }],
    ['floor', 700, { rules: [ruleOf(percentage(500), { floor: eur(700) })] }],
    ['cap', 400, { rules: [ruleOf(percentage(500), { cap: eur(400) })] }],
    // 60.00 × 5 % + 40.00 × 10 %
    ['tiers of the amount, marginal', 700, { rules: [ruleOf(tiered({}))] }],
    ['tiers of the amount, whole', 1_000, { rules: [ruleOf(tiered({ mode: 'whole' }))] }],
    // 10 of 20.123 kWh are below 110 kWh: 5 % × 49.694 + 10 % × 50.306.
    [
      'tiers of the energy of the period',
      752,
      {
        rules: [ruleOf(tiered({ by: 'period_energy', tiers: tiers(110_000, 1_000) }))],
        before: { energy_wh: 100_000 },
      },
    ],
    [
      'tiers of the turnover of the period',
      800,
      {
        rules: [ruleOf(tiered({ by: 'period_turnover', tiers: tiers(54_000, 1_000) }))],
        before: { turnover: eur(50_000) },
      },
    ],
    [
      'tiers of the sessions of the period: the hundredth is in the first, the next is not',
      1_000,
      {
        rules: [ruleOf(tiered({ by: 'period_sessions', tiers: tiers(100, 1_000) }))],
        before: { sessions: 100 },
      },
    ],
    [
      'whole tier that the period reaches with this session',
      1_000,
      {
        rules: [ruleOf(tiered({ by: 'period_sessions', mode: 'whole', tiers: tiers(100, 1_000) }))],
        before: { sessions: 99 },
      },
    ],
    [
      'cap of the period',
      120,
      {
        rules: [ruleOf(percentage(500), { period_cap: eur(10_000) })],
        before: { share: eur(9_880) },
      },
    ],
    [
      'per period: nothing in a session',
      0,
      { rules: [ruleOf({ kind: 'per_period', amount: eur(1) })] },
    ],
  ])('%s', (_, expected, given) => {
    expect(netOf(given)).toBe(expected)
  })

  test.each<[string, boolean, ShareRule['when']]>([
    ['its EVSE', true, { evses: ['evs_1'] }],
    ['another EVSE', false, { evses: ['evs_2'] }],
    ['another site', false, { sites: ['loc_2'] }],
    ['enough power', true, { min_power_w: 150_000 }],
    ['too much power', false, { max_power_w: 149_999 }],
    ['its partner', true, { partners: ['partner'] }],
    ['another payer', false, { payers: ['account'] }],
    ['its tariff', true, { tariff_types: ['AD_HOC_PAYMENT'] }],
    ['the local morning', true, { times: [{ from: '10:30', until: '11:00' }] }],
    ['the end of a window', false, { times: [{ from: '09:00', until: '10:30' }] }],
    [
      'a night that began on Friday',
      false,
      { times: [{ from: '22:00', until: '06:00', days: ['FRIDAY'] }] },
    ],
    ['Saturdays', true, { times: [{ days: ['SATURDAY'] }] }],
    ['Sundays', false, { times: [{ days: ['SUNDAY'] }] }],
  ])('counts for %s: %s', (_, isDue, when) => {
    expect(netOf({ rules: [ruleOf(percentage(500), when === undefined ? {} : { when })] })).toBe(
      isDue ? 500 : 0,
    )
  })

  test('a night of Friday holds early on Saturday, in local time', () => {
    const when = { times: [{ from: '22:00', until: '06:00', days: ['FRIDAY' as const] }] }
    const early = { started_at: '2026-11-21T04:59:00Z' }
    expect(netOf({ rules: [ruleOf(percentage(500), { when })], facts: early })).toBe(500)
    const late = { started_at: '2026-11-21T05:00:00Z' }
    expect(netOf({ rules: [ruleOf(percentage(500), { when })], facts: late })).toBe(0)
  })
})

test('what a session has no money for is cut in the order of the rules, and carried or waived', () => {
  const split = splitOf(
    inputOf({
      gross: 119,
      rules: [
        ruleOf({ kind: 'fixed', amount: eur(60) }, { id: 'rent' }),
        ruleOf({ kind: 'fixed', amount: eur(50) }, { id: 'lighting', shortfall: 'waive' }),
        ruleOf(percentage(500), { id: 'fund' }),
      ],
    }),
  )
  expect(split.legs.map(({ id, net }) => [id, net.amount])).toEqual([
    ['sale', 100],
    ['commission', 10],
    ['partner_share', 4],
    ['rent', 60],
    ['lighting', 30],
    ['fund', 0],
  ])
  expect(split.unmet).toEqual([
    { rule: 'lighting', amount: eur(20), becomes: 'waive' },
    { rule: 'fund', amount: eur(5), becomes: 'carry' },
  ])
  expect(shareIn(split, cpo).amount).toBe(0)
})

// ── Laws ────────────────────────────────────────────────────────────────────────────────────────────────────────

const anyShare: fc.Arbitrary<Share> = fc.oneof(
  fc.nat(10_000).map(percentage),
  fc.nat(5_000).map((amount): Share => ({ kind: 'fixed', amount: eur(amount) })),
  fc.nat(500).map(
    (n): Share => ({
      kind: 'per_kwh',
      price: `0.${String(n).padStart(4, '0')}`,
      currency: 'EUR',
    }),
  ),
  fc.nat(500).map(
    (n): Share => ({
      kind: 'per_minute',
      price: `0.${String(n).padStart(4, '0')}`,
      currency: 'EUR',
    }),
  ),
  fc
    .record({
      by: fc.constantFrom('amount', 'period_energy', 'period_turnover', 'period_sessions' as const),
      mode: fc.constantFrom('marginal', 'whole' as const),
      at: fc.integer({ min: 1, max: 60_000 }),
      bps: fc.tuple(fc.nat(5_000), fc.nat(5_000)),
    })
    .map(
      ({ by, mode, at, bps: [low, high] }): Share => ({
        kind: 'tiered',
        by,
        mode,
        tiers: [
          { from: 0, share: percentage(low) },
          { from: by === 'period_sessions' ? (at % 9) + 1 : at, share: percentage(high) },
        ],
      }),
    ),
)
const anyRule = fc.record(
  {
    share: anyShare,
    base: fc.constantFrom('sale', 'energy', 'time', 'commission'),
    floor: fc.nat(500).map(eur),
    cap: fc.integer({ min: 500, max: 5_000 }).map(eur),
    period_cap: fc.integer({ min: 100, max: 30_000 }).map(eur),
    shortfall: fc.constantFrom('carry', 'waive' as const),
  },
  { requiredKeys: ['share', 'base', 'shortfall'] },
)
const anyRules = fc
  .array(anyRule, { minLength: 1, maxLength: 5 })
  .map((rules) =>
    rules.map(({ share, ...rest }, index) =>
      ruleOf(share, { ...rest, id: `rule_${index}`, supplier: { role: 'fund', id: `p${index}` } }),
    ),
  )

describe('shares by any rules', () => {
  test('with the tax are what the driver pays, and leave nobody below nothing', () => {
    fc.assert(
      fc.property(anyRules, fc.integer({ min: 1, max: 50_000 }), (rules, gross) => {
        const split = splitOf(inputOf({ gross, rules }))
        const all = [split.tax, ...split.shares.map(({ amount }) => amount)]
        expect(sum(all, 'EUR')).toEqual(dueOf(split))
        const payees = split.shares.filter(({ party }) => party.role !== 'platform')
        expect(payees.filter(({ amount }) => amount.amount < 0)).toEqual([])
      }),
      { numRuns: 500 },
    )
  })

  test('fall in proportion to what is given back, and to nothing with all of it', () => {
    fc.assert(
      fc.property(
        anyRules,
        fc.integer({ min: 2, max: 50_000 }),
        fc.nat(10_000),
        (rules, gross, part) => {
          const input = inputOf({ gross, rules })
          const split = splitOf(input)
          const given = Math.floor((gross * part) / 10_000)
          const collected = {
            captured: eur(gross),
            owed: eur(0),
            fee: null,
            source: 'asset:psp:EUR',
          }
          const before = { split, collected, claim: noClaim('EUR') }
          const reduced = reducedSale(before, input, eur(given)).state.split
          const left = (reduced.legs[0]?.net.amount ?? 0) / (split.legs[0]?.net.amount || 1)
          for (const [index, leg] of split.legs.entries())
            expect(
              Math.abs((reduced.legs[index]?.net.amount ?? 0) - leg.net.amount * left),
            ).toBeLessThan(
              // A leg of a leg is rounded twice.
              2,
            )
          const none = reducedSale(before, input, eur(gross)).state.split
          for (const { amount } of none.shares) expect(amount.amount).toBe(0)
        },
      ),
      { numRuns: 500 },
    )
  })

  test('do not ask in which order their parties are named', () => {
    fc.assert(
      fc.property(anyRules, fc.nat(50_000), (rules, gross) => {
        const input = inputOf({ gross, rules })
        const turned = splitOf({ ...input, parties: input.parties.toReversed() })
        const byParty = ({ shares }: typeof turned) =>
          new Map(shares.map(({ party, amount }) => [partyKey(party), amount.amount]))
        expect(byParty(turned)).toEqual(byParty(splitOf(input)))
      }),
    )
  })
})

const anySessions = fc.array(
  fc.record({ gross: fc.integer({ min: 1, max: 20_000 }), energy_wh: fc.nat(80_000) }),
  { minLength: 1, maxLength: 8 },
)

const salesOf = (
  rules: readonly ShareRule[],
  sessions: readonly { gross: number; energy_wh: number }[],
) =>
  sessions.map(
    ({ gross, energy_wh }, index): UnsplitSale => ({
      sessionId: `ses_${index}`,
      endedAt: `2026-11-${String(10 + index)}T10:00:00Z`,
      input: inputOf({ gross, rules, facts: { energy_wh } }),
    }),
  )

describe('a period', () => {
  test('comes to the same whichever way its sessions arrive', () => {
    fc.assert(
      fc.property(anyRules, anySessions, fc.infiniteStream(fc.nat()), (rules, sessions, order) => {
        const sales = salesOf(rules, sessions)
        const keys = new Map(sales.map(({ sessionId }) => [sessionId, order.next().value ?? 0]))
        const shuffled = sales.toSorted(
          (a, b) => (keys.get(a.sessionId) ?? 0) - (keys.get(b.sessionId) ?? 0),
        )
        const [here, there] = [sales, shuffled].map((arrived) => {
          const sums = sumsOfPeriod(rules, passOf(arrived, 'EUR').made, 'EUR')
          // What was booked and what is settled at the end.
          return sums.map(({ rule, total, booked }) => [
            rule.id,
            booked.amount + (total.amount - booked.amount),
          ])
        })
        expect(there).toEqual(here)
      }),
      { numRuns: 100 },
    )
  })

  test('settles the minimum rent, the tier that it reached and what was carried', () => {
    const rules = [
      ruleOf(percentage(500), { id: 'rent', period_floor: eur(5_000) }),
      ruleOf({ kind: 'per_period', amount: eur(900) }, { id: 'lease' }),
      ruleOf(
        {
          kind: 'tiered',
          by: 'period_sessions',
          mode: 'whole',
          tiers: [
            { from: 0, share: percentage(100) },
            { from: 3, share: percentage(200) },
          ],
        },
        { id: 'bonus' },
      ),
      ruleOf({ kind: 'fixed', amount: eur(9_000) }, { id: 'big' }),
    ]
    const { made } = passOf(
      salesOf(
        rules,
        [1, 2, 3].map(() => ({ gross: 11_900, energy_wh: 1 })),
      ),
      'EUR',
    )
    const sums = sumsOfPeriod(rules, made, 'EUR')
    expect(sums.map(({ rule, booked, total }) => [rule.id, booked.amount, total.amount])).toEqual([
      ['rent', 1_500, 5_000],
      ['lease', 0, 900],
      // 1 %, 1 %, and 2 % where the third reached it; then 2 % of all.
      ['bonus', 400, 600],
      // 90.00 less commission 10.00, rent 5.00 and bonus: 84.00, 84.00 and 83.00 of three times 90.00.
      ['big', 25_100, 27_000],
    ])
  })
})

test('a statement of before is made again to the cent, or each line that is not is named', () => {
  const rule: PolicyRule = {
    ...ruleOf(percentage(500), { period_floor: eur(1_200) }),
    supplier: { role: 'landowner', id: 'host' },
    recipient: { role: 'cpo' },
    shortfall: 'carry',
  }
  const terms: PolicyTerms = {
    text: '5 % of the sale, at least 12.00 a month',
    currency: 'EUR',
    time_zone: 'Europe/Berlin',
    period: 'month',
    rules: [rule],
  }
  const session = (name: string, net: number): GoldenSession => ({
    session: name,
    started_at: facts.started_at,
    ended_at: facts.ended_at,
    energy_wh: 20_000,
    net: eur(net),
    commission_bps: 1_000,
    partner_share_bps: 0,
    parts: facts.parts,
    place,
  })
  const golden = (second: number): GoldenStatement => ({
    sessions: [session('a', 10_000), session('b', 9_990)],
    lines: [
      { session: 'a', rule: 'site_share', amount: eur(500) },
      { session: 'b', rule: 'site_share', amount: eur(second) },
      { session: null, rule: 'site_share', amount: eur(200) },
    ],
  })
  expect(differencesOf(golden(500), terms)).toEqual([])
  expect(differencesOf(golden(499), terms)).toEqual([
    { session: 'b', rule: 'site_share', expected: eur(499), found: eur(500) },
  ])
})

test('a refund mirrors its charge: a negative price is the same, turned round', () => {
  fc.assert(
    fc.property(anyRules, fc.integer({ min: 1, max: 50_000 }), (rules, gross) => {
      const uncut = rules.map(({ shortfall: _shortfall, ...rule }) => rule)
      const input = inputOf({ gross, rules: uncut })
      const up = splitOf(input)
      const { net, vat, gross: whole } = input.sale
      const turned = { net: negate(net), vat: negate(vat), gross: negate(whole), vat_lines: [] }
      const period = rules.some(({ share, period_cap }) => period_cap ?? share.kind === 'tiered')
      const perUnit = rules.some(({ share }) => share.kind.startsWith('per_'))
      if (period || perUnit) return
      const down = splitOf({ ...input, sale: turned })
      for (const [index, leg] of up.legs.entries())
        expect(down.legs[index]?.net.amount).toBe(leg.net.amount === 0 ? 0 : -leg.net.amount)
    }),
  )
})
