// How far the prices of partners lie apart at each connector, and why (AFIR Art. 5: no discrimination without a reason).
import { missing } from '@chargelane/openapi/vocabulary/errors'
import type { Tx } from '@chargelane/db'
import { getAccount } from '@chargelane/db/queries/partners/accounts'
import {
  offersAsOf,
  type OfferConnector,
  type OfferPlace,
} from '@chargelane/db/queries/locations/offers'
import { decodeCursor, encodeCursor } from '@chargelane/db/queries/page'
import type { Contract, PriceSpread } from '@chargelane/openapi'
import { money, subtract, toDecimal } from '@chargelane/rules/money'
import { profileFor } from '@chargelane/rules/markets'
import { contentsOf, quotePlaceOf } from '@chargelane/corridor/quote/make'
import { publicTariffOf, quoteInputOf } from '@chargelane/rules/quote/choose'
import { buildIndicative } from '@chargelane/rules/quote'
import { csvLine } from '../http/csv.ts'
import type { Handlers, Viewer } from '../http/handler.ts'

/** Whose EVSEs; a CPO sees its own, the platform and finance any or all. */
async function cpoOf(tx: Tx, viewer: Viewer, asked: string | undefined) {
  if (viewer.type === 'cpo') {
    if (asked !== undefined && asked !== viewer.accountId) throw missing('CPO', 'cpo')
    return viewer.accountId
  }
  if (asked === undefined) return undefined
  const account = await getAccount(tx, viewer.sees, asked)
  if (account?.type !== 'cpo') throw missing('CPO', 'cpo')
  return asked
}

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
        place: quotePlaceOf({ ...place, agreements }),
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

async function spreads(
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

const csvMost = 10_000
const csvPage = 500

const csvHead = [
  'evse_id,connector,country,tariff,energy_wh,duration_s,currency,partner,agreement,version,total,below_public',
  'justification,flagged',
].join(',')

function csvLines(row: PriceSpread): string[] {
  const head = [
    row.evse_id,
    row.connector,
    row.country,
    row.tariff,
    row.energy_wh,
    row.duration_s,
    row.currency,
  ]
  return [
    csvLine([...head, 'public', '', '', toDecimal(row.public_total), '0', '', row.flagged]),
    ...row.prices.map(({ partner, agreement, version, total, justification }) =>
      csvLine([
        ...head,
        partner,
        agreement,
        version,
        toDecimal(total),
        toDecimal(subtract(row.public_total, total)),
        justification,
        row.flagged,
      ]),
    ),
  ]
}

type NonDiscrimination = Pick<
  Handlers<Contract['reports']>,
  'non_discrimination' | 'non_discrimination_csv'
>

export const reportRoutes: NonDiscrimination = {
  async non_discrimination({ tx, viewer, query, now }) {
    const cpo = await cpoOf(tx, viewer, query.cpo)
    const after = query.cursor === undefined ? {} : { after: decodeCursor(query.cursor, 'evse') }
    // An EVSE's connectors stay on one page, so a page holds as many EVSEs as fit with their connectors.
    const { places, rows } = await spreads(tx, cpo, query.at ?? now, {
      ...after,
      limit: query.limit + 1,
    })
    const shown: PriceSpread[] = []
    let last: string | undefined
    for (const place of places.slice(0, query.limit)) {
      const own = rows.filter((row) => row.evse === place.id)
      if (last !== undefined && shown.length + own.length > 100) break
      shown.push(...own.slice(0, 100))
      last = place.id
    }
    const hasMore = last !== undefined && places.at(-1)?.id !== last
    return {
      data: shown,
      has_more: hasMore,
      next_cursor: hasMore && last !== undefined ? encodeCursor(last) : null,
    }
  },

  async non_discrimination_csv({ tx, viewer, query, now }) {
    const cpo = await cpoOf(tx, viewer, query.cpo)
    const at = query.at ?? now
    const lines = [csvHead]
    let page: { after?: string; limit: number } = { limit: csvPage }
    for (let read = 0; read < csvMost; read += csvPage) {
      const { places, rows } = await spreads(tx, cpo, at, page)
      for (const row of rows) lines.push(...csvLines(row))
      const last = places.at(-1)
      if (last === undefined || places.length < csvPage) break
      page = { after: last.id, limit: csvPage }
    }
    return {
      bytes: new TextEncoder().encode(`${lines.join('\r\n')}\r\n`),
      filename: `non-discrimination-${at.slice(0, 10)}.csv`,
    }
  },
}
