// The bundle's entry: every workflow, nothing else.
export { sessionLifecycle } from '../session.ts'
export { givenBack } from '../aftercare/give-back.ts'
export { lateRecord } from '../aftercare/workflow.ts'
export { payout, payoutReturns, settlementBatch } from '../settlement/workflow.ts'
export { reconciliation, treasuryDay, treasuryHour } from '../settlement/treasury/workflow.ts'
export { reapHolds } from '../authorization/reaper.ts'
export { reverifyProofs } from '../evidence/reverify.ts'
export { resealEvidence } from '../evidence/reseal.ts'
