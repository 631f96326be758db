// What a session is shown with: objects of other tables that belong to it, each only where the reader may see it.
import { asc, eq, sql as raw } from 'drizzle-orm'
import type { Money } from '@chargelane/openapi/vocabulary/money'
import type { Sql } from '../../client.ts'
import { arg, fixedStatement, rowOf } from '../../fixed.ts'
import { protocolMessages, sessions } from '../../schema.ts'
import { textArray } from '../outbox/outbox.ts'
import type { SessionRow, SessionScope } from './sessions.ts'

export type SessionExtras = {
  evseId: string
  /** Null for whoever may not know the partner's drivers. */
  driverExternalId: string | null
  /** All that is held, or was captured: of the payments that count, else of the newest one. */
  hold: {
    /** The newest payment of them. */
    id: string
    status: string
    amount: Money
    captured: Money | null
    releasedAt: string | null
  } | null
  cdrId: string | null
  invoiceId: string | null
  isSealed: boolean
}

/** One value per row of `sessions`, in a list as in what an update returns. */
export const extrasColumn = raw<SessionExtras>`json_build_object(
  'evseId', (select e.evse_id from evses e where e.id = sessions.evse_id),
  'driverExternalId', (select d.external_id from drivers d where d.id = sessions.driver_id),
  'hold', (select json_build_object('id', (array_agg(p.id order by p.counts desc, p.attempt desc))[1],
      'status', (array_agg(p.status order by p.counts desc, p.attempt desc))[1],
      'amount', json_build_object('currency', min(p.currency), 'amount', coalesce(
        sum(p.hold_minor) filter (where p.counts), (array_agg(p.hold_minor order by p.attempt desc))[1])),
      'captured', case when count(p.captured_minor) > 0
        then json_build_object('amount', sum(p.captured_minor), 'currency', min(p.currency)) end,
      'releasedAt', to_char(max(p.released_at) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
    from (select *, status in ('authorized', 'captured', 'capture_failed') as counts
      from payments where session_id = sessions.id) p having count(*) > 0),
  'cdrId', (select c.id from cdrs c where c.session_id = sessions.id
    order by c.verdict ->> 'reason' is distinct from 'credit' desc, c.status in ('accepted', 'adjusted') desc, c.source <> 'provisional' desc, c.id desc limit 1),
  'invoiceId', (select i.id from invoices i
    where i.session_id = sessions.id and i.kind = 'receipt_invoice' limit 1),
  'isSealed', exists (select from evidence_packs v where v.session_id = sessions.id))`

type Shown = SessionRow & { extras: SessionExtras }
const selectShown = fixedStatement<
  Shown,
  { id: string; partner: string | null; cpo: string | null }
>(
  () => raw`select ${rowOf(sessions)}, ${extrasColumn} as extras from sessions
    where id = ${arg('id')} and coalesce(account_id = ${arg('partner')}::text, true)
      and coalesce(cpo_id = ${arg('cpo')}::text, true)`,
)

/** One session with what it is shown with, in the viewer's own tx; undefined also when it is somebody else's. */
export async function shownSession(
  sql: Sql,
  scope: SessionScope,
  id: string,
): Promise<Shown | undefined> {
  const everybody = { partner: null, cpo: null }
  const [row] = await selectShown(sql, { id, ...everybody, ...(scope === 'all' ? {} : scope) })
  return row
}

/** By session id. Read in the viewer's own tx: row-level security decides what is null. */
export async function sessionExtras(
  sql: Sql,
  sessionIds: readonly string[],
): Promise<Map<string, SessionExtras>> {
  if (sessionIds.length === 0) return new Map()
  const rows = await sql.execute<{ id: string; extras: SessionExtras }>(raw`
    select id, ${extrasColumn} as extras from sessions where id = any(${textArray(sessionIds)}::text[])`)
  return new Map(rows.map(({ id, extras }) => [id, extras]))
}

export type MessageHead = {
  at: string
  protocol: string
  direction: 'in' | 'out'
  action: string
  status: string | null
}

/** Heads of the protocol messages of a session, without their payloads, in the order we saw them. */
export function messageHeadsOf(sql: Sql, sessionId: string): Promise<MessageHead[]> {
  return sql
    .select({
      at: protocolMessages.at,
      protocol: protocolMessages.protocol,
      direction: protocolMessages.direction,
      action: protocolMessages.action,
      status: protocolMessages.status,
    })
    .from(protocolMessages)
    .where(eq(protocolMessages.sessionId, sessionId))
    .orderBy(asc(protocolMessages.id))
    .limit(4_000)
}
