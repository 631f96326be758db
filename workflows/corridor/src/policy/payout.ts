// Before a payout: the operator's own code may put its own payout on hold. It is asked anew each day, so that a hold ends
// when its answer is another or the code is out of force; at fault it holds nothing.
import { heldByPolicy, type Settlement } from '@chargelane/db/queries/documents/settlements'
import { policyAnswers } from '@chargelane/openapi/vocabulary/policy-hooks'
import { askPackage, type PolicyDependencies } from './ask.ts'

/** Why the payee's own code holds it now; undefined where it does not. Other payees than operators have none. */
export async function whyHeldByOperator(
  deps: PolicyDependencies,
  { id, payee, amount, sessionCount }: Settlement,
  now: string,
): Promise<string | undefined> {
  if (payee.role !== 'cpo') return undefined
  const said = await askPackage(deps, {
    cpoId: payee.id,
    hook: 'before_payout',
    subject: `${id}:${now.slice(0, 10)}`,
    sessionId: null,
    now,
    facts: () => ({
      hook: 'before_payout',
      at: now,
      settlement: id,
      payee: { role: payee.role, id: payee.id },
      amount,
      sessions: sessionCount,
    }),
  })
  if (said.kind !== 'answered') return undefined
  const answer = policyAnswers.before_payout.parse(said.answer)
  return answer.decision === 'hold' ? `${heldByPolicy}${answer.reason}` : undefined
}
