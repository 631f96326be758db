/** After three wrong passwords each next one makes its sender wait twice as long, from 1 s up to a minute. */
const freeTries = 3
const longestS = 60
/** A sender that has been quiet this long starts afresh. */
const forgetMs = 15 * 60_000
const rememberedMax = 10_000

/** Per identity and address, so that a guesser slows itself and never the charger it guesses at. */
export function createBackOff(now: () => number = Date.now) {
  const senders = new Map<string, { failures: number; untilMs: number; lastMs: number }>()
  return {
    /** Whole seconds this sender still has to wait; 0 when it may try. */
    waitS(sender: string): number {
      const known = senders.get(sender)
      if (known === undefined) return 0
      if (now() - known.lastMs > forgetMs) senders.delete(sender)
      return Math.max(0, Math.ceil((known.untilMs - now()) / 1_000))
    },
    failed(sender: string): void {
      const failures = (senders.get(sender)?.failures ?? 0) + 1
      const penaltyS = failures < freeTries ? 0 : Math.min(longestS, 2 ** (failures - freeTries))
      senders.delete(sender)
      senders.set(sender, { failures, untilMs: now() + penaltyS * 1_000, lastMs: now() })
      const [oldest] = senders.keys()
      if (senders.size > rememberedMax && oldest !== undefined) senders.delete(oldest)
    },
    succeeded(sender: string): void {
      senders.delete(sender)
    },
  }
}
