// Prices that change, are missing, odd or dated back, over real sockets: what a partner is sold, and who hears of it.
import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import type { Session, Tariff } from '@chargelane/sdk'
import {
  assertMoneyIsRight,
  eventually,
  isCaptured,
  isCharging,
  newCharger,
  newOcpiCpo,
  newPartner,
  platform,
  problemOf,
  quote,
} from './product.ts'
import type { Partner } from './product.ts'

/** The changes of price an account heard of, oldest first. */
async function tariffNews({ lane }: Pick<Partner, 'lane'>, tariffId: string) {
  const told: { type: string; context: Record<string, unknown>; tariff: Tariff }[] = []
  for await (const event of lane.events.list({ limit: 100 }))
    if (event.object === tariffId && 'sold_until' in event.data)
      told.push({ type: event.type, context: event.context, tariff: event.data })
  return told
}

type News = Awaited<ReturnType<typeof tariffNews>>

/** An event is listed as soon as no older transaction of anybody is open. */
const hears = (account: Pick<Partner, 'lane'>, tariffId: string, look: (news: News) => void) =>
  eventually(async () => look(await tariffNews(account, tariffId)))

const idOf = (ref: string) => ref.split('@')[0] ?? ''

async function charge(partner: Partner, quoteId: string): Promise<Session> {
  const { id } = await partner.lane.sessions.create({ quote: quoteId })
  await partner.lane.sessions.waitFor(id, isCharging, { timeoutMs: 30_000 })
  await wait(800)
  await partner.lane.sessions.stop(id)
  return partner.lane.sessions.waitFor(id, isCaptured, { timeoutMs: 40_000 })
}

/** Net minor units of a session at so many minor units a kWh. */
function expectNet(sold: Session, perKwh: number): void {
  const kwh = sold.energy_wh / 1_000
  expect(kwh).toBeGreaterThan(0)
  expect(Math.abs((sold.totals?.excl_tax.amount ?? 0) - kwh * perKwh)).toBeLessThanOrEqual(1)
}

/** An operator over OCPI with one EVSE that is sold, its tariff, and what a search says of it. */
async function abroad(partner: Partner) {
  const made = await newOcpiCpo()
  const find = async () => {
    const found = await partner.lane.evses.search({
      near: { latitude: 46.948, longitude: 7.4474 },
      radius_m: 100_000,
      limit: 100,
    })
    return found.data.filter((each) => each.cpo.id === made.account.account.id)
  }
  const evse = await eventually(async () => {
    const sold = (await find()).find((each) => each.sellable)
    if (sold === undefined) throw new Error('nothing is sold yet')
    return sold
  })
  const ocpiId = evse.connectors[0]?.tariff_ids[0] ?? ''
  const tariff = made.cpo.tariffs().find(({ id }) => id === ocpiId)
  if (tariff === undefined) throw new Error(`${ocpiId} is not published`)
  const shown = async () => (await find()).find(({ id }) => id === evse.id)
  return { ...made, evse: evse.id, tariff, shown }
}

