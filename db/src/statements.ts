import { sql as raw } from 'drizzle-orm'
import type { Sql } from './client.ts'

/**
 * Statements the server has executed for its clients so far, begin and commit included. Undefined when it does not count
 * them: it does when it loads `pg_stat_statements`, which a measured product asks for.
 */
export async function statementsSoFar(sql: Sql): Promise<number | undefined> {
  const [extension] = await sql.execute<{ name: string }>(
    raw`select extname as name from pg_extension where extname = 'pg_stat_statements'`,
  )
  if (extension === undefined) return undefined
  const [row] = await sql.execute<{ calls: number }>(
    raw`select sum(calls)::bigint as calls from pg_stat_statements`,
  )
  return row?.calls
}
