/** Sold sessions as disputes find them: 10 kWh in half an hour at 0.50 and a start fee of 1.00, tax on top: 7.14. */
import type { UsageRecord } from '@chargelane/openapi/vocabulary/usage'
import { money } from '../money.ts'
import { canonicalTariff, ocpiPolicy, rate } from '../rating/rating.ts'
import type { DisputeFacts } from './facts.ts'

const parsed = canonicalTariff({
  country_code: 'DE',
  party_id: 'VWL',
  id: 'DC',
  currency: 'EUR',
  last_updated: '2026-01-01T00:00:00Z',
  elements: [
    {
      price_components: [
        { type: 'FLAT', price: 1, vat: 19, step_size: 1 },
        { type: 'ENERGY', price: 0.5, vat: 19, step_size: 1 },
        { type: 'PARKING_TIME', price: 6, vat: 19, step_size: 60 },
      ],
    },
  ],
})
if (!parsed.ok) throw new Error('the tariff is valid')
export const { tariff } = parsed

export const startedAt = '2026-11-21T10:00:00.000Z'
export const endedAt = '2026-11-21T10:30:00.000Z'
export const parkedUntil = '2026-11-21T11:00:00.000Z'

export const usageOf = (energy_kwh: string, parked?: string): UsageRecord => ({
  started_at: startedAt,
  ended_at: parked ?? endedAt,
  time_zone: 'Europe/Berlin',
  periods: [
    { start: startedAt, end: endedAt, charging: true, energy_kwh },
    ...(parked === undefined
      ? []
      : [{ start: endedAt, end: parked, charging: false, energy_kwh: '0' }]),
  ],
})

export const totalsOf = (usage: UsageRecord) => {
  const rated = rate({ tariff, usage, policy: ocpiPolicy })
  if (!rated.ok) throw new Error(rated.message)
  return rated.rating.totals
}

export type Told = {
  /** What the price rests on; 10 kWh when absent. */
  usage?: UsageRecord
  /** Read by our own node; false for an operator of whom only the record is known. */
  metered?: boolean
}

export function soldFacts({ usage = usageOf('10'), metered = true }: Told = {}): DisputeFacts {
  const price = totalsOf(usage)
  return {
    now: '2026-11-23T09:00:00.000Z',
    session: {
      id: 'ses_1',
      evseId: 'evs_1',
      status: 'ended',
      startedAt,
      endedAt: usage.ended_at,
      endReason: 'requested',
      askedForAt: startedAt,
      stopAskedAt: usage.ended_at,
      feesFrozenAt: null,
      offlineLiability: null,
    },
    quote: {
      basis: 'public',
      currency: 'EUR',
      components: [
        {
          type: 'PARKING_TIME',
          unit_price: { value: '0.119', currency: 'EUR', per: 'min', tax: 'inclusive' },
          net_unit_price: '6',
          vat_rate: '19',
          step_size: 60,
          conditions: null,
          display: {},
        },
      ],
      est: { energy_wh: 10_000, duration_s: 1_800, total: price.gross },
      idle_fee_terms: { grace_s: 0, display: {} },
      limits: { min_total: null, max_total: null },
      rating_policy: ocpiPolicy,
      tariff,
    },
    price,
    due: price.gross,
    taken: price.gross,
    usage,
    stated: usage,
    meter: metered
      ? { energyKwh: '10', lastFlowAt: endedAt, own: usageOf('10'), signed: null }
      : { energyKwh: null, lastFlowAt: null, own: null, signed: null },
    payments: [
      {
        id: 'pay_1',
        kind: 'card',
        currency: 'EUR',
        hold: money(2_000, 'EUR'),
        captured: price.gross,
        capturedAt: '2026-11-21T11:05:00.000Z',
        releasedAt: '2026-11-21T11:05:00.000Z',
        releaseBy: '2026-11-28T10:00:00.000Z',
        reference: 'pi_1',
      },
    ],
    refunds: [],
    others: [],
    card: null,
    entitled: { plan: null, agreement: null },
    receipt: {
      number: 'R-1',
      issuedAt: '2026-11-21T11:06:00.000Z',
      gross: price.gross,
      vat: price.vat,
    },
    vatRate: '19',
    chargeback: null,
  }
}
