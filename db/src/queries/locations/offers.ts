// What an offer is made of, for one EVSE or fifty, in one round trip: place, plugs, the public tariffs in force and
// what their CPO granted the asking partner. Tariffs are named by version and hash; their content never changes, so
// callers keep it and read only what they have not seen.
import { sql as raw, type SQL } from 'drizzle-orm'
import type { PaymentSourceStatus } from '@chargelane/openapi/vocabulary/payment'
import type { EvseIdentity } from '@chargelane/openapi/vocabulary/trust/identity'
import type { RateTerms, Tariff } from '@chargelane/rules/documents'
import { kindsOwedByPartner } from '@chargelane/rules/booking/kinds'
import type { AccessRule } from '@chargelane/rules/access'
import type { Contract } from '@chargelane/rules/agreement/contract'
import { evseKey } from '@chargelane/rules/identity/evse-id'
import { bestFirst, type SellingPartner, type TaxedCompany } from '@chargelane/rules/quote/choose'
import type { Sql } from '../../client.ts'
import { arg, fixedStatement } from '../../fixed.ts'
import { arrayOf } from '../arrays.ts'
import { textArray } from '../outbox/outbox.ts'
import { agreementOf } from '../partners/agreements.ts'
import { usualWhOf } from './connector-usage.ts'
import {
  accessOf,
  channelsOfAll,
  contractIs,
  contractsOf,
  type Instant,
  type Channel,
  type SaleAgreement,
  saleAgreementsOf,
  type ListedTariff,
  tariffIs,
  tariffIsSold,
  tariffsOf,
} from './facts.ts'

export type OfferConnector = {
  id: string
  powerType: string
  maxPowerW: number
  /** What a session there usually takes, where enough were sold. */
  usualWh: number | null
  /** In the order in which the operator lists them. */
  tariffs: ListedTariff[]
}
export type OfferAgreement = {
  id: string
  version: number
  partnerId: string
  justification: string | null
  terms: RateTerms
  /** A contract in force names it: it prices nothing else. */
  contractOnly: boolean
}
export type OfferPlace = {
  id: string
  evseId: string
  evseKey: string
  locationId: string
  identity: EvseIdentity
  country: string
  timeZone: string
  isNode: boolean
  /** Every channel to it, this one first. */
  channels: Channel[]
  /** The agreement with its CPO in force; null without one. */
  sale: SaleAgreement | null
  cpo: TaxedCompany & { legalName: string }
  /** Most powerful first. */
  connectors: OfferConnector[]
  agreements: OfferAgreement[]
  /** Of the asking partner with its CPO. */
  contracts: Contract[]
  access: AccessRule[]
}

type Row = {
  id: string
  evse_id: string
  evse_key: string
  location_id: string
  identity: EvseIdentity
  country: string
  time_zone: string
  is_node: boolean
  channels: Channel[]
  sale: SaleAgreement | null
  cpo: OfferPlace['cpo']
  connectors: OfferConnector[]
  agreements: OfferAgreement[]
  contracts: Contract[]
  access: AccessRule[]
}

const placeOf = (row: Row): OfferPlace => ({
  id: row.id,
  evseId: row.evse_id,
  evseKey: row.evse_key,
  locationId: row.location_id,
  identity: row.identity,
  country: row.country,
  timeZone: row.time_zone,
  isNode: row.is_node,
  channels: row.channels,
  sale: row.sale,
  cpo: row.cpo,
  connectors: row.connectors,
  agreements: row.agreements,
  contracts: row.contracts,
  access: row.access,
})

const coversPlace = raw`(r.evses is null and r.locations is null
  or e.id = any (r.evses) or e.location_id = any (r.locations))`

