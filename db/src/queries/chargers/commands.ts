// Commands to the chargers of a node.
import { and, desc, eq, sql as raw } from 'drizzle-orm'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import type { NodeCommand } from '@chargelane/rules/documents'
import type { Sql } from '../../client.ts'
import { commands } from '../../schema.ts'

export type CommandRow = typeof commands.$inferSelect

export async function insertNodeCommand(
  sql: Sql,
  input: {
    sessionId: string
    connectionId: string
    kind: CommandRow['kind']
    command: NodeCommand
    at: string
  },
): Promise<string> {
  const id = newId('command')
  await sql.insert(commands).values({
    id,
    sessionId: input.sessionId,
    connectionId: input.connectionId,
    kind: input.kind,
    state: 'sent',
    detail: input.command,
    sentAt: input.at,
  })
  return id
}

export async function settleNodeCommand(
  sql: Sql,
  id: string,
  state: CommandRow['state'],
  at: string,
): Promise<void> {
  await sql.update(commands).set({ state, answeredAt: at }).where(eq(commands.id, id))
}

/** The last command of this kind for a session. */
export async function lastCommand(
  sql: Sql,
  sessionId: string,
  kind: CommandRow['kind'],
): Promise<CommandRow | undefined> {
  const [row] = await sql
    .select()
    .from(commands)
    .where(and(eq(commands.sessionId, sessionId), eq(commands.kind, kind)))
    .orderBy(desc(commands.sentAt), desc(commands.id))
    .limit(1)
  return row
}

/**
 * The start command a credential belongs to, whatever became of it: a start that comes after a refusal or a timeout is
 * still this session's (failures F04).
 */
export async function startCommandOfToken(
  sql: Sql,
  stationId: string,
  idToken: string,
): Promise<CommandRow | undefined> {
  const [row] = await sql
    .select()
    .from(commands)
    .where(
      and(
        eq(commands.kind, 'start'),
        eq(raw`${commands.detail} ->> 'idToken'`, idToken),
        eq(raw`${commands.detail} ->> 'chargeStationId'`, stationId),
      ),
    )
    .orderBy(desc(commands.sentAt))
    .limit(1)
  return row
}
