import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { UsageRecord } from '@chargelane/openapi/vocabulary/usage'
import { exact, exactOf, format, times } from '../exact.ts'
import { money } from '../money.ts'
import { canonicalTariff, ocpiPolicy, rate } from '../rating/rating.ts'
import { type CdrClaim, type CheckInput, checkPublicPrice } from './public-price.ts'
import { type MeterSignature, pricedUsage } from './usage-basis.ts'

const parsed = canonicalTariff({
  country_code: 'DE',
  party_id: 'VWL',
  id: 'DC',
  currency: 'EUR',
  last_updated: '2026-01-01T00:00:00Z',
  elements: [{ price_components: [{ type: 'ENERGY', price: 0.5, vat: 19, step_size: 1 }] }],
})
if (!parsed.ok) throw new Error('the tariff is valid')
const { tariff } = parsed

const usageOf = (energy_kwh: string): UsageRecord => ({
  started_at: '2026-11-21T10:00:00.000Z',
  ended_at: '2026-11-21T10:30:00.000Z',
  time_zone: 'Europe/Berlin',
  periods: [
    {
      start: '2026-11-21T10:00:00.000Z',
      end: '2026-11-21T10:30:00.000Z',
      charging: true,
      energy_kwh,
    },
  ],
})

/** 20 kWh at 0.50 net are 11.90 gross. */
const checkInput: CheckInput = {
  claim: {
    currency: 'EUR',
    total_excl_vat: '10',
    total_incl_vat: '11.90',
    tariff_hash: null,
    total_energy_kwh: '20',
  },
  usage: usageOf('20'),
  tariff,
  tariffHash: 'sha256:locked',
  policy: ocpiPolicy,
  currency: 'EUR',
}

const check = (claim: Partial<CdrClaim> = {}, change: Partial<CheckInput> = {}) =>
  checkPublicPrice({ ...checkInput, claim: { ...checkInput.claim, ...claim }, ...change })

const said = (verdict: ReturnType<typeof check>) => ({
  kind: verdict.kind,
  rules: verdict.rules,
  pays: verdict.payable?.gross.amount ?? null,
  difference: verdict.difference && [
    verdict.difference.amount.amount,
    verdict.difference.destination,
  ],
})

