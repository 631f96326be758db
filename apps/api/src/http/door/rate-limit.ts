import type { Operation } from '@chargelane/openapi'
import { DomainError } from '@chargelane/openapi/vocabulary/errors'

interface Bucket {
  tokens: number
  at: number
}

/** Reading starves no start, and neither starves a stop. */
type Kind = 'requests' | 'commands' | 'stops'

const kindOf = (op: Operation): Kind => {
  if (op.id === 'sessions.stop') return 'stops'
  return op.scope === 'sessions:write' ? 'commands' : 'requests'
}

/** A bucket holds so many seconds' worth. */
const burstS = 2
/** What all keys of an account may ask together, in shares of what one may: more keys are not more room. */
const keysAtOnce = 4

/** Token buckets per key in this process, and one of the account for what its keys ask together. */
export function createRateLimit(perSecond: number, now: () => number = Date.now) {
  const buckets = new Map<string, Bucket>()
  /** Tokens left, or how many milliseconds to wait for one. */
  const take = (name: string, rate: number): { left: number } | { waitMs: number } => {
    const at = now()
    const burst = rate * burstS
    const bucket = buckets.get(name) ?? { tokens: burst, at }
    const tokens = Math.min(burst, bucket.tokens + ((at - bucket.at) / 1_000) * rate)
    if (tokens < 1) return { waitMs: Math.ceil(((1 - tokens) / rate) * 1_000) }
    buckets.set(name, { tokens: tokens - 1, at })
    return { left: tokens - 1 }
  }
  const policies = Object.fromEntries(
    ['requests', 'commands', 'stops'].map((kind) => [
      kind,
      `"${kind}";q=${perSecond * burstS};w=${burstS}`,
    ]),
  )
  return {
    /** Takes one token or throws `rate_limited`; gives the headers that tell what is left. */
    take(caller: { accountId: string; keyId: string }, op: Operation): Record<string, string> {
      const kind = kindOf(op)
      const policy = policies[kind] ?? ''
      const taken = take(`${caller.keyId} ${kind}`, perSecond)
      const shared =
        'waitMs' in taken || kind === 'stops'
          ? taken
          : take(`${caller.accountId} ${kind}`, perSecond * keysAtOnce)
      if ('waitMs' in shared)
        throw new DomainError('rate_limited', `At most ${perSecond} ${kind} per second.`, {
          extra: { retry_after_ms: shared.waitMs },
        })
      const left = 'left' in taken ? Math.floor(taken.left) : 0
      const fullInS = Math.ceil((perSecond * burstS - left) / perSecond)
      return { 'RateLimit-Policy': policy, RateLimit: `"${kind}";r=${left};t=${fullInS}` }
    },
  }
}
export type RateLimit = ReturnType<typeof createRateLimit>
