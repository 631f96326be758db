// The one place where a quote is made: facts read, priced by the one price function, signed, stored. Binding quotes,
// the implicit quote of a card start, alternatives, a requote and the prices of a map all come from here.
import type { Sql, Tx } from '@chargelane/db'
import {
  type OfferConnector,
  type OfferPlace,
  offersOf,
  type Payer,
  placesByName,
  quoteFacts,
  quoteFactsOfMany,
  tariffContents,
} from '@chargelane/db/queries/locations/offers'
import type { ListedTariff } from '@chargelane/db/queries/locations/facts'
import { getAccount } from '@chargelane/db/queries/partners/accounts'
import { uncovered } from '@chargelane/rules/agreement/distribution'
import { agreementAt } from '@chargelane/db/queries/partners/agreements'
import { insertQuote, type QuoteRow } from '@chargelane/db/queries/sessions/quotes'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import type { Tariff } from '@chargelane/openapi/vocabulary/tariff'
import type { TokenType } from '@chargelane/openapi/vocabulary/trust/access'
import { type Access, accessAt } from '@chargelane/rules/access'
import { type ChosenContract, contractFor } from '@chargelane/rules/agreement/contract'
import { canonicalText } from '@chargelane/rules/canonical'
import { signingTextAround } from '@chargelane/rules/evidence'
import {
  type Choice,
  chooseConnector,
  placeFactsOf,
  quoteInputOf,
  type QuotePlace,
  type SellingPartner,
} from '@chargelane/rules/quote/choose'
import { type QuoteDiff, quoteDiff } from '@chargelane/rules/quote/diff'
import { subtract } from '@chargelane/rules/money'
import {
  unsettled,
  type Refusal,
  refusalOfAccess,
  refusalOfAgreement,
  refusalOfCredit,
  refusalOfMap,
  refusalOfPayer,
  refusalOfPlace,
} from '@chargelane/rules/quote/may-start'
import {
  buildIndicative,
  buildQuote,
  type IndicativeBody,
  type QuoteBody,
  type QuoteRefusal,
} from '@chargelane/rules/quote'
import type { Signer } from '../evidence/keyring.ts'
import { keepPromise, planOffers } from './plans.ts'
import { agreementOf } from './agreements.ts'
import { createTariffShelf } from './shelf.ts'

export type QuoteSigner = Pick<Signer, 'signAside'>
export type QuoteMaker = { sql: Tx; signer: QuoteSigner; now: string }

export type QuoteWish = {
  /** Given where a repeated step must find the quote it made. */
  id?: string
  accountId: string
  /** `evs_…` or EVSE-ID. */
  evse: string
  connector?: string | undefined
  /** The most powerful priced plug where none is named, even if others cost something else. */
  anyConnector?: boolean
  paymentSource: string
  driverExternalId?: string | undefined
  energyWh?: number | undefined
  durationS?: number | undefined
  channel: string
  /** What the driver shows; a card at a charger, else the partner's app. */
  tokenType?: TokenType | undefined
  /** As of when the place has to admit the driver; now where it is not said. */
  accessAt?: string | undefined
  /** The driver already charges there with a card: neither place nor payer is asked. */
  startedAtCharger?: boolean
}

export type MadeQuote = {
  kind: 'made'
  row: QuoteRow
  body: QuoteBody
  /** The canonical text of the body, as it was signed and is stored. */
  text: string
  driver: Payer['driver']
}

/** Of this process: contents of tariff versions, which never change. */
const shelf = createTariffShelf()

export const contentsOf = (sql: Sql, tariffs: readonly ListedTariff[]) =>
  shelf.contentsOf(tariffs, (refs) => tariffContents(sql, refs))

const missing = (what: string, param: string): Refusal<'resource_missing'> => ({
  kind: 'refused',
  code: 'resource_missing',
  message: `No such ${what}.`,
  param,
})

/** The payer, unless it pays for nothing new or belongs to another driver than the partner says. */
function soundPayer(payer: Payer | undefined, wish: QuoteWish): Payer | Refusal {
  if (payer === undefined) return missing('payment source', 'payment_source')
  const refusal = wish.startedAtCharger === true ? undefined : refusalOfPayer(payer)
  if (refusal !== undefined) return refusal
  if (wish.driverExternalId === undefined || wish.driverExternalId === payer.driver.externalId)
    return payer
  return {
    kind: 'refused',
    code: 'invalid_value',
    message: "driver: is not the payment source's driver",
    param: 'driver.external_id',
  }
}

