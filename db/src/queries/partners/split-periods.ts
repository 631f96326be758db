// Which periods of which sites are to be settled: what was shared there, and what is owed whether or not anybody charged.
import { and, eq, inArray, isNotNull, ne, sql as raw } from 'drizzle-orm'
import type { Sql, Tx } from '../../client.ts'
import { arg, fixedStatement } from '../../fixed.ts'
import { evses, locations, splitCloses, splitPolicies } from '../../schema.ts'
import type { SplitPolicyRow } from './split-policies.ts'

export type SitePeriod = { policyId: string; version: number; siteId: string; period: string }

const selectChanged = fixedStatement<SitePeriod, { limit: number }>(
  () => raw`select s.policy_id as "policyId", s.version, s.site_id as "siteId", s.period
    from split_shares s left join split_closes c on c.policy_id = s.policy_id and c.version = s.version
      and c.site_id = s.site_id and c.period = s.period
    group by s.policy_id, s.version, s.site_id, s.period
    having bool_or(c.closed_at is null) or max(s.written_at) > max(c.closed_at)
    order by s.policy_id, s.version, s.site_id, s.period limit ${arg('limit')}::int`,
)

/** Periods that sales were written to since they were settled, or that never were. */
export const changedPeriods = (sql: Sql, limit: number): Promise<SitePeriod[]> =>
  selectChanged(sql, { limit })

/** Versions that count, or did, and owe something for each period. */
export const policiesOfPeriods = (sql: Sql): Promise<SplitPolicyRow[]> =>
  sql
    .select()
    .from(splitPolicies)
    .where(
      and(
        isNotNull(splitPolicies.activatedAt),
        raw`jsonb_path_exists(${splitPolicies.terms}, '$.rules[*] ? (@.share.kind == "per_period" || exists(@.period_floor))')`,
      ),
    )

/** The sites where a policy counts whether or not anybody charges there. */
export async function sitesOf(
  sql: Sql,
  { level, places, cpoId }: Pick<SplitPolicyRow, 'level' | 'places' | 'cpoId'>,
): Promise<string[]> {
  if (level === 'site') return places
  if (level === 'evse' && places.length > 0) {
    const rows = await sql
      .selectDistinct({ id: evses.locationId })
      .from(evses)
      .where(inArray(evses.id, places))
    return rows.map(({ id }) => id)
  }
  if (level !== 'cpo' || cpoId === null) return []
  const rows = await sql
    .selectDistinct({ id: evses.locationId })
    .from(evses)
    .where(and(eq(evses.cpoId, cpoId), ne(evses.status, 'REMOVED')))
  return rows.map(({ id }) => id)
}

const isOf = ({ policyId, version, siteId, period }: SitePeriod) =>
  and(
    eq(splitCloses.policyId, policyId),
    eq(splitCloses.version, version),
    eq(splitCloses.siteId, siteId),
    eq(splitCloses.period, period),
  )

export async function isClosed(sql: Sql, period: SitePeriod): Promise<boolean> {
  const [row] = await sql.select({ at: splitCloses.closedAt }).from(splitCloses).where(isOf(period))
  return row !== undefined
}

/** One settles a site's period at a time. */
export async function lockPeriod(tx: Tx, of: SitePeriod): Promise<void> {
  const name = [of.policyId, of.version, of.siteId, of.period].join('/')
  await tx.execute(raw`select pg_advisory_xact_lock(hashtextextended(${name}, 51))`)
}

export async function markClosed(tx: Tx, of: SitePeriod, closedAt: string): Promise<void> {
  await tx
    .insert(splitCloses)
    .values({ ...of, closedAt })
    .onConflictDoUpdate({
      target: [splitCloses.policyId, splitCloses.version, splitCloses.siteId, splitCloses.period],
      set: { closedAt },
    })
}

/** Whose a site is, and where it stands. */
export async function siteOf(sql: Sql, siteId: string) {
  const [row] = await sql
    .select({ cpoId: locations.cpoId, country: locations.country })
    .from(locations)
    .where(eq(locations.id, siteId))
  return row
}