describe('a record against the public price', () => {
  test('that asks exactly the price is accepted', () => {
    expect(said(check())).toEqual({
      kind: 'accepted',
      rules: [],
      pays: 1_190,
      difference: [0, 'none'],
    })
  })

  test('that states no gross amount is read at the tariff’s own VAT', () => {
    expect(said(check({ total_incl_vat: null }))).toMatchObject({ kind: 'accepted', pays: 1_190 })
    expect(said(check({ total_excl_vat: '12', total_incl_vat: null }))).toMatchObject({
      kind: 'accepted_with_adjustment',
      pays: 1_190,
      difference: [238, 'suspense'],
    })
  })

  test('F42: a cent more is rounding and not the driver’s', () => {
    expect(said(check({ total_incl_vat: '11.91' }))).toEqual({
      kind: 'accepted',
      rules: ['within_rounding'],
      pays: 1_190,
      difference: [1, 'rounding'],
    })
  })

  test('F36: more than a cent is held in suspense while the driver pays the proven price', () => {
    expect(said(check({ total_incl_vat: '11.92' }))).toEqual({
      kind: 'accepted_with_adjustment',
      rules: ['cpo_asks_more'],
      pays: 1_190,
      difference: [2, 'suspense'],
    })
  })

  test('a CPO that asks less is given less, and its tax lines still sum', () => {
    const verdict = check({ total_excl_vat: '8', total_incl_vat: '9.52' })
    expect(said(verdict)).toEqual({
      kind: 'accepted',
      rules: ['cpo_asks_less'],
      pays: 952,
      difference: [0, 'none'],
    })
    expect(verdict.payable).toMatchObject({ net: money(800, 'EUR'), vat: money(152, 'EUR') })
  })

  test('F37: a record by another tariff pays by the quote’s and says so', () => {
    expect(said(check({ tariff_hash: 'sha256:other', total_incl_vat: '14.28' }))).toEqual({
      kind: 'accepted_with_adjustment',
      rules: ['tariff_mismatch', 'cpo_asks_more'],
      pays: 1_190,
      difference: [238, 'suspense'],
    })
    expect(said(check({ tariff_hash: 'sha256:locked' })).rules).toEqual([])
  })

  test('F43: another currency is rejected, never converted', () => {
    expect(said(check({ currency: 'CHF' }))).toMatchObject({
      kind: 'rejected',
      rules: ['currency_mismatch'],
      pays: null,
    })
    expect(said(check({}, { currency: 'CHF' }))).toMatchObject({ kind: 'rejected', pays: null })
  })

  test('F40: no energy and no cost closes the session at zero', () => {
    const nothing = { total_excl_vat: '0', total_incl_vat: '0', total_energy_kwh: '0' }
    expect(said(check(nothing, { usage: usageOf('0') }))).toEqual({
      kind: 'closed_zero',
      rules: ['zero_session'],
      pays: 0,
      difference: [0, 'none'],
    })
  })

  test('F40: energy at no cost is never charged, and says so', () => {
    const verdict = check({ total_excl_vat: '0', total_incl_vat: '0' })
    expect(said(verdict)).toEqual({
      kind: 'closed_zero',
      rules: ['zero_cost_for_energy'],
      pays: 0,
      difference: [0, 'none'],
    })
  })

  test('a negative total waits for a decision and a huge one is rejected', () => {
    expect(check({ total_excl_vat: '-1', total_incl_vat: null })).toMatchObject({
      kind: 'quarantined',
      rules: ['total_negative'],
      payable: null,
    })
    expect(check({ total_excl_vat: '999999999999999' }).kind).toBe('rejected')
  })

  test('periods that do not sum to the total are quarantined', () => {
    expect(said(check({ total_energy_kwh: '200' }))).toMatchObject({
      kind: 'quarantined',
      rules: ['periods_do_not_sum'],
    })
    expect(check({ total_energy_kwh: '20.1' }).kind).toBe('accepted')
  })

  test('energy the session did not see is quarantined', () => {
    expect(check({}, { sessionEnergyKwh: '2' }).rules).toEqual(['energy_differs_from_session'])
    expect(check({}, { sessionEnergyKwh: '19.9' }).kind).toBe('accepted')
  })

  test('what the locked tariff cannot price is quarantined with the reason', () => {
    const ended = { ...tariff, end_date_time: '2026-11-01T00:00:00.000Z' }
    const verdict = check({}, { tariff: ended })
    expect(said(verdict)).toMatchObject({ kind: 'quarantined', rules: ['unpriceable'], pays: null })
    expect(verdict.detail).toContain('in force')
  })
})

const own = (energy_kwh: string, change: Partial<UsageRecord> = {}, resolution_s = 10) => ({
  own: { usage: { ...usageOf(energy_kwh), ...change }, resolution_s },
})

const split = (chargingH: string, parkingH: string): UsageRecord => ({
  ...usageOf('20'),
  periods: [
    {
      start: '2026-11-21T10:00:00.000Z',
      end: '2026-11-21T10:30:00.000Z',
      charging: true,
      energy_kwh: '20',
      time_h: chargingH,
      parking_time_h: parkingH,
    },
  ],
})

