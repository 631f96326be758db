import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { Chargelane, ChargelaneError, type Session } from './client.ts'

type Seen = { method: string; url: string; headers: IncomingMessage['headers']; body: string }
type Answer = (seen: Seen, response: ServerResponse) => void

let server: Server
let baseUrl: string
let seen: Seen[] = []
let script: Answer[] = []

const json =
  (status: number, body: unknown, headers: Record<string, string> = {}): Answer =>
  (_, response) => {
    response.writeHead(status, { 'Content-Type': 'application/json', ...headers })
    response.end(JSON.stringify(body))
  }
const problem = (status: number, code: string, extra: Record<string, unknown> = {}, headers = {}) =>
  json(
    status,
    {
      type: `https://chargelane.dev/errors/${code}`,
      title: code,
      status,
      code,
      detail: 'because',
      retryable: status >= 500,
      driver_message: { en: 'Sorry.', de: 'Leider nicht.' },
      request_id: 'req_1',
      ...extra,
    },
    headers,
  )

/** A server that answers by the script, the last line for ever. */
beforeAll(async () => {
  server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString()))
    request.on('end', () => {
      const { method = '', url = '', headers } = request
      const call = { method, url, headers, body }
      seen.push(call)
      const answer = script.length > 1 ? script.shift() : script[0]
      answer?.(call, response)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('no port')
  baseUrl = `http://127.0.0.1:${address.port}`
})
afterAll(() => new Promise((resolve) => server.close(resolve)))
beforeEach(() => {
  seen = []
  script = []
})

const lane = (options: Partial<ConstructorParameters<typeof Chargelane>[0]> = {}) =>
  new Chargelane({ apiKey: 'sk_test_1', baseUrl: `${baseUrl}/`, ...options })
const session = (sequence: number, status = 'charging') => ({ id: 'ses_1', sequence, status })

const events =
  (...lines: string[]): Answer =>
  (_, response) => {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' })
    response.end(lines.join(''))
  }
const message = (id: string, event: unknown) => `id: ${id}\ndata: ${JSON.stringify(event)}\n\n`

const isSettled = (each: Session) => each.money_status === 'settled'

describe('the client', () => {
  it('has every operation of the contract under its own name', () => {
    const text = readFileSync(new URL('../../openapi/openapi.json', import.meta.url), 'utf8')
    const { paths } = JSON.parse(text) as {
      paths: Record<string, Record<string, { operationId: string }>>
    }
    const ids = Object.values(paths).flatMap((path) =>
      Object.values(path).map((op) => op.operationId),
    )
    const client = lane() as unknown as Record<string, Record<string, unknown>>
    expect(ids.length).toBeGreaterThan(50)
    for (const id of ids) {
      const [resource = '', verb = ''] = id.split('.')
      expect(client[resource]?.[verb], id).toBeTypeOf('function')
    }
  })

  it('sends the key, the body as it is, and makes up an idempotency key', async () => {
    script = [json(201, { id: 'quo_1' })]
    const body = { evse: 'DE*VWL*E1*1', payment_source: 'psrc_1', est_energy_wh: 24_000 }
    await lane().quotes.create(body)
    expect(seen[0]).toMatchObject({ method: 'POST', url: '/v1/quotes' })
    expect(JSON.parse(seen[0]?.body ?? '')).toEqual(body)
    expect(seen[0]?.headers).toMatchObject({ authorization: 'Bearer sk_test_1' })
    expect(seen[0]?.headers['idempotency-key']).toMatch(/^[0-9a-f-]{36}$/)
  })

  it('escapes what it puts into a path', async () => {
    script = [json(200, {})]
    await lane().evses.get('DE*VWL*E1/../*1')
    expect(seen[0]?.url).toBe('/v1/evses/DE*VWL*E1%2F..%2F*1')
  })
})

describe('a retry', () => {
  it.each([408, 429, 500, 502, 503])(
    'follows %i under the same idempotency key',
    async (status) => {
      script = [
        problem(status, 'internal_error', {}, { 'Retry-After': '0' }),
        json(201, { id: 'quo_1' }),
      ]
      await lane().quotes.create({ evse: 'e', payment_source: 'p' })
      const keys = seen.map((call) => call.headers['idempotency-key'])
      expect(keys).toHaveLength(2)
      expect(keys[0]).toBe(keys[1])
    },
  )

  it('follows a cut line, and ends after as many as were allowed', async () => {
    script = [(_, response) => response.destroy()]
    const error = await lane({ maxRetries: 1 })
      .health.get()
      .catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(ChargelaneError)
    expect(error).toMatchObject({ code: 'connection_error', retryable: true, status: undefined })
    expect(seen).toHaveLength(2)
  })

  it('follows silence', async () => {
    script = [() => undefined, json(200, { status: 'ok' })]
    await expect(lane({ timeoutMs: 1_000 }).health.get()).resolves.toEqual({ status: 'ok' })
    script = [() => undefined]
    await expect(lane({ timeoutMs: 20, maxRetries: 0 }).health.get()).rejects.toMatchObject({
      code: 'timeout',
    })
    server.closeAllConnections()
  })

  it.each([400, 401, 402, 404, 409, 422])('does not follow %i', async (status) => {
    script = [problem(status, 'validation_error')]
    await expect(lane().health.get()).rejects.toMatchObject({ status })
    expect(seen).toHaveLength(1)
  })

  it('obeys the server’s word before its own rule', async () => {
    script = [problem(503, 'cpo_unreachable', {}, { 'Should-Retry': 'false' })]
    await expect(lane().health.get()).rejects.toMatchObject({ code: 'cpo_unreachable' })
    script = [problem(503, 'cpo_unreachable', {}, { 'Idempotent-Replayed': 'true' })]
    await expect(lane().health.get()).rejects.toMatchObject({ code: 'cpo_unreachable' })
    expect(seen).toHaveLength(2)
    script = [
      problem(409, 'idempotency_in_progress', {}, { 'Should-Retry': 'true', 'Retry-After': '0' }),
      json(200, { status: 'ok' }),
    ]
    await expect(lane().health.get()).resolves.toEqual({ status: 'ok' })
  })

  it('stops when the caller gives up', async () => {
    const giveUp = new AbortController()
    const away = problem(503, 'service_unavailable', {}, { 'Retry-After': '30' })
    script = [
      (call, response) => {
        response.on('finish', () => giveUp.abort(new Error('enough')))
        away(call, response)
      },
    ]
    await expect(lane().health.get({ signal: giveUp.signal })).rejects.toThrow('enough')
    expect(seen).toHaveLength(1)
  })
})

