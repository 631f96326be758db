import { and, asc, eq, gt, inArray, type SQL, sql as raw } from 'drizzle-orm'
import type { News } from '@chargelane/openapi'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import type { Sql } from '../../client.ts'
import { arg, fixedStatement, namedColumns } from '../../fixed.ts'
import { type EventBody, events } from '../../schema.ts'
import { ownedBy } from '../page.ts'

export type EventRow = Omit<typeof events.$inferSelect, 'xid'>

/** Heard by whoever waits for an object; the payload is the object's id. */
export const eventsChannel = 'chargelane_events'

/** Heard by the webhook sender when there is something to deliver; the payload is the endpoint's id. */
export const deliveriesChannel = 'chargelane_deliveries'

/** What the account hears: a type and the object it left, as reading it now would show it to this account. */
export type NewEvent = News & {
  accountId: string
  objectId: string
  /** What only the event knows. */
  context?: Record<string, unknown>
  /** Same key, same event: a repeated append changes nothing and returns the first. */
  dedupeKey: string
  /** UTC instant; the database's clock when absent. */
  at?: string
}

const eventColumns = {
  position: events.position,
  id: events.id,
  accountId: events.accountId,
  type: events.type,
  objectId: events.objectId,
  sequence: events.sequence,
  body: events.body,
  dedupeKey: events.dedupeKey,
  createdAt: events.createdAt,
}
const rowColumns = namedColumns(eventColumns)

/** Whether the endpoint `w` subscribes to events of this type. */
export const wants = (type: SQL): SQL => raw`exists (select 1 from unnest(w.event_types) wanted
      where wanted in ('*', ${type}) or (right(wanted, 2) = '.*' and starts_with(${type}, left(wanted, -1))))`

/** Ids of the account's enabled endpoints that want an event of this type. */
export const wantingEndpoints = (accountId: SQL, type: SQL): SQL => raw`array(
  select w.id from webhook_endpoints w where w.account_id = ${accountId} and w.status = 'enabled'
    and ${wants(type)})`

/** What an account asks for now is due now, also where its own time is ahead. */
export const dueNow = (at: string): SQL => raw`least(${at}::timestamptz, clock_timestamp())`

export type EventArgs = {
  eventId: string
  accountId: string
  objectId: string
  body: string
  eventKey: string
  eventAt: string | null
  deliveries: string
}

/**
 * `told`, the event as it was written with the next sequence of its object, for each row of `source` (one or none), and one
 * delivery per endpoint, due at once also where the account's time is ahead. Its user holds a lock on the object until
 * commit, and selects `notified`.
 */
export const writeEvent = (source: SQL): SQL => raw`told as (
    insert into events (id, account_id, body, object_id, sequence, dedupe_key, created_at)
    select ${arg('eventId')}::text, ${arg('accountId')}::text, ${arg('body')}::jsonb, ${arg('objectId')}::text,
      (select coalesce(max(e.sequence), 0) + 1 from events e
        where e.account_id = ${arg('accountId')}::text and e.object_id = ${arg('objectId')}::text),
      ${arg('eventKey')}::text, coalesce(${arg('eventAt')}::timestamptz, clock_timestamp())
    from ${source}
    on conflict (dedupe_key) do nothing
    returning ${rowColumns}),
  sent as (
    insert into webhook_deliveries
      (id, endpoint_id, event_id, object_id, sequence, state, next_attempt_at, created_at)
    select d.id, d.endpoint, told.id, told."objectId", told.sequence, 'pending', least(told."createdAt", clock_timestamp()), told."createdAt"
    from told cross join jsonb_to_recordset(${arg('deliveries')}::jsonb) as d(id text, endpoint text)
    returning endpoint_id)`

/** Wakes whoever waits for the object, and the webhook sender for each endpoint that has something to hear. */
export const notified = raw`(select pg_notify(${raw.raw(`'${eventsChannel}'`)}, told."objectId") from told) as notified,
    (select count(pg_notify(${raw.raw(`'${deliveriesChannel}'`)}, endpoint_id)) from sent) as woken`

