// What must hold of the money once everything has calmed down, whatever died meanwhile: each question names what breaks it.
import { sql as raw, type SQL } from 'drizzle-orm'
import type { Db } from '../client.ts'
import { unclearedSince } from '../queries/ledger/balances.ts'

export type Broken = { law: string; count: number; examples: string[] }

/** Each answers with the ids of what breaks it: the session's, where it is of one. */
const laws: Record<string, SQL> = {
  'captured and owed are what the driver has to pay': raw`
    select s.session_id as id from sales s
    where s.revision = (select max(l.revision) from sales l where l.session_id = s.session_id)
      and (s.state #>> '{collected,captured,amount}')::bigint + (s.state #>> '{collected,owed,amount}')::bigint
        <> (s.split #>> '{legs,0,gross,amount}')::bigint - coalesce((
          select sum((c #>> '{amount,amount}')::bigint) from jsonb_array_elements(s.split -> 'contributions') c), 0)`,
  'what the books say was captured is what was captured, less what was given back': raw`
    select s.session_id as id from sales s
    where s.revision = (select max(l.revision) from sales l where l.session_id = s.session_id)
      and (s.state #>> '{collected,captured,amount}')::bigint <> coalesce((
        select sum(p.captured_minor) from payments p where p.session_id = s.session_id and p.status = 'captured'), 0)
        - coalesce((select sum(r.amount_minor) from refunds r
          where r.session_id = s.session_id and r.status <> 'refused'), 0)`,
  'no payment is captured without a sale': raw`
    select p.session_id as id from payments p where p.status = 'captured'
      and not exists (select from sales s where s.session_id = p.session_id)`,
  'every hold is released or captured': raw`
    select session_id as id from payments where status in ('created', 'requires_action', 'authorized')`,
  'every currency comes to zero': raw`
    select currency as id from ledger_postings group by currency having sum(amount_minor) <> 0`,
  'every entry comes to zero': raw`
    select entry_id::text as id from ledger_postings group by entry_id, currency having sum(amount_minor) <> 0`,
  'a sale is recorded once': raw`
    select session_id as id from ledger_entries where kind in ('sale', 'provisional_sale', 'debt')
      and session_id is not null group by session_id having count(*) > 1`,
  'every sale has one invoice': raw`
    select s.session_id as id from sales s where s.revision = 1 and (s.split #>> '{legs,0,gross,amount}')::bigint > 0
      and (select count(*) from invoices i where i.session_id = s.session_id and i.kind = 'receipt_invoice') <> 1`,
  'a refund that is under way is one that somebody looks at': raw`
    select id from refunds where status = 'pending' and updated_at < now() - interval '10 minutes'`,
  'the events of an object have every sequence once': raw`
    select account_id || ' ' || object_id as id from events group by account_id, object_id
      having count(*) <> count(distinct sequence) or max(sequence) - min(sequence) + 1 <> count(*)`,
  'every session has ended, or says why it waits': raw`
    select id from sessions where settled_at is null and ended_at is null
      and status not in ('start_failed', 'cancelled', 'expired') and updated_at < now() - interval '10 minutes'`,
}

/** `running` are sessions that have until their deadline: nothing is asked of them yet. */
export async function brokenLaws(
  db: Db,
  running: readonly string[] = [],
): Promise<{ laws: number; broken: Broken[] }> {
  const broken: Broken[] = []
  for (const [law, question] of Object.entries(laws)) {
    const found = await db.execute<{ id: string }>(question)
    const rows = found.filter(({ id }) => !running.includes(id))
    if (rows.length > 0)
      broken.push({ law, count: rows.length, examples: rows.slice(0, 5).map(({ id }) => id) })
  }
  return { laws: Object.keys(laws).length, broken }
}

/** Clearing accounts that hold something, with the age of it. */
export const clearing = (db: Db) => unclearedSince(db, 'clearing:')

export type KnownPayment = {
  session: string
  id: string
  psp: string
  currency: string
  captured: number
  given: number
}

/** What we say of each payment by card: to be held against the provider's own record. */
export async function paymentsByCard(db: Db): Promise<KnownPayment[]> {
  return [
    ...(await db.execute<KnownPayment>(raw`
      select p.session_id as session, p.id, p.psp_id as psp, p.currency,
        coalesce(case when p.status = 'captured' then p.captured_minor end, 0)::int as captured,
        coalesce((select sum(r.amount_minor) from refunds r
          where r.payment_id = p.id and r.status = 'refunded'), 0)::int as given
      from payments p where p.kind = 'card' and p.psp_id is not null`)),
  ]
}

export async function paymentOfSession(db: Db, session: string): Promise<KnownPayment | undefined> {
  return (await paymentsByCard(db)).find((payment) => payment.session === session)
}

/** Ends every connection that a process of the product has, as a server that restarts does. */
export async function endConnections(db: Db): Promise<number> {
  const [row] = await db.execute<{ ended: number }>(raw`
    select count(*) filter (where pg_terminate_backend(pid))::int as ended from pg_stat_activity
    where usename = current_user and pid <> pg_backend_pid() and datname = current_database()`)
  return row?.ended ?? 0
}

export type Kill = { what: string; at: string }
export type KilledIn = { what: string; room: string; step: string; sessions: number }

/** Between which steps of how many sessions each kind of death came: after the last that was told before it. */
export async function killedIn(db: Db, kills: readonly Kill[]): Promise<KilledIn[]> {
  return [
    ...(await db.execute<KilledIn>(raw`
      select k.what, p.room, p.what as step, count(*)::int as sessions
      from jsonb_to_recordset(${JSON.stringify(kills)}::jsonb) as k(what text, at timestamptz)
      join sessions s on s.created_at < k.at
      cross join lateral (select t.room, t.what from timeline t where t.session_id = s.id and t.at <= k.at
        order by t.at desc, t.id desc limit 1) p
      where exists (select from timeline n where n.session_id = s.id and n.at > k.at)
      group by 1, 2, 3 order by 2, 3, 1`)),
  ]
}

export async function runningSessions(db: Db): Promise<{ id: string; workflow: string }[]> {
  return [
    ...(await db.execute<{ id: string; workflow: string }>(
      raw`select id, workflow_id as workflow from sessions order by id`,
    )),
  ]
}