describe('an error', () => {
  it('carries code, field, request id and the whole document', async () => {
    script = [problem(409, 'quote_expired', { param: 'quote', new_quote: { id: 'quo_2' } })]
    const error = await lane()
      .sessions.create({ quote: 'quo_1' })
      .catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(ChargelaneError)
    expect(error).toMatchObject({
      code: 'quote_expired',
      status: 409,
      param: 'quote',
      retryable: false,
      requestId: 'req_1',
      message: 'quote_expired (quote): because',
      problem: { new_quote: { id: 'quo_2' }, driver_message: { de: 'Leider nicht.' } },
    })
  })

  it('is one of ours even when a proxy answers with a page', async () => {
    script = [
      (_, response) => {
        response.writeHead(502, { 'Content-Type': 'text/html' })
        response.end('<h1>Bad gateway</h1>')
      },
    ]
    await expect(lane({ maxRetries: 0 }).health.get()).rejects.toMatchObject({
      code: 'service_unavailable',
      status: 502,
      retryable: true,
    })
  })
})

describe('a list', () => {
  const pages = [
    json(200, { data: [{ id: 'a' }, { id: 'b' }], has_more: true, next_cursor: 'n1' }),
    json(200, { data: [{ id: 'c' }], has_more: false, next_cursor: null }),
  ]

  it('is iterated across its pages, each asked for once', async () => {
    script = [...pages]
    const ids: string[] = []
    for await (const item of lane().sessions.list({ limit: 2, status: 'charging' }))
      ids.push(item.id)
    expect(ids).toEqual(['a', 'b', 'c'])
    expect(seen.map((call) => call.url)).toEqual([
      '/v1/sessions?limit=2&status=charging',
      '/v1/sessions?limit=2&status=charging&cursor=n1',
    ])
  })

  it('awaited is its first page', async () => {
    script = [...pages]
    const page = await lane().sessions.list()
    expect(page).toMatchObject({ has_more: true, next_cursor: 'n1' })
    expect(seen).toHaveLength(1)
  })
})

describe('a stream', () => {
  it('goes on behind the last event after a cut, and ends when the server says so', async () => {
    script = [
      events(': hello\n\n', message('1@', { type: 'session', session: session(1) })),
      problem(503, 'service_unavailable'),
      events(message('2@', { type: 'session', session: session(2) }), 'data: {"type":"end"}\n\n'),
    ]
    const sequences: number[] = []
    for await (const event of lane().sessions.stream('ses_1')) {
      if (event.type === 'session') sequences.push(event.session.sequence)
    }
    expect(sequences).toEqual([1, 2])
    expect(seen.map((call) => call.headers['last-event-id'])).toEqual([undefined, '1@', '1@'])
    expect(seen[0]?.headers).toMatchObject({
      accept: 'text/event-stream',
      authorization: 'Bearer sk_test_1',
    })
  })

  it('of a session that is not ours throws and does not come back', async () => {
    script = [problem(404, 'resource_missing')]
    await expect(lane().sessions.stream('ses_9').next()).rejects.toMatchObject({ status: 404 })
    expect(seen).toHaveLength(1)
  })

  it('gives up on a server that keeps hanging up', async () => {
    script = [events(': nothing\n\n')]
    const stream = lane().sessions.stream('ses_1', { maxRetries: 1 })
    await expect(stream.next()).rejects.toMatchObject({ code: 'connection_error' })
    expect(seen).toHaveLength(2)
  })
})

describe('waiting for a session', () => {
  it('asks with the sequence it knows until the session is as wished', async () => {
    script = [json(200, session(3)), json(200, session(4)), json(200, session(5, 'ended'))]
    await expect(lane().sessions.waitFor('ses_1', 'ended')).resolves.toEqual(session(5, 'ended'))
    expect(seen.map((call) => call.url)).toEqual([
      '/v1/sessions/ses_1',
      '/v1/sessions/ses_1?wait=20&since_sequence=3',
      '/v1/sessions/ses_1?wait=20&since_sequence=4',
    ])
  })

  it('takes any condition, and says where the session stood when time is up', async () => {
    script = [json(200, session(3))]
    const error = await lane()
      .sessions.waitFor('ses_1', isSettled, { timeoutMs: 20 })
      .catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({
      code: 'timeout',
      message: expect.stringContaining('ses_1 is charging'),
    })
  })
})
