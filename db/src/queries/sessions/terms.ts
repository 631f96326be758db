// What the corridor reads about a session's place, price and parties: joins over many subjects, reads only.
import { randomBytes } from 'node:crypto'
import { InvariantError } from '@chargelane/rules/assert'
import type { KeptTerms } from '@chargelane/rules/documents'
import { and, asc, eq, ne, sql as raw, type SQL } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import type { Sql } from '../../client.ts'
import { arg, fixedStatement, isoText } from '../../fixed.ts'
import { joined } from '../../joined.ts'
import { seal, sealedText } from '../../sealed/sealed.ts'
import { arrayOf } from '../arrays.ts'
import { agreementOf } from '../partners/agreements.ts'
import { insuredOf } from '../payments/risk-policies.ts'
import { policyOf, type SaleAsked } from '../partners/split-policies.ts'
import {
  connections,
  evses,
  locations,
  type meterValues,
  quotes,
  sessions,
  type tariffs,
} from '../../schema.ts'

const ofTerms = joined({ session: sessions, quote: quotes }, {})

type TermsColumns = {
  timeZone: string
  country: string
  latitude: number
  longitude: number
  canonical: Tariff['canonical']
  hash: Tariff['hash'] | null
  raw: Tariff['raw'] | null
  connection: string
  protocol: Connection['protocol']
  countryCode: string
  partyId: string
  maxPowerW: number | null
}
type Tariff = typeof tariffs.$inferSelect
type Connection = typeof connections.$inferSelect

const columns =
  () => raw`${ofTerms.columns}, l.time_zone as "timeZone", l.country, l.latitude, l.longitude,
  t.canonical, t.hash, t.raw, c.id as connection, c.protocol, c.country_code as "countryCode", c.party_id as "partyId",
  (select max(k.max_power_w) from connectors k where k.evse_id = e.id) as "maxPowerW"`

/** One session is asked for by its id alone: a plan for any number of them is made anew for each call. */
const [one, many] = [
  () => raw`sessions.id = ${arg('id')}`,
  () => raw`sessions.id = any(${arg('ids')}::text[])`,
]
const ofSessions = (which: SQL) => raw`from sessions
  join quotes on quotes.id = sessions.quote_id
  join evses e on e.id = sessions.evse_id
  join locations l on l.id = e.location_id
  join connections c on c.id = sessions.connection_id
  left join tariffs t on t.id = quotes.tariff_id and t.version = quotes.tariff_version
  where ${which}`

const selectTerms = fixedStatement<TermsColumns, { id: string }>(
  () => raw`select ${columns()} ${ofSessions(one())}`,
)

/** Where a session takes place and at which price; `canonical` and `raw` are the locked tariff version's. */
export async function sessionTerms(sql: Sql, sessionId: string) {
  const [row] = await selectTerms(sql, { id: sessionId })
  return row && termsOfRow(row)
}

type RunningColumns = {
  readings: Pick<MeterRow, 'at' | 'registerWh' | 'powerW' | 'flag' | 'source'>[]
  energyWh: string | null
  insuredMinor: number
}
type MeterRow = typeof meterValues.$inferSelect

const running = (which: SQL) => raw`select ${columns()},
      (select coalesce(json_agg(json_build_object('at', ${isoText(raw`m.at`)}, 'registerWh', m.register_wh::text,
          'powerW', m.power_w, 'flag', m.flag, 'source', m.source) order by m.at, m.received_at), '[]')
        from meter_values m where m.session_id = sessions.id) as readings,
      (select (max(m.register_wh) - min(m.register_wh))::text from meter_values m
        where m.session_id = sessions.id and m.flag is null) as "energyWh",
      ${insuredOf(raw`sessions.account_id`, raw`quotes.payment_source_id`, raw`sessions.currency`)} as "insuredMinor"
    ${ofSessions(which)}`

type RunningRow = TermsColumns & RunningColumns
const selectRunning = fixedStatement<RunningRow, { id: string }>(() => running(one()))
const selectAllRunning = fixedStatement<RunningRow, { ids: string }>(() => running(many()))

/** Sessions as they run: their terms, all that their meters told, and what somebody stands in for. One statement. */
export async function runningSessions(sql: Sql, sessionIds: readonly string[]) {
  const [first, ...rest] = sessionIds
  if (first === undefined) return []
  const rows =
    rest.length === 0
      ? await selectRunning(sql, { id: first })
      : await selectAllRunning(sql, { ids: arrayOf(sessionIds) })
  return rows.map((row) => {
    const { readings, energyWh, insuredMinor } = row
    const terms = termsOfRow(row)
    const insured = { amount: insuredMinor, currency: terms.session.currency }
    return { ...terms, readings, energyWh: energyWh ?? '0', insured }
  })
}

