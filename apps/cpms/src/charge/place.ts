import {
  type EvseReport,
  type EvseStatus,
  setEvseStatuses,
} from '@chargelane/db/queries/chargers/chargers'
import { batchedWrite } from '../line/batch.ts'
import type { Station } from '../line/station.ts'
import type { ChargingNode } from '../node.ts'

// What a charger says of its EVSEs, on the map of what can be sold.

const keepReport = batchedWrite(
  (node, reports: EvseReport[]) => setEvseStatuses(node.db, reports),
  200,
)

/** A status told again is no news, and rewrites no row. */
export async function showEvse(
  node: ChargingNode,
  station: Station,
  ocppEvseId: number,
  said: { status: EvseStatus; plugged: boolean },
  at: string,
): Promise<void> {
  const { status } = said
  station.evses.set(ocppEvseId, said)
  if (station.shown.get(ocppEvseId) === status) return
  await keepReport(node, { stationId: station.id, ocppEvseId, status, at })
  station.shown.set(ocppEvseId, status)
}
