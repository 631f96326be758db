// What partners do with their webhook endpoints and what became of each delivery; the sending itself is the worker's.
import {
  claimDeliveries,
  deliveriesOfEvent,
  recordDelivery,
} from '@chargelane/db/queries/outbox/deliveries'
import { endpointsMax } from '@chargelane/db/queries/outbox/webhook-endpoints'
import { ChargelaneError } from '@chargelane/sdk'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { populate, startTestApi, type TestApi, type World } from '../../testing.ts'

let api: TestApi
let world: World
beforeAll(async () => {
  api = await startTestApi()
  world = await populate(api)
})
afterAll(() => api.stop())

const url = 'http://127.0.0.1:9/hook'

async function refusal(attempt: Promise<unknown>): Promise<ChargelaneError> {
  const error = await attempt.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (error instanceof ChargelaneError) return error
  throw new Error('not refused', { cause: error })
}

/** What the worker would do with the oldest delivery of an endpoint. */
async function attemptOldest(endpointId: string, status: number): Promise<string> {
  const { db } = api.database
  const now = api.deps.now()
  const asked = { endpointId, now, limit: 1, failingLimit: 1 }
  const [claimed] = await claimDeliveries(db, asked)
  if (claimed === undefined) throw new Error('nothing is due')
  await recordDelivery(db, claimed.id, {
    at: now,
    durationMs: 40,
    status,
    ...(status < 300
      ? { kind: 'succeeded' as const }
      : { kind: 'failed' as const, error: `answered ${status}`, nextAttemptAt: now }),
  })
  return claimed.id
}

