// What takes a while: past sessions by another policy, and periods that have ended.
import { ActivityFailure, isCancellation, proxyActivities } from '@temporalio/workflow'
import { clock, instant } from '../../clock/clock.ts'
import { paperQueue } from '../../contract.ts'
import type { PeriodActivities } from './period.ts'
import type { SimulationActivities } from './simulation.ts'

const retry = {
  initialInterval: '5s',
  backoffCoefficient: 2,
  maximumInterval: '5 minutes',
} as const

const replay = proxyActivities<SimulationActivities>({
  taskQueue: paperQueue,
  startToCloseTimeout: '30 minutes',
  scheduleToCloseTimeout: '2 hours',
  heartbeatTimeout: '2 minutes',
  retry: { ...retry, maximumAttempts: 3 },
})

const settle = proxyActivities<PeriodActivities>({
  startToCloseTimeout: '10 minutes',
  scheduleToCloseTimeout: '6 hours',
  retry,
})

export async function replayPolicy({ simulationId }: { simulationId: string }): Promise<void> {
  try {
    await replay.runSimulation({ simulationId, now: instant(clock()) })
  } catch (error) {
    if (!(error instanceof ActivityFailure) || isCancellation(error)) throw error
    const failure = error.cause?.message ?? 'The sessions could not be replayed.'
    await replay.failSimulation({ simulationId, failure, now: instant(clock()) })
  }
}

/** Each day: the periods that have ended, and those that late sessions changed since. Each site by itself. */
export async function settlePeriods(): Promise<{ sites: number; items: number }> {
  const now = instant(clock())
  const { due } = await settle.listPeriods({ now })
  let items = 0
  for (const period of due)
    try {
      const made = await settle.closePeriod({ ...period, now: instant(clock()) })
      items += made.items
    } catch (error) {
      if (!(error instanceof ActivityFailure) || isCancellation(error)) throw error
      await settle.reportPeriod({ ...period, cause: error.cause?.message ?? '', now })
    }
  return { sites: due.length, items }
}
