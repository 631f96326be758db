// The queue of each webhook endpoint: what is due, who has it, what came of it. Order is kept per object, and an endpoint
// that fails rests as a whole, so that none of it reaches another endpoint's queue.
import { and, asc, eq, inArray, isNull, lte, ne, or, sql as raw } from 'drizzle-orm'
import type { Sql } from '../../client.ts'
import { arg, fixedStatement } from '../../fixed.ts'
import { type Sealed, unsealSound } from '../../sealed/sealed.ts'
import {
  type DeliveryAttempt,
  type EventBody,
  events,
  webhookDeliveries,
  webhookEndpoints,
} from '../../schema.ts'
import { ownedBy, pageBy, pageOf, type Page, type PageRequest } from '../page.ts'
import { deliveriesChannel, dueNow, type EventRow } from './outbox.ts'

export type DeliveryRow = typeof webhookDeliveries.$inferSelect & { type: string }

/** How long a claimed delivery is out of reach of other senders; longer than any attempt may take (10 s). */
const leaseS = 60

export type ClaimedDelivery = {
  id: string
  endpointId: string
  url: string
  /** The present one first; the one before while both are good. None where none can be read. */
  secrets: string[]
  /** Attempts including this one, from 1. */
  attempt: number
  /** The endpoint took nothing of late: it is asked one delivery at a time. */
  isFailing: boolean
  failingSince: string | null
  /** The trace that its session began in. */
  trace: string | null
  event: Pick<EventRow, 'id' | 'objectId' | 'sequence' | 'body' | 'createdAt'>
}

const isFree = raw`(d.leased_until is null or d.leased_until <= ${arg('now')}::timestamptz)`
/** `d` is due, nobody has it, and no older event of its object still waits. */
const isDue = raw`d.state = 'pending' and d.next_attempt_at <= ${arg('now')}::timestamptz and ${isFree}
        and not exists (select 1 from webhook_deliveries older
          where older.endpoint_id = d.endpoint_id and older.object_id = d.object_id
            and older.sequence < d.sequence and older.state = 'pending')`
const isResting = raw`coalesce(w.rest_until, '-infinity') > ${arg('now')}::timestamptz`

type ClaimedRow = Omit<ClaimedDelivery, 'event' | 'secrets'> & {
  secrets: Sealed[]
  eventId: string
  objectId: string
  sequence: number
  body: EventBody
  createdAt: string
}

export type Claim = {
  endpointId: string
  now: string
  limit: number
  /** The same where the endpoint fails. */
  failingLimit: number
}

const claim = fixedStatement<ClaimedRow, Claim>(
  () => raw`with due as (
      select d.id from webhook_deliveries d
      where d.endpoint_id = ${arg('endpointId')}::text and ${isDue}
      order by d.next_attempt_at, d.id
      limit (select coalesce(max(case when w.failures > 0 then ${arg('failingLimit')}::int
          else ${arg('limit')}::int end), 0)
        from webhook_endpoints w
        where w.id = ${arg('endpointId')}::text and w.status = 'enabled' and not ${isResting})
      for update of d skip locked),
    taken as (
      update webhook_deliveries d set attempts = d.attempts + 1,
        leased_until = ${arg('now')}::timestamptz + make_interval(secs => ${raw.raw(String(leaseS))})
      from due where d.id = due.id
      returning d.id, d.endpoint_id, d.event_id, d.attempts)
    select t.id, t.endpoint_id as "endpointId", t.attempts as attempt, w.url, w.failures > 0 as "isFailing",
      w.failing_since as "failingSince",
      array_remove(array[w.secret, case when w.previous_secret_until > ${arg('now')}::timestamptz
        then w.previous_secret end], null) as secrets,
      (select s.trace_id from sessions s where s.id = coalesce(e.body #>> '{data,session}', e.object_id)) as trace,
      e.id as "eventId", e.object_id as "objectId", e.sequence, e.body, e.created_at as "createdAt"
    from taken t join webhook_endpoints w on w.id = t.endpoint_id join events e on e.id = t.event_id
    order by e.position, t.id`,
)

/**
 * Takes an endpoint's due deliveries for sending: only the oldest unfinished one per object, so a receiver sees an
 * object's events in order; nothing while it rests. Other senders see them again only
 * after the lease, when this one has died.
 */
export async function claimDeliveries(sql: Sql, asked: Claim): Promise<ClaimedDelivery[]> {
  const rows = await claim(sql, asked)
  return rows.map(({ eventId, objectId, sequence, body, createdAt, secrets, ...row }) => ({
    ...row,
    // One that was moved or damaged is this endpoint's trouble alone, which its owner is told and mends by rolling it.
    secrets: secrets.flatMap(
      (each) => unsealSound('webhook_endpoints.secret', row.endpointId, each) ?? [],
    ),
    event: { id: eventId, objectId, sequence, body, createdAt },
  }))
}

