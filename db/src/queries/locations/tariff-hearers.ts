import { sql as raw } from 'drizzle-orm'
import type { Sql } from '../../client.ts'

/**
 * Partners who show the price of a tariff at the instant: by a quote that may still start a session, or because they
 * listen to prices. Called as everybody, since the row of one is nothing to another.
 */
export async function partnersShown(sql: Sql, tariffId: string, at: string): Promise<string[]> {
  const rows = await sql.execute<{ id: string }>(raw`
    select a.id from accounts a
    where a.type = 'partner' and a.status = 'active' and (
      a.id in (select q.account_id from quotes q
        where q.tariff_id = ${tariffId} and q.expires_at > ${at}::timestamptz and q.status = 'open')
      or a.id in (select w.account_id from webhook_endpoints w
        where w.status = 'enabled' and w.event_types && array['*', 'tariff.*', 'tariff.changed']))
    order by a.id`)
  return rows.map(({ id }) => id)
}
