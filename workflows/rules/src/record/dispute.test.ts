import { describe, expect, test } from 'vitest'
import type { UsageRecord } from '@chargelane/openapi/vocabulary/usage'
import { toDecimal } from '../money.ts'
import { canonicalTariff, ocpiPolicy, rate } from '../rating/rating.ts'
import type { RatingPolicy } from '../rating/rating.ts'
import { diagnose } from './dispute.ts'
import type { DiagnoseInput } from './dispute.ts'
import { checkPublicPrice } from './public-price.ts'
import type { CdrClaim, CheckInput } from './public-price.ts'

function tariffOf(raw: Record<string, unknown>) {
  const made = canonicalTariff({
    country_code: 'NL',
    party_id: 'ALP',
    id: 'AC',
    currency: 'EUR',
    last_updated: '2026-01-01T00:00:00Z',
    ...raw,
  })
  if (!made.ok) throw new Error(JSON.stringify(made.problems))
  return made.tariff
}

const energy = (price: number, more: Record<string, unknown> = {}) => ({
  price_components: [{ type: 'ENERGY', price, vat: 21, step_size: 1, ...more }],
})
const perHour = (price: number, step_size: number) => ({
  price_components: [{ type: 'TIME', price, vat: 21, step_size }],
})

const at = (time: string) => `2026-11-21T${time}:00.000Z`
const usageOf = (periods: UsageRecord['periods'], [start, end]: [string, string]): UsageRecord => ({
  started_at: at(start),
  ended_at: at(end),
  time_zone: 'Europe/Amsterdam',
  periods,
})
const period = (start: string, end: string, energy_kwh: string, more = {}) => ({
  start: at(start),
  end: at(end),
  charging: true,
  energy_kwh,
  ...more,
})
const oneHour = usageOf([period('10:00', '11:00', '10')], ['10:00', '11:00'])

/** The record of a CPO that rates the same usage by another reading, and what is said of it. */
function disputeOf(
  ours: { tariff: CheckInput['tariff']; usage: UsageRecord; claim?: Partial<CdrClaim> },
  theirs: Partial<Pick<CheckInput, 'tariff' | 'usage'>> & { policy?: Partial<RatingPolicy> },
  more: Partial<DiagnoseInput> = {},
) {
  const rated = rate({ ...ours, ...theirs, policy: { ...ocpiPolicy, ...theirs.policy } })
  if (!rated.ok) throw new Error(rated.message)
  const { net, gross } = rated.rating.totals
  const check: CheckInput = {
    claim: {
      currency: 'EUR',
      total_excl_vat: toDecimal(net),
      total_incl_vat: toDecimal(gross),
      tariff_hash: null,
      tariff_ids: ['AC'],
      total_energy_kwh: '10',
      ...ours.claim,
    },
    usage: ours.usage,
    tariff: ours.tariff,
    tariffHash: 'sha256:locked',
    policy: ocpiPolicy,
    currency: 'EUR',
  }
  const verdict = checkPublicPrice(check)
  return { verdict, ...diagnose({ check, verdict, ...more }) }
}

const codes = (diagnosis: { reasons: { code: string; certainty: string }[] }) =>
  diagnosis.reasons.map(({ code, certainty }) => `${code} ${certainty}`)

