import type { ConnectionRow } from '../../queries/locations/connections.ts'
import type { Connection } from '@chargelane/openapi'
import { livemode } from '../shown.ts'

export const connectionView = (row: ConnectionRow): Connection => ({
  id: row.id,
  cpo: row.cpoId,
  protocol: row.protocol,
  status: row.status,
  country_code: row.countryCode,
  party_id: row.partyId,
  versions_url: row.versionsUrl,
  version: row.version,
  last_error: row.statusReason,
  last_ok_at: row.lastOkAt,
  last_pulled_at: row.lastPulledAt,
  tariffs_confirmed_at: row.tariffsConfirmedAt,
  tariff_max_age_s: row.tariffMaxAgeS,
  tariff_slo_s: row.tariffSloS,
  livemode,
  created_at: row.createdAt,
})
