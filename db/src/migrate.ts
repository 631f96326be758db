// Brings a database to the newest schema: `DATABASE_URL=postgres://… node db/src/migrate.ts`.
// A changed table: edit `src/schema`, then `npm run generate`; guards and policies are written in `0001_guards.sql`.
// Nothing is deployed before the first release, so until then the schema is one file and has no history.
import { fileURLToPath } from 'node:url'
import { sql } from 'drizzle-orm'
import { readMigrationFiles } from 'drizzle-orm/migrator'
import { migrate as runMigrations } from 'drizzle-orm/postgres-js/migrator'
import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js'
import postgres from 'postgres'

export const migrationsFolder = fileURLToPath(new URL('../migrations', import.meta.url))

/** Any constant will do as long as every process uses the same. */
const lockKey = 4_400_718_201

/** The database was made by migrations that are no longer the ones on disk, so its tables are not the ones of this code. */
export class OtherSchemaError extends Error {}

/**
 * Applies what is missing, in one tx. Processes that start at once wait for each other at an advisory lock;
 * a table that stays locked by others for 10 s fails the migration instead of stalling the product.
 */
export async function migrate(url: string, folder = migrationsFolder): Promise<void> {
  const client = postgres(url, {
    max: 1,
    connect_timeout: 10,
    onnotice: () => undefined,
    connection: { application_name: 'chargelane-migrate', TimeZone: 'UTC' },
  })
  try {
    const db = drizzle(client)
    await db.execute(sql`select pg_advisory_lock(${lockKey})`)
    await db.execute(sql`set lock_timeout = '10s'`)
    await checkHistory(db, folder)
    await runMigrations(db, { migrationsFolder: folder })
  } finally {
    // Ends the session, and with it the lock.
    await client.end({ timeout: 5 })
  }
}

/** drizzle compares times alone, and would take a database of another schema for one that is up to date. */
async function checkHistory(db: PostgresJsDatabase, folder: string): Promise<void> {
  const [table] = await db.execute<{ name: string | null }>(
    sql`select to_regclass('drizzle.__drizzle_migrations')::text as name`,
  )
  if (table === undefined || table.name === null) return
  const applied = await db.execute<{ hash: string }>(
    sql`select hash from drizzle.__drizzle_migrations order by id`,
  )
  const files = readMigrationFiles({ migrationsFolder: folder })
  if (applied.every(({ hash }, index) => files[index]?.hash === hash)) return
  throw new OtherSchemaError(
    'This database was made by other migrations than the ones of this version, and nothing leads from one to the other.',
  )
}

if (import.meta.main) {
  const url = process.env['DATABASE_URL']
  if (!url) throw new Error('DATABASE_URL is missing: the database to migrate')
  await migrate(url)
}
