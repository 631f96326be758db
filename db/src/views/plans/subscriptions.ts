import type { Subscription } from '@chargelane/openapi'
import { periodAt, versionIn } from '@chargelane/rules/plan'
import type { SubscriptionRow, SubscriptionVersion } from '../../queries/plans/subscriptions.ts'
import { livemode } from '../shown.ts'

export function subscriptionView(
  row: SubscriptionRow,
  versions: readonly SubscriptionVersion[],
  now: string,
): Subscription {
  const present = periodAt(row.startsOn, row.timeZone, now)
  const index = present?.index ?? 0
  const version = versionIn(versions, index)?.planVersion ?? 1
  const next = versionIn(versions, index + 1)?.planVersion ?? version
  const isOver = row.endsAt !== null && row.endsAt <= now
  return {
    id: row.id,
    status: isOver ? 'cancelled' : present === undefined ? 'scheduled' : 'active',
    driver: {
      id: row.driverId,
      external_id: row.driverExternalId === '' ? null : row.driverExternalId,
    },
    partner: row.accountId,
    plan: row.planId,
    plan_version: version,
    next_plan_version: next === version ? null : next,
    owner: row.ownerId,
    starts_on: row.startsOn,
    time_zone: row.timeZone,
    period: present === undefined ? null : { index, from: present.from, to: present.to },
    ends_at: row.endsAt,
    livemode,
    created_at: row.createdAt,
  }
}
