// Commands to the chargers of a node.
import { type SQL, sql as raw } from 'drizzle-orm'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import type { NodeCommand } from '@chargelane/rules/documents'
import type { Sql } from '../../client.ts'
import { arg, fixedStatement, rowOf } from '../../fixed.ts'
import { commands } from '../../schema.ts'

export type CommandRow = typeof commands.$inferSelect

const insertCommand = fixedStatement<
  never,
  {
    id: string
    sessionId: string
    connectionId: string
    kind: string
    detail: string
    at: string
  }
>(
  () => raw`insert into commands (id, session_id, connection_id, kind, state, detail, sent_at)
    values (${arg('id')}, ${arg('sessionId')}, ${arg('connectionId')}, ${arg('kind')}, 'sent', ${arg('detail')}, ${arg('at')})`,
)

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
  const { command, ...row } = input
  await insertCommand(sql, { ...row, id, detail: JSON.stringify(command) })
  return id
}

const updateState = fixedStatement<never, { id: string; state: string; at: string }>(
  () =>
    raw`update commands set state = ${arg('state')}, answered_at = ${arg('at')} where id = ${arg('id')}`,
)

export async function settleNodeCommand(
  sql: Sql,
  id: string,
  state: CommandRow['state'],
  at: string,
): Promise<void> {
  await updateState(sql, { id, state, at })
}

const selectLast = fixedStatement<CommandRow, { sessionId: string; kind: string }>(
  () => raw`select ${rowOf(commands)} from commands
    where session_id = ${arg('sessionId')} and kind = ${arg('kind')} order by sent_at desc, id desc limit 1`,
)

/** The last command of this kind for a session. */
export async function lastCommand(
  sql: Sql,
  sessionId: string,
  kind: CommandRow['kind'],
): Promise<CommandRow | undefined> {
  const [row] = await selectLast(sql, { sessionId, kind })
  return row
}

/**
 * The start command of the session that claims an EVSE and waits for it to begin, as long as it may. Part of a statement:
 * `session_id` and `sent_at`.
 */
export const pendingStart = (evseId: SQL, stationId: SQL): SQL => raw`
  select x.session_id, x.sent_at from evses p join evse_claims k on k.cpo_id = p.cpo_id and k.evse_key = p.evse_key
  join sessions n on n.id = k.session_id and n.status in ('starting', 'awaiting_plug_in')
  join commands x on x.session_id = n.id and x.kind = 'start' and x.state in ('sent', 'accepted')
    and x.detail ->> 'chargeStationId' = ${stationId}
  where p.id = ${evseId} and not exists (select from ocpp_transactions b where b.session_id = n.id)
  order by x.sent_at desc limit 1`

/**
 * The start command a credential belongs to, whatever became of it: a start that comes after a refusal or a timeout is
 * still this session's (failures F04). Part of a statement: `session_id`, `sent_at` and the number of the `evse`.
 */
export const lastStartCommand = (stationId: SQL, tokenKey: SQL): SQL => raw`
  select session_id, sent_at, (detail ->> 'ocppEvseId')::int as evse from commands
  where kind = 'start' and detail ->> 'tokenKey' = ${tokenKey} and ${tokenKey} <> '' and detail ->> 'chargeStationId' = ${stationId}
  order by sent_at desc limit 1`
