import { hasEtag, operations, readerOf } from '@chargelane/openapi'
import { etagOf } from '@chargelane/sdk'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { populate, startTestApi, type TestApi, type World } from '../testing.ts'
import { isKnown } from './etag.ts'

let api: TestApi
let world: World
beforeAll(async () => {
  api = await startTestApi()
  world = await populate(api)
})
afterAll(() => api.stop())

const get = (path: string, key: string, headers: Record<string, string> = {}) =>
  fetch(`${api.url}${path}`, { headers: { Authorization: `Bearer ${key}`, ...headers } })

/** How a call was refused. */
const refusal = (call: Promise<unknown>) =>
  call.then(
    () => undefined,
    (error: unknown) => error,
  )

describe('what is read', () => {
  it('has an ETag of its own, and is not sent again to whoever has it', async () => {
    const path = `/v1/locations/${world.location.id}`
    const first = await get(path, world.cpo.key)
    const etag = first.headers.get('etag') ?? ''
    expect(etag).toMatch(/^"[\w-]{22}"$/)
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const again = await get(path, world.cpo.key, { 'If-None-Match': known })
      expect([known, again.status, again.headers.get('etag'), await again.text()]).toEqual([
        known,
        304,
        etag,
        '',
      ])
    }
    expect((await get(path, world.cpo.key, { 'If-None-Match': '"other"' })).status).toBe(200)
  })

  it('of every kind but lists and streams has one', () => {
    const without = operations.filter((op) => op.method === 'get' && !hasEtag(op))
    const others = without.filter(
      ({ success }) =>
        success.kind !== 'json' ||
        !JSON.stringify(z.toJSONSchema(success.body, { io: 'input' })).includes('"has_more"'),
    )
    expect(others.map(({ id }) => id)).toEqual([
      'health.get',
      'sessions.stream',
      'signing_keys.list',
    ])
  })

  it('is asked for with entity tags and nothing else', () => {
    expect(() => isKnown('abc', '"abc"')).toThrow('If-None-Match: must be entity tags')
    expect(isKnown(undefined, '"abc"')).toBe(false)
  })
})

describe('two who change the same thing', () => {
  it('do not overwrite each other: the second is told what it is by now', async () => {
    const { accounts } = api.platform
    const seen = await accounts.get(world.a.account.id)
    const etag = etagOf(seen) ?? ''
    const changed = await accounts.update(seen.id, { name: 'First' }, { ifMatch: etag })
    const other = await refusal(accounts.update(seen.id, { name: 'Second' }, { ifMatch: etag }))
    expect(other).toMatchObject({
      code: 'precondition_failed',
      status: 412,
      param: 'If-Match',
      problem: { etag: etagOf(changed) },
    })
    expect((await accounts.get(seen.id)).name).toBe('First')
    expect(etagOf(await accounts.get(seen.id))).toBe(etagOf(changed))
    await accounts.update(seen.id, { name: seen.name }, { ifMatch: '*' })
  })

  it('at the same moment: one of them', async () => {
    const { accounts } = api.platform
    const seen = await accounts.get(world.b.account.id)
    const ifMatch = etagOf(seen) ?? ''
    const names = Array.from({ length: 8 }, (_, n) => `Name ${n}`)
    const ends = await Promise.all(
      names.map((name) => refusal(accounts.update(seen.id, { name }, { ifMatch }))),
    )
    expect(ends.filter((end) => end === undefined)).toHaveLength(1)
    expect((await accounts.get(seen.id)).name).toBe(names[ends.indexOf(undefined)])
  })

  it('with a POST as well, and a repeat of the one that came through is told its answer', async () => {
    const { webhook_endpoints: endpoints } = world.a.lane
    const made = await endpoints.create({ url: 'https://hooks.example.com/a', events: ['ping'] })
    const etag = etagOf(await endpoints.get(made.id)) ?? ''
    const roll = { ifMatch: etag, idempotencyKey: `roll-${made.id}` }
    await endpoints.update(made.id, { events: ['session.*'] })
    const late = await refusal(endpoints.roll_secret(made.id, { overlap_s: 0 }, roll))
    expect(late).toMatchObject({ code: 'precondition_failed' })
    // A refusal is not kept: the same key, with what it is now.
    const now = { ...roll, ifMatch: etagOf(await endpoints.get(made.id)) ?? '' }
    const rolled = await endpoints.roll_secret(made.id, { overlap_s: 0 }, now)
    const again = await endpoints.roll_secret(made.id, { overlap_s: 0 }, now)
    expect(again.secret).toBe(rolled.secret)
  })

  it('by an effect beyond the database: nothing of it is begun', async () => {
    const evse = 'DE*VWL*E1001*1'
    const quote = await world.a.lane.quotes.create({ evse, payment_source: world.sources.a.id })
    const session = await world.a.lane.sessions.create({ quote: quote.id })
    const stale = { ifMatch: '"stale"', idempotencyKey: `stop-${session.id}` }
    const refused = await refusal(world.a.lane.sessions.stop(session.id, stale))
    expect(refused).toMatchObject({ code: 'precondition_failed' })
    const seen = await world.a.lane.sessions.get(session.id)
    await world.a.lane.sessions.stop(session.id, { ...stale, ifMatch: etagOf(seen) ?? '' })
  })

  it('where nothing can be compared, If-Match is refused and not ignored', async () => {
    const call = { ifMatch: '"abc"' }
    const made = await refusal(world.a.lane.api_keys.create({ name: 'x' }, call))
    expect(made).toMatchObject({ code: 'validation_error', param: 'If-Match' })
    const nonsense = { ifMatch: 'abc' }
    const { accounts } = api.platform
    const changed = await refusal(accounts.update(world.a.account.id, { name: 'x' }, nonsense))
    expect(changed).toMatchObject({ code: 'validation_error', param: 'If-Match' })
  })

  it('every PATCH names how its thing is read', () => {
    const blind = operations.filter((op) => op.method === 'patch' && readerOf(op) === undefined)
    expect(blind).toEqual([])
  })
})
