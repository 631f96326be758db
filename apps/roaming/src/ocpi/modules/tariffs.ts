// OCPI 2.2.1 §11 as receiver. Whatever the CPO publishes is kept; what cannot be priced is kept with the reason and
// not sold. A change is a new version: quotes keep the one they were made of.
import type { ConnectionRow } from '@chargelane/db/queries/locations/connections'
import {
  confirmTariffs,
  latestTariff,
  type TariffRef,
  withdrawTariff,
} from '@chargelane/db/queries/locations/tariffs'
import { takeTariff, type TakenTariff } from '@chargelane/corridor/supply/inbox'
import { z } from 'zod'
import { parseJson } from '../../link/client.ts'
import { recordCall } from '../../link/health.ts'
import { listObjects } from '../../link/paging.ts'
import {
  answerOk,
  type OcpiApp,
  pathId,
  readBody,
  requireOwnParty,
  type Roaming,
} from '../../link/server.ts'
import { requireOwn, requireSameIds } from './sessions.ts'
import { problemOf, unknownObject } from '../../link/status.ts'
import { editionOf, endpointOf, peerOf } from './versions.ts'
import type { Edition } from '../edition.ts'
import { unwrapSingle } from '../wire.ts'

const zObject = z.record(z.string(), z.unknown())

export const mountTariffs = (roaming: Roaming, edition: Edition) => (app: OcpiApp) => {
  const path = `/${edition.version}/tariffs/:country_code/:party_id/:id`
  app.get(path, async (context) => {
    const connection = requireOwnParty(context)
    const row = await latestTariff(roaming.db, refOf(connection, pathId(context, 'id')))
    if (row === undefined || row.status === 'withdrawn') throw unknownObject('the tariff')
    return answerOk(roaming, context, parseJson(row.raw))
  })
  app.put(path, async (context) => {
    const connection = requireOwnParty(context)
    const object = zObject.parse(unwrapSingle(await readBody(context)))
    requireSameIds(connection, pathId(context, 'id'), edition.tariff(object).named)
    const outcome = await takeObject(roaming, connection, object, await context.req.text())
    return answerOk(roaming, context, undefined, outcome === 'created' ? 201 : 200)
  })
  app.delete(path, async (context) => {
    const connection = requireOwnParty(context)
    const ref = refOf(connection, pathId(context, 'id'))
    const row = await withdrawTariff(roaming.db, ref, roaming.now().toISOString())
    if (row === undefined) throw unknownObject('the tariff')
    return answerOk(roaming, context)
  })
}

const refOf = (connection: ConnectionRow, ocpiId: string): TariffRef => ({
  connectionId: connection.id,
  countryCode: connection.countryCode,
  partyId: connection.partyId,
  ocpiId,
})

/** Stores a tariff of the connection's own party; `text` is the object as received. */
export async function takeObject(
  roaming: Roaming,
  connection: ConnectionRow,
  object: Record<string, unknown>,
  text: string,
): Promise<TakenTariff['kind']> {
  const edition = editionOf(connection)
  const read = edition.tariff(object)
  const { kind, tariffId, unsold } = await takeTariff(roaming.db, {
    channel: connection,
    tariffId: read.named.id,
    object: read.object,
    text,
    edition: edition.version,
    at: roaming.now().toISOString(),
  })
  if (kind !== 'unchanged' && unsold.length > 0) {
    const problems = unsold.slice(0, 5)
    roaming.log.warn({ connection: connection.id, tariff: tariffId, problems }, 'tariff not sold')
  }
  return kind
}

/**
 * Pulls the peer's tariffs, all or those changed since an instant; what is held is then known to be what the peer has.
 * Throws `PeerError`.
 */
export async function pullTariffs(
  roaming: Roaming,
  connection: ConnectionRow,
  dateFrom?: string,
): Promise<{ taken: number; refused: number }> {
  const endpoint = endpointOf(connection, 'tariffs', 'SENDER')
  if (endpoint === undefined) return { taken: 0, refused: 0 }
  const count = { taken: 0, refused: 0 }
  const startedAt = roaming.now().toISOString()
  const objects = listObjects(roaming.client, peerOf(connection), {
    module: 'tariffs',
    endpoint,
    ...(dateFrom === undefined ? {} : { dateFrom }),
    timeoutMs: 30_000,
  })
  await recordCall(roaming, connection, async () => {
    for await (const { object, text } of objects) {
      const problem = await problemOf(async () => {
        const tariff = zObject.parse(object)
        requireOwn(connection, editionOf(connection).tariff(tariff).named)
        await takeObject(roaming, connection, tariff, text)
      })
      if (problem === undefined) count.taken++
      else {
        count.refused++
        roaming.log.warn({ connection: connection.id, problem }, 'unusable tariff')
      }
    }
  })
  await confirmTariffs(roaming.db, connection.id, {
    startedAt,
    isComplete: dateFrom === undefined,
  })
  return count
}
