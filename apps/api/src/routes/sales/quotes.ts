import { missing } from '@chargelane/openapi/vocabulary/errors'
import { getDriver } from '@chargelane/db/queries/partners/drivers'
import { cancelQuote, getQuote, insertQuotesOnce } from '@chargelane/db/queries/sessions/quotes'
import { quoteView } from '@chargelane/db/views/sales/quotes'
import {
  factsOfWish,
  type MapPrice,
  priceMap,
  quoteFrom,
  quotesOf,
  storeQuote,
} from '@chargelane/corridor/quote/make'
import { lastOf, type Sql, type Tx } from '@chargelane/db'
import type { Contract, Quote } from '@chargelane/openapi'
import { type Refusal, refusalOfQuote } from '@chargelane/rules/quote/may-start'
import type { z } from 'zod'
import { refusalError } from '../../http/errors.ts'
import type { Asked, Call, Handlers } from '../../http/handler.ts'

async function storedQuote(sql: Sql, accountId: string, id: string) {
  const row = await getQuote(sql, accountId, id)
  const driver = row && (await getDriver(sql, row.accountId, row.driverId))
  if (!row || !driver) throw missing('quote')
  return { row, driver }
}

/** A stored quote as its owner may see it. */
export async function readQuote(
  sql: Sql,
  accountId: string,
  id: string,
  now: string,
): Promise<Quote> {
  const { row, driver } = await storedQuote(sql, accountId, id)
  return quoteView(row, driver.externalId, now)
}

type BatchAnswer = z.input<Contract['quotes']['batch']['success']['body']>

/** Each EVSE is answered by itself: an error of one is its result. */
function resultOf(evse: string, price: MapPrice | Refusal): BatchAnswer['data'][number] {
  if (price.kind === 'refused') {
    const { code, message, param } = price
    return { evse, quote: null, error: { code, message, param: param ?? null } }
  }
  const { place, connector, quote } = price
  return {
    evse,
    quote: {
      ...quote,
      evse: place.id,
      evse_id: place.evseId,
      connector: connector.id,
      cpo: place.cpo.id,
    },
    error: null,
  }
}

type Create = Contract['quotes']['create']

const wishOf = ({ viewer, body, resourceId }: Call<Create> & { resourceId: string }) => ({
  id: resourceId,
  accountId: viewer.accountId,
  evse: body.evse,
  connector: body.connector,
  paymentSource: body.payment_source,
  driverExternalId: body.driver?.external_id,
  energyWh: body.est_energy_wh,
  durationS: body.est_duration_s,
  channel: body.channel,
})

/** All at the instant of the last: the facts are read after it. */
async function createTogether(
  tx: Tx,
  calls: readonly Asked<Create>[],
): Promise<(Quote | undefined)[]> {
  const [last] = calls.slice(-1)
  if (last === undefined) return []
  const { deps, viewer, now } = last
  const maker = { sql: tx, signer: deps.signer, now }
  const made = await quotesOf(maker, viewer.accountId, calls.map(wishOf))
  const bound = calls.flatMap(({ request }, at) => {
    const quote = made[at]
    return quote?.kind === 'made' ? [{ ...quote, request }] : []
  })
  const stored = await lastOf(
    tx,
    insertQuotesOnce(
      tx,
      bound.map(({ row, text, request }) => ({ row, body: text, request })),
    ),
  )
  return made.map((quote) =>
    quote?.kind === 'made' && stored.has(quote.row.id)
      ? quoteView(quote.row, quote.driver.externalId, now)
      : undefined,
  )
}

export const quoteRoutes: Handlers<Contract['quotes']> = {
  create: {
    resource: 'quote',
    async read(call) {
      const { deps, tx, now } = call
      const maker = { sql: tx, signer: deps.signer, now }
      const wish = wishOf(call)
      const facts = await factsOfWish(maker, wish)
      return async () => {
        const made = await quoteFrom(maker, wish, facts)
        if (made.kind === 'refused') throw refusalError(made)
        const reply = quoteView(made.row, made.driver.externalId, now)
        return { reply, stored: storeQuote(tx, made) }
      }
    },
    together: createTogether,
    async retell({ tx, viewer, resourceId }) {
      const { row, driver } = await storedQuote(tx, viewer.accountId, resourceId)
      const asMade = { ...row, status: 'open' as const, sessionId: null }
      return quoteView(asMade, driver.externalId, row.createdAt)
    },
  },

  async batch({ tx, viewer, body, now }) {
    const prices = await priceMap({ sql: tx, now }, viewer.accountId, {
      evses: body.evses,
      energyWh: body.est_energy_wh,
      durationS: body.est_duration_s,
    })
    const data = prices.map((price, at) => resultOf(body.evses[at]?.evse ?? '', price))
    return { indicative: true, created_at: now, data }
  },

  get: ({ tx, viewer, params, now }) => readQuote(tx, viewer.sees, params.id, now),

  async cancel({ tx, viewer, params, now }) {
    const cancelled = await cancelQuote(tx, viewer.sees, params.id, now)
    if (!cancelled) {
      const row = await getQuote(tx, viewer.sees, params.id)
      if (!row) throw missing('quote')
      const refusal = row.status === 'cancelled' ? undefined : refusalOfQuote(row, now)
      if (refusal !== undefined) throw refusalError(refusal)
    }
    return readQuote(tx, viewer.sees, params.id, now)
  },
}
