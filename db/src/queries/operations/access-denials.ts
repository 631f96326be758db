import { and, eq, sql as raw } from 'drizzle-orm'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import type { Sql } from '../../client.ts'
import { arg, fixedStatement } from '../../fixed.ts'
import { accessDenials } from '../../schema.ts'
import { pageBy, pageOf, type Page, type PageRequest } from '../page.ts'

export type AccessDenialRow = typeof accessDenials.$inferSelect

export type Denial = Omit<AccessDenialRow, 'id' | 'ownerId' | 'kind'> & {
  /** The public id in the path, where there is one. */
  objectId: string | null
}

/** Tables whose rows are somebody's, by the column that says whose. */
const owners: readonly [table: string, column: string][] = [
  ['accounts', 'id'],
  ['api_keys', 'account_id'],
  ['payment_sources', 'account_id'],
  ['tokens', 'account_id'],
  ['quotes', 'account_id'],
  ['sessions', 'account_id'],
  ['payments', 'account_id'],
  ['debts', 'account_id'],
  ['events', 'account_id'],
  ['webhook_endpoints', 'account_id'],
  ['incidents', 'account_id'],
  ['connections', 'cpo_id'],
  ['charge_stations', 'cpo_id'],
  ['rate_agreements', 'cpo_id'],
  ['suspense_items', 'cpo_id'],
  ['settlements', 'payee_id'],
  ['invoices', 'seller_id'],
]

const ownersOf = raw.raw(
  owners
    .map(
      ([table, column]) =>
        `select (select o.${column} from ${table} o where o.id = d."objectId" limit 1) as owner`,
    )
    .join(' union all '),
)

// What is missing is a denial only where it is another's; that is known here alone, and told to nobody who asked.
const keep = fixedStatement<Record<string, never>, { denials: string }>(
  () => raw`insert into access_denials as a (id, account_id, key_id, operation, subject, owner_id, code, count, first_at,
      last_at, request_id, kind)
    select d.id, d."accountId", d."keyId", d.operation, d.subject, o.owner, d.code, d.count, d."firstAt", d."lastAt",
      d."requestId", d.kind
    from jsonb_to_recordset(${arg('denials')}::jsonb) as d (id text, "accountId" text, "keyId" text, operation text,
      subject text, "objectId" text, code text, count int, "firstAt" timestamptz, "lastAt" timestamptz, "requestId" text,
      kind text)
    cross join lateral (select max(owner) as owner from (${ownersOf}) owned) o
    where d.code <> 'resource_missing' or o.owner <> d."accountId"
    on conflict (kind) do update set count = a.count + excluded.count, last_at = excluded.last_at,
      request_id = excluded.request_id`,
)

/** Adds denials to those of their hour. */
export async function keepDenials(sql: Sql, denials: readonly Denial[]): Promise<void> {
  const rows = denials.map((denial) => {
    const { accountId, keyId, operation, subject, code, firstAt } = denial
    const kind = JSON.stringify([firstAt.slice(0, 13), accountId, keyId, operation, subject, code])
    return { ...denial, id: newId('accessDenial'), kind }
  })
  await keep(sql, { denials: JSON.stringify(rows) })
}

export async function listDenials(
  sql: Sql,
  page: PageRequest & { accountId?: string; ownerId?: string },
): Promise<Page<AccessDenialRow>> {
  const { where, orderBy, limit } = pageBy(accessDenials.id, page)
  const rows = await sql
    .select()
    .from(accessDenials)
    .where(
      and(
        page.accountId === undefined ? undefined : eq(accessDenials.accountId, page.accountId),
        page.ownerId === undefined ? undefined : eq(accessDenials.ownerId, page.ownerId),
        where,
      ),
    )
    .orderBy(orderBy)
    .limit(limit)
  return pageOf(rows, page.limit)
}
