import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Chargelane } from '@chargelane/sdk'
import { readQuote } from './routes/sales/quotes.ts'
import {
  agreeShare,
  ocpiTariff,
  populate,
  startTestApi,
  type TestApi,
  type World,
} from './testing.ts'

let api: TestApi
let world: World
beforeAll(async () => {
  api = await startTestApi()
  world = await populate(api)
})
afterAll(() => api.stop())

const evse = 'DE*VWL*E1001*1'
const wish = (of: 'a' | 'b' = 'a') => ({
  evse,
  payment_source: world.sources[of].id,
  est_energy_wh: 24_000,
})
const tenOff = {
  name: 'Fleet 2026',
  justification: 'Committed volume of 2 GWh a year',
  price: { kind: 'discount' as const, discount_bps: { ENERGY: 1_000 } },
}
/** 24 kWh at 0.4958 and 19 % VAT, and the same at ten percent less. */
const [publicTotal, agreedTotal] = [1_416, 1_274]
const problemOf = (wished: Promise<unknown>) =>
  wished.then(
    () => 'no problem',
    (error: { code?: string; problem?: Record<string, unknown> }) => error.code,
  )

async function agreed(terms: Parameters<Chargelane['rate_agreements']['create']>[0]) {
  const made = await world.a.lane.rate_agreements.create(terms)
  return world.cpo.lane.rate_agreements.accept(made.id)
}
const eventsOf = async (lane: Chargelane) =>
  (await lane.events.list({ limit: 100 })).data
    .map(({ type }) => type)
    .filter((type) => type.startsWith('rate_agreement.'))
const end = (id: string) => world.cpo.lane.rate_agreements.end(id, { reason: 'done' })

