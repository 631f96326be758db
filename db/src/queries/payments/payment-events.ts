import { sql as raw } from 'drizzle-orm'
import type { Sql } from '../../client.ts'
import { arg, fixedStatement } from '../../fixed.ts'
import type { paymentEvents } from '../../schema.ts'
import { seal, type Sealed } from '../../sealed/sealed.ts'

type PaymentEventRow = typeof paymentEvents.$inferSelect
type EventKey = Pick<PaymentEventRow, 'kind' | 'id'>

/** Which workflow is to be told of a message; null when none waits for it, or it was told before. */
type Stored = { workflowId: string | null; heardAt: string | null }

const storeEvent = fixedStatement<
  Stored,
  Pick<PaymentEventRow, 'kind' | 'id' | 'type' | 'pspId'> & {
    payload: Sealed
    at: string
    endsHold: boolean
  }
>(
  () => raw`with waiting as (
      select s.workflow_id from payments p join sessions s on s.id = p.session_id
      where p.kind = ${arg('kind')} and p.psp_id = ${arg('pspId')}
        and (p.status in ('created', 'requires_action') or p.status = 'authorized' and ${arg('endsHold')}::boolean))
    insert into payment_events as e (kind, id, type, psp_id, payload, received_at, heard_at)
    values (${arg('kind')}, ${arg('id')}, ${arg('type')}, ${arg('pspId')}, ${arg('payload')}, ${arg('at')},
      case when exists (select from waiting) then null else ${arg('at')}::timestamptz end)
    on conflict (kind, id) do update set heard_at = coalesce(e.heard_at, excluded.heard_at)
    returning heard_at as "heardAt", (select workflow_id from waiting) as "workflowId"`,
)

/**
 * Stores a message once, and answers the workflow that waits for it: of the session whose payment is still open, or
 * stands and is ended by it. A message nobody waits for is heard with that; a second delivery is told again only if the
 * first was not heard.
 */
export async function storePaymentEvent(
  sql: Sql,
  event: Omit<Parameters<typeof storeEvent>[1], 'payload'> & { payload: string },
): Promise<string | null> {
  const payload = seal('payment_events.payload', `${event.kind} ${event.id}`, event.payload)
  const [stored] = await storeEvent(sql, { ...event, payload })
  return stored?.heardAt === null ? stored.workflowId : null
}

const setHeard = fixedStatement<Record<string, never>, EventKey & { at: string }>(
  () => raw`update payment_events set heard_at = ${arg('at')}
    where kind = ${arg('kind')} and id = ${arg('id')} and heard_at is null`,
)

export async function markPaymentEventHeard(sql: Sql, event: EventKey, at: string): Promise<void> {
  await setHeard(sql, { ...event, at })
}
