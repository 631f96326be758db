import type { Client, ScheduleSpec } from '@temporalio/client'
import { ScheduleAlreadyRunning, ScheduleOverlapPolicy } from '@temporalio/client'
import { corridorQueue, workflowTypes } from '../contract.ts'
import type { WorkerSettings } from './settings.ts'

type Settings = Pick<
  WorkerSettings,
  'SETTLEMENT_CRON' | 'SETTLEMENT_INTERVAL_S' | 'PROOF_CHECK_CRON' | 'VAT_CHECK_CRON'
>
type Schedule = { id: string; workflow: string; args?: object[]; spec: ScheduleSpec }

const daily = (cron: string): ScheduleSpec => ({ cronExpressions: [cron] })
const hourly: ScheduleSpec = { intervals: [{ every: '1 hour' }] }
const quarterly: ScheduleSpec = { intervals: [{ every: '15 minutes' }] }

/**
 * Settlement every day after midnight UTC unless configured otherwise, price proofs half an hour before it, everything
 * reconciled and the books closed a quarter after it; orphaned holds, returned payouts, chargebacks to be contested and packs to be
 * sealed anew every hour, and VAT numbers to be asked about.
 */
function schedulesOf({
  SETTLEMENT_CRON: cron,
  SETTLEMENT_INTERVAL_S: everyS,
  PROOF_CHECK_CRON: proofs,
  VAT_CHECK_CRON: vat,
}: Settings): Schedule[] {
  const often: ScheduleSpec | undefined =
    everyS === undefined ? undefined : { intervals: [{ every: `${everyS}s` }] }
  return [
    {
      id: 'settlement-daily',
      workflow: workflowTypes.settlement,
      args: [{}],
      spec: often ?? daily(cron ?? '5 0 * * *'),
    },
    { id: 'payout-returns', workflow: 'payoutReturns', spec: often ?? hourly },
    { id: 'payout-files', workflow: 'payoutFiles', spec: often ?? quarterly },
    { id: 'hold-reaper', workflow: 'reapHolds', spec: hourly },
    { id: 'chargeback-evidence', workflow: 'contestChargebacks', spec: hourly },
    { id: 'evidence-reseal', workflow: 'resealEvidence', spec: hourly },
    {
      id: 'vat-checks',
      workflow: 'checkVatNumbers',
      spec: vat === undefined ? hourly : daily(vat),
    },
    { id: 'treasury-hourly', workflow: 'treasuryHour', spec: hourly },
    // Before the batch of the day, so that what a period came to is paid with it.
    { id: 'split-periods', workflow: 'settlePeriods', spec: daily('45 23 * * *') },
    { id: 'treasury-daily', workflow: 'treasuryDay', spec: daily('20 0 * * *') },
    {
      id: 'proofs-nightly',
      workflow: workflowTypes.reverify,
      spec: daily(proofs ?? '35 23 * * *'),
    },
  ]
}

export async function ensureSchedules(client: Client, settings: Settings): Promise<void> {
  for (const { id: scheduleId, workflow: workflowType, args = [], spec } of schedulesOf(settings)) {
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
