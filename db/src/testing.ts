// A database of its own for each test file:
//
//   const database = await testDatabase()      // at the top of the file
//   afterAll(() => database.stop())
//   await database.db.tx(async (tx) => …)      // database.url for processes under test
//
// The server is the one named by TEST_DATABASE_URL, which the repository's vitest configuration starts
// (`npm test <file>`, or `vitest run --config .config/vitest.config.ts <file>`).
import { deepStrictEqual } from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { zEvent } from '@chargelane/openapi'
import { sql } from 'drizzle-orm'
import { connect, sqlState, type Db, type Sql } from './client.ts'
import { migrate, migrationsFolder } from './migrate.ts'
import { events } from './schema.ts'
import { eventView } from './views/partners/events.ts'

export interface TestDatabase {
  db: Db
  /** As the processes log in. */
  url: string
  /** As the migrations do: the owner of the tables, who sees no row of them. */
  ownerUrl: string
  /** As the server's superuser, whom nothing stops. */
  adminUrl: string
  /** One statement as the superuser, for a state that no role of the product may bring about. */
  admin: (statement: string) => Promise<void>
  stop(): Promise<void>
}

/**
 * A fresh, migrated, empty database (about 50 ms). `stop` closes `db` and drops it, after a look at every event the file
 * has written: each is as the contract says, whichever test it came up in. `anyEvents` is for tests of the outbox alone.
 */
export async function testDatabase(
  options: { max?: number; anyEvents?: true } = {},
): Promise<TestDatabase> {
  const serverUrl = process.env['TEST_DATABASE_URL']
  if (serverUrl === undefined || serverUrl === '')
    throw new Error('TEST_DATABASE_URL names no server: run the tests with npm test.')
  const server = connect({ url: serverUrl, role: null, max: 1, statementTimeoutMs: 120_000 })
  const template = await migratedTemplate(server, serverUrl)
  const name = `test_${randomBytes(6).toString('hex')}`
  await cloneDatabase(server, template, name)
  const adminUrl = withDatabase(serverUrl, name)
  const url = withLogin(adminUrl, 'chargelane')
  const db = connect({ url, max: options.max ?? 10, name: 'test' })
  return {
    db,
    url,
    ownerUrl: withLogin(adminUrl, ownerLogin),
    adminUrl,
    async admin(statement) {
      const admin = connect({ url: adminUrl, role: null, max: 1 })
      await admin.execute(sql.raw(statement))
      await admin.close()
    },
    async stop() {
      if (options.anyEvents === undefined) await checkEvents(db)
      await db.close()
      // Processes under test may still be closing their connections.
      await server.execute(sql.raw(`drop database if exists ${name} with (force)`))
      await server.close()
    },
  }
}

/** Every row of every table as text, by table: what a stranger has who got a copy. */
export async function dumpOf(db: Db): Promise<Map<string, string>> {
  const tables = await db.execute<{ name: string }>(sql`
    select relname as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace`)
  const dump = new Map<string, string>()
  for (const { name } of tables) {
    const rows = await db.execute<{ row: string }>(
      sql`select t::text as row from ${sql.identifier(name)} t`,
    )
    dump.set(name, rows.map(({ row }) => row).join('\n'))
  }
  return dump
}

/** Exactly the object its type names, with no field that the contract does not know. */
async function checkEvents(db: Db): Promise<void> {
  const rows = await db.select().from(events)
  for (const row of rows) {
    const event = eventView(row)
    deepStrictEqual(zEvent.parse(event), event, `${event.type} is not as the contract says`)
  }
}

/** The template carries the hash of the migrations in its name, so a server that outlives a change is safe. */
async function migratedTemplate(server: Db, serverUrl: string): Promise<string> {
  const name = `template_${migrationsHash()}`
  const isThere = async () =>
    (await server.execute(sql`select 1 from pg_database where datname = ${name}`)).length > 0
  if (await isThere()) return name
  // Test files start at the same time: one makes the template, the others wait for it, however long that takes.
  await server.execute(sql`set lock_timeout = 0`)
  await server.execute(sql`set statement_timeout = 0`)
  await server.execute(sql`select pg_advisory_lock(hashtext(${name}))`)
  try {
    if (await isThere()) return name
    const draft = `${name}_draft`
    await server.execute(sql.raw(`drop database if exists ${draft} with (force)`))
    await makeOwner(server)
    await server.execute(sql.raw(`create database ${draft} owner ${ownerLogin}`))
    const draftUrl = withDatabase(serverUrl, draft)
    const maker = connect({ url: draftUrl, role: null, max: 1 })
    await maker.execute(sql.raw('revoke execute on function pg_catalog.set_config from public'))
    await maker.execute(
      sql.raw(`grant execute on function pg_catalog.set_config to ${ownerLogin} with grant option`),
    )
    await maker.close()
    await migrate(withLogin(draftUrl, ownerLogin))
    await server.execute(sql.raw(`alter database ${draft} rename to ${name}`))
    return name
  } finally {
    await server.execute(sql`select pg_advisory_unlock(hashtext(${name}))`)
  }
}

const ownerLogin = 'chargelane_owner'

/** As where the product is installed: the tables belong to a login that is no superuser and that no process uses. */
async function makeOwner(server: Db): Promise<void> {
  const known = await server.execute(sql`select 1 from pg_roles where rolname = ${ownerLogin}`)
  if (known.length === 0)
    await server.execute(sql.raw(`create role ${ownerLogin} login createrole`))
}

async function cloneDatabase(server: Db, template: string, name: string): Promise<void> {
  const deadline = Date.now() + 30_000
  for (;;) {
    try {
      await server.execute(
        sql.raw(
          `create database ${name} template ${template} owner ${ownerLogin} strategy file_copy`,
        ),
      )
      // The rights to a database as a whole are not copied.
      await server.execute(sql.raw(`revoke all on database ${name} from public`))
      await server.execute(
        sql.raw(`grant connect on database ${name} to chargelane, chargelane_tenant`),
      )
      return
    } catch (error) {
      // object_in_use: something (autovacuum) looks at the template right now.
      if (sqlState(error) !== '55006' || Date.now() > deadline) throw error
    }
  }
}

function migrationsHash(): string {
  const hash = createHash('sha256')
  for (const file of readdirSync(migrationsFolder).toSorted()) {
    if (file.endsWith('.sql')) hash.update(file).update(readFileSync(join(migrationsFolder, file)))
  }
  return hash.digest('hex').slice(0, 16)
}

function withDatabase(serverUrl: string, database: string): string {
  const url = new URL(serverUrl)
  url.pathname = `/${database}`
  return url.href
}

function withLogin(url: string, login: string): string {
  const as = new URL(url)
  as.username = login
  as.password = ''
  return as.href
}

/** Whether a log shows all of its events: not while an older tx runs anywhere on the server, in another database too. */
export async function isEveryEventShown(db: Sql): Promise<boolean> {
  const hidden = await db.execute(
    sql`select from events where xid >= pg_snapshot_xmin(pg_current_snapshot()) limit 1`,
  )
  return hidden.length === 0
}
