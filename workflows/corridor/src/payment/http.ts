// One outside HTTP exchange: bounded in time and in size, and never following a redirect.
import { MoneyFailure } from './payment.ts'

export type Exchange = {
  method?: 'GET' | 'POST'
  headers?: Record<string, string>
  body?: string
  /** Of the whole exchange, the body included. */
  timeoutMs: number
  maxBytes: number
}

/** Throws `MoneyUnavailable` (`unreachable`, `timeout`) or `MoneyRefused` (`answer_too_large`). */
export async function exchange(
  url: string,
  how: Exchange,
): Promise<{ status: number; text: string }> {
  try {
    const answer = await fetch(url, {
      method: how.method ?? 'GET',
      headers: how.headers ?? {},
      ...(how.body === undefined ? {} : { body: how.body }),
      redirect: 'manual',
      signal: AbortSignal.timeout(how.timeoutMs),
    })
    return { status: answer.status, text: await readText(answer, url, how.maxBytes) }
  } catch (cause) {
    if (cause instanceof MoneyFailure) throw cause
    const timedOut = cause instanceof DOMException && cause.name === 'TimeoutError'
    const why = timedOut ? `no answer within ${how.timeoutMs} ms` : 'no connection'
    throw new MoneyFailure(`${new URL(url).host}: ${why}`, {
      code: timedOut ? 'timeout' : 'unreachable',
      retryable: true,
      cause,
    })
  }
}

async function readText(answer: Response, url: string, maxBytes: number): Promise<string> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of answer.body ?? []) {
    size += part.byteLength
    if (size > maxBytes) {
      throw new MoneyFailure(`${new URL(url).host}: the answer exceeds ${maxBytes} bytes`, {
        code: 'answer_too_large',
        retryable: false,
      })
    }
    parts.push(part)
  }
  return new TextDecoder().decode(Buffer.concat(parts))
}
