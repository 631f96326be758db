import { describe, expect, test } from 'vitest'
import {
  type DriverDisputeReason,
  driverDisputeReasons,
} from '@chargelane/openapi/vocabulary/settlement/disputes'
import { money } from '../money.ts'
import {
  endedAt,
  parkedUntil,
  soldFacts,
  startedAt,
  tariff,
  totalsOf,
  usageOf,
} from './dispute.fake.ts'
import {
  businessDaysAfter,
  decideDriverDispute,
  type DisputeFacts,
  driverRules,
  isDisputable,
} from './dispute.ts'

type Outcome = 'full' | 'partial' | 'none' | 'person'
/** What is true of a session, whom it was read by, and how its dispute has to end (with what the sale then costs). */
type Case = { facts: DisputeFacts; ends: Outcome; costs?: number }

const eur = (amount: number) => money(amount, 'EUR')
const own = soldFacts()
const roamed = soldFacts({ metered: false })
const parked = soldFacts({ usage: usageOf('10', parkedUntil) })

const withSession = (facts: DisputeFacts, session: Partial<DisputeFacts['session']>) => ({
  ...facts,
  session: { ...facts.session, ...session },
})
const withMeter = (facts: DisputeFacts, meter: Partial<DisputeFacts['meter']>) => ({
  ...facts,
  meter: { ...facts.meter, ...meter },
})
const withQuote = (facts: DisputeFacts, quote: Partial<DisputeFacts['quote']>) => ({
  ...facts,
  quote: { ...facts.quote, ...quote },
})
const overcharged = (facts: DisputeFacts, by: number) => ({
  ...facts,
  price: totalsOf(usageOf(String(10 + by))),
})
const [payment] = own.payments
if (payment === undefined) throw new Error('it was paid')
const paid = (change: Partial<typeof payment>) => ({
  ...own,
  payments: [{ ...payment, ...change }],
})
const twin = { id: 'ses_2', evseId: 'evs_1', startedAt, endedAt, due: eur(714) }
const blocked = { blockedAt: '2026-11-20T00:00:00.000Z' }
const atCharger = withSession(own, { askedForAt: null })
const unannounced = withQuote(parked, { idle_fee_terms: null, components: [] })
const signed = (status: 'valid' | 'invalid') =>
  withMeter(own, { signed: { status, unproven: 'energy_not_billable' } })
const fault = { endReason: 'fault' } as const

const refused = (facts = own): Case => ({ facts, ends: 'none' })
const person = (facts: DisputeFacts): Case => ({ facts, ends: 'person' })
const free = (facts: DisputeFacts): Case => ({ facts, ends: 'full', costs: 0 })
const part = (facts: DisputeFacts, costs: number): Case => ({ facts, ends: 'partial', costs })

/** Of each reason what the field brings: rightly disputed, wrongly, and where nobody kept what would show it. */
const catalogue: Record<DriverDisputeReason, Case[]> = {
  zero_energy: [free(withMeter(own, { energyKwh: '0.02' })), refused(), person(roamed)],
  charge_not_started: [free(withSession(own, { startedAt: null })), refused()],
  start_fee_without_start: [free(withMeter(own, { energyKwh: '0' })), refused()],
  fault_mid_session: [
    part(withSession(parked, fault), 714),
    free(withMeter(withSession(own, fault), { energyKwh: '0.4' })),
    refused(),
    person(withSession(roamed, { endReason: 'inferred' })),
  ],
  duplicate_session: [
    free({ ...own, others: [twin] }),
    refused(),
    refused({ ...own, others: [{ ...twin, due: eur(300) }] }),
    person({ ...own, others: [{ ...twin, evseId: 'evs_9' }] }),
  ],
  duplicate_charge: [
    refused(),
    refused({
      ...own,
      refunds: [{ amount: eur(100), status: 'refunded', reference: 're_1', at: endedAt }],
    }),
    person(paid({ captured: eur(1_428) })),
  ],
  price_differs_from_quote: [refused(), refused(roamed), part(overcharged(own, 5), 714)],
  above_price_limit: [
    refused(),
    part(withQuote(own, { limits: { min_total: null, max_total: eur(500) } }), 500),
  ],
  charged_after_stop: [
    part(withSession(parked, { feesFrozenAt: endedAt }), 714),
    refused(),
    refused(roamed),
  ],
  stop_not_obeyed: [
    part(withSession(parked, { stopAskedAt: endedAt }), 714),
    refused(),
    refused(roamed),
  ],
  idle_fee_not_announced: [part(unannounced, 714), refused(parked), refused()],
  idle_fee_while_charging: [part(parked, 714), refused(), person(withMeter(parked, { own: null }))],
  idle_fee_within_grace: [
    refused(parked),
    part({ ...parked, price: totalsOf(usageOf('20', parkedUntil)) }, 1_071),
  ],
  reservation_fee_not_announced: [refused(), part(overcharged(own, 5), 714)],
  energy_above_meter: [part(soldFacts({ usage: usageOf('12') }), 714), refused(), person(roamed)],
  time_above_session: [
    part(withSession(parked, { endedAt }), 714),
    refused(),
    person(withSession(own, { endedAt: null })),
  ],
  meter_not_signed: [part(signed('invalid'), 119), refused(signed('valid')), refused()],
  never_authorised: [
    refused(),
    free({ ...atCharger, card: blocked }),
    person({ ...atCharger, card: { blockedAt: null } }),
  ],
  card_blocked: [
    free({ ...atCharger, card: blocked }),
    refused({ ...own, card: { blockedAt: null } }),
  ],
  wrong_vat: [refused(), person({ ...own, vatRate: '20' }), refused(roamed)],
  receipt_missing: [refused(), refused(roamed), person({ ...own, receipt: null })],
  hold_not_released: [
    refused(),
    refused(paid({ captured: null, releasedAt: null })),
    person(paid({ captured: null, releasedAt: null, releaseBy: '2026-11-22T00:00:00.000Z' })),
  ],
  currency_differs: [
    refused(),
    refused(roamed),
    person(paid({ currency: 'CHF', captured: money(700, 'CHF') })),
  ],
  subscription_not_applied: [
    refused(),
    refused(roamed),
    person({ ...own, entitled: { plan: 'pln_1', agreement: null } }),
  ],
  agreed_price_not_applied: [
    refused(),
    part(
      {
        ...withQuote(own, {
          agreement: { id: 'rag_1', version: 1, tariff: cheaper(), tariff_hash: 'h' },
        }),
        entitled: { plan: null, agreement: 'rag_1' },
      },
      417,
    ),
  ],
  rounding: [refused(), refused(roamed)],
  refund_not_received: [
    refused(),
    refused({
      ...own,
      refunds: [{ amount: eur(100), status: 'refunded', reference: 're_1', at: endedAt }],
    }),
    person({
      ...own,
      refunds: [{ amount: eur(100), status: 'refused', reference: null, at: endedAt }],
    }),
  ],
  charged_too_late: [refused(), free(paid({ capturedAt: '2027-02-01T00:00:00.000Z' }))],
  higher_than_estimate: [refused(), refused(roamed), part(overcharged(own, 5), 714)],
  other: [person(own)],
}

