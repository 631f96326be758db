// EVSEs of our own node: made with their charge station, one number on the charger each.
import { asc, eq, inArray, sql as raw } from 'drizzle-orm'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import type { Sql } from '../../client.ts'
import { connectors, evses, locations } from '../../schema.ts'
import { evseKey, type ConnectorInput } from '../locations/locations.ts'

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

/** Adds a station's EVSEs to its location. Their status is UNKNOWN until the charger tells it. */
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
      evseKey: evseKey(item.evseId),
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

/** The first of these EVSE-IDs that a CPO has already, in whatever spelling. */
export async function knownEvseId(
  sql: Sql,
  cpoId: string,
  evseIds: readonly string[],
): Promise<string | undefined> {
  const keys = new Map(evseIds.map((id) => [evseKey(id), id]))
  const [row] = await sql
    .select({ key: evses.evseKey })
    .from(evses)
    .where(
      raw`${eq(evses.cpoId, cpoId)} and ${inArray(evses.evseKey, [...keys.keys()])} and ${evses.status} <> 'REMOVED'`,
    )
    .limit(1)
  return row && keys.get(row.key)
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
