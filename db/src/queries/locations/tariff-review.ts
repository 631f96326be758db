// What a tariff is judged by: where it is used, what it cost before, and what others ask for the like.
import { sql as raw } from 'drizzle-orm'
import type { Sql } from '../../client.ts'
import type { TariffRef } from './tariffs.ts'

/** Connectors under a tariff, alike ones counted together. */
export type TariffUse = {
  country: string
  timeZone: string
  powerType: string
  powerW: number
  count: number
}

/** Where a tariff is used now: by the operator's id for it, or by ours. */
export async function usesOfTariff(
  sql: Sql,
  ref: TariffRef,
  id: string | undefined,
): Promise<TariffUse[]> {
  const rows = await sql.execute<{
    country: string
    time_zone: string
    power_type: string
    power_w: number
    count: number
  }>(raw`
    select l.country, l.time_zone, c.power_type, c.max_power_w as power_w, count(*)::int as count
    from evses e join locations l on l.id = e.location_id
    join connectors c on c.evse_id = e.id and c.removed_at is null
    where e.connection_id = ${ref.connectionId} and e.status <> 'REMOVED'
      and exists (select from unnest(c.tariff_ids) listed where listed = ${id ?? ''}
        or (lower(listed) = lower(${ref.ocpiId})
          and l.country_code = ${ref.countryCode.toUpperCase()} and l.party_id = ${ref.partyId.toUpperCase()}))
    group by 1, 2, 3, 4 order by power_w desc, country, time_zone, power_type`)
  return rows.map((row) => ({
    country: row.country,
    timeZone: row.time_zone,
    powerType: row.power_type,
    powerW: row.power_w,
    count: row.count,
  }))
}

const zPrices = (value: unknown): number[] =>
  Array.isArray(value) ? value.filter((it) => typeof it === 'number') : []

/** Standard prices of the versions that were sold until now, newest first, twenty at most. */
export async function soldPrices(sql: Sql, id: string, at: string): Promise<number[][]> {
  const rows = await sql.execute<{ standard_minor: unknown }>(raw`
    select standard_minor from tariffs
    where id = ${id} and standard_minor is not null and effective_from <= ${at}::timestamptz
      and coalesce(superseded_at > effective_from, true)
      and (status = 'valid' or (status = 'held' and held_until <= least(superseded_at, ${at}::timestamptz)))
    order by version desc limit 20`)
  return rows.map((row) => zPrices(row.standard_minor))
}

/** The middle one of an operator's prices for one standard session. */
const middle = (index: number) =>
  raw`percentile_disc(0.5) within group (order by (standard_minor ->> ${index}::int)::bigint)`

/** Standard prices of other operators in force, the middle one of each operator: country, currency, class alike. */
export async function peerPrices(
  sql: Sql,
  peer: { cpoId: string; country: string; currency: string; powerClass: string },
  at: string,
): Promise<number[][]> {
  const rows = await sql.execute<{ prices: unknown }>(raw`
    select json_build_array(${middle(0)}, ${middle(1)}, ${middle(2)}) as prices from tariffs
    where superseded_at is null and market_country = ${peer.country} and currency = ${peer.currency}
      and power_class = ${peer.powerClass} and cpo_id <> ${peer.cpoId}
      and jsonb_array_length(standard_minor) = 3 and effective_from <= ${at}::timestamptz
      and (status = 'valid' or (status = 'held' and held_until <= ${at}::timestamptz))
    group by cpo_id limit 1000`)
  return rows.map((row) => zPrices(row.prices))
}
