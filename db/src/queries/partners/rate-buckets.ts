import { sql as raw } from 'drizzle-orm'
import type { Sql } from '../../client.ts'
import { arg, fixedStatement } from '../../fixed.ts'

export type Share = {
  /** Whose bucket, e.g. `key_… requests`. */
  name: string
  /** Tokens that come in a second, and that a full bucket holds. */
  rate: number
  burst: number
  /** Tokens asked for; given in whole ones, and fewer where fewer are there. */
  asked: number
}

// One clock for all who ask: the database's. It never runs backwards in a bucket, also for one who waited for its row.
const now = raw`statement_timestamp()`
const available = raw`least(${arg('burst')}::float8, b.tokens
  + greatest(0, extract(epoch from ${now} - b.filled_at))::float8 * ${arg('rate')}::float8)`
const given = raw`least(${arg('asked')}::int, floor(${available})::int)`

const take = fixedStatement<{ granted: number; tokens: number }, Share>(
  () => raw`insert into rate_buckets as b (name, tokens, granted, filled_at)
    values (${arg('name')}, ${arg('burst')}::float8 - ${arg('asked')}::int, ${arg('asked')}::int, ${now})
    on conflict (name) do update set granted = ${given}, tokens = ${available} - ${given},
      filled_at = greatest(b.filled_at, ${now})
    returning granted, tokens`,
)

/** Takes a share out of the bucket; what is given is gone from it for everybody else. */
export async function takeTokens(
  sql: Sql,
  share: Share,
): Promise<{ granted: number; tokens: number }> {
  const [row] = await take(sql, share)
  if (row === undefined) throw new Error(`the bucket ${share.name} gave no answer`)
  return row
}
