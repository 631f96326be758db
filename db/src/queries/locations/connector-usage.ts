// What a connector usually gives, for the size of a hold: kept with each sale, read with the place of a quote.
import { sql as raw, type SQL } from 'drizzle-orm'
import type { Sql } from '../../client.ts'
import { arg, fixedStatement } from '../../fixed.ts'

/** After this many each further one counts for that part of the mean, so that what has changed is seen. */
const sessionsKept = 20

const countSession = fixedStatement<Record<string, never>, { sessionId: string }>(
  () => raw`insert into connector_usage as u (connector_id, sessions, energy_wh)
    select s.connector_id, 1, s.energy_wh from sessions s where s.id = ${arg('sessionId')} and s.energy_wh > 0
    on conflict (connector_id) do update set sessions = u.sessions + 1,
      energy_wh = round(u.energy_wh + (excluded.energy_wh - u.energy_wh) / least(u.sessions + 1, ${raw.raw(String(sessionsKept))}), 1)`,
)

/** Counts what a session that was sold took, in the tx that books it. */
export async function countConnectorUsage(tx: Sql, sessionId: string): Promise<void> {
  await countSession(tx, { sessionId })
}

/** Whole Wh that a session of a connector usually takes; null while too few were counted. */
export const usualWhOf = (connectorId: SQL): SQL =>
  raw`(select u.energy_wh from usual_energy u where u.connector_id = ${connectorId})`