describe('a rate agreement', () => {
  test('counts when the other side has accepted it, for that partner alone, until it ends', async () => {
    const made = await world.a.lane.rate_agreements.create({
      counterparty: world.cpo.account.id,
      ...tenOff,
      draft: true,
    })
    expect(made).toMatchObject({ version: 1, status: 'draft', proposed_by: world.a.account.id })
    // A draft is its maker's alone.
    expect(await problemOf(world.cpo.lane.rate_agreements.get(made.id))).toBe('resource_missing')
    expect(await problemOf(world.a.lane.rate_agreements.accept(made.id))).toBe('invalid_transition')
    await world.a.lane.rate_agreements.propose(made.id)
    expect(await problemOf(world.b.lane.rate_agreements.get(made.id))).toBe('resource_missing')
    expect(await problemOf(world.a.lane.rate_agreements.accept(made.id))).toBe('invalid_transition')
    expect((await world.a.lane.quotes.create(wish())).basis).toBe('public')

    const active = await world.cpo.lane.rate_agreements.accept(made.id)
    expect(active).toMatchObject({ status: 'active', active_version: 1 })
    const quote = await world.a.lane.quotes.create(wish())
    expect(quote).toMatchObject({
      basis: 'rate_agreement',
      justification: tenOff.justification,
      agreement: { id: made.id, version: 1 },
      public_price_total: { amount: publicTotal, currency: 'EUR' },
      applied_price_total: { amount: agreedTotal, currency: 'EUR' },
    })
    expect(quote.components[0]?.net_unit_price).toBe('0.44622')
    expect(quote.display_text['en']).toContain('never above the operator’s public price')
    expect((await world.b.lane.quotes.create(wish('b'))).basis).toBe('public')

    // A session quoted today is priced by it tomorrow, whatever happens to the agreement.
    const ended = await end(made.id)
    expect(ended).toMatchObject({ status: 'ended', active_version: null })
    expect((await world.a.lane.quotes.create(wish())).basis).toBe('public')
    expect(await world.a.lane.quotes.get(quote.id)).toEqual(quote)
    const stored = await readQuote(api.database.db, world.a.account.id, quote.id, api.deps.now())
    expect(stored.agreement?.tariff).toEqual(quote.agreement?.tariff)
    expect(await problemOf(end(made.id))).toBe('invalid_transition')
  })

  test('tells both sides what became of it', async () => {
    const told = ['proposed', 'activated', 'ended'].map((what) => `rate_agreement.${what}`)
    expect(await eventsOf(world.a.lane)).toEqual(told)
    expect(await eventsOf(world.cpo.lane)).toEqual(told)
    expect(await eventsOf(world.b.lane)).toEqual([])
  })

  test('without a recorded reason is not activated where the market asks for one', async () => {
    const { justification: _reason, ...silent } = tenOff
    const made = await world.cpo.lane.rate_agreements.create({
      counterparty: world.a.account.id,
      ...silent,
    })
    expect(await problemOf(world.a.lane.rate_agreements.accept(made.id))).toBe(
      'market_rule_violation',
    )
    expect((await world.a.lane.rate_agreements.get(made.id)).status).toBe('proposed')
    // Other terms wait for the decision on these.
    expect(await problemOf(world.cpo.lane.rate_agreements.amend(made.id, tenOff))).toBe(
      'invalid_transition',
    )
    await world.a.lane.rate_agreements.reject(made.id, { reason: 'please say why' })
    const again = await world.cpo.lane.rate_agreements.amend(made.id, tenOff)
    expect(again).toMatchObject({ version: 2, status: 'proposed' })
    await world.a.lane.rate_agreements.accept(made.id)
    expect(await world.a.lane.rate_agreements.get(made.id, { version: 1 })).toMatchObject({
      status: 'rejected',
      reason: 'please say why',
    })
    await end(made.id)
  })

  test('by a tariff of its own whose VAT the market contradicts is not activated', async () => {
    const own = ocpiTariff('own', 0.4)
    for (const { price_components: parts } of own.elements) for (const part of parts) part.vat = 7
    const made = await world.a.lane.rate_agreements.create({
      counterparty: world.cpo.account.id,
      ...tenOff,
      price: { kind: 'tariff', tariff: own },
    })
    expect(await problemOf(world.cpo.lane.rate_agreements.accept(made.id))).toBe(
      'market_rule_violation',
    )
    expect((await world.a.lane.rate_agreements.get(made.id)).status).toBe('proposed')
    await world.cpo.lane.rate_agreements.reject(made.id, { reason: 'the VAT is 19 %' })
  })

  test('dearer than the public price is not activated', async () => {
    const made = await world.a.lane.rate_agreements.create({
      counterparty: world.cpo.account.id,
      ...tenOff,
      price: { kind: 'tariff', tariff: ocpiTariff('own', 0.4959) },
    })
    expect(await problemOf(world.cpo.lane.rate_agreements.accept(made.id))).toBe(
      'market_rule_violation',
    )
    const malformed = world.a.lane.rate_agreements.create({
      counterparty: world.cpo.account.id,
      ...tenOff,
      price: { kind: 'tariff', tariff: { currency: 'EUR' } },
    })
    expect(await problemOf(malformed)).toBe('invalid_value')
  })

  test('with a tariff of its own prices by that tariff', async () => {
    const own = await agreed({
      counterparty: world.cpo.account.id,
      ...tenOff,
      price: { kind: 'tariff', tariff: ocpiTariff('own', 0.4) },
    })
    const quote = await world.a.lane.quotes.create(wish())
    expect(quote.applied_price_total.amount).toBe(1_142)
    expect(quote.agreement?.id).toBe(own.id)
    await end(own.id)
  })

  test.each([
    ['another EVSE', () => ({ evses: [String(world.station.evses[1]?.id)] }), 'public'],
    ['this EVSE', () => ({ evses: [String(world.station.evses[0]?.id)] }), 'rate_agreement'],
    ['the location', () => ({ locations: [world.location.id] }), 'rate_agreement'],
    ['connectors from 150 kW', () => ({ connector: { min_power_kw: '150' } }), 'rate_agreement'],
  ])('limited to %s prices there and nowhere else', async (_, scope, basis) => {
    const made = await agreed({ counterparty: world.cpo.account.id, ...tenOff, ...scope() })
    expect((await world.a.lane.quotes.create(wish())).basis).toBe(basis)
    await end(made.id)
  })

  test.each([{ current: 'AC' as const }, { max_power_kw: '100' }])(
    'limited to connectors that nobody sells (%o) is not activated',
    async (connector) => {
      const scope = { counterparty: world.cpo.account.id, ...tenOff, connector }
      expect(await problemOf(agreed(scope))).toBe('price_unavailable')
    },
  )

  test('is between a CPO and a partner, and nobody else', async () => {
    const withCpo = { counterparty: world.otherCpo.account.id, ...tenOff }
    expect(await problemOf(world.cpo.lane.rate_agreements.create(withCpo))).toBe('resource_missing')
    expect(await problemOf(api.platform.rate_agreements.create(withCpo))).toBe('insufficient_scope')
    const made = await world.a.lane.rate_agreements.create({
      counterparty: world.cpo.account.id,
      ...tenOff,
    })
    for (const lane of [world.b.lane, world.otherCpo.lane])
      for (const move of ['accept', 'propose'] as const)
        expect(await problemOf(lane.rate_agreements[move](made.id))).toBe('resource_missing')
    await world.a.lane.rate_agreements.reject(made.id, { reason: 'never mind' })
  })
})

describe('a partner whose benefit is a discount', () => {
  test('sells at the public price and gives its share away', async () => {
    await agreeShare(api, world.b, 'discount')
    const quote = await world.b.lane.quotes.create(wish('b'))
    // 40 % of the 8 % commission on 11.90 net: 0.38, with its VAT 0.45 where the partner is registered.
    expect(quote).toMatchObject({
      basis: 'partner_discount',
      discount: { funded_by: 'partner' },
      distribution: {
        agreement: { commission: { bps: 800 } },
        partnership: { version: 2 },
      },
      public_price_total: { amount: publicTotal, currency: 'EUR' },
    })
    expect(publicTotal - quote.applied_price_total.amount).toBeGreaterThan(30)
    expect(quote.agreement).toBeUndefined()
    expect(quote.fees_to_driver).toEqual([])
    const { data } = await world.b.lane.quotes.batch({
      evses: [{ evse }],
      est_energy_wh: 24_000,
    })
    expect(data[0]?.quote?.applied_price_total).toEqual(quote.applied_price_total)
    await agreeShare(api, world.b, 'revenue_share')
  })
})