describe("a record against the session's own readings", () => {
  test.each([
    ['0.1 kWh either way is the same energy', '2', '1.9', []],
    ['1 % either way is the same energy', '101', '100', []],
    ['a little more than both is not', '20', '19.799', ['energy_differs_from_session']],
  ])('F36: %s', (_case, energy, proven, rules) => {
    const net = format(times(exact(energy), exact('0.5')))
    const gross = format(times(exact(energy), exact('0.595')))
    const claim = { total_excl_vat: net, total_incl_vat: gross, total_energy_kwh: energy }
    const verdict = check(claim, { usage: usageOf(energy), ...own(proven) })
    expect(verdict.rules.filter((rule) => rule.includes('session'))).toEqual(
      rules.length === 0 ? [] : [...rules, 'usage_of_session_applies'],
    )
  })

  test('F36: ten kWh too many are held in suspense while the driver pays what is proven', () => {
    const claim = { total_excl_vat: '15', total_incl_vat: '17.85', total_energy_kwh: '30' }
    const verdict = check(claim, { usage: usageOf('30'), ...own('20') })
    expect(said(verdict)).toEqual({
      kind: 'accepted_with_adjustment',
      rules: ['energy_differs_from_session', 'usage_of_session_applies', 'cpo_asks_more'],
      pays: 1_190,
      difference: [595, 'suspense'],
    })
    expect(verdict.usage_basis).toBe('session')
  })

  test('F36: a record of less energy than the readings is priced as the record says', () => {
    const claim = { total_excl_vat: '5', total_incl_vat: '5.95', total_energy_kwh: '10' }
    expect(said(check(claim, { usage: usageOf('10'), ...own('20') }))).toMatchObject({
      kind: 'accepted',
      rules: ['energy_differs_from_session'],
      pays: 595,
    })
  })

  test.each([
    ['60 s longer is the same time', '2026-11-21T10:29:00.000Z', []],
    ['61 s longer is said', '2026-11-21T10:28:59.000Z', ['time_differs_from_session']],
  ])('F36: %s', (_case, ended_at, rules) => {
    const periods = usageOf('20').periods.map((period) => ({ ...period, end: ended_at }))
    expect(check({}, own('20', { ended_at, periods }, 60)).rules).toEqual(rules)
  })

  const timed = canonicalTariff({
    ...tariff,
    elements: [
      {
        price_components: [
          { type: 'TIME', price: 6, vat: 0, step_size: 1 },
          { type: 'PARKING_TIME', price: 1.2, vat: 0, step_size: 1 },
        ],
      },
    ],
  })
  test('F41: occupying that is called charging is paid as the occupying it was', () => {
    if (!timed.ok) throw new Error('the tariff is valid')
    const claim = { total_excl_vat: '3', total_incl_vat: '3' }
    const change = { usage: split('0.5', '0'), tariff: timed.tariff }
    expect(said(check(claim, change))).toMatchObject({ kind: 'accepted', pays: 300 })
    const proven = { own: { usage: split('0.25', '0.25'), resolution_s: 10 } }
    expect(said(check(claim, { ...change, ...proven }))).toEqual({
      kind: 'accepted_with_adjustment',
      rules: ['time_not_proven', 'usage_of_session_applies', 'cpo_asks_more'],
      pays: 180,
      difference: [120, 'suspense'],
    })
  })

  test('F41: readings too far apart to tell the two kinds of time apart contradict nothing', () => {
    if (!timed.ok) throw new Error('the tariff is valid')
    const coarse = { own: { usage: split('0.25', '0.25'), resolution_s: 900 } }
    const verdict = check(
      { total_excl_vat: '3', total_incl_vat: '3' },
      { usage: split('0.5', '0'), tariff: timed.tariff, ...coarse },
    )
    expect(said(verdict)).toMatchObject({ kind: 'accepted', rules: [], pays: 300 })
  })

  test('claiming energy that no reading shows is not priced at all', () => {
    expect(said(check({}, own('0')))).toMatchObject({ pays: 0 })
  })
})

describe('a record under a rate agreement', () => {
  const agreedTariff = canonicalTariff({
    ...tariff,
    elements: [{ price_components: [{ type: 'ENERGY', price: 0.4, vat: 19, step_size: 1 }] }],
  })
  if (!agreedTariff.ok) throw new Error('the tariff is valid')
  const agreed = { agreed: { tariff: agreedTariff.tariff, tariffHash: 'sha256:agreed' } }

  test('at the public price is paid at the agreed one, and nobody disputes the rest', () => {
    const verdict = check({}, agreed)
    expect(said(verdict)).toEqual({
      kind: 'accepted',
      rules: ['agreed_price_applies'],
      pays: 952,
      difference: [0, 'none'],
    })
    expect(verdict).toMatchObject({ basis: 'rate_agreement', agreed_reduction: money(238, 'EUR') })
  })

  test('at the agreed price is simply right, and names a tariff that is ours', () => {
    const claim = { total_excl_vat: '8', total_incl_vat: '9.52', tariff_hash: 'sha256:agreed' }
    expect(said(check(claim, agreed))).toEqual({
      kind: 'accepted',
      rules: ['cpo_asks_less'],
      pays: 952,
      difference: [0, 'none'],
    })
  })

  test('above the public price is disputed for what is above it', () => {
    const verdict = check({ total_excl_vat: '12', total_incl_vat: '14.28' }, agreed)
    expect(said(verdict)).toMatchObject({
      kind: 'accepted_with_adjustment',
      pays: 952,
      difference: [238, 'suspense'],
    })
    expect(verdict.agreed_reduction).toEqual(money(238, 'EUR'))
  })

  test('never costs more than the public price, whatever was agreed', () => {
    const dear = { agreed: { tariff, tariffHash: 'sha256:dear' } }
    expect(said(check({}, dear))).toEqual({
      kind: 'accepted',
      rules: [],
      pays: 1_190,
      difference: [0, 'none'],
    })
  })
})

