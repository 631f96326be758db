import type { EventRow } from '../../queries/outbox/outbox.ts'
import type { Event } from '@chargelane/openapi'
import { livemode } from '../shown.ts'

type Told = Pick<EventRow, 'id' | 'body' | 'objectId' | 'sequence' | 'createdAt'>

/** As it is read, sent and streamed. */
export const eventView = (row: Told): Event => ({
  ...row.body,
  id: row.id,
  object: row.objectId,
  sequence: row.sequence,
  livemode,
  created_at: row.createdAt,
})
