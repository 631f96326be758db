// Where chargers stand and in which state they are, as their CPO publishes it.
import type { Sql } from '@chargelane/db'
import { upsertLocations } from '@chargelane/db/queries/locations/locations'
import { recheckTariffs } from './tariffs.ts'
import type { PublishedPlaces } from './words.ts'

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
