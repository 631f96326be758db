// How a session is opened: what may speak against it, read under locks, and the quote that it consumes.
import type { Liable } from '@chargelane/openapi/vocabulary/parties'
import { versionName } from '@chargelane/rules/agreement/distribution'
import type { KeptTerms, SaleParties } from '@chargelane/rules/documents'
import { sql as raw } from 'drizzle-orm'
import type { Tx } from '../../client.ts'
import { arg, fixedStatement, rowOf } from '../../fixed.ts'
import { type paymentSources, quotes } from '../../schema.ts'
import { cardKey, seal, type Sealed } from '../../sealed/sealed.ts'
import { claimFor, isClaimed, isLive } from './claims.ts'
import { versionNamed } from '../partners/agreements.ts'
import { type DayOfRates, dayOfRates } from '../payments/payments.ts'
import { keepSaleTerms, saleParties } from './terms.ts'
import { changeSession, type QuoteRow, type SessionRow } from './sessions.ts'

export type OpenSession = {
  sessionId: string
  accountId: string
  workflowId: string
  tokenUid: string
  at: string
  externalId?: string
  metadata?: Record<string, string>
  /** W3C trace id of the request that asked for it. */
  trace?: string
}

/** What decides whether a quote starts a session, read under the locks of one that is about to. */
export type StartReading = {
  quote: QuoteRow
  payer: { status: PaymentSourceStatus; unpaidSessionId: string | null }
  sameExternalId: string | null
  activeSession: string | null
  /** Another session has the EVSE. */
  isTaken: boolean
  /** Of the charger. */
  country: string
  locationId: string
  /** The operator's own code is asked before a start, or has answered this one. */
  asksOperator: boolean
  /** Under which agreement it would be sold and who takes part; null without one. */
  parties: SaleParties | null
  /** The newest rates we hold; null without any. */
  rates: DayOfRates | null
}

type PaymentSourceStatus = (typeof paymentSources.$inferSelect)['status']

/** A start that came to nothing gives back the name its partner gave it. */
const isNeverStarted = raw`(s.status in ('start_failed', 'cancelled')
  or (s.status = 'start_unconfirmed' and s.money_status = 'released'))`

// The locks hold until the tx ends; what they keep still is read by the next statement, whose snapshot is younger. The
// second is of the EVSE as it stands there, whichever connection the quote is for; the third of the partner's own name.
const lockQuote = fixedStatement<
  QuoteRow,
  { accountId: string; quoteId: string; externalId: string | null }
>(
  () => raw`with locked as materialized (
      select * from quotes where id = ${arg('quoteId')} and account_id = ${arg('accountId')} for update)
    select ${rowOf(quotes)},
      pg_advisory_xact_lock(hashtextextended('evse/' || quotes.cpo_id || '/' || e.evse_key, 0)),
      pg_advisory_xact_lock(hashtextextended('external/' || quotes.account_id || '/' || ${arg('externalId')}::text, 0))
    from locked as quotes join evses e on e.id = quotes.evse_id`,
)

type StartFacts = Omit<StartReading, 'quote' | 'payer'> & StartReading['payer']
const selectStart = fixedStatement<
  StartFacts,
  Pick<QuoteRow, 'driverId' | 'evseId' | 'paymentSourceId'> & {
    sessionId: string
    accountId: string
    quoteId: string
    externalId: string | null
    cpoId: string
    quotedAt: string
    agreement: string | null
    partnership: string | null
    day: string
  }
>(
  () => raw`select p.status,
      (select d.session_id from debts d
        where d.payment_source_id = p.id and d.status = 'open' limit 1) as "unpaidSessionId",
      (select s.id from sessions s
        where s.account_id = ${arg('accountId')} and s.external_id = ${arg('externalId')}
          and not ${isNeverStarted} limit 1) as "sameExternalId",
      (select s.id from sessions s where s.driver_id = ${arg('driverId')} and s.evse_id = ${arg('evseId')}
          and ${isLive}
        limit 1) as "activeSession",
      exists (select from evses e where e.id = ${arg('evseId')} and ${isClaimed}) as "isTaken",
      (select e.location_id from evses e where e.id = ${arg('evseId')}) as "locationId",
      exists (select from policy_packages k where k.cpo_id = ${arg('cpoId')} and k.status = 'active'
        and 'before_start' = any (k.hooks))
        or exists (select from policy_runs o where o.hook = 'before_start' and o.subject = ${arg('sessionId')}) as "asksOperator",
      (select l.country from evses e join locations l on l.id = e.location_id where e.id = ${arg('evseId')}) as country,
      ${saleParties({
        cpoId: arg('cpoId'),
        partnerId: arg('accountId'),
        at: arg('quotedAt'),
        quoteId: arg('quoteId'),
        sourceId: arg('paymentSourceId'),
        agreement: versionNamed(arg('agreement')),
        partnership: versionNamed(arg('partnership')),
      })} as parties,
      (select row_to_json(d) from (${dayOfRates(arg('day'))}) d) as rates
    from (select ${arg('paymentSourceId')}::text as id) asked left join payment_sources p on p.id = asked.id`,
)

