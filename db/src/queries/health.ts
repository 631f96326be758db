import { sql as raw } from 'drizzle-orm'
import type { Sql } from '../client.ts'

/** Resolves when the database answers; whoever asks decides how long to wait. */
export async function answerOf(sql: Sql): Promise<void> {
  await sql.execute(raw`select 1`)
}
