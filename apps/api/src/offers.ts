// A quote from the operator's public tariff: read, built by the one price function, signed, stored.
import type { Sql, Tx } from '@chargelane/db'
import { getAccount, getDriver } from '@chargelane/db/queries/partners/accounts'
import {
  isNamed,
  offersOf,
  type OfferPlace,
  type OfferTariff,
  saleTermsOf,
  tariffContents,
} from '@chargelane/db/queries/locations/offers'
import {
  getQuote,
  insertQuote,
  type Payer,
  payerOf,
  type QuoteRow,
} from '@chargelane/db/queries/sessions/quotes'
import type { Contract, IndicativeQuote, Quote } from '@chargelane/openapi'
import { DomainError } from '@chargelane/openapi/vocabulary/errors'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import { quoteSigningText } from '@chargelane/rules/evidence'
import {
  type Choice,
  chooseConnector,
  createTariffShelf,
  discountTermsOf,
  quoteInputOf,
} from '@chargelane/corridor/quote/offers'
import { keepPromise, planOffers } from '@chargelane/corridor/quote/plans'
import { type QuoteDiff, quoteDiff } from '@chargelane/rules/quote/diff'
import {
  buildIndicative,
  buildQuote,
  type QuoteBody,
  type QuoteInput,
  type QuoteRefusal,
} from '@chargelane/rules/quote'
import { unsoldText } from '@chargelane/rules/tariff'
import type { z } from 'zod'
import { missing } from './http/errors.ts'
import type { Signer } from './signer.ts'

export interface Wish {
  accountId: string
  /** `evs_…` or EVSE-ID. */
  evse: string
  connector?: string | undefined
  paymentSource: string
  driverExternalId?: string | undefined
  energyWh?: number | undefined
  durationS?: number | undefined
  channel: string
}

type Maker = { sql: Tx; signer: Signer; now: string }
type Partner = Payer['partner']
type Sellable = Extract<Choice, { kind: 'chosen' }>

/** Of this process: contents of tariff versions, which never change. */
const shelf = createTariffShelf()

export const contentsOf = (sql: Sql, tariffs: readonly OfferTariff[]) =>
  shelf.contentsOf(tariffs, (refs) => tariffContents(sql, refs))

/** The payer, with the driver it belongs to; a source in trouble pays for nothing new. */
function soundPayer(payer: Payer | undefined, wish: Wish): Payer {
  const param = 'payment_source'
  if (!payer) throw missing('payment source', param)
  if (payer.status === 'detached')
    throw new DomainError('payment_declined', 'payment_source: was detached', { param })
  if (payer.unpaidSessionId !== null) {
    throw new DomainError('outstanding_debt', `Session ${payer.unpaidSessionId} is unpaid.`, {
      param,
      extra: { session: payer.unpaidSessionId },
    })
  }
  if (wish.driverExternalId !== undefined && wish.driverExternalId !== payer.driver.externalId) {
    throw new DomainError('validation_error', "driver: is not the payment source's driver", {
      param: 'driver.external_id',
    })
  }
  return payer
}

const outOfUse = ['INOPERATIVE', 'OUTOFORDER', 'PLANNED', 'REMOVED']

function soundPlace(place: OfferPlace | undefined): OfferPlace {
  if (!place) throw missing('EVSE', 'evse')
  if (outOfUse.includes(place.status)) {
    throw new DomainError('evse_not_available', `EVSE ${place.evseId} is ${place.status}.`, {
      param: 'evse',
      extra: { evse_status: place.status },
    })
  }
  return place
}

function chosen(choice: Choice): Sellable {
  switch (choice.kind) {
    case 'chosen':
      return choice
    case 'no_such_connector':
      throw missing('connector of this EVSE', 'connector')
    case 'no_price':
      throw new DomainError(
        choice.why === 'held' ? 'tariff_held' : 'price_unavailable',
        unsoldText(choice.why),
        {
          param: 'evse',
          extra: {
            reason: choice.why,
            ...(choice.tariff === undefined ? {} : { tariff: choice.tariff }),
          },
        },
      )
    case 'ambiguous':
      throw new DomainError(
        'validation_error',
        `connector: is needed, prices differ: ${choice.connectors.join(', ')}`,
        { param: 'connector' },
      )
  }
}

