// Policy of the platform as data: what it set last counts, and every change stays.
import { sql as raw } from 'drizzle-orm'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import type { KeptSettings } from '@chargelane/openapi/vocabulary/settings'
import type { Sql } from '../../client.ts'
import { arg, fixedStatement } from '../../fixed.ts'
import { platformSettings } from '../../schema.ts'
import { type Page, type PageRequest, pageBy, pageOf } from '../page.ts'

export type SettingsRow = typeof platformSettings.$inferSelect

/** Whom a decision concerns: its operator, and the country it is in. */
export type Concerned = { market?: string | undefined; operator?: string | undefined }

const columns = raw`id, market, account_id as "accountId", settings, reason, set_by as "setBy", set_at as "setAt"`

const selectNewest = fixedStatement<SettingsRow, { market: string | null; account: string | null }>(
  () => raw`select ${columns} from platform_settings
    where market is not distinct from ${arg('market')}::text
      and account_id is not distinct from ${arg('account')}::text
    order by id desc limit 1`,
)

const selectNow = fixedStatement<
  Pick<SettingsRow, 'settings'>,
  { market: string | null; operator: string | null; at: string | null }
>(
  () => raw`select settings from (
      select distinct on (account_id, market) account_id, market, settings from platform_settings
      where (account_id is null or account_id = ${arg('operator')}::text)
        and (market is null or market = ${arg('market')}::text)
        and (${arg('at')}::timestamptz is null or set_at <= ${arg('at')}::timestamptz)
      order by account_id, market, id desc) newest
    order by account_id is not null, market is not null`,
)

/** The newest change for all, a market or an operator; undefined while nothing was ever set there. */
export async function newestSettings(
  sql: Sql,
  { market = null, account = null }: { market?: string | null; account?: string | null } = {},
): Promise<SettingsRow | undefined> {
  const [row] = await selectNewest(sql, { market, account })
  return row
}

async function settingsWhen(
  sql: Sql,
  { market, operator }: Concerned,
  at: string | null,
): Promise<KeptSettings> {
  const rows = await selectNow(sql, { market: market ?? null, operator: operator ?? null, at })
  const set = rows.flatMap(({ settings }) =>
    Object.entries(settings).filter(([, value]) => value !== null && value !== undefined),
  )
  return Object.fromEntries(set)
}

/** What is set now: for the operator, else for the market, else for all; what is not is by default. */
export const settingsNow = (sql: Sql, concerned: Concerned = {}): Promise<KeptSettings> =>
  settingsWhen(sql, concerned, null)

/** What was set then, in the same order; a session keeps what was set when it was opened. */
export const settingsAt = (sql: Sql, concerned: Concerned, at: string): Promise<KeptSettings> =>
  settingsWhen(sql, concerned, at)

export async function putSettings(
  tx: Sql,
  change: Omit<SettingsRow, 'id' | 'market' | 'accountId'> &
    Partial<Pick<SettingsRow, 'market' | 'accountId'>>,
): Promise<SettingsRow> {
  const [row] = await tx
    .insert(platformSettings)
    .values({ id: newId('platformSettings'), ...change })
    .returning()
  if (row === undefined) throw new Error('settings were not written')
  return row
}

export async function listSettings(sql: Sql, page: PageRequest): Promise<Page<SettingsRow>> {
  const { where, orderBy, limit } = pageBy(platformSettings.id, page)
  const rows = await sql.select().from(platformSettings).where(where).orderBy(orderBy).limit(limit)
  return pageOf(rows, page.limit)
}
