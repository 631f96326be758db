// What vitest starts once per run: a Postgres server, and the paths of both Temporal servers. The
// tests read them from the environment; a server named there beforehand is used instead.
import { startTestPostgres } from './postgres.ts'
import { resolveTemporalCli, resolveTestServer } from './temporal.ts'

export async function setup(): Promise<() => Promise<void>> {
  process.env['TEMPORAL_CLI'] ??= (await resolveTemporalCli()).path
  process.env['TEMPORAL_TEST_SERVER'] ??= await resolveTestServer()
  if (process.env['TEST_DATABASE_URL']) return () => Promise.resolve()
  const postgres = await startTestPostgres()
  process.env['TEST_DATABASE_URL'] = postgres.url
  return postgres.stop
}
