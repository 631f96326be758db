import {
  ActivityFailure,
  isCancellation,
  ParentClosePolicy,
  proxyActivities,
  startChild,
  workflowInfo,
} from '@temporalio/workflow'
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common'
import type { Payee } from '@chargelane/db/queries/documents/settlements'
import type { Billable } from '../record/rules.ts'
import { clock, instant, millis, waitUntil } from '../clock/clock.ts'
import { markSettled, note, noteLater, waitFor } from '../life.ts'
import type { Life } from '../life.ts'
import type { BookedSale } from '../booking/workflow.ts'
import { partyKey } from '@chargelane/rules/split/parties'
import { steps } from '../steps.ts'
import type { RepeatedRefundActivities } from '../booking/refunds.ts'
import type { SettlementActivities } from './activities.ts'
import type { FileActivities } from './sepa-files.ts'
import type { PayoutResult } from './outcomes.ts'
import { looksMax, nextLookS } from './rules.ts'

const retry = {
  initialInterval: '500ms',
  backoffCoefficient: 2,
  maximumInterval: '5 minutes',
} as const

/** One payout has as long as its bank takes. */
const payoutSteps = proxyActivities<SettlementActivities>({
  startToCloseTimeout: '60s',
  scheduleToCloseTimeout: '10 days',
  retry,
})

/** A batch ends before the next one is due: what cannot be done by then is taken up again by that one. */
const batchSteps = proxyActivities<SettlementActivities & RepeatedRefundActivities>({
  startToCloseTimeout: '60s',
  scheduleToCloseTimeout: '30 minutes',
  retry,
})

/** Before the batch begins, and only if it can be done at once. */
const earlySteps = proxyActivities<
  SettlementActivities & RepeatedRefundActivities & FileActivities
>({
  startToCloseTimeout: '60s',
  scheduleToCloseTimeout: '90s',
  retry: { ...retry, maximumAttempts: 2 },
})

export type BatchInput = {
  /** The batch's key; the scheduled runs take the instant of their start. */
  batch?: string
  /** Of one demand partner's sessions alone, whose world is ahead of the others'. */
  demand?: string
}
export type BatchResult = {
  batch: string
  settlements: { id: string; outcome: PayoutResult['kind'] }[]
}

/**
 * Settles every payee with what is owed at this moment: close, statement, and a payout with a life of its own. Each step
 * has the settlement's key, so a batch that dies half-way goes on where it stood. No payee waits for another, and no
 * batch for a bank.
 */
export async function settlementBatch(input: BatchInput): Promise<BatchResult> {
  const cutOffAt = instant(clock())
  const batch = input.batch ?? instant(workflowInfo().startTime.getTime())
  await takeUpBefore(cutOffAt)
  const world = input.demand === undefined ? {} : { demand: input.demand }
  const { payees, unpaid } = await batchSteps.listPayees({ cutOffAt, ...world })
  const settle = async (payee: Payee) => {
    const id = await closeFor(payee, { batch, cutOffAt, ...world })
    return id === undefined || unpaid.includes(id) ? undefined : outcomeOf(id)
  }
  const settled = await Promise.all([...unpaid.map(outcomeOf), ...payees.map(settle)])
  await handFilesOver()
  return { batch, settlements: settled.filter((each) => each !== undefined) }
}

/** What waits for a file leaves with one; what the bank has reported meanwhile is kept. The next run has what fails. */
async function handFilesOver(): Promise<void> {
  for (const step of [earlySteps.sendFiles, earlySteps.readFiles])
    try {
      await step({ now: instant(clock()) })
    } catch (error) {
      if (!(error instanceof ActivityFailure) || isCancellation(error)) throw error
    }
}

/** Every quarter of an hour: banks take files all day, and report on them when they like. */
export async function payoutFiles(): Promise<void> {
  await handFilesOver()
}