const selectDue = fixedStatement<{ endpointId: string; dueAt: string }, { now: string }>(
  () => raw`select "endpointId", "dueAt" from (
      select w.id as "endpointId", case
        when ${isResting} then w.rest_until
        when exists (select from webhook_deliveries d where d.endpoint_id = w.id and ${isDue})
          then ${arg('now')}::timestamptz
        else (select min(greatest(d.next_attempt_at, d.leased_until)) from webhook_deliveries d
          where d.endpoint_id = w.id and d.state = 'pending'
            and greatest(d.next_attempt_at, d.leased_until) > ${arg('now')}::timestamptz) end as "dueAt"
      from webhook_endpoints w where w.status = 'enabled' and exists (
        select from webhook_deliveries d where d.endpoint_id = w.id and d.state = 'pending')) waiting
    where "dueAt" is not null`,
)

/** Endpoints for which something waits, and when the next of it is due; what is due already is due now. */
export const dueEndpoints = (sql: Sql, now: string) => selectDue(sql, { now })

export type DeliveryResult = DeliveryAttempt & {
  /** `given_up`: later events of the object no longer wait for it. */
  kind: 'succeeded' | 'failed' | 'given_up'
  /** When a failed one is tried again. */
  nextAttemptAt?: string
}

/** What is known once an attempt is written down. */
export type Recorded = {
  /** A newer event of the object waits. */
  hasNewer: boolean
  isFailing: boolean
  /** Null while the endpoint takes what it is sent. */
  failingSince: string | null
}

const record = fixedStatement<
  Recorded,
  { id: string; state: string; attempt: string; startedAt: string; at: string; next: string | null }
>(
  // The endpoint's row is written only where its health changes. Back from a rest it gets at once what it failed to take,
  // as a trial that does not count.
  () => raw`with done as (
      update webhook_deliveries set state = ${arg('state')}::text, leased_until = null,
        log = case when jsonb_array_length(log) >= 30 then log - 0 else log end || ${arg('attempt')}::jsonb,
        next_attempt_at = coalesce(${arg('next')}::timestamptz, next_attempt_at)
      where id = ${arg('id')} and state = 'pending' returning id, endpoint_id, object_id, sequence),
    before as (
      select w.id, w.failures, coalesce(w.rest_until, '-infinity') <= ${arg('startedAt')}::timestamptz as is_new
      from webhook_endpoints w join done on done.endpoint_id = w.id
      where ${arg('state')}::text <> 'succeeded' or w.failing_since is not null),
    health as (
      update webhook_endpoints w set
        failing_since = case when ${arg('state')}::text <> 'succeeded'
          then coalesce(w.failing_since, ${arg('startedAt')}::timestamptz) end,
        failures = case when ${arg('state')}::text = 'succeeded' then 0
          when before.is_new then before.failures + 1 else w.failures end,
        rest_until = case when ${arg('state')}::text = 'succeeded' then null
          when before.is_new then ${arg('at')}::timestamptz + make_interval(secs => case when before.failures = 0
            then 0 else least(5 * 2 ^ (least(before.failures, 20) - 1), 21600) end)
          else w.rest_until end
      from before where w.id = before.id
      returning w.id, w.failures, w.failing_since, before.failures as was),
    freed as (
      update webhook_deliveries d set next_attempt_at = ${arg('at')}::timestamptz, attempts = d.attempts - 1
      from health where d.endpoint_id = health.id and health.failures = 0 and health.was > 1
        and d.state = 'pending' and d.attempts > 0 and d.leased_until is null
        and d.id <> ${arg('id')} and d.next_attempt_at > ${arg('at')}::timestamptz
      returning d.id)
    select coalesce(health.failures, 0) > 0 as "isFailing", health.failing_since as "failingSince",
      exists (select from freed) or exists (select from webhook_deliveries n where n.endpoint_id = done.endpoint_id
        and n.object_id = done.object_id and n.sequence > done.sequence and n.state = 'pending') as "hasNewer"
    from done left join health on true`,
)

/**
 * What came of an attempt. The endpoint's `failingSince` is set by the first failure and cleared by a success; the
 * answer tells it, so that the sender can decide to disable the endpoint. Undefined where it was recorded before.
 */
