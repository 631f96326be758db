import { tokenUidOf } from '@chargelane/db/queries/sessions/sessions'
import { InvariantError } from '@chargelane/rules/assert'
import type { Db, Tx } from '@chargelane/db'
import { settingsNow } from '@chargelane/db/queries/operations/settings'
import { tokenByUid } from '@chargelane/db/queries/partners/accounts'
import type { QuoteRow, SessionRow } from '@chargelane/db/queries/sessions/sessions'
import { freeEvsesNear, sessionTerms } from '@chargelane/db/queries/sessions/terms'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import type { Money } from '@chargelane/openapi/vocabulary/money'
import type { Deadlines, SessionInput } from '../contract.ts'
import { publishedRates } from '../booking/rates.ts'
import { MoneyFailure } from '../payment/payment.ts'
import type { ReferenceRates } from '../payment/payment.ts'
import { type Refusal, unsettled } from '@chargelane/rules/quote/may-start'
import type { FxRate } from '@chargelane/rules/fx'
import { profileByRef } from '@chargelane/rules/markets'
import { money } from '@chargelane/rules/money'
import type { PolicyLanes } from '../policy/lanes.ts'
import { refusalOfOperator } from '../policy/start.ts'
import { makeQuote, type QuoteSigner, type QuoteWish } from './make.ts'
import { openWithQuote } from './open.ts'
import { rankedChannels } from '../routing/channels.ts'
import type { Candidate } from '../routing/rules.ts'

/** What the corridor needs to know of an open session; small, because it stays in the workflow's history. */
export type SessionFacts = {
  accountId: string
  cpoId: string
  evseId: string
  connectorId: string
  connectionId: string
  hold: Money
  paymentSourceId: string
  tokenUid: string
  /** Nobody is there to answer a 3-D Secure challenge. */
  offSession: boolean
  deadlines: Deadlines
  /** When the place closes, where its operator ends what charges then and the quote said so. */
  closesAt?: string
}

export type OpenOutcome = { kind: 'opened'; facts: SessionFacts; channels: Candidate[] } | Refusal

export type QuoteDependencies = {
  db: Db
  signer: QuoteSigner
  deadlines: Deadlines
  rates: ReferenceRates
  policies: PolicyLanes
}

/** 'CL' and the end of the session's ULID: 20 characters fit an OCPP 1.6 idTag, and no two sessions share one. */
export const ownTokenUid = (sessionId: string): string => `CL${sessionId.slice(-18)}`

const ms = (seconds: number | null | undefined, otherwise: number) =>
  seconds == null ? otherwise : seconds * 1_000

/** Of a session that is opened now: by what is set for its operator, its market or all, else as this deployment has them. */
async function deadlinesNow(
  tx: Tx,
  deadlines: Deadlines,
  { session, quote }: { session: SessionRow; quote: QuoteRow },
): Promise<Deadlines> {
  const market = profileByRef(quote.marketProfile)?.country
  const set = await settingsNow(tx, { market, operator: session.cpoId })
  return {
    ...deadlines,
    record: ms(set.record_deadline_s, deadlines.record),
    ghost: ms(set.ghost_s, deadlines.ghost),
    contractTerm: ms(set.contract_term_s, deadlines.contractTerm),
    sla: ms(set.settle_within_s, deadlines.sla),
    stopConfirmation: ms(set.stop_confirmation_s, deadlines.stopConfirmation),
  }
}

const factsOf = (
  deadlines: Deadlines,
  { session, quote }: { session: SessionRow; quote: QuoteRow },
  offSession: boolean,
): SessionFacts => ({
  accountId: session.accountId,
  cpoId: session.cpoId,
  evseId: session.evseId,
  connectorId: session.connectorId,
  connectionId: session.connectionId,
  hold: money(quote.holdMinor, quote.currency),
  paymentSourceId: quote.paymentSourceId,
  tokenUid: tokenUidOf(session),
  offSession,
  deadlines,
  ...closingOf(quote),
})

const closingOf = ({ body }: QuoteRow) =>
  body.access?.ends_at_close === true && body.access.closes_at !== null
    ? { closesAt: body.access.closes_at }
    : {}

/** A driver who starts with a card at the charger takes the public price shown there: an implicit quote. */
async function implicitQuote(
  deps: QuoteDependencies,
  input: SessionInput & { origin: 'supply' },
  now: string,
): Promise<string | Refusal> {
  const token = (await tokenByUid(deps.db, input.tokenUid))?.token
  if (token === undefined) throw new InvariantError(`No token ${input.tokenUid}.`)
  const made = await offer(deps, now, {
    id: `quo_${input.sessionId.slice(-26)}`,
    accountId: token.accountId,
    evse: input.evseId,
    paymentSource: token.paymentSourceId,
    channel: 'rfid',
    tokenType: token.type,
    accessAt: input.startedAt,
    startedAtCharger: true,
  })
  return made.kind === 'made' ? made.row.id : made
}

/** A quote the corridor makes by itself, for whichever priced plug is the most powerful. */
const offer = (deps: QuoteDependencies, now: string, wish: QuoteWish) =>
  deps.db.tx((sql) => makeQuote({ sql, signer: deps.signer, now }, { ...wish, anyConnector: true }))

type Opening = { session: SessionInput; workflowId: string; now: string }

