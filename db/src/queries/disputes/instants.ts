import { sql as raw, type SQL } from 'drizzle-orm'

/** An instant of the database as everybody else writes it: UTC with milliseconds. */
export const instantOf = (column: string): SQL =>
  raw.raw(`to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`)
