// A key this process knows already: it is not looked up again, and yet does not outlive its revocation by one request.
import { revokeApiKey } from '@chargelane/db/queries/partners/api-keys'
import { ChargelaneError } from '@chargelane/sdk'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { populate, startTestApi, type TestApi, type World } from '../testing.ts'

let api: TestApi
let world: World
beforeAll(async () => {
  api = await startTestApi()
  world = await populate(api)
})
afterAll(() => api.stop())

const codeOf = (attempt: Promise<unknown>) =>
  attempt.then(
    () => 'answered',
    (error: unknown) => (error instanceof ChargelaneError ? error.code : String(error)),
  )

const evse = 'DE*VWL*E1001*1'

/** A partner's key that has been used, and what it is used for in every way a request may go. */
async function knownKey() {
  const { id, key } = await world.a.lane.api_keys.create({ name: 'known' })
  const lane = api.lane(key ?? '')
  const quote = await lane.quotes.create({ evse, payment_source: world.sources.a.id })
  const deeds = {
    list: () => lane.sessions.list(),
    missing: () => lane.sessions.get('ses_01ARZ3NDEKTSV4RRFFQ69G5FAV'),
    quote: () => lane.quotes.create({ evse, payment_source: world.sources.a.id }),
    batch: () => lane.quotes.batch({ evses: [{ evse }] }),
    start: () => lane.sessions.create({ quote: quote.id }),
    source: () =>
      lane.payment_sources.create({
        driver: { external_id: 'late' },
        type: 'card',
        payment_method: 'pm_card_visa',
      }),
    malformed: () => lane.quotes.create({ evse: '', payment_source: '' }),
  }
  return { id, deeds }
}

const put = (status: 'active' | 'suspended') =>
  api.platform.accounts.update(world.a.account.id, { status })

async function outcomes({ deeds }: Awaited<ReturnType<typeof knownKey>>) {
  return Promise.all(Object.values(deeds).map((deed) => codeOf(deed())))
}

test('a key revoked by another process is refused from the next request on, whatever it asks', async () => {
  const known = await knownKey()
  expect(await codeOf(known.deeds.list())).toBe('answered')
  const { db } = api.database
  await revokeApiKey(db, world.a.account.id, known.id, api.deps.now())
  expect([...new Set(await outcomes(known))]).toEqual(['key_expired'])
  expect(api.corridor.started).toEqual([])
})

test('a key of an account suspended is refused until it is active again', async () => {
  const known = await knownKey()
  await put('suspended')
  expect([...new Set(await outcomes(known))]).toEqual(['account_restricted'])
  await put('active')
  expect(await codeOf(known.deeds.list())).toBe('answered')
})

test('a key that expires is refused from that instant on', async () => {
  const expires = new Date(Date.parse(api.deps.now()) + 60_000).toISOString()
  const { key } = await world.a.lane.api_keys.create({ name: 'short', expires_at: expires })
  const lane = api.lane(key ?? '')
  expect(await codeOf(lane.sessions.list())).toBe('answered')
  api.setClock(61_000)
  expect(await codeOf(lane.sessions.list())).toBe('key_expired')
  api.setClock(0)
})
