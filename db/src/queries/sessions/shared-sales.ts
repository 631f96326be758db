// Sales as they stand, with what is needed to share them by another policy: for replays, and for periods that end.
import { and, asc, desc, eq, gte, inArray, lt, sql as raw, type SQL } from 'drizzle-orm'
import type { SaleParties } from '@chargelane/rules/documents'
import { partsOf, type ShareFacts, type SharePlace } from '@chargelane/rules/split/sharing'
import type { Sql } from '../../client.ts'
import {
  accounts,
  evses,
  locations,
  quotes,
  sales,
  sessions,
  sessionTerms,
  splitShares,
} from '../../schema.ts'

/** A sale by its newest revision. */
const isNewest = raw`not exists (select from sales newer where newer.session_id = ${sales.sessionId}
  and newer.revision > ${sales.revision})`

export type ReplaySale = {
  sessionId: string
  endedAt: string
  quotedAt: string
  country: string
  partnerId: string
  cpoId: string
  driverId: string
  discount: (typeof quotes.$inferSelect)['body']['discount']
  agreed: SaleParties
  split: (typeof sales.$inferSelect)['split']
  splitInput: (typeof sales.$inferSelect)['splitInput']
  place: SharePlace
  facts: ShareFacts
}

const replayColumns = {
  sessionId: sessions.id,
  startedAt: sessions.startedAt,
  endedAt: sessions.endedAt,
  partnerId: sessions.accountId,
  cpoId: sessions.cpoId,
  driverId: sessions.driverId,
  quotedAt: quotes.createdAt,
  body: quotes.body,
  country: locations.country,
  timeZone: locations.timeZone,
  siteId: locations.id,
  evseId: evses.id,
  powerW: raw<number>`coalesce((select max(k.max_power_w) from connectors k where k.evse_id = ${evses.id}), 0)`,
  payer: raw<
    SharePlace['payer']
  >`(select s.kind from payment_sources s where s.id = ${quotes.paymentSourceId})`,
  tariffType: raw<SharePlace['tariff_type']>`(select t.canonical ->> 'type' from tariffs t
    where t.id = ${quotes.tariffId} and t.version = ${quotes.tariffVersion})`,
  terms: sessionTerms.terms,
  split: sales.split,
  splitInput: sales.splitInput,
  rating: raw<Parameters<typeof partsOf>[0]>`${sales.verdict} -> 'verdict' -> 'rating'`,
  energyWh: raw<number>`trunc(${sessions.energyWh})::int`,
} as const

type ReplayRow = {
  sessionId: string
  startedAt: string | null
  endedAt: string | null
  partnerId: string
  cpoId: string
  driverId: string
  quotedAt: string
  body: (typeof quotes.$inferSelect)['body']
  country: string
  timeZone: string
  siteId: string
  evseId: string
  powerW: number
  payer: SharePlace['payer']
  tariffType: SharePlace['tariff_type']
  terms: (typeof sessionTerms.$inferSelect)['terms']
  split: ReplaySale['split']
  splitInput: ReplaySale['splitInput']
  rating: Parameters<typeof partsOf>[0]
  energyWh: number
}

function replayed(row: ReplayRow): ReplaySale {
  const { splitInput, body, terms } = row
  const endedAt = row.endedAt ?? row.quotedAt
  return {
    sessionId: row.sessionId,
    endedAt: splitInput.sharing?.facts.ended_at ?? endedAt,
    quotedAt: row.quotedAt,
    country: row.country,
    partnerId: row.partnerId,
    cpoId: row.cpoId,
    driverId: row.driverId,
    discount: body.discount,
    agreed: terms.agreed,
    split: row.split,
    splitInput,
    place: splitInput.sharing?.place ?? {
      site: row.siteId,
      evse: row.evseId,
      power_w: row.powerW,
      time_zone: row.timeZone,
      partner: row.partnerId,
      payer: row.payer,
      tariff_type: row.tariffType,
      contract: null,
    },
    facts: splitInput.sharing?.facts ?? {
      started_at: row.startedAt ?? endedAt,
      ended_at: endedAt,
      energy_wh: row.energyWh,
      parts: partsOf(row.rating),
    },
  }
}
type Window = { cpoId: string | null; currency: string; from: string; until: string }

const inWindow = ({ cpoId, currency, from, until }: Window): SQL | undefined =>
  and(
    cpoId === null ? undefined : eq(sessions.cpoId, cpoId),
    eq(sessions.currency, currency),
    gte(sessions.endedAt, from),
    lt(sessions.endedAt, until),
  )

/** How many sessions of a time were sold, up to a bound. */
export async function countSales(sql: Sql, window: Window, most: number): Promise<number> {
  const rows = await sql
    .select({ id: sessions.id })
    .from(sessions)
    .innerJoin(sales, and(eq(sales.sessionId, sessions.id), isNewest))
    .where(inWindow(window))
    .limit(most)
  return rows.length
}

/** Sales of a time, newest session first; `after` is the id of the last one of the page before. */
export async function salesToReplay(
  sql: Sql,
  window: Window,
  { after, limit }: { after?: string | undefined; limit: number },
): Promise<ReplaySale[]> {
  const rows = await sql
    .select(replayColumns)
    .from(sessions)
    .innerJoin(sales, and(eq(sales.sessionId, sessions.id), isNewest))
    .innerJoin(quotes, eq(quotes.id, sessions.quoteId))
    .innerJoin(sessionTerms, eq(sessionTerms.sessionId, sessions.id))
    .innerJoin(evses, eq(evses.id, sessions.evseId))
    .innerJoin(locations, eq(locations.id, evses.locationId))
    .where(and(inWindow(window), after === undefined ? undefined : lt(sessions.id, after)))
    .orderBy(desc(sessions.id))
    .limit(limit)
  return rows.map(replayed)
}

/** The sales that a version shared at a site in a period, as they stand. */
export async function salesOfPeriod(
  sql: Sql,
  asked: { policyId: string; version: number; siteId: string; period: string },
) {
  const s = splitShares
  const isShared = raw`exists (select from ${s} where ${s.sessionId} = ${sales.sessionId}
    and ${s.policyId} = ${asked.policyId} and ${s.version} = ${asked.version}
    and ${s.siteId} = ${asked.siteId} and ${s.period} = ${asked.period})`
  const rows = await sql
    .select({ sessionId: sales.sessionId, split: sales.split, input: sales.splitInput })
    .from(sales)
    .where(and(isNewest, isShared))
    .orderBy(asc(sales.sessionId))
  return rows.map(({ sessionId, split, input }) => ({
    sessionId,
    split,
    input,
    endedAt: input.sharing?.facts.ended_at ?? '',
  }))
}

/** Accounts as a sale keeps them, as they are now. */
export async function accountsOfSale(
  sql: Sql,
  ids: readonly string[],
  at: string,
): Promise<SaleParties['accounts']> {
  if (ids.length === 0) return []
  const rows = await sql
    .select()
    .from(accounts)
    .where(inArray(accounts.id, [...ids]))
    .orderBy(asc(accounts.createdAt))
  return rows.map((row) => ({
    id: row.id,
    type: row.type,
    legalName: row.legalName,
    country: row.country,
    vatId: row.vatId,
    vatChecked: row.vatGoodUntil !== null && row.vatGoodUntil > at,
    taxIds: row.taxIds,
    address: row.address,
    payoutCurrency: row.payoutCurrency,
  }))
}
