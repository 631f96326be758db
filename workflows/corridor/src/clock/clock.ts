// The one clock of a workflow, and the one way to wait. The world of an account may be ahead of the machine's time: how
// far is kept in the workflow's memo, so that it lasts as long as the workflow and is the same on every replay.
import { condition, upsertMemo, workflowInfo } from '@temporalio/workflow'
import { aheadOf, aheadMemo } from './ahead.ts'

export { instant, millis } from './instants.ts'

/** How far this workflow is ahead of the machine's time, in milliseconds. */
export const aheadMs = (): number => aheadOf(workflowInfo().memo)

/** The workflow's own time, the same on every replay, in milliseconds. */
export const clock = (): number => Date.now() + aheadMs()

/** It is this instant now, or later: time never goes back. Whatever waits looks again. */
export function moveTo(ms: number): void {
  if (ms > clock()) upsertMemo(aheadMemo(ms - Date.now()))
}

const never = () => false

/**
 * Waits for a fact, no longer than a deadline: true when the fact came, false when the time did. Without a fact it waits
 * for the time, and with `Infinity` for the fact alone.
 */
export async function waitUntil(deadlineMs: number, fact: () => boolean = never): Promise<boolean> {
  while (!fact()) {
    const left = deadlineMs - clock()
    if (left <= 0) return false
    const before = aheadMs()
    const stirs = () => fact() || aheadMs() !== before
    if (left === Infinity) await condition(stirs)
    else if (!(await condition(stirs, left))) return false
  }
  return true
}
