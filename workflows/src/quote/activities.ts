import { createHash } from 'node:crypto'
import type { Db } from '@chargelane/db'
import { tokenByUid } from '@chargelane/db/queries/accounts'
import { openSession } from '@chargelane/db/queries/sessions'
import type { SessionRefusal, SessionRow } from '@chargelane/db/queries/sessions'
import { freeEvsesNear, insertOffer, offerAt, sessionTerms } from '@chargelane/db/queries/terms'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import type { Tariff } from '@chargelane/openapi/vocabulary/tariff'
import type { Deadlines, SessionInput } from '../contract.ts'
import { profileFor } from '../markets/rules.ts'
import { quoteSigningText } from '../evidence/rules.ts'
import { buildQuote } from './rules.ts'
import type { QuoteBody } from './rules.ts'

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

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

type Payer = { accountId: string; driverId: string; paymentSourceId: string; channel: string }

/** Builds and stores the public offer at an EVSE; undefined when it cannot be sold. */
export async function makeOffer(
  deps: { db: Db; signer: OfferSigner },
  input: { quoteId: string; evseId: string; payer: Payer; now: string },
): Promise<{ quoteId: string; body: QuoteBody } | undefined> {
  const offer = await offerAt(deps.db, input.evseId)
  if (offer === undefined || offer.tariff.canonical === null) return undefined
  const power = String(offer.connector.maxPowerW / 1000)
  const built = buildQuote({
    now: input.now,
    evse: {
      id: offer.evse.evseId,
      timeZone: offer.timeZone,
      powerKw: power,
      current: offer.connector.powerType.startsWith('DC') ? 'DC' : 'AC',
    },
    tariffVersion: `${offer.tariff.id}@${offer.tariff.version}`,
    tariff: storedTariff(offer.tariff.canonical),
    profile: profileFor(offer.country, input.now),
    seller: { name: offer.seller.legalName, vat_id: offer.seller.vatId },
    sha256,
  })
  if (!built.ok) return undefined
  const body = built.quote
  await deps.db.tx((tx) =>
    insertOffer(tx, {
      id: input.quoteId,
      accountId: input.payer.accountId,
      cpoId: offer.evse.cpoId,
      evseId: offer.evse.id,
      connectorId: offer.connector.id,
      driverId: input.payer.driverId,
      paymentSourceId: input.payer.paymentSourceId,
      channel: input.payer.channel,
      tariffId: offer.tariff.id,
      tariffVersion: offer.tariff.version,
      tariffHash: offer.tariff.hash,
      currency: body.currency,
      holdMinor: body.hold_amount.amount,
      marketProfile: body.market_profile,
      body,
      signature: deps.signer.sign(
        quoteSigningText({ id: input.quoteId, account: input.payer.accountId, body }),
      ),
      keyId: deps.signer.keyId,
      status: 'open',
      expiresAt: body.expires_at,
      createdAt: input.now,
    }),
  )
  return { quoteId: input.quoteId, body }
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
async function implicitQuote(
  deps: QuoteDependencies,
  input: SessionInput & { origin: 'supply' },
  now: string,
) {
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
  deps: QuoteDependencies,
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
async function offerAlternatives(
  deps: QuoteDependencies,
  input: { sessionId: string; now: string },
) {
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
      total_minor: offer.body.public_price_total.amount,
      currency: offer.body.currency,
    })
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
