// Raw protocol frames, as received and as sent.
import { desc, eq, sql as raw } from 'drizzle-orm'
import type { Sql } from '../../client.ts'
import { protocolMessages } from '../../schema.ts'
import { arrayOf } from '../arrays.ts'

export type NewMessage = typeof protocolMessages.$inferInsert

export async function insertMessages(sql: Sql, rows: readonly NewMessage[]): Promise<void> {
  if (rows.length === 0) return
  const column = (value: (row: NewMessage) => string | null | undefined) =>
    arrayOf(rows.map((row) => value(row) ?? null))
  await sql.execute(raw`
    insert into protocol_messages (at, protocol, direction, peer_id, session_id, action, payload, status)
    select * from unnest(${column((row) => row.at)}::timestamptz[], ${column((row) => row.protocol)}::text[],
      ${column((row) => row.direction)}::text[], ${column((row) => row.peerId)}::text[],
      ${column((row) => row.sessionId)}::text[], ${column((row) => row.action)}::text[],
      ${column((row) => row.payload)}::text[], ${column((row) => row.status)}::text[])`)
}

/** The latest frames of a station or connection, newest first. */
export async function messagesOf(sql: Sql, peerId: string, limit = 100) {
  return sql
    .select()
    .from(protocolMessages)
    .where(eq(protocolMessages.peerId, peerId))
    .orderBy(desc(protocolMessages.id))
    .limit(limit)
}
