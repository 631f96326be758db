// Policy of the platform as data: what it set last counts, and every change stays.
import { sql as raw } from 'drizzle-orm'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import type { KeptSettings } from '@chargelane/openapi/vocabulary/settings'
import type { Sql } from '../../client.ts'
import { fixedStatement } from '../../fixed.ts'
import { platformSettings } from '../../schema.ts'
import { type Page, type PageRequest, pageBy, pageOf } from '../page.ts'

export type SettingsRow = typeof platformSettings.$inferSelect

const selectNewest = fixedStatement<SettingsRow, Record<string, never>>(
  () => raw`select id, settings, reason, set_by as "setBy", set_at as "setAt" from platform_settings
    order by id desc limit 1`,
)

/** The newest change; undefined while nothing was ever set. */
export async function newestSettings(sql: Sql): Promise<SettingsRow | undefined> {
  const [row] = await selectNewest(sql, {})
  return row
}

/** What is set now; what is not is by default. */
export async function settingsNow(sql: Sql): Promise<KeptSettings> {
  return (await newestSettings(sql))?.settings ?? {}
}

export async function putSettings(tx: Sql, change: Omit<SettingsRow, 'id'>): Promise<SettingsRow> {
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
