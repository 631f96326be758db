import { defaultPayloadConverter } from '@temporalio/common'
import { afterAll, beforeAll, expect, test } from 'vitest'
import * as z from 'zod'
import { openHistory, openPayload, sealPayload } from './codec.ts'
import { failureConverter } from './failure-converter.ts'
import { serveCodec } from './server.ts'

const plain = {
  metadata: { encoding: Buffer.from('json/plain') },
  data: Buffer.from('{"driver":"4711"}'),
}

test('a payload comes back with its data and its encoding, and shows neither meanwhile', () => {
  const sealed = sealPayload(plain)
  expect(Buffer.from(sealed.data ?? []).toString('latin1')).not.toContain('4711')
  const opened = openPayload(sealed)
  expect(Buffer.from(opened.data ?? []).toString()).toBe('{"driver":"4711"}')
  expect(Buffer.from(opened.metadata?.['encoding'] ?? []).toString()).toBe('json/plain')
})

test('what was never sealed passes, and a history is opened wherever its payloads stand', () => {
  expect(openPayload(plain)).toBe(plain)
  const history = { events: [{ input: { payloads: [sealPayload(plain), plain] } }] }
  openHistory(history)
  expect(
    history.events[0]?.input.payloads.map(({ data }) => Buffer.from(data ?? []).toString()),
  ).toEqual(['{"driver":"4711"}', '{"driver":"4711"}'])
})

test('the words and the stack of a failure are a payload', () => {
  const failure = failureConverter.errorToFailure(new Error('card 4711'), defaultPayloadConverter)
  expect(failure.message).toBe('Encoded failure')
  expect(failure.stackTrace).toBe('')
  expect(failureConverter.failureToError(failure, defaultPayloadConverter).message).toBe(
    'card 4711',
  )
})

const page = 'http://127.0.0.1:8080'
let server: Awaited<ReturnType<typeof serveCodec>>
beforeAll(async () => {
  server = await serveCodec({ port: 0, page })
})
afterAll(() => server.close())

const base64 = (bytes: Uint8Array | null | undefined) => Buffer.from(bytes ?? []).toString('base64')
function ask(origin: string, body?: string) {
  const { metadata, data } = sealPayload(plain)
  const names = Object.entries(metadata ?? {}).map(([name, value]) => [name, base64(value)])
  const payload = { metadata: Object.fromEntries(names), data: base64(data) }
  const text = body ?? JSON.stringify({ payloads: [payload] })
  return fetch(`${server.url}/decode`, { method: 'POST', body: text, headers: { origin } })
}
const zAnswer = z.object({ payloads: z.array(z.object({ data: z.string() })) })

test('the page of Temporal is shown what is in a payload, a page of another origin nothing', async () => {
  const answer = await ask(page)
  expect(answer.headers.get('access-control-allow-origin')).toBe(page)
  const [shown] = zAnswer.parse(await answer.json()).payloads
  expect(Buffer.from(shown?.data ?? '', 'base64').toString()).toBe('{"driver":"4711"}')
  expect((await ask('http://127.0.0.1:9999')).status).toBe(403)
  expect((await ask(page, 'not JSON')).status).toBe(400)
})
