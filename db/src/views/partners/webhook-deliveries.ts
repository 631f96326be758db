import type { WebhookDelivery } from '@chargelane/openapi'
import { isEventType } from '@chargelane/openapi/vocabulary/event-types'
import type { DeliveryRow } from '../../queries/outbox/deliveries.ts'
import { livemode } from '../shown.ts'

function statusOf({ state, log }: DeliveryRow): WebhookDelivery['status'] {
  if (state !== 'pending') return state
  return log.at(-1)?.error === undefined ? 'pending' : 'failing'
}

export function deliveryView(row: DeliveryRow): WebhookDelivery {
  if (!isEventType(row.type)) throw new Error(`${row.eventId} is no event of ours: ${row.type}`)
  return {
    id: row.id,
    webhook_endpoint: row.endpointId,
    event: row.eventId,
    event_type: row.type,
    object: row.objectId,
    sequence: row.sequence,
    status: statusOf(row),
    next_attempt_at: row.state === 'pending' ? row.nextAttemptAt : null,
    attempts: row.log.map((attempt) => ({
      at: attempt.at,
      duration_ms: attempt.durationMs,
      http_status: attempt.status ?? null,
      error: attempt.error ?? null,
    })),
    livemode,
    created_at: row.createdAt,
  }
}
