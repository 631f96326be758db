import { proxyActivities } from '@temporalio/workflow'
import { clock, instant } from '../clock/clock.ts'
import { paperQueue } from '../contract.ts'
import type { EvidenceActivities } from './activities.ts'

const { resealPacks } = proxyActivities<Pick<EvidenceActivities, 'resealPacks'>>({
  taskQueue: paperQueue,
  startToCloseTimeout: '5 minutes',
  scheduleToCloseTimeout: '55 minutes',
  retry: { initialInterval: '5s', backoffCoefficient: 2, maximumInterval: '5 minutes' },
})

/** Hourly: sessions that are over get a pack that says what came since, and one by the present key where theirs was lost. */
export async function resealEvidence(): Promise<{ sessions: string[] }> {
  const sessions: string[] = []
  for (;;) {
    const round = await resealPacks({ now: instant(clock()) })
    sessions.push(...round.sessions)
    if (!round.hasMore) return { sessions }
  }
}