describe('a dispute names the reading that gives the record its total', () => {
  test('nothing, when the record is right', () => {
    const diagnosis = disputeOf(
      { tariff: tariffOf({ elements: [energy(0.5)] }), usage: oneHour },
      {},
    )
    expect(diagnosis).toMatchObject({ reasons: [], reproduced_by: [] })
  })

  test('HOURS_ROUNDED: 40 minutes written as 0.6667 h are not a 41st minute', () => {
    const usage = usageOf(
      [period('10:00', '10:40', '10', { time_h: '0.6667' })],
      ['10:00', '10:40'],
    )
    const diagnosis = disputeOf(
      { tariff: tariffOf({ elements: [perHour(6, 60)] }), usage },
      { policy: { hours: 'as_received' } },
    )
    expect(codes(diagnosis)).toContain('HOURS_ROUNDED shown')
    expect(diagnosis.reproduced_by).toContainEqual(
      expect.objectContaining({ setting: 'policy.hours', value: 'as_received' }),
    )
  })

  test('STEP_SIZE: the unpriced part is rounded up as well', () => {
    const tariff = tariffOf({
      elements: [{ ...perHour(6, 3_600), restrictions: { min_duration: 1_200 } }],
    })
    const usage = usageOf(
      [
        period('10:00', '10:20', '5', { time_h: '0.333333333' }),
        period('10:20', '11:10', '5', { time_h: '0.833333333' }),
      ],
      ['10:00', '11:10'],
    )
    const diagnosis = disputeOf({ tariff, usage }, { policy: { step_size_base: 'session_total' } })
    expect(diagnosis.verdict.kind).toBe('accepted_with_adjustment')
    expect(diagnosis.reproduced_by).toContainEqual(
      expect.objectContaining({ setting: 'policy.step_size_base', value: 'session_total' }),
    )
    expect(codes(diagnosis)).toContain('STEP_SIZE shown')
  })

  test('MIN_MAX_PRICE: the ceiling was forgotten', () => {
    const elements = [energy(0.5)]
    const tariff = tariffOf({ elements, max_price: { excl_vat: 4, incl_vat: 4.84 } })
    const { max_price: _ceiling, ...without } = tariff
    const diagnosis = disputeOf({ tariff, usage: oneHour }, { tariff: without })
    expect(codes(diagnosis)).toEqual(['MIN_MAX_PRICE shown'])
    expect(diagnosis.reproduced_by).toMatchObject([
      { setting: 'tariff.without', value: 'max_price', total: { amount: 605 } },
    ])
  })

  test('VAT_MISSING: the record asks less because it forgot the tax', () => {
    const tariff = tariffOf({ elements: [energy(0.5)] })
    const diagnosis = disputeOf(
      { tariff, usage: oneHour },
      { tariff: tariffOf({ elements: [energy(0.5, { vat: undefined })] }) },
    )
    expect(diagnosis.verdict.rules).toEqual(['cpo_asks_less'])
    expect(codes(diagnosis)).toEqual(['VAT_MISSING shown'])
  })

  test('TARIFF_CHANGED: the version that came during the session gives the total', () => {
    const tariff = tariffOf({ elements: [energy(0.5)] })
    const dearer = tariffOf({ elements: [energy(0.6)] })
    const diagnosis = disputeOf(
      { tariff, usage: oneHour, claim: { tariff_hash: 'sha256:dearer' } },
      { tariff: dearer },
      { otherTariffs: [{ ref: 'trf_1@2', tariff: dearer }] },
    )
    expect(diagnosis.verdict.rules).toEqual(['tariff_mismatch', 'cpo_asks_more'])
    expect(codes(diagnosis)).toEqual(['TARIFF_CHANGED shown'])
    expect(diagnosis.reproduced_by).toMatchObject([{ setting: 'tariff', value: 'trf_1@2' }])
  })

  test('TIME_ZONE_UNKNOWN: the evening price was read in UTC', () => {
    const tariff = tariffOf({
      elements: [
        { ...energy(0.8), restrictions: { start_time: '10:00', end_time: '10:30' } },
        energy(0.3),
      ],
    })
    const diagnosis = disputeOf(
      { tariff, usage: oneHour },
      { usage: { ...oneHour, time_zone: 'UTC' } },
    )
    expect(codes(diagnosis)).toContain('TIME_ZONE_UNKNOWN shown')
  })

  test('RESTRICTION_DATA_MISSING: a power the record does not state was taken not to match', () => {
    const tariff = tariffOf({
      elements: [{ ...energy(0.3), restrictions: { max_power: 22 } }, energy(0.6)],
    })
    const diagnosis = disputeOf({ tariff, usage: oneHour }, { policy: { missing_power: 'fails' } })
    expect(codes(diagnosis)).toContain('RESTRICTION_DATA_MISSING shown')
    expect(diagnosis.reproduced_by.map(({ setting }) => setting)).toContain('policy.missing_power')
  })

  test('PERIOD_SPANS_PRICE_CHANGE: the record was priced as if cut where the price changes', () => {
    const tariff = tariffOf({
      elements: [{ ...energy(0.3), restrictions: { max_kwh: 5 } }, energy(0.9)],
    })
    const diagnosis = disputeOf(
      { tariff, usage: oneHour },
      { policy: { periods: 'split_at_boundaries' } },
    )
    expect(codes(diagnosis)).toContain('PERIOD_SPANS_PRICE_CHANGE shown')
  })

  test('USAGE_NOT_PROVEN: a record that is right on its own usage is explained by that usage alone', () => {
    const tariff = tariffOf({ elements: [energy(0.5)] })
    const usage = usageOf([period('10:00', '11:00', '20')], ['10:00', '11:00'])
    const check: CheckInput = {
      claim: {
        currency: 'EUR',
        total_excl_vat: '10',
        total_incl_vat: '12.10',
        tariff_hash: null,
        total_energy_kwh: '20',
      },
      usage,
      tariff,
      tariffHash: 'sha256:locked',
      policy: ocpiPolicy,
      currency: 'EUR',
      own: { usage: oneHour, resolution_s: 10 },
    }
    const verdict = checkPublicPrice(check)
    const diagnosis = diagnose({ check, verdict })
    expect(verdict).toMatchObject({ usage_basis: 'session', payable: { gross: { amount: 605 } } })
    expect(codes(diagnosis)).toEqual(['USAGE_NOT_PROVEN shown'])
    expect(diagnosis.reproduced_by).toMatchObject([{ setting: 'usage', value: 'record' }])
  })

  test('what no reading gives is left open, with what could be meant', () => {
    const tariff = tariffOf({ elements: [energy(0.5)] })
    const diagnosis = disputeOf(
      {
        tariff,
        usage: oneHour,
        claim: { total_incl_vat: '99.99', total_excl_vat: '82.64', tariff_ids: [] },
      },
      {},
    )
    expect(diagnosis.reproduced_by).toEqual([])
    expect(codes(diagnosis)).toEqual(['TARIFF_MISSING possible'])
  })

  test.each([
    ['TARIFF_NOT_ACTIVE', { end_date_time: '2026-11-01T00:00:00Z' }, {}],
    ['CURRENCY_MISMATCH', {}, { currency: 'CHF' }],
    ['PERIODS_DO_NOT_SUM', {}, { total_energy_kwh: '40' }],
  ])('%s is said of a record that cannot be priced', (code, change, claim) => {
    const tariff = tariffOf({ elements: [energy(0.5)] })
    const locked = { ...tariff, ...change }
    const diagnosis = disputeOf({ tariff: locked, usage: oneHour, claim }, { tariff })
    expect(diagnosis.verdict.payable).toBeNull()
    expect(codes(diagnosis)).toContain(`${code} shown`)
  })
})

test('cost per dimension is compared where the record states it', () => {
  const tariff = tariffOf({ elements: [energy(0.5), perHour(6, 1)] })
  const usage = usageOf([period('10:00', '11:00', '10', { time_h: '1' })], ['10:00', '11:00'])
  const { lines } = disputeOf(
    { tariff, usage, claim: { costs: { ENERGY: '5.00', TIME: '7.5', RESERVATION: '2' } } },
    {},
  )
  expect(lines).toEqual([
    { dimension: 'ENERGY', ours: '5', claimed: '5.00', difference: '0' },
    { dimension: 'TIME', ours: '6', claimed: '7.5', difference: '1.5' },
    { dimension: 'RESERVATION', ours: '0', claimed: '2', difference: '2' },
  ])
})