/** Consumes the quote, opens the session and ranks its channels; repeated, it finds the session it opened. */
async function consumeQuote(deps: QuoteDependencies, input: Opening): Promise<OpenOutcome> {
  const { session, now } = input
  const quoteId =
    session.origin === 'partner' ? session.quoteId : await implicitQuote(deps, session, now)
  if (typeof quoteId !== 'string') return quoteId
  const opened = await openAllowed(deps, input, quoteId)
  if (opened.kind !== 'rates_missing') return opened
  // The first sale that is paid out in this currency: its rates are asked for before anything is promised.
  const { currencies } = opened
  const asked = await ratesInTime(deps, { now, currencies })
  // A publisher that has answered will not know the currency in a minute either: the start is refused at once.
  if (asked === 'unanswered') return unanswered
  if (asked === undefined) return unled(currencies)
  const again = await openAllowed(deps, input, quoteId)
  return again.kind === 'rates_missing' ? unled(again.currencies) : again
}

/** A driver waits: three reads fit, and the step's own time leaves room for the session to be opened after them. */
const ratesWithin = { ms: 9_000 }

async function ratesInTime(
  deps: QuoteDependencies,
  asked: { now: string; currencies: string[] },
): Promise<readonly FxRate[] | 'unanswered' | undefined> {
  try {
    return await publishedRates(deps, asked, ratesWithin)
  } catch (error) {
    // Also rates that cannot be believed: nobody knows by which this sale would be paid out.
    if (error instanceof MoneyFailure) return 'unanswered'
    throw error
  }
}

const unanswered = {
  kind: 'refused',
  code: 'rates_unavailable',
  message: 'The publisher of exchange rates did not answer. Nothing is held.',
} as const

const unled = (currencies: readonly string[]) =>
  unsettled(`No reference rates lead from ${currencies.join(' to ')}.`, 'rates_missing')

/** Whoever is asked first about a start is everybody else: the operator's code runs only for one that would take place. */
async function openAllowed(deps: QuoteDependencies, input: Opening, quoteId: string) {
  const asked = await openOnce(deps, input, quoteId, false)
  if (asked.kind !== 'operator_asked') return asked
  const { session, now } = input
  const refusal = await refusalOfOperator(deps, {
    ...asked,
    sessionId: session.sessionId,
    atCharger: session.origin === 'supply',
    now,
  })
  if (refusal !== undefined) return refusal
  const opened = await openOnce(deps, input, quoteId, true)
  if (opened.kind === 'operator_asked') throw new InvariantError('An operator is asked once.')
  return opened
}

const openOnce = (
  deps: QuoteDependencies,
  { session, workflowId, now }: Opening,
  quoteId: string,
  isAllowed: boolean,
): Promise<Exclude<Awaited<ReturnType<typeof openWithQuote>>, { kind: 'opened' }> | OpenOutcome> =>
  deps.db.tx(async (tx) => {
    const opened = await openWithQuote(tx, {
      sessionId: session.sessionId,
      accountId: session.accountId,
      quoteId,
      isAllowed,
      workflowId,
      at: now,
      ...(session.origin === 'supply'
        ? {
            tokenUid: session.tokenUid,
            startedAtCharger: true,
            isOffline: session.isOffline === true,
          }
        : {
            tokenUid: ownTokenUid(session.sessionId),
            ...(session.externalId === undefined ? {} : { externalId: session.externalId }),
            ...(session.metadata === undefined ? {} : { metadata: session.metadata }),
            ...(session.trace === undefined ? {} : { trace: session.trace }),
          }),
    })
    if (opened.kind !== 'opened') return opened
    const { sessionId } = session
    const { evseId, connectorId } = opened.session
    return {
      kind: 'opened',
      facts: factsOf(
        await deadlinesNow(tx, deps.deadlines, opened),
        opened,
        session.origin === 'supply',
      ),
      channels: await rankedChannels(tx, { sessionId, evseId, connectorId, now }),
    }
  })

/** Up to three free EVSEs nearby, each with a quote the driver can accept (failures F05, F06). */
async function offerAlternatives(
  deps: QuoteDependencies,
  input: { sessionId: string; now: string },
) {
  const terms = await sessionTerms(deps.db, input.sessionId)
  if (terms === undefined) return []
  const { accountId, paymentSourceId, channel } = terms.quote
  const offers: { evse: string; quote: string; total: Money }[] = []
  for (const near of await freeEvsesNear(deps.db, terms.session.evseId, 12)) {
    if (offers.length === 3) break
    const made = await offer(deps, input.now, {
      id: newId('quote'),
      accountId,
      evse: near.evseId,
      paymentSource: paymentSourceId,
      channel,
    })
    if (made.kind === 'refused') continue
    const { applied_price_total: total } = made.body
    offers.push({ evse: near.evseId, quote: made.row.id, total })
  }
  return offers
}

export function createQuoteActivities(deps: QuoteDependencies) {
  return {
    openSession: (input: Parameters<typeof consumeQuote>[1]) => consumeQuote(deps, input),
    offerAlternatives: (input: Parameters<typeof offerAlternatives>[1]) =>
      offerAlternatives(deps, input),
  }
}

export type QuoteActivities = ReturnType<typeof createQuoteActivities>
