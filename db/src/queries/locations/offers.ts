// What an offer is made of, for one EVSE or fifty, in one round trip: place, plugs, the public tariffs in force and
// what their CPO granted the asking partner. Tariffs are named by version and hash; their content never changes, so
// callers keep it and read only what they have not seen.
import { sql as raw, type SQL } from 'drizzle-orm'
import type { Sql } from '../../client.ts'
import { evseKey, type EvseStatus } from './locations.ts'
import { textArray } from '../outbox/outbox.ts'
import { saleState, tariffInForce, tariffIs, tariffIsSold } from './search.ts'

export type OfferTariff = {
  id: string
  version: number
  /** SHA-256 (hex) of the canonical form. */
  hash: string
  /** OCPI TariffType; null is a REGULAR one. */
  type: string | null
  /** `start_date_time` in UTC, where the tariff has one. */
  start: string | null
  /** Equal for tariffs that cost the same. */
  price: string
  /** `sold`, or why not: see `saleState`. */
  state: 'sold' | 'held' | 'stale' | 'market'
}
export type OfferConnector = {
  id: string
  powerType: string
  maxPowerW: number
  /** In the order in which the operator lists them. */
  tariffs: OfferTariff[]
}
export type OfferAgreement = {
  id: string
  version: number
  partnerId: string
  justification: string | null
  /** As the agreement room reads it. */
  terms: unknown
}
export type OfferPlace = {
  id: string
  evseId: string
  evseKey: string
  status: EvseStatus
  country: string
  timeZone: string
  /** The CPO can be reached and the EVSE may be free. */
  live: boolean
  isNode: boolean
  cpo: { id: string; legalName: string; country: string; vatId: string | null }
  /** Most powerful first. */
  connectors: OfferConnector[]
  agreements: OfferAgreement[]
}

type Row = {
  id: string
  evse_id: string
  evse_key: string
  status: EvseStatus
  country: string
  time_zone: string
  live: boolean
  is_node: boolean
  cpo: OfferPlace['cpo']
  connectors: OfferConnector[]
  agreements: OfferAgreement[]
}

const placeOf = (row: Row): OfferPlace => ({
  id: row.id,
  evseId: row.evse_id,
  evseKey: row.evse_key,
  status: row.status,
  country: row.country,
  timeZone: row.time_zone,
  live: row.live,
  isNode: row.is_node,
  cpo: row.cpo,
  connectors: row.connectors,
  agreements: row.agreements,
})

const coversPlace = raw`(r.evses is null and r.locations is null
  or e.id = any (r.evses) or e.location_id = any (r.locations))`

function offers(input: { where: SQL; tariffs: SQL; agreements: SQL; now: string }): SQL {
  return raw`select e.id, e.evse_id, e.evse_key, e.status, l.country, l.time_zone,
      k.protocol = 'node' as is_node,
      k.status = 'live' and coalesce(k.open_until <= ${input.now}::timestamptz, true)
        and e.status in ('AVAILABLE', 'UNKNOWN')
        and coalesce((select s.online from public_stations s where s.id = e.charge_station_id), true)
        as live,
      json_build_object('id', o.id, 'legalName', o.legal_name, 'country', o.country, 'vatId', o.vat_id) as cpo,
      plugs.list as connectors, deals.list as agreements
    from evses e join locations l on l.id = e.location_id
    join public_operators o on o.id = e.cpo_id join public_connections k on k.id = e.connection_id
    cross join lateral (
      select coalesce(json_agg(json_build_object('id', c.id, 'powerType', c.power_type,
          'maxPowerW', c.max_power_w, 'tariffs', coalesce(priced.list, '[]'::json))
          order by c.max_power_w desc, c.id), '[]'::json) as list
      from connectors c left join lateral (
        select json_agg(json_build_object('id', t.id, 'version', t.version, 'hash', t.hash,
          'type', t.canonical ->> 'type', 'start', t.canonical ->> 'start_date_time',
          'price', coalesce(t.price_hash, t.hash), 'state', ${saleState(input.now)})
          order by listed.number) as list
        from unnest(c.tariff_ids) with ordinality listed (tariff_id, number)
        join tariffs t on ${input.tariffs} and ${tariffIs(raw`listed.tariff_id`)}) priced on true
      where c.evse_id = e.id and c.removed_at is null) plugs
    cross join lateral (
      select coalesce(json_agg(json_build_object('id', r.id, 'version', r.version,
          'partnerId', r.partner_id, 'justification', r.justification, 'terms', r.terms)
          order by r.id, r.version), '[]'::json) as list
      from rate_agreements r where r.cpo_id = e.cpo_id and ${coversPlace} and ${input.agreements}) deals
    where ${input.where}`
}

/** In force at an instant, ended ones included: what priced quotes then. */
const agreedAt = (at: string) => raw`r.status in ('active', 'ended')
  and r.active_from <= ${at}::timestamptz and coalesce(r.ended_at > ${at}::timestamptz, true)`

/**
 * EVSEs by our ids (`evs_…`) or EVSE-IDs in any spelling, the best channel of each first. What does not exist is not
 * in the answer. `partnerId` names whose agreements count.
 */
