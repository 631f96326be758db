// One id from the start call to the timeline and to the webhook.
import { createServer } from 'node:http'
import { once } from 'node:events'
import { createLanes } from '@chargelane/corridor/worker/lanes'
import { createSafeAgent } from '@chargelane/corridor/worker/safe-agent'
import { traceOfSession } from '@chargelane/db/queries/sessions/owners'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { populate, startTestApi, type TestApi, type World } from '../testing.ts'

let api: TestApi
let world: World
beforeAll(async () => {
  api = await startTestApi()
  world = await populate(api)
})
afterAll(() => api.stop())

/** What a receiver of ours hears: the type of each event and the trace it is sent under. */
async function receiver() {
  const heard: { type: string; trace: string | undefined }[] = []
  const server = createServer((incoming, answer) => {
    let text = ''
    incoming.on('data', (part: Buffer) => (text += part.toString()))
    incoming.on('end', () => {
      const [, trace] = String(incoming.headers['traceparent'] ?? '').split('-')
      heard.push({ type: String(JSON.parse(text).type), trace })
      answer.end()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return { url: `http://127.0.0.1:${port}/hook`, heard, close: () => server.close() }
}

it('a start’s trace is in its answer, its workflow’s input, its timeline and its webhooks', async () => {
  const { url, heard, close } = await receiver()
  await world.a.lane.webhook_endpoints.create({ url, events: ['session.*'] })
  const source = world.sources.a.id
  const quote = await world.a.lane.quotes.create({ evse: 'DE*VWL*E1001*1', payment_source: source })
  const trace = '4bf92f3577b34da6a3ce929d0e0e4736'
  const answer = await fetch(`${api.url}/v1/sessions`, {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${world.a.key}`,
      'Content-Type': 'application/json',
      'Idempotency-Key': crypto.randomUUID(),
      traceparent: `00-${trace}-00f067aa0ba902b7-01`,
    },
    body: JSON.stringify({ quote: quote.id }),
  })
  expect(answer.headers.get('traceparent')).toMatch(new RegExp(`^00-${trace}-[0-9a-f]{16}-01$`))
  const { started } = api.corridor
  expect(started.at(-1)).toMatchObject({ trace })
  const sessionId = started.at(-1)?.sessionId ?? ''
  const { data } = await world.a.lane.sessions.timeline(sessionId)
  expect(data.find(({ what }) => what === 'quote consumed')?.detail).toMatchObject({ trace })
  expect(await traceOfSession(api.database.db, sessionId)).toBe(trace)
  const agent = createSafeAgent({ allowLoopback: true })
  const { db } = api.database
  const now = () => new Date(api.deps.now())
  const lanes = createLanes({ db, agent, log: api.deps.log, now, allowLoopback: true })
  await lanes.look()
  await lanes.quiet()
  await agent.close()
  close()
  expect(heard).toEqual([{ type: 'session.created', trace }])
})
