import type { StationRow } from '../../queries/chargers/chargers.ts'
import type { StationEvse } from '../../queries/chargers/node-evses.ts'
import type { ChargeStation } from '@chargelane/openapi'
import { livemode } from '../shown.ts'

/** `password` only in the answer that makes it. */
export const chargeStationView = (
  row: StationRow,
  evses: StationEvse[],
  ocppUrl: string,
  password: string | null = null,
): ChargeStation => ({
  id: row.id,
  cpo: row.cpoId,
  connection: row.connectionId,
  identity: row.identity,
  ocpp_url: `${ocppUrl}/${encodeURIComponent(row.identity)}`,
  password,
  evses: evses
    .filter((evse) => evse.chargeStationId === row.id)
    .map((evse) => ({
      id: evse.id,
      evse_id: evse.evseId,
      ocpp_connector_id: evse.ocppEvseId,
    })),
  vendor: row.vendor,
  model: row.model,
  serial_number: row.serialNumber,
  firmware_version: row.firmwareVersion,
  protocol: row.protocol,
  online: row.online,
  last_seen_at: row.lastSeenAt,
  livemode,
  created_at: row.createdAt,
})