describe('F02: the price changed', () => {
  test('an expired quote starts nothing: the answer brings what changed and a quote that starts', async () => {
    const partner = await newPartner()
    const { evse_id, charger, publish } = await newCharger()
    const offer = await quote(partner, evse_id, await partner.source())
    await publish(0.6, '2026-10-02T00:00:00.000Z')
    await partner.lane.quotes.cancel(offer.id)
    const problem = await problemOf(partner.lane.sessions.create({ quote: offer.id }))
    expect(problem).toMatchObject({ code: 'quote_expired', status: 409 })
    expect((await partner.lane.sessions.list()).data).toEqual([])
    expect(charger.log.some((frame) => JSON.stringify(frame).includes('RemoteStart'))).toBe(false)
    expect(problem.problem).toMatchObject({
      diff: {
        price_changed: true,
        tariff: { from: offer.tariff },
        est_total: { from: offer.applied_price_total, to: { amount: 4_284, currency: 'EUR' } },
        components: [{ type: 'ENERGY', from: { value: '0.590002' }, to: { value: '0.714' } }],
      },
      new_quote: { status: 'open', est: { energy_wh: 60_000 } },
    })
    const fresh = String(problem.problem?.next_action?.['new_quote'])
    const sold = await charge(partner, fresh)
    expectNet(sold, 60)
    await assertMoneyIsRight(sold)
    await charger.stop()
  })

  test('the partner hears tariff.changed and sees the price as anybody may; the open quote holds', async () => {
    const partner = await newPartner()
    const stranger = await newPartner()
    const { evse_id, charger, publish, cpo } = await newCharger()
    const offer = await quote(partner, evse_id, await partner.source())
    const changed = await publish(0.6, '2026-10-02T00:00:00.000Z')
    const published = await partner.lane.tariffs.get(changed.id)
    await hears(partner, changed.id, (news) => {
      expect(news).toHaveLength(1)
      const context = { previous: offer.tariff }
      expect(news[0]).toMatchObject({ type: 'tariff.changed', context })
      expect(news[0]?.tariff).toEqual(published)
    })
    await hears(cpo, changed.id, (news) => expect(news).toHaveLength(1))
    expect(await tariffNews(stranger, changed.id)).toEqual([])
    const sold = await charge(partner, offer.id)
    expectNet(sold, 49.58)
    await assertMoneyIsRight(sold)
    await charger.stop()
  })
})

describe('F18: a price is missing', () => {
  const broken = {
    'has no currency': [{ currency: undefined }, 'currency'],
    'has a dimension nobody knows': [
      { elements: [{ price_components: [{ type: 'MOON', price: 1, vat: 8.1, step_size: 1 }] }] },
      'elements[0].price_components[0].type',
    ],
    'has a restriction that cannot be read': [
      {
        elements: [
          {
            price_components: [{ type: 'ENERGY', price: 0.6, vat: 8.1, step_size: 1 }],
            restrictions: { start_time: '25:99' },
          },
        ],
      },
      'elements[0].restrictions.start_time',
    ],
  } as const

  test('because the tariff is broken: nothing is sold, the operator reads the rule, the open quote holds', async () => {
    const partner = await newPartner()
    const { cpo, account, evse, tariff, shown } = await abroad(partner)
    const source = await partner.source()
    const offer = await quote(partner, evse, source)
    const id = idOf(offer.tariff)
    let version = 1
    for (const [title, [fields, path]] of Object.entries(broken)) {
      const sent = { ...tariff, ...fields, last_updated: new Date().toISOString() }
      expect(await cpo.pushTariff(sent), title).toBe(1000)
      const refused = await problemOf(partner.lane.quotes.create({ evse, payment_source: source }))
      expect(refused, title).toMatchObject({ code: 'price_unavailable', status: 422 })
      expect(await shown(), title).toMatchObject({
        sellable: false,
        price_status: 'price_unavailable',
      })
      version++
      await hears(account, id, (news) => {
        const told = news.at(-1)
        expect(told, title).toMatchObject({ type: 'tariff.invalid', tariff: { version } })
        expect(
          told?.tariff.problems.map((each) => each.path),
          title,
        ).toContain(path)
      })
    }
    // One change for a buyer: what was sold has ended, and there is nothing in its place.
    await hears(partner, id, (news) =>
      expect(news).toMatchObject([
        { type: 'tariff.changed', tariff: { version: 1, sale: 'superseded', problems: [] } },
      ]),
    )
    await assertMoneyIsRight(await charge(partner, offer.id))
    expect(await cpo.pushTariff({ ...tariff, last_updated: new Date().toISOString() })).toBe(1000)
    await quote(partner, evse, source)
    await cpo.stop()
  })

  test('because the operator withdrew its tariff: said to both sides, and sold again when it is back', async () => {
    const partner = await newPartner()
    const { cpo, account, evse, tariff, shown } = await abroad(partner)
    const source = await partner.source()
    const id = idOf((await quote(partner, evse, source)).tariff)
    expect(await cpo.deleteTariff(tariff.id)).toBe(1000)
    const refused = await problemOf(partner.lane.quotes.create({ evse, payment_source: source }))
    expect(refused.code).toBe('price_unavailable')
    expect(await shown()).toMatchObject({ price_status: 'price_unavailable' })
    for (const side of [partner, account])
      await hears(side, id, (news) =>
        expect(news.at(-1)).toMatchObject({
          type: 'tariff.changed',
          tariff: { sale: 'withdrawn' },
        }),
      )
    await cpo.pushTariff({ ...tariff, last_updated: new Date().toISOString() })
    await assertMoneyIsRight(await charge(partner, (await quote(partner, evse, source)).id))
    await cpo.stop()
  })
})