export async function offersOf(
  sql: Sql,
  refs: readonly string[],
  partnerId: string,
  now: string,
): Promise<OfferPlace[]> {
  const ids = refs.filter(isOurId)
  const keys = refs.filter((ref) => !isOurId(ref)).map(evseKey)
  const rows = await sql.execute<Row>(
    offers({
      where: raw`e.id in (
        select x.id from evses x where x.id = any (${textArray(ids)}::text[])
        union all select y.id from evses y
        where y.evse_key = any (${textArray(keys)}::text[]) and y.status <> 'REMOVED')`,
      tariffs: tariffInForce(now),
      agreements: raw`r.partner_id = ${partnerId} and ${agreedAt(now)}`,
      now,
    }),
  )
  return rows.map(placeOf).toSorted(byChannel)
}

export const isOurId = (ref: string) => /^evs_[0-9A-Z]{26}$/.test(ref)

/** Whether a place is what the caller named. */
export const isNamed = (place: OfferPlace, ref: string) =>
  isOurId(ref) ? place.id === ref : place.evseKey === evseKey(ref)

const isPriced = ({ connectors }: OfferPlace) =>
  connectors.some(({ tariffs }) => tariffs.some(({ state }) => state === 'sold'))
const rank = (place: OfferPlace) =>
  (isPriced(place) ? 4 : 0) + (place.live ? 2 : 0) + (place.isNode ? 1 : 0)
const byChannel = (a: OfferPlace, b: OfferPlace) =>
  rank(b) - rank(a) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)

/**
 * A CPO's EVSEs in the order of their ids with the tariffs and all agreements as they were at an instant: the
 * non-discrimination report.
 */
export async function offersAsOf(
  sql: Sql,
  cpoId: string | undefined,
  at: string,
  page: { after?: string; limit: number },
): Promise<OfferPlace[]> {
  const rows = await sql.execute<Row>(
    raw`${offers({
      where: raw`e.id in (select x.id from evses x where x.status <> 'REMOVED'
      and (${cpoId ?? null}::text is null or x.cpo_id = ${cpoId ?? null})
      and x.id > ${page.after ?? ''} order by x.id limit ${page.limit})`,
      tariffs: tariffInForce(at),
      agreements: agreedAt(at),
      now: at,
    })} order by e.id`,
  )
  return rows.map(placeOf)
}

export type TariffRef = { id: string; version: number }

/** Canonical content of tariff versions, in no order; it never changes, so a caller asks once for each. */
export async function tariffContents(
  sql: Sql,
  refs: readonly TariffRef[],
): Promise<(TariffRef & { hash: string; canonical: unknown })[]> {
  if (refs.length === 0) return []
  const wanted = raw.join(
    refs.map(({ id, version }) => raw`(${id}::text, ${version}::int)`),
    raw`, `,
  )
  const rows = await sql.execute<TariffRef & { hash: string; canonical: unknown }>(
    raw`select id, version, hash, canonical from tariffs where (id, version) in (${wanted})`,
  )
  return rows.map(({ id, version, hash, canonical }) => ({ id, version, hash, canonical }))
}

/** Public prices a rate agreement would stand beside, each once per kind of connector and place of law and time. */
export async function publicPrices(
  sql: Sql,
  scope: { cpoId: string; evses: readonly string[] | null; locations: readonly string[] | null },
  now: string,
): Promise<
  (TariffRef & { country: string; timeZone: string; powerType: string; maxPowerW: number })[]
> {
  const evses =
    scope.evses === null ? raw`null::text[]` : raw`${textArray([...scope.evses])}::text[]`
  const locations =
    scope.locations === null ? raw`null::text[]` : raw`${textArray([...scope.locations])}::text[]`
  const rows = await sql.execute<
    TariffRef & { country: string; time_zone: string; power_type: string; max_power_w: number }
  >(raw`
    select distinct t.id, t.version, l.country, l.time_zone, c.power_type, c.max_power_w
    from evses e join locations l on l.id = e.location_id
    join connectors c on c.evse_id = e.id and c.removed_at is null
    join lateral unnest(c.tariff_ids) listed (tariff_id) on true
    join tariffs t on ${tariffIsSold(now)} and ${tariffIs(raw`listed.tariff_id`)}
    cross join (select ${evses} as evses, ${locations} as locations) r
    where e.cpo_id = ${scope.cpoId} and e.status <> 'REMOVED' and ${coversPlace}
    order by t.id, l.country, c.power_type, c.max_power_w limit 500`)
  return rows.map((row) => ({
    id: row.id,
    version: row.version,
    country: row.country,
    timeZone: row.time_zone,
    powerType: row.power_type,
    maxPowerW: row.max_power_w,
  }))
}

export type SaleTermsRow = {
  cpoId: string
  policyId: string
  commissionBps: number
  platform: { id: string; country: string; vatId: string | null }
}

/** The policies by which these CPOs' sales are shared now, one row each; none without an agreement in force. */
export async function saleTermsOf(
  sql: Sql,
  cpoIds: readonly string[],
  now: string,
): Promise<SaleTermsRow[]> {
  const rows = await sql.execute<{
    id: string
    cpo_id: string
    commission_bps: number
    platform_id: string
    platform_country: string
    platform_vat_id: string | null
  }>(raw`
    select distinct on (cpo_id) id, cpo_id, commission_bps, platform_id, platform_country, platform_vat_id
    from sale_terms where cpo_id = any (${textArray([...cpoIds])}::text[])
      and effective_from <= ${now}::timestamptz and coalesce(effective_to > ${now}::timestamptz, true)
    order by cpo_id, effective_from desc`)
  return rows.map((row) => ({
    cpoId: row.cpo_id,
    policyId: row.id,
    commissionBps: row.commission_bps,
    platform: {
      id: row.platform_id,
      country: row.platform_country,
      vatId: row.platform_vat_id,
    },
  }))
}
