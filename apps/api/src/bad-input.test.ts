import { connect as dial } from 'node:net'
import { zProblem } from '@chargelane/openapi'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import type { ChargelaneError } from '@chargelane/sdk'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newApiKey } from './http/api-key.ts'
import { ocpiTariff, populate, startTestApi, type TestApi, type World } from './testing.ts'
import { checkPeerUrl } from './http/door/url-rules.ts'

let api: TestApi
let world: World
beforeAll(async () => {
  api = await startTestApi()
  world = await populate(api)
})
afterAll(() => api.stop())

/** What a call was refused with. */
const refusal = (call: Promise<unknown>): Promise<ChargelaneError> =>
  call.then(
    () => {
      throw new Error('was not refused')
    },
    (error: ChargelaneError) => error,
  )

async function post(
  path: string,
  body: string | Uint8Array | ReadableStream,
  headers: Record<string, string> = {},
) {
  const response = await fetch(`${api.url}${path}`, {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${world.a.key}`,
      'Content-Type': 'application/json',
      'Idempotency-Key': crypto.randomUUID(),
      ...headers,
    },
    body,
    duplex: 'half',
  })
  return {
    status: response.status,
    headers: response.headers,
    problem: zProblem.parse(await response.json()),
  }
}

describe('a malformed request', () => {
  it.each([
    ['no JSON', '{"evse":', 'body'],
    ['bytes that are no UTF-8', new Uint8Array([0x7b, 0xff, 0x7d]), 'body'],
    ['100000 nested arrays', '['.repeat(100_000), 'body'],
    ['25 nested objects', '{"a":'.repeat(25) + '1' + '}'.repeat(25), 'body'],
    ['no object', '[]', 'body'],
    ['a NUL character', '{"driver":{"external_id":"a\\u0000"}}', 'driver.external_id'],
    ['half a surrogate pair', '{"driver":{"external_id":"\\ud800"}}', 'driver.external_id'],
    ['a key that changes objects', '{"__proto__":{"admin":true}}', '__proto__'],
    ['a field that is given twice', '{"type":"card","type":"wallet"}', 'type'],
    ['a field that is given twice, spelt apart', '{"type":1,"t\\u0079pe" \n\t : 2}', 'type'],
    [
      'a field that is given twice, deeper',
      '{"driver":[{"a":{"b":"\\\\\\"b\\":","c":1},"a":2}]}',
      'a',
    ],
    ['a key that changes objects, deeper', '{"driver":{"constructor":{}}}', 'driver.constructor'],
  ])('with %s is answered with 400 that names the field', async (_, body, param) => {
    const { status, problem } = await post('/v1/payment_sources', body)
    expect(status).toBe(400)
    expect(problem).toMatchObject({ code: 'validation_error', param, retryable: false })
  })

  it('with a body over 256 KiB is answered with 413, whether or not its length is announced', async () => {
    const big = `{"name":"${'x'.repeat(300 * 1024)}"}`
    expect((await post('/v1/api_keys', big)).problem.code).toBe('body_too_large')
    const chunked = new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode(big))
        controller.close()
      },
    })
    expect((await post('/v1/api_keys', chunked)).status).toBe(413)
  })

  it('with a body that is compressed is answered with 415, whatever its bytes are', async () => {
    const { status, problem } = await post('/v1/api_keys', '{"name":"x"}', {
      'Content-Encoding': 'gzip',
    })
    expect([status, problem.param]).toEqual([415, 'Content-Encoding'])
  })

  it.each(['text/plain', 'application/x-www-form-urlencoded', ''])(
    'with content type %j is answered with 415',
    async (type) => {
      const { status, problem } = await post('/v1/api_keys', '{"name":"x"}', {
        'Content-Type': type,
      })
      expect(status).toBe(415)
      expect(problem.code).toBe('unsupported_media_type')
    },
  )

  it('with a method the path does not take is answered with 405 and the ones it takes', async () => {
    const response = await fetch(`${api.url}/v1/quotes/${newId('quote')}`, { method: 'DELETE' })
    expect(response.status).toBe(405)
    expect(response.headers.get('allow')).toBe('GET')
    expect((await fetch(`${api.url}/v1/nothing`)).status).toBe(404)
  })

  it.each(['limit=0', 'limit=101', 'limit=x', 'limit=1.5', 'cursor=%00', 'cursor=a%20b'])(
    'with ?%s names the parameter',
    async (query) => {
      const response = await fetch(`${api.url}/v1/sessions?${query}`, {
        headers: { Authorization: `Bearer ${world.a.key}` },
      })
      expect(response.status).toBe(400)
      expect(zProblem.parse(await response.json()).param).toBe(query.split('=')[0])
    },
  )

  it('with a cursor of another list is answered with invalid_cursor', async () => {
    const cursor = Buffer.from(newId('token')).toString('base64url')
    const error = await refusal(world.a.lane.sessions.list({ cursor }))
    expect(error).toMatchObject({ code: 'invalid_cursor', param: 'cursor', status: 422 })
  })

  it.each(['..', '%00', 'ses_1', "' or 1=1--", 'ses_01JC%0000000000000000000000000'])(
    'for the id %j is answered as for an id of nobody',
    async (id) => {
      const path = `/v1/sessions/${encodeURIComponent(id)}/timeline`
      const response = await fetch(`${api.url}${path}`, {
        headers: { Authorization: `Bearer ${world.a.key}` },
      })
      expect(response.status).toBe(404)
    },
  )

  it('carries its own request id back, and gets one when it has none we can log', async () => {
    const given = await fetch(`${api.url}/health`, { headers: { 'Request-Id': 'trip-7.1' } })
    expect(given.headers.get('request-id')).toBe('trip-7.1')
    const strange = await fetch(`${api.url}/health`, { headers: { 'Request-Id': 'a b"c' } })
    expect(strange.headers.get('request-id')).toMatch(/^req_/)
  })

  it('is dropped by the socket when it is two requests in one', async () => {
    const answer = await new Promise<string>((resolve, reject) => {
      const { hostname, port } = new URL(api.url)
      const socket = dial(Number(port), hostname)
      let text = ''
      socket.on('data', (data) => (text += data.toString()))
      socket.on('close', () => resolve(text))
      socket.on('error', reject)
      socket.end(
        'POST /v1/quotes HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET / HTTP/1.1\r\n\r\n',
      )
    })
    expect(answer).toMatch(/^HTTP\/1\.1 400/)
    expect(answer.match(/HTTP\/1\.1/g)).toHaveLength(1)
  })
})

describe('a value out of range', () => {
  it.each([
    [{ est_energy_wh: -1 }, 'est_energy_wh'],
    [{ est_energy_wh: 1.5 }, 'est_energy_wh'],
    [{ est_energy_wh: 1e15 }, 'est_energy_wh'],
    [{ est_duration_s: 0 }, 'est_duration_s'],
    [{ price: { amount: 1, currency: 'EUR' } }, 'price'],
    [{ channel: 'telepathy' }, 'channel'],
  ])('in a quote, %j, is named', async (extra, param) => {
    const body = { evse: 'DE*VWL*E1001*1', payment_source: world.sources.a.id, ...extra }
    const error = await refusal(world.a.lane.quotes.create(body as never))
    expect(error).toMatchObject({ code: 'validation_error', param, status: 400 })
  })

  it.each([
    ['ZZZ', 'unsupported_currency', 422],
    ['eur', 'validation_error', 400],
    ['EURO', 'validation_error', 400],
  ])('as the currency %s of an account is named', async (payout_currency, code, status) => {
    const error = await refusal(
      api.platform.accounts.create({
        type: 'partner',
        name: 'x',
        legal_name: 'x',
        country: 'DE',
        payout_currency,
        address: { street: 'x', city: 'x', postal_code: '1' },
      }),
    )
    expect(error).toMatchObject({ code, param: 'payout_currency', status })
  })

  it('as money of a currency that nobody knows is named, wherever it is asked for', async () => {
    const account = world.a.account.id
    const unknown = { amount: 1, currency: 'AAA' }
    const paid = { account, reference: 'x', received_at: '2026-01-01T00:00:00Z' }
    const { credit_lines: lines, risk_policies: policies } = api.platform
    for (const [param, asked] of [
      ['limit.currency', () => lines.set({ account, limit: unknown })],
      ['amount.currency', () => lines.record_payment({ ...paid, amount: unknown })],
      ['insured.currency', () => policies.set({ account, name: 'x', insured: unknown })],
    ] as const)
      expect(await refusal(asked())).toMatchObject({ code: 'unsupported_currency', param })
  })

  it.each([
    ['payout_currency', { payout_currency: 'AED' }],
    ['agreement.supply_model', { agreement: { commission_bps: 1, supply_model: 'direct' } }],
    [
      'agreement.supply_model',
      { agreement: { commission_bps: 1, supply_model: 'commissionaire' } },
    ],
  ] as const)('what could not be settled is refused at the account: %s', async (param, change) => {
    const error = await refusal(
      api.platform.accounts.create({
        type: 'cpo',
        name: 'x',
        legal_name: 'x',
        country: 'DE',
        payout_currency: 'EUR',
        address: { street: 'x', postal_code: 'x', city: 'x' },
        agreement: { commission_bps: 1, supply_model: 'agency' },
        ...change,
      }),
    )
    expect(error).toMatchObject({ code: 'not_offered', status: 422, param })
  })

  it.each([
    [{ elements: [] }, 'tariff.elements', 400],
    [{ currency: 'XXZ' }, 'tariff.currency', 422],
    [{ country_code: 'CH' }, 'tariff.party_id', 422],
    [{ last_updated: 'yesterday' }, 'tariff.last_updated', 400],
    [{ platform_fee: 1 }, 'tariff.platform_fee', 400],
  ])('in a tariff, %j, is named', async (extra, param, status) => {
    const error = await refusal(
      world.cpo.lane.tariffs.create({
        connection: world.connection.id,
        tariff: { ...ocpiTariff('bad'), ...extra },
      }),
    )
    expect(error.param).toBe(param)
    expect(error.status).toBe(status)
    expect((await world.cpo.lane.tariffs.list()).data.map((each) => each.ocpi_id)).toEqual([
      'dc-2026',
    ])
  })

  it.each([
    [{ identity: 'VWL-1001' }, 'identity'],
    [{ identity: 'a/b' }, 'identity'],
    [{ evse_id: 'DE*VWL*E1001*1' }, 'evses'],
    [{ evse_id: 'de-vwl' }, 'evses.0.evse_id'],
    [{ tariff: 'trf_00000000000000000000000000' }, 'evses.0.connectors.0.tariffs.0'],
  ])('in a charger, %j, is named and nothing is made', async (extra, param) => {
    const {
      identity = 'VWL-9',
      evse_id = 'DE*VWL*E9*1',
      tariff = world.tariff.id,
    } = extra as Record<string, string>
    const error = await refusal(
      world.cpo.lane.charge_stations.create({
        location: world.location.id,
        identity,
        evses: [
          {
            evse_id,
            connectors: [
              {
                standard: 'IEC_62196_T2',
                format: 'SOCKET',
                power_type: 'AC_3_PHASE',
                max_power_w: 22_000,
                max_voltage: 400,
                max_amperage: 32,
                tariffs: [tariff],
              },
            ],
          },
        ],
      }),
    )
    expect(error.param).toBe(param)
    expect((await world.cpo.lane.charge_stations.list()).data).toHaveLength(1)
  })

  it('names an account of type cpo without agreement, and a card registered twice', async () => {
    const cpo = await refusal(
      api.platform.accounts.create({
        type: 'cpo',
        name: 'x',
        legal_name: 'x',
        country: 'DE',
        payout_currency: 'EUR',
        address: { street: 'x', city: 'x', postal_code: '1' },
      }),
    )
    expect(cpo.param).toBe('agreement')
    const card = (lane = world.a.lane, source = world.sources.a.id) =>
      lane.tokens.create({
        driver: { external_id: 'user-42' },
        payment_source: source,
        type: 'RFID',
        uid: '04ffee11',
      })
    expect((await card()).uid).toBe('04FFEE11')
    expect(await refusal(card())).toMatchObject({ code: 'invalid_value', param: 'uid' })
    // What a stranger has is not told.
    expect((await card(world.b.lane, world.sources.b.id)).uid).toBe('04FFEE11')
  })
})

describe("another account's ids", () => {
  it('in a body are missing, and the field is named', async () => {
    const { a, b, sources, otherCpo, connection, location } = world
    const cases = [
      [
        () => b.lane.quotes.create({ evse: 'DE*VWL*E1001*1', payment_source: sources.a.id }),
        'payment_source',
      ],
      [
        () =>
          b.lane.tokens.create({
            driver: { external_id: 'u' },
            payment_source: sources.a.id,
            type: 'RFID',
            uid: '0411223344',
          }),
        'payment_source',
      ],
      [
        () => otherCpo.lane.tariffs.create({ connection: connection.id, tariff: ocpiTariff('x') }),
        'connection',
      ],
      [() => a.lane.api_keys.create({ name: 'x', account: b.account.id }), 'account'],
      [
        () =>
          otherCpo.lane.charge_stations.create({
            location: location.id,
            identity: 'X',
            evses: [anyEvse()],
          }),
        'location',
      ],
    ] as const
    for (const [call, param] of cases)
      expect(await refusal(call())).toMatchObject({ code: 'resource_missing', param, status: 404 })
  })

  it('leave a foreign quote untouched', async () => {
    const quote = await world.a.lane.quotes.create({
      evse: 'DE*VWL*E1001*1',
      payment_source: world.sources.a.id,
    })
    expect(await refusal(world.b.lane.sessions.create({ quote: quote.id }))).toMatchObject({
      code: 'resource_missing',
      param: 'quote',
    })
    expect((await refusal(world.b.lane.quotes.cancel(quote.id))).status).toBe(404)
    expect((await world.a.lane.quotes.get(quote.id)).status).toBe('open')
  })
})

const anyEvse = () => ({
  evse_id: 'DE*VWL*E77*1',
  connectors: [
    {
      standard: 'IEC_62196_T2' as const,
      format: 'SOCKET' as const,
      power_type: 'AC_3_PHASE' as const,
      max_power_w: 22_000,
      max_voltage: 400,
      max_amperage: 32,
      tariffs: [world.tariff.id],
    },
  ],
})

describe('an API key', () => {
  it('that is revoked, expired, or of a suspended account is refused from the next request on', async () => {
    const { a } = world
    const second = await a.lane.api_keys.create({ name: 'second' })
    const lane = api.lane(second.key ?? '')
    expect((await lane.sessions.list()).data).toEqual([])
    await a.lane.api_keys.revoke(second.id)
    expect(await refusal(lane.sessions.list())).toMatchObject({ code: 'key_expired', status: 401 })
    const soon = new Date(Date.now() + 60_000).toISOString()
    const third = await a.lane.api_keys.create({ name: 'third', expires_at: soon })
    api.setClock(120_000)
    expect((await refusal(api.lane(third.key ?? '').sessions.list())).code).toBe('key_expired')
    api.setClock(0)
    await api.platform.accounts.update(world.b.account.id, { status: 'suspended' })
    expect(await refusal(world.b.lane.sessions.list())).toMatchObject({
      code: 'account_restricted',
      status: 403,
    })
    await api.platform.accounts.update(world.b.account.id, { status: 'active' })
    expect((await world.b.lane.sessions.list()).data).toEqual([])
  })

  it('gives away no scope that it lacks', async () => {
    const narrow = await world.a.lane.api_keys.create({
      name: 'narrow',
      scopes: ['keys:write', 'sessions:read'],
    })
    const lane = api.lane(narrow.key ?? '')
    expect(await refusal(lane.payments.list())).toMatchObject({ code: 'insufficient_scope' })
    const child = await lane.api_keys.create({ name: 'child' })
    expect(child.scopes).toEqual(['keys:write', 'sessions:read'])
    const more = await refusal(lane.api_keys.create({ name: 'more', scopes: ['money:read'] }))
    expect(more).toMatchObject({ code: 'insufficient_scope', param: 'scopes' })
    const foreign = await refusal(
      world.a.lane.api_keys.create({ name: 'x', scopes: ['ledger:read'] }),
    )
    expect(foreign.code).toBe('insufficient_scope')
  })

  it('is shown once, and is known in the database by its digest alone', async () => {
    const made = await world.a.lane.api_keys.create({ name: 'once' })
    expect(made.key).toMatch(/^sk_test_[\w-]{49}$/)
    const listed = (await world.a.lane.api_keys.list()).data.find((each) => each.id === made.id)
    expect(listed).toMatchObject({ key: null, last_four: made.key?.slice(-4) })
    expect(newApiKey(true)).toMatch(/^sk_live_/)
  })
})

describe('a webhook URL', () => {
  const refused = [
    'http://example.com/',
    'https://user:pw@example.com/',
    'https://example.com:8443/',
    'ftp://example.com/',
    'https://localhost/',
    'https://localhost./',
    'https://127.0.0.1/',
    'https://2130706433/',
    'https://0x7f.1/',
    'https://0/',
    'https://10.0.0.1/',
    'https://100.64.0.1/',
    'https://169.254.169.254/latest/meta-data',
    'https://172.16.3.4/',
    'https://192.168.1.1/',
    'https://198.18.0.1/',
    'https://224.0.0.1/',
    'https://255.255.255.255/',
    'https://[::1]/',
    'https://[::]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[64:ff9b::7f00:1]/',
    'https://[fc00::1]/',
    'https://[fe80::1]/',
    'https://[2001:db8::1]/',
    'https://[2002:7f00:1::]/',
    'https://intranet/',
    'https://db.internal/',
    'https://printer.local/',
  ]
  const strict = { allowLoopback: false, code: 'webhook_url_refused' } as const

  it.each(refused)('%s is refused', (url) => {
    expect(() => checkPeerUrl(url, 'url', strict)).toThrow(
      expect.objectContaining({ code: 'webhook_url_refused', param: 'url' }),
    )
  })

  it.each(['https://example.com/hook', 'https://8.8.8.8/', 'https://[2606:4700::1111]/'])(
    '%s is allowed',
    (url) => {
      expect(() => checkPeerUrl(url, 'url', strict)).not.toThrow()
    },
  )

  it('may be loopback where the sandbox allows it, and nothing else private', async () => {
    const { lane } = world.a
    const events = ['session.*' as const]
    const made = await lane.webhook_endpoints.create({ url: 'http://127.0.0.1:9/hook', events })
    expect(made.secret).toMatch(/^whsec_/)
    for (const url of ['http://10.0.0.1/', 'https://192.168.0.1/', 'http://example.com/'])
      expect(await refusal(lane.webhook_endpoints.create({ url, events }))).toMatchObject({
        code: 'webhook_url_refused',
        status: 422,
        param: 'url',
      })
    const changed = await refusal(
      lane.webhook_endpoints.update(made.id, { url: 'http://10.1.1.1/' }),
    )
    expect(changed.code).toBe('webhook_url_refused')
    expect((await lane.webhook_endpoints.get(made.id)).url).toBe('http://127.0.0.1:9/hook')
  })
})
