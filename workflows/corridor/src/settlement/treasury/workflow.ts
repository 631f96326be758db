import { ActivityFailure, isCancellation, proxyActivities } from '@temporalio/workflow'
import { clock, instant } from '../../clock/clock.ts'
import type { TreasuryActivities } from './activities.ts'

const retry = {
  initialInterval: '5s',
  backoffCoefficient: 2,
  maximumInterval: '5 minutes',
} as const

const steps = proxyActivities<TreasuryActivities>({
  startToCloseTimeout: '10 minutes',
  scheduleToCloseTimeout: '6 hours',
  retry,
})

/** What is asked of the provider and the bank: what cannot be had now is had the next time. */
const outside = proxyActivities<TreasuryActivities>({
  startToCloseTimeout: '5 minutes',
  scheduleToCloseTimeout: '15 minutes',
  retry: { ...retry, maximumAttempts: 5 },
})

const dayMs = 86_400_000

/** The provider's movements and the bank's statements as they are now; each of them by itself. */
async function lookOutside(now: string): Promise<void> {
  for (const step of [outside.importProvider, outside.importStatements])
    try {
      await step({ now })
    } catch (error) {
      if (!(error instanceof ActivityFailure) || isCancellation(error)) throw error
    }
}

/** Hourly: who holds how much, and balances that are read in a moment. */
export async function treasuryHour(): Promise<{ accounts: number }> {
  await lookOutside(instant(clock()))
  return steps.foldBooks()
}

/** Everything compared now, as a person wished it; `asOf` tells ages as of another instant. */
export async function reconciliation(wish: { asOf?: string }): Promise<{ id: string }> {
  const now = wish.asOf ?? instant(clock())
  await lookOutside(now)
  return steps.reconcileBooks({ now })
}

/**
 * After each UTC day: the provider's money is sent to the bank, what was converted is exchanged, all sides are compared, the closed books are read again,
 * what should be empty is looked at, and the day is closed.
 */
export async function treasuryDay(): Promise<{ day: string; fault: string | null }> {
  const now = instant(clock())
  const day = instant(clock() - dayMs).slice(0, 10)
  for (const step of [outside.sweepProvider, outside.closeFx])
    try {
      await step({ day: now.slice(0, 10), now })
    } catch (error) {
      if (!(error instanceof ActivityFailure) || isCancellation(error)) throw error
    }
  await lookOutside(now)
  await steps.reconcileBooks({ now })
  const { fault } = await steps.checkBooks({ now })
  await steps.alarmUncleared({ now })
  await steps.closeBooks({ day, now })
  return { day, fault }
}
