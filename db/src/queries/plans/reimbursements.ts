import { and, eq, gt, isNull, lte, or, sql as raw } from 'drizzle-orm'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import type { Sql, Tx } from '../../client.ts'
import { arg, fixedStatement, rowOf } from '../../fixed.ts'
import { reimbursementRates } from '../../schema.ts'
import { ownedBy, pageBy, pageOf, type Page, type PageRequest } from '../page.ts'

export type ReimbursementRateRow = typeof reimbursementRates.$inferSelect

const r = reimbursementRates

export async function insertReimbursementRate(
  tx: Tx,
  input: Omit<ReimbursementRateRow, 'id' | 'createdAt'> & { at: string },
): Promise<ReimbursementRateRow> {
  const { at, ...values } = input
  const [row] = await tx
    .insert(r)
    .values({ ...values, id: newId('reimbursementRate'), createdAt: at })
    .returning()
  if (row === undefined) throw new Error('insert of a reimbursement rate returned no row')
  return row
}

export async function getReimbursementRate(
  sql: Sql,
  accountId: string,
  id: string,
): Promise<ReimbursementRateRow | undefined> {
  const [row] = await sql
    .select()
    .from(r)
    .where(and(eq(r.id, id), ownedBy(r.accountId, accountId)))
  return row
}

export async function listReimbursementRates(
  sql: Sql,
  accountId: string,
  page: PageRequest & { at?: string | undefined },
): Promise<Page<ReimbursementRateRow>> {
  const { where, orderBy, limit } = pageBy(r.id, page)
  const rows = await sql
    .select()
    .from(r)
    .where(
      and(
        ownedBy(r.accountId, accountId),
        where,
        page.at === undefined
          ? undefined
          : and(
              lte(r.effectiveFrom, page.at),
              or(isNull(r.effectiveTo), gt(r.effectiveTo, page.at)),
            ),
      ),
    )
    .orderBy(orderBy)
    .limit(limit)
  return pageOf(rows, page.limit)
}

/** Ends a rate, never in retrospect of an earlier end; undefined when it is not the account's. */
export async function endReimbursementRate(
  tx: Tx,
  accountId: string,
  id: string,
  effectiveTo: string,
): Promise<ReimbursementRateRow | undefined> {
  const [row] = await tx
    .update(r)
    .set({ effectiveTo })
    .where(
      and(
        eq(r.id, id),
        ownedBy(r.accountId, accountId),
        or(isNull(r.effectiveTo), gt(r.effectiveTo, effectiveTo)),
      ),
    )
    .returning()
  return row
}

const selectInForce = fixedStatement<ReimbursementRateRow, { accountId: string; at: string }>(
  () => raw`select ${rowOf(r)} from reimbursement_rates
    where account_id = ${arg('accountId')} and effective_from <= ${arg('at')}
      and (effective_to is null or effective_to > ${arg('at')})`,
)

/** The rates of an employer in force at an instant, a session's start. */
export function reimbursementRatesAt(
  sql: Sql,
  accountId: string,
  at: string,
): Promise<ReimbursementRateRow[]> {
  return selectInForce(sql, { accountId, at })
}