function termsOfRow(row: TermsColumns) {
  const { timeZone, country, latitude, longitude, canonical, hash, raw: text } = row
  const { protocol, countryCode, partyId, maxPowerW } = row
  return {
    ...ofTerms.read(row),
    timeZone,
    country,
    location: { latitude, longitude },
    tariff: hash === null || text === null ? null : { canonical, hash, raw: text },
    connection: { id: row.connection, protocol, countryCode, partyId },
    maxPowerW,
  }
}

/** An EVSE is one whichever connection reaches it: every row with the same EVSE-ID of the same CPO, for `in`. */
export function sameEvse(sql: Sql, evseId: string) {
  const asked = alias(evses, 'asked')
  return sql
    .select({ id: evses.id })
    .from(asked)
    .innerJoin(evses, and(eq(evses.evseKey, asked.evseKey), eq(evses.cpoId, asked.cpoId)))
    .where(eq(asked.id, evseId))
}

type ChannelRow = Pick<Connection, 'protocol' | 'status' | 'openUntil'> & {
  evseId: string
  connectionId: string
  connectorId: string
  nodeId: string | null
  online: boolean | null
}

const selectChannels = fixedStatement<ChannelRow, { evseId: string; connectorId: string }>(
  () => raw`select e.id as "evseId", k.id as "connectionId", k.protocol, k.status, k.open_until as "openUntil",
      c.id as "connectorId", s.node_id as "nodeId", s.online
    from evses asked
    join connectors quoted on quoted.id = ${arg('connectorId')}
    join evses e on e.evse_key = asked.evse_key and e.cpo_id = asked.cpo_id
      and (e.status <> 'REMOVED' or e.id = asked.id)
    join connections k on k.id = e.connection_id
    join connectors c on c.evse_id = e.id and (c.removed_at is null or c.id = quoted.id)
    left join charge_stations s on s.id = e.charge_station_id
    where asked.id = ${arg('evseId')}
    order by e.id = asked.id desc, k.id, c.id = quoted.id desc,
      (c.standard, c.format) = (quoted.standard, quoted.format) desc, c.id`,
)

/**
 * Every channel that reaches the EVSE of a session, with the node that holds its charger's socket, if one does. Of each
 * channel's connectors the quoted one comes first, elsewhere one like it.
 */
export const channelsOf = (
  sql: Sql,
  place: { evseId: string; connectorId: string },
): Promise<ChannelRow[]> => selectChannels(sql, place)

const selectNode = fixedStatement<Pick<ChannelRow, 'nodeId' | 'online'>, { evseId: string }>(
  () => raw`select s.node_id as "nodeId", s.online
    from evses e join charge_stations s on s.id = e.charge_station_id where e.id = ${arg('evseId')}`,
)

/** The node process that holds the socket of an EVSE's charger at this moment, if any does. */
export async function nodeOfEvse(sql: Sql, evseId: string) {
  const [row] = await selectNode(sql, { evseId })
  return row
}

type SaleSides = SaleAsked & {
  /** The versions that a quote named, as rows of `agreements`; else those that count at the instant. */
  agreement?: SQL
  partnership?: SQL
}

/**
 * Under which agreements a CPO's sale is made that was promised at an instant, and the accounts of everybody who takes
 * part in it; null without an agreement.
 */
