// What decides whether an EVSE is sold, as SQL reads it: its tariffs, its channels, the agreement with its CPO. The
// verdict itself is a rule over these facts, not a query. Aliases: `e` EVSE, `l` location, `c` connector, `t` tariff.
import { sql as raw, type SQL } from 'drizzle-orm'
import type {
  ConnectionStatus,
  EvseStatus,
  SupplyModel,
} from '@chargelane/openapi/vocabulary/status'
import type { Commission } from '@chargelane/rules/agreement/distribution'
import type { TaxedCompany } from '@chargelane/rules/quote/choose'
import type { SellerWait } from '@chargelane/rules/quote/may-start'
import { isoText } from '../../fixed.ts'

/** UTC, as text or as the argument of a fixed statement. */
export type Instant = string | SQL

/** A tariff in force that a connector lists. */
export type ListedTariff = {
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
  state: 'sold' | 'held' | 'stale' | 'market' | 'invalid'
}

/** One way to reach an EVSE. */
export type Channel = {
  connection: ConnectionStatus
  openUntil: string | null
  evse: EvseStatus
  /** Whether our node holds the charger's socket; null where the charger is another's. */
  online: boolean | null
}

/** The agreement by which a CPO's sales are shared, and the platform that owes the shares. */
export type SaleAgreement = {
  id: string
  version: number
  /** Null where it is not the asking account's business. */
  commission: Commission | null
  markets: string[] | null
  currencies: string[] | null
  supplyModel: SupplyModel
  /** Of the CPO. */
  payoutCurrency: string
  /** What its account waits for; which number the place asks for is the rule's to say. */
  sellerWaits: SellerWait | null
  platform: TaxedCompany
}

/**
 * Tariffs of the EVSE's connection that count at `now` and were not found unfit, whether or not they may be sold:
 * `saleState` says that. Aliases: `t` tariff, `e` EVSE.
 */
export function tariffInForce(now: Instant): SQL {
  return raw`t.connection_id = e.connection_id and t.status in ('valid', 'held')
    and t.effective_from <= ${now}::timestamptz
    and (t.superseded_at is null or t.superseded_at > ${now}::timestamptz)
    and (t.sold_until is null or t.sold_until > ${now}::timestamptz)`
}

/**
 * `sold`, or why a tariff in force is not: `held` for an odd price (failures F19), `stale` without a confirmation for
 * too long (F18), `market` where the market forbids it at this power. Aliases: `t`, `c` connector, `l` location, `k` the
 * public connection of both.
 */
export function saleState(now: Instant): SQL {
  return raw`case
    when t.status = 'held' and t.held_until > ${now}::timestamptz then 'held'
    when (k.protocol = 'node'
      or greatest(t.confirmed_at, case when t.unlisted_at is null then k.tariffs_confirmed_at end)
        > ${now}::timestamptz - k.tariff_max_age_s * interval '1 second') is not true then 'stale'
    when c.max_power_w >= (t.market_limits ->> l.country)::int then 'market'
    else 'sold' end`
}

/** In force and for sale at this connector. Aliases: as `saleState`. */
export function tariffIsSold(now: Instant): SQL {
  return raw`(${tariffInForce(now)}) and ${saleState(now)} = 'sold'`
}

export function tariffIs(id: SQL): SQL {
  return raw`(t.id = ${id}
    or (t.country_code = l.country_code and t.party_id = l.party_id and lower(t.ocpi_id) = lower(${id})))`
}

/**
 * The tariffs of a connector in the order in which the operator lists them, as a list of `ListedTariff`; those that were
 * found unfit only where there is no other, to say why there is none.
 */
export function tariffsOf(now: Instant): SQL {
  return raw`coalesce((select json_agg(json_build_object('id', t.id, 'version', t.version, 'hash', t.hash,
      'type', t.canonical ->> 'type', 'start', t.canonical ->> 'start_date_time',
      'price', coalesce(t.price_hash, t.hash), 'state', ${saleState(now)}) order by listed.number)
    from unnest(c.tariff_ids) with ordinality listed (tariff_id, number)
    join tariffs t on ${tariffInForce(now)} and ${tariffIs(raw`listed.tariff_id`)}), ${unfitOf(now)}, '[]'::json)`
}