const isRefused = (value: object): value is Refusal => 'kind' in value && value.kind === 'refused'

export const quotePlaceOf = (place: OfferPlace): QuotePlace => ({
  ...place,
  agreements: place.agreements.map(agreementOf),
})

/** Fields of the partner's own; everything else about a price is the EVSE's. */
const ownFields = ['est_energy_wh', 'est_duration_s']

const refusalOfPrice = ({ code, path, message, reason }: QuoteRefusal): Refusal => ({
  kind: 'refused',
  code,
  message: `${path}: ${message}`,
  param: ownFields.includes(path) ? path : 'evse',
  extra: { path, ...(reason === undefined ? {} : { reason }) },
})

type QuoteFacts = Awaited<ReturnType<typeof quoteFacts>>

/** What the quote of a wish is decided from; nothing is written. */
export const factsOfWish = (
  { sql, now }: Pick<QuoteMaker, 'sql' | 'now'>,
  { accountId, evse, paymentSource: paymentSourceId }: QuoteWish,
): Promise<QuoteFacts> => quoteFacts(sql, { accountId, paymentSourceId, evse, now })

/** Makes a binding quote and stores it, or says why there is none. */
export async function makeQuote(maker: QuoteMaker, wish: QuoteWish): Promise<MadeQuote | Refusal> {
  const made = await quoteFrom(maker, wish, await factsOfWish(maker, wish))
  if (made.kind === 'made') await storeQuote(maker.sql, made)
  return made
}

/**
 * The quotes of several wishes of one partner from facts that are read at once, signed but not yet stored. Undefined for
 * a driver with a plan: its allowance is locked in a tx of its own.
 */
export async function quotesOf(
  maker: QuoteMaker,
  accountId: string,
  wishes: readonly QuoteWish[],
): Promise<(MadeQuote | Refusal | undefined)[]> {
  const facts = await quoteFactsOfMany(
    maker.sql,
    wishes.map(({ evse, paymentSource: paymentSourceId }) => ({ evse, paymentSourceId })),
    { accountId, now: maker.now },
  )
  return Promise.all(
    wishes.map(async (wish, at) => {
      const found = facts[at]
      return found === undefined || found.payer?.hasPlan === true
        ? undefined
        : quoteFrom(maker, wish, found)
    }),
  )
}

/** A quote is stored together with what it promises of the driver's plan. */
export async function storeQuote(tx: Tx, { row, body, text }: MadeQuote): Promise<void> {
  await Promise.all([
    insertQuote(tx, row, text),
    keepPromise(tx, { quoteId: row.id, body, now: row.createdAt }),
  ])
}

/** The quote of a wish, signed but not yet stored, from facts that were read in this tx. */
export async function quoteFrom(
  maker: QuoteMaker,
  wish: QuoteWish,
  found: QuoteFacts,
): Promise<MadeQuote | Refusal> {
  const payer = soundPayer(found.payer, wish)
  if (isRefused(payer)) return payer
  const [place] = found.places
  if (place === undefined) return missing('EVSE', 'evse')
  const { contract, access } = standingOfDriver(maker, wish, { payer, place })
  const denied = refusalOfAccess(access)
  if (denied !== undefined) return denied
  const facts = placeFactsOf(place, maker.now)
  const refusal =
    wish.startedAtCharger === true ? refusalOfAgreement(facts) : refusalOfPlace(facts, maker.now)
  if (refusal !== undefined) return refusal
  const choice = chooseConnector(place.connectors, wish.connector, wish.anyConnector)
  if (choice.kind === 'refused') return choice
  return price(maker, wish, { payer, place, choice, contract, access })
}

