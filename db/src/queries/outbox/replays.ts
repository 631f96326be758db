// Sends a span of the log again, endpoint by endpoint and page by page: a replay of everything neither fills the queue nor
// runs over its receiver, and news of today goes out between its pages.
import { and, asc, eq, sql as raw } from 'drizzle-orm'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import type { Db, Sql, Tx } from '../../client.ts'
import { webhookReplays } from '../../schema.ts'
import { deliveriesChannel, dueNow, textArray, wants } from './outbox.ts'

type ReplayRow = typeof webhookReplays.$inferSelect

/** Events that become deliveries at once, and how many of them are due in a second. */
const pageMax = 100
const perSecond = 20
/** No page is added while so many deliveries of the endpoint wait. */
const waitingMax = 200
const lookAgainS = 5

/** An event of the endpoint `w` that replay `r` has not come to yet; `r` and `w` are rows of the statement. */
const isWanted = raw`e.account_id = w.account_id and e.position > r.position
  and e.created_at >= r.from_at and e.created_at <= r.to_at
  and (r.types is null or e.type = any(r.types)) and ${wants(raw`e.type`)}`

export type ReplayRange = {
  from: string
  to: string
  types?: readonly string[]
  /** One endpoint only. */
  endpointId?: string
  at: string
}

/**
 * Asks for the account's events between two instants again, for every enabled endpoint that wants them now, in order per
 * object. Returns how many deliveries it will make.
 */
export async function replayEvents(
  tx: Sql,
  accountId: string,
  { from, to, types, endpointId, at }: ReplayRange,
): Promise<number> {
  const chosen = types === undefined ? raw`null::text[]` : raw`${textArray(types)}::text[]`
  const rows = await tx.execute<{ endpointId: string; count: number }>(raw`
    select w.id as "endpointId", count(*) as count from webhook_endpoints w
    cross join (select 0 as position, ${from}::timestamptz as from_at, ${to}::timestamptz as to_at, ${chosen} as types) r
    join events e on ${isWanted}
    where w.account_id = ${accountId} and w.status = 'enabled'
      and (${endpointId ?? null}::text is null or w.id = ${endpointId ?? null}::text)
    group by w.id`)
  if (rows.length === 0) return 0
  await tx.insert(webhookReplays).values(
    rows.map((row) => ({
      id: newId('webhookReplay'),
      endpointId: row.endpointId,
      fromAt: from,
      toAt: to,
      types: types === undefined ? null : [...types],
      nextPageAt: dueNow(at),
      createdAt: at,
    })),
  )
  await tx.execute(raw`select pg_notify(${deliveriesChannel}, '')`)
  return rows.reduce((sum, row) => sum + row.count, 0)
}

/** Makes the next page of every replay that is due. Returns when the next one is, undefined without any. */
export async function advanceReplays(db: Db, now: string): Promise<string | undefined> {
  const [first] = await db
    .select({ at: webhookReplays.nextPageAt })
    .from(webhookReplays)
    .orderBy(asc(webhookReplays.nextPageAt))
    .limit(1)
  if (first === undefined || first.at > now) return first?.at
  for (;;) if (!(await db.tx((tx) => advanceOne(tx, now)))) break
  return now
}

async function advanceOne(tx: Tx, now: string): Promise<boolean> {
  const [row] = await tx
    .select()
    .from(webhookReplays)
    .where(raw`${webhookReplays.nextPageAt} <= ${now}::timestamptz`)
    .orderBy(asc(webhookReplays.nextPageAt))
    .limit(1)
    .for('update', { skipLocked: true })
  if (row === undefined) return false
  if (!(await hasRoom(tx, row.endpointId))) {
    await moveOn(tx, row, { position: row.position, at: later(now, lookAgainS) })
    return true
  }
  const page = await tx.execute<{ id: string; position: number }>(raw`
    select e.id, e.position from webhook_replays r join webhook_endpoints w on w.id = r.endpoint_id
    join events e on ${isWanted}
    where r.id = ${row.id} order by e.position limit ${pageMax}`)
  const last = page.at(-1)
  if (last === undefined) {
    await tx.delete(webhookReplays).where(eq(webhookReplays.id, row.id))
    return true
  }
  await queuePage(tx, row, page, now)
  const spentS = Math.ceil(page.length / perSecond)
  await moveOn(tx, row, { position: last.position, at: later(now, spentS) })
  return true
}

async function hasRoom(tx: Tx, endpointId: string): Promise<boolean> {
  const [found] = await tx.execute<{ isOpen: boolean }>(raw`
    select w.status = 'enabled' and w.failures = 0 and (select count(*) from (select from webhook_deliveries d
      where d.endpoint_id = w.id and d.state = 'pending' limit ${waitingMax}) waiting) < ${waitingMax} as "isOpen"
    from webhook_endpoints w where w.id = ${endpointId}`)
  return found?.isOpen === true
}

/** So many a second; what waits already is on its way and is left as it is. */
async function queuePage(
  tx: Tx,
  row: ReplayRow,
  page: readonly { id: string }[],
  now: string,
): Promise<void> {
  const list = page.map(({ id }, n) => ({
    id: newId('webhookDelivery'),
    event: id,
    at: later(now, Math.floor(n / perSecond)),
  }))
  await tx.execute(raw`
    insert into webhook_deliveries (id, endpoint_id, event_id, object_id, sequence, state, next_attempt_at, created_at)
    select x.id, ${row.endpointId}, e.id, e.object_id, e.sequence, 'pending', x.at, ${now}::timestamptz
    from jsonb_to_recordset(${JSON.stringify(list)}::jsonb) as x(id text, event text, at timestamptz)
    join events e on e.id = x.event
    on conflict (endpoint_id, event_id) do update
      set state = 'pending', attempts = 0, leased_until = null, next_attempt_at = excluded.next_attempt_at
      where webhook_deliveries.state <> 'pending'`)
  await tx.execute(raw`select pg_notify(${deliveriesChannel}, ${row.endpointId})`)
}

const moveOn = (tx: Tx, row: ReplayRow, to: { position: number; at: string }) =>
  tx
    .update(webhookReplays)
    .set({ position: to.position, nextPageAt: to.at })
    .where(and(eq(webhookReplays.id, row.id)))

const later = (at: string, s: number): string => new Date(Date.parse(at) + s * 1_000).toISOString()
