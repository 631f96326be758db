import type { AccessRule } from '@chargelane/openapi'
import type { AccessRuleRow } from '../../queries/locations/access-rules.ts'
import { livemode } from '../shown.ts'

export const accessRuleView = (row: AccessRuleRow): AccessRule => ({
  id: row.id,
  cpo: row.cpoId,
  status: row.endedAt === null ? 'active' : 'ended',
  name: row.name,
  evses: row.evses,
  locations: row.locations,
  admits: row.admits,
  hours: row.hours,
  end_at_close: row.endAtClose,
  effective_from: row.effectiveFrom,
  ended_at: row.endedAt,
  livemode,
  created_at: row.createdAt,
})
