import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { populate, startTestApi, type TestApi, type World } from './testing.ts'

let api: TestApi
let world: World
beforeAll(async () => {
  api = await startTestApi()
  world = await populate(api)
})
afterAll(() => api.stop())

describe('a partner', () => {
  it('finds a charger, gets a binding price and starts a session', async () => {
    const { lane } = world.a
    const found = await lane.evses.search({ near: { latitude: 50.93, longitude: 6.84 } })
    expect(found.data.map((hit) => hit.evse_id)).toContain('DE*VWL*E1001*1')
    const quote = await lane.quotes.create({
      evse: 'DE*VWL*E1001*1',
      payment_source: world.sources.a.id,
      est_energy_wh: 24_000,
    })
    expect(quote.est.total).toEqual({ amount: 1416, currency: 'EUR' })
    const session = await lane.sessions.create({ quote: quote.id, external_id: 'trip-1' })
    expect(session.status).toBe('authorizing')
    expect(session.driver?.external_id).toBe('user-42')
    expect((await lane.sessions.get(session.id)).id).toBe(session.id)
  })
})
