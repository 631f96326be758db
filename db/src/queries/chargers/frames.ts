// Raw protocol messages, as received and as sent. Heartbeats alone are not kept: they say nothing that `last_seen_at` does
// not, and at one per charger and minute they would be most of the table.
import { desc, eq, sql as raw } from 'drizzle-orm'
import { createBatch } from '../../batch.ts'
import type { Sql } from '../../client.ts'
import { arg, fixedStatement } from '../../fixed.ts'
import { protocolMessages } from '../../schema.ts'
import { arrayOf } from '../arrays.ts'

export type NewMessage = typeof protocolMessages.$inferInsert

const insertRows = fixedStatement<
  never,
  Record<
    'ats' | 'protocols' | 'directions' | 'peers' | 'sessions' | 'actions' | 'payloads' | 'statuses',
    string
  >
>(
  () => raw`
    insert into protocol_messages (at, protocol, direction, peer_id, session_id, action, payload, status)
    select * from unnest(${arg('ats')}::timestamptz[], ${arg('protocols')}::text[],
      ${arg('directions')}::text[], ${arg('peers')}::text[], ${arg('sessions')}::text[],
      ${arg('actions')}::text[], ${arg('payloads')}::text[], ${arg('statuses')}::text[])`,
)

export async function insertMessages(sql: Sql, rows: readonly NewMessage[]): Promise<void> {
  if (rows.length === 0) return
  const column = (value: (row: NewMessage) => string | null | undefined) =>
    arrayOf(rows.map((row) => value(row) ?? null))
  await insertRows(sql, {
    ats: column((row) => row.at),
    protocols: column((row) => row.protocol),
    directions: column((row) => row.direction),
    peers: column((row) => row.peerId),
    sessions: column((row) => row.sessionId),
    actions: column((row) => row.action),
    payloads: column((row) => row.payload),
    statuses: column((row) => row.status),
  })
}

export interface MessageLog {
  /** Resolves once the messages are committed. */
  add(...messages: NewMessage[]): Promise<void>
  /** Resolves when nothing is left to write. */
  drained(): Promise<void>
}

/** Exchanges whose messages one commit carries. */
const batchMax = 200

/** The messages that wait in the same moment are committed together. */
export function createMessageLog(sql: Sql): MessageLog {
  const batch = createBatch(async (items: NewMessage[][]) => {
    await insertMessages(sql, items.flat())
    return items.map(() => undefined)
  }, batchMax)
  return { add: (...messages) => batch.add(messages), drained: () => batch.drained() }
}

/** The latest messages of a station or connection, newest first. */
export async function messagesOf(sql: Sql, peerId: string, limit = 100) {
  return sql
    .select()
    .from(protocolMessages)
    .where(eq(protocolMessages.peerId, peerId))
    .orderBy(desc(protocolMessages.id))
    .limit(limit)
}
