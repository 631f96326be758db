import { lastEventIdPattern } from '@chargelane/openapi'
import { DomainError } from '@chargelane/openapi/vocabulary/errors'
import type { Context } from 'hono'
import { streamSSE } from 'hono/streaming'
import type { StreamReply } from '../handler.ts'

/** The `id` that the client saw last. */
export function lastEventIdOf(c: Context): string | undefined {
  const param = 'Last-Event-ID'
  const id = c.req.header(param)
  if (id === undefined || lastEventIdPattern.test(id)) return id
  throw new DomainError('validation_error', `${param}: is no id of this stream`, { param })
}

/** Server-sent events (WHATWG HTML §9.2). The source hears when the client has gone and must then end. */
export function streamResponse(c: Context, source: StreamReply<unknown>): Response {
  const gone = new AbortController()
  const lastEventId = lastEventIdOf(c)
  c.header('X-Accel-Buffering', 'no')
  return streamSSE(c, async (stream) => {
    stream.onAbort(() => gone.abort())
    for await (const message of source({ lastEventId, signal: gone.signal })) {
      if (stream.aborted) return
      if (message === 'heartbeat') await stream.write(': still here\n\n')
      else {
        const { id, event } = message
        const name =
          typeof event === 'object' && event !== null && 'type' in event ? event.type : undefined
        await stream.writeSSE({
          data: JSON.stringify(event),
          ...(typeof name === 'string' ? { event: name } : {}),
          ...(id === undefined ? {} : { id }),
        })
      }
    }
  })
}
