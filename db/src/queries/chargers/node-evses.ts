// EVSEs of our own node: made with their charge station, one number on the charger each.
import { asc, eq, inArray } from 'drizzle-orm'
import { evseKey, readEvseId } from '@chargelane/rules/identity/evse-id'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import type { Sql } from '../../client.ts'
import { connectors, evses, locations } from '../../schema.ts'
import type { ConnectorInput } from '../locations/locations.ts'

export type NodeEvse = {
  evseId: string
  ocppEvseId: number
  connectors: Omit<ConnectorInput, 'lastUpdated' | 'ocpiId'>[]
}
export type StationEvse = {
  id: string
  evseId: string
  ocppEvseId: number
  chargeStationId: string
}

/** Adds a station's EVSEs, whose ids were found to be its own, to its location. Their status is UNKNOWN until the charger tells it. */
export async function addNodeEvses(
  tx: Sql,
  station: { id: string; locationId: string; connectionId: string; cpoId: string; at: string },
  list: readonly NodeEvse[],
): Promise<void> {
  for (const item of list) {
    const id = newId('evse')
    await tx.insert(evses).values({
      id,
      locationId: station.locationId,
      connectionId: station.connectionId,
      cpoId: station.cpoId,
      ocpiUid: item.evseId,
      evseId: item.evseId,
      claimedKey: evseKey(item.evseId),
      operator: readEvseId(item.evseId)?.operator ?? null,
      evseKey: evseKey(item.evseId),
      identity: 'evse_id',
      status: 'UNKNOWN',
      statusAt: station.at,
      capabilities: ['REMOTE_START_STOP_CAPABLE', 'RFID_READER'],
      chargeStationId: station.id,
      ocppEvseId: item.ocppEvseId,
      lastUpdated: station.at,
    })
    await tx.insert(connectors).values(
      item.connectors.map((connector, index) => ({
        ...connector,
        id: newId('connector'),
        evseId: id,
        ocpiId: String(index + 1),
        ocppConnectorId: index + 1,
        lastUpdated: station.at,
      })),
    )
  }
  await tx
    .update(locations)
    .set({ lastUpdated: station.at })
    .where(eq(locations.id, station.locationId))
}

/** EVSEs of these stations, in the order of their numbers there. */
export async function evsesOfStations(
  sql: Sql,
  stationIds: readonly string[],
): Promise<StationEvse[]> {
  if (stationIds.length === 0) return []
  const rows = await sql
    .select({
      id: evses.id,
      evseId: evses.evseId,
      ocppEvseId: evses.ocppEvseId,
      chargeStationId: evses.chargeStationId,
    })
    .from(evses)
    .where(inArray(evses.chargeStationId, [...stationIds]))
    .orderBy(asc(evses.ocppEvseId))
  return rows.flatMap((row) =>
    row.chargeStationId === null || row.ocppEvseId === null
      ? []
      : [{ ...row, chargeStationId: row.chargeStationId, ocppEvseId: row.ocppEvseId }],
  )
}
