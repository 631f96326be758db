// One dispute from its opening to its end: what is due is done, and then the next deadline or news of it is waited for.
import { proxyActivities, setHandler } from '@temporalio/workflow'
import { clock, instant, millis, waitUntil } from '../../clock/clock.ts'
import { disputeChanged } from '../../contract.ts'
import { money, paper } from '../../steps.ts'
import type { DisputeActivities } from './activities.ts'

const disputeSteps = proxyActivities<DisputeActivities>({
  startToCloseTimeout: '60s',
  scheduleToCloseTimeout: '30 days',
  retry: { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '5 minutes' },
})

export async function dispute({ disputeId }: { disputeId: string }): Promise<{ status: string }> {
  const heard = { isNews: false }
  setHandler(disputeChanged, () => {
    heard.isNews = true
  })
  for (;;) {
    heard.isNews = false
    const { status, order, until } = await disputeSteps.proceedDispute({
      disputeId,
      now: instant(clock()),
    })
    if (order !== null) {
      await money.refundSale(order)
      await paper.issuePapers({ sessionId: order.sessionId })
    }
    if (until === null && !heard.isNews) return { status }
    await waitUntil(until === null ? clock() : millis(until), () => heard.isNews)
  }
}
