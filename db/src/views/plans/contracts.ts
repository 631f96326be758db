import type { ContractResource, DriverGroup } from '@chargelane/openapi'
import type { ContractRow } from '../../queries/partners/contracts.ts'
import type { DriverGroupRow } from '../../queries/partners/driver-groups.ts'
import { livemode } from '../shown.ts'

export function contractView(row: ContractRow, now: string): ContractResource {
  const isOver = row.status === 'active' && row.endedAt !== null && row.endedAt <= now
  return {
    id: row.id,
    version: row.version,
    status: isOver ? 'ended' : row.status,
    cpo: row.cpoId,
    partner: row.partnerId,
    proposed_by: row.proposedBy,
    name: row.name,
    driver_groups: row.driverGroups,
    evses: row.evses,
    locations: row.locations,
    rate_agreement: row.rateAgreement,
    split_policy: row.splitPolicy,
    effective_from: row.effectiveFrom,
    effective_to: row.effectiveTo,
    active_from: row.activeFrom,
    ended_at: row.endedAt,
    decided_by: row.decidedBy,
    decided_at: row.decidedAt,
    reason: row.reason,
    livemode,
    created_at: row.createdAt,
  }
}

export const driverGroupView = (
  row: DriverGroupRow,
  names: ReadonlyMap<string, string>,
): DriverGroup => ({
  id: row.id,
  name: row.name,
  drivers: row.drivers.flatMap((id) => names.get(id) ?? []).toSorted(),
  livemode,
  created_at: row.createdAt,
  updated_at: row.updatedAt,
})