test('F37: periods that name another tariff say so when no tariff is embedded', () => {
  expect(check({ tariff_ids: ['dc'] }).rules).toEqual([])
  expect(check({ tariff_ids: ['DC', 'DC-2'] }).rules).toEqual(['tariff_mismatch'])
  expect(check({ tariff_ids: ['DC-2'], tariff_hash: 'sha256:locked' }).rules).toEqual([])
})

test('the driver never pays above the public price, nor above what the CPO asks', () => {
  fc.assert(
    fc.property(fc.nat(1_000_000), fc.nat(50_000), (energyTenths, claimedCents) => {
      const energy = format(exactOf(energyTenths, 4))
      const verdict = check(
        {
          total_incl_vat: format(exactOf(claimedCents, 2)),
          total_excl_vat: format(exactOf(claimedCents, 2)),
          total_energy_kwh: energy,
        },
        { usage: usageOf(energy) },
      )
      if (verdict.payable === null || verdict.kind === 'closed_zero') return
      const pays = verdict.payable.gross.amount
      expect(pays).toBeLessThanOrEqual(verdict.ours?.amount ?? -1)
      expect(pays).toBeLessThanOrEqual(claimedCents)
      expect(pays + (verdict.difference?.amount.amount ?? 0)).toBe(claimedCents)
      const { net, vat, gross, vat_lines } = verdict.payable
      expect(net.amount + vat.amount).toBe(gross.amount)
      expect(vat_lines.reduce((left, line) => left + line.gross.amount, 0)).toBe(gross.amount)
    }),
  )
})

const priced = (price: number) => {
  const made = canonicalTariff({
    ...tariff,
    elements: [{ price_components: [{ type: 'ENERGY', price, vat: 19, step_size: 1 }] }],
  })
  if (!made.ok) throw new Error('the tariff is valid')
  return made.tariff
}
const grossOf = (usage: UsageRecord, of: typeof tariff) => {
  const rated = rate({ tariff: of, usage, policy: ocpiPolicy })
  if (!rated.ok) throw new Error(rated.message)
  return rated.rating.totals.gross.amount
}

test('the driver pays the least of public price, agreed price, proven usage and claim, and every cent has a place', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 90_000 }),
      fc.integer({ min: 1, max: 90_000 }),
      fc.integer({ min: 1, max: 90 }),
      fc.nat(20_000),
      (recordWh, sessionWh, agreedCents, claimedCents) => {
        const [energy, seen] = [recordWh, sessionWh].map((wh) => format(exactOf(wh, 3)))
        const agreed = priced(agreedCents / 100)
        const usages = [usageOf(energy ?? ''), usageOf(seen ?? '')]
        const [record = usageOf('1'), session = usageOf('1')] = usages
        const claimed = format(exactOf(claimedCents, 2))
        const verdict = check(
          { total_excl_vat: claimed, total_incl_vat: claimed, total_energy_kwh: energy ?? '' },
          {
            usage: record,
            agreed: { tariff: agreed, tariffHash: 'sha256:agreed' },
            own: { usage: session, resolution_s: 10 },
          },
        )
        if (verdict.payable === null) return
        const pays = verdict.payable.gross.amount
        expect(pays).toBeLessThanOrEqual(claimedCents)
        expect(pays).toBeLessThanOrEqual(grossOf(record, tariff))
        expect(pays).toBeLessThanOrEqual(grossOf(record, agreed))
        const isContradicted = verdict.rules.includes('energy_differs_from_session')
        const proven = isContradicted ? session : record
        expect(pays).toBeLessThanOrEqual(grossOf(proven, tariff))
        expect(pays).toBeLessThanOrEqual(grossOf(proven, agreed))
        const disputed = verdict.difference?.amount.amount ?? 0
        expect(pays + disputed + (verdict.agreed_reduction?.amount ?? 0)).toBe(claimedCents)
      },
    ),
  )
})

const signature = (change: Partial<MeterSignature> = {}): Partial<CheckInput> => ({
  meterSignature: {
    status: 'invalid',
    energy_kwh: null,
    unproven: 'energy_not_billable',
    detail: 'not signed by the registered key',
    ...change,
  },
})

