import { beginIdempotent } from '@chargelane/db/queries/outbox/idempotency'
import { idempotencyKeys } from '@chargelane/db/schema'
import type { ChargelaneError } from '@chargelane/sdk'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fingerprintOf } from './idempotency.ts'
import { populate, startTestApi, type TestApi, type World } from '../../testing.ts'

let api: TestApi
let world: World
beforeAll(async () => {
  api = await startTestApi()
  world = await populate(api)
})
afterAll(() => api.stop())

const refusal = (call: Promise<unknown>): Promise<ChargelaneError> =>
  call.then(
    () => {
      throw new Error('was not refused')
    },
    (error: ChargelaneError) => error,
  )

const quoteOf = (evse = 'DE*VWL*E1001*1') =>
  world.a.lane.quotes.create({ evse, payment_source: world.sources.a.id })

/** As the SDK sends it, with the headers of the answer in reach. */
const askRaw = () =>
  fetch(`${api.url}/v1/quotes`, {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${world.a.key}`,
      'Content-Type': 'application/json',
      'Idempotency-Key': 'said-1',
    },
    body: JSON.stringify({ evse: 'DE*VWL*E1001*1', payment_source: world.sources.a.id }),
  })

describe('a repeated request', () => {
  it('with the same key and body has one effect and one answer, however its fields are ordered', async () => {
    const idempotencyKey = crypto.randomUUID()
    const first = await world.a.lane.payment_sources.create(
      { driver: { external_id: 'd1' }, type: 'card', payment_method: 'pm_card_visa' },
      { idempotencyKey },
    )
    const again = await world.a.lane.payment_sources.create(
      { payment_method: 'pm_card_visa', type: 'card', driver: { external_id: 'd1' } },
      { idempotencyKey },
    )
    expect(again).toEqual(first)
  })

  it('says that it is one', async () => {
    const [first, again] = [await askRaw(), await askRaw()]
    expect([first.status, again.status]).toEqual([201, 201])
    expect(first.headers.get('idempotent-replayed')).toBeNull()
    expect(again.headers.get('idempotent-replayed')).toBe('true')
    expect(await again.json()).toEqual(await first.json())
  })

  it('with the same key and another body, or at another path, is refused and leaves the first alone', async () => {
    const idempotencyKey = crypto.randomUUID()
    const card = (external_id: string) =>
      world.a.lane.payment_sources.create(
        { driver: { external_id }, type: 'card', payment_method: 'pm_card_visa' },
        { idempotencyKey },
      )
    const first = await card('d1')
    expect(await refusal(card('d2'))).toMatchObject({
      code: 'idempotency_key_reused',
      status: 409,
      param: 'Idempotency-Key',
    })
    const elsewhere = await refusal(world.a.lane.api_keys.create({ name: 'x' }, { idempotencyKey }))
    expect(elsewhere.code).toBe('idempotency_key_reused')
    expect(await card('d1')).toEqual(first)
  })

  it('twenty times at once makes one resource', async () => {
    const idempotencyKey = crypto.randomUUID()
    const lane = api.lane(world.a.key, { maxRetries: 4 })
    const made = await Promise.all(
      Array.from({ length: 20 }, () =>
        lane.quotes.create(
          { evse: 'DE*VWL*E1001*1', payment_source: world.sources.a.id },
          { idempotencyKey },
        ),
      ),
    )
    expect(new Set(made.map((quote) => quote.id)).size).toBe(1)
  })

  it('is told the quote as it was made, whatever became of it, and no second copy of it is kept', async () => {
    const idempotencyKey = crypto.randomUUID()
    const ask = () =>
      world.a.lane.quotes.create(
        { evse: 'DE*VWL*E1001*1', payment_source: world.sources.a.id },
        { idempotencyKey },
      )
    const first = await ask()
    await world.a.lane.quotes.cancel(first.id)
    expect(await ask()).toEqual(first)
    expect((await world.a.lane.quotes.get(first.id)).status).toBe('cancelled')
    const rows = await api.database.db.select().from(idempotencyKeys)
    const kept = rows.filter(({ key }) => key === idempotencyKey)
    expect(kept).toMatchObject([{ state: 'done', resourceId: first.id, response: null }])
  })

  it('of another account under the same key is a request of its own', async () => {
    const idempotencyKey = 'same-for-both'
    const [a, b] = [
      await world.a.lane.payment_sources.create(
        { driver: { external_id: 'd' }, type: 'card', payment_method: 'pm_card_visa' },
        { idempotencyKey },
      ),
      await world.b.lane.payment_sources.create(
        { driver: { external_id: 'other' }, type: 'card', payment_method: 'pm_card_visa' },
        { idempotencyKey },
      ),
    ]
    expect(a.id).not.toBe(b.id)
  })

  it('after a refused one is free again: nothing had happened', async () => {
    const idempotencyKey = crypto.randomUUID()
    const wrong = { evse: 'DE*VWL*E1001*1', payment_source: 'psrc_00000000000000000000000000' }
    expect((await refusal(world.a.lane.quotes.create(wrong, { idempotencyKey }))).status).toBe(404)
    const right = { ...wrong, payment_source: world.sources.a.id }
    expect((await world.a.lane.quotes.create(right, { idempotencyKey })).status).toBe('open')
  })
})

describe('a secret shown once', () => {
  it('is repeated to the key that asked for it, and lies sealed in the store', async () => {
    const idempotencyKey = crypto.randomUUID()
    const ask = () => world.a.lane.api_keys.create({ name: 'mine' }, { idempotencyKey })
    const [first, again] = [await ask(), await ask()]
    expect(again.key).toBe(first.key)
    const stored = JSON.stringify(await api.database.db.select().from(idempotencyKeys))
    expect(first.key).toMatch(/^sk_test_/)
    expect(stored).not.toContain(first.key)
    expect(stored).toContain('"response":"v1.test.')
    const other = api.lane((await world.a.lane.api_keys.create({ name: 'other' })).key ?? '')
    const replayed = await other.api_keys.create({ name: 'mine' }, { idempotencyKey })
    expect(replayed).toMatchObject({ id: first.id, key: null })
  })

  it('of a webhook endpoint and a charger is sealed, too', async () => {
    const endpoint = await world.a.lane.webhook_endpoints.create({
      url: 'http://127.0.0.1:9/',
      events: ['*'],
    })
    const stored = JSON.stringify(await api.database.db.select().from(idempotencyKeys))
    expect(endpoint.secret).toMatch(/^whsec_/)
    expect(stored).not.toContain(endpoint.secret)
    expect(world.station.password).toMatch(/^[0-9a-f]{32}$/)
    expect(stored).not.toContain(world.station.password)
    expect((await world.cpo.lane.charge_stations.get(world.station.id)).password).toBeNull()
  })
})

describe('a start', () => {
  it('repeated under its key is one session, started once', async () => {
    const quote = await quoteOf()
    const idempotencyKey = crypto.randomUUID()
    const before = api.corridor.started.length
    const start = () => world.a.lane.sessions.create({ quote: quote.id }, { idempotencyKey })
    const first = await start()
    expect(await start()).toEqual(first)
    expect(api.corridor.started).toHaveLength(before + 1)
    expect((await refusal(world.a.lane.sessions.create({ quote: quote.id }))).code).toBe(
      'quote_consumed',
    )
  })

  it('refused by the card is refused again under its key, without asking the card again', async () => {
    const quote = await quoteOf()
    api.corridor.answer = () =>
      Promise.resolve({
        kind: 'refused',
        code: 'payment_declined',
        message: 'Your card was declined.',
        extra: { decline_code: 'insufficient_funds' },
      })
    const idempotencyKey = crypto.randomUUID()
    const start = () => world.a.lane.sessions.create({ quote: quote.id }, { idempotencyKey })
    const before = api.corridor.started.length
    const [first, again] = [await refusal(start()), await refusal(start())]
    api.corridor.answer = undefined
    expect(first).toMatchObject({ code: 'payment_declined', status: 402, retryable: false })
    expect(first.problem).toMatchObject({ decline_code: 'insufficient_funds' })
    expect(again.problem).toEqual(first.problem)
    expect(api.corridor.started).toHaveLength(before + 1)
  })

  it('decided with 503 is not tried again by the SDK: the answer is kept', async () => {
    const quote = await quoteOf()
    api.corridor.answer = () =>
      Promise.resolve({ kind: 'refused', code: 'cpo_unreachable', message: 'No answer in 5 s.' })
    const before = api.corridor.started.length
    const lane = api.lane(world.a.key, { maxRetries: 4 })
    const error = await refusal(lane.sessions.create({ quote: quote.id }))
    api.corridor.answer = undefined
    expect(error).toMatchObject({ code: 'cpo_unreachable', status: 503, retryable: true })
    expect(api.corridor.started).toHaveLength(before + 1)
  })

  it('that broke half-way goes on under the same session id', async () => {
    const quote = await quoteOf('DE*VWL*E1001*2')
    let calls = 0
    const ids: string[] = []
    api.corridor.answer = (input) => {
      ids.push(input.sessionId)
      calls += 1
      if (calls === 1) throw new Error('the line was cut')
      api.corridor.answer = undefined
      return api.corridor.authorize(input, 'broken')
    }
    const lane = api.lane(world.a.key, { maxRetries: 2 })
    const session = await lane.sessions.create({ quote: quote.id })
    expect(ids).toEqual([session.id, session.id])
  })

  it('still in flight is answered with 409 and when to come back', async () => {
    const quote = await quoteOf()
    const at = api.deps.now()
    await beginIdempotent(api.database.db, {
      accountId: world.a.account.id,
      key: 'in-flight',
      operation: 'POST /v1/sessions',
      fingerprint: fingerprintOf('POST', '/v1/sessions', { quote: quote.id }),
      resourceId: 'ses_00000000000000000000000000',
      at,
    })
    const response = await fetch(`${api.url}/v1/sessions`, {
      method: 'POST',
      headers: {
        Authorization: `Bearer ${world.a.key}`,
        'Content-Type': 'application/json',
        'Idempotency-Key': 'in-flight',
      },
      body: JSON.stringify({ quote: quote.id }),
    })
    expect(response.status).toBe(409)
    expect(response.headers.get('retry-after')).toBe('2')
    expect(response.headers.get('should-retry')).toBe('true')
    expect(await response.json()).toMatchObject({
      code: 'idempotency_in_progress',
      retryable: true,
    })
  })
})
