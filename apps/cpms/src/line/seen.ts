import { markSeen } from '@chargelane/db/queries/chargers/chargers'
import type { ChargingNode } from '../node.ts'

/** How old `last_seen_at` may be of a charger that beats: fine enough to see it go, seldom enough to cost nothing. */
const writtenEveryMs = 5_000

const seen = new WeakMap<ChargingNode, Map<string, string>>()

/** Remembers that a charger spoke; heartbeats of many chargers become one statement every few seconds. */
export function noteSeen(node: ChargingNode, stationId: string, at: string): void {
  const known = seen.get(node) ?? new Map<string, string>()
  seen.set(node, known)
  known.set(stationId, at)
}

/** Writes what was seen, now and then; returns how to stop, which writes the rest. */
export function writeSeen(node: ChargingNode): () => Promise<void> {
  const write = async () => {
    const known = seen.get(node)
    if (known === undefined || known.size === 0) return
    seen.delete(node)
    await markSeen(
      node.db,
      [...known].map(([stationId, at]) => ({ stationId, at })),
    ).catch((error: unknown) => {
      node.log.error({ err: error }, 'what was seen was not written')
    })
  }
  const timer = setInterval(() => void write(), writtenEveryMs)
  return async () => {
    clearInterval(timer)
    await write()
  }
}
