// A process that was killed with a request in hand: the next caller waits 15 s for it and no longer, and nothing is done twice.
import { beginIdempotent } from '@chargelane/db/queries/outbox/idempotency'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { populate, startTestApi, type TestApi, type World } from '../../testing.ts'
import { fingerprintOf } from './idempotency.ts'
import { createLeases } from './leases.ts'

let api: TestApi
let world: World
beforeAll(async () => {
  api = await startTestApi()
  world = await populate(api)
})
afterAll(() => api.stop())

const quoteOf = () =>
  world.a.lane.quotes.create({ evse: 'DE*VWL*E1001*1', payment_source: world.sources.a.id })

const codeOf = (call: Promise<unknown>) =>
  call.then(
    () => 'done',
    (error: { code: string }) => error.code,
  )

it('goes on under the same session once its process was silent for 15 s', async () => {
  const quote = await quoteOf()
  const sessionId = newId('session')
  await beginIdempotent(api.database.db, {
    accountId: world.a.account.id,
    key: 'killed',
    operation: 'POST /v1/sessions',
    fingerprint: fingerprintOf('POST', '/v1/sessions', { quote: quote.id }),
    resourceId: sessionId,
    at: api.deps.now(),
  })
  const start = () =>
    world.a.lane.sessions.create({ quote: quote.id }, { idempotencyKey: 'killed' })
  expect(await codeOf(start())).toBe('idempotency_in_progress')
  const before = api.corridor.started.length
  api.setClock(15_001)
  expect((await start()).id).toBe(sessionId)
  expect((await start()).id).toBe(sessionId)
  expect(api.corridor.started).toHaveLength(before + 1)
})

it('stays with a process that works for long', async () => {
  const held = { accountId: world.a.account.id, key: 'slow' }
  const request = {
    ...held,
    operation: 'POST /v1/sessions',
    fingerprint: Buffer.from('x'),
    resourceId: newId('session'),
  }
  const leases = createLeases(api.deps)
  api.setClock(0)
  await beginIdempotent(api.database.db, { ...request, at: api.deps.now() })
  await leases.during(held, async () => {
    api.setClock(40_000)
    await leases.renew()
    const other = await beginIdempotent(api.database.db, { ...request, at: api.deps.now() })
    expect(other.kind).toBe('in_progress')
  })
  // It has ended without an answer, as a killed one has.
  await leases.renew()
  api.setClock(56_000)
  const next = await beginIdempotent(api.database.db, { ...request, at: api.deps.now() })
  expect(next).toMatchObject({ kind: 'proceed', takenOver: true, resourceId: request.resourceId })
})
