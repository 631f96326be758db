import {
  type EvseReport,
  type EvseStatus,
  evsesOfStation,
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

/** What an EVSE is shown as: a charger out of use has none in use, save where a car still charges. */
function statusOf({ evses, outOfUse }: Station, ocppEvseId: number): EvseStatus {
  const said = evses.get(ocppEvseId)?.status ?? 'UNKNOWN'
  return outOfUse !== undefined && said !== 'CHARGING' ? outOfUse : said
}

/** A status told again is no news, and rewrites no row. */
async function keepShown(
  node: ChargingNode,
  station: Station,
  ocppEvseId: number,
  at: string,
): Promise<void> {
  const status = statusOf(station, ocppEvseId)
  if (station.shown.get(ocppEvseId) === status) return
  // A car that waits plugged in is no end of a transaction: one that is open holds its EVSE.
  const isOfIdle = status === 'AVAILABLE' && station.evses.get(ocppEvseId)?.plugged === true
  await keepReport(node, { stationId: station.id, ocppEvseId, status, at, isOfIdle })
  // Whether an EVSE that waits is shown as free depends on its transaction, which nobody asks here.
  if (isOfIdle) station.shown.delete(ocppEvseId)
  else station.shown.set(ocppEvseId, status)
}

export function showEvse(
  node: ChargingNode,
  station: Station,
  ocppEvseId: number,
  said: { status: EvseStatus; plugged: boolean },
  at: string,
): Promise<void> {
  station.evses.set(ocppEvseId, said)
  return keepShown(node, station, ocppEvseId, at)
}

/** What the charger says of itself as a whole; its EVSEs come back as they were last told. */
export async function showCharger(
  node: ChargingNode,
  station: Station,
  status: EvseStatus,
  at: string,
): Promise<void> {
  const outOfUse = status === 'INOPERATIVE' || status === 'OUTOFORDER' ? status : undefined
  if (station.outOfUse === outOfUse) return
  station.outOfUse = outOfUse
  for (const { ocppEvseId } of await evsesOfStation(node.db, station.id))
    if (ocppEvseId !== null) await keepShown(node, station, ocppEvseId, at)
}
