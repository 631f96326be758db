// What a session is shown with: objects of other tables that belong to it, each only where the reader may see it.
import { asc, eq, sql as raw } from 'drizzle-orm'
import type { Sql } from '../../client.ts'
import { protocolMessages, sessions } from '../../schema.ts'
import { textArray } from '../outbox/outbox.ts'
import { paymentByPspId } from '../payments/payments.ts'

export type SessionExtras = {
  sessionId: string
  evseId: string
  /** Null for whoever may not know the partner's drivers. */
  driverExternalId: string | null
  hold: {
    id: string
    status: string
    currency: string
    holdMinor: number
    capturedMinor: number | null
    releasedAt: string | null
  } | null
  cdrId: string | null
  invoiceId: string | null
  isSealed: boolean
}

/** By session id. Read in the viewer's own tx: row-level security decides what is null. */
export async function sessionExtras(
  sql: Sql,
  sessionIds: readonly string[],
): Promise<Map<string, SessionExtras>> {
  if (sessionIds.length === 0) return new Map()
  const rows = await sql.execute<SessionExtras>(raw`
    select s.id as "sessionId", e.evse_id as "evseId", d.external_id as "driverExternalId",
      (select json_build_object('id', p.id, 'status', p.status, 'currency', p.currency,
          'holdMinor', p.hold_minor, 'capturedMinor', p.captured_minor,
          'releasedAt', to_char(p.released_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
        from payments p where p.session_id = s.id order by p.attempt desc limit 1) as hold,
      (select c.id from cdrs c where c.session_id = s.id
        order by c.status in ('accepted', 'adjusted') desc, c.source <> 'provisional' desc, c.id desc
        limit 1) as "cdrId",
      (select i.id from invoices i where i.session_id = s.id and i.kind = 'receipt_invoice'
        limit 1) as "invoiceId",
      exists (select from evidence_packs v where v.session_id = s.id) as "isSealed"
    from sessions s join evses e on e.id = s.evse_id left join drivers d on d.id = s.driver_id
    where s.id = any(${textArray(sessionIds)}::text[])`)
  return new Map(rows.map((row) => [row.sessionId, row]))
}

/** Which of these sessions' workflows a payment object of the provider concerns. */
export async function sessionOfPayment(
  sql: Sql,
  of: Parameters<typeof paymentByPspId>[1],
): Promise<{ sessionId: string; workflowId: string } | undefined> {
  const payment = await paymentByPspId(sql, of)
  if (payment === undefined) return undefined
  const [row] = await sql
    .select({ sessionId: sessions.id, workflowId: sessions.workflowId })
    .from(sessions)
    .where(eq(sessions.id, payment.sessionId))
  return row
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
