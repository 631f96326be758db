import { proxyActivities } from '@temporalio/workflow'
import { clock, instant } from '../../clock/clock.ts'
import type { ContestActivities } from './contest.ts'

const { contestChargebacks: contestDue } = proxyActivities<ContestActivities>({
  startToCloseTimeout: '5 minutes',
  scheduleToCloseTimeout: '55 minutes',
  retry: { initialInterval: '5s', backoffCoefficient: 2, maximumInterval: '5 minutes' },
})

/** Hourly: chargebacks whose evidence is due go to the provider. */
export async function contestChargebacks(): Promise<{ submitted: number }> {
  return contestDue({ now: instant(clock()) })
}
