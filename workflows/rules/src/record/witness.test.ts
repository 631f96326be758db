import { describe, expect, test } from 'vitest'
import type { UsageRecord } from '@chargelane/openapi/vocabulary/usage'
import { canonicalTariff, ocpiPolicy } from '../rating/rating.ts'
import { checkPublicPrice } from './public-price.ts'
import type { MeterSignature } from './usage-basis.ts'
import { type BelievedReading, testimonyOf } from './witness.ts'

const parsed = canonicalTariff({
  country_code: 'NL',
  party_id: 'TNM',
  id: 'AC',
  currency: 'EUR',
  last_updated: '2026-01-01T00:00:00Z',
  elements: [{ price_components: [{ type: 'ENERGY', price: 0.5, vat: 20, step_size: 1 }] }],
})
if (!parsed.ok) throw new Error('the tariff is valid')
const { tariff } = parsed

const at = (minute: number) => `2026-11-21T10:${String(minute).padStart(2, '0')}:00.000Z`

const usageOf = (energy_kwh: string): UsageRecord => ({
  started_at: at(0),
  ended_at: at(30),
  time_zone: 'Europe/Amsterdam',
  periods: [{ start: at(0), end: at(30), charging: true, energy_kwh }],
})

/** Registers in kWh by minute; a session starts at zero. */
const readings = (by: 'node' | 'peer', ...told: [minute: number, kwh: number][]) =>
  [[0, 0] as const, ...told].map(
    ([minute, kwh]): BelievedReading => ({
      at: at(minute),
      registerWh: String(kwh * 1_000),
      powerW: null,
      by,
    }),
  )

/** A record of so many kWh at its public price (0.60 a kWh with VAT), half an hour on an 11 kW connector. */
function judged(kwh: string, told: BelievedReading[], meterSignature?: MeterSignature) {
  const usage = usageOf(kwh)
  const testimony = testimonyOf({
    readings: told,
    record: { usage, isOurs: false },
    session: { startedAt: at(0), endedAt: at(30), isEndInferred: false },
    timeZone: usage.time_zone,
    tariff,
    limit: { maxPowerW: 11_000, slackMs: 60_000 },
  })
  const verdict = checkPublicPrice({
    claim: {
      currency: 'EUR',
      total_excl_vat: String(Number(kwh) * 0.5),
      total_incl_vat: String(Number(kwh) * 0.6),
      tariff_hash: null,
      total_energy_kwh: kwh,
    },
    usage,
    tariff,
    tariffHash: 'sha256:locked',
    policy: ocpiPolicy,
    currency: 'EUR',
    ...testimony,
    ...(meterSignature === undefined ? {} : { meterSignature }),
  })
  const { kind, rules, payable } = verdict
  return { kind, rules, pays: payable?.gross.amount ?? null }
}

describe('a record against what its own CPO told while it charged', () => {
  test('an earlier word is no witness: 1.0 kWh told, 4.0 kWh recorded, 2.40 paid', () => {
    expect(judged('4', readings('peer', [10, 1]))).toEqual({
      kind: 'accepted',
      rules: ['session_said_less'],
      pays: 240,
    })
  })

  test('nor is a last word that is stale, with the same end as the record', () => {
    expect(judged('4', readings('peer', [10, 1], [30, 1]))).toEqual({
      kind: 'accepted',
      rules: ['session_said_less'],
      pays: 240,
    })
  })

  test('F36: more than the connector can have given since the last word is held for review', () => {
    // 11 kW for 20 minutes and one of tolerance, by ten per cent, and a register that counts whole kWh: 5.24 kWh.
    expect(judged('6.2', readings('peer', [10, 1]))).toMatchObject({ kind: 'accepted', pays: 372 })
    expect(judged('6.5', readings('peer', [10, 1]))).toEqual({
      kind: 'quarantined',
      rules: ['energy_differs_from_session'],
      pays: null,
    })
  })

  test('F36: so is more than the connector can have given in the whole session', () => {
    expect(judged('7.5', readings('peer', [30, 1]))).toMatchObject({ kind: 'quarantined' })
    expect(judged('6.5', readings('peer', [30, 1]))).toMatchObject({ kind: 'accepted', pays: 390 })
  })

  test('F30: without a word, more than the connector can have given in the record’s time is held for review', () => {
    expect(judged('6.5', [])).toEqual({ kind: 'accepted', rules: [], pays: 390 })
    // Wh where kWh are meant.
    expect(judged('4000', [])).toEqual({
      kind: 'quarantined',
      rules: ['energy_impossible'],
      pays: null,
    })
  })

  test('what the meter signed stands above every word', () => {
    const signed = { energy_kwh: '40', unproven: 'bill_and_note', detail: null } as const
    expect(judged('40', readings('peer', [30, 1]), { ...signed, status: 'valid' })).toEqual({
      kind: 'accepted',
      rules: [],
      pays: 2_400,
    })
  })

  test('a record of less than was told is the CPO’s to ask', () => {
    expect(judged('3', readings('peer', [30, 4]))).toEqual({
      kind: 'accepted',
      rules: [],
      pays: 180,
    })
  })
})

describe('a record against what our own node read', () => {
  test('readings that are whole decide: 1.0 kWh read, 4.0 kWh recorded, 0.60 paid', () => {
    expect(judged('4', readings('node', [10, 0.5], [30, 1]))).toMatchObject({
      kind: 'accepted_with_adjustment',
      rules: expect.arrayContaining(['energy_differs_from_session', 'usage_of_session_applies']),
      pays: 60,
    })
  })

  test('one that ends before the session does contradicts nothing', () => {
    expect(judged('4', readings('node', [10, 1]))).toMatchObject({ kind: 'accepted', pays: 240 })
  })

  test('the CPO’s own word beside them adds nothing', () => {
    const both = [...readings('node', [30, 4]), ...readings('peer', [30, 1])]
    expect(judged('4', both)).toEqual({ kind: 'accepted', rules: [], pays: 240 })
  })
})

test('our own record is made of our own readings, and nobody witnesses against it', () => {
  const usage = usageOf('4')
  const testimony = testimonyOf({
    readings: readings('node', [30, 4]),
    record: { usage, isOurs: true },
    session: { startedAt: at(0), endedAt: at(30), isEndInferred: false },
    timeZone: usage.time_zone,
    tariff,
    limit: { maxPowerW: 11_000, slackMs: 60_000 },
  })
  expect(testimony).toEqual({ sessionEnergyKwh: '4' })
})