/** Under which contract the driver would charge there, and whether the place admits it. */
function standingOfDriver(
  { now }: QuoteMaker,
  { accountId, tokenType, startedAtCharger, accessAt: at = now }: QuoteWish,
  { payer, place }: { payer: Payer; place: OfferPlace },
) {
  const contract = contractFor(place.contracts, place, payer.groups)
  const asker = {
    partner: accountId,
    driverGroups: payer.groups,
    tokenType: tokenType ?? (startedAtCharger === true ? 'RFID' : 'APP_USER'),
    contracts: contract === undefined ? [] : [contract.contract.id],
  } as const
  return {
    contract,
    access: accessAt({ rules: place.access, timeZone: place.timeZone }, asker, at),
  }
}

async function price(
  { sql, signer, now }: QuoteMaker,
  wish: QuoteWish,
  found: {
    payer: Payer
    place: OfferPlace
    choice: Choice<OfferConnector>
    contract: ChosenContract | undefined
    access: Access
  },
): Promise<MadeQuote | Refusal> {
  const { payer, place, choice, contract, access } = found
  const { connector, tariff } = choice
  const buyer = { accountId: wish.accountId, driverId: payer.driver.id }
  const [contents, plans] = await Promise.all([
    contentsOf(sql, [tariff]),
    payer.hasPlan ? planOffers(sql, { ...buyer, cpoId: place.cpo.id, now }) : [],
  ])
  const built = buildQuote(
    quoteInputOf({
      now,
      place: quotePlaceOf(place),
      connector,
      tariff,
      content: contents.get(tariff.hash),
      partner: payer.partner,
      contract,
      access,
      plans,
      expected: wish,
    }),
  )
  if (!built.ok) return refusalOfPrice(built)
  const body = built.quote
  const outside = refusalOfTerms(place, payer, body.currency)
  if (outside !== undefined) return outside
  const refusal = wish.startedAtCharger === true ? undefined : creditRefusal(payer, body)
  if (refusal !== undefined) return refusal
  const text = canonicalText(body)
  const id = wish.id ?? newId('quote')
  const row: QuoteRow = {
    id,
    ...buyer,
    cpoId: place.cpo.id,
    evseId: place.id,
    connectorId: connector.id,
    paymentSourceId: payer.id,
    channel: wish.channel,
    tariffId: tariff.id,
    tariffVersion: tariff.version,
    tariffHash: body.tariff_hash,
    currency: body.currency,
    holdMinor: body.hold_amount.amount,
    marketProfile: body.market_profile,
    body,
    ...(await signer.signAside(signingTextAround({ id, account: wish.accountId }, text))),
    status: 'open',
    expiresAt: body.expires_at,
    sessionId: null,
    createdAt: now,
  }
  return { kind: 'made', row, body, text, driver: payer.driver }
}

/** Both agreements say which countries and currencies they are for. */
function refusalOfTerms(
  { country, sale }: OfferPlace,
  { partner }: Payer,
  currency: string,
): Refusal | undefined {
  for (const [whose, terms] of [
    ['The operator’s', sale],
    ['Your', partner.partnership],
  ] as const) {
    const why = terms === null ? undefined : uncovered(terms, { country, currency })
    if (why !== undefined) return unsettled(`${whose} distribution agreement ${why}.`)
  }
  return undefined
}

/** What the partner's own plan leaves of the public price is the partner's to pay. */
function creditRefusal(payer: Payer, body: QuoteBody) {
  const { basis, plan, public_price_total: open, applied_price_total: applied } = body
  const isOwn = basis === 'plan' && plan?.owner === payer.partner.id
  return refusalOfCredit(payer, {
    hold: body.hold_amount,
    sponsored: isOwn ? subtract(open, applied) : undefined,
  })
}

/** The same wish again at the present price, and what is different about it (failures F02). */
export async function requote(
  maker: QuoteMaker,
  old: QuoteRow,
): Promise<(MadeQuote & { diff: QuoteDiff }) | Refusal> {
  const before = old.body
  const made = await makeQuote(maker, {
    accountId: old.accountId,
    evse: old.evseId,
    connector: old.connectorId,
    paymentSource: old.paymentSourceId,
    energyWh: before.est.energy_wh,
    durationS: before.est.duration_s,
    channel: old.channel,
  })
  return made.kind === 'made' ? { ...made, diff: quoteDiff(before, made.body) } : made
}

// ── Prices for a map ────────────────────────────────────────────────────────────────────────────────────────────

