// Beside the versions of policies: statements of before, replays, and what periods came to.
import { and, asc, desc, eq, inArray, lt, or, sql as raw } from 'drizzle-orm'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import type { GoldenStatement } from '@chargelane/rules/documents'
import { everyAccount, type Sql, type Tx } from '../../client.ts'
import {
  accounts,
  evses,
  locations,
  splitGoldens,
  splitItems,
  splitSimulationLines,
  splitSimulations,
} from '../../schema.ts'
import { pageBy, pageOf, type Page, type PageRequest } from '../page.ts'

// ── Whom and what a policy names ────────────────────────────────────────────────────────────────────────────────

/** Of these accounts those that exist. Asked in the process's own name: that they exist is all that is told. */
export async function knownAccounts(sql: Sql, ids: readonly string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set()
  const rows = await sql
    .select({ id: accounts.id })
    .from(accounts)
    .where(inArray(accounts.id, [...ids]))
  return new Set(rows.map(({ id }) => id))
}

/** Of these EVSEs or locations those that are an operator's. */
export async function knownPlaces(
  sql: Sql,
  level: 'evse' | 'site',
  { cpoId, ids }: { cpoId: string; ids: readonly string[] },
): Promise<Set<string>> {
  if (ids.length === 0) return new Set()
  const table = level === 'evse' ? evses : locations
  const rows = await sql
    .select({ id: table.id })
    .from(table)
    .where(and(eq(table.cpoId, cpoId), inArray(table.id, [...ids])))
  return new Set(rows.map(({ id }) => id))
}

// ── Statements of before ────────────────────────────────────────────────────────────────────────────────────────

export type GoldenRow = typeof splitGoldens.$inferSelect

export async function addGolden(
  tx: Sql,
  input: { policyId: string; name: string; body: GoldenStatement; by: string; at: string },
): Promise<GoldenRow> {
  const { by: createdBy, at: createdAt, ...values } = input
  const [row] = await tx
    .insert(splitGoldens)
    .values({ ...values, id: newId('splitGolden'), createdBy, createdAt })
    .returning()
  if (row === undefined) throw new Error('insert of a golden statement returned no row')
  return row
}

export const goldensOf = (sql: Sql, policyId: string): Promise<GoldenRow[]> =>
  sql
    .select()
    .from(splitGoldens)
    .where(eq(splitGoldens.policyId, policyId))
    .orderBy(asc(splitGoldens.id))

/** Policies with statements of before, each once. */
export async function policiesWithGoldens(sql: Sql): Promise<string[]> {
  const rows = await sql
    .selectDistinct({ id: splitGoldens.policyId })
    .from(splitGoldens)
    .orderBy(asc(splitGoldens.policyId))
  return rows.map(({ id }) => id)
}

// ── Replays ─────────────────────────────────────────────────────────────────────────────────────────────────────

export type SimulationRow = typeof splitSimulations.$inferSelect
export type SimulationLine = typeof splitSimulationLines.$inferSelect

/** Once for each id. */
export async function openSimulation(
  tx: Sql,
  input: Pick<
    SimulationRow,
    'id' | 'policyId' | 'version' | 'revision' | 'accountId' | 'fromAt' | 'untilAt'
  >,
): Promise<SimulationRow> {
  const { untilAt: createdAt } = input
  await tx
    .insert(splitSimulations)
    .values({ ...input, status: 'running', createdAt })
    .onConflictDoNothing()
  const row = await getSimulation(tx, everyAccount, input.id)
  if (row === undefined) throw new Error('insert of a simulation returned no row')
  return row
}

export async function getSimulation(
  sql: Sql,
  accountId: string,
  id: string,
): Promise<SimulationRow | undefined> {
  const isOwn = accountId === everyAccount ? undefined : eq(splitSimulations.accountId, accountId)
  const [row] = await sql
    .select()
    .from(splitSimulations)
    .where(and(eq(splitSimulations.id, id), isOwn))
  return row
}

export async function moveSimulation(
  sql: Sql,
  id: string,
  patch: Partial<
    Pick<SimulationRow, 'status' | 'done' | 'total' | 'result' | 'failure' | 'endedAt'>
  >,
): Promise<void> {
  await sql.update(splitSimulations).set(patch).where(eq(splitSimulations.id, id))
}

export async function addSimulationLines(sql: Sql, rows: readonly SimulationLine[]): Promise<void> {
  if (rows.length > 0)
    await sql
      .insert(splitSimulationLines)
      .values([...rows])
      .onConflictDoNothing()
}

/** Where a page of lines ended. */
const placeOf = ({ sessionId, role, payeeId }: SimulationLine): string =>
  `${sessionId} ${role} ${payeeId}`

export async function simulationLines(
  sql: Sql,
  simulationId: string,
  page: PageRequest,
): Promise<Page<SimulationLine>> {
  const l = splitSimulationLines
  const place = raw`${l.sessionId} || ' ' || ${l.role} || ' ' || ${l.payeeId}`
  const isAfter = page.after === undefined ? undefined : lt(place, page.after)
  const rows = await sql
    .select()
    .from(l)
    .where(and(eq(l.simulationId, simulationId), isAfter))
    .orderBy(desc(place))
    .limit(page.limit + 1)
  return pageOf(rows, page.limit, placeOf)
}

// ── What periods came to ────────────────────────────────────────────────────────────────────────────────────────

export type SplitItemRow = typeof splitItems.$inferSelect

export async function addSplitItem(tx: Tx, row: SplitItemRow): Promise<void> {
  await tx.insert(splitItems).values(row)
}

/** Items of a site's period, in the order in which they were made. */
export const itemsOfPeriod = (
  sql: Sql,
  asked: Pick<SplitItemRow, 'policyId' | 'version' | 'siteId' | 'period'>,
): Promise<SplitItemRow[]> =>
  sql
    .select()
    .from(splitItems)
    .where(
      and(
        eq(splitItems.policyId, asked.policyId),
        eq(splitItems.version, asked.version),
        eq(splitItems.siteId, asked.siteId),
        eq(splitItems.period, asked.period),
      ),
    )
    .orderBy(asc(splitItems.id))

/** Items that an account is paid by or pays. */
export async function listSplitItems(
  sql: Sql,
  accountId: string,
  { policy, ...page }: PageRequest & { policy?: string | undefined },
): Promise<Page<SplitItemRow>> {
  const i = splitItems
  const isOwn =
    accountId === everyAccount
      ? undefined
      : or(eq(i.supplierId, accountId), eq(i.recipientId, accountId))
  const { where, orderBy, limit } = pageBy(i.id, page)
  const rows = await sql
    .select()
    .from(i)
    .where(and(isOwn, where, policy === undefined ? undefined : eq(i.policyId, policy)))
    .orderBy(orderBy)
    .limit(limit)
  return pageOf(rows, page.limit)
}