function cheaper() {
  return {
    ...tariff,
    elements: tariff.elements.map((element) => ({
      ...element,
      price_components: element.price_components.map((component) =>
        component.type === 'ENERGY' ? { ...component, price: '0.25' } : component,
      ),
    })),
  }
}

const cases = driverDisputeReasons.flatMap((reason) =>
  catalogue[reason].map((each, index) => ({ reason, index, ...each })),
)

describe('a dispute is decided by what was kept', () => {
  test.each(cases)('$reason, case $index: $ends', ({ reason, facts, ends, costs }) => {
    const verdict = decideDriverDispute(reason, facts)
    expect(verdict.outcome, verdict.why).toBe(ends)
    expect(verdict.price).toEqual(costs === undefined ? null : eur(costs))
    expect(verdict.why).toMatch(/\w.*\.$/)
  })

  test('never to more than was charged, and never where the payer’s bank decides', () => {
    for (const { reason, facts } of cases) {
      const { price } = decideDriverDispute(reason, facts)
      expect(price?.amount ?? -1).toBeLessThan(facts.price?.gross.amount ?? 0)
      const taken = decideDriverDispute(reason, { ...facts, chargeback: 'open' })
      expect([taken.outcome, taken.price]).toEqual(['none', null])
    }
  })

  test('for at least 28 reasons, each of which reads something that is kept', () => {
    expect(driverDisputeReasons.length).toBeGreaterThanOrEqual(28)
    const known = driverDisputeReasons.filter((reason) => reason !== 'other')
    for (const reason of known) expect(driverRules[reason].needs.length).toBeGreaterThan(0)
  })
})

/** A fixed sequence that looks random; the seed is in it. */
function* sequence(seed: number): Generator<number> {
  for (let state = seed; ; ) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    yield state
  }
}

test('of 10,000 disputes of every reason and case, at least 80 % end without a person, each as it has to', () => {
  const next = sequence(20_261_130)
  const draw = (below: number) =>
    Math.floor(((next.next().value as number) / 2_147_483_648) * below)
  const counted = new Map<DriverDisputeReason, { all: number; person: number }>()
  for (let count = 0; count < 10_000; count += 1) {
    const reason = driverDisputeReasons[draw(driverDisputeReasons.length)] ?? 'other'
    const of = catalogue[reason][draw(catalogue[reason].length)]
    if (of === undefined) throw new Error('every reason has cases')
    const { outcome } = decideDriverDispute(reason, of.facts)
    expect(outcome).toBe(of.ends)
    const known = counted.get(reason) ?? { all: 0, person: 0 }
    counted.set(reason, {
      all: known.all + 1,
      person: known.person + (outcome === 'person' ? 1 : 0),
    })
  }
  expect([...counted.keys()].toSorted()).toEqual([...driverDisputeReasons].toSorted())
  const persons = [...counted.values()].reduce((sum, each) => sum + each.person, 0)
  const left = [...counted].flatMap(([reason, of]) =>
    of.person > 0 ? [`${reason} ${of.person}`] : [],
  )
  process.stdout.write(
    `10000 disputes: ${(100 - persons / 100).toFixed(2)} % decided by rule, ${persons} by a person (${left.join(', ')})\n`,
  )
  expect(persons / 10_000).toBeLessThanOrEqual(0.2)
})

test('a dispute may be opened for thirteen months, to the same hour', () => {
  expect(isDisputable(endedAt, '2027-12-21T10:30:00.000Z')).toBe(true)
  expect(isDisputable(endedAt, '2027-12-21T10:30:00.001Z')).toBe(false)
})

test('business days leave weekends out', () => {
  // A Friday: two of them later it is Tuesday.
  expect(businessDaysAfter('2026-11-27T15:00:00.000Z', 2)).toBe('2026-12-01T15:00:00.000Z')
  expect(businessDaysAfter('2026-11-28T15:00:00.000Z', 1)).toBe('2026-11-30T15:00:00.000Z')
})
