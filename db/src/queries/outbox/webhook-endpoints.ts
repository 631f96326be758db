import { and, eq, ne, sql as raw } from 'drizzle-orm'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import type { Sql } from '../../client.ts'
import { seal } from '../../sealed/sealed.ts'
import { webhookDeliveries, webhookEndpoints, webhookReplays } from '../../schema.ts'
import { endpointView } from '../../views/partners/webhook-endpoints.ts'
import { wakeEndpoint } from './deliveries.ts'
import { appendEvent, deliveriesChannel, dueNow, type EventRow } from './outbox.ts'
import { ownedBy, pageBy, pageOf, type Page, type PageRequest } from '../page.ts'

export type EndpointRow = typeof webhookEndpoints.$inferSelect

export type NewEndpoint = Pick<EndpointRow, 'accountId' | 'url' | 'eventTypes'> & {
  secret: string
  at: string
}

/** Endpoints an account may have. */
export const endpointsMax = 20

/** Undefined where the account has as many as it may. */
export async function createEndpoint(
  tx: Sql,
  { at, secret, ...values }: NewEndpoint,
): Promise<EndpointRow | undefined> {
  await tx.execute(
    raw`select pg_advisory_xact_lock(hashtextextended(${`endpoints ${values.accountId}`}, 44))`,
  )
  const own = await tx.$count(webhookEndpoints, eq(webhookEndpoints.accountId, values.accountId))
  if (own >= endpointsMax) return undefined
  const id = newId('webhookEndpoint')
  const [row] = await tx
    .insert(webhookEndpoints)
    .values({ ...values, id, secret: seal('webhook_endpoints.secret', id, secret), createdAt: at })
    .returning()
  return row
}

export async function getEndpoint(
  sql: Sql,
  accountId: string,
  id: string,
): Promise<EndpointRow | undefined> {
  const [row] = await sql
    .select()
    .from(webhookEndpoints)
    .where(and(eq(webhookEndpoints.id, id), ownedBy(webhookEndpoints.accountId, accountId)))
  return row
}

export async function listEndpoints(
  sql: Sql,
  accountId: string,
  page: PageRequest,
): Promise<Page<EndpointRow>> {
  const { where, orderBy, limit } = pageBy(webhookEndpoints.id, page)
  const rows = await sql
    .select()
    .from(webhookEndpoints)
    .where(and(ownedBy(webhookEndpoints.accountId, accountId), where))
    .orderBy(orderBy)
    .limit(limit)
  return pageOf(rows, page.limit)
}

export type EndpointPatch = Partial<Pick<EndpointRow, 'url' | 'eventTypes' | 'status'>>

/**
 * Switching an endpoint on again forgets how long it had been failing: what still waits for it is tried anew. Switched
 * off it has nothing replayed any more.
 */
export async function updateEndpoint(
  tx: Sql,
  accountId: string,
  id: string,
  patch: EndpointPatch,
  at: string,
): Promise<EndpointRow | undefined> {
  const isEnabled = patch.status === 'enabled'
  const revived = { disabledReason: null, failingSince: null, failures: 0, restUntil: null }
  const [row] = await tx
    .update(webhookEndpoints)
    .set({ ...patch, ...(isEnabled ? revived : {}) })
    .where(and(eq(webhookEndpoints.id, id), ownedBy(webhookEndpoints.accountId, accountId)))
    .returning()
  if (row === undefined) return undefined
  if (patch.status === 'disabled')
    await tx.delete(webhookReplays).where(eq(webhookReplays.endpointId, id))
  if (isEnabled) {
    await tx
      .update(webhookDeliveries)
      .set({ attempts: 0, nextAttemptAt: dueNow(at) })
      .where(
        and(
          eq(webhookDeliveries.endpointId, id),
          eq(webhookDeliveries.state, 'pending'),
          ne(webhookDeliveries.attempts, 0),
        ),
      )
    await tx.execute(raw`select pg_notify(${deliveriesChannel}, ${id})`)
  }
  return row
}

/** A new secret; the one before signs beside it until then, or no more at all. */
export async function rollSecret(
  tx: Sql,
  accountId: string,
  id: string,
  next: { secret: string; overlapUntil: string | null },
): Promise<EndpointRow | undefined> {
  const [row] = await tx
    .update(webhookEndpoints)
    .set({
      secret: seal('webhook_endpoints.secret', id, next.secret),
      previousSecret: next.overlapUntil === null ? null : webhookEndpoints.secret,
      previousSecretUntil: next.overlapUntil,
    })
    .where(and(eq(webhookEndpoints.id, id), ownedBy(webhookEndpoints.accountId, accountId)))
    .returning()
  return row
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
  await tx.delete(webhookReplays).where(eq(webhookReplays.endpointId, endpointId))
  await appendEvent(tx, {
    accountId: row.accountId,
    type: 'webhook_endpoint.disabled',
    objectId: endpointId,
    data: endpointView(row),
    dedupeKey: `${endpointId}:disabled:${at}`,
    at,
  })
}

/** Removes the endpoint and what was still to be sent to it; the events themselves stay. */
export async function deleteEndpoint(tx: Sql, accountId: string, id: string): Promise<boolean> {
  if ((await getEndpoint(tx, accountId, id)) === undefined) return false
  await tx.delete(webhookDeliveries).where(eq(webhookDeliveries.endpointId, id))
  await tx.delete(webhookReplays).where(eq(webhookReplays.endpointId, id))
  const gone = await tx
    .delete(webhookEndpoints)
    .where(and(eq(webhookEndpoints.id, id), ownedBy(webhookEndpoints.accountId, accountId)))
    .returning({ id: webhookEndpoints.id })
  return gone.length > 0
}

/** A `ping` for this endpoint alone, whatever it or the account's other endpoints subscribe to. */
export async function queuePing(
  tx: Sql,
  endpoint: EndpointRow,
  input: { dedupeKey: string; at: string },
): Promise<EventRow> {
  const event = await appendEvent(tx, {
    accountId: endpoint.accountId,
    type: 'ping',
    objectId: endpoint.id,
    data: endpointView(endpoint),
    dedupeKey: input.dedupeKey,
  })
  await tx
    .delete(webhookDeliveries)
    .where(
      and(eq(webhookDeliveries.eventId, event.id), ne(webhookDeliveries.endpointId, endpoint.id)),
    )
  await tx
    .insert(webhookDeliveries)
    .values({
      id: newId('webhookDelivery'),
      endpointId: endpoint.id,
      eventId: event.id,
      objectId: event.objectId,
      sequence: event.sequence,
      state: 'pending',
      nextAttemptAt: dueNow(input.at),
      createdAt: input.at,
    })
    .onConflictDoNothing()
  await wakeEndpoint(tx, endpoint.id)
  return event
}
