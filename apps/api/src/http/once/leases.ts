// Requests that work beyond a database tx: while this process lives it says so, and when it was killed the next caller need
// not wait for long.
import { inFlightS, renewIdempotent } from '@chargelane/db/queries/outbox/idempotency'
import type { Deps } from '../handler.ts'

export interface Leases {
  /** Until the promise is settled nobody else takes the request over. */
  during<T>(held: { accountId: string; key: string }, work: () => Promise<T>): Promise<T>
  renew(): Promise<void>
}

export function createLeases({ db, log, now }: Pick<Deps, 'db' | 'log' | 'now'>): Leases {
  const held = new Map<symbol, { accountId: string; key: string }>()
  let timer: ReturnType<typeof setInterval> | undefined
  const renew = async (): Promise<void> => {
    const keys = [...held.values()].map(({ accountId, key }) => ({ accountId, key }))
    // Missed once or twice it still holds; missed for longer, the database is away for everybody.
    await renewIdempotent(db, keys, now()).catch((error: unknown) => {
      log.warn({ err: error, count: keys.length }, 'requests in flight not renewed')
    })
  }
  return {
    renew,
    async during(request, work) {
      const mark = Symbol('request')
      held.set(mark, request)
      timer ??= setInterval(() => void renew(), (inFlightS * 1_000) / 4).unref()
      try {
        return await work()
      } finally {
        held.delete(mark)
        if (held.size === 0) {
          clearInterval(timer)
          timer = undefined
        }
      }
    },
  }
}
