// What dies during a run: processes, connections and the card provider, one after the other, by chance from a seed.
import { readFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { endConnections, type Kill } from '@chargelane/db/bench/after-kills'
import { connect } from '@chargelane/db'
import { type Stack, zStack } from '../../../local/src/state.ts'

/** mulberry32, so that a seed gives the same order of deaths. */
export function chanceOf(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

export const victims = [
  'worker',
  'api',
  'connections',
  'provider',
  'provider_refuses',
  'provider_replies_lost',
  'roaming',
  'cpms',
] as const
export type Victim = (typeof victims)[number]

export const stackOf = (file: string): Stack => zStack.parse(JSON.parse(readFileSync(file, 'utf8')))

/** A process is killed outright; the launcher starts it again under another number. */
async function killProcess(
  file: string,
  name: 'worker' | 'api' | 'roaming' | 'cpms' | 'simulator',
) {
  const before = stackOf(file).processes[name]
  process.kill(before, 'SIGKILL')
  const deadline = Date.now() + 120_000
  while (stackOf(file).processes[name] === before) {
    if (Date.now() > deadline) throw new Error(`${name} was not started again`)
    await wait(100)
  }
}

const order = async (url: string, action: object, method: 'POST' | 'DELETE' = 'POST') => {
  const request =
    method === 'DELETE'
      ? { method }
      : { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(action) }
  await fetch(`${url}/_control/faults`, request)
}

export type Killer = {
  kills: Kill[]
  /** Kills until it is told to stop; then everything is well again. */
  run(isOver: () => boolean): Promise<void>
}

export function startKiller(options: {
  stackFile: string
  providerUrl: string
  seed: number
  everyMs: number
}): Killer {
  const { stackFile, providerUrl, everyMs } = options
  const chance = chanceOf(options.seed)
  const kills: Kill[] = []
  const strike = async (victim: Victim): Promise<void> => {
    kills.push({ what: victim, at: new Date().toISOString() })
    switch (victim) {
      case 'connections': {
        const db = connect({ url: stackOf(stackFile).database_url, max: 1, name: 'killer' })
        await endConnections(db)
        return db.close()
      }
      case 'provider':
        return killProcess(stackFile, 'simulator')
      case 'provider_refuses':
        await order(providerUrl, { operation: '*', action: { kind: 'unavailable' } })
        await wait(1_500)
        return order(providerUrl, {}, 'DELETE')
      case 'provider_replies_lost':
        return order(providerUrl, { operation: '*', action: { kind: 'lose_reply' }, times: 6 })
      case 'worker':
      case 'api':
      case 'roaming':
      case 'cpms':
        return killProcess(stackFile, victim)
    }
  }
  return {
    kills,
    async run(isOver) {
      // The worker and what it leans on die most often: that is where money is decided.
      const weighed: Victim[] = [...victims, 'worker', 'worker', 'connections', 'api']
      while (!isOver()) {
        await wait(everyMs * (0.5 + chance()))
        if (isOver()) break
        const victim = weighed[Math.floor(chance() * weighed.length)] ?? 'worker'
        // What cannot be reached just now is hit another time.
        await strike(victim).catch(() => undefined)
      }
      await order(providerUrl, {}, 'DELETE').catch(() => undefined)
    },
  }
}
