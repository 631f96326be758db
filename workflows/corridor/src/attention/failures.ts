// Which failures no repetition mends. Everything else is repeated by its step's own policy.
import { ApplicationFailure } from '@temporalio/activity'
import type { ActivityInboundCallsInterceptor } from '@temporalio/worker'
import { sqlState } from '@chargelane/db'

/** Broken invariants, refusals of ours and of the provider, and documents that are not what was written. */
const final = new Set(['InvariantError', 'DomainError', 'MoneyRefused', 'ZodError'])

/** SQLSTATE 22 and 23, data no column takes or no constraint allows; P0001, a guard's own words. */
function isRefusedByDatabase(error: unknown): boolean {
  const state = sqlState(error)
  // A row that another attempt has just written is found by the next.
  return state !== undefined && state !== '23505' && /^(22|23|P0001)/.test(state)
}

export function isFinal(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause) if (final.has(at.name)) return true
  return isRefusedByDatabase(error)
}

/** Ends a step at once that fails with what time cannot mend, whatever policy it was scheduled with. */
export const endFinalFailures: ActivityInboundCallsInterceptor = {
  async execute(input, next) {
    try {
      return await next(input)
    } catch (error) {
      if (!(error instanceof Error) || !isFinal(error)) throw error
      const { name: type, message } = error
      throw ApplicationFailure.create({ type, message, nonRetryable: true, cause: error })
    }
  },
}
