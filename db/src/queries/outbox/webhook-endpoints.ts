import { and, eq, ne } from 'drizzle-orm'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import type { Sql } from '../../client.ts'
import { webhookDeliveries, webhookEndpoints } from '../../schema.ts'
import { endpointView } from '../../views/partners/webhook-endpoints.ts'
import { appendEvent, type EventRow } from './outbox.ts'
import { ownedBy, pageBy, pageOf, type Page, type PageRequest } from '../page.ts'

export type EndpointRow = typeof webhookEndpoints.$inferSelect

export type NewEndpoint = Pick<EndpointRow, 'accountId' | 'url' | 'secret' | 'eventTypes'> & {
  at: string
}

export async function createEndpoint(sql: Sql, input: NewEndpoint): Promise<EndpointRow> {
  const { at, ...values } = input
  const [row] = await sql
    .insert(webhookEndpoints)
    .values({ ...values, id: newId('webhookEndpoint'), createdAt: at })
    .returning()
  if (row === undefined) throw new Error('insert of a webhook endpoint returned no row')
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

/** Switching an endpoint on again forgets how long it had been failing. */
export async function updateEndpoint(
  sql: Sql,
  accountId: string,
  id: string,
  patch: EndpointPatch,
): Promise<EndpointRow | undefined> {
  const revived = patch.status === 'enabled' ? { disabledReason: null, failingSince: null } : {}
  const [row] = await sql
    .update(webhookEndpoints)
    .set({ ...patch, ...revived })
    .where(and(eq(webhookEndpoints.id, id), ownedBy(webhookEndpoints.accountId, accountId)))
    .returning()
  return row
}

/** Removes the endpoint and what was still to be sent to it; the events themselves stay. */
export async function deleteEndpoint(tx: Sql, accountId: string, id: string): Promise<boolean> {
  if ((await getEndpoint(tx, accountId, id)) === undefined) return false
  await tx.delete(webhookDeliveries).where(eq(webhookDeliveries.endpointId, id))
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
      nextAttemptAt: input.at,
      createdAt: input.at,
    })
    .onConflictDoNothing()
  return event
}
