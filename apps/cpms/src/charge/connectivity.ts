import {
  isSupplyEventKnown,
  releaseStationsOf,
  stationById,
} from '@chargelane/db/queries/chargers/chargers'
import {
  abandonedTransactions,
  openTransactions,
} from '@chargelane/db/queries/chargers/ocpp-transactions'
import { recordSupplyEvent } from '@chargelane/db/queries/sessions/supply'
import { type ChargingNode, nowIso } from '../node.ts'
import { closeAbandoned } from './end.ts'

// A lost line is not a lost session: charging is assumed to go on, and sessions hear of it only after a grace
// (failures F24). What a charger forgot altogether is closed at the last reading (quirk 5).

const offlineKey = (transactionId: number, epoch: number) => `line:${transactionId}:${epoch}:lost`

const graces = new WeakMap<ChargingNode, Set<NodeJS.Timeout>>()

/** The socket of this epoch is gone and none has taken its place. */
export function lineLost(node: ChargingNode, stationId: string, epoch: number): void {
  const timers = graces.get(node) ?? new Set()
  graces.set(node, timers)
  const timer = setTimeout(() => {
    timers.delete(timer)
    suspectOffline(node, stationId, epoch).catch((error: unknown) => {
      node.log.error({ err: error, station: stationId }, 'a lost line was not told')
    })
  }, node.config.offlineGraceMs)
  timers.add(timer)
}

/** The grace of a lost line is over: its sessions hear of it, unless the charger is back. */
export async function suspectOffline(
  node: ChargingNode,
  stationId: string,
  epoch: number,
): Promise<void> {
  const station = await stationById(node.db, stationId)
  if (station === undefined || station.online || station.epoch !== epoch) return
  await node.db.tx(async (tx) => {
    for (const transaction of await openTransactions(tx, stationId))
      if (transaction.origin !== 'unknown')
        await recordSupplyEvent(tx, transaction.sessionId, offlineKey(transaction.id, epoch), {
          kind: 'connectivity_changed',
          state: 'suspected_offline',
          at: nowIso(),
        })
  })
}

/** A new socket: sessions that were told of the loss are told that it is over. */
export async function lineRestored(
  node: ChargingNode,
  stationId: string,
  epoch: number,
): Promise<void> {
  for (const transaction of await openTransactions(node.db, stationId)) {
    if (!(await isSupplyEventKnown(node.db, offlineKey(transaction.id, epoch - 1)))) continue
    await node.db.tx((tx) =>
      recordSupplyEvent(tx, transaction.sessionId, `line:${transaction.id}:${epoch}:restored`, {
        kind: 'connectivity_changed',
        state: 'recovered',
        at: nowIso(),
      }),
    )
  }
}

/**
 * Watches over what has no message of its own: lines lost while this process was away, and transactions their
 * charger forgot. Returns how to stop.
 */
export async function watchLines(node: ChargingNode): Promise<() => void> {
  for (const { id, epoch } of await releaseStationsOf(node.db, node.config.nodeId))
    lineLost(node, id, epoch)
  let running = false
  const timer = setInterval(
    () => {
      if (running) return
      running = true
      closeForgotten(node, new Date())
        .catch((error: unknown) => {
          node.log.error({ err: error }, 'forgotten transactions were not closed')
        })
        .finally(() => {
          running = false
        })
    },
    Math.max(250, node.config.powerLossGraceMs / 4),
  )
  return () => {
    clearInterval(timer)
    for (const grace of graces.get(node) ?? []) clearTimeout(grace)
    graces.delete(node)
  }
}

/** Ends what a charger forgot that booted, or called its EVSE free, the grace before `now`. */
export async function closeForgotten(node: ChargingNode, now: Date): Promise<void> {
  const quietSince = new Date(now.getTime() - node.config.powerLossGraceMs).toISOString()
  for (const transaction of await abandonedTransactions(node.db, node.config.nodeId, quietSince)) {
    try {
      const closed = await closeAbandoned(node, transaction, nowIso())
      if (closed) node.log.warn({ transaction: transaction.id }, 'closed at its last reading')
    } catch (err) {
      // It is tried again; the next one is another charger's.
      node.log.error({ err, transaction: transaction.id }, 'a forgotten transaction was not closed')
    }
  }
}
