import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Journeys share one running product, started by the launcher as a stranger would. */
export default defineConfig({
  root,
  test: {
    include: ['apps/simulator/src/journeys/*.journey.ts', 'apps/cpms/peers/*.journey.ts'],
    globalSetup: [`${root}apps/local/src/test-product.ts`],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 240_000,
    hookTimeout: 240_000,
    teardownTimeout: 30_000,
    retry: 0,
  },
})
