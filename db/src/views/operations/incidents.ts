import type { Incident as StoredIncident } from '../../queries/operations/incidents.ts'
import type { Incident } from '@chargelane/openapi'
import { wholeWh } from '../sales/sessions.ts'

export const incidentView = (row: StoredIncident): Incident => ({
  id: row.id,
  kind: row.kind,
  status: row.status,
  subject: { type: row.subjectType, id: row.subjectId },
  session: row.sessionId,
  account: row.accountId,
  cause: row.cause,
  detail: row.detail,
  at_stake: row.atStake,
  energy_wh: row.energyWh === null ? null : wholeWh(row.energyWh),
  actions: row.status === 'open' ? row.actions : [],
  occurrences: row.occurrences,
  opened_at: row.openedAt,
  last_seen_at: row.lastSeenAt,
  resolution:
    row.reason === null || row.resolvedBy === null || row.resolvedAt === null
      ? null
      : { action: row.action, reason: row.reason, by: row.resolvedBy, at: row.resolvedAt },
})
