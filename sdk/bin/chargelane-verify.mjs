#!/usr/bin/env node
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

// In a checkout the sources are TypeScript; a shell whose own Node cannot read that borrows the pinned one.
const pinned = fileURLToPath(new URL('../../node_modules/node/bin/node', import.meta.url))
if (process.features.typescript || !existsSync(pinned)) {
  const { main } = await import('../src/verify/command.ts')
  process.exitCode = await main(process.argv.slice(2))
} else {
  const run = spawnSync(pinned, process.argv.slice(1), { stdio: 'inherit' })
  process.exitCode = run.status ?? 2
}
