import type { SupplyEvent } from '../contract.ts'
import type { LateRecordInput } from './workflow.ts'

export type AftercareDependencies = {
  /** Starts the aftercare of a sale, once, and tells it what supply told meanwhile. */
  beginAftercare: (input: LateRecordInput, told: SupplyEvent[]) => Promise<void>
}

export function createAftercareActivities({ beginAftercare }: AftercareDependencies) {
  return {
    async beginAftercare(input: { sale: LateRecordInput; told: SupplyEvent[] }): Promise<void> {
      await beginAftercare(input.sale, input.told)
    },
  }
}

export type AftercareActivities = ReturnType<typeof createAftercareActivities>
