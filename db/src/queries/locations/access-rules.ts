import { and, eq, isNull, sql as raw } from 'drizzle-orm'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import type { Sql } from '../../client.ts'
import { accessRules, evses, locations } from '../../schema.ts'
import { ownedBy, type Page, pageBy, pageOf, type PageRequest } from '../page.ts'

export type AccessRuleRow = typeof accessRules.$inferSelect

const a = accessRules

export async function insertAccessRule(
  tx: Sql,
  input: Omit<AccessRuleRow, 'id' | 'endedAt' | 'createdAt'> & { at: string },
): Promise<AccessRuleRow> {
  const { at, ...values } = input
  const [row] = await tx
    .insert(a)
    .values({ ...values, id: newId('accessRule'), createdAt: at })
    .returning()
  if (row === undefined) throw new Error('insert of an access rule returned no row')
  return row
}

export async function getAccessRule(
  sql: Sql,
  accountId: string,
  id: string,
): Promise<AccessRuleRow | undefined> {
  const [row] = await sql
    .select()
    .from(a)
    .where(and(eq(a.id, id), ownedBy(a.cpoId, accountId)))
  return row
}

export async function listAccessRules(
  sql: Sql,
  accountId: string,
  page: PageRequest,
): Promise<Page<AccessRuleRow>> {
  const { where, orderBy, limit } = pageBy(a.id, page)
  const rows = await sql
    .select()
    .from(a)
    .where(and(where, ownedBy(a.cpoId, accountId)))
    .orderBy(orderBy)
    .limit(limit)
  return pageOf(rows, page.limit)
}

/** Undefined where it is not the account's, or over. */
export async function endAccessRule(
  tx: Sql,
  accountId: string,
  id: string,
  at: string,
): Promise<AccessRuleRow | undefined> {
  const [row] = await tx
    .update(a)
    .set({ endedAt: at })
    .where(and(eq(a.id, id), ownedBy(a.cpoId, accountId), isNull(a.endedAt)))
    .returning()
  return row
}

export const countAccessRules = (sql: Sql, accountId: string): Promise<number> =>
  sql.$count(a, and(ownedBy(a.cpoId, accountId), isNull(a.endedAt)))

/** The first of these places that is not the account's. */
export async function foreignPlace(
  sql: Sql,
  accountId: string,
  named: { evses?: readonly string[] | undefined; locations?: readonly string[] | undefined },
): Promise<string | undefined> {
  const rows = await sql.execute<{ id: string }>(raw`
    select n.id from jsonb_array_elements_text(${JSON.stringify(named.evses ?? [])}::jsonb) n (id)
      where not exists (select from ${evses} e where e.id = n.id and e.cpo_id = ${accountId})
    union all
    select n.id from jsonb_array_elements_text(${JSON.stringify(named.locations ?? [])}::jsonb) n (id)
      where not exists (select from ${locations} l where l.id = n.id and l.cpo_id = ${accountId}) limit 1`)
  return rows[0]?.id
}