/** Each table is read once for all EVSEs, not once for each. */
function offers(input: { where: SQL; agreements: SQL; contracts: SQL; now: Instant }): SQL {
  return raw`with chosen as materialized (
      select e.id, e.evse_id, e.evse_key, e.identity, e.cpo_id, e.connection_id, e.location_id from evses e where ${input.where}),
    sales as materialized ${saleAgreementsOf(raw`in (select cpo_id from chosen)`, input.now)},
    channels as materialized ${channelsOfAll(raw`chosen`)},
    plugs as materialized (
      select e.id as evse, json_agg(json_build_object('id', c.id, 'powerType', c.power_type,
          'maxPowerW', c.max_power_w, 'usualWh', ${usualWhOf(raw`c.id`)}, 'tariffs', ${tariffsOf(input.now)})
          order by c.max_power_w desc, c.id) as list
      from chosen e join locations l on l.id = e.location_id join public_connections k on k.id = e.connection_id
      join connectors c on c.evse_id = e.id and c.removed_at is null group by e.id)
    select e.id, e.evse_id, e.evse_key, e.location_id, e.identity, l.country, l.time_zone,
      k.protocol = 'node' as is_node, channels.list as channels, sales.terms as sale,
      json_build_object('id', o.id, 'legalName', o.legal_name, 'country', o.country, 'vatId', o.vat_id,
        'vatChecked', o.vat_checked, 'taxIds', o.tax_ids) as cpo,
      coalesce(plugs.list, '[]'::json) as connectors, deals.list as agreements,
      ${input.contracts} as contracts, ${accessOf(input.now)} as access
    from chosen e join locations l on l.id = e.location_id
    join public_operators o on o.id = e.cpo_id join public_connections k on k.id = e.connection_id
    join channels on channels.evse = e.id
    left join plugs on plugs.evse = e.id left join sales on sales.cpo_id = e.cpo_id
    cross join lateral (
      select coalesce(json_agg(json_build_object('id', r.id, 'version', r.version,
          'partnerId', r.partner_id, 'justification', r.justification, 'terms', r.terms,
          'contractOnly', exists (select from contracts k where k.rate_agreement = r.id and ${contractIs(input.now)}))
          order by r.id, r.version), '[]'::json) as list
      from rate_agreements r where r.cpo_id = e.cpo_id and ${coversPlace} and ${input.agreements}) deals`
}

/** In force at an instant, ended ones included: what priced quotes then. */
const agreedAt = (at: Instant) => raw`r.status in ('active', 'ended')
  and r.active_from <= ${at}::timestamptz and coalesce(r.ended_at > ${at}::timestamptz, true)`

/** The places named with what `partner` was granted there, at `now`. */
const offersAt = (where: SQL): SQL =>
  offers({
    where,
    agreements: raw`r.partner_id = ${arg('partner')} and ${agreedAt(arg('now'))}`,
    contracts: contractsOf(arg('partner'), arg('now')),
    now: arg('now'),
  })

const selectOffers = fixedStatement<
  Row,
  { ids: string; keys: string; partner: string; now: string }
>(() =>
  offersAt(raw`e.id in (
    select x.id from evses x where x.id = any (${arg('ids')}::text[])
    union all select y.id from evses y
    where y.evse_key = any (${arg('keys')}::text[]) and y.status <> 'REMOVED')`),
)

const named = (refs: readonly string[]) => ({
  ids: arrayOf(refs.filter(isOurId)),
  keys: arrayOf(refs.filter((ref) => !isOurId(ref)).map(evseKey)),
})

const ranked = (rows: readonly Row[], now: string): OfferPlace[] =>
  bestFirst(rows.map(placeOf), now, ({ isNode }) => isNode)

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
  return ranked(await selectOffers(sql, { ...named(refs), partner: partnerId, now }), now)
}

/** Who would pay with a source. */
export type Payer = {
  id: string
  status: PaymentSourceStatus
  driver: { id: string; externalId: string }
  /** The partner who sells: how it takes its benefit, and what tax asks of it. */
  partner: SellingPartner & { payoutCurrency: string; isVerified: boolean }
  /** The session whose open debt keeps this source from paying for another. */
  unpaidSessionId: string | null
  /** Groups of the partner that the driver is in. */
  groups: string[]
  /** Some plan may price the driver's sessions. */
  hasPlan: boolean
  /** Who owes what a session of the source costs: the partner, within its credit, or whoever the source is of. */
  isOnAccount: boolean
  /** What the partner may still come to owe, by currency; read only where it may come to that. */
  credit: Record<string, string> | null
}

type FactsArgs = { evse: string; partner: string; now: string; source: string }

const onCredit = raw.raw(kindsOwedByPartner.map((kind) => `'${kind}'`).join(', '))

