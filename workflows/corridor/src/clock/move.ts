// Moves the world of one demand partner: its running sessions, what comes after them, its payouts, and what is scheduled.
import type { Client } from '@temporalio/client'
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client'
import type { Db } from '@chargelane/db'
import { payoutsOfDemand } from '@chargelane/db/queries/documents/settlements'
import { workflowsSince } from '@chargelane/db/queries/sessions/sessions'
import { aftercareWorkflowId, clockMoved, corridorQueue, workflowTypes } from '../contract.ts'
import { whileRunning } from '../worker/clients.ts'
import { aheadMemo } from './ahead.ts'
import { instant, millis } from './instants.ts'

/** Nothing of a session runs longer: a record may come a month after its end. */
const longestMs = 62 * 86_400_000

export type Move = {
  accountId: string
  /** What time it is in the account's world from now on. */
  to: string
  /** What time it is in everybody else's. */
  now: string
}

/**
 * It is `to` in the account's world, for all that has begun; asked again it is the same move. What begins later begins at
 * the machine's time, as its chargers do. Answers how many workflows heard it.
 */
export async function moveWorld(
  { db, client }: { db: Db; client: Client },
  { accountId, to, now }: Move,
): Promise<{ moved: number }> {
  const since = instant(millis(now) - longestMs)
  const sessions = await workflowsSince(db, accountId, since)
  const payouts = await payoutsOfDemand(db, accountId)
  const workflowIds = [
    ...sessions.flatMap(({ sessionId, workflowId }) => [
      workflowId,
      aftercareWorkflowId(sessionId),
    ]),
    ...payouts.map((id) => `payout:${id}`),
  ]
  let moved = 0
  for (const workflowId of workflowIds) {
    const handle = client.workflow.getHandle(workflowId)
    if (await whileRunning(() => handle.signal(clockMoved, millis(to)))) moved += 1
  }
  return { moved }
}

/** What is scheduled for everybody is done for the account alone, at its own time: once for each instant. */
export async function runSchedules(
  client: Client,
  { accountId, to, now }: Move,
): Promise<{ batch: string }> {
  const batch = `${accountId}@${to}`
  const demand = accountId
  const due = [
    { type: 'reapHolds', workflowId: `reap:${batch}`, input: { demand } },
    { type: workflowTypes.settlement, workflowId: `stl:${batch}`, input: { batch, demand } },
  ]
  for (const { type, workflowId, input } of due)
    try {
      await client.workflow.start(type, {
        workflowId,
        taskQueue: corridorQueue,
        workflowIdReusePolicy: 'REJECT_DUPLICATE',
        memo: aheadMemo(millis(to) - millis(now)),
        args: [input],
      })
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error
    }
  return { batch }
}
