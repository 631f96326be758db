import { getEvent, listEvents } from '@chargelane/db/queries/outbox/outbox'
import { decodeCursorText, encodeCursor, invalidCursor } from '@chargelane/db/queries/page'
import { replayEvents } from '@chargelane/db/queries/outbox/replays'
import { eventView } from '@chargelane/db/views/partners/events'
import type { Contract } from '@chargelane/openapi'
import { missing } from '@chargelane/openapi/vocabulary/errors'
import { eventTypes } from '@chargelane/openapi/vocabulary/event-types'
import type { Handlers } from '../../http/handler.ts'

/** The log is ordered by position, so its cursor is one. */
function positionOf(cursor: string | undefined): number {
  if (cursor === undefined) return 0
  const text = decodeCursorText(cursor)
  if (!/^\d{1,15}$/.test(text)) throw invalidCursor()
  return Number(text)
}

/** `session.*` as the list of types it stands for. */
const typesMatching = (patterns: readonly string[]): string[] =>
  eventTypes.filter((type) =>
    patterns.some(
      (pattern) =>
        pattern === '*' ||
        pattern === type ||
        (pattern.endsWith('.*') && type.startsWith(pattern.slice(0, -1))),
    ),
  )

export const eventRoutes: Handlers<Contract['events']> = {
  async list({ tx, viewer, query }) {
    const after = positionOf(query.cursor)
    const rows = await listEvents(tx, viewer.sees, after, query.limit + 1)
    const data = rows.slice(0, query.limit)
    const last = data.at(-1)
    return {
      data: data.map(eventView),
      has_more: rows.length > query.limit,
      // Also on the last page: the reader goes on from here when there is more.
      next_cursor: last ? encodeCursor(String(last.position)) : (query.cursor ?? null),
    }
  },

  async get({ tx, viewer, params }) {
    const row = await getEvent(tx, viewer.sees, params.id)
    if (!row) throw missing('event')
    return eventView(row)
  },

  async replay({ tx, viewer, body, now }) {
    const deliveries = await replayEvents(tx, viewer.accountId, {
      from: body.from,
      to: body.to,
      at: now,
      ...(body.types === undefined ? {} : { types: typesMatching(body.types) }),
      ...(body.webhook_endpoint === undefined ? {} : { endpointId: body.webhook_endpoint }),
    })
    return { deliveries }
  },
}
