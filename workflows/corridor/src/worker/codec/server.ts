// Opens payloads for Temporal's page and command line (Temporal, Remote Data Encoding): on a person's own machine, beside
// the keys. `npm run codec`, and in the page's settings the address it prints.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Payload } from '@temporalio/common'
import * as z from 'zod'
import { openPayload } from './codec.ts'

const bodyMax = 16 * 1024 * 1024

const zBody = z.object({
  payloads: z.array(
    z.object({
      metadata: z.record(z.string(), z.string()).default({}),
      data: z.string().default(''),
    }),
  ),
})

const payloadOf = ({ metadata, data }: z.infer<typeof zBody>['payloads'][number]): Payload => ({
  metadata: Object.fromEntries(
    Object.entries(metadata).map(([name, value]) => [name, Buffer.from(value, 'base64')]),
  ),
  data: Buffer.from(data, 'base64'),
})

const base64 = (bytes: Uint8Array | null | undefined) => Buffer.from(bytes ?? []).toString('base64')

const shown = ({ metadata, data }: Payload) => ({
  metadata: Object.fromEntries(
    Object.entries(metadata ?? {}).map(([name, value]) => [name, base64(value)]),
  ),
  data: base64(data),
})

async function readBody(request: IncomingMessage): Promise<z.infer<typeof zBody>> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    const part = Buffer.from(chunk)
    size += part.length
    if (size > bodyMax) throw new RangeError('too long')
    chunks.push(part)
  }
  return zBody.parse(JSON.parse(Buffer.concat(chunks).toString('utf8')))
}

async function answer(request: IncomingMessage, response: ServerResponse, page: string) {
  const { origin } = request.headers
  // Any page that a browser shows could ask; one of another origin gets nothing.
  if (origin !== undefined && origin !== page) return response.writeHead(403).end()
  if (origin !== undefined)
    response.setHeaders(
      new Headers({
        'access-control-allow-origin': origin,
        'access-control-allow-headers': 'content-type,x-namespace',
        vary: 'origin',
      }),
    )
  if (request.method === 'OPTIONS') return response.writeHead(204).end()
  if (request.method !== 'POST' || request.url !== '/decode') return response.writeHead(404).end()
  try {
    const { payloads } = await readBody(request)
    const opened = payloads.map((each) => shown(openPayload(payloadOf(each))))
    response.setHeader('content-type', 'application/json')
    return response.end(JSON.stringify({ payloads: opened }))
  } catch (error) {
    return response.writeHead(400).end(error instanceof Error ? error.message : String(error))
  }
}

/** Answers on loopback alone, and to the page of this origin. */
export async function serveCodec(options: {
  port: number
  page: string
}): Promise<{ url: string; close: () => Promise<void> }> {
  const server = createServer((request, response) => void answer(request, response, options.page))
  await new Promise<void>((listening, fail) => {
    server.once('listening', listening)
    server.once('error', fail)
    server.listen(options.port, '127.0.0.1')
  })
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : options.port
  return {
    url: `http://127.0.0.1:${port}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

async function main(): Promise<void> {
  const page = process.env['TEMPORAL_UI_URL'] ?? 'http://127.0.0.1:8080'
  const port = Number(process.env['TEMPORAL_CODEC_PORT'] ?? 8081)
  const { url } = await serveCodec({ port, page: new URL(page).origin })
  process.stdout.write(`Opens payloads for ${page}: name ${url} as its codec endpoint.\n`)
}

if (import.meta.main) await main()
