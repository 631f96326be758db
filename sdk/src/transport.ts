import { ChargelaneError } from './errors.ts'

export interface CallOptions {
  /** Kept across the retries of this call; made up when absent. Choose your own to survive a restart. */
  idempotencyKey?: string
  /** The `etagOf` what you change: refused with `precondition_failed` where it has become another. */
  ifMatch?: string
  signal?: AbortSignal
  /** Milliseconds for one attempt. */
  timeoutMs?: number
  maxRetries?: number
}

export interface TransportOptions {
  fetch: typeof fetch
  maxRetries: number
  timeoutMs: number
}

const retriedStatus = (status: number) => status === 408 || status === 429 || status >= 500

/** The server knows best; without its word a timeout, a limit and a server's failure are tried again. */
function shouldRetry(response: Response): boolean {
  const word = response.headers.get('should-retry')
  if (word !== null) return word === 'true'
  // A replayed answer is the stored one: asking again cannot change it.
  if (response.headers.get('idempotent-replayed') === 'true') return false
  return retriedStatus(response.status)
}

/** Milliseconds to wait before attempt `attempt` + 1: Retry-After, else 250 ms doubling to 8 s with jitter. */
function delayMs(attempt: number, response: Response | undefined): number {
  const seconds = Number(response?.headers.get('retry-after') ?? Number.NaN)
  if (Number.isFinite(seconds) && seconds >= 0) return Math.min(seconds, 60) * 1_000
  return Math.min(8_000, 250 * 2 ** attempt) * (0.5 + Math.random() / 2)
}

const sleep = (ms: number, signal: AbortSignal | undefined) =>
  new Promise<void>((resolve) => {
    const done = () => {
      clearTimeout(timer)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal?.addEventListener('abort', done, { once: true })
  })

/**
 * A fetch that tries again: 408, 429, 5xx and a broken line. Safe for writes, because the request carries one
 * Idempotency-Key through all attempts.
 */
export function retryingFetch(transport: TransportOptions, call: CallOptions): typeof fetch {
  const retries = call.maxRetries ?? transport.maxRetries
  const timeoutMs = call.timeoutMs ?? transport.timeoutMs
  return async (input, init) => {
    const request = new Request(input, init)
    for (let attempt = 0; ; attempt++) {
      const timeout = AbortSignal.timeout(timeoutMs)
      let response: Response | undefined
      let failure: unknown
      try {
        response = await transport.fetch(request.clone(), {
          signal: call.signal ? AbortSignal.any([call.signal, timeout]) : timeout,
        })
        if (attempt >= retries || !shouldRetry(response)) return response
        await response.body?.cancel()
      } catch (error) {
        failure = error
      }
      if (call.signal?.aborted) throw call.signal.reason
      if (attempt >= retries) throw unanswered(failure, timeout, timeoutMs)
      await sleep(delayMs(attempt, response), call.signal)
    }
  }
}

function unanswered(cause: unknown, timeout: AbortSignal, timeoutMs: number): ChargelaneError {
  if (timeout.aborted) {
    return new ChargelaneError('timeout', `no answer within ${timeoutMs} ms`, {
      retryable: true,
      cause,
    })
  }
  return new ChargelaneError('connection_error', 'the API could not be reached', {
    retryable: true,
    cause,
  })
}
