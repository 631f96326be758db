// `npm run generate`: prints the tables of `src/schema` as `migrations/0000_schema.sql`, with their snapshot.
// Until the first release nothing is deployed, so there is one schema and no history of it. What drizzle does not know
// (the ledger's guards, row-level security) is written by hand: `foundations.sql` before it, `0001_guards.sql` behind.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = fileURLToPath(new URL('.', import.meta.url))
const migrations = join(here, 'migrations')
const out = mkdtempSync(join(tmpdir(), 'chargelane-schema-'))
try {
  execFileSync('drizzle-kit', ['generate', '--name', 'schema'], {
    cwd: here,
    env: { ...process.env, SCHEMA_OUT: out },
    shell: process.platform === 'win32',
  })
  const sql = readdirSync(out).find((name) => name.endsWith('.sql'))
  if (sql === undefined) throw new Error('drizzle-kit wrote no schema')
  const foundations = readFileSync(join(here, 'foundations.sql'), 'utf8').trimEnd()
  const tables = readFileSync(join(out, sql), 'utf8').trimEnd()
  writeFileSync(
    join(migrations, '0000_schema.sql'),
    `${foundations}\n--> statement-breakpoint\n${tables}\n`,
  )
  const snapshot: unknown = JSON.parse(readFileSync(join(out, 'meta/0000_snapshot.json'), 'utf8'))
  // drizzle-kit draws a new id each time; the file changes only when a table does.
  const named = Object.assign({}, snapshot, { id: '6f0f6c5e-0000-4000-8000-000000000000' })
  writeFileSync(
    join(migrations, 'meta/0000_snapshot.json'),
    `${JSON.stringify(named, undefined, 2)}\n`,
  )
} finally {
  rmSync(out, { recursive: true, force: true })
}
