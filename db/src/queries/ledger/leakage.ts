// What left the meters, what of it was sold, and what has been settled (requirements R107).
import { sql as raw } from 'drizzle-orm'
import type { Money } from '@chargelane/openapi/vocabulary/money'
import type { Sql } from '../../client.ts'
import { minorOf, sumText } from '../sums.ts'

export type Leak = {
  cpo: string
  currency: string
  sessions: number
  metered_wh: string
  billed_wh: string
  settled_wh: string
  unbilled_sessions: number
  billed: Money
  settled: Money
}

/** Per operator and currency, of sessions that ended in a time. The books are no tenant's to read: it takes no account. */
export async function leakage(
  sql: Sql,
  { from, until }: { from: string; until: string },
): Promise<Leak[]> {
  const rows = await sql.execute<
    Omit<Leak, 'billed' | 'settled'> & { billed: string; settled: string }
  >(raw`
    select s.cpo_id as cpo, s.currency, count(*)::int as sessions,
      coalesce(sum(s.energy_wh), 0)::text as metered_wh,
      coalesce(sum(s.energy_wh) filter (where sold.is), 0)::text as billed_wh,
      coalesce(sum(s.energy_wh) filter (where s.settled_at is not null), 0)::text as settled_wh,
      count(*) filter (where not sold.is)::int as unbilled_sessions,
      coalesce(${sumText(raw`case when sold.is then s.total_gross_minor end`)}, '0') as billed,
      coalesce(${sumText(raw`case when s.settled_at is not null then s.total_gross_minor end`)}, '0') as settled
    from sessions s cross join lateral (
      select exists (select from sales l where l.session_id = s.id) as is) sold
    where s.ended_at >= ${from} and s.ended_at < ${until} and s.energy_wh > 0
    group by s.cpo_id, s.currency order by s.cpo_id, s.currency`)
  return rows.map(({ billed, settled, ...row }) => ({
    ...row,
    billed: { amount: minorOf(billed), currency: row.currency },
    settled: { amount: minorOf(settled), currency: row.currency },
  }))
}
