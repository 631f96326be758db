import { proxyActivities } from '@temporalio/workflow'
import { clock, instant } from '../clock/clock.ts'
import type { ProofActivities } from './proofs.ts'

const { checkProofs } = proxyActivities<ProofActivities>({
  startToCloseTimeout: '5 minutes',
  scheduleToCloseTimeout: '20 hours',
  retry: { initialInterval: '2s', backoffCoefficient: 2, maximumInterval: '5 minutes' },
})

export type ReverifyResult = {
  checked: number
  failed: string[]
  restored: string[]
  /** What could not be looked at this night, with the reason. */
  skipped: string[]
}

/** As many failed proofs as a result names; all of them are in the database. */
const namedMax = 100

/**
 * Nightly, before the day is settled: the proofs of unsettled sessions and a sample of the settled are executed again
 * (failures F45). One that does not recompute stops the settlement of its session and of no other.
 */
export async function reverifyProofs(): Promise<ReverifyResult> {
  const now = instant(clock())
  const night = Math.floor(clock() / 86_400_000)
  const result: ReverifyResult = { checked: 0, failed: [], restored: [], skipped: [] }
  let after = ''
  for (;;) {
    const page = await checkProofs({ after, night, now })
    result.checked += page.checked
    result.failed = [...result.failed, ...page.failed].slice(0, namedMax)
    result.skipped = [...result.skipped, ...page.skipped].slice(0, namedMax)
    result.restored = [...result.restored, ...page.restored].slice(0, namedMax)
    if (page.next === null) return result
    after = page.next
  }
}
