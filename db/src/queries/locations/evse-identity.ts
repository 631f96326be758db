// What proves that an EVSE is the one its EVSE-ID names. Alias `x`: an EVSE as it is to be stored.
import { and, eq, inArray, ne, sql as raw, type SQL } from 'drizzle-orm'
import { evseKey, readEvseId } from '@chargelane/rules/identity/evse-id'
import type { Sql, Tx } from '../../client.ts'
import { evses } from '../../schema.ts'

type Owner = { connectionId: string; cpoId: string }

const near250m = (a: SQL, b: SQL): SQL => {
  // 250 m in degrees of a meridian, on the sphere of 6,371,008.8 m.
  const reach = 0.0022483
  return raw`power(${a}.latitude - ${b}.latitude, 2)
    + power((${a}.longitude - ${b}.longitude) * cos(radians(${a}.latitude)), 2) <= ${raw.raw(`power(${reach}, 2)`)}`
}

/** The EVSE-ID's operator is the party of the connection or one granted to its CPO, and no other CPO has the EVSE-ID. */
const isProven = ({ connectionId, cpoId }: Owner) => raw`(
  (exists (select from connections k where k.id = ${connectionId} and k.country_code || '*' || k.party_id = x.operator
      and not exists (select from party_claims p where p.account_id = ${cpoId} and p.status <> 'verified'
        and p.country_code = k.country_code and p.party_id = k.party_id))
    or exists (select from party_claims p where p.account_id = ${cpoId} and p.status = 'verified'
      and p.country_code || '*' || p.party_id = x.operator))
  and not exists (select from evses o where o.evse_key = x."claimedKey" and o.cpo_id <> ${cpoId} and o.status <> 'REMOVED'))`

/**
 * The EVSE-ID names this EVSE alone: no other of the CPO has it that cannot be this one, because the same connection lists
 * it besides, it stands more than 250 m away, or no connector is of its kind.
 */
const isAlone = ({ connectionId, cpoId }: Owner) => raw`not exists (
  select from evses o join locations ol on ol.id = o.location_id join locations l on l.id = x."locationId"
  where o.cpo_id = ${cpoId} and o.evse_key = x."claimedKey" and o.status <> 'REMOVED'
    and (o.location_id, lower(o.ocpi_uid)) <> (x."locationId", lower(x."ocpiUid"))
    and (o.connection_id = ${connectionId} or not (${near250m(raw`l`, raw`ol`)})
      or cardinality(x.standards) > 0
        and exists (select from connectors c where c.evse_id = o.id)
        and not exists (select from connectors c where c.evse_id = o.id and c.standard = any (x.standards))))`

/**
 * Joined to `x`: its `identity`, and the `key` under which it is one with what other connections list. Without an EVSE-ID
 * that names it alone an EVSE is its own: nothing else is sold, started or locked in its place.
 */
export const identityOf = (owner: Owner): SQL => raw`cross join lateral (
    select case when x.operator is not null and not ${isProven(owner)} then 'unproven'
      when x."claimedKey" is not null and ${isAlone(owner)} then 'evse_id' else 'own_id' end as identity) known
  cross join lateral (
    select case when known.identity = 'evse_id' then x."claimedKey"
      else '#' || x."locationId" || '/' || upper(x."ocpiUid") end as key) named`

export type Identified = {
  /** Null where no EVSE-ID was given, or where the same list has given it to another EVSE. */
  claimedKey: string | null
  /** Also of an id of the operator's own that reads like an EVSE-ID: nothing is shown under a stranger's name. */
  operator: string | null
}

/** Of EVSEs listed together; of two with one EVSE-ID the first has it. */
export function createIdentifier(): (evse: {
  evseId: string | null
  ocpiUid: string
}) => Identified {
  const listed = new Set<string>()
  return ({ evseId, ocpiUid }) => {
    const read = readEvseId(evseId ?? ocpiUid)
    if (read === undefined) return { claimedKey: null, operator: null }
    const isRepeated = listed.has(read.key)
    if (evseId !== null) listed.add(read.key)
    const claimedKey = evseId === null || isRepeated ? null : read.key
    return { claimedKey, operator: read.operator }
  }
}

/** The EVSEs of a CPO under one operator's EVSE-IDs are judged anew: what it may use has changed. */
export async function judgeEvses(tx: Tx, cpoId: string, operator: string): Promise<void> {
  const connections = await tx
    .selectDistinct({ connectionId: evses.connectionId })
    .from(evses)
    .where(and(eq(evses.cpoId, cpoId), eq(evses.operator, operator)))
  for (const { connectionId } of connections)
    await tx.execute(raw`
      update evses set evse_key = judged.key, identity = judged.identity
      from (select x.id, named.key, known.identity
        from (select e.id, e.location_id as "locationId", e.ocpi_uid as "ocpiUid", e.claimed_key as "claimedKey", e.operator,
            array(select c.standard from connectors c where c.evse_id = e.id and c.removed_at is null) as standards
          from evses e where e.connection_id = ${connectionId} and e.operator = ${operator}) x
        ${identityOf({ connectionId, cpoId })}) judged
      where evses.id = judged.id`)
}

/** The first of these EVSE-IDs that is known already, in whatever spelling: one EVSE-ID has one operator. */
export async function knownEvseId(
  sql: Sql,
  evseIds: readonly string[],
): Promise<string | undefined> {
  const keys = new Map(evseIds.map((id) => [evseKey(id), id]))
  const [row] = await sql
    .select({ key: evses.evseKey })
    .from(evses)
    .where(and(inArray(evses.evseKey, [...keys.keys()]), ne(evses.status, 'REMOVED')))
    .limit(1)
  return row && keys.get(row.key)
}
