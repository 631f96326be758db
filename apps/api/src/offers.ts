// A quote from the operator's public tariff: read, built by the one price function, signed, stored.
import { createHash } from 'node:crypto'
import type { Sql } from '@chargelane/db'
import { getDriver } from '@chargelane/db/queries/accounts'
import {
  getQuote,
  insertQuote,
  type Payer,
  payerOf,
  type QuoteRow,
} from '@chargelane/db/queries/quotes'
import { quotable, type Quotable, type QuotableTariff } from '@chargelane/db/queries/search'
import type { Quote } from '@chargelane/openapi'
import { DomainError } from '@chargelane/openapi/vocabulary/errors'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import { zTariff } from '@chargelane/openapi/vocabulary/tariff'
import { profileFor } from '@chargelane/workflows/markets'
import { quoteSigningText } from '@chargelane/workflows/evidence/rules'
import { buildQuote, type QuoteBody } from '@chargelane/workflows/quote/rules'
import { missing } from './errors.ts'
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

type Offered = Quotable['connectors'][number]
type Maker = { sql: Sql; signer: Signer; now: string }

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

/** 24500 → `24.5`: thousandths as decimal text, without a float in between. */
export function thousandths(value: number): string {
  const text = String(value).padStart(4, '0')
  return `${text.slice(0, -3)}.${text.slice(-3)}`.replace(/\.?0+$/, '')
}

/** The payer, with the driver it belongs to; a source in trouble pays for nothing new. */
async function soundPayer(sql: Sql, wish: Wish): Promise<Payer> {
  const param = 'payment_source'
  const payer = await payerOf(sql, wish.accountId, wish.paymentSource)
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

/** The plug to price: the one named, or any when all cost the same. */
function connectorOf(evse: Quotable, wished: string | undefined): Offered {
  if (wished !== undefined) {
    const named = evse.connectors.find((connector) => connector.id === wished)
    if (!named) throw missing('connector of this EVSE', 'connector')
    return named
  }
  const priced = evse.connectors.filter((connector) => connector.tariffs.length > 0)
  const [first] = priced
  if (!first) throw noPrice('The operator publishes no valid tariff for this EVSE.')
  const hashOf = (connector: Offered) => publicTariff(connector)?.hash
  if (priced.some((connector) => hashOf(connector) !== hashOf(first))) {
    throw new DomainError(
      'validation_error',
      `connector: is needed, prices differ: ${priced.map((one) => one.id).join(', ')}`,
      { param: 'connector' },
    )
  }
  return first
}

/** What everybody pays: OCPI's REGULAR tariff (or one without type) before the ad hoc one; profiles are options. */
function publicTariff(connector: Offered): QuotableTariff | undefined {
  const typed = connector.tariffs.map((tariff) => ({
    tariff,
    type: zTariff.shape.type.safeParse(typeOf(tariff.canonical)).data ?? 'REGULAR',
  }))
  const found =
    typed.find(({ type }) => type === 'REGULAR') ??
    typed.find(({ type }) => type === 'AD_HOC_PAYMENT') ??
    typed[0]
  return found?.tariff
}

const typeOf = (canonical: unknown) =>
  typeof canonical === 'object' && canonical !== null && 'type' in canonical
    ? canonical.type
    : undefined

const noPrice = (message: string) =>
  new DomainError('price_unavailable', message, { param: 'evse' })

/** Fields of the partner's own; everything else about a price is the EVSE's. */
const ownFields = ['est_energy_wh', 'est_duration_s']

function price(maker: Maker, evse: Quotable, connector: Offered, wish: Wish) {
  const tariff = publicTariff(connector)
  if (!tariff) throw noPrice('The operator publishes no valid tariff for this connector.')
  const built = buildQuote({
    now: maker.now,
    evse: {
      id: evse.evseId,
      timeZone: evse.location.timeZone,
      powerKw: thousandths(connector.maxPowerW),
      current: connector.powerType === 'DC' ? 'DC' : 'AC',
    },
    tariffVersion: `${tariff.id}@${tariff.version}`,
    tariff: zTariff.parse(tariff.canonical),
    profile: profileFor(evse.location.country, maker.now),
    seller: { name: evse.cpo.legalName, vat_id: evse.cpo.vatId },
    expected: {
      ...(wish.energyWh === undefined ? {} : { energyKwh: thousandths(wish.energyWh) }),
      ...(wish.durationS === undefined ? {} : { durationS: wish.durationS }),
    },
    sha256,
  })
  if (built.ok) return { tariff, body: built.quote }
  throw new DomainError(built.code, `${built.path}: ${built.message}`, {
    param: ownFields.includes(built.path) ? built.path : 'evse',
    extra: { path: built.path },
  })
}

/** Makes a binding quote and stores it, or throws why there is none. */
export async function makeQuote(maker: Maker, wish: Wish): Promise<Quote> {
  const [payer, found] = await Promise.all([
    soundPayer(maker.sql, wish),
    quotable(maker.sql, wish.evse, maker.now),
  ])
  const evse =
    found.find((one) => one.connectors.some((connector) => connector.tariffs.length > 0)) ??
    found[0]
  if (!evse) throw missing('EVSE', 'evse')
  if (outOfUse.includes(evse.status)) {
    throw new DomainError('evse_not_available', `EVSE ${evse.evseId} is ${evse.status}.`, {
      param: 'evse',
      extra: { evse_status: evse.status },
    })
  }
  const connector = connectorOf(evse, wish.connector)
  const { tariff, body } = price(maker, evse, connector, wish)
  const id = newId('quote')
  const signed = { id, account: wish.accountId, body }
  const row = await insertQuote(maker.sql, {
    id,
    accountId: wish.accountId,
    cpoId: evse.cpo.id,
    evseId: evse.id,
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
    createdAt: maker.now,
  })
  return quoteView(row, payer.driver.externalId, maker.now)
}

/** The same wish again at the present price (failures F02). */
export async function requote(maker: Maker, old: QuoteRow): Promise<Quote> {
  const body = storedBody(old)
  return makeQuote(maker, {
    accountId: old.accountId,
    evse: old.evseId,
    connector: old.connectorId,
    paymentSource: old.paymentSourceId,
    energyWh: body.est.energy_wh,
    durationS: body.est.duration_s,
    channel: old.channel,
  })
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
