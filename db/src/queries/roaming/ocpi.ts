import { and, asc, desc, eq, isNull, sql as raw } from 'drizzle-orm'
import type { PeerCommand } from '@chargelane/rules/documents'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import type { Sql, Tx } from '../../client.ts'
import {
  commands,
  connections,
  connectors,
  evses,
  locations,
  sessions,
  tokens,
} from '../../schema.ts'

export type CommandRow = typeof commands.$inferSelect
export type SessionRow = typeof sessions.$inferSelect

// ── Chargers as their CPO names them ────────────────────────────────────────────────────────────────────────────

/** An EVSE with everything a command or a record needs. */
export async function ocpiCharger(sql: Sql, evseId: string) {
  const [row] = await sql
    .select({ evse: evses, location: locations, connection: connections })
    .from(evses)
    .innerJoin(locations, eq(locations.id, evses.locationId))
    .innerJoin(connections, eq(connections.id, evses.connectionId))
    .where(eq(evses.id, evseId))
  if (row === undefined) return undefined
  const plugs = await sql
    .select()
    .from(connectors)
    .where(and(eq(connectors.evseId, evseId), isNull(connectors.removedAt)))
  return { ...row, connectors: plugs }
}

/** The latest session a credential was made or used for at this connection. */
export async function sessionOfToken(
  sql: Sql,
  connectionId: string,
  tokenUid: string,
): Promise<SessionRow | undefined> {
  const [row] = await sql
    .select()
    .from(sessions)
    .where(
      and(eq(sessions.connectionId, connectionId), eq(sessions.tokenUid, tokenUid.toUpperCase())),
    )
    .orderBy(desc(sessions.id))
    .limit(1)
  return row
}

// ── Commands ────────────────────────────────────────────────────────────────────────────────────────────────────

/** The latest command of a kind for a session: what a repeated activity finds instead of sending again. */
export async function latestCommand(
  sql: Sql,
  sessionId: string,
  kind: 'start' | 'stop',
): Promise<CommandRow | undefined> {
  const [row] = await sql
    .select()
    .from(commands)
    .where(and(eq(commands.sessionId, sessionId), eq(commands.kind, kind)))
    .orderBy(desc(commands.id))
    .limit(1)
  return row
}

export async function insertCommand(
  sql: Sql,
  input: { sessionId: string; connectionId: string; kind: 'start' | 'stop'; at: string },
): Promise<CommandRow> {
  const [row] = await sql
    .insert(commands)
    .values({
      id: newId('command'),
      sessionId: input.sessionId,
      connectionId: input.connectionId,
      kind: input.kind,
      state: 'sent',
      sentAt: input.at,
    })
    .returning()
  if (row === undefined) throw new Error('insert of a command returned no row')
  return row
}

/** Locked, because the asynchronous result can overtake the answer to the command itself. */
export async function lockCommand(tx: Tx, id: string): Promise<CommandRow | undefined> {
  const [row] = await tx.select().from(commands).where(eq(commands.id, id)).for('update')
  return row
}

export async function changeCommand(
  sql: Sql,
  id: string,
  patch: { state: CommandRow['state']; detail: PeerCommand; answeredAt?: string },
): Promise<void> {
  await sql.update(commands).set(patch).where(eq(commands.id, id))
}

/** Accepted commands whose promised result is overdue; `detail.deadline` is set from the CommandResponse. */
export function overdueCommands(sql: Sql, at: string, limit: number): Promise<CommandRow[]> {
  return sql
    .select()
    .from(commands)
    .where(
      and(
        eq(commands.state, 'accepted'),
        isNull(commands.answeredAt),
        raw`(${commands.detail}->>'deadline')::timestamptz <= ${at}`,
      ),
    )
    .orderBy(asc(commands.sentAt))
    .limit(limit)
}

// ── Tokens as OCPI lists them ───────────────────────────────────────────────────────────────────────────────────

export type TokenRow = typeof tokens.$inferSelect

/** Cards of every partner by last change, the window of OCPI 2.2.1 §12.2.1.1: from inclusive, to exclusive. */
export async function pageTokens(
  sql: Sql,
  page: { from?: string; to?: string; offset: number; limit: number },
): Promise<{ rows: TokenRow[]; total: number }> {
  const inWindow = and(
    page.from === undefined ? undefined : raw`${tokens.updatedAt} >= ${page.from}`,
    page.to === undefined ? undefined : raw`${tokens.updatedAt} < ${page.to}`,
  )
  const rows = await sql
    .select()
    .from(tokens)
    .where(inWindow)
    .orderBy(asc(tokens.updatedAt), asc(tokens.id))
    .offset(page.offset)
    .limit(page.limit)
  return { rows, total: await sql.$count(tokens, inWindow) }
}

export async function findCard(sql: Sql, uid: string): Promise<TokenRow | undefined> {
  const [row] = await sql.select().from(tokens).where(eq(tokens.uid, uid.toUpperCase()))
  return row
}
