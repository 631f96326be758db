import { answerOf } from '@chargelane/db/queries/health'
import type { Contract } from '@chargelane/openapi'
import type { Handlers } from '../http/handler.ts'

const within = (work: Promise<unknown>, ms: number): Promise<boolean> =>
  Promise.race([
    work.then(
      () => true,
      () => false,
    ),
    new Promise<boolean>((resolve) => setTimeout(resolve, ms, false)),
  ])

export const healthRoutes: Handlers<Contract['health']> = {
  get: {
    async outside({ deps }) {
      const [database, workflows] = await Promise.all([
        within(answerOf(deps.db), 1_000),
        deps.corridor.isUp(),
      ])
      return {
        status: database && workflows ? 'ok' : 'degraded',
        version: deps.version,
        checks: { database: database ? 'ok' : 'down', workflows: workflows ? 'ok' : 'down' },
      }
    },
  },
}