describe('F19: a price is odd', () => {
  test('a lost digit waits for its operator: what is quoted is honoured, what is new waits, the confirmed price is sold', async () => {
    const partner = await newPartner()
    const { evse_id, charger, publish, cpo } = await newCharger()
    const source = await partner.source()
    const offer = await quote(partner, evse_id, source)
    const odd = await publish(0.04958, '2026-10-02T00:00:00.000Z')
    expect(odd).toMatchObject({ sale: 'held', hold: { lifted_by: 'operator' } })
    await hears(cpo, odd.id, (news) =>
      expect(news.map(({ type }) => type)).toEqual(['tariff.changed', 'tariff.anomaly_held']),
    )
    await hears(partner, odd.id, (news) =>
      expect(news.at(-1)?.tariff).toMatchObject({
        sale: 'held',
        hold: { figures: null },
        problems: [],
      }),
    )
    const wish = { evse: evse_id, payment_source: source }
    expect((await problemOf(partner.lane.quotes.create(wish))).code).toBe('tariff_held')
    const honoured = await charge(partner, offer.id)
    expectNet(honoured, 49.58)
    await assertMoneyIsRight(honoured)
    expect((await cpo.lane.tariffs.confirm(odd.id)).sale).toBe('sold')
    await hears(cpo, odd.id, (news) => expect(news.at(-1)?.tariff.sale).toBe('sold'))
    const sold = await charge(partner, (await quote(partner, evse_id, source)).id)
    expectNet(sold, 4.958)
    await assertMoneyIsRight(sold)
    await charger.stop()
  })

  test('three times the usual is not released by its operator, who would gain, but by the platform or by time', async () => {
    const partner = await newPartner()
    const { evse_id, charger, publish, cpo } = await newCharger()
    const source = await partner.source()
    await quote(partner, evse_id, source)
    const odd = await publish(1.5, '2026-10-02T00:00:00.000Z')
    const halfAnHour = Date.parse(odd.received_at) + 30 * 60_000
    expect(odd).toMatchObject({
      sale: 'held',
      hold: { lifted_by: 'time', until: new Date(halfAnHour).toISOString() },
    })
    const own = await problemOf(cpo.lane.tariffs.confirm(odd.id))
    expect(own).toMatchObject({ code: 'invalid_transition' })
    const wish = { evse: evse_id, payment_source: source }
    expect((await problemOf(partner.lane.quotes.create(wish))).code).toBe('tariff_held')
    expect((await platform.tariffs.confirm(odd.id)).sale).toBe('sold')
    expect((await quote(partner, evse_id, source)).components[0]?.net_unit_price).toBe('1.5')
    await charger.stop()
  })

  test('forty times the usual is an incident that the platform alone ends, and nothing is sold by it before', async () => {
    const partner = await newPartner()
    const { evse_id, charger, publish, cpo } = await newCharger()
    const source = await partner.source()
    await quote(partner, evse_id, source)
    const odd = await publish(20, '2026-10-02T00:00:00.000Z')
    expect(odd).toMatchObject({ sale: 'held', hold: { lifted_by: 'platform', until: null } })
    expect((await problemOf(cpo.lane.tariffs.confirm(odd.id))).code).toBe('invalid_transition')
    const wish = { evse: evse_id, payment_source: source }
    expect((await problemOf(partner.lane.quotes.create(wish))).code).toBe('tariff_held')
    const [incident] = (await cpo.lane.incidents.list({ kind: 'price_held' })).data
    expect(incident).toMatchObject({ subject: { type: 'tariff', id: odd.id } })
    // Its operator sets it right: that ends the incident as well as a release would.
    await publish(0.51, '2026-10-03T00:00:00.000Z')
    expect((await platform.incidents.get(incident?.id ?? '')).status).toBe('resolved')
    expect((await quote(partner, evse_id, source)).components[0]?.net_unit_price).toBe('0.51')
    await charger.stop()
  })
})

