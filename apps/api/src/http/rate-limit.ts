import { DomainError } from '@chargelane/openapi/vocabulary/errors'

interface Bucket {
  tokens: number
  at: number
}

/**
 * A token bucket per account in this process, full at two seconds' worth. Starts and stops have their own,
 * so that reading never starves a stop.
 */
export function createRateLimit(perSecond: number, now: () => number = Date.now) {
  const buckets = new Map<string, Bucket>()
  const burst = perSecond * 2
  return {
    /** Takes one token or throws `rate_limited`. */
    take(accountId: string, isCommand: boolean): void {
      const name = isCommand ? `${accountId} command` : accountId
      const at = now()
      const bucket = buckets.get(name) ?? { tokens: burst, at }
      const tokens = Math.min(burst, bucket.tokens + ((at - bucket.at) / 1_000) * perSecond)
      if (tokens < 1) {
        throw new DomainError('rate_limited', `At most ${perSecond} requests per second.`, {
          extra: { retry_after_ms: Math.ceil(((1 - tokens) / perSecond) * 1_000) },
        })
      }
      buckets.set(name, { tokens: tokens - 1, at })
    },
  }
}
export type RateLimit = ReturnType<typeof createRateLimit>
