import type { EventRow } from '../queries/outbox/outbox.ts'
import type { Event } from '@chargelane/openapi'
import { z } from 'zod'
import { livemode } from './livemode.ts'

const zObject = z.record(z.string(), z.unknown())

export const eventView = (row: EventRow): Event => ({
  id: row.id,
  type: row.type,
  object: row.objectId,
  sequence: row.sequence,
  data: zObject.parse(row.data),
  livemode,
  created_at: row.createdAt,
})
