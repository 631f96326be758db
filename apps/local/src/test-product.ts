// What the journeys run against: the whole product, started by the launcher in a home of its own, with every deadline
// of a session shortened so that "after two minutes" is a test of seconds.
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { root } from './config.ts'
import { endProcess } from './processes.ts'

/** Milliseconds, by the names of `Deadlines` in workflows/src/contract.ts. */
const shortDeadlines = {
  scaRequired: 8_000,
  startConfirmation: 3_000,
  holdVoidAfterUnconfirmedStart: 5_000,
  lateStartWatch: 40_000,
  plugIn: 5_000,
  ghost: 6_000,
  stopConfirmation: 5_000,
  record: 8_000,
}

export async function setup(): Promise<() => Promise<void>> {
  const running = process.env['JOURNEY_STACK']
  if (running !== undefined) return () => Promise.resolve()
  const home = mkdtempSync(join(tmpdir(), 'chargelane-journeys-'))
  const launcher = spawn(process.execPath, [join(root, 'apps/local/src/main.ts'), '--no-story'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      CHARGELANE_STATE: home,
      SESSION_DEADLINES: JSON.stringify(shortDeadlines),
      OCPP_OFFLINE_GRACE_MS: '1000',
      LOG_LEVEL: 'info',
    },
  })
  let output = ''
  for (const stream of [launcher.stdout, launcher.stderr])
    stream.on('data', (data: Buffer) => (output += data.toString()))
  const stack = join(home, 'stack.json')
  const deadline = Date.now() + 180_000
  while (!existsSync(stack)) {
    if (launcher.exitCode !== null || Date.now() > deadline)
      throw new Error(`The product did not start:\n${output}`)
    await wait(200)
  }
  JSON.parse(readFileSync(stack, 'utf8'))
  process.env['JOURNEY_STACK'] = stack
  return async () => {
    if (launcher.pid !== undefined) await endProcess(launcher.pid, 'SIGTERM', 30_000)
    if (process.env['JOURNEY_KEEP'] === undefined) rmSync(home, { recursive: true, force: true })
  }
}
