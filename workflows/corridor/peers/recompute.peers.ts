// The outsider on a small mixed world: Python with its standard library computes what the product says of money.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const args = ['run', '--config', '.config/proofs.config.ts', 'recompute', '--reporter=tap-flat']
const { stdout, stderr, status } = spawnSync(
  process.execPath,
  [`${root}node_modules/vitest/vitest.mjs`, ...args],
  { cwd: root, env: { ...process.env, PROOF_SESSIONS: '40' }, encoding: 'utf8' },
)
for (const line of stdout.split('\n')) {
  const told = /^(ok|not ok) \d+ - (.*?)(?: # time.*)?$/.exec(line)
  if (told !== null) process.stdout.write(`${told[1]} - ${told[2]}\n`)
}
if (status !== 0) process.stderr.write(stderr)
process.exitCode = status ?? 1
