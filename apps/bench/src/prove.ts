// `npm run prove -- NAME`: proofs of minutes to hours, each by its own command; a seed makes one again.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { root } from '../../local/src/config.ts'
import { proveKillRun } from './kill-run/main.ts'

const help = `npm run prove -- NAME [--sessions N] [--seed N]

  recompute    a mixed world through the corridor, computed again by an outsider with code of its own (Python 3)
  kill-run     processes, connections and the provider die while drivers charge; then the money is checked
  reconcile    a day of 10,000 sessions with injected errors: what is found, and what it is called
`

/** A proof that needs the test servers runs as a test of its own configuration. */
function asTest(name: string, sessions: string | undefined, seed: string | undefined) {
  const env = {
    ...process.env,
    ...(sessions === undefined ? {} : { PROOF_SESSIONS: sessions }),
    ...(seed === undefined ? {} : { PROOF_SEED: seed }),
  }
  const vitest = join(root, 'node_modules/vitest/vitest.mjs')
  const args = [vitest, 'run', '--config', join(root, '.config/proofs.config.ts'), name]
  const child = spawn(process.execPath, args, { cwd: root, env, stdio: 'inherit' })
  return new Promise<boolean>((resolve) => {
    child.once('exit', (code) => resolve(code === 0))
  })
}

async function main(): Promise<number> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      sessions: { type: 'string' },
      seed: { type: 'string' },
      every: { type: 'string' },
    },
  })
  const [name] = positionals
  const { sessions, seed } = values
  if (name === 'recompute') return (await asTest('recompute', sessions ?? '1000', seed)) ? 0 : 1
  if (name === 'reconcile') return (await asTest('reconcile', sessions ?? '10000', seed)) ? 0 : 1
  if (name === 'kill-run') {
    const options = {
      sessions: Number(sessions ?? 1_000),
      seed: Number(seed ?? Date.now() % 1_000_000),
      everyMs: Number(values.every ?? 6_000),
    }
    return (await proveKillRun(options)) ? 0 : 1
  }
  process.stdout.write(help)
  return name === undefined ? 0 : 2
}

process.exitCode = await main()