describe('F20: a price is dated back', () => {
  test('over OCPI it counts from its receipt, the past keeps its price, and the operator is told', async () => {
    const partner = await newPartner()
    const { cpo, account, evse, tariff } = await abroad(partner)
    const source = await partner.source()
    const offer = await quote(partner, evse, source)
    const id = idOf(offer.tariff)
    const before = await partner.lane.tariffs.get(id)
    const elements = [
      { price_components: [{ type: 'ENERGY', price: 0.7, vat: 8.1, step_size: 1 }] },
    ]
    const back = {
      ...tariff,
      elements,
      start_date_time: '2026-01-01T00:00:00Z',
      last_updated: new Date().toISOString(),
    }
    expect(await cpo.pushTariff(back)).toBe(1000)
    const now = await account.lane.tariffs.get(id)
    expect(now).toMatchObject({ version: 2, sale: 'sold', effective_from: now.received_at })
    await hears(account, id, (news) =>
      expect(news.at(-1)).toMatchObject({
        type: 'tariff.invalid',
        context: { rule: 'retroactive', sellable: true },
      }),
    )
    const then = await partner.lane.tariffs.get(id, { as_of: before.effective_from })
    expect(then).toMatchObject({ version: 1, hash: before.hash })
    const sold = await charge(partner, offer.id)
    expect((await partner.lane.quotes.get(sold.quote)).tariff).toBe(offer.tariff)
    await assertMoneyIsRight(sold)
    expect((await quote(partner, evse, source)).components[0]?.net_unit_price).toBe('0.7')
    await cpo.stop()
  })

  test('on our own node a session that charges keeps its price, and the next one pays the new from its receipt', async () => {
    const partner = await newPartner()
    const { evse_id, charger, publish, cpo } = await newCharger()
    const source = await partner.source()
    const offer = await quote(partner, evse_id, source)
    const { id } = await partner.lane.sessions.create({ quote: offer.id })
    await partner.lane.sessions.waitFor(id, isCharging, { timeoutMs: 20_000 })
    const back = await publish(0.6, '2026-10-02T00:00:00.000Z', {
      start_date_time: '2026-01-01T00:00:00.000Z',
    })
    expect(back).toMatchObject({ sale: 'sold', effective_from: back.received_at })
    expect(back.problems).toMatchObject([{ rule: 'retroactive', severity: 'warning' }])
    await hears(cpo, back.id, (news) =>
      expect(news.at(-1)).toMatchObject({
        type: 'tariff.invalid',
        context: { rule: 'retroactive', sellable: true },
      }),
    )
    await wait(800)
    await partner.lane.sessions.stop(id)
    const sold = await partner.lane.sessions.waitFor(id, isCaptured, { timeoutMs: 30_000 })
    expectNet(sold, 49.58)
    await assertMoneyIsRight(sold)
    const next = await charge(partner, (await quote(partner, evse_id, source)).id)
    expectNet(next, 60)
    await charger.stop()
  })
})
