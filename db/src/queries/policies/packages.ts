// Operators' own code: its versions, which of them is in force, what it answered and where it failed.
import { and, desc, eq, inArray, sql as raw } from 'drizzle-orm'
import type { PolicyFault, PolicyHook } from '@chargelane/openapi/vocabulary/policy-hooks'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import type { Sql, Tx } from '../../client.ts'
import { arg, fixedStatement, rowOf } from '../../fixed.ts'
import { policyPackageFaults, policyPackages, policyRuns } from '../../schema.ts'
import { ownedBy, type Page, pageBy, pageOf, type PageRequest } from '../page.ts'

export type PolicyPackageRow = typeof policyPackages.$inferSelect
export type PolicyRunRow = typeof policyRuns.$inferSelect
export type PolicyFaultRow = typeof policyPackageFaults.$inferSelect

const p = policyPackages

export type NewPolicyPackage = Pick<
  PolicyPackageRow,
  | 'id'
  | 'cpoId'
  | 'name'
  | 'version'
  | 'hooks'
  | 'schemaVersion'
  | 'onError'
  | 'source'
  | 'sha256'
  | 'goldens'
> & { at: string }

/** A draft; undefined where this version of the name exists already. */
export async function insertPolicyPackage(
  tx: Sql,
  input: NewPolicyPackage,
): Promise<PolicyPackageRow | undefined> {
  const { at, ...values } = input
  const [row] = await tx
    .insert(p)
    .values({ ...values, status: 'draft', createdAt: at })
    .onConflictDoNothing()
    .returning()
  return row
}

export async function getPolicyPackage(
  sql: Sql,
  accountId: string,
  id: string,
): Promise<PolicyPackageRow | undefined> {
  const [row] = await sql
    .select()
    .from(p)
    .where(and(eq(p.id, id), ownedBy(p.cpoId, accountId)))
  return row
}

export async function listPolicyPackages(
  sql: Sql,
  accountId: string,
  page: PageRequest,
): Promise<Page<PolicyPackageRow>> {
  const { where, orderBy, limit } = pageBy(p.id, page)
  const rows = await sql
    .select()
    .from(p)
    .where(and(where, ownedBy(p.cpoId, accountId)))
    .orderBy(orderBy)
    .limit(limit)
  return pageOf(rows, page.limit)
}

export async function countPolicyPackages(sql: Sql, accountId: string): Promise<number> {
  return sql.$count(p, ownedBy(p.cpoId, accountId))
}

/** Every package in force, of all operators: whose goldens a change of the platform has to pass. */
export const activePolicyPackages = (sql: Sql): Promise<PolicyPackageRow[]> =>
  sql.select().from(p).where(eq(p.status, 'active')).orderBy(p.id)

/** Two decisions about the packages of an operator wait for each other until the tx ends. */
export async function lockPolicyPackages(tx: Tx, operator: string): Promise<void> {
  await tx.execute(raw`select pg_advisory_xact_lock(hashtextextended('policy/' || ${operator}, 0))`)
}

export const activeOf = (tx: Sql, cpoId: string): Promise<PolicyPackageRow[]> =>
  tx
    .select()
    .from(p)
    .where(and(eq(p.cpoId, cpoId), eq(p.status, 'active')))

/** Moves a package; undefined when it is not in one of the states it may come from. */
export async function movePolicyPackage(
  tx: Sql,
  id: string,
  from: PolicyPackageRow['status'][],
  patch: Partial<
    Pick<PolicyPackageRow, 'status' | 'reason' | 'activatedAt' | 'endedAt' | 'faultsInRow'>
  >,
): Promise<PolicyPackageRow | undefined> {
  const [row] = await tx
    .update(p)
    .set(patch)
    .where(and(eq(p.id, id), inArray(p.status, from)))
    .returning()
  return row
}

// ── Calls ───────────────────────────────────────────────────────────────────────────────────────────────────────

