import { and, eq, inArray } from 'drizzle-orm'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import type { Sql } from '../../client.ts'
import { driverGroups, drivers } from '../../schema.ts'
import { ownedBy, type Page, pageBy, pageOf, type PageRequest } from '../page.ts'

export type DriverGroupRow = typeof driverGroups.$inferSelect

const g = driverGroups

export async function insertDriverGroup(
  tx: Sql,
  input: Pick<DriverGroupRow, 'accountId' | 'name' | 'drivers'> & { at: string },
): Promise<DriverGroupRow> {
  const { at, ...values } = input
  const [row] = await tx
    .insert(g)
    .values({ ...values, id: newId('driverGroup'), createdAt: at, updatedAt: at })
    .returning()
  if (row === undefined) throw new Error('insert of a driver group returned no row')
  return row
}

export async function updateDriverGroup(
  tx: Sql,
  accountId: string,
  id: string,
  { at, ...patch }: { name?: string; drivers?: string[]; at: string },
): Promise<DriverGroupRow | undefined> {
  const [row] = await tx
    .update(g)
    .set({ ...patch, updatedAt: at })
    .where(and(eq(g.id, id), ownedBy(g.accountId, accountId)))
    .returning()
  return row
}

export async function getDriverGroup(
  sql: Sql,
  accountId: string,
  id: string,
): Promise<DriverGroupRow | undefined> {
  const [row] = await sql
    .select()
    .from(g)
    .where(and(eq(g.id, id), ownedBy(g.accountId, accountId)))
  return row
}

export async function listDriverGroups(
  sql: Sql,
  accountId: string,
  page: PageRequest,
): Promise<Page<DriverGroupRow>> {
  const { where, orderBy, limit } = pageBy(g.id, page)
  const rows = await sql
    .select()
    .from(g)
    .where(and(where, ownedBy(g.accountId, accountId)))
    .orderBy(orderBy)
    .limit(limit)
  return pageOf(rows, page.limit)
}

export const countDriverGroups = (sql: Sql, accountId: string): Promise<number> =>
  sql.$count(g, ownedBy(g.accountId, accountId))

/** Which of these groups are the account's. */
export async function ownGroups(
  sql: Sql,
  accountId: string,
  ids: readonly string[],
): Promise<string[]> {
  const rows = await sql
    .select({ id: g.id })
    .from(g)
    .where(and(ownedBy(g.accountId, accountId), inArray(g.id, [...ids])))
  return rows.map(({ id }) => id)
}

/** The partner's own names of drivers. */
export async function namesOfDrivers(
  sql: Sql,
  ids: readonly string[],
): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map()
  const rows = await sql
    .select({ id: drivers.id, name: drivers.externalId })
    .from(drivers)
    .where(inArray(drivers.id, [...ids]))
  return new Map(rows.map(({ id, name }) => [id, name]))
}
