// How far the prices of partners lie apart at each connector, and why (AFIR Art. 5: no discrimination without a reason).
import type { Tx } from '@chargelane/db'
import {
  offersAsOf,
  type OfferConnector,
  type OfferPlace,
} from '@chargelane/db/queries/locations/offers'
import type { PriceSpread } from '@chargelane/openapi'
import { money, subtract } from '@chargelane/rules/money'
import { profileFor } from '@chargelane/rules/markets'
import { contentsOf, quotePlaceOf } from '../quote/make.ts'
import { publicTariffOf, quoteInputOf } from '@chargelane/rules/quote/choose'
import { buildIndicative } from '@chargelane/rules/quote'

type Contents = Awaited<ReturnType<typeof contentsOf>>

/** The standard session at the public price and at each agreement; undefined where there is no public price. */
function spreadOf(
  place: OfferPlace,
  connector: OfferConnector,
  contents: Contents,
  at: string,
): PriceSpread | undefined {
  const tariff = publicTariffOf(connector)
  if (tariff === undefined) return undefined
  const priced = (agreements: OfferPlace['agreements']) =>
    buildIndicative(
      quoteInputOf({
        now: at,
        // What a contract grants to some of a partner's drivers counts like what all of them have.
        place: quotePlaceOf({
          ...place,
          agreements: agreements.map((each) => ({ ...each, contractOnly: false })),
        }),
        connector,
        tariff,
        content: contents.get(tariff.hash),
      }),
    )
  const open = priced([])
  if (!open.ok) return undefined
  const publicTotal = open.quote.public_price_total
  const byPartner = Map.groupBy(place.agreements, ({ partnerId }) => partnerId)
  const prices = [...byPartner].flatMap(([partner, agreements]) => {
    const made = priced(agreements)
    const {
      agreement,
      justification,
      applied_price_total: total,
    } = made.ok ? made.quote : open.quote
    if (agreement === undefined) return []
    const { id, version } = agreement
    return [{ partner, agreement: id, version, justification: justification ?? null, total }]
  })
  const lowest = Math.min(publicTotal.amount, ...prices.map(({ total }) => total.amount))
  const { currency } = publicTotal
  return {
    evse: place.id,
    evse_id: place.evseId,
    connector: connector.id,
    country: place.country,
    market_profile: open.quote.market_profile,
    tariff: open.quote.tariff,
    currency,
    energy_wh: open.quote.est.energy_wh,
    duration_s: open.quote.est.duration_s,
    public_total: publicTotal,
    prices,
    spread: subtract(publicTotal, money(lowest, currency)),
    justification_required:
      profileFor(place.country, at)?.equalTreatment.rateJustificationRequired ?? false,
    flagged: prices.some(
      ({ total, justification }) =>
        total.amount < publicTotal.amount && (justification ?? '').trim() === '',
    ),
  }
}

/** A page of EVSEs with the prices of their connectors as of an instant. */
export async function priceSpreads(
  tx: Tx,
  cpo: string | undefined,
  at: string,
  page: { after?: string; limit: number },
): Promise<{ places: OfferPlace[]; rows: PriceSpread[] }> {
  const places = await offersAsOf(tx, cpo, at, page)
  const contents = await contentsOf(
    tx,
    places.flatMap(({ connectors }) => connectors.flatMap((each) => publicTariffOf(each) ?? [])),
  )
  const rows = places.flatMap((place) =>
    place.connectors.flatMap((connector) => spreadOf(place, connector, contents, at) ?? []),
  )
  return { places, rows }
}