/** One `Payer` a source, as columns. */
const payers = (where: SQL): SQL =>
  raw`select s.id, s.status, json_build_object('id', d.id, 'externalId', d.external_id) as driver,
      json_build_object('id', a.id, 'country', a.country, 'vatId', a.vat_id,
        'vatChecked', coalesce(a.vat_good_until > ${arg('now')}::timestamptz, false), 'taxIds', a.tax_ids, 'isVerified', a.verification = 'verified', 'partnership',
        (select jsonb_build_object('id', g.id, 'version', g.version) || (g.terms - 'side')
          from ${agreementOf(raw`a.id`, arg('now'))} g),
        'payoutCurrency', a.payout_currency) as partner,
      (select b.session_id from debts b where b.payment_source_id = s.id and b.status = 'open' limit 1)
        as "unpaidSessionId",
      (select coalesce(json_agg(g.id order by g.id), '[]'::json) from driver_groups g
        where g.account_id = s.account_id and s.driver_id = any (g.drivers)) as groups,
      plan.has as "hasPlan", s.kind in (${onCredit}) as "isOnAccount",
      case when s.kind in (${onCredit}) or plan.has then
        (select json_object_agg(r.currency, trunc(r.room)::text) from credit_rooms r
          where r.account_id = a.id and (r.is_line or s.kind not in (${onCredit}))) end as credit
    from payment_sources s join drivers d on d.id = s.driver_id join accounts a on a.id = s.account_id
    cross join lateral (select exists (select from subscriptions u where u.account_id = s.account_id
      and u.driver_id = s.driver_id and coalesce(u.ends_at > ${arg('now')}::timestamptz, true)) as has) as plan
    where ${where} and s.account_id = ${arg('partner')}`

const factsAt = (where: SQL): SQL =>
  raw`select
    (select row_to_json(p) from (${payers(raw`s.id = ${arg('source')}`)}) p) as payer,
    (select coalesce(json_agg(o), '[]'::json) from (${offersAt(where)}) o) as places`

// One EVSE is found by one index: asked for by either name at once, the planner would prepare for many.
type Facts = { payer: Payer | null; places: Row[] }
const factsById = fixedStatement<Facts, FactsArgs>(() => factsAt(raw`e.id = ${arg('evse')}`))
const factsByKey = fixedStatement<Facts, FactsArgs>(() =>
  factsAt(raw`e.evse_key = ${arg('evse')} and e.status <> 'REMOVED'`),
)

/** All that a quote is decided and priced from but the plans, in one statement: who pays, and the places of an EVSE. */
export async function quoteFacts(
  sql: Sql,
  wish: { accountId: string; paymentSourceId: string; evse: string; now: string },
): Promise<{ payer: Payer | undefined; places: OfferPlace[] }> {
  const { accountId: partner, paymentSourceId: source, evse, now } = wish
  const common = { partner, source, now }
  const [row] = isOurId(evse)
    ? await factsById(sql, { ...common, evse })
    : await factsByKey(sql, { ...common, evse: evseKey(evse) })
  return { payer: row?.payer ?? undefined, places: ranked(row?.places ?? [], now) }
}

const selectPayers = fixedStatement<Payer, { sources: string; partner: string; now: string }>(() =>
  payers(raw`s.id = any (${arg('sources')}::text[])`),
)

/** The same for several wishes of one partner at once. */
export async function quoteFactsOfMany(
  sql: Sql,
  wishes: readonly { paymentSourceId: string; evse: string }[],
  { accountId: partner, now }: { accountId: string; now: string },
): Promise<{ payer: Payer | undefined; places: OfferPlace[] }[]> {
  const refs = [...new Set(wishes.map(({ evse }) => evse))]
  const sources = arrayOf([...new Set(wishes.map(({ paymentSourceId }) => paymentSourceId))])
  const [payersFound, rows] = await Promise.all([
    selectPayers(sql, { sources, partner, now }),
    selectOffers(sql, { ...named(refs), partner, now }),
  ])
  const payerOf = new Map(payersFound.map((payer) => [payer.id, payer]))
  const placesOf = placesByName(ranked(rows, now))
  return wishes.map(({ paymentSourceId, evse }) => ({
    payer: payerOf.get(paymentSourceId),
    places: placesOf(evse),
  }))
}

export const isOurId = (ref: string) => /^evs_[0-9A-Z]{26}$/.test(ref)

/** The places that a caller names by our id or by EVSE-ID, in the order given. */
export function placesByName(places: readonly OfferPlace[]): (ref: string) => OfferPlace[] {
  const byId = Map.groupBy(places, ({ id }) => id)
  const byKey = Map.groupBy(places, (place) => place.evseKey)
  return (ref) => (isOurId(ref) ? byId.get(ref) : byKey.get(evseKey(ref))) ?? []
}

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
      agreements: agreedAt(at),
      contracts: raw`'[]'::json`,
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
): Promise<(TariffRef & { hash: string; canonical: Tariff | null })[]> {
  if (refs.length === 0) return []
  const wanted = raw.join(
    refs.map(({ id, version }) => raw`(${id}::text, ${version}::int)`),
    raw`, `,
  )
  const rows = await sql.execute<TariffRef & { hash: string; canonical: Tariff | null }>(
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
    join public_connections k on k.id = e.connection_id
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