export const saleParties = (sale: SaleSides): SQL =>
  raw`(select json_build_object(
      'agreement', jsonb_build_object('id', g.id, 'version', g.version, 'policy', p.kept) || (g.terms - 'side'),
      'partnership', (select jsonb_build_object('id', g.id, 'version', g.version) || (g.terms - 'side')
        from ${sale.partnership ?? agreementOf(sale.partnerId, sale.at)} g),
      'accounts', (select json_agg(json_build_object('id', a.id, 'type', a.type, 'legalName', a.legal_name,
          'country', a.country, 'vatId', a.vat_id, 'taxIds', a.tax_ids,
          'vatChecked', coalesce(a.vat_good_until > ${sale.at}::timestamptz, false),
          'vatCheck', (select json_build_object('vatId', v.vat_id, 'source', v.source, 'reference', v.reference,
              'checkedAt', ${isoText(raw`v.checked_at`)})
            from vat_checks v where v.account_id = a.id and (v.vat_id = a.vat_id and a.vat_good_until > ${sale.at}::timestamptz
              or exists (select from jsonb_array_elements(a.tax_ids) t where t ->> 'vatId' = v.vat_id
                and t ->> 'country' = a.country and (t ->> 'goodUntil')::timestamptz > ${sale.at}::timestamptz))
            order by v.vat_id is distinct from a.vat_id desc, v.recorded_at desc limit 1),
          'address', a.address, 'payoutCurrency', a.payout_currency) order by a.created_at)
        from accounts a where a.type = 'platform' or a.id in (${sale.cpoId}, ${sale.partnerId})
          or a.id in (select r ->> 'id' from jsonb_array_elements(p.kept -> 'rules') share,
            lateral (values (share -> 'supplier'), (share -> 'recipient')) as party (r))))
    from ${sale.agreement ?? agreementOf(sale.cpoId, sale.at)} g
      left join lateral (${policyOf(sale)}) p on true)`

const insertTerms = fixedStatement<
  Record<string, never>,
  { sessionId: string; terms: string; secret: string; at: string }
>(
  () => raw`insert into session_terms (session_id, terms, secret, kept_at)
    values (${arg('sessionId')}, ${arg('terms')}::jsonb, ${arg('secret')}, ${arg('at')}::timestamptz)`,
)

/** Keeps the terms by which a session is sold, in the tx that opens it. */
export async function keepSaleTerms(
  tx: Sql,
  input: { sessionId: string; terms: KeptTerms; at: string },
): Promise<void> {
  const secret = seal('session_terms.secret', input.sessionId, randomBytes(32))
  await insertTerms(tx, {
    ...input,
    terms: JSON.stringify(input.terms),
    secret: sealedText(secret),
  })
}

const selectKept = fixedStatement<{ terms: KeptTerms }, { sessionId: string }>(
  () => raw`select terms from session_terms where session_id = ${arg('sessionId')}`,
)

/** The terms kept with a session when it was opened. */
export async function keptSaleTerms(sql: Sql, sessionId: string): Promise<KeptTerms> {
  const [row] = await selectKept(sql, { sessionId })
  if (row === undefined) throw new InvariantError(`Session ${sessionId} was opened without terms.`)
  return row.terms
}

/** EVSEs near a place that are free now, nearest first, never the one itself: alternatives after a refusal (F05). */
export async function freeEvsesNear(sql: Sql, evseId: string, limit: number) {
  const here = sql
    .select({ latitude: locations.latitude, longitude: locations.longitude, key: evses.evseKey })
    .from(evses)
    .innerJoin(locations, eq(locations.id, evses.locationId))
    .where(eq(evses.id, evseId))
    .as('here')
  return sql
    .select({ evseId: evses.id })
    .from(evses)
    .innerJoin(locations, eq(locations.id, evses.locationId))
    .innerJoin(connections, eq(connections.id, evses.connectionId))
    .crossJoin(here)
    .where(
      and(
        eq(evses.status, 'AVAILABLE'),
        eq(connections.status, 'live'),
        ne(evses.id, evseId),
        ne(evses.evseKey, here.key),
        raw`${locations.latitude} between ${here.latitude} - 0.1 and ${here.latitude} + 0.1`,
        raw`${locations.longitude} between ${here.longitude} - 0.15 and ${here.longitude} + 0.15`,
      ),
    )
    .orderBy(
      raw`power(${locations.latitude} - ${here.latitude}, 2) + power(${locations.longitude} - ${here.longitude}, 2)`,
      asc(evses.id),
    )
    .limit(limit)
}

/** The EVSEs of a connection in the order of their uid. */
export async function evseIdsOf(sql: Sql, connectionId: string): Promise<string[]> {
  const rows = await sql
    .select({ id: evses.id })
    .from(evses)
    .where(eq(evses.connectionId, connectionId))
    .orderBy(asc(evses.ocpiUid))
  return rows.map((row) => row.id)
}

const selectPlace = fixedStatement<
  { evseCode: string; cpoId: string; protocol: Connection['protocol'] },
  { evseId: string }
>(
  () => raw`select e.evse_id as "evseCode", e.cpo_id as "cpoId", k.protocol from evses e
    join connections k on k.id = e.connection_id where e.id = ${arg('evseId')}`,
)

/** Whose an EVSE is, and what its charger speaks. */
export async function placeOfEvse(sql: Sql, evseId: string) {
  const [row] = await selectPlace(sql, { evseId })
  return row
}