/** Bank accounts whose time has come, what came back since the last batch, payouts and refunds, and refunds asked for again. What cannot be had now waits. */
async function takeUpBefore(now: string): Promise<void> {
  const early = [
    earlySteps.lookAtBankAccounts,
    earlySteps.watchNegatives,
    earlySteps.takeReturns,
    earlySteps.lookAtRefunds,
    earlySteps.repeatRefunds,
  ]
  for (const step of early)
    try {
      await step({ now })
    } catch (error) {
      if (!(error instanceof ActivityFailure) || isCancellation(error)) throw error
    }
}

/** Hourly: what a bank could not pay out after all comes back by itself, and so does what it gave back to a driver. */
export async function payoutReturns(): Promise<{ taken: number; failed: number }> {
  const now = instant(clock())
  const [{ taken }, { failed }] = await Promise.all([
    batchSteps.takeReturns({ now }),
    batchSteps.lookAtRefunds({ now }),
    batchSteps.lookAtBankAccounts({ now }),
  ])
  return { taken, failed }
}

/** The payee's settlement of this batch; undefined where nothing is owed, or where it waits for a person. */
async function closeFor(
  payee: Payee,
  asked: { batch: string; cutOffAt: string; demand?: string },
): Promise<string | undefined> {
  try {
    const due = { ...payee, ...asked, now: instant(clock()) }
    return (await batchSteps.closePayee(due))?.settlementId
  } catch (error) {
    if (!(error instanceof ActivityFailure) || isCancellation(error)) throw error
    const cause = error.cause?.message ?? error.message
    await reported({ ...payee, batch: asked.batch, cause, now: instant(clock()) })
    return undefined
  }
}

/** Also what cannot be reported now holds up nobody else's settlement: the next batch comes to it again. */
async function reported(news: Parameters<SettlementActivities['reportPayee']>[0]): Promise<void> {
  try {
    await batchSteps.reportPayee(news)
  } catch (error) {
    if (!(error instanceof ActivityFailure) || isCancellation(error)) throw error
  }
}

/** How long a batch waits for a payout before it leaves it to itself. */
const patienceMs = 60_000

/** Sees the payout under way, and what comes of it while the batch looks. */
async function outcomeOf(id: string): Promise<BatchResult['settlements'][number]> {
  let outcome: PayoutResult['kind'] = 'in_transit'
  try {
    const child = await startChild(payout, {
      workflowId: `payout:${id}`,
      args: [{ settlementId: id }],
      parentClosePolicy: ParentClosePolicy.ABANDON,
    })
    const state = { isOver: false }
    const watch = async () => {
      outcome = await child.result()
      state.isOver = true
    }
    const watching = watch()
    watching.catch(() => {
      state.isOver = true
    })
    await waitUntil(clock() + patienceMs, () => state.isOver)
  } catch (error) {
    // An earlier batch's payout of it is still under way.
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error
  }
  return { id, outcome }
}

/** One settlement on its way to its payee, for as long as the bank takes; then its sessions are told. */
export async function payout({
  settlementId,
}: {
  settlementId: string
}): Promise<PayoutResult['kind']> {
  const ask = (verb: 'sendPayout' | 'readPayout') =>
    payoutSteps[verb]({ settlementId, now: instant(clock()) })
  let result = await ask('sendPayout')
  while (result.kind === 'later') {
    await waitUntil(Math.max(clock() + 1_000, millis(result.at)))
    result = await ask('sendPayout')
  }
  for (let look = 0; result.kind === 'in_transit' && look < looksMax; look++) {
    await waitUntil(clock() + nextLookS(look) * 1000)
    result = await ask('readPayout')
  }
  if (result.kind === 'paid') await payoutSteps.tellSessions({ settlementIds: [settlementId] })
  return result.kind
}

type Settling = {
  billed: Billable
  booked: BookedSale
  endedAt: string
  /** Something is still owed: the payees are paid what is covered, and the session stays unpaid. */
  unpaid: boolean
}

/** The 48-hour clock. Late is said once and loudly; then the books are looked at every day until it is done. */
export async function awaitSettlement(life: Life, settling: Settling): Promise<void> {
  const payees = settling.booked.payees
  // Nobody has paid anything yet: what comes of it comes with the debt.
  if (payees.length === 0 && settling.unpaid) return
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
