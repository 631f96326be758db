import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createAdaptorServer } from '@hono/node-server'
import { Hono } from 'hono'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { cpoTariffs } from './data.ts'
import { bill } from './price.ts'
import { type Cpo, type CpoSettings, startCpo } from './cpo.ts'

type Json = Record<string, unknown>
/** Whatever the answer holds: a list, credentials or a command's response. */
type Data = Json[] & { token: string; result: string; timeout: number }
type Received = { method: string; path: string; body: Json; token: string }

/** An eMSP that answers everything with success and remembers it. */
async function startEmsp() {
  const received: Received[] = []
  const app = new Hono()
  const server = createAdaptorServer({ fetch: app.fetch })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/ocpi`
  const modules = ['credentials', 'locations', 'tariffs', 'sessions', 'cdrs', 'tokens', 'commands']
  const roles = [{ role: 'EMSP', country_code: 'DE', party_id: 'CLN' }]
  app.all('/ocpi/*', async (context) => {
    const text = await context.req.text()
    const path = context.req.path.slice('/ocpi'.length)
    received.push({
      method: context.req.method,
      path,
      body: text === '' ? {} : JSON.parse(text),
      token: (context.req.header('authorization') ?? '').replace('Token ', ''),
    })
    const data =
      path === '/versions'
        ? [{ version: '2.2.1', url: `${base}/2.2.1` }]
        : path === '/2.2.1'
          ? {
              endpoints: modules.map((identifier) => ({
                identifier,
                role: 'RECEIVER',
                url: `${base}/2.2.1/${identifier}`,
              })),
            }
          : path === '/2.2.1/credentials'
            ? { token: 'emsp-token-c', url: `${base}/versions`, roles }
            : path.endsWith('/authorize')
              ? {
                  allowed: path.includes('GOOD') ? 'ALLOWED' : 'BLOCKED',
                  authorization_reference: 'ref-1',
                }
              : undefined
    return context.json({ data, status_code: 1000, timestamp: new Date().toISOString() })
  })
  return { base, received, roles, stop: () => server.close() }
}

/** A port that was free a moment ago; the operator must know its own address before it listens. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

const emsp = await startEmsp()
const cpos: Cpo[] = []
afterEach(async () => {
  await Promise.all(cpos.splice(0).map((cpo) => cpo.stop()))
  emsp.received.length = 0
})
afterAll(() => void emsp.stop())

async function start(settings: Partial<CpoSettings> = {}) {
  const cpo = await startCpo({
    port: await freePort(),
    tokenA: 'token-a',
    speed: 3_000,
    tickMs: 40,
    ...settings,
  })
  cpos.push(cpo)
  return cpo
}

async function ask(
  cpo: Cpo,
  token: string,
  method: string,
  path: string,
  body?: unknown,
  raw = false,
) {
  const response = await fetch(path.startsWith('http') ? path : `${cpo.url}/ocpi${path}`, {
    method,
    headers: { authorization: `Token ${raw ? token : Buffer.from(token).toString('base64')}` },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return {
    http: response.status,
    headers: response.headers,
    json: (await response.json()) as { status_code: number; data: Data },
  }
}

/** The eMSP's handshake; resolves with the token it got. */
async function register(cpo: Cpo): Promise<string> {
  const own = { token: 'emsp-token-b', url: `${emsp.base}/versions`, roles: emsp.roles }
  const { http, json } = await ask(cpo, 'token-a', 'POST', '/2.2.1/credentials', own)
  expect(http).toBe(200)
  return json.data.token
}

const command = (evse_uid = 'EVSE-0011', location_id = 'LOC-8005-1') => ({
  response_url: `${emsp.base}/results/1`,
  token: { uid: 'CLTOKEN', type: 'APP_USER', contract_id: 'DE-CLN-C12345678' },
  location_id,
  evse_uid,
  authorization_reference: 'ses_1',
})
const sent = (method: string, path: string) =>
  emsp.received.filter((it) => it.method === method && it.path.startsWith(path))

async function until(isThere: () => boolean): Promise<void> {
  await expect.poll(isThere).toBe(true)
}

const flow = (from: string, to: string, wh: number) => [
  { at: Date.parse(from), wh: 0 },
  { at: Date.parse(to), wh },
]
const begin = async (settings: Partial<CpoSettings> = {}) => {
  const cpo = await start({ minutes: 3, afterS: 0.2, ...settings })
  const token = await register(cpo)
  emsp.received.length = 0
  const { json } = await ask(cpo, token, 'POST', '/2.2.1/commands/START_SESSION', command())
  return { cpo, token, answer: json.data }
}
const result = () => sent('POST', '/results/1').map(({ body }) => body['result'])
const readings = () => sent('PATCH', '/2.2.1/sessions').map(({ body }) => body['kwh'])

describe('the operator’s own bill', () => {
  const [ac, , hpc] = cpoTariffs({ country_code: 'CH', party_id: 'ALP' })
  // By hand: energy × price, and from minute 15 (by day) 2.7752 per hour; times 1.081.
  test.each([
    [
      '25 minutes at noon',
      hpc!,
      '2026-11-21T11:00:00Z',
      '2026-11-21T11:25:00Z',
      30_000,
      2,
      19.149 + 2.7752 / 6,
    ],
    ['14 minutes at noon', hpc!, '2026-11-21T11:00:00Z', '2026-11-21T11:14:00Z', 30_000, 1, 19.149],
    [
      '25 minutes at night',
      hpc!,
      '2026-11-21T23:00:00Z',
      '2026-11-21T23:25:00Z',
      30_000,
      2,
      16.374,
    ],
    [
      'half of it after 22:00',
      hpc!,
      '2026-11-21T20:50:00Z',
      '2026-11-21T21:10:00Z',
      30_000,
      3,
      15 * 0.6383 + 15 * 0.5458,
    ],
    [
      'five hours on AC by day',
      ac!,
      '2026-11-21T08:00:00Z',
      '2026-11-21T13:00:00Z',
      40_000,
      2,
      18.132 + 1.1101,
    ],
    ['nothing', ac!, '2026-11-21T08:00:00Z', '2026-11-21T08:00:00Z', 0, 1, 0],
  ])('%s', (_, tariff, from, to, wh, periods, exclVat) => {
    const total = bill(flow(from, to, wh), tariff)
    expect(total.periods).toHaveLength(periods)
    expect(total.exclVat).toBeCloseTo(exclVat, 4)
    expect(total.inclVat).toBeCloseTo(exclVat * 1.081, 3)
    expect(total.periods.reduce((sum, period) => sum + period.wh, 0)).toBe(wh)
  })
})

describe('registration', () => {
  test('token A opens nothing but the registration, and is spent by it', async () => {
    const cpo = await start()
    expect((await ask(cpo, 'token-a', 'GET', '/versions')).http).toBe(200)
    expect((await ask(cpo, 'token-a', 'GET', '/2.2.1/locations')).http).toBe(401)
    expect((await ask(cpo, 'wrong', 'GET', '/versions')).http).toBe(401)
    const token = await register(cpo)
    expect((await ask(cpo, 'token-a', 'GET', '/versions')).http).toBe(401)
    expect((await ask(cpo, token, 'GET', '/2.2.1/locations')).http).toBe(200)
    expect((await ask(cpo, token, 'POST', '/2.2.1/credentials', {})).http).toBe(405)
  })

  test('it begins the registration itself, and pushes with the token it got', async () => {
    const cpo = await start()
    await cpo.register({ versionsUrl: `${emsp.base}/versions`, tokenA: 'emsp-token-a' })
    await cpo.changePrice('ALP-AC-22', 120)
    const [push] = sent('PUT', '/2.2.1/tariffs/CH/ALP/ALP-AC-22')
    expect(Buffer.from(push!.token, 'base64').toString()).toBe('emsp-token-c')
    expect(push!.body).toMatchObject({ elements: [{ price_components: [{ price: 0.544 }] }, {}] })
  })

  test('a raw-token operator refuses Base64 and sends none', async () => {
    const cpo = await start({ rawToken: true })
    expect((await ask(cpo, 'token-a', 'GET', '/versions')).http).toBe(401)
    expect((await ask(cpo, 'token-a', 'GET', '/versions', undefined, true)).http).toBe(200)
    await cpo.register({ versionsUrl: `${emsp.base}/versions`, tokenA: 'emsp-token-a' })
    expect(emsp.received[0]?.token).toBe('emsp-token-a')
  })

  test('started again on its file it knows whom it sells to and what it sold', async () => {
    const stateFile = join(mkdtempSync(join(tmpdir(), 'cpo-')), 'cpo.json')
    const first = await start({ stateFile, minutes: 1 })
    const token = await register(first)
    await ask(first, token, 'POST', '/2.2.1/commands/START_SESSION', command())
    await until(() => first.cdrs().length === 1)
    const again = await start({ stateFile })
    expect((await ask(again, token, 'GET', '/2.2.1/cdrs')).json.data).toEqual(first.cdrs())
  })
})

describe('lists', () => {
  test('all locations come page by page, filtered by last_updated', async () => {
    const cpo = await start()
    const token = await register(cpo)
    const ids: string[] = []
    for (let url: string | undefined = `${cpo.url}/ocpi/2.2.1/locations`; url !== undefined; ) {
      const { json, headers } = await ask(cpo, token, 'GET', url)
      ids.push(...json.data.map((it) => String(it['id'])))
      expect(headers.get('x-total-count')).toBe('24')
      url = /<([^>]+)>; rel="next"/.exec(headers.get('link') ?? '')?.[1]
    }
    expect(new Set(ids).size).toBe(24)
    const later = await ask(cpo, token, 'GET', '/2.2.1/locations?date_from=2099-01-01T00:00:00Z')
    expect(later.json.data).toEqual([])
    expect((await ask(cpo, token, 'GET', '/2.2.1/sessions')).json.status_code).toBe(2001)
  })
})

describe('charging', () => {
  test('a session goes from PENDING over ACTIVE to COMPLETED, and its record adds up', async () => {
    const { cpo, answer } = await begin()
    expect(answer).toEqual({ result: 'ACCEPTED', timeout: 30 })
    await until(() => sent('POST', '/2.2.1/cdrs').length === 1)
    expect(result()).toEqual(['ACCEPTED'])
    const states = [...sent('PUT', '/2.2.1/sessions'), ...sent('PATCH', '/2.2.1/sessions')]
    expect(new Set(states.map(({ body }) => body['status']).filter(Boolean))).toEqual(
      new Set(['PENDING', 'ACTIVE', 'COMPLETED']),
    )
    const [cdr] = cpo.cdrs()
    expect(cdr).toMatchObject({
      authorization_reference: 'ses_1',
      total_energy: 5.9,
      session_id: cpo.sessions()[0]!.id,
      currency: 'CHF',
    })
    expect(
      sent('PATCH', '/2.2.1/locations/CH/ALP/LOC-8005-1/EVSE-0011').map(
        ({ body }) => body['status'],
      ),
    ).toEqual(['CHARGING', 'AVAILABLE'])
  })

  test('a stop ends it where the meter stands', async () => {
    const { cpo, token } = await begin({ minutes: 1_000 })
    await until(() => sent('PATCH', '/2.2.1/sessions').length > 2)
    const stop = { response_url: `${emsp.base}/results/2`, session_id: cpo.sessions()[0]!.id }
    expect(
      (await ask(cpo, token, 'POST', '/2.2.1/commands/STOP_SESSION', stop)).json.data.result,
    ).toBe('ACCEPTED')
    await until(
      () => sent('POST', '/2.2.1/cdrs').length === 1 && sent('POST', '/results/2').length === 1,
    )
    expect(
      (await ask(cpo, token, 'POST', '/2.2.1/commands/STOP_SESSION', stop)).json.data.result,
    ).toBe('UNKNOWN_SESSION')
  })

  test.each([
    ['reject', 'REJECTED', []],
    ['occupied', 'ACCEPTED', ['EVSE_OCCUPIED']],
    ['timeout', 'ACCEPTED', ['TIMEOUT']],
    ['accept_then_no_session', 'ACCEPTED', ['ACCEPTED']],
  ] as const)('%s: no session', async (scenario, word, results) => {
    const { cpo, answer } = await begin({ scenario })
    expect(answer.result).toBe(word)
    await cpo.atRest()
    expect(result()).toEqual(results)
    expect(cpo.sessions()).toEqual([])
  })

  test('late_start: TIMEOUT, and then it charges all the same', async () => {
    await begin({ scenario: 'late_start' })
    await until(() => sent('POST', '/2.2.1/cdrs').length === 1)
    expect(result()).toEqual(['TIMEOUT'])
  })

  test.each([
    ['no_cdr', [], 0],
    ['late_cdr', [201], 1],
    ['duplicate_cdr', [201, 201], 1],
    ['changed_cdr', [201, 201], 1],
  ] as const)('%s: what is posted and what is listed', async (scenario, posts, listed) => {
    const { cpo } = await begin({ scenario })
    await cpo.atRest()
    expect(cpo.sessions()).toMatchObject([{ status: 'COMPLETED' }])
    const records = sent('POST', '/2.2.1/cdrs').map(({ body }) => body)
    expect(records).toHaveLength(posts.length)
    expect(cpo.cdrs()).toHaveLength(listed)
    const contents = new Set(records.map((record) => JSON.stringify(record)))
    expect(contents.size).toBe(scenario === 'changed_cdr' ? 2 : Math.min(listed, 1))
    expect(new Set(records.map((record) => record['id'])).size).toBe(Math.min(listed, 1))
  })

  test('tariff_change: the price is published dearer, and the record asks the new one', async () => {
    const { cpo } = await begin({ scenario: 'tariff_change' })
    await until(() => sent('POST', '/2.2.1/cdrs').length === 1)
    expect(sent('PUT', '/2.2.1/tariffs/CH/ALP/ALP-HPC-150')).toHaveLength(1)
    const [cdr] = cpo.cdrs()
    const energy = Number(cdr!['total_energy'])
    const { excl_vat } = cdr!['total_cost'] as { excl_vat: number }
    expect(excl_vat / energy).toBeGreaterThan(0.6)
    expect((cdr!['tariffs'] as { last_updated: string }[])[0]!.last_updated).not.toBe(
      '2026-09-01T06:00:00Z',
    )
  })

  test('silent: nothing is pushed, all of it is listed', async () => {
    const { cpo, token } = await begin({ scenario: 'silent' })
    await until(() => cpo.cdrs().length === 1)
    expect([...sent('PUT', '/2.2.1/sessions'), ...sent('POST', '/2.2.1/cdrs')]).toEqual([])
    const listed = await ask(cpo, token, 'GET', '/2.2.1/sessions?date_from=2020-01-01T00:00:00Z')
    expect(listed.json.data).toMatchObject([{ status: 'COMPLETED' }])
  })

  test('ghost: the meter stands still and the session stays open', async () => {
    const { cpo } = await begin({ scenario: 'ghost' })
    await until(() => readings().length > 12)
    expect(new Set(readings().slice(-4)).size).toBe(1)
    expect(cpo.sessions()).toMatchObject([{ status: 'ACTIVE' }])
  })

  test('offline: connections are refused until it is back', async () => {
    const { cpo, token } = await begin()
    await cpo.goOffline()
    await expect(ask(cpo, token, 'GET', '/versions')).rejects.toThrow('fetch failed')
    await cpo.goOnline()
    expect((await ask(cpo, token, 'GET', '/versions')).http).toBe(200)
  })

  test('a card is asked about first, and charges under the reference given', async () => {
    const cpo = await start({ minutes: 1 })
    await register(cpo)
    expect(await cpo.tapCard('CH*ALP*E0012', 'BAD')).toBe('BLOCKED')
    expect(await cpo.tapCard('EVSE-0012', 'GOOD')).toBe('ALLOWED')
    await until(() => cpo.cdrs().length === 1)
    expect(cpo.cdrs()[0]).toMatchObject({
      authorization_reference: 'ref-1',
      auth_method: 'AUTH_REQUEST',
      cdr_token: { uid: 'GOOD' },
    })
  })

  test('each EVSE may play its own part, also told from another process', async () => {
    const cpo = await start({ minutes: 1 })
    const token = await register(cpo)
    const told = await fetch(`${cpo.url}/control`, {
      method: 'POST',
      body: JSON.stringify({ evse_uid: 'EVSE-0012', scenario: 'reject' }),
    })
    expect(told.status).toBe(204)
    const answers = []
    for (const uid of ['EVSE-0011', 'EVSE-0012']) {
      answers.push(
        (await ask(cpo, token, 'POST', '/2.2.1/commands/START_SESSION', command(uid))).json.data
          .result,
      )
    }
    expect(answers).toEqual(['ACCEPTED', 'REJECTED'])
  })
})
