import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { migrationsFolder } from './migrate.ts'

test('the migrations make exactly the tables of the schema', () => {
  const folder = mkdtempSync(join(tmpdir(), 'chargelane-migrations-'))
  const cwd = fileURLToPath(new URL('..', import.meta.url))
  try {
    cpSync(migrationsFolder, folder, { recursive: true })
    const cli = fileURLToPath(new URL('bin.cjs', import.meta.resolve('drizzle-kit')))
    const options = ['--dialect=postgresql', '--schema=./src/schema.ts', '--casing=snake_case']
    execFileSync(
      process.execPath,
      [cli, 'generate', ...options, `--out=${relative(cwd, folder)}`],
      { cwd, timeout: 60_000, stdio: 'pipe' },
    )
    // A difference is written as a further migration: `npm run generate` prints the schema anew.
    expect(readdirSync(folder).toSorted()).toEqual(readdirSync(migrationsFolder).toSorted())
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
