// Partners hear that a price they show is another one now (failures F02), and see of it what anybody may see; whoever
// gains by an odd price does not release it.
import { publishTariff } from '@chargelane/corridor/supply/tariffs'
import { ChargelaneError } from '@chargelane/sdk'
import { isEveryEventShown } from '@chargelane/db/testing'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ocpiTariff, populate, startTestApi, type TestApi, type World } from '../../testing.ts'

let api: TestApi
let world: World
beforeEach(async () => {
  api = await startTestApi()
  world = await populate(api)
})
afterEach(() => api.stop())

const publish = (price: number, more: { last_updated?: string } = {}) =>
  world.cpo.lane.tariffs.create({
    connection: world.connection.id,
    tariff: { ...ocpiTariff('dc-2026', price), ...more },
  })

const quote = () =>
  world.a.lane.quotes.create({ evse: 'DE*VWL*E1001*1', payment_source: world.sources.a.id })

/** A log shows an event once no older tx of the whole server runs, another test file's included. */
async function heardBy({ lane }: { lane: World['a']['lane'] }) {
  await expect.poll(() => isEveryEventShown(api.database.db)).toBe(true)
  return (await lane.events.list({ limit: 100 })).data.filter(
    ({ type }) => type === 'tariff.changed',
  )
}

const heldIncidents = async (status: 'open' | 'resolved') =>
  (await api.platform.incidents.list({ kind: 'price_held', status })).data

const refusalOf = (wished: Promise<unknown>) =>
  wished.then(
    () => 'no problem',
    (error: unknown) => (error instanceof ChargelaneError ? error.code : error),
  )

describe('a changed price', () => {
  test('is told to a partner with an open quote of it, as reading it shows it to that partner', async () => {
    const offer = await quote()
    expect(await heardBy(world.a)).toEqual([])
    const changed = await publish(0.55)
    const [told, ...more] = await heardBy(world.a)
    expect(more).toEqual([])
    expect(told).toMatchObject({ object: changed.id, context: { previous: offer.tariff } })
    expect(told?.data).toEqual(await world.a.lane.tariffs.get(changed.id))
    expect(await heardBy(world.b)).toEqual([])
    expect((await world.a.lane.quotes.get(offer.id)).status).toBe('open')
  })

  test('is not told where nothing changes for a buyer, or no quote is open any more', async () => {
    await quote()
    await publish(0.4958, { last_updated: '2026-10-09T00:00:00.000Z' })
    expect(await heardBy(world.a)).toEqual([])
    api.setClock(16 * 60_000)
    await publish(0.56)
    expect(await heardBy(world.a)).toEqual([])
  })

  test('is told to whoever listens to prices, without a quote', async () => {
    await world.b.lane.webhook_endpoints.create({
      url: 'http://127.0.0.1:9/hooks',
      events: ['tariff.changed'],
    })
    const changed = await publish(0.57)
    expect((await heardBy(world.b)).map(({ data }) => data)).toMatchObject([
      { ref: changed.ref, sale: 'sold', problems: [] },
    ])
  })
})

describe('a price that the platform alone releases', () => {
  test('is an incident: its figures, its operator, and a release with a reason', async () => {
    await quote()
    const odd = await publish(16.8067)
    expect((await heardBy(world.a)).at(-1)?.data).toMatchObject({ sale: 'held' })
    const [incident] = await heldIncidents('open')
    expect(incident).toMatchObject({
      account: world.cpo.account.id,
      subject: { type: 'tariff', id: odd.id },
      actions: ['release', 'dismiss'],
      detail: { tariff: odd.ref, ocpi_id: 'dc-2026', price: { currency: 'EUR' } },
    })
    expect((await world.cpo.lane.incidents.list()).data).toHaveLength(1)
    const reason = 'the operator showed its published price list'
    const resolved = await api.platform.incidents.resolve(incident?.id ?? '', {
      action: 'release',
      reason,
    })
    expect(resolved).toMatchObject({
      status: 'resolved',
      resolution: { action: 'release', reason, by: expect.stringMatching(/^key_/) },
    })
    expect((await world.cpo.lane.tariffs.get(odd.id)).sale).toBe('sold')
    expect((await heardBy(world.a)).at(-1)?.data).toMatchObject({ ref: odd.ref, sale: 'sold' })
  })

  test('is none any more when its operator publishes another price, or the platform confirms it', async () => {
    const { id } = await publish(190)
    expect(await heldIncidents('open')).toHaveLength(1)
    await publish(0.58)
    expect(await heldIncidents('open')).toEqual([])
    await publish(190)
    await api.platform.tariffs.confirm(id)
    expect(await heldIncidents('open')).toEqual([])
    expect((await heldIncidents('resolved')).map((each) => each.resolution?.action)).toEqual([
      'release',
      null,
    ])
  })

  test('is released neither by its operator nor by time', async () => {
    const odd = await publish(16.8067)
    expect(odd).toMatchObject({ sale: 'held', hold: { until: null, lifted_by: 'platform' } })
    expect(await refusalOf(world.cpo.lane.tariffs.confirm(odd.id))).toBe('invalid_transition')
    api.setClock(24 * 3_600_000)
    expect(await refusalOf(quote())).toBe('tariff_held')
    expect(await refusalOf(world.cpo.lane.tariffs.confirm(odd.id))).toBe('invalid_transition')
    expect((await api.platform.tariffs.confirm(odd.id)).sale).toBe('sold')
  })
})

test('three times the usual is lifted by time, and not earlier by its operator', async () => {
  const odd = await publish(1.5)
  expect(odd).toMatchObject({ sale: 'held', hold: { lifted_by: 'time' } })
  expect(await refusalOf(world.cpo.lane.tariffs.confirm(odd.id))).toBe('invalid_transition')
  api.setClock(31 * 60_000)
  expect((await world.cpo.lane.tariffs.get(odd.id)).sale).toBe('sold')
})

test('VAT that the market contradicts is refused at the door; from a feed it is unsold, and partners see why', async () => {
  const at7 = ocpiTariff('reduced')
  at7.elements[0]?.price_components.forEach((component) => Object.assign(component, { vat: 7 }))
  const { connection } = world
  const refused = world.cpo.lane.tariffs.create({ connection: connection.id, tariff: at7 })
  await expect(refused).rejects.toMatchObject({
    code: 'market_rule_violation',
    param: 'tariff.elements.0.price_components.0.vat',
  })
  const object = { ...at7, id: 'dc-2026' }
  await publishTariff(api.database.db, {
    connection: {
      id: connection.id,
      cpoId: connection.cpo,
      countryCode: connection.country_code,
      partyId: connection.party_id,
    },
    ocpiId: 'dc-2026',
    object,
    text: JSON.stringify(object),
    version: '2.2.1',
    now: api.deps.now(),
  })
  await expect(quote()).rejects.toMatchObject({
    code: 'price_unavailable',
    problem: { reason: 'market' },
  })
  const near = world.location.position
  const { data } = await world.a.lane.evses.search({ near })
  expect(data).toMatchObject(
    [1, 2].map(() => ({
      price_status: 'price_unavailable',
      price_reason: 'market',
      sellable: false,
    })),
  )
})
