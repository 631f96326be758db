import { proxyActivities, proxyLocalActivities } from '@temporalio/workflow'

type Nothing = { doNothing(): Promise<void> }
const ordinary = proxyActivities<Nothing>({ startToCloseTimeout: '15s' })
const local = proxyLocalActivities<Nothing>({ startToCloseTimeout: '15s' })

/** The least a workflow can do with so many activities, one after the other: what a session is measured against. */
export async function emptyCorridor(input: { ordinary: number; local: number }): Promise<void> {
  for (let step = 0; step < input.ordinary; step++) await ordinary.doNothing()
  for (let step = 0; step < input.local; step++) await local.doNothing()
}
