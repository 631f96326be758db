import { ChargelaneError, errorOf } from './errors.ts'
import type { SessionStreamEvent } from './generated/types.gen.ts'

export interface StreamOptions {
  url: string
  headers: Record<string, string>
  fetch: typeof fetch
  signal?: AbortSignal | undefined
  /** Reconnects in a row without an event in between before giving up. */
  maxReconnects: number
}

interface Message {
  id: string | undefined
  event: string | undefined
  data: string
}

/** One session, live. Reconnects behind the last event seen, and returns when the server says `end`. */
export async function* streamEvents(options: StreamOptions): AsyncGenerator<SessionStreamEvent> {
  let lastId: string | undefined
  let failures = 0
  for (;;) {
    try {
      const response = await options.fetch(options.url, {
        headers: {
          ...options.headers,
          Accept: 'text/event-stream',
          ...(lastId === undefined ? {} : { 'Last-Event-ID': lastId }),
        },
        ...(options.signal ? { signal: options.signal } : {}),
      })
      if (!response.ok) throw await errorOf(response)
      for await (const message of messagesOf(response)) {
        failures = 0
        lastId = message.id ?? lastId
        // oxlint-disable-next-line no-unsafe-type-assertion -- the server sends what its contract says
        const event = JSON.parse(message.data) as SessionStreamEvent
        if (event.type === 'end') return
        yield event
      }
    } catch (error) {
      if (options.signal?.aborted) return
      if (error instanceof ChargelaneError && !error.retryable) throw error
      if (failures >= options.maxReconnects) throw error
    }
    if (options.signal?.aborted) return
    failures += 1
    if (failures > options.maxReconnects) {
      throw new ChargelaneError('connection_error', 'the stream ended before the session did', {
        retryable: true,
      })
    }
    await new Promise((resolve) => setTimeout(resolve, Math.min(5_000, 200 * 2 ** failures)))
  }
}

/** Server-sent events of a response (WHATWG HTML §9.2): blank line ends a message, colon lines are comments. */
async function* messagesOf(response: Response): AsyncGenerator<Message> {
  if (!response.body) return
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
  let buffer = ''
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      buffer = `${buffer}${value}`.replaceAll('\r\n', '\n')
      const blocks = buffer.split('\n\n')
      buffer = blocks.pop() ?? ''
      for (const block of blocks) {
        const message = messageOf(block)
        if (message) yield message
      }
    }
  } finally {
    await reader.cancel().catch(() => undefined)
  }
}

function messageOf(block: string): Message | undefined {
  const data: string[] = []
  let id: string | undefined
  let event: string | undefined
  for (const line of block.split('\n')) {
    const [, field, value] = /^([a-z]+): ?(.*)$/.exec(line) ?? []
    if (field === 'data' && value !== undefined) data.push(value)
    if (field === 'id') id = value
    if (field === 'event') event = value
  }
  return data.length === 0 ? undefined : { id, event, data: data.join('\n') }
}