const nameOf = (version: { id: string; version: number } | null | undefined): string | null =>
  version == null ? null : versionName(version)

/**
 * Reads what decides about a start. The quote's row and its EVSE are locked until the tx ends, so that two quotes for one
 * EVSE never both find it free, whosever they are. Undefined without such a quote of the account.
 */
export async function readStart(
  tx: Tx,
  input: Pick<OpenSession, 'sessionId' | 'accountId' | 'externalId' | 'at'> & { quoteId: string },
): Promise<StartReading | undefined> {
  const { sessionId, accountId, quoteId, externalId = null, at } = input
  const [quote] = await lockQuote(tx, { accountId, quoteId, externalId })
  if (quote === undefined) return undefined
  const { driverId, evseId, paymentSourceId, cpoId, createdAt: quotedAt } = quote
  const [facts] = await selectStart(tx, {
    sessionId,
    accountId,
    quoteId,
    externalId,
    driverId,
    evseId,
    paymentSourceId,
    cpoId,
    quotedAt,
    agreement: nameOf(quote.body.distribution?.agreement),
    partnership: nameOf(quote.body.distribution?.partnership),
    day: at.slice(0, 10),
  })
  return {
    quote,
    payer: {
      status: facts?.status ?? 'detached',
      unpaidSessionId: facts?.unpaidSessionId ?? null,
    },
    sameExternalId: facts?.sameExternalId ?? null,
    activeSession: facts?.activeSession ?? null,
    isTaken: facts?.isTaken ?? false,
    country: facts?.country ?? '',
    locationId: facts?.locationId ?? '',
    asksOperator: facts?.asksOperator ?? false,
    parties: facts?.parties ?? null,
    rates: facts?.rates ?? null,
  }
}

/** How a session's row keeps its credential: to be read, and to be found by. */
export const tokenColumns = (sessionId: string, tokenUid: string) => ({
  tokenUid: seal('sessions.token_uid', sessionId, tokenUid),
  tokenKey: cardKey(tokenUid),
})

type NewSession = Omit<OpenSession, 'externalId' | 'metadata' | 'tokenUid' | 'trace'> & {
  traceId: string | null
  tokenUid: Sealed
  tokenKey: string
  quoteId: string
  externalId: string | null
  offlineLiability: Liable | null
  metadata: string
}
const insertOpened = fixedStatement<Record<string, never>, NewSession>(
  () => raw`with q as (
      update quotes set status = 'consumed', session_id = ${arg('sessionId')} where id = ${arg('quoteId')}
      returning id, cpo_id, evse_id, connector_id, driver_id, channel, currency),
    ${claimFor}
    insert into sessions (id, account_id, cpo_id, quote_id, evse_id, connector_id, connection_id, driver_id, workflow_id,
      external_id, channel, token_uid, token_key, offline_liability, trace_id, status, connectivity, record_status, money_status, currency, metadata,
      created_at, updated_at)
    select ${arg('sessionId')}, ${arg('accountId')}, q.cpo_id, q.id, q.evse_id, q.connector_id, e.connection_id,
      q.driver_id, ${arg('workflowId')}, ${arg('externalId')}, q.channel, ${arg('tokenUid')}, ${arg('tokenKey')}, ${arg('offlineLiability')}, ${arg('traceId')}, 'authorizing', 'live',
      'none', 'unfunded', q.currency, ${arg('metadata')}::jsonb, ${arg('at')}::timestamptz, ${arg('at')}::timestamptz
    from q join evses e on e.id = q.evse_id`,
)

/** Consumes the quote, claims its EVSE and opens its session, in the tx in which `readStart` found nothing against it. */
export async function openSession(
  tx: Tx,
  { quote, terms }: { quote: QuoteRow; terms: KeptTerms },
  input: OpenSession,
): Promise<SessionRow> {
  const { externalId = null, metadata = {}, trace, ...values } = input
  const { liable } = terms.agreed
  const row = {
    ...values,
    ...tokenColumns(input.sessionId, input.tokenUid),
    quoteId: quote.id,
    externalId,
    offlineLiability: liable ?? null,
    traceId: trace ?? null,
    metadata: JSON.stringify(metadata),
  }
  // Sent together: the connection takes them in turn.
  const [, , session] = await Promise.all([
    insertOpened(tx, row),
    keepSaleTerms(tx, { sessionId: input.sessionId, terms, at: input.at }),
    changeSession(
      tx,
      input.sessionId,
      {},
      {
        event: 'session.created',
        room: 'quote',
        what: 'quote consumed',
        detail: {
          quote: quote.id,
          hold: { amount: quote.holdMinor, currency: quote.currency },
          ...(liable === undefined ? {} : { offline_liability: liable }),
          ...(trace === undefined ? {} : { trace }),
        },
        dedupeKey: `${input.sessionId}:created`,
        at: input.at,
      },
    ),
  ])
  return session
}
