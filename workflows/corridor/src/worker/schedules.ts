import type { Client } from '@temporalio/client'
import { ScheduleAlreadyRunning, ScheduleOverlapPolicy } from '@temporalio/client'
import { corridorQueue, workflowTypes } from '../contract.ts'
import type { WorkerSettings } from './settings.ts'

/**
 * Settlement every day after midnight UTC unless configured otherwise, price proofs half an hour before it; orphaned
 * holds, returned payouts and packs to be sealed anew every hour.
 */
export async function ensureSchedules(
  client: Client,
  settings: Pick<WorkerSettings, 'SETTLEMENT_CRON' | 'SETTLEMENT_INTERVAL_S' | 'PROOF_CHECK_CRON'>,
): Promise<void> {
  const { SETTLEMENT_CRON: cron, SETTLEMENT_INTERVAL_S: everyS } = settings
  const schedules = [
    {
      scheduleId: 'settlement-daily',
      workflowType: workflowTypes.settlement,
      args: [{}],
      spec:
        everyS === undefined
          ? { cronExpressions: [cron ?? '5 0 * * *'] }
          : { intervals: [{ every: `${everyS}s` as const }] },
    },
    {
      scheduleId: 'payout-returns',
      workflowType: 'payoutReturns',
      args: [],
      spec: { intervals: [{ every: everyS === undefined ? '1 hour' : (`${everyS}s` as const) }] },
    },
    {
      scheduleId: 'hold-reaper',
      workflowType: 'reapHolds',
      args: [],
      spec: { intervals: [{ every: '1 hour' as const }] },
    },
    {
      scheduleId: 'evidence-reseal',
      workflowType: 'resealEvidence',
      args: [],
      spec: { intervals: [{ every: '1 hour' as const }] },
    },
    {
      scheduleId: 'proofs-nightly',
      workflowType: workflowTypes.reverify,
      args: [],
      spec: { cronExpressions: [settings.PROOF_CHECK_CRON ?? '35 23 * * *'] },
    },
  ]
  for (const { scheduleId, workflowType, args, spec } of schedules) {
    const action = {
      type: 'startWorkflow' as const,
      workflowType,
      args,
      taskQueue: corridorQueue,
      workflowId: scheduleId,
    }
    try {
      await client.schedule.create({
        scheduleId,
        spec,
        action,
        policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1 day' },
      })
    } catch (error) {
      if (!(error instanceof ScheduleAlreadyRunning)) throw error
      // The configuration may have changed since the schedule was made.
      await client.schedule
        .getHandle(scheduleId)
        .update((previous) => ({ ...previous, spec, action }))
    }
  }
}
