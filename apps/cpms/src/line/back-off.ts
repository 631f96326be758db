/** After three wrong passwords each next one makes its sender wait twice as long, from 1 s up to a minute. */
const freeTries = 3
const longestS = 60
/** What has been quiet this long starts afresh. */
const forgetMs = 15 * 60_000
const rememberedMax = 10_000

type Failures = { count: number; untilMs: number; lastMs: number }

function createCount(now: () => number) {
  const known = new Map<string, Failures>()
  const waitS = (name: string): number => {
    const found = known.get(name)
    if (found === undefined) return 0
    if (now() - found.lastMs > forgetMs) known.delete(name)
    return Math.max(0, Math.ceil((found.untilMs - now()) / 1_000))
  }
  return {
    waitS,
    add(name: string): void {
      const count = (known.get(name)?.count ?? 0) + 1
      const penaltyS = count < freeTries ? 0 : Math.min(longestS, 2 ** (count - freeTries))
      known.delete(name)
      known.set(name, { count, untilMs: now() + penaltyS * 1_000, lastMs: now() })
      const [oldest] = known.keys()
      if (known.size > rememberedMax && oldest !== undefined) known.delete(oldest)
    },
    forget(name: string): void {
      known.delete(name)
    },
  }
}

export type Login = { identity: string; proof: string }

const nameOf = ({ identity, proof }: Login) => `${identity}\n${proof}`

/**
 * Counts wrong passwords per identity, and per identity and password. No address is counted: behind a proxy every charger
 * has the same one. A password not yet known to be wrong is always looked at, so that nobody keeps the right one out;
 * passwords have 128 random bits, which no rate of guessing finds.
 */
export function createBackOff(now: () => number = Date.now) {
  const identities = createCount(now)
  const proofs = createCount(now)
  return {
    /** Whole seconds for which this very password, known to be wrong, is not looked at again. */
    waitS: (login: Login): number => proofs.waitS(nameOf(login)),
    /** Whole seconds that a wrong password for this identity had to wait when it came. */
    failed(login: Login): number {
      const waitS = identities.waitS(login.identity)
      identities.add(login.identity)
      proofs.add(nameOf(login))
      return waitS
    },
    succeeded(login: Login): void {
      proofs.forget(nameOf(login))
    },
  }
}
