import type { Plan } from '@chargelane/openapi'
import type { PlanRow } from '../../queries/plans/plans.ts'
import { livemode } from '../shown.ts'

/** The fee is that of an instant, with the VAT of its owner's service. */
export function planView(row: PlanRow, fee: Plan['access_fee']): Plan {
  const { included_kwh, included, overage } = row.terms
  return {
    id: row.id,
    version: row.version,
    owner: row.ownerId,
    owner_type: row.ownerType,
    country: row.country,
    name: row.name,
    access_fee: fee,
    included_kwh,
    included,
    overage,
    retired: row.retired,
    livemode,
    created_at: row.createdAt,
  }
}
