import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Proofs of minutes to hours, run by command: `npm run prove`. */
export default defineConfig({
  root,
  test: {
    include: ['{workflows,apps}/**/*.proof.ts'],
    exclude: ['**/node_modules/**', '**/.local/**', '**/.cache/**'],
    env: {
      CHARGELANE_DATA_KEYS: `test:${Buffer.alloc(32, 1).toString('base64')}`,
      CHARGELANE_LOOKUP_KEY: Buffer.alloc(32, 2).toString('base64'),
    },
    globalSetup: [`${root}apps/local/src/test-servers.ts`],
    pool: 'forks',
    maxWorkers: 1,
    testTimeout: 7_200_000,
    hookTimeout: 300_000,
    teardownTimeout: 20_000,
    retry: 0,
  },
})
