import { z } from 'zod'
import { operation } from './operation.ts'

export const zHealth = z
  .object({
    status: z.enum(['ok', 'degraded']),
    version: z.string().max(40),
    checks: z.object({
      database: z.enum(['ok', 'down']),
      workflows: z.enum(['ok', 'down']),
    }),
  })
  .meta({ id: 'Health', description: 'Whether this instance can serve.' })

export const health = {
  get: operation({
    id: 'health.get',
    method: 'get',
    path: '/health',
    summary: 'Is the API able to serve?',
    description:
      'Checks the database and the workflow engine, each within one second. `degraded` still answers reads; starts may fail with `service_unavailable`.',
    scope: 'public',
    success: { status: 200, kind: 'json', description: 'State of this instance.', body: zHealth },
    errors: [],
    idempotent: false,
  }),
}
