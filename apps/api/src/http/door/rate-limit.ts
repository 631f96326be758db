// What a key may ask, counted once for all processes: each takes a share of the key's bucket from the database, spends it
// without asking, and takes the next before it is spent. Nothing is given twice, so together they never give more than the
// limit; what a process holds unspent is at most one share.
import { takeTokens } from '@chargelane/db/queries/partners/rate-buckets'
import type { Sql } from '@chargelane/db'
import type { Operation } from '@chargelane/openapi'
import { DomainError } from '@chargelane/openapi/vocabulary/errors'

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
/** A share is what comes in a fifth of a second: five writes a second for a key that asks all it may. */
const shareOf = (rate: number) => Math.max(1, Math.floor(rate / 5))
const forgetAfterMs = 60_000

/** Where shares come from: `takeTokens` of the database. */
export type Take = (share: {
  name: string
  rate: number
  burst: number
  asked: number
}) => Promise<{ granted: number; tokens: number }>

/** What this process holds of a bucket. */
interface Purse {
  name: string
  rate: number
  held: number
  /** What was left in the bucket at `seenAt`. */
  left: number
  seenAt: number
  /** The bucket is known to be empty until then. */
  emptyUntil: number
  asking: Promise<void> | undefined
}

function createPurses(take: Take, now: () => number) {
  const purses = new Map<string, Purse>()
  let sweptAt = now()
  const sweep = () => {
    if (now() - sweptAt < forgetAfterMs) return
    sweptAt = now()
    for (const [name, { seenAt }] of purses)
      if (sweptAt - seenAt > forgetAfterMs) purses.delete(name)
  }
  const ask = async (purse: Purse): Promise<void> => {
    const { name, rate } = purse
    const { granted, tokens } = await take({
      name,
      rate,
      burst: rate * burstS,
      asked: Math.min(shareOf(rate), Math.max(1, Math.floor(rate * burstS))),
    })
    purse.held += granted
    purse.left = tokens
    purse.seenAt = now()
    if (granted === 0) purse.emptyUntil = purse.seenAt + Math.ceil(((1 - tokens) / rate) * 1_000)
  }
  /** Of many who find it spent at once one asks, and all of them wait for the answer. */
  const refill = (purse: Purse): Promise<void> => {
    purse.asking ??= ask(purse).finally(() => {
      purse.asking = undefined
    })
    return purse.asking
  }
  /** What is left, or how many milliseconds to wait for one. */
  return async (name: string, rate: number): Promise<{ left: number } | { waitMs: number }> => {
    sweep()
    const fresh = { name, rate, held: 0, left: 0, seenAt: now(), emptyUntil: 0, asking: undefined }
    const purse: Purse = purses.get(name) ?? fresh
    purses.set(name, purse)
    while (purse.held < 1) {
      const waitMs = purse.emptyUntil - now()
      if (waitMs > 0) return { waitMs }
      await refill(purse)
    }
    purse.held -= 1
    // Ahead of time, and not waited for; what fails here is asked for again by whoever needs it.
    if (purse.held <= shareOf(rate) / 2 && rate >= 10 && purse.emptyUntil <= now())
      refill(purse).catch(() => undefined)
    const since = ((now() - purse.seenAt) / 1_000) * rate
    return { left: Math.floor(Math.min(rate * burstS, purse.held + purse.left + since)) }
  }
}

/** `take` is given in tests; a process takes its shares from the database. */
export function createRateLimit(perSecond: number, from: Take | Sql, now: () => number = Date.now) {
  const take: Take = typeof from === 'function' ? from : (share) => takeTokens(from, share)
  const spend = createPurses(take, now)
  const policies = Object.fromEntries(
    ['requests', 'commands', 'stops'].map((kind) => [
      kind,
      `"${kind}";q=${perSecond * burstS};w=${burstS}`,
    ]),
  )
  return {
    /** Takes one token or throws `rate_limited`; gives the headers that tell what is left. */
    async take(
      caller: { accountId: string; keyId: string },
      op: Operation,
    ): Promise<Record<string, string>> {
      const kind = kindOf(op)
      const policy = policies[kind] ?? ''
      const taken = await spend(`${caller.keyId} ${kind}`, perSecond)
      const shared =
        'waitMs' in taken || kind === 'stops'
          ? taken
          : await spend(`${caller.accountId} ${kind}`, perSecond * keysAtOnce)
      if ('waitMs' in shared)
        throw new DomainError('rate_limited', `At most ${perSecond} ${kind} per second.`, {
          extra: { retry_after_ms: shared.waitMs },
        })
      const left = 'left' in taken ? taken.left : 0
      const fullInS = Math.max(0, Math.ceil((perSecond * burstS - left) / perSecond))
      return { 'RateLimit-Policy': policy, RateLimit: `"${kind}";r=${left};t=${fullInS}` }
    },
  }
}
export type RateLimit = ReturnType<typeof createRateLimit>
