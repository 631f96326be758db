// What an account is owed and by how much it is behind, at any instant: from payables, settlements and payouts.
import { sql as raw } from 'drizzle-orm'
import type { PartyRef, PartyRole } from '@chargelane/openapi/vocabulary/parties'
import { arg, fixedStatement } from '../../fixed.ts'
import type { Sql } from '../../client.ts'
import { minorOf } from '../sums.ts'

type Sums = {
  currency: string
  pending: string
  open: string
  settled: string
  inTransit: string
  since: string | null
}

export type PayeeBalance = {
  currency: string
  pending: number
  available: number
  inTransit: number
  negative: number
  /** Since when it is negative: the oldest of what was taken back and not made up for. */
  negativeSince: string | null
}

const selectSums = fixedStatement<Sums, { account: string; at: string }>(
  () => raw`with owed as (
      select p.currency, p.amount_minor, p.created_at, p.held_reason is not null as is_held
      from payables p left join settlements s on s.id = p.settlement_id
      where p.payee_id = ${arg('account')} and p.created_at <= ${arg('at')}::timestamptz
        and (s.id is null or s.created_at > ${arg('at')}::timestamptz)),
    sent as (
      select s.currency, s.amount_minor, exists (select from payouts o where o.settlement_id = s.id
          and o.sent_at <= ${arg('at')}::timestamptz
          and (o.paid_at is null or o.paid_at > ${arg('at')}::timestamptz)
          and (o.ended_at is null or o.ended_at > ${arg('at')}::timestamptz)) as is_out
      from settlements s where s.payee_id = ${arg('account')} and s.created_at <= ${arg('at')}::timestamptz
        and (s.paid_at is null or s.paid_at > ${arg('at')}::timestamptz)),
    parts as (
      select currency, case when is_held then amount_minor end as pending,
        case when not is_held then amount_minor end as open, null::bigint as settled, null::bigint as out,
        case when not is_held and amount_minor < 0 then created_at end as since from owed
      union all
      select currency, null, null, case when not is_out then amount_minor end,
        case when is_out then amount_minor end, null from sent)
    select currency, coalesce(sum(pending), 0)::text as pending, coalesce(sum(open), 0)::text as open,
      coalesce(sum(settled), 0)::text as settled, coalesce(sum(out), 0)::text as "inTransit",
      to_char(min(since) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as since
    from parts group by currency order by currency`,
)

/** By currency; a currency in which nothing was ever owed is not there. */
export async function balancesOf(sql: Sql, account: string, at: string): Promise<PayeeBalance[]> {
  const rows = await selectSums(sql, { account, at })
  return rows.map(({ currency, pending, open, settled, inTransit, since }) => {
    const net = minorOf(open)
    return {
      currency,
      pending: minorOf(pending),
      available: Math.max(net, 0) + minorOf(settled),
      inTransit: minorOf(inTransit),
      negative: Math.max(-net, 0),
      negativeSince: net < 0 ? since : null,
    }
  })
}

export type NegativePayee = { payee: PartyRef; currency: string; behind: number; since: string }

/** Whose later records, refunds and chargebacks take more back than its sales bring: nothing is paid, and nobody else's is taken. */
export async function negativePayees(sql: Sql): Promise<NegativePayee[]> {
  const rows = await sql.execute<{
    id: string
    role: PartyRole
    currency: string
    behind: string
    since: string
  }>(raw`select payee_id as id, role, currency, (-sum(amount_minor))::text as behind,
      to_char(min(created_at) filter (where amount_minor < 0) at time zone 'UTC',
        'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as since
    from payables where settlement_id is null and held_reason is null
    group by payee_id, role, currency having sum(amount_minor) < 0 order by payee_id, role, currency`)
  return [...rows].map(({ id, role, currency, behind, since }) => ({
    payee: { role, id },
    currency,
    behind: minorOf(behind),
    since,
  }))
}
