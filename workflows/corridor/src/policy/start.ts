// Before a start: the operator's own code may refuse it, with a reason that its partner is shown. Never the price.
import type { QuoteRow } from '@chargelane/db/queries/sessions/sessions'
import { policyAnswers } from '@chargelane/openapi/vocabulary/policy-hooks'
import type { Refusal } from '@chargelane/rules/quote/may-start'
import { askPackage, type PolicyDependencies } from './ask.ts'

export type StartAsked = {
  sessionId: string
  quote: QuoteRow
  locationId: string
  country: string
  atCharger: boolean
  now: string
}

const refused = (message: string, by: string): Refusal<'start_refused_by_operator'> => ({
  kind: 'refused',
  code: 'start_refused_by_operator',
  message,
  extra: { reason: 'policy_package', package: by },
})

/** Undefined where the sale goes on: by its answer, or because it is at fault and does not say that it shall not. */
export async function refusalOfOperator(
  deps: PolicyDependencies,
  { sessionId, quote, locationId, country, atCharger, now }: StartAsked,
): Promise<Refusal<'start_refused_by_operator'> | undefined> {
  const { body } = quote
  const said = await askPackage(deps, {
    cpoId: quote.cpoId,
    hook: 'before_start',
    subject: sessionId,
    sessionId,
    now,
    facts: () => ({
      hook: 'before_start',
      at: now,
      session: sessionId,
      evse: quote.evseId,
      country,
      partner: quote.accountId,
      currency: quote.currency,
      location: locationId,
      connector: quote.connectorId,
      channel: quote.channel,
      at_charger: atCharger,
      tariff: body.tariff,
      basis: body.basis,
      contract: body.contract?.id ?? null,
      estimate: body.est,
      hold: body.hold_amount,
    }),
  })
  if (said.kind === 'fault')
    return said.refuses
      ? refused('The operator’s own rules could not be asked.', said.package)
      : undefined
  if (said.kind === 'unasked') return undefined
  const answer = policyAnswers.before_start.parse(said.answer)
  return answer.decision === 'refuse' ? refused(answer.reason, said.package) : undefined
}
