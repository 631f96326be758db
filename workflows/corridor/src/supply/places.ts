// Where chargers stand and in which state they are, as their CPO publishes it.
import type { Sql } from '@chargelane/db'
import { changeEvseStatus, upsertLocations } from '@chargelane/db/queries/locations/locations'
import { recheckTariffs } from './tariffs.ts'
import type { EvseChange, PublishedPlaces } from './words.ts'

/**
 * Takes whole locations with their EVSEs and states; an older one than we hold changes nothing. Rules of power and market
 * depend on where a tariff is used, so a change that concerns prices has the tariffs concerned judged anew.
 */
export async function takeStatus(sql: Sql, places: PublishedPlaces): Promise<{ kind: 'taken' }> {
  const { channel, locations, at } = places
  if (locations.length > 0)
    await upsertLocations(sql, { connectionId: channel.id, cpoId: channel.cpoId }, [...locations])
  if (places.concernsPrice === 'all') await recheckTariffs(sql, channel, at)
  if (places.concernsPrice === 'these')
    for (const { ocpiId } of locations) await recheckTariffs(sql, channel, at, ocpiId)
  return { kind: 'taken' }
}

/**
 * Takes the new state of one EVSE, which concerns no price. `unfit` when the EVSE is not held or held newer; nothing is
 * changed then, and the whole location decides.
 */
export async function takeEvseStatus(
  sql: Sql,
  { channel, place, status, object, at }: EvseChange,
): Promise<{ kind: 'taken' | 'unfit' }> {
  const { id: connectionId, countryCode, partyId } = channel
  const { locationId: locationOcpiId, evseUid } = place
  const ref = { connectionId, countryCode, partyId, locationOcpiId, evseUid }
  const isTaken = await changeEvseStatus(sql, ref, { status, at, change: object })
  return { kind: isTaken ? 'taken' : 'unfit' }
}