export type PolicyAsked = {
  /** In force at this hook; null where the operator has none there. */
  package: Pick<
    PolicyPackageRow,
    'id' | 'name' | 'version' | 'onError' | 'source' | 'sha256' | 'faultsInRow'
  > | null
  /** Answered before: it is not asked again. */
  kept: (PolicyRunRow & { by: Pick<PolicyPackageRow, 'name' | 'version' | 'onError'> }) | null
}

const selectAsked = fixedStatement<PolicyAsked, { cpoId: string; hook: string; subject: string }>(
  () => raw`select
    (select json_build_object('id', k.id, 'name', k.name, 'version', k.version, 'onError', k.on_error,
        'source', k.source, 'sha256', k.sha256, 'faultsInRow', k.faults_in_row)
      from policy_packages k where k.cpo_id = ${arg('cpoId')} and k.status = 'active' and ${arg('hook')} = any (k.hooks)
      limit 1) as package,
    (select row_to_json(r) from (select ${rowOf(policyRuns)},
        (select json_build_object('name', b.name, 'version', b.version, 'onError', b.on_error)
          from policy_packages b where b.id = policy_runs.package_id) as by from policy_runs
      where policy_runs.hook = ${arg('hook')} and policy_runs.subject = ${arg('subject')}) r) as kept`,
)

/** What a hook has to go by, in one statement. */
export async function policyAsked(
  sql: Sql,
  asked: { cpoId: string; hook: PolicyHook; subject: string },
): Promise<PolicyAsked> {
  const [row] = await selectAsked(sql, asked)
  return row ?? { package: null, kept: null }
}

/** Keeps what was answered; undefined where another call was first, and its answer is the one that counts. */
export async function keepPolicyRun(tx: Sql, run: PolicyRunRow): Promise<PolicyRunRow | undefined> {
  const [row] = await tx.insert(policyRuns).values(run).onConflictDoNothing().returning()
  return row
}

/** What packages answered of a session, in the order of time. */
export const policyRunsOf = (sql: Sql, sessionId: string): Promise<PolicyRunRow[]> =>
  sql
    .select()
    .from(policyRuns)
    .where(eq(policyRuns.sessionId, sessionId))
    .orderBy(policyRuns.at, policyRuns.hook)

export async function policyRunOf(
  sql: Sql,
  accountId: string,
  { sessionId, hook }: { sessionId: string; hook: PolicyHook },
): Promise<PolicyRunRow | undefined> {
  const [row] = await sql
    .select()
    .from(policyRuns)
    .where(
      and(
        eq(policyRuns.sessionId, sessionId),
        eq(policyRuns.hook, hook),
        ownedBy(policyRuns.cpoId, accountId),
      ),
    )
    .orderBy(desc(policyRuns.at))
    .limit(1)
  return row
}

export type NewPolicyFault = {
  packageId: string
  cpoId: string
  hook: PolicyHook
  sessionId: string | null
  subject: string
  fault: PolicyFault
  message: string
  at: string
  /** A full line is ours, not the package's. */
  counts: boolean
}

/** Writes a fault down; how many there are in a row now. */
export async function addPolicyFault(tx: Sql, input: NewPolicyFault): Promise<number> {
  const { counts, ...values } = input
  await tx.insert(policyPackageFaults).values({ ...values, id: newId('policyFault') })
  const [row] = await tx
    .update(p)
    .set(counts ? { faultsInRow: raw`${p.faultsInRow} + 1` } : { faultsInRow: p.faultsInRow })
    .where(eq(p.id, input.packageId))
    .returning({ faultsInRow: p.faultsInRow })
  return row?.faultsInRow ?? 0
}

export async function listPolicyFaults(
  sql: Sql,
  accountId: string,
  page: PageRequest & { packageId: string },
): Promise<Page<PolicyFaultRow>> {
  const { where, orderBy, limit } = pageBy(policyPackageFaults.id, page)
  const rows = await sql
    .select()
    .from(policyPackageFaults)
    .where(
      and(
        where,
        eq(policyPackageFaults.packageId, page.packageId),
        ownedBy(policyPackageFaults.cpoId, accountId),
      ),
    )
    .orderBy(orderBy)
    .limit(limit)
  return pageOf(rows, page.limit)
}
