import type { Db } from '@chargelane/db'
import { getAccount, tokenByUid } from '@chargelane/db/queries/partners/accounts'
import { offersOf, saleTermsOf, tariffContents } from '@chargelane/db/queries/locations/offers'
import type {
  OfferConnector,
  OfferPlace,
  OfferTariff,
} from '@chargelane/db/queries/locations/offers'
import { openSession } from '@chargelane/db/queries/sessions/sessions'
import type { SessionRefusal, SessionRow } from '@chargelane/db/queries/sessions/sessions'
import { freeEvsesNear, insertOffer, sessionTerms } from '@chargelane/db/queries/sessions/terms'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import type { Tariff } from '@chargelane/openapi/vocabulary/tariff'
import type { Deadlines, SessionInput } from '../contract.ts'
import { quoteSigningText } from '@chargelane/rules/evidence'
import { keepPromise, planOffers } from './plans.ts'
import { chooseConnector, createTariffShelf, discountTermsOf, quoteInputOf } from './offers.ts'
import type { TariffShelf } from './offers.ts'
import { buildQuote } from '@chargelane/rules/quote'
import type { DiscountTerms, QuoteBody } from '@chargelane/rules/quote'

/** What the corridor needs to know of an open session; small, because it stays in the workflow's history. */
export type SessionFacts = {
  accountId: string
  cpoId: string
  evseId: string
  connectorId: string
  connectionId: string
  currency: string
  holdMinor: number
  paymentSourceId: string
  tokenUid: string
  /** Nobody is there to answer a 3-D Secure challenge. */
  offSession: boolean
  deadlines: Deadlines
}

export type OpenOutcome = { kind: 'opened'; facts: SessionFacts } | SessionRefusal

export type OfferSigner = { keyId: string; sign(text: string): string }

export type QuoteDependencies = {
  db: Db
  signer: OfferSigner
  deadlines: Deadlines
}
type Ready = QuoteDependencies & { shelf: TariffShelf }

type Payer = { accountId: string; driverId: string; paymentSourceId: string; channel: string }

type Offered = {
  place: OfferPlace
  connector: OfferConnector
  tariff: OfferTariff
  content: Tariff | undefined
  discount: DiscountTerms | undefined
}

/** What a partner's driver may be offered at an EVSE: its first priced plug, and what lowers the price there. */
async function offerAt(
  deps: { db: Db; shelf: TariffShelf },
  input: { evseId: string; partnerId: string; now: string },
): Promise<Offered | undefined> {
  const [places, partner] = await Promise.all([
    offersOf(deps.db, [input.evseId], input.partnerId, input.now),
    getAccount(deps.db, input.partnerId, input.partnerId),
  ])
  const [place] = places
  const choice = place === undefined ? undefined : chooseConnector(place, undefined, true)
  if (place === undefined || choice?.kind !== 'chosen') return undefined
  const { connector, tariff } = choice
  const isDiscounted = partner?.benefitMode === 'discount'
  const [contents, terms] = await Promise.all([
    deps.shelf.contentsOf([tariff], (refs) => tariffContents(deps.db, refs)),
    isDiscounted ? saleTermsOf(deps.db, [place.cpo.id], input.now) : [],
  ])
  return {
    place,
    connector,
    tariff,
    content: contents.get(tariff.hash),
    discount: partner && discountTermsOf(partner, place, terms[0]),
  }
}

/** Builds and stores the offer at an EVSE; undefined when it cannot be sold. */
export async function makeOffer(
  deps: { db: Db; signer: OfferSigner; shelf: TariffShelf },
  input: { quoteId: string; evseId: string; payer: Payer; now: string },
): Promise<{ quoteId: string; body: QuoteBody } | undefined> {
  const { evseId, now, payer } = input
  const offered = await offerAt(deps, { evseId, partnerId: payer.accountId, now })
  if (offered === undefined) return undefined
  const { place, connector, tariff } = offered
  return deps.db.tx(async (tx) => {
    const plans = await planOffers(tx, { ...payer, cpoId: place.cpo.id, now })
    const built = buildQuote(quoteInputOf({ now, ...offered, plans }))
    if (!built.ok) return undefined
    const body = built.quote
    await insertOffer(tx, {
      id: input.quoteId,
      accountId: payer.accountId,
      cpoId: place.cpo.id,
      evseId: place.id,
      connectorId: connector.id,
      driverId: payer.driverId,
      paymentSourceId: payer.paymentSourceId,
      channel: payer.channel,
      tariffId: tariff.id,
      tariffVersion: tariff.version,
      tariffHash: tariff.hash,
      currency: body.currency,
      holdMinor: body.hold_amount.amount,
      marketProfile: body.market_profile,
      body,
      signature: deps.signer.sign(
        quoteSigningText({ id: input.quoteId, account: payer.accountId, body }),
      ),
      keyId: deps.signer.keyId,
      status: 'open',
      expiresAt: body.expires_at,
      createdAt: now,
    })
    await keepPromise(tx, { quoteId: input.quoteId, body, now })
    return { quoteId: input.quoteId, body }
  })
}

