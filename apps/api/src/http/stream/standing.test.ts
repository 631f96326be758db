// What was opened with a key does not outlive it: case `05-revoked-key-keeps-its-stream` and its kin.
import { contract } from '@chargelane/openapi'
import { DomainError } from '@chargelane/openapi/vocabulary/errors'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Viewer } from '../handler.ts'
import { watchStanding } from './standing.ts'
import {
  addEvse,
  cardOf,
  endSession,
  populate,
  startTestApi,
  type TestApi,
  type World,
} from '../../testing.ts'

let api: TestApi
let world: World
beforeAll(async () => {
  api = await startTestApi()
  world = await populate(api)
})
afterAll(() => api.stop())

let drivers = 0
async function sessionOfA(): Promise<string> {
  drivers += 1
  const evse = await addEvse(api, world, `DE*VWL*E3000*${drivers}`)
  const source = await cardOf(world.a.lane, `driver-${drivers}`)
  const quote = await world.a.lane.quotes.create({ evse, payment_source: source.id })
  return (await world.a.lane.sessions.create({ quote: quote.id })).id
}

type Key = { id: string; key: string }
async function keyOfA(): Promise<Key> {
  const made = await world.a.lane.api_keys.create({ name: 'reader' })
  return { id: made.id, key: made.key ?? '' }
}

const get = (path: string, { key }: Key) =>
  fetch(`${api.url}${path}`, { headers: { Authorization: `Bearer ${key}` } })

/** Every way in which a key may stop counting. */
const losses: Record<string, { lose: (key: Key) => Promise<unknown>; code: string }> = {
  'a revoked key': {
    lose: ({ id }) => world.a.lane.api_keys.revoke(id),
    code: 'key_expired',
  },
  'a suspended account': {
    lose: () => api.platform.accounts.update(world.a.account.id, { status: 'suspended' }),
    code: 'account_restricted',
  },
  'a lost scope': {
    lose: ({ id }) =>
      api.database.admin(`update api_keys set scopes = array['quotes:write'] where id = '${id}'`),
    code: 'insufficient_scope',
  },
  'an expiry brought forward': {
    lose: ({ id }) =>
      api.database.admin(`update api_keys set expires_at = now() where id = '${id}'`),
    code: 'key_expired',
  },
}

describe.each(Object.entries(losses))('%s', (_, { lose, code }) => {
  // A key that this process knows already, and one that it looks up for this request.
  for (const isKnown of [false, true])
    test(`ends the stream it opened${isKnown ? ', known before' : ''}`, async () => {
      const [session, key] = [await sessionOfA(), await keyOfA()]
      if (isKnown) await get(`/v1/sessions/${session}`, key)
      const response = await get(`/v1/sessions/${session}/stream`, key)
      expect(response.status).toBe(200)
      const reader = response.body?.getReader()
      await reader?.read()
      await lose(key)
      for (;;) if ((await reader?.read())?.done !== false) break
      expect((await get(`/v1/sessions/${session}/stream`, key)).ok).toBe(false)
      await api.platform.accounts.update(world.a.account.id, { status: 'active' })
    })

  test('ends a long poll with the refusal', async () => {
    const [session, key] = [await sessionOfA(), await keyOfA()]
    const { sequence } = await world.a.lane.sessions.get(session)
    const rings = api.deps.bell.next(world.a.account.id, 60_000)
    const poll = get(`/v1/sessions/${session}?wait=30&since_sequence=${sequence}`, key)
    await lose(key)
    await rings
    const response = await poll
    expect(await response.json()).toMatchObject({ code })
    await api.platform.accounts.update(world.a.account.id, { status: 'active' })
  })
})

test('a key that expires is looked at when it does, without anybody’s word', async () => {
  const expiresAt = '2026-11-30T12:00:00.000Z'
  const waits: number[] = []
  const rings: (() => void)[] = []
  const gone = new DomainError('key_expired', 'over')
  const viewer: Viewer = {
    accountId: 'acct_1',
    type: 'partner',
    sees: 'acct_1',
    keyId: 'key_1',
    scopes: ['sessions:read'],
    uncheckedKey: Buffer.from('digest'),
    expiresAt,
    apiVersion: '2026-11-01',
  }
  const next = (_: string, ms: number) => {
    waits.push(ms)
    return new Promise<void>((resolve) => rings.push(resolve))
  }
  const { lost } = watchStanding(
    {
      bell: { next },
      log: api.deps.log,
      now: () => '2026-11-30T11:59:50.000Z',
    },
    { viewer, op: contract.sessions.stream, confirm: () => Promise.reject(gone) },
  )
  expect(waits).toEqual([10_000])
  rings[0]?.()
  await new Promise((resolve) => lost.addEventListener('abort', resolve))
  expect(lost.reason).toBe(gone)
})

test('a stream of another key of the account goes on', async () => {
  const [session, key, other] = [await sessionOfA(), await keyOfA(), await keyOfA()]
  const response = await get(`/v1/sessions/${session}/stream`, other)
  const reader = response.body?.getReader()
  await reader?.read()
  await world.a.lane.api_keys.revoke(key.id)
  await endSession(api, session)
  const next = await reader?.read()
  expect(new TextDecoder().decode(next?.value)).toContain('event: session')
  await reader?.cancel()
})
