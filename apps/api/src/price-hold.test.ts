// Whoever gains by an odd price does not release it.
import { ChargelaneError } from '@chargelane/sdk'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ocpiTariff, populate, startTestApi, type TestApi, type World } from './testing.ts'

let api: TestApi
let world: World
beforeAll(async () => {
  api = await startTestApi()
  world = await populate(api)
})
afterAll(() => api.stop())

const refusalOf = (wished: Promise<unknown>) =>
  wished.then(
    () => 'no problem',
    (error: unknown) => (error instanceof ChargelaneError ? error.code : error),
  )

const publish = (price: number) =>
  world.cpo.lane.tariffs.create({
    connection: world.connection.id,
    tariff: ocpiTariff('dc-2026', price),
  })

const quote = () =>
  world.a.lane.quotes.create({ evse: 'DE*VWL*E1001*1', payment_source: world.sources.a.id })

test('20.00 per kWh is not released by its operator, nor by time, but by the platform', async () => {
  const odd = await publish(16.8067)
  expect(odd).toMatchObject({ sale: 'held', hold: { until: null, lifted_by: 'platform' } })
  expect(await refusalOf(world.cpo.lane.tariffs.confirm(odd.id))).toBe('invalid_transition')
  api.setClock(24 * 3_600_000)
  expect(await refusalOf(quote())).toBe('tariff_held')
  expect(await refusalOf(world.cpo.lane.tariffs.confirm(odd.id))).toBe('invalid_transition')
  const confirmed = await api.platform.tariffs.confirm(odd.id)
  expect(confirmed.sale).toBe('sold')
  api.setClock(0)
})

test('three times the usual is lifted by time, and not earlier by its operator', async () => {
  const connection = world.connection.id
  const create = (price: number) =>
    world.cpo.lane.tariffs.create({ connection, tariff: ocpiTariff('second', price) })
  await create(0.4958)
  const odd = await create(1.5)
  expect(odd).toMatchObject({ sale: 'held', hold: { lifted_by: 'time' } })
  expect(await refusalOf(world.cpo.lane.tariffs.confirm(odd.id))).toBe('invalid_transition')
  api.setClock(31 * 60_000)
  expect((await world.cpo.lane.tariffs.get(odd.id)).sale).toBe('sold')
  api.setClock(0)
})
