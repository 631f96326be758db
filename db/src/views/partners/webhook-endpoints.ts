import type { EndpointRow } from '../../queries/outbox/webhook-endpoints.ts'
import type { WebhookEndpoint } from '@chargelane/openapi'
import { livemode } from '../shown.ts'

/** `secret` only in the answer that makes it. */
export const endpointView = (row: EndpointRow, secret: string | null = null): WebhookEndpoint => ({
  id: row.id,
  url: row.url,
  secret,
  events: row.eventTypes,
  status: row.status,
  disabled_reason: row.disabledReason,
  failing_since: row.failingSince,
  previous_secret_until: row.previousSecretUntil,
  livemode,
  created_at: row.createdAt,
})
