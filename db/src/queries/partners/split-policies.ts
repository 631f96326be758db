// How sales are shared beside commission and partner share: versions of policies, and the one that a session is sold by.
import { and, desc, eq, inArray, isNotNull, lt, ne, or, sql as raw, type SQL } from 'drizzle-orm'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import type { KeptPolicy, PolicyTerms } from '@chargelane/rules/documents'
import { everyAccount, type Sql, type Tx } from '../../client.ts'
import { splitPolicies } from '../../schema.ts'
import { pageOf, type Page, type PageRequest } from '../page.ts'

export type SplitPolicyRow = typeof splitPolicies.$inferSelect

const p = splitPolicies

// ── The one that counts ─────────────────────────────────────────────────────────────────────────────────────────

/** What is asked of a sale before it is opened, as expressions of the statement that asks. */
export type SaleAsked = { cpoId: SQL; partnerId: SQL; at: SQL; quoteId: SQL; sourceId: SQL }

/**
 * The policy of a quote's session, as `rules/split/precedence.ts` has it: EVSE before site, before the one that the
 * quote's contract names, before the CPO's, before the default; the one of a level that came into force last. One row.
 */
export const policyOf = ({ cpoId, partnerId, at, quoteId, sourceId }: SaleAsked): SQL =>
  raw`select v.terms || jsonb_build_object('id', v.id, 'version', v.version, 'name', v.name, 'level', v.level,
      'place', jsonb_build_object('site', l.id, 'evse', e.id, 'time_zone', l.time_zone, 'partner', ${partnerId}::text,
        'power_w', coalesce((select max(k.max_power_w) from connectors k where k.evse_id = e.id), 0),
        'payer', (select s.kind from payment_sources s where s.id = ${sourceId}),
        'tariff_type', (select t.canonical ->> 'type' from tariffs t
          where t.id = q.tariff_id and t.version = q.tariff_version),
        'contract', q.body -> 'contract' ->> 'id')) as kept
    from quotes q join evses e on e.id = q.evse_id join locations l on l.id = e.location_id
    join split_policies v on v.activated_at is not null and v.terms ->> 'currency' = q.currency
      and v.effective_from <= ${at}::timestamptz
      and (v.effective_until is null or v.effective_until > ${at}::timestamptz)
      and (v.level = 'default' or (v.cpo_id = ${cpoId} and (v.level = 'cpo' or (v.level = 'evse' and e.id = any(v.places))
        or (v.level = 'site' and l.id = any(v.places)) or (v.level = 'contract'
          and q.body -> 'contract' ->> 'split_policy' = v.id || '@' || v.version))))
    where q.id = ${quoteId}
    order by array_position(array['evse', 'site', 'contract', 'cpo', 'default'], v.level), v.effective_from desc, v.id
    limit 1`

/** As `policyOf` answers. */
export type PolicyOfSale = { kept: KeptPolicy }

// ── Versions ────────────────────────────────────────────────────────────────────────────────────────────────────

/** A draft is its maker's alone; what was activated is the operator's whose sales it shares, too. */
function visibleTo(accountId: string): SQL | undefined {
  if (accountId === everyAccount) return undefined
  return or(eq(p.ownerId, accountId), and(ne(p.status, 'draft'), eq(p.cpoId, accountId)))
}

export async function getSplitPolicy(
  sql: Sql,
  accountId: string,
  id: string,
  version?: number,
): Promise<SplitPolicyRow | undefined> {
  const isAsked = version === undefined ? undefined : eq(p.version, version)
  const [row] = await sql
    .select()
    .from(p)
    .where(and(eq(p.id, id), isAsked, visibleTo(accountId)))
    .orderBy(desc(p.version))
    .limit(1)
  return row
}

/** The newest version of each policy that an account sees, newest policy first. */
export async function listSplitPolicies(
  sql: Sql,
  accountId: string,
  page: PageRequest,
): Promise<Page<SplitPolicyRow>> {
  const isAfter = page.after === undefined ? undefined : lt(p.id, page.after)
  const rows = await sql
    .selectDistinctOn([p.id])
    .from(p)
    .where(and(visibleTo(accountId), isAfter))
    .orderBy(desc(p.id), desc(p.version))
    .limit(page.limit + 1)
  return pageOf(rows, page.limit)
}

export type NewSplitPolicy = Pick<
  SplitPolicyRow,
  'cpoId' | 'ownerId' | 'name' | 'level' | 'places' | 'effectiveFrom' | 'effectiveUntil'
> & { terms: PolicyTerms; at: string }

/** A draft: version 1 of a new policy, or the next version of one. */
export async function insertSplitPolicy(
  tx: Sql,
  { at, ...values }: NewSplitPolicy,
  before?: { id: string; version: number },
): Promise<SplitPolicyRow> {
  const [row] = await tx
    .insert(p)
    .values({
      ...values,
      id: before?.id ?? newId('splitPolicy'),
      version: (before?.version ?? 0) + 1,
      status: 'draft',
      createdAt: at,
      updatedAt: at,
    })
    .returning()
  if (row === undefined) throw new Error('insert of a split policy returned no row')
  return row
}

/** Other terms of a draft, made from the revision that is named; undefined where it is another by now, or no draft. */
export async function updateSplitPolicy(
  tx: Sql,
  { id, version, revision }: Pick<SplitPolicyRow, 'id' | 'version' | 'revision'>,
  { at, ...patch }: Partial<Omit<NewSplitPolicy, 'ownerId' | 'cpoId'>> & { at: string },
): Promise<SplitPolicyRow | undefined> {
  const [row] = await tx
    .update(p)
    .set({ ...patch, revision: revision + 1, updatedAt: at })
    .where(
      and(eq(p.id, id), eq(p.version, version), eq(p.revision, revision), eq(p.status, 'draft')),
    )
    .returning()
  return row
}

/** Two decisions about what counts wait for each other, whichever policies they are about. */
export async function lockSplitPolicies(tx: Tx): Promise<void> {
  await tx.execute(raw`select pg_advisory_xact_lock(hashtextextended('split_policies', 47))`)
}

/** Moves a version; undefined when it is not in one of the states it may come from. */
export async function moveSplitPolicy(
  tx: Sql,
  { id, version }: Pick<SplitPolicyRow, 'id' | 'version'>,
  from: SplitPolicyRow['status'][],
  patch: Partial<
    Pick<
      SplitPolicyRow,
      | 'status'
      | 'effectiveFrom'
      | 'effectiveUntil'
      | 'activatedAt'
      | 'decidedBy'
      | 'reason'
      | 'updatedAt'
    >
  >,
): Promise<SplitPolicyRow | undefined> {
  const [row] = await tx
    .update(p)
    .set(patch)
    .where(and(eq(p.id, id), eq(p.version, version), inArray(p.status, from)))
    .returning()
  return row
}

/** Versions that count at an instant or will, of all policies: what another may not stand beside. */
export function policiesInForce(sql: Sql, at: string): Promise<SplitPolicyRow[]> {
  const isNotOver = raw`coalesce(${p.effectiveUntil} > ${at}::timestamptz, true)`
  return sql
    .select()
    .from(p)
    .where(and(isNotNull(p.activatedAt), isNotOver))
    .orderBy(p.id, p.version)
}