const unfitOf = (now: Instant): SQL =>
  raw`(select json_agg(json_build_object('id', t.id, 'version', t.version, 'hash', t.hash, 'type', null, 'start', null,
      'price', '', 'state', case when c.max_power_w >= (t.market_limits ->> l.country)::int then 'market'
        else 'invalid' end) order by listed.number)
    from unnest(c.tariff_ids) with ordinality listed (tariff_id, number)
    join unfit_tariffs t on t.connection_id = e.connection_id and t.effective_from <= ${now}::timestamptz
      and coalesce(t.superseded_at > ${now}::timestamptz, true) and ${tariffIs(raw`listed.tariff_id`)})`

const isChannel = raw`s.evse_key = e.evse_key and s.cpo_id = e.cpo_id and (s.id = e.id or s.status <> 'REMOVED')`

/** The channels of the EVSEs `e`, the one asked for first, as a list of `Channel`: one EVSE may be served over several. */
const channelList = raw`json_agg(json_build_object('connection', via.status, 'evse', s.status, 'online', box.online,
    'openUntil', ${isoText(raw`via.open_until`)})
    order by s.id = e.id desc, s.id)`

const reached = raw`join public_connections via on via.id = s.connection_id
  left join public_stations box on box.id = s.charge_station_id`

/** Of one EVSE. */
export const channelsOf = (): SQL =>
  raw`(select ${channelList} from evses s ${reached} where ${isChannel})`

/** Rows `evse`, `list` of all that `from` names `e`. */
export const channelsOfAll = (from: SQL): SQL =>
  raw`(select e.id as evse, ${channelList} as list from ${from} e join evses s on ${isChannel} ${reached}
    group by e.id)`

/** Rows `cpo_id`, `terms` with the `SaleAgreement` in force at an instant; none for a CPO without one. */
export function saleAgreementsOf(cpos: SQL, now: Instant): SQL {
  return raw`(select distinct on (g.cpo_id) g.cpo_id, json_build_object('id', g.id, 'version', g.version,
      'commission', g.commission, 'markets', g.markets, 'currencies', g.currencies, 'supplyModel', g.supply_model, 'payoutCurrency', g.payout_currency,
      'sellerWaits', g.seller_waits, 'platform', json_build_object('id', g.platform_id, 'country', g.platform_country,
        'vatId', g.platform_vat_id, 'vatChecked', g.platform_vat_checked,
        'taxIds', g.platform_tax_ids))
      as terms
    from sale_terms g where g.cpo_id ${cpos} and g.active_from <= ${now}::timestamptz
      and coalesce(g.ended_at > ${now}::timestamptz, true)
    order by g.cpo_id, g.active_from desc, g.created_at desc, g.version desc)`
}

/** The access rules in force that name the place `e`, as a list of `AccessRule`. */
export const accessOf = (now: Instant): SQL =>
  raw`(select coalesce(json_agg(json_build_object('id', a.id, 'name', a.name, 'admits', a.admits, 'hours', a.hours,
      'endsAtClose', a.end_at_close, 'level', case when e.id = any (a.evses) then 'evse'
        when e.location_id = any (a.locations) then 'location' else 'operator' end) order by a.id), '[]'::json)
    from site_access a where a.cpo_id = e.cpo_id and a.effective_from <= ${now}::timestamptz
      and coalesce(a.ended_at > ${now}::timestamptz, true) and (a.evses is null and a.locations is null
        or e.id = any (a.evses) or e.location_id = any (a.locations)))`

/** A contract `k` that counts at an instant. */
export const contractIs = (at: Instant): SQL => raw`k.status in ('active', 'ended')
  and k.active_from <= ${at}::timestamptz and coalesce(k.ended_at > ${at}::timestamptz, true)`

const placesOf = (places: SQL, own: SQL): SQL =>
  raw`case when ${places} is null then null when ${own} = any (${places}) then json_build_array(${own}) else '[]'::json end`

/** The contracts between `partner` and the CPO of the place `e`, as a list of `Contract`; of its places only this one. */
export const contractsOf = (partner: SQL, now: Instant): SQL =>
  raw`(select coalesce(json_agg(json_build_object('id', k.id, 'version', k.version, 'name', k.name,
      'evses', ${placesOf(raw`k.evses`, raw`e.id`)}, 'locations', ${placesOf(raw`k.locations`, raw`e.location_id`)},
      'driverGroups', k.driver_groups, 'activeFrom', ${isoText(raw`k.active_from`)},
      'rateAgreement', k.rate_agreement, 'splitPolicy', k.split_policy) order by k.id), '[]'::json)
    from contracts k where k.partner_id = ${partner} and k.cpo_id = e.cpo_id and ${contractIs(now)})`