export type MapWish = {
  evses: readonly { evse: string; connector?: string | undefined }[]
  energyWh?: number | undefined
  durationS?: number | undefined
}
export type MapPrice = {
  kind: 'priced'
  place: OfferPlace
  connector: OfferConnector
  quote: IndicativeBody
}

type MapChoice =
  | { place: OfferPlace; choice: Choice<OfferConnector>; contract?: ChosenContract }
  | Refusal

function choiceOnMap(
  placesOf: ReturnType<typeof placesByName>,
  { evse, connector }: MapWish['evses'][number],
  now: string,
): MapChoice {
  const [place] = placesOf(evse)
  if (place === undefined) return missing('EVSE', 'evse')
  const refusal = refusalOfMap(placeFactsOf(place, now))
  if (refusal !== undefined) return refusal
  const choice = chooseConnector(place.connectors, connector, true)
  if (choice.kind === 'refused') return choice
  const contract = contractFor(place.contracts, place, [])
  return { place, choice, ...(contract && { contract }) }
}

/** Whose prices a map shows. */
async function sellingPartner(
  sql: Sql,
  accountId: string,
  now: string,
): Promise<SellingPartner | undefined> {
  const [account, agreement] = await Promise.all([
    getAccount(sql, accountId, accountId),
    agreementAt(sql, accountId, now),
  ])
  if (account === undefined) return undefined
  const terms = agreement?.terms
  return {
    ...account,
    vatChecked: account.vatGoodUntil !== null && account.vatGoodUntil > now,
    partnership:
      agreement !== undefined && terms?.side === 'partner'
        ? { ...terms, id: agreement.id, version: agreement.version }
        : null,
  }
}

/** Prices that bind nobody, each by itself: one query for the places, one more for tariffs not seen before. */
export async function priceMap(
  { sql, now }: { sql: Sql; now: string },
  accountId: string,
  wish: MapWish,
): Promise<(MapPrice | Refusal)[]> {
  const refs = [...new Set(wish.evses.map(({ evse }) => evse))]
  const [places, partner] = await Promise.all([
    offersOf(sql, refs, accountId, now),
    sellingPartner(sql, accountId, now),
  ])
  const placesOf = placesByName(places)
  const chosen = wish.evses.map((each) => choiceOnMap(placesOf, each, now))
  const contents = await contentsOf(
    sql,
    chosen.flatMap((each) => (isRefused(each) ? [] : [each.choice.tariff])),
  )
  const given = {
    now,
    contents,
    partner,
    expected: wish,
  }
  // Most places of a map are alike: what a price is computed from, apart from the EVSE's id, is named by this text.
  const known = new Map<string, ReturnType<typeof indicativeOf>>()
  return chosen.map((each) => {
    if (isRefused(each)) return each
    const alike = likenessOf(each)
    const built = known.get(alike) ?? indicativeOf(each, given)
    known.set(alike, built)
    if (!built.ok) return refusalOfPrice(built)
    const { place, choice } = each
    const quote = { ...built.quote, evse: place.evseId }
    return { kind: 'priced', place, connector: choice.connector, quote }
  })
}

/** Rows of one statement with equal ids are equal, and versions never change. */
function likenessOf({ place, choice, contract }: Exclude<MapChoice, Refusal>): string {
  const { connector, tariff } = choice
  const { country, timeZone, cpo, sale, agreements } = place
  return [
    `${tariff.id}@${tariff.version} ${connector.powerType} ${connector.maxPowerW}`,
    `${country} ${timeZone} ${cpo.id} ${sale?.id}@${sale?.version}`,
    ...agreements.map(({ id, version }) => `${id}@${version}`),
    contract === undefined ? '' : `${contract.contract.id}@${contract.contract.version}`,
  ].join(' ')
}

function indicativeOf(
  { place, choice, contract }: Exclude<MapChoice, Refusal>,
  given: {
    now: string
    contents: ReadonlyMap<string, Tariff>
    partner: SellingPartner | undefined
    expected: Pick<MapWish, 'energyWh' | 'durationS'>
  },
) {
  const { contents, ...rest } = given
  const { connector, tariff } = choice
  return buildIndicative(
    quoteInputOf({
      ...rest,
      place: quotePlaceOf(place),
      connector,
      tariff,
      contract,
      content: contents.get(tariff.hash),
    }),
  )
}
