import { sql as raw } from 'drizzle-orm'
import type { Sql } from '../client.ts'
import { arg, fixedStatement } from '../fixed.ts'

const lock = fixedStatement<Record<string, never>, { name: string }>(
  () => raw`select pg_advisory_xact_lock(hashtextextended(${arg('name')}, 412))`,
)

/** Until the end of the tx nobody else holds the thing of this name. Two names that share a lock only cost time. */
export async function lockThing(tx: Sql, name: string): Promise<void> {
  await lock(tx, { name })
}
