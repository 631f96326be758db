import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const root = fileURLToPath(new URL('..', import.meta.url))

/**
 * What needs the machine to itself: a product that is killed piece by piece, because everything else would notice, and the
 * records of calibrated meters, whose time server stands still for good when products start beside it.
 */
export default defineConfig({
  root,
  test: {
    include: ['workflows/corridor/src/record/meter.test.ts', 'apps/local/src/survival.journey.ts'],
    globalSetup: [`${root}apps/local/src/test-servers.ts`],
    fileParallelism: false,
    pool: 'forks',
    maxWorkers: 1,
    testTimeout: 120_000,
    hookTimeout: 300_000,
    teardownTimeout: 60_000,
    retry: 0,
  },
})
