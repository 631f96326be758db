// The seam for the next version, with one that is made up: what is true of it is true of every later one.
import { zProblem } from '@chargelane/openapi'
import { apiVersion } from '@chargelane/openapi/vocabulary/versions'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { populate, startTestApi, type TestApi, type World } from '../testing.ts'
import { createVersions, type VersionChange } from './versions.ts'

const later = '2031-05-01'
/** In the later version a key's `name` is its `label`. */
const renamed: VersionChange = {
  version: later,
  request: (op, body) =>
    op.id === 'api_keys.create' && typeof body === 'object' && body !== null && 'label' in body
      ? { name: body.label }
      : body,
  answer: (op, body) =>
    op.id.startsWith('accounts.') ? { ...body, was_told_as: apiVersion } : body,
}

let api: TestApi
let world: World
beforeAll(async () => {
  api = await startTestApi({ versions: createVersions([apiVersion, later], [renamed]) })
  world = await populate(api)
})
afterAll(() => api.stop())

const call = (path: string, headers: Record<string, string> = {}, body?: object) =>
  fetch(`${api.url}${path}`, {
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    headers: {
      Authorization: `Bearer ${world.a.key}`,
      'Content-Type': 'application/json',
      'Idempotency-Key': crypto.randomUUID(),
      ...headers,
    },
  })

it('a key keeps the version it was made with, and shows it', async () => {
  const key = await world.a.lane.api_keys.create({ name: 'pinned', api_version: apiVersion })
  expect(key.api_version).toBe(apiVersion)
  const [listed] = (await world.a.lane.api_keys.list({ limit: 1 })).data
  expect(listed).toMatchObject({ id: key.id, api_version: apiVersion })
})

it('a request is read and answered in the version of its key, or in the one it names', async () => {
  const path = `/v1/accounts/${world.a.account.id}`
  const pinned = await call(path)
  expect(pinned.headers.get('api-version')).toBe(apiVersion)
  expect(await pinned.json()).toMatchObject({ was_told_as: apiVersion })
  const named = await call(path, { 'Api-Version': later })
  expect(named.headers.get('api-version')).toBe(later)
  expect(await named.json()).not.toHaveProperty('was_told_as')
  // It is the same thing, whichever way it is told.
  expect(named.headers.get('etag')).toBe(pinned.headers.get('etag'))
  expect((await call('/v1/api_keys', {}, { label: 'old words' })).status).toBe(201)
  expect((await call('/v1/api_keys', { 'Api-Version': later }, { label: 'old' })).status).toBe(400)
})

it('a version that is not served is refused with those that are', async () => {
  const refused = await call('/v1/sessions', { 'Api-Version': '2025-01-01' })
  expect(refused.status).toBe(400)
  expect(zProblem.loose().parse(await refused.json())).toMatchObject({
    code: 'validation_error',
    param: 'Api-Version',
    versions: [apiVersion, later],
  })
})
