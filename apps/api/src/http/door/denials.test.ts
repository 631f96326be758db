// R124: a denied access is kept, for the platform alone.
import { type AccessDenial, zProblem } from '@chargelane/openapi'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { populate, startTestApi, type TestApi, type World } from '../../testing.ts'

let api: TestApi
let world: World
beforeAll(async () => {
  api = await startTestApi()
  world = await populate(api)
})
afterAll(() => api.stop())

const ask = (path: string, key: string) =>
  fetch(`${api.url}${path}`, { headers: { Authorization: `Bearer ${key}` } })

async function denials(query: { account?: string; owner?: string } = {}) {
  await api.deps.denials.flush()
  return (await api.platform.access_denials.list(query)).data
}

it('names who was refused what of whose, and counts what is repeated', async () => {
  const endpoint = await world.a.lane.webhook_endpoints.create({
    url: 'https://hooks.example.com/a',
    events: ['*'],
  })
  const path = `/v1/webhook_endpoints/${endpoint.id}`
  for (let n = 0; n < 5; n++) expect((await ask(path, world.b.key)).status).toBe(404)
  const [denial, ...others] = await denials({ account: world.b.account.id })
  expect(others).toEqual([])
  expect(denial).toMatchObject({
    operation: 'webhook_endpoints.get',
    subject: path,
    owner: world.a.account.id,
    code: 'resource_missing',
    count: 5,
  })
  await ask(path, world.b.key)
  expect((await denials({ owner: world.a.account.id })).map(({ count }) => count)).toEqual([6])
})

it('tells a stranger nothing: another’s answers as what never was, which is no denial', async () => {
  const endpoint = await world.a.lane.webhook_endpoints.create({
    url: 'https://hooks.example.com/b',
    events: ['*'],
  })
  const nothing = `${endpoint.id.slice(0, -4)}0000`
  const [theirs, none] = await Promise.all(
    [endpoint.id, nothing].map(async (id) => {
      const answer = await ask(`/v1/webhook_endpoints/${id}`, world.cpo.key)
      return { ...zProblem.parse(await answer.json()), request_id: '' }
    }),
  )
  expect(theirs).toEqual(none)
  const subjects = (await denials({ account: world.cpo.account.id })).map(({ subject }) => subject)
  expect(subjects).toEqual([`/v1/webhook_endpoints/${endpoint.id}`])
})

it('is one row for all whose key is nobody’s, and a hundred subjects of an account in an hour', async () => {
  for (let n = 0; n < 3; n++)
    await ask(`/v1/sessions?limit=${n + 1}`, 'sk_test_nobodys00000000000000')
  const reader = await world.a.lane.api_keys.create({ name: 'narrow', scopes: ['quotes:write'] })
  const note = (n: number) =>
    api.deps.denials.note({
      account: world.a.account.id,
      key: reader.id,
      operation: 'sessions.get',
      path: `/v1/sessions/${n}`,
      objectId: null,
      code: 'insufficient_scope',
      requestId: 'req_1',
    })
  for (let n = 0; n < 1_000; n++) note(n)
  await api.deps.denials.flush()
  const all: AccessDenial[] = []
  for await (const denial of api.platform.access_denials.list({ limit: 100 })) all.push(denial)
  expect(all.filter(({ account }) => account === null)).toMatchObject([
    { operation: 'sessions.list', subject: '*', count: 3 },
  ])
  const kept = all.flatMap((denial) => (denial.api_key === reader.id ? [denial.count] : []))
  expect(kept).toHaveLength(101)
  expect(kept.reduce((sum, count) => sum + count, 0)).toBe(1_000)
})

it('is the platform’s to read, and nobody else’s', async () => {
  for (const { key } of [world.a, world.cpo, world.finance])
    expect((await ask('/v1/access_denials', key)).status).toBe(403)
})
