import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Products that are killed piece by piece: each by itself, because everything else would notice. */
export default defineConfig({
  root,
  test: {
    include: ['apps/local/src/survival.journey.ts', 'apps/bench/src/kill-run/kill-run.journey.ts'],
    pool: 'forks',
    maxWorkers: 1,
    testTimeout: 300_000,
    hookTimeout: 300_000,
    teardownTimeout: 60_000,
    retry: 0,
  },
})
