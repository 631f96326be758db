import { proxyActivities } from '@temporalio/workflow'
import { clock, instant } from '../../clock/clock.ts'
import type { TreasuryActivities } from './activities.ts'

const steps = proxyActivities<TreasuryActivities>({
  startToCloseTimeout: '10 minutes',
  scheduleToCloseTimeout: '6 hours',
  retry: { initialInterval: '5s', backoffCoefficient: 2, maximumInterval: '5 minutes' },
})

const dayMs = 86_400_000

/** After each UTC day: what was closed is read again, what should be empty is looked at, and the day is closed. */
export async function dailyBooks(): Promise<{ day: string; fault: string | null }> {
  const now = instant(clock())
  const day = instant(clock() - dayMs).slice(0, 10)
  const { fault } = await steps.checkBooks({ now })
  await steps.alarmUncleared({ now })
  await steps.closeBooks({ day, now })
  return { day, fault }
}

/** Hourly. */
export async function foldBalances(): Promise<{ accounts: number }> {
  return steps.foldBooks()
}
