// Raw protocol messages, as received and as sent. Heartbeats alone are not kept: they say nothing that `last_seen_at` does
// not, and at one per charger and minute they would be most of the table.
import { desc, eq, sql as raw } from 'drizzle-orm'
import { createBatch } from '../../batch.ts'
import type { Sql } from '../../client.ts'
import { arg, fixedStatement } from '../../fixed.ts'
import { protocolMessages } from '../../schema.ts'
import { seal, unseal } from '../../sealed/sealed.ts'
import { columnsOf } from '../arrays.ts'

type Stored = typeof protocolMessages.$inferSelect
export type NewMessage = Omit<typeof protocolMessages.$inferInsert, 'payload'> & { payload: string }
export type Message = Omit<Stored, 'payload'> & { payload: string }

/** A row's number is made by the server, so a message is known by its peer and its time. */
const rowName = ({ peerId, at }: Pick<Stored, 'peerId' | 'at'>) =>
  `${peerId} ${new Date(at).toISOString()}`

export const openedMessage = (row: Stored): Message => ({
  ...row,
  payload: unseal('protocol_messages.payload', rowName(row), row.payload),
})

const columns = [
  'at',
  'protocol',
  'direction',
  'peerId',
  'sessionId',
  'action',
  'payload',
  'status',
] as const

const insertFrames = fixedStatement<never, Record<(typeof columns)[number], string>>(
  () => raw`
    insert into protocol_messages (at, protocol, direction, peer_id, session_id, action, payload, status)
    select * from unnest(${arg('at')}::timestamptz[], ${arg('protocol')}::text[], ${arg('direction')}::text[],
      ${arg('peerId')}::text[], ${arg('sessionId')}::text[], ${arg('action')}::text[], ${arg('payload')}::text[],
      ${arg('status')}::text[])`,
)

export async function insertMessages(sql: Sql, rows: readonly NewMessage[]): Promise<void> {
  if (rows.length === 0) return
  const kept = rows.map((row) => ({
    ...row,
    payload: seal('protocol_messages.payload', rowName(row), row.payload),
  }))
  await insertFrames(sql, columnsOf(columns, kept))
}

export interface MessageLog {
  /** Resolves once the messages are committed. */
  add(...messages: NewMessage[]): Promise<void>
  /** Resolves when nothing is left to write. */
  drained(): Promise<void>
}

/** Exchanges whose messages one commit carries. */
const batchMax = 500

/** The messages that wait in the same moment are committed together. */
export function createMessageLog(sql: Sql): MessageLog {
  const batch = createBatch(async (items: NewMessage[][]) => {
    await insertMessages(sql, items.flat())
    return items.map(() => undefined)
  }, batchMax)
  return { add: (...messages) => batch.add(messages), drained: () => batch.drained() }
}

/** The latest messages of a station or connection, newest first. */
export async function messagesOf(sql: Sql, peerId: string, limit = 100): Promise<Message[]> {
  const rows = await sql
    .select()
    .from(protocolMessages)
    .where(eq(protocolMessages.peerId, peerId))
    .orderBy(desc(protocolMessages.id))
    .limit(limit)
  return rows.map(openedMessage)
}
