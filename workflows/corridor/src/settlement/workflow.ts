import { condition, proxyActivities, sleep, workflowInfo } from '@temporalio/workflow'
import type { Billable } from '../record/rules.ts'
import { clock, instant, markSettled, millis, note, noteLater, waitFor } from '../life.ts'
import type { Life } from '../life.ts'
import type { BookedSale } from '../booking/workflow.ts'
import { partyKey } from '@chargelane/rules/split/parties'
import { steps } from '../steps.ts'
import type { PayoutResult, SettlementActivities } from './activities.ts'
import { looksMax, nextLookS } from './rules.ts'

const batchSteps = proxyActivities<SettlementActivities>({
  startToCloseTimeout: '60s',
  scheduleToCloseTimeout: '10 days',
  retry: { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '5 minutes' },
})

export type BatchInput = {
  /** The batch's key; the scheduled runs take the instant of their start. */
  batch?: string
}
export type BatchResult = {
  batch: string
  settlements: { id: string; outcome: PayoutResult['kind'] }[]
}

/**
 * Pays every payee what is owed at this moment: close, statement, payout, ledger, and the sessions are told. Each step
 * has the settlement's key, so a batch that dies half-way goes on where it stood; one payee's trouble is its own.
 */
export async function settlementBatch(input: BatchInput): Promise<BatchResult> {
  const cutOffAt = instant(clock())
  const batch = input.batch ?? instant(workflowInfo().startTime.getTime())
  const { payees, unpaid } = await batchSteps.listPayees({ cutOffAt })
  const closed = await Promise.all(
    payees.map((payee) =>
      batchSteps.closePayee({ ...payee, batch, cutOffAt, now: instant(clock()) }),
    ),
  )
  const ids = [...unpaid, ...closed.flatMap((each) => (each === null ? [] : [each.settlementId]))]
  return { batch, settlements: await payAll([...new Set(ids)]) }
}

/** How long payees who are paid wait for the others: most sessions owe two of them, and are told once. */
const tellTogetherMs = 10_000

async function payAll(ids: readonly string[]): Promise<BatchResult['settlements']> {
  const state: { open: number; untold: string[] } = { open: ids.length, untold: [] }
  const isOver = () => state.open === 0
  const tell = async () => {
    while (!isOver() || state.untold.length > 0) {
      await condition(() => isOver() || state.untold.length > 0)
      if (!isOver()) await condition(isOver, tellTogetherMs)
      const settlementIds = state.untold
      state.untold = []
      if (settlementIds.length > 0) await batchSteps.tellSessions({ settlementIds })
    }
  }
  const pay = async (id: string) => {
    try {
      const outcome = await payOut(id)
      if (outcome === 'paid') state.untold.push(id)
      return { id, outcome }
    } finally {
      state.open -= 1
    }
  }
  const [settlements] = await Promise.all([Promise.all(ids.map(pay)), tell()])
  return settlements
}

async function payOut(settlementId: string): Promise<PayoutResult['kind']> {
  let result = await batchSteps.sendPayout({ settlementId, now: instant(clock()) })
  for (let look = 0; result.kind === 'in_transit' && look < looksMax; look++) {
    await sleep(nextLookS(look) * 1000)
    result = await batchSteps.readPayout({ settlementId, now: instant(clock()) })
  }
  return result.kind
}

type Settling = {
  billed: Billable
  booked: BookedSale
  endedAt: string
  /** Nothing was captured: the payees are paid all the same, and the session stays unpaid. */
  unpaid: boolean
}

/** The 48-hour clock. Late is said once and loudly; then the books are looked at every day until it is done. */
export async function awaitSettlement(life: Life, settling: Settling): Promise<void> {
  const payees = settling.booked.payees
  const unpaid = () => payees.filter((payee) => !life.paidPayees.has(partyKey(payee)))
  const isSettled = () => unpaid().length === 0
  let until = millis(settling.endedAt) + life.deadlines.sla
  for (let look = 0; !isSettled(); look++) {
    if (await waitFor(life, 'settlement', until, isSettled)) break
    const { paid } = await steps.readSettlement({ sessionId: life.sessionId })
    markSettled(life, paid)
    if (look === 0 && !isSettled())
      await note(life, {
        room: 'settlement',
        what: 'settlement late',
        event: 'settlement.sla_breached',
        detail: { deadline: instant(until), missing: unpaid() },
      })
    until = clock() + 86_400_000
  }
  const { provisional } = settling.billed
  // Written by the step that extends the pack, before it does.
  noteLater(life, {
    room: 'settlement',
    what: provisional ? 'settled provisionally' : 'settled',
    event: 'session.settled',
    patch: {
      settledAt: instant(clock()),
      ...(settling.unpaid
        ? {}
        : { moneyStatus: provisional ? 'settled_provisionally' : 'settled' }),
    },
  })
}
