import type { ConnectionRow } from '../../queries/locations/connections.ts'
import type { Connection } from '@chargelane/openapi'
import { livemode } from '../shown.ts'

/** `ocpiUrl` is our own interface's address; a token is shown by the answer that made it. */
export const connectionView = (
  row: ConnectionRow,
  ocpiUrl: string,
  tokenA: string | null = null,
): Connection => ({
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
  our_versions_url: row.protocol === 'ocpi' ? `${ocpiUrl}/versions` : null,
  token_a: tokenA,
  livemode,
  created_at: row.createdAt,
})