/** Fields of the partner's own; everything else about a price is the EVSE's. */
const ownFields = ['est_energy_wh', 'est_duration_s']

const refusalOf = (refusal: QuoteRefusal) =>
  new DomainError(refusal.code, `${refusal.path}: ${refusal.message}`, {
    param: ownFields.includes(refusal.path) ? refusal.path : 'evse',
    extra: { path: refusal.path },
  })

/** The CPOs' sale policies, read only for a partner whose share goes to its drivers. */
async function salePoliciesFor(
  sql: Sql,
  partner: Partner | undefined,
  places: OfferPlace[],
  now: string,
) {
  if (partner?.benefitMode !== 'discount' || places.length === 0) return new Map()
  const rows = await saleTermsOf(sql, [...new Set(places.map(({ cpo }) => cpo.id))], now)
  return new Map(rows.map((row) => [row.cpoId, row]))
}

type Made = { row: QuoteRow; driver: string }

async function storeQuote(maker: Maker, wish: Wish): Promise<Made> {
  const { sql, now } = maker
  // Sent together: on one connection the second does not wait for the first one's answer.
  const [source, places] = await Promise.all([
    payerOf(sql, wish.accountId, wish.paymentSource),
    offersOf(sql, [wish.evse], wish.accountId, now),
  ])
  const payer = soundPayer(source, wish)
  const place = soundPlace(places[0])
  const { connector, tariff } = chosen(chooseConnector(place, wish.connector))
  const buyer = { accountId: wish.accountId, driverId: payer.driver.id }
  const [contents, policies, plans] = await Promise.all([
    contentsOf(sql, [tariff]),
    salePoliciesFor(sql, payer.partner, [place], now),
    planOffers(sql, { ...buyer, cpoId: place.cpo.id, now }),
  ])
  const built = buildQuote(
    quoteInputOf({
      now,
      place,
      connector,
      tariff,
      content: contents.get(tariff.hash),
      discount: discountTermsOf(payer.partner, place, policies.get(place.cpo.id)),
      plans,
      expected: wish,
    }),
  )
  if (!built.ok) throw refusalOf(built)
  const body = built.quote
  const id = newId('quote')
  const signed = { id, account: wish.accountId, body }
  const row = await insertQuote(sql, {
    id,
    accountId: wish.accountId,
    cpoId: place.cpo.id,
    evseId: place.id,
    connectorId: connector.id,
    driverId: payer.driver.id,
    paymentSourceId: payer.id,
    channel: wish.channel,
    tariffId: tariff.id,
    tariffVersion: tariff.version,
    tariffHash: body.tariff_hash,
    currency: body.currency,
    holdMinor: body.hold_amount.amount,
    marketProfile: body.market_profile,
    body,
    signature: maker.signer.sign(quoteSigningText(signed)),
    keyId: maker.signer.keyId,
    status: 'open',
    expiresAt: body.expires_at,
    createdAt: now,
  })
  await keepPromise(sql, { quoteId: id, body, now })
  return { row, driver: payer.driver.externalId }
}

/** Makes a binding quote and stores it, or throws why there is none. */
export async function makeQuote(maker: Maker, wish: Wish): Promise<Quote> {
  const { row, driver } = await storeQuote(maker, wish)
  return quoteView(row, driver, maker.now)
}

// ── Prices for a map ────────────────────────────────────────────────────────────────────────────────────────────

type BatchBody = z.output<Contract['quotes']['batch']['body']>
type BatchAnswer = z.input<Contract['quotes']['batch']['success']['body']>

/** An error of one EVSE is its result; only our own faults end the whole call. */
function resultOf(evse: string, price: () => IndicativeQuote): BatchAnswer['data'][number] {
  try {
    return { evse, quote: price(), error: null }
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    const { code, message, param } = error
    return { evse, quote: null, error: { code, message, param: param ?? null } }
  }
}

