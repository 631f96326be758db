// A quote is consumed by the session it starts, or the caller is told why it starts none.
import type { Tx } from '@chargelane/db'
import { type OpenSession, openSession, readStart } from '@chargelane/db/queries/sessions/opening'
import {
  getSession,
  type QuoteRow,
  type SessionRow,
} from '@chargelane/db/queries/sessions/sessions'
import { saleTermsOf, type TermsAnswer } from '../booking/terms.ts'
import { type Refusal, refusalOfStart, type StartCode } from '@chargelane/rules/quote/may-start'

export type OpenRefusal = Refusal<StartCode | 'resource_missing'>

type Opened =
  | { kind: 'opened'; session: SessionRow; quote: QuoteRow }
  | OpenRefusal
  | Extract<TermsAnswer, { kind: 'rates_missing' }>
  /** Nothing else speaks against it: the operator's own code is asked outside of this tx. */
  | { kind: 'operator_asked'; quote: QuoteRow; locationId: string; country: string }

/**
 * Opens the session of a quote in the caller's tx. A quote starts at most one session, and a driver has at most one
 * active session at an EVSE. The terms it is sold by are decided and kept. Called again for the same session it finds the first.
 */
export async function openWithQuote(
  tx: Tx,
  input: OpenSession & {
    quoteId: string
    startedAtCharger?: boolean
    isOffline?: boolean
    /** The operator's code was asked, and lets it start. */
    isAllowed?: boolean
  },
): Promise<Opened> {
  const { quoteId, startedAtCharger = false, isOffline = false, isAllowed = false, ...rest } = input
  const facts = await readStart(tx, { ...rest, quoteId })
  if (facts === undefined)
    return {
      kind: 'refused',
      code: 'resource_missing',
      message: 'No such quote.',
      param: 'quote',
    }
  const { quote } = facts
  if (quote.sessionId === input.sessionId) {
    const session = await getSession(tx, 'all', input.sessionId)
    if (session !== undefined) return { kind: 'opened', session, quote }
  }
  const refusal = refusalOfStart(facts, input.at, startedAtCharger)
  if (refusal !== undefined) return refusal
  const answer = saleTermsOf(facts, input.accountId, isOffline)
  if (answer.kind !== 'agreed') return answer
  if (facts.asksOperator && !isAllowed) {
    const { locationId, country } = facts
    return { kind: 'operator_asked', quote, locationId, country }
  }
  const session = await openSession(tx, { quote, terms: answer.terms }, rest)
  return { kind: 'opened', session, quote }
}
