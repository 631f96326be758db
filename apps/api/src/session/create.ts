import { lastOf, type Tx } from '@chargelane/db'
import { getQuote, type QuoteRow } from '@chargelane/db/queries/sessions/quotes'
import { quoteView } from '@chargelane/db/views/sales/quotes'
import { requote } from '@chargelane/corridor/quote/make'
import type { Contract, Session } from '@chargelane/openapi'
import { type DomainError, missing } from '@chargelane/openapi/vocabulary/errors'
import { type Refusal, refusalOfQuote } from '@chargelane/rules/quote/may-start'
import { refusalError } from '../http/errors.ts'
import type { Call, Planned } from '../http/handler.ts'
import { asViewer, sessionAlone } from './read.ts'

type Create = Call<Contract['sessions']['create']> & { resourceId: string; key: string }

/** An expired quote never starts; the answer brings the present price for the driver to agree to (failures F02). */
async function expired(call: Create, row: QuoteRow, refusal: Refusal): Promise<DomainError> {
  const { deps, viewer, now } = call
  const fresh = await asViewer(deps, viewer, (sql) =>
    requote({ sql, signer: deps.signer, now }, row),
  )
  // Without a present price there is nothing to agree to, but the quote is as expired as before.
  if (fresh.kind === 'refused') return refusalError(refusal)
  const quote = quoteView(fresh.row, fresh.driver.externalId, now)
  return refusalError({
    ...refusal,
    extra: {
      new_quote: quote,
      diff: fresh.diff,
      next_action: { type: 'requote', new_quote: quote.id },
    },
  })
}

type Found = QuoteRow | undefined

const quoteOf = ({ viewer, body }: Pick<Create, 'viewer' | 'body'>, tx: Tx): Promise<Found> =>
  getQuote(tx, viewer.accountId, body.quote)

/** What can be said before anything is started. The workflow checks again under a lock. */
async function checkQuote(call: Create, row: Found): Promise<void> {
  const { resourceId, now } = call
  if (!row) throw missing('quote', 'quote')
  if (row.sessionId === resourceId) return
  const refusal = refusalOfQuote(row, now)
  if (refusal === undefined) return
  throw refusal.code === 'quote_expired' ? await expired(call, row, refusal) : refusalError(refusal)
}

/** Asks the corridor, which answers once the payer is funded or refused. */
async function createSession(call: Create, row: Found): Promise<Session> {
  const { deps, viewer, body, resourceId, key } = call
  await checkQuote(call, row)
  const answer = await deps.corridor.authorize(
    {
      origin: 'partner',
      sessionId: resourceId,
      accountId: viewer.accountId,
      quoteId: body.quote,
      ...(body.external_id === undefined ? {} : { externalId: body.external_id }),
      ...(body.metadata === undefined ? {} : { metadata: body.metadata }),
      trace: call.trace,
    },
    key,
  )
  if (answer.kind === 'refused') {
    // The quote may have expired between our look and the workflow's.
    if (answer.code === 'quote_expired')
      await checkQuote(call, await asViewer(deps, viewer, (tx) => lastOf(tx, quoteOf(call, tx))))
    throw refusalError(answer)
  }
  return sessionAlone(deps, viewer, resourceId)
}

export const create: Planned<Contract['sessions']['create']> = {
  async plan(asked) {
    const row = await quoteOf(asked, asked.tx)
    return (call) => createSession(call, row)
  },
}