/** Up to fifty prices that bind nobody: one query for the places, one more for tariffs not seen before. */
export async function priceBatch(
  { sql, now }: { sql: Sql; now: string },
  accountId: string,
  body: BatchBody,
): Promise<BatchAnswer> {
  const refs = [...new Set(body.evses.map(({ evse }) => evse))]
  const [places, partner] = await Promise.all([
    offersOf(sql, refs, accountId, now),
    getAccount(sql, accountId, accountId),
  ])
  const wanted = body.evses.map(({ evse, connector }) => {
    const place = places.find((candidate) => isNamed(candidate, evse))
    return { evse, place, choice: place && chooseConnector(place, connector, true) }
  })
  const [contents, policies] = await Promise.all([
    contentsOf(
      sql,
      wanted.flatMap(({ choice }) => (choice?.kind === 'chosen' ? [choice.tariff] : [])),
    ),
    salePoliciesFor(sql, partner, places, now),
  ])
  const expected = { energyWh: body.est_energy_wh, durationS: body.est_duration_s }
  const data = wanted.map(({ evse, place: named, choice }) =>
    resultOf(evse, () => {
      const place = soundPlace(named)
      const { connector, tariff } = chosen(choice ?? { kind: 'no_price', why: 'none' })
      const input: QuoteInput = quoteInputOf({
        now,
        place,
        connector,
        tariff,
        content: contents.get(tariff.hash),
        discount: partner && discountTermsOf(partner, place, policies.get(place.cpo.id)),
        expected,
      })
      const built = buildIndicative(input)
      if (!built.ok) throw refusalOf(built)
      return {
        ...built.quote,
        evse: place.id,
        evse_id: place.evseId,
        connector: connector.id,
        cpo: place.cpo.id,
      }
    }),
  )
  return { indicative: true, created_at: now, data }
}

// ── Stored quotes ───────────────────────────────────────────────────────────────────────────────────────────────

/** The same wish again at the present price, and what is different about it (failures F02). */
export async function requote(
  maker: Maker,
  old: QuoteRow,
): Promise<{ quote: Quote; diff: QuoteDiff }> {
  const before = storedBody(old)
  const { row, driver } = await storeQuote(maker, {
    accountId: old.accountId,
    evse: old.evseId,
    connector: old.connectorId,
    paymentSource: old.paymentSourceId,
    energyWh: before.est.energy_wh,
    durationS: before.est.duration_s,
    channel: old.channel,
  })
  return { quote: quoteView(row, driver, maker.now), diff: quoteDiff(before, storedBody(row)) }
}

/** The column is written by `makeQuote` and the corridor's own offers only, from a value of this type. */
export function storedBody(row: QuoteRow): QuoteBody {
  // oxlint-disable-next-line no-unsafe-type-assertion
  return row.body as QuoteBody
}

/** An open quote whose time is over is shown as expired, whether or not anybody has noticed. */
export const quoteStatus = (row: QuoteRow, now: string): Quote['status'] =>
  row.status === 'open' && row.expiresAt <= now ? 'expired' : row.status

export function quoteView(row: QuoteRow, driverExternalId: string, now: string): Quote {
  const body = storedBody(row)
  return {
    ...body,
    fees_to_driver: [],
    id: row.id,
    status: quoteStatus(row, now),
    session: row.sessionId,
    evse: row.evseId,
    evse_id: body.evse,
    connector: row.connectorId,
    cpo: row.cpoId,
    driver: { id: row.driverId, external_id: driverExternalId },
    payment_source: row.paymentSourceId,
    channel: row.channel,
    signature: { key_id: row.keyId, algorithm: 'Ed25519', value: row.signature },
    signed_body: { id: row.id, account: row.accountId, body },
    livemode: false,
  }
}

/** A stored quote as its owner may see it. */
export async function readQuote(
  sql: Sql,
  accountId: string,
  id: string,
  now: string,
): Promise<Quote> {
  const row = await getQuote(sql, accountId, id)
  const driver = row && (await getDriver(sql, row.accountId, row.driverId))
  if (!row || !driver) throw missing('quote')
  return quoteView(row, driver.externalId, now)
}
