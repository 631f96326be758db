import { execFileSync } from 'node:child_process'
import { appendFileSync, cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { migrate, migrationsFolder, OtherSchemaError } from './migrate.ts'
import { testDatabase } from './testing.ts'

const database = await testDatabase()
afterAll(() => database.stop())

async function withCopy(use: (folder: string) => void | Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'chargelane-migrations-'))
  try {
    cpSync(migrationsFolder, folder, { recursive: true })
    await use(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

test('the migrations make exactly the tables of the schema', async () => {
  const cwd = fileURLToPath(new URL('..', import.meta.url))
  await withCopy((folder) => {
    const cli = fileURLToPath(new URL('bin.cjs', import.meta.resolve('drizzle-kit')))
    const options = ['--dialect=postgresql', '--schema=./src/schema.ts', '--casing=snake_case']
    execFileSync(
      process.execPath,
      [cli, 'generate', ...options, `--out=${relative(cwd, folder)}`],
      { cwd, timeout: 60_000, stdio: 'pipe' },
    )
    // A difference is written as a further migration: `npm run generate` prints the schema anew.
    expect(readdirSync(folder).toSorted()).toEqual(readdirSync(migrationsFolder).toSorted())
  })
})

test('a database that is up to date is left as it is', async () => {
  await expect(migrate(database.ownerUrl)).resolves.toBeUndefined()
})

test.each<[string, (folder: string) => void]>([
  ['an edited migration', (folder) => appendFileSync(join(folder, '0000_schema.sql'), '--')],
  [
    'a migration that is gone from disk',
    (folder) => writeFileSync(join(folder, 'meta/_journal.json'), JSON.stringify({ entries: [] })),
  ],
])('a database made by %s is refused, not taken for the newest', async (_, edit) => {
  await withCopy(async (folder) => {
    edit(folder)
    await expect(migrate(database.ownerUrl, folder)).rejects.toThrow(OtherSchemaError)
  })
})