describe('prices for a map', () => {
  test('say what a quote would, and leave nothing behind', async () => {
    const quote = await world.a.lane.quotes.create(wish())
    const before = await api.database.db.execute('select count(*)::int as n from quotes')
    const batch = await world.a.lane.quotes.batch({
      evses: [{ evse }, { evse: 'DE*NOP*E9' }, { evse: 'de-vwl-e1001-2' }],
      est_energy_wh: 24_000,
    })
    expect(batch.indicative).toBe(true)
    expect(batch.data.map(({ evse: asked, error }) => [asked, error?.code ?? null])).toEqual([
      [evse, null],
      ['DE*NOP*E9', 'resource_missing'],
      ['de-vwl-e1001-2', null],
    ])
    const [first] = batch.data
    expect(first?.quote).toMatchObject({
      public_price_total: quote.public_price_total,
      components: quote.components,
      tariff_hash: quote.tariff_hash,
      comparable_unit_price: { value: '0.59', per: 'kWh', tax: 'inclusive' },
    })
    expect(first?.quote).not.toHaveProperty('signature')
    expect(await api.database.db.execute('select count(*)::int as n from quotes')).toEqual(before)
  })

  test('are asked for fifty at most', async () => {
    const fifty = Array.from({ length: 50 }, () => ({ evse }))
    expect((await world.a.lane.quotes.batch({ evses: fifty })).data).toHaveLength(50)
    const more = world.a.lane.quotes.batch({ evses: [...fifty, { evse }] })
    expect(await problemOf(more)).toBe('validation_error')
  })
})

describe('an expired quote', () => {
  test('never starts; the fresh one says what changed', async () => {
    const quote = await world.a.lane.quotes.create(wish())
    await world.cpo.lane.tariffs.create({
      connection: world.connection.id,
      tariff: { ...ocpiTariff('dc-2026', 0.52), last_updated: '2026-11-21T00:00:00.000Z' },
    })
    // While it is open the CPO's new price does not touch it.
    expect((await world.a.lane.quotes.get(quote.id)).tariff).toBe(quote.tariff)
    api.setClock(16 * 60_000)
    const error = await world.a.lane.sessions.create({ quote: quote.id }).then(
      () => undefined,
      (reason: unknown) => reason,
    )
    api.setClock(0)
    expect(error).toMatchObject({
      code: 'quote_expired',
      problem: {
        new_quote: { basis: 'public', est: { energy_wh: 24_000 } },
        diff: {
          price_changed: true,
          est_total: {
            from: { amount: publicTotal, currency: 'EUR' },
            to: { amount: 1_485, currency: 'EUR' },
          },
          components: [
            {
              type: 'ENERGY',
              conditions: null,
              from: { value: '0.590002' },
              to: { value: '0.6188' },
            },
          ],
        },
        next_action: { type: 'requote' },
      },
    })
  })
})

describe('the non-discrimination report', () => {
  test('shows each partner’s price with its reason, to the CPO and the platform alone', async () => {
    const made = await agreed({ counterparty: world.cpo.account.id, ...tenOff })
    const page = await world.cpo.lane.reports.non_discrimination({ limit: 10 })
    expect(page.data).toHaveLength(2)
    expect(page.data[0]).toMatchObject({
      energy_wh: 40_000,
      public_total: { currency: 'EUR' },
      prices: [
        {
          partner: world.a.account.id,
          agreement: made.id,
          version: 1,
          justification: tenOff.justification,
        },
      ],
      justification_required: true,
      flagged: false,
    })
    const [row] = page.data
    expect(row?.spread.amount).toBe(
      (row?.public_total.amount ?? 0) - (row?.prices[0]?.total.amount ?? 0),
    )
    // One EVSE a page, and the other on the next.
    const pages = []
    for await (const each of world.cpo.lane.reports.non_discrimination({ limit: 1 }))
      pages.push(each.evse)
    expect(pages).toEqual(page.data.map(({ evse: id }) => id))
    const csv = new TextDecoder().decode(await world.cpo.lane.reports.non_discrimination_csv())
    expect(csv.trim().split('\r\n')).toHaveLength(1 + 2 * 2)
    expect(csv).toContain(`${made.id},1,`)
    const before = await world.cpo.lane.reports.non_discrimination({
      limit: 10,
      at: made.created_at.replace('2026', '2025'),
    })

    expect(before.data.flatMap(({ prices }) => prices)).toEqual([])
    expect(await problemOf(world.a.lane.reports.non_discrimination())).toBe('insufficient_scope')
    const others = world.otherCpo.lane.reports.non_discrimination({ cpo: world.cpo.account.id })
    expect(await problemOf(others)).toBe('resource_missing')
    expect((await world.otherCpo.lane.reports.non_discrimination()).data).toEqual([])
    await end(made.id)
  })
})
