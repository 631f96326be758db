// One connector, one charge: which session has an EVSE to itself, whichever connection reaches it.
import { sql as raw } from 'drizzle-orm'
import { liveStatuses } from '@chargelane/openapi/vocabulary/status'
import type { Sql } from '../../client.ts'
import { arg, fixedStatement } from '../../fixed.ts'
import type { SessionRow } from './sessions.ts'

const liveList = raw.raw(`('${liveStatuses.join("', '")}')`)
const live: ReadonlySet<string> = new Set(liveStatuses)

/** The session `s` has begun and not ended. */
export const isLive = raw`s.status in ${liveList}`

/** The same of its EVSE: a start that was never confirmed may still happen for as long as it is funded. */
const holds = ({ status, moneyStatus }: Pick<SessionRow, 'status' | 'moneyStatus'>): boolean =>
  live.has(status) || (status === 'start_unconfirmed' && moneyStatus === 'held')

/** The EVSE `e` is another's. Only a session that still holds it counts. */
export const isClaimed = raw`exists (select from evse_claims c join sessions s on s.id = c.session_id
  where c.cpo_id = e.cpo_id and c.evse_key = e.evse_key
    and (${isLive} or s.status = 'start_unconfirmed' and s.money_status = 'held'))`

/** `claimed`, the claim of the session `sessionId` on the EVSE of `q`, whoever had it before. */
export const claimFor = raw`claimed as (
  insert into evse_claims (cpo_id, evse_key, session_id, claimed_at)
  select e.cpo_id, e.evse_key, ${arg('sessionId')}::text, ${arg('at')}::timestamptz
  from q join evses e on e.id = q.evse_id
  on conflict (cpo_id, evse_key) do update set session_id = excluded.session_id, claimed_at = excluded.claimed_at)`

const selectClaim = fixedStatement<{ sessionId: string }, { evseId: string }>(
  () => raw`select c.session_id as "sessionId" from evses e
    join evse_claims c on c.cpo_id = e.cpo_id and c.evse_key = e.evse_key where e.id = ${arg('evseId')}`,
)

/** The session that claimed an EVSE last and has not freed it. */
export async function claimantOf(sql: Sql, evseId: string): Promise<string | undefined> {
  const [row] = await selectClaim(sql, { evseId })
  return row?.sessionId
}

/** Gives an EVSE to a session, whoever had it. */
export const claimEvse = fixedStatement<never, { sessionId: string; evseId: string; at: string }>(
  () => raw`with q as (select ${arg('evseId')}::text as evse_id), ${claimFor} select`,
)
const free = fixedStatement<never, { sessionId: string }>(
  () => raw`delete from evse_claims where session_id = ${arg('sessionId')}`,
)

/** With every change of a session: one that ends frees its EVSE, one that starts late has it, as energy flows there. */
export async function moveClaim(sql: Sql, before: SessionRow, after: SessionRow): Promise<void> {
  if (holds(before) === holds(after)) return
  const { id: sessionId, evseId, updatedAt: at } = after
  if (holds(after)) await claimEvse(sql, { sessionId, evseId, at })
  else await free(sql, { sessionId })
}