/** As a client that knows no types would. */
const create = (events: string[]) =>
  fetch(`${api.url}/v1/webhook_endpoints`, {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${world.b.key}`,
      'Content-Type': 'application/json',
      'Idempotency-Key': crypto.randomUUID(),
    },
    body: JSON.stringify({ url, events }),
  })

describe('an endpoint', () => {
  test('for an event we do not send is refused, and the field is named', async () => {
    for (const wrong of ['sesion.ended', 'session.exploded', 'ses*', 'sesion.*', 'session', '']) {
      const response = await create(['session.*', wrong])
      expect(response.status, wrong).toBe(400)
      expect(await response.json()).toMatchObject({ code: 'validation_error', param: 'events.1' })
    }
    const made = await create(['*', 'ping', 'session.*', 'webhook_endpoint.disabled'])
    expect(made.status).toBe(201)
  })

  test('is one of so many an account may have, also when they come at once', async () => {
    const { lane } = world.cpo
    const wishes = Array.from({ length: endpointsMax + 3 }, () =>
      lane.webhook_endpoints.create({ url, events: ['*'] }),
    )
    const made = await Promise.allSettled(wishes)
    expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(endpointsMax)
    const error = await refusal(lane.webhook_endpoints.create({ url, events: ['*'] }))
    expect(error).toMatchObject({ status: 409, code: 'limit_reached' })
    const { data } = await lane.webhook_endpoints.list({ limit: 1 })
    await lane.webhook_endpoints.delete(data[0]?.id ?? '')
    await lane.webhook_endpoints.create({ url, events: ['*'] })
  })

  test('changes its secret with an overlap, is shown the new one once, and never the old one', async () => {
    const { lane } = world.b
    const made = await lane.webhook_endpoints.create({ url, events: ['session.ended'] })
    const rolled = await lane.webhook_endpoints.roll_secret(made.id, { overlap_s: 3_600 })
    expect(rolled.secret).toMatch(/^whsec_/)
    expect(rolled.secret).not.toBe(made.secret)
    const left = Date.parse(rolled.previous_secret_until ?? '') - Date.parse(api.deps.now())
    expect(left).toBeLessThanOrEqual(3_600_000)
    expect(left).toBeGreaterThan(0)
    const shown = await lane.webhook_endpoints.get(made.id)
    expect(shown).toMatchObject({
      secret: null,
      previous_secret_until: rolled.previous_secret_until,
    })
    await lane.webhook_endpoints.test(made.id)
    const asked = { endpointId: made.id, now: api.deps.now(), limit: 1, failingLimit: 1 }
    const [claimed] = await claimDeliveries(api.database.db, asked)
    expect(claimed?.secrets).toEqual([rolled.secret, made.secret])
    const at = await lane.webhook_endpoints.roll_secret(made.id, { overlap_s: 0 })
    expect(at.previous_secret_until).toBeNull()
  })

  test('is tested by a ping for this endpoint alone, and the log keeps what was sent', async () => {
    const { lane } = world.a
    const events = ['session.ended' as const]
    const endpoint = await lane.webhook_endpoints.create({ url: 'http://127.0.0.1:9/', events })
    const everything = await lane.webhook_endpoints.create({
      url: 'http://127.0.0.1:9/all',
      events: ['*'],
    })
    const event = await lane.webhook_endpoints.test(endpoint.id)
    expect(event).toMatchObject({ type: 'ping', object: endpoint.id, sequence: 1 })
    const sent = await deliveriesOfEvent(api.database.db, world.a.account.id, event.id)
    expect(sent.map((each) => each.endpointId)).toEqual([endpoint.id])
    expect(await lane.events.get(event.id)).toEqual(event)
    // Shown once every tx of the server that is older has ended.
    await expect.poll(async () => (await lane.events.list()).data).toEqual([event])
    const replayed = await lane.events.replay({
      from: new Date(Date.now() - 60_000).toISOString(),
      to: new Date(Date.now() + 60_000).toISOString(),
      types: ['ping'],
    })
    expect(replayed.deliveries).toBe(1)
    await lane.webhook_endpoints.update(endpoint.id, { status: 'disabled' })
    expect((await refusal(lane.webhook_endpoints.test(endpoint.id))).code).toBe(
      'invalid_transition',
    )
    await lane.webhook_endpoints.delete(everything.id)
    expect((await refusal(lane.webhook_endpoints.get(everything.id))).status).toBe(404)
    await expect.poll(async () => (await lane.events.list()).data).toEqual([event])
  })
})

describe('a delivery', () => {
  test('is listed with its attempts, by endpoint, event and status, page by page', async () => {
    const { lane } = world.b
    const endpoint = await lane.webhook_endpoints.create({ url, events: ['session.ended'] })
    const pings = []
    for (let n = 0; n < 3; n++) pings.push(await lane.webhook_endpoints.test(endpoint.id))
    await attemptOldest(endpoint.id, 204)
    await attemptOldest(endpoint.id, 500)
    const webhook_endpoint = endpoint.id
    const first = await lane.webhook_deliveries.list({ webhook_endpoint, limit: 2 })
    expect(first.has_more).toBe(true)
    const second = await lane.webhook_deliveries.list({
      webhook_endpoint,
      limit: 2,
      cursor: first.next_cursor ?? '',
    })
    const all = [...first.data, ...second.data]
    expect(all.map(({ event }) => event)).toEqual(pings.map(({ id }) => id).toReversed())
    expect(all.map(({ status }) => status)).toEqual(['pending', 'failing', 'succeeded'])
    expect(all[1]).toMatchObject({
      event_type: 'ping',
      attempts: [{ duration_ms: 40, http_status: 500, error: 'answered 500' }],
    })
    for (const status of ['pending', 'failing', 'succeeded', 'dead'] as const) {
      const { data } = await lane.webhook_deliveries.list({ webhook_endpoint, status })
      expect(data.map(({ id }) => id)).toEqual(
        all.filter((each) => each.status === status).map(({ id }) => id),
      )
    }
    const [last] = (await lane.webhook_deliveries.list({ event: pings[2]?.id ?? '' })).data
    expect(await lane.webhook_deliveries.get(last?.id ?? '')).toEqual(last)
  })

  test('is sent again when its owner asks, unless the endpoint is disabled', async () => {
    const { lane } = world.b
    const endpoint = await lane.webhook_endpoints.create({ url, events: ['session.ended'] })
    await lane.webhook_endpoints.test(endpoint.id)
    const id = await attemptOldest(endpoint.id, 204)
    const again = await lane.webhook_deliveries.resend(id)
    expect(again).toMatchObject({ status: 'pending', attempts: [{ http_status: 204 }] })
    expect(await attemptOldest(endpoint.id, 200)).toBe(id)
    expect((await lane.webhook_deliveries.get(id)).attempts).toHaveLength(2)
    await lane.webhook_endpoints.update(endpoint.id, { status: 'disabled' })
    expect((await refusal(lane.webhook_deliveries.resend(id))).code).toBe('invalid_transition')
  })

  test('of a resting endpoint goes out at once after a ping or a resend', async () => {
    const { lane } = world.b
    const endpoint = await lane.webhook_endpoints.create({ url, events: ['session.ended'] })
    await lane.webhook_endpoints.test(endpoint.id)
    const id = await attemptOldest(endpoint.id, 500)
    await api.database.db.execute(
      `update webhook_endpoints set rest_until = now() + interval '5 hours' where id = '${endpoint.id}'`,
    )
    await expect(attemptOldest(endpoint.id, 200)).rejects.toThrow('nothing is due')
    await lane.webhook_deliveries.resend(id)
    expect(await attemptOldest(endpoint.id, 200)).toBe(id)
  })

  test('of a replay can be asked for one endpoint alone', async () => {
    const { lane } = world.b
    const endpoint = await lane.webhook_endpoints.create({ url, events: ['ping'] })
    await lane.webhook_endpoints.test(endpoint.id)
    const range = {
      from: new Date(Date.now() - 60_000).toISOString(),
      to: new Date(Date.now() + 60_000).toISOString(),
    }
    const one = await lane.events.replay({ ...range, webhook_endpoint: endpoint.id })
    const pings = (await lane.events.list({ limit: 100 })).data
    expect(one.deliveries).toBeGreaterThanOrEqual(1)
    expect(one.deliveries).toBeLessThanOrEqual(pings.length)
  })
})