describe('F44: what the meter signed', () => {
  const withTime = canonicalTariff({
    ...tariff,
    id: 'DC-TIME',
    elements: [
      { price_components: [{ type: 'ENERGY', price: 0.5, vat: 19, step_size: 1 }] },
      { price_components: [{ type: 'TIME', price: 2, vat: 19, step_size: 60 }] },
    ],
  })
  if (!withTime.ok) throw new Error('the tariff is valid')

  test('energy without a valid signature costs the driver nothing; the claim waits in suspense', () => {
    expect(said(check({}, signature()))).toEqual({
      kind: 'accepted_with_adjustment',
      rules: ['meter_signature_invalid', 'energy_not_billable', 'cpo_asks_more'],
      pays: 0,
      difference: [1_190, 'suspense'],
    })
    expect(said(check({}, signature({ status: 'missing' }))).rules[0]).toBe(
      'meter_signature_missing',
    )
  })

  test('every other component is charged as usual', () => {
    const verdict = check(
      { total_excl_vat: '11', total_incl_vat: '13.09' },
      { tariff: withTime.tariff, ...signature() },
    )
    expect(said(verdict)).toMatchObject({ pays: 119, difference: [1_190, 'suspense'] })
    expect(verdict.usage_basis).toBe('unmetered')
    expect(verdict.rating?.dimensions.ENERGY?.gross ?? '0').toBe('0')
    expect(verdict.detail).toBe('not signed by the registered key')
  })

  test('a CPO that asks nothing for it is right, not suspicious', () => {
    const verdict = check({ total_excl_vat: '0', total_incl_vat: '0' }, signature())
    expect(said(verdict)).toMatchObject({ kind: 'accepted', pays: 0, difference: [0, 'none'] })
  })

  test.each(['invalid', 'missing'] as const)(
    '%s values where the market bills all the same are noted and nothing else',
    (status) => {
      expect(said(check({}, signature({ status, unproven: 'bill_and_note' })))).toEqual({
        kind: 'accepted',
        rules: [`meter_signature_${status}`],
        pays: 1_190,
        difference: [0, 'none'],
      })
    },
  )

  test('a valid signature over the same energy changes nothing', () => {
    const same = signature({ status: 'valid', energy_kwh: '20.0049', detail: null })
    expect(check({}, same)).toEqual(check())
  })

  test('a valid signature over less energy is what the driver pays', () => {
    const verdict = check({}, signature({ status: 'valid', energy_kwh: '15', detail: null }))
    expect(said(verdict)).toEqual({
      kind: 'accepted_with_adjustment',
      rules: ['signed_energy_differs', 'signed_energy_applies', 'cpo_asks_more'],
      pays: 893,
      difference: [297, 'suspense'],
    })
    expect(verdict.usage_basis).toBe('signed')
  })

  test('a valid signature over more energy does not make the record dearer', () => {
    const more = signature({ status: 'valid', energy_kwh: '25', detail: null })
    expect(said(check({}, more))).toMatchObject({ rules: ['signed_energy_differs'], pays: 1_190 })
  })

  test('readings that prove less and an invalid signature together: neither energy nor unproven time', () => {
    const verdict = check({}, { ...own('15'), ...signature() })
    expect(said(verdict)).toMatchObject({ pays: 0 })
    expect(verdict.rules).toContain('energy_differs_from_session')
  })

  test('never more than without the check, whatever the status', () => {
    const statuses = ['valid', 'invalid', 'missing'] as const
    fc.assert(
      fc.property(
        fc.constantFrom(...statuses),
        fc.constantFrom('energy_not_billable' as const, 'bill_and_note' as const),
        fc.integer({ min: 0, max: 60_000 }),
        (status, unproven, wh) => {
          const energy_kwh = status === 'valid' ? format(times(exactOf(wh), exactOf(1, 3))) : null
          const input = { tariff: withTime.tariff, ...signature({ status, unproven, energy_kwh }) }
          const claim = { total_excl_vat: '11', total_incl_vat: '13.09' }
          const [plain, checked] = [check(claim, { tariff: withTime.tariff }), check(claim, input)]
          const [before, after] = [plain, checked].map((each) => each.payable?.gross.amount ?? -1)
          expect(after).toBeLessThanOrEqual(before ?? 0)
          expect(after).toBeGreaterThanOrEqual(0)
          expect(pricedUsage({ ...checkInput, ...input }, checked).periods).toHaveLength(1)
        },
      ),
    )
  })
})
