import { request } from 'node:http'
import { apiVersion, zProblem } from '@chargelane/openapi'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import type { ChargelaneError } from '@chargelane/sdk'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { populate, startTestApi, type TestApi, type World } from '../../testing.ts'

let api: TestApi
let world: World
beforeAll(async () => {
  api = await startTestApi()
  world = await populate(api)
})
afterAll(() => api.stop())

/** A target as it is written: `fetch` would resolve its dots. */
function raw(path: string, headers: Record<string, string>) {
  return new Promise<{ status: number; text: string }>((resolve, reject) => {
    const { hostname, port } = new URL(api.url)
    const asking = request({ hostname, port, path, headers }, (answer) => {
      let text = ''
      answer.on('data', (data: Buffer) => (text += data.toString()))
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }))
    })
    asking.on('error', reject)
    asking.end()
  })
}

/** What a call was refused with. */
const refusal = (call: Promise<unknown>): Promise<ChargelaneError> =>
  call.then(
    () => {
      throw new Error('was not refused')
    },
    (error: ChargelaneError) => error,
  )

const sendIn = (charset: string) =>
  fetch(`${api.url}/v1/api_keys`, {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${world.a.key}`,
      'Content-Type': `application/json; charset=${charset}`,
      'Idempotency-Key': newId('request'),
    },
    body: JSON.stringify({ name: `in ${charset}` }),
  })

describe('a request', () => {
  it('that is denied is logged as that, with who asked for what, and without the key', async () => {
    const unknown = { Authorization: 'Bearer sk_test_nobodys0000000000000000' }
    await fetch(`${api.url}/v1/accounts`, { headers: unknown })
    const reader = await world.a.lane.api_keys.create({ name: 'reader', scopes: ['quotes:write'] })
    await fetch(`${api.url}/v1/sessions`, { headers: { Authorization: `Bearer ${reader.key}` } })
    const denied = api.logged.filter((line) => line.includes('access denied'))
    expect(denied).toHaveLength(2)
    expect(JSON.parse(denied[1] ?? '')).toMatchObject({
      operation: 'sessions.list',
      account: world.a.account.id,
      key: reader.id,
      status: 403,
      path: '/v1/sessions',
    })
    expect(denied.join('')).not.toContain('sk_test_')
  })

  it.each([
    '/v1/sessions/%2e%2e/accounts',
    '/v1/sessions/..%2faccounts',
    '/v1/sessions/../accounts',
    '/v1//accounts',
    '/v1/./accounts',
    '/v1/accounts%00',
    '/v1/sessions/%5c..%5caccounts',
    '/v1/accounts/%ff',
    '/%76%31/accounts',
    '/v1/signing%5Fkeys',
    '/v1/accounts%7f',
    '/v1/accounts?limit=%ff',
  ])('to %s is refused, wherever it would lead', async (target) => {
    const answer = await raw(target, { Authorization: `Bearer ${world.a.key}` })
    expect(answer.status).toBe(400)
    expect(zProblem.parse(JSON.parse(answer.text)).code).toBe('validation_error')
  })

  it.each([
    ['expand=cdr', 'expand'],
    ['limit=5&Limit=6', 'Limit'],
    ['limit=5&limit=6', 'limit'],
    ['__proto__=1', '__proto__'],
  ])('with ?%s is told which parameter is wrong', async (query, param) => {
    const headers = { Authorization: `Bearer ${world.a.key}` }
    const answer = await fetch(`${api.url}/v1/sessions?${query}`, { headers })
    expect(answer.status).toBe(400)
    expect(zProblem.parse(await answer.json())).toMatchObject({ code: 'validation_error', param })
  })

  it('is answered with the version and what is left of its rate; another version is refused', async () => {
    const headers = { Authorization: `Bearer ${world.a.key}` }
    const answer = await fetch(`${api.url}/v1/sessions`, {
      headers: { ...headers, 'Api-Version': apiVersion },
    })
    expect(answer.status).toBe(200)
    expect(answer.headers.get('api-version')).toBe(apiVersion)
    expect(answer.headers.get('ratelimit-policy')).toBe('"requests";q=200000;w=2')
    expect(answer.headers.get('ratelimit')).toMatch(/^"requests";r=\d+;t=[01]$/)
    const other = { ...headers, 'Api-Version': '2025-01-01' }
    const refused = await fetch(`${api.url}/v1/sessions`, { headers: other })
    expect(refused.status).toBe(400)
    expect(zProblem.parse(await refused.json()).param).toBe('Api-Version')
  })

  it('is logged and answered with the trace of its caller, or with one of its own', async () => {
    const given = `${'a'.repeat(31)}b`
    const traces: string[] = []
    for (const header of [`00-${given}-${'c'.repeat(16)}-01`, '00-nonsense']) {
      const answer = await fetch(`${api.url}/health`, { headers: { traceparent: header } })
      const [, trace = ''] = (answer.headers.get('traceparent') ?? '').split('-')
      expect(api.logged.at(-1)).toContain(`"trace":"${trace}"`)
      traces.push(trace)
    }
    expect(traces).toEqual([given, expect.stringMatching(/^[0-9a-f]{32}$/)])
  })

  it.each([
    'a\u200bb',
    'a\u00adb',
    'a\u2060b',
    '\u3164',
    '\u200d',
    ' ',
    '\u00a0',
    'a\u202eb',
    'a\u2066b',
    'a\u0085b',
    '\ufeffa',
    'a\u2028b',
    'a\u0007b',
  ])('names nothing %j', async (name) => {
    const error = await refusal(world.a.lane.api_keys.create({ name }))
    expect(error).toMatchObject({ code: 'validation_error', param: 'name', status: 400 })
  })

  it('names nothing with tag characters, which no schema can say', async () => {
    const error = await refusal(world.a.lane.api_keys.create({ name: 'a\u{e0041}b' }))
    expect(error).toMatchObject({ code: 'invalid_value', param: 'name' })
  })

  it('has its body in UTF-8 and says no other charset', async () => {
    expect((await sendIn('iso-8859-1')).status).toBe(415)
    expect((await sendIn('UTF-8')).status).toBe(201)
  })

  it('for the docs is answered with a policy of what the page may load', async () => {
    const answer = await fetch(`${api.url}/docs`)
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(answer.headers.get('content-security-policy')).toContain("script-src 'self'")
  })
})
