import { and, asc, eq, gt, inArray, type SQL, sql as raw } from 'drizzle-orm'
import type { News } from '@chargelane/openapi'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import type { Sql } from '../../client.ts'
import { arg, fixedStatement, namedColumns } from '../../fixed.ts'
import { type EventBody, events, webhookDeliveries, webhookEndpoints } from '../../schema.ts'
import { endpointView } from '../../views/partners/webhook-endpoints.ts'
import { ownedBy } from '../page.ts'

export type EventRow = Omit<typeof events.$inferSelect, 'xid'>
export type DeliveryRow = typeof webhookDeliveries.$inferSelect

/** Heard by whoever waits for an object; the payload is the object's id. */
export const eventsChannel = 'chargelane_events'

/** Heard by the webhook loop when there is something to deliver. */
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

/** How long a claimed delivery is out of reach of other senders; longer than any attempt may take (10 s). */
const claimLeaseS = 60

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

/** Ids of the account's enabled endpoints that want an event of this type. */
export const wantingEndpoints = (accountId: SQL, type: SQL): SQL => raw`array(
  select w.id from webhook_endpoints w where w.account_id = ${accountId} and w.status = 'enabled'
    and exists (select 1 from unnest(w.event_types) wanted
      where wanted in ('*', ${type}) or (right(wanted, 2) = '.*' and starts_with(${type}, left(wanted, -1)))))`

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
    returning id)`

/** Wakes whoever waits for the object, and the webhook loop where it has something to deliver. */
export const notified = raw`(select pg_notify(${raw.raw(`'${eventsChannel}'`)}, told."objectId") from told) as notified,
    (select pg_notify(${raw.raw(`'${deliveriesChannel}'`)}, '') from sent limit 1) as woken`

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

const insertEvent = fixedStatement<
  EventRow & { notified: string; woken: string | null },
  EventArgs
>(
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

export type ClaimedDelivery = {
  id: string
  endpointId: string
  url: string
  secret: string
  /** Attempts including this one, from 1. */
  attempt: number
  event: Pick<EventRow, 'id' | 'accountId' | 'objectId' | 'sequence' | 'body' | 'createdAt'>
}

const claim = fixedStatement<ClaimedRow, { now: string; limit: number }>(
  () => raw`with due as (
      select d.id from webhook_deliveries d
      join webhook_endpoints w on w.id = d.endpoint_id and w.status = 'enabled'
      where d.state = 'pending' and d.next_attempt_at <= ${arg('now')}::timestamptz
        and not exists (select 1 from webhook_deliveries older
          where older.endpoint_id = d.endpoint_id and older.object_id = d.object_id
            and older.sequence < d.sequence and older.state = 'pending')
      order by d.next_attempt_at, d.id limit ${arg('limit')}
      for update of d skip locked),
    taken as (
      update webhook_deliveries d set attempts = d.attempts + 1,
        next_attempt_at = ${arg('now')}::timestamptz + make_interval(secs => ${claimLeaseS})
      from due where d.id = due.id
      returning d.id, d.endpoint_id, d.event_id, d.attempts)
    select t.id, t.endpoint_id, t.attempts, w.url, w.secret,
      e.id as event_id, e.account_id, e.type, e.object_id, e.sequence, e.body, e.created_at
    from taken t join webhook_endpoints w on w.id = t.endpoint_id join events e on e.id = t.event_id
    order by e.position, t.id`,
)

/**
 * Takes due deliveries for sending: only the oldest unfinished one per endpoint and object, so a receiver sees
 * an object's events in order. Other senders see them again only after 60 s, when this one has died.
 */
export async function claimDeliveries(
  sql: Sql,
  now: string,
  limit: number,
): Promise<ClaimedDelivery[]> {
  const rows = await claim(sql, { now, limit })
  return rows.map((row) => ({
    id: row.id,
    endpointId: row.endpoint_id,
    url: row.url,
    secret: row.secret,
    attempt: row.attempts,
    event: {
      id: row.event_id,
      accountId: row.account_id,
      objectId: row.object_id,
      sequence: row.sequence,
      body: row.body,
      createdAt: row.created_at,
    },
  }))
}

type ClaimedRow = {
  id: string
  endpoint_id: string
  attempts: number
  url: string
  secret: string
  event_id: string
  account_id: string
  object_id: string
  sequence: number
  body: EventBody
  created_at: string
}

export type DeliveryResult = { at: string; status?: number; error?: string } & (
  | { kind: 'succeeded' }
  | { kind: 'failed'; nextAttemptAt: string }
  /** Given up: later events of the object no longer wait for it. */
  | { kind: 'dead' }
)

/**
 * What came of an attempt. The endpoint's `failingSince` is set by the first failure and cleared by a success;
 * the answer tells it, so that the sender can decide to disable the endpoint.
 */
export async function recordDelivery(
  sql: Sql,
  deliveryId: string,
  result: DeliveryResult,
): Promise<{ endpointId: string; failingSince: string | null } | undefined> {
  const state = result.kind === 'failed' ? ('pending' as const) : result.kind
  const [row] = await sql
    .update(webhookDeliveries)
    .set({
      state,
      lastStatus: result.status ?? null,
      lastError: result.error?.slice(0, 500) ?? null,
      ...(result.kind === 'failed' ? { nextAttemptAt: result.nextAttemptAt } : {}),
    })
    .where(and(eq(webhookDeliveries.id, deliveryId), eq(webhookDeliveries.state, 'pending')))
    .returning({ endpointId: webhookDeliveries.endpointId })
  if (row === undefined) return undefined
  const failingSince =
    result.kind === 'succeeded'
      ? raw`null`
      : raw`coalesce(${webhookEndpoints.failingSince}, ${result.at}::timestamptz)`
  const [endpoint] = await sql
    .update(webhookEndpoints)
    .set({ failingSince })
    .where(eq(webhookEndpoints.id, row.endpointId))
    .returning({ failingSince: webhookEndpoints.failingSince })
  return { endpointId: row.endpointId, failingSince: endpoint?.failingSince ?? null }
}

/** The attempts made for one event, for the partner's own diagnosis. */
export function deliveriesOfEvent(
  sql: Sql,
  accountId: string,
  eventId: string,
): Promise<DeliveryRow[]> {
  return sql
    .select()
    .from(webhookDeliveries)
    .where(
      and(
        eq(webhookDeliveries.eventId, eventId),
        inArray(
          webhookDeliveries.endpointId,
          sql
            .select({ id: webhookEndpoints.id })
            .from(webhookEndpoints)
            .where(ownedBy(webhookEndpoints.accountId, accountId)),
        ),
      ),
    )
    .orderBy(asc(webhookDeliveries.id))
}

/**
 * Sends the account's events between two instants again, to every enabled endpoint that wants them now, in
 * order per object. Returns how many deliveries it asked for.
 */
export async function replayEvents(
  tx: Sql,
  accountId: string,
  range: { from: string; to: string; types?: string[]; at: string },
): Promise<number> {
  const pairs = await tx.execute<{ endpoint_id: string; event_id: string }>(raw`
    select w.id as endpoint_id, e.id as event_id
    from events e join webhook_endpoints w on w.account_id = e.account_id and w.status = 'enabled'
    where e.account_id = ${accountId}
      and e.created_at >= ${range.from}::timestamptz and e.created_at <= ${range.to}::timestamptz
      and (${range.types === undefined} or e.type = any(${textArray(range.types ?? [])}::text[]))
      and exists (select 1 from unnest(w.event_types) wanted
        where wanted in ('*', e.type) or (right(wanted, 2) = '.*' and starts_with(e.type, left(wanted, -1))))
    order by e.position`)
  if (pairs.length === 0) return 0
  const list = pairs.map((pair) => ({ ...pair, id: newId('webhookDelivery') }))
  await tx.execute(raw`
    insert into webhook_deliveries (id, endpoint_id, event_id, object_id, sequence, state, next_attempt_at, created_at)
    select x.id, x.endpoint_id, e.id, e.object_id, e.sequence, 'pending', least(${range.at}::timestamptz, clock_timestamp()), ${range.at}
    from jsonb_to_recordset(${JSON.stringify(list)}::jsonb) as x(id text, endpoint_id text, event_id text)
    join events e on e.id = x.event_id
    on conflict (endpoint_id, event_id) do update
      set state = 'pending', attempts = 0, next_attempt_at = excluded.next_attempt_at`)
  await tx.execute(raw`select pg_notify(${deliveriesChannel}, '')`)
  return pairs.length
}

/** A PostgreSQL array literal: drizzle spreads a JavaScript array into separate parameters. */
export function textArray(values: readonly string[]): string {
  return `{${values.map((value) => `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`).join(',')}}`
}

/** Gives an endpoint up, with the reason its owner is shown; its pending deliveries wait for it to be enabled again. */
export async function disableEndpoint(
  tx: Sql,
  endpointId: string,
  reason: string,
  at: string,
): Promise<void> {
  const [row] = await tx
    .update(webhookEndpoints)
    .set({ status: 'disabled', disabledReason: reason.slice(0, 500) })
    .where(and(eq(webhookEndpoints.id, endpointId), eq(webhookEndpoints.status, 'enabled')))
    .returning()
  if (row === undefined) return
  await appendEvent(tx, {
    accountId: row.accountId,
    type: 'webhook_endpoint.disabled',
    objectId: endpointId,
    data: endpointView(row),
    dedupeKey: `${endpointId}:disabled:${at}`,
    at,
  })
}