/** The column holds only what `canonicalTariff` made when the tariff was received. */
export function storedTariff(canonical: unknown): Tariff {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see above
  return canonical as Tariff
}

/** 'CL' and the end of the session's ULID: 20 characters fit an OCPP 1.6 idTag, and no two sessions share one. */
export const ownTokenUid = (sessionId: string): string => `CL${sessionId.slice(-18)}`

async function factsOf(
  deps: QuoteDependencies,
  session: SessionRow,
  offSession: boolean,
): Promise<SessionFacts> {
  const terms = await sessionTerms(deps.db, session.id)
  if (terms === undefined) throw new Error(`No terms of ${session.id}.`)
  return {
    accountId: session.accountId,
    cpoId: session.cpoId,
    evseId: session.evseId,
    connectorId: session.connectorId,
    connectionId: session.connectionId,
    currency: session.currency,
    holdMinor: terms.quote.holdMinor,
    paymentSourceId: terms.quote.paymentSourceId,
    tokenUid: session.tokenUid,
    offSession,
    deadlines: deps.deadlines,
  }
}

/** A driver who starts with a card at the charger takes the public price shown there: an implicit quote. */
async function implicitQuote(deps: Ready, input: SessionInput & { origin: 'supply' }, now: string) {
  const token = (await tokenByUid(deps.db, input.tokenUid))?.token
  if (token === undefined) throw new Error(`No token ${input.tokenUid}.`)
  const quoteId = `quo_${input.sessionId.slice(-26)}`
  const made = await makeOffer(deps, {
    quoteId,
    evseId: input.evseId,
    payer: {
      accountId: token.accountId,
      driverId: token.driverId,
      paymentSourceId: token.paymentSourceId,
      channel: 'rfid',
    },
    now,
  })
  return made?.quoteId
}

/** Consumes the quote and opens the session; repeated, it finds the session it opened. */
async function consumeQuote(
  deps: Ready,
  input: {
    session: SessionInput
    workflowId: string
    now: string
  },
): Promise<OpenOutcome> {
  const { session, workflowId, now } = input
  const quoteId =
    session.origin === 'partner' ? session.quoteId : await implicitQuote(deps, session, now)
  if (quoteId === undefined)
    return {
      kind: 'refused',
      code: 'price_unavailable',
      message: 'The EVSE has no valid public price.',
    }
  const opened = await deps.db.tx((tx) =>
    openSession(tx, {
      sessionId: session.sessionId,
      accountId: session.accountId,
      quoteId,
      workflowId,
      at: now,
      ...(session.origin === 'supply'
        ? { tokenUid: session.tokenUid, startedAtCharger: true }
        : {
            tokenUid: ownTokenUid(session.sessionId),
            ...(session.externalId === undefined ? {} : { externalId: session.externalId }),
            ...(session.metadata === undefined ? {} : { metadata: session.metadata }),
          }),
    }),
  )
  if (opened.kind === 'refused') return opened
  return { kind: 'opened', facts: await factsOf(deps, opened.session, session.origin === 'supply') }
}

/** Up to three free EVSEs nearby, each with a quote the driver can accept (failures F05, F06). */
async function offerAlternatives(deps: Ready, input: { sessionId: string; now: string }) {
  const terms = await sessionTerms(deps.db, input.sessionId)
  if (terms === undefined) return []
  const offers: { evse: string; quote: string; total_minor: number; currency: string }[] = []
  for (const near of await freeEvsesNear(deps.db, terms.session.evseId, 12)) {
    if (offers.length === 3) break
    const offer = await makeOffer(deps, {
      quoteId: newId('quote'),
      evseId: near.evseId,
      payer: terms.quote,
      now: input.now,
    })
    if (offer === undefined) continue
    offers.push({
      evse: near.evseId,
      quote: offer.quoteId,
      total_minor: offer.body.applied_price_total.amount,
      currency: offer.body.currency,
    })
  }
  return offers
}

export function createQuoteActivities(dependencies: QuoteDependencies) {
  const deps: Ready = { ...dependencies, shelf: createTariffShelf() }
  return {
    openSession: (input: Parameters<typeof consumeQuote>[1]) => consumeQuote(deps, input),
    offerAlternatives: (input: Parameters<typeof offerAlternatives>[1]) =>
      offerAlternatives(deps, input),
  }
}

export type QuoteActivities = ReturnType<typeof createQuoteActivities>
