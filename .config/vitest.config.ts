import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const root = fileURLToPath(new URL('..', import.meta.url))

export default defineConfig({
  root,
  test: {
    include: [
      '{openapi,sdk,db,workflows,apps}/**/*.test.ts',
      // A proof that is small enough to be run each time.
      'workflows/corridor/src/testing/proof/reconcile.proof.ts',
    ],
    exclude: ['**/node_modules/**', '**/.local/**', '**/.cache/**'],
    // Known to everybody, so that production refuses them.
    env: {
      CHARGELANE_DATA_KEYS: `test:${Buffer.alloc(32, 1).toString('base64')}`,
      CHARGELANE_LOOKUP_KEY: Buffer.alloc(32, 2).toString('base64'),
    },
    globalSetup: [`${root}apps/local/src/test-servers.ts`],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 240_000,
    hookTimeout: 300_000,
    teardownTimeout: 20_000,
    // How long something takes is never what a test is about.
    expect: { poll: { timeout: 90_000 } },
    // A test that needs a second try is a defect to be found, not to be hidden.
    retry: 0,
    typecheck: { enabled: false },
  },
})