/** The values `writeEvent` takes. */
export const eventArgs = (event: NewEvent, endpoints: readonly string[]): EventArgs => ({
  eventId: newId('event'),
  accountId: event.accountId,
  objectId: event.objectId,
  body: JSON.stringify(bodyOf(event)),
  eventKey: event.dedupeKey,
  eventAt: event.at ?? null,
  deliveries: JSON.stringify(
    endpoints.map((endpoint) => ({ id: newId('webhookDelivery'), endpoint })),
  ),
})

// Held until commit: events of one object become visible in the order of their sequence, without gaps.
const lockObject = fixedStatement<
  { endpoints: string[] },
  { accountId: string; objectId: string; type: string }
>(
  () => raw`select ${wantingEndpoints(raw`${arg('accountId')}::text`, raw`${arg('type')}::text`)} as endpoints,
    pg_advisory_xact_lock(hashtextextended(${arg('accountId')}::text || ' ' || ${arg('objectId')}::text, 44))`,
)

const insertEvent = fixedStatement<EventRow & { notified: string; woken: number }, EventArgs>(
  () =>
    raw`with ${writeEvent(raw`(values (1)) as always(x)`)} select told.*, ${notified} from told`,
)

/**
 * Tells the partner what happened, in the tx in which it happened: next sequence of the object, one delivery
 * per enabled endpoint that wants the type, a notification at commit.
 */
export async function appendEvent(tx: Sql, event: NewEvent): Promise<EventRow> {
  const { accountId, objectId, type } = event
  const [object] = await lockObject(tx, { accountId, objectId, type })
  const [row] = await insertEvent(tx, eventArgs(event, object?.endpoints ?? []))
  if (row !== undefined) {
    const { notified: _notified, woken: _woken, ...kept } = row
    return kept
  }
  const [first] = await tx
    .select(eventColumns)
    .from(events)
    .where(eq(events.dedupeKey, event.dedupeKey))
  if (first === undefined) throw new Error(`event ${event.dedupeKey} is neither new nor there`)
  return first
}

const bodyOf = ({
  accountId: _account,
  objectId: _object,
  dedupeKey: _key,
  at: _at,
  ...news
}: NewEvent): EventBody => ({ context: {}, ...news })

/**
 * The account's log after a position, oldest first. A position is given out before its tx commits, so a row is
 * shown only when no older tx is still running: a reader that remembers the last position misses nothing.
 */
export function listEvents(
  sql: Sql,
  accountId: string,
  after: number,
  limit: number,
  types?: string[],
): Promise<EventRow[]> {
  return sql
    .select(eventColumns)
    .from(events)
    .where(
      and(
        ownedBy(events.accountId, accountId),
        gt(events.position, after),
        types === undefined ? undefined : inArray(events.type, types),
        raw`${events.xid} < pg_snapshot_xmin(pg_current_snapshot())`,
      ),
    )
    .orderBy(asc(events.position))
    .limit(limit)
}

/** Events of one object after a sequence, oldest first and without gaps: what a live stream reads. */
export function eventsOfObject(
  sql: Sql,
  accountId: string,
  objectId: string,
  afterSequence: number,
  limit = 1_000,
): Promise<EventRow[]> {
  return sql
    .select(eventColumns)
    .from(events)
    .where(
      and(
        ownedBy(events.accountId, accountId),
        eq(events.objectId, objectId),
        gt(events.sequence, afterSequence),
      ),
    )
    .orderBy(asc(events.sequence))
    .limit(limit)
}

export async function getEvent(
  sql: Sql,
  accountId: string,
  id: string,
): Promise<EventRow | undefined> {
  const [row] = await sql
    .select(eventColumns)
    .from(events)
    .where(and(ownedBy(events.accountId, accountId), eq(events.id, id)))
  return row
}

/** A PostgreSQL array literal: drizzle spreads a JavaScript array into separate parameters. */
export function textArray(values: readonly string[]): string {
  return `{${values.map((value) => `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`).join(',')}}`
}
