// Commands sent to a CPO's own back end: each at most once, answered twice.
import { and, eq, sql as raw } from 'drizzle-orm'
import type { PeerCommand, SupplyFact } from '@chargelane/rules/documents'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import type { Sql } from '../../client.ts'
import { arg, fixedStatement, rowOf } from '../../fixed.ts'
import { commands } from '../../schema.ts'
import { arrayOf } from '../arrays.ts'
import { wakeSupply } from '../sessions/supply.ts'

export type CommandRow = typeof commands.$inferSelect
export type CommandState = CommandRow['state']
type CommandKind = CommandRow['kind']

type NewCommand = { sessionId: string; connectionId: string; kind: CommandKind; at: string }

const insertOpen = fixedStatement<
  CommandRow & { isNew: boolean },
  NewCommand & { id: string; repeatable: string }
>(
  () => raw`with earlier as (
      select * from commands where session_id = ${arg('sessionId')} and kind = ${arg('kind')}
      order by id desc limit 1),
    made as (
      insert into commands (id, session_id, connection_id, kind, state, sent_at)
      select ${arg('id')}, ${arg('sessionId')}, ${arg('connectionId')}, ${arg('kind')}, 'sent', ${arg('at')}
      where not exists (select from earlier where state <> all(${arg('repeatable')}::text[]))
      returning *)
    select ${rowOf(commands)}, true as "isNew" from made as commands
    union all
    select ${rowOf(commands)}, false from earlier as commands where not exists (select from made)`,
)

/** A new command, or the earlier one of its session and kind, unless that one's state lets it be sent again. */
export async function openCommand(
  sql: Sql,
  command: NewCommand,
  repeatable: readonly CommandState[],
): Promise<{ isNew: boolean; command: CommandRow }> {
  const args = { ...command, id: newId('command'), repeatable: arrayOf(repeatable) }
  const [row] = await insertOpen(sql, args)
  if (row === undefined) throw new Error('a command was neither opened nor found')
  const { isNew, ...found } = row
  return { isNew, command: found }
}

const updateSent = fixedStatement<
  { id: string },
  { id: string; state: CommandState; detail: string; answeredAt: string | null }
>(
  () => raw`update commands set state = ${arg('state')}, detail = ${arg('detail')}, answered_at = ${arg('answeredAt')}
    where id = ${arg('id')} and state = 'sent' returning id`,
)

/** Writes what the answer was; undefined, or the command as the asynchronous result that overtook it left it. */
export async function answerCommand(
  sql: Sql,
  id: string,
  answer: { state: CommandState; detail: PeerCommand; answeredAt: string | null },
): Promise<CommandRow | undefined> {
  const detail = JSON.stringify(answer.detail)
  const [written] = await updateSent(sql, { ...answer, id, detail })
  if (written !== undefined) return undefined
  const [present] = await sql.select().from(commands).where(eq(commands.id, id))
  if (present === undefined) throw new Error(`command ${id} is gone`)
  return present
}

type NamedCommand = { id: string; connectionId: string; kind: CommandKind }

const updateFinal = fixedStatement<
  { sessionId: string },
  NamedCommand & {
    state: CommandState
    detail: string
    dedupeKey: string
    event: string
    at: string
  }
>(
  () => raw`with final as (
      update commands set state = ${arg('state')}, detail = ${arg('detail')}, answered_at = ${arg('at')}
      where id = ${arg('id')} and connection_id = ${arg('connectionId')} and kind = ${arg('kind')}
        and detail ->> 'final' is null
      returning session_id),
    told as (
      insert into supply_events (session_id, dedupe_key, event, created_at)
      select session_id, ${arg('dedupeKey')}, ${arg('event')}::jsonb, ${arg('at')} from final
      on conflict do nothing returning session_id, event)
    select final.session_id as "sessionId", wake.up from final
    left join lateral (select ${wakeSupply(raw`told`)} as up from told) wake on true`,
)

/**
 * The asynchronous result of a command, told to its session; the first one counts. Returns the session, undefined when
 * the connection has no such command.
 */
export async function finishCommand(
  sql: Sql,
  named: NamedCommand,
  result: { state: CommandState; detail: PeerCommand; event: SupplyFact },
): Promise<string | undefined> {
  const { state, event } = result
  const [final] = await updateFinal(sql, {
    ...named,
    state,
    detail: JSON.stringify(result.detail),
    dedupeKey: `ocpi:${named.id}:result`,
    event: JSON.stringify(event),
    at: event.at,
  })
  if (final !== undefined) return final.sessionId
  const { id, connectionId, kind } = named
  const [before] = await sql
    .select({ sessionId: commands.sessionId })
    .from(commands)
    .where(
      and(eq(commands.id, id), eq(commands.connectionId, connectionId), eq(commands.kind, kind)),
    )
  return before?.sessionId
}

const updateOverdue = fixedStatement<{ id: string }, { at: string; detail: string }>(
  () => raw`update commands set state = 'timeout', detail = ${arg('detail')}
    where id in (select id from commands where state = 'accepted' and answered_at is null
        and (detail ->> 'deadline')::timestamptz <= ${arg('at')}
      order by sent_at limit 100 for update skip locked)
    returning id`,
)

/** Ends accepted commands whose promised result is overdue; `deadline` is set from the answer. Returns how many. */
export async function timeOutOverdue(sql: Sql, at: string, detail: PeerCommand): Promise<number> {
  return (await updateOverdue(sql, { at, detail: JSON.stringify(detail) })).length
}
