// A whole product beside the one that may be running: for journeys, outside peers and the bench.
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { portNames, root } from './config.ts'
import { endProcess } from './processes.ts'

/**
 * Starts a product with its own state folder and ports, without the story, and waits until its
 * stack.json stands. It ends with `stop`, and by itself when this process is gone.
 */
export async function startSecondProduct(options: {
  state: string
  env?: NodeJS.ProcessEnv
}): Promise<{ stackFile: string; stop: () => Promise<void> }> {
  rmSync(options.state, { recursive: true, force: true })
  mkdirSync(options.state, { recursive: true })
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    // The launcher ends with its parent when npm runs it, and this process plays npm here.
    npm_lifecycle_event: 'start',
    ...options.env,
    CHARGELANE_STATE: options.state,
  }
  for (const name of portNames) delete env[name]
  const launcher = spawn(process.execPath, [join(root, 'apps/local/src/main.ts'), '--no-story'], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  let output = ''
  for (const stream of [launcher.stdout, launcher.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
  }
  const stop = async () => {
    if (launcher.pid !== undefined && launcher.exitCode === null) {
      await endProcess(launcher.pid, 'SIGTERM', 40_000)
    }
  }
  const stackFile = join(options.state, 'stack.json')
  const deadline = Date.now() + 240_000
  while (!existsSync(stackFile)) {
    if (launcher.exitCode !== null || Date.now() > deadline) {
      await stop()
      throw new Error(`the product did not start:\n${output}`)
    }
    await wait(200)
  }
  return { stackFile, stop }
}
