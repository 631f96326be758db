import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { UsageRecord } from '@chargelane/openapi/vocabulary/usage'
import { exactOf, format, money } from '../money.ts'
import { canonicalTariff, ocpiPolicy } from '../rating/rules.ts'
import { type CdrClaim, type CheckInput, checkPublicPrice } from './rules.ts'

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
const check = (claim: Partial<CdrClaim> = {}, change: Partial<CheckInput> = {}) =>
  checkPublicPrice({
    claim: {
      currency: 'EUR',
      total_excl_vat: '10',
      total_incl_vat: '11.90',
      tariff_hash: null,
      total_energy_kwh: '20',
      ...claim,
    },
    usage: usageOf('20'),
    tariff,
    tariffHash: 'sha256:locked',
    policy: ocpiPolicy,
    currency: 'EUR',
    ...change,
  })

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

  test('energy at no cost is not a gift but an unpriced record', () => {
    const verdict = check({ total_excl_vat: '0', total_incl_vat: '0' })
    expect(said(verdict)).toMatchObject({
      kind: 'quarantined',
      rules: ['zero_cost_for_energy'],
      pays: null,
    })
  })

  test('a negative total is rejected and a huge one as well', () => {
    expect(check({ total_excl_vat: '-1', total_incl_vat: null }).rules).toEqual(['total_negative'])
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
