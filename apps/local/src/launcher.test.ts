import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { migrate, migrationsFolder } from '@chargelane/db/migrate'
import { expect, test } from 'vitest'
import { portNames, root } from './config.ts'
import { startPostgres } from './postgres.ts'
import { freePort } from './ports.ts'

const password = 'kept from the last run'
const secrets = {
  postgresPassword: password,
  postgresOwnerPassword: password,
  platformKey: 'sk_test_1',
  evidenceSigningKey: '-',
  evidenceKeySecret: '-',
  dataKeys: '-',
  lookupKey: '-',
  stripeApiKey: 'sk_test_2',
  stripeWebhookSecret: 'whsec_1',
}

/** A state folder whose database the migrations of another version have made. */
async function leaveOldState(folder: string): Promise<void> {
  const migrations = join(folder, 'migrations-of-then')
  cpSync(migrationsFolder, migrations, { recursive: true })
  appendFileSync(join(migrations, '0000_schema.sql'), '\n-- as it was then\n')
  mkdirSync(join(folder, 'logs'), { recursive: true })
  writeFileSync(join(folder, 'secrets.json'), JSON.stringify(secrets))
  const server = await startPostgres({
    dataRoot: join(folder, 'postgres'),
    port: await freePort(),
    password,
    ownerPassword: password,
    logFile: join(folder, 'logs', 'postgres.log'),
  })
  await migrate(server.ownerUrl, migrations)
  await server.stop()
}

test('over the state of another version it says what is wrong and what to do, and fails', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'chargelane-launcher-'))
  try {
    await leaveOldState(folder)
    const env: NodeJS.ProcessEnv = { ...process.env, CHARGELANE_STATE: folder }
    for (const name of portNames) delete env[name]
    const launcher = spawn(process.execPath, [join(root, 'apps/local/src/main.ts'), '--once'], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const [[code], said, complaint] = await Promise.all([
      once(launcher, 'exit'),
      text(launcher.stdout),
      text(launcher.stderr),
    ])
    expect(code).toBe(1)
    expect(complaint.trim()).toMatch(
      /^chargelane: The database in \S+ was made by another version [^.]*: remove the folder \S+ and start again\.$/,
    )
    expect(said).toContain('nothing is left running')
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}, 120_000)
