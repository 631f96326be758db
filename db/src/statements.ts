import { sql as raw } from 'drizzle-orm'
import type { Sql } from './client.ts'

/**
 * Statements the server has executed for its clients so far, begin and commit included. Undefined when it does not count
 * them: it does when it loads `pg_stat_statements`, which a measured product asks for.
 */
export async function statementsSoFar(sql: Sql): Promise<number | undefined> {
  if (!(await isCounting(sql))) return undefined
  const [row] = await sql.execute<{ calls: number }>(
    raw`select sum(calls)::bigint as calls from pg_stat_statements`,
  )
  return row?.calls
}

export type StatementCount = { query: string; calls: number }

/** How often the server has executed each statement so far, the most frequent first. */
export async function statementsByQuery(sql: Sql): Promise<StatementCount[]> {
  if (!(await isCounting(sql))) return []
  const rows = await sql.execute<StatementCount>(raw`
    select regexp_replace(query, '[[:space:]]+', ' ', 'g') as query, sum(calls)::bigint as calls
    from pg_stat_statements group by 1 order by 2 desc`)
  return [...rows]
}

async function isCounting(sql: Sql): Promise<boolean> {
  const found = await sql.execute(
    raw`select from pg_extension where extname = 'pg_stat_statements'`,
  )
  return found.length > 0
}
