// What a dispute asks of a session beside its own file: who else charged then, with which card it began, what was in force.
import { sql as raw } from 'drizzle-orm'
import type { Money } from '@chargelane/openapi/vocabulary/money'
import type { Sql } from '../../client.ts'
import { instantOf } from './instants.ts'

export type Overlap = {
  id: string
  evseId: string
  startedAt: string
  endedAt: string
  due: Money
}

type OverlapRow = Omit<Overlap, 'due'> & { amount: string | null; currency: string }

/** Sold sessions of the same driver that ran at the same time. */
export async function overlapsOf(sql: Sql, sessionId: string): Promise<Overlap[]> {
  const rows = await sql.execute<OverlapRow>(
    raw`select o.id, o.evse_id as "evseId", ${instantOf('o.started_at')} as "startedAt",
        ${instantOf('o.ended_at')} as "endedAt", o.total_gross_minor as amount, o.currency
      from sessions s join sessions o on o.driver_id = s.driver_id and o.account_id = s.account_id and o.id <> s.id
      where s.id = ${sessionId} and o.total_gross_minor > 0 and o.currency = s.currency
        and o.started_at < s.ended_at and s.started_at < o.ended_at
      order by o.total_gross_minor desc, o.id limit 20`,
  )
  return rows.map(({ amount, currency, ...row }) => ({
    ...row,
    due: { amount: Number(amount ?? 0), currency },
  }))
}

type AroundRow = {
  stopAskedAt: string | null
  cardBlockedAt: string | null
  isCard: boolean
  agreement: string | null
}

/** When a stop was asked for, the state of the card it began with, and a price that was agreed when it was promised. */
export async function aroundSession(sql: Sql, sessionId: string): Promise<AroundRow> {
  const [row] = await sql.execute<AroundRow>(
    raw`select
        (select ${instantOf('min(t.at)')} from timeline t
          where t.session_id = s.id and t.room = 'charging' and t.what = 'stop asked') as "stopAskedAt",
        (select ${instantOf('max(k.updated_at)')} from tokens k
          where k.uid_key = s.token_key and k.account_id = s.account_id and k.status <> 'active') as "cardBlockedAt",
        s.workflow_id like '%:supply-%' as "isCard",
        (select r.id from rate_agreements r where r.cpo_id = s.cpo_id and r.partner_id = s.account_id
          and r.active_from <= q.created_at and (r.ended_at is null or r.ended_at > q.created_at)
          and (r.effective_to is null or r.effective_to > q.created_at)
          and r.evses is null and r.locations is null
          order by r.version desc limit 1) as agreement
      from sessions s join quotes q on q.id = s.quote_id where s.id = ${sessionId}`,
  )
  return row ?? { stopAskedAt: null, cardBlockedAt: null, isCard: false, agreement: null }
}