export async function recordDelivery(
  sql: Sql,
  deliveryId: string,
  { kind, nextAttemptAt, ...attempt }: DeliveryResult,
): Promise<Recorded | undefined> {
  const states = { succeeded: 'succeeded', failed: 'pending', given_up: 'dead' } as const
  // An attempt is over after it began, also within one millisecond: what began before is of the same round.
  const tookMs = Math.max(1, attempt.durationMs)
  const [row] = await record(sql, {
    id: deliveryId,
    state: states[kind],
    attempt: JSON.stringify(attempt),
    startedAt: attempt.at,
    at: new Date(Date.parse(attempt.at) + tookMs).toISOString(),
    next: nextAttemptAt ?? null,
  })
  return row
}

const ownDeliveries = (sql: Sql, accountId: string) =>
  inArray(
    webhookDeliveries.endpointId,
    sql
      .select({ id: webhookEndpoints.id })
      .from(webhookEndpoints)
      .where(ownedBy(webhookEndpoints.accountId, accountId)),
  )

const selectDeliveries = (sql: Sql) =>
  sql
    .select({ delivery: webhookDeliveries, type: events.type })
    .from(webhookDeliveries)
    .innerJoin(events, eq(events.id, webhookDeliveries.eventId))

type Selected = { delivery: typeof webhookDeliveries.$inferSelect; type: string }
const rowOf = ({ delivery, type }: Selected): DeliveryRow => ({ ...delivery, type })

/** The deliveries of one event, for the partner's own diagnosis. */
export async function deliveriesOfEvent(
  sql: Sql,
  accountId: string,
  eventId: string,
): Promise<DeliveryRow[]> {
  const rows = await selectDeliveries(sql)
    .where(and(eq(webhookDeliveries.eventId, eventId), ownDeliveries(sql, accountId)))
    .orderBy(asc(webhookDeliveries.id))
  return rows.map(rowOf)
}

type DeliveryStatus = DeliveryRow['state'] | 'failing'

/** A pending one is failing when its last attempt failed. */
function hasStatus(status: DeliveryStatus) {
  const isFailing = raw`coalesce(${webhookDeliveries.log} -> -1 ? 'error', false)`
  if (status === 'failing') return and(eq(webhookDeliveries.state, 'pending'), isFailing)
  if (status === 'pending')
    return and(eq(webhookDeliveries.state, 'pending'), raw`not ${isFailing}`)
  return eq(webhookDeliveries.state, status)
}

/** Deliveries newest first, of one endpoint, event or state where asked. */
export async function listDeliveries(
  sql: Sql,
  accountId: string,
  asked: PageRequest & { endpointId?: string; eventId?: string; status?: DeliveryStatus },
): Promise<Page<DeliveryRow>> {
  const { where, orderBy, limit } = pageBy(webhookDeliveries.id, asked)
  const rows = await selectDeliveries(sql)
    .where(
      and(
        ownDeliveries(sql, accountId),
        asked.endpointId === undefined
          ? undefined
          : eq(webhookDeliveries.endpointId, asked.endpointId),
        asked.eventId === undefined ? undefined : eq(webhookDeliveries.eventId, asked.eventId),
        asked.status === undefined ? undefined : hasStatus(asked.status),
        where,
      ),
    )
    .orderBy(orderBy)
    .limit(limit)
  return pageOf(rows.map(rowOf), asked.limit)
}

export async function getDelivery(
  sql: Sql,
  accountId: string,
  id: string,
): Promise<DeliveryRow | undefined> {
  const [row] = await selectDeliveries(sql).where(
    and(eq(webhookDeliveries.id, id), ownDeliveries(sql, accountId)),
  )
  return row === undefined ? undefined : rowOf(row)
}

/** Queues a delivery once more, also one that was taken; one that is under way is left to its sender. */
export async function resendDelivery(
  tx: Sql,
  { id, endpointId }: Pick<DeliveryRow, 'id' | 'endpointId'>,
  at: string,
): Promise<void> {
  await tx
    .update(webhookDeliveries)
    .set({ state: 'pending', attempts: 0, nextAttemptAt: dueNow(at), leasedUntil: null })
    .where(
      and(
        eq(webhookDeliveries.id, id),
        or(
          ne(webhookDeliveries.state, 'pending'),
          isNull(webhookDeliveries.leasedUntil),
          lte(webhookDeliveries.leasedUntil, at),
        ),
      ),
    )
  await wakeEndpoint(tx, endpointId)
}

/** Its owner says that it is there: it is asked at once, however long it was to rest. */
export async function wakeEndpoint(tx: Sql, endpointId: string): Promise<void> {
  await tx
    .update(webhookEndpoints)
    .set({ restUntil: null })
    .where(eq(webhookEndpoints.id, endpointId))
  await tx.execute(raw`select pg_notify(${deliveriesChannel}, ${endpointId})`)
}
