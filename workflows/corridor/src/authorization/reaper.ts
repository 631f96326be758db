import { proxyActivities } from '@temporalio/workflow'
import { clock, instant } from '../clock/clock.ts'
import type { ReaperActivities } from './activities.ts'

const { reapOrphans } = proxyActivities<ReaperActivities>({
  startToCloseTimeout: '5 minutes',
  scheduleToCloseTimeout: '55 minutes',
  retry: { initialInterval: '5s', backoffCoefficient: 2, maximumInterval: '5 minutes' },
})

/** Hourly: holds past their deadline that no session came back for are given back (failures F12). */
export async function reapHolds(of: { demand?: string } = {}): Promise<{ released: number }> {
  return reapOrphans({ ...of, now: instant(clock()) })
}
