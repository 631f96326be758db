// After a record: the operator's own code may have a person look at it. The sale goes on.
import { openIncident } from '@chargelane/db/queries/operations/incidents'
import { policyAnswers } from '@chargelane/openapi/vocabulary/policy-hooks'
import type { Terms } from '../record/terms.ts'
import type { RecordVerdict } from '../record/verdict.ts'
import { askPackage, type PolicyDependencies } from './ask.ts'

export async function flagByOperator(
  deps: PolicyDependencies,
  { terms, verdict, now }: { terms: Terms; verdict: RecordVerdict; now: string },
): Promise<void> {
  const { session } = terms
  const { cdrId } = verdict
  const said = await askPackage(deps, {
    cpoId: session.cpoId,
    hook: 'after_record',
    subject: cdrId,
    sessionId: session.id,
    now,
    facts: () => ({
      hook: 'after_record',
      at: now,
      session: session.id,
      evse: session.evseId,
      country: terms.country,
      partner: session.accountId,
      currency: session.currency,
      record: cdrId,
      verdict: verdict.kind,
      rules: verdict.rules,
      provisional: verdict.provisional,
      energy_wh: verdict.energyWh,
      started_at: session.startedAt,
      ended_at: session.endedAt,
      difference: verdict.difference?.amount ?? null,
      payable: verdict.totals?.gross ?? null,
    }),
  })
  if (said.kind !== 'answered') return
  const answer = policyAnswers.after_record.parse(said.answer)
  if (answer.decision !== 'flag') return
  await deps.db.tx((tx) =>
    openIncident(tx, {
      kind: 'policy_flag',
      subject: { type: 'cdr', id: cdrId },
      accountId: session.cpoId,
      sessionId: session.id,
      cause: answer.reason,
      detail: { package: said.package },
      actions: [],
      at: now,
    }),
  )
}
