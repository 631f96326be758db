// Sums in SQL: numeric there, text on the way, so that no sum of the books is too great to be read.
import { type SQL, sql as raw } from 'drizzle-orm'

/** A sum of minor units as decimal text; zero of nothing. */
export const sumText = (amounts: SQL): SQL<string> =>
  raw<string>`trunc(coalesce(sum(${amounts}), 0))::text`

const most = BigInt(Number.MAX_SAFE_INTEGER)

/** As a number where one is decided by it: what is beyond the safe integers is the most that they say, never a failure. */
export function minorOf(text: string): number {
  const sum = BigInt(text)
  return Number(sum > most ? most : sum < -most ? -most : sum)
}
