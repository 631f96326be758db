// OCPI 2.2.1 §11 as receiver. Whatever the CPO publishes is kept; what cannot be priced is kept with the reason and
// not sold. A change is a new version: quotes keep the one they were made of.
import type { ConnectionRow } from '@chargelane/db/queries/locations/connections'
import {
  confirmTariffs,
  latestTariff,
  type TariffRef,
} from '@chargelane/db/queries/locations/tariffs'
import { takeTariff, type TakenTariff, takeWithdrawal } from '@chargelane/corridor/supply/inbox'
import { parseJson } from '../../link/client.ts'
import { answerOk, type OcpiApp, pathId, type Roaming } from '../../link/server.ts'
import { unknownObject } from '../../link/status.ts'
import type { Edition, TariffRead } from '../edition.ts'
import { readObject, requireSameIds } from './objects.ts'
import { readAsParty, writeAsParty } from './parties.ts'
import { type Pulled, pullList } from './pull.ts'
import { editionOf } from './versions.ts'

export const mountTariffs = (roaming: Roaming, edition: Edition) => (app: OcpiApp) => {
  const path = `/${edition.version}/tariffs/:country_code/:party_id/:id`
  app.get(path, async (context) => {
    const connection = await readAsParty(roaming, context)
    const row = await latestTariff(roaming.db, refOf(connection, pathId(context, 'id')))
    if (row === undefined || row.status === 'withdrawn') throw unknownObject('the tariff')
    return answerOk(roaming, context, parseJson(row.raw))
  })
  app.put(path, async (context) => {
    const connection = await writeAsParty(roaming, context)
    const read = edition.tariff(await readObject(roaming, context), connection)
    requireSameIds(connection, pathId(context, 'id'), read.named)
    const outcome = await take(roaming, connection, read, await context.req.text())
    return answerOk(roaming, context, undefined, outcome === 'created' ? 201 : 200)
  })
  app.delete(path, async (context) => {
    const connection = await readAsParty(roaming, context)
    const ref = refOf(connection, pathId(context, 'id'))
    const row = await takeWithdrawal(roaming.db, ref, roaming.now().toISOString())
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

/** Takes one tariff, from a PUT or a pull; `text` is the object as received. */
async function take(
  { db, log, now }: Roaming,
  channel: ConnectionRow,
  { named, object }: TariffRead,
  text: string,
): Promise<TakenTariff['kind']> {
  const { version: edition } = editionOf(channel)
  const at = now().toISOString()
  const told = { channel, tariffId: named.id, object, text, edition, at }
  const { kind, tariffId, unsold } = await takeTariff(db, told)
  if (kind !== 'unchanged' && unsold.length > 0) {
    const problems = unsold.slice(0, 5)
    log.warn({ connection: channel.id, tariff: tariffId, problems }, 'tariff not sold')
  }
  return kind
}

/**
 * The peer's tariffs, all or those changed since an instant; what is held is then known to be what the peer has. Throws
 * `PeerError`.
 */
export function pullTariffs(
  roaming: Roaming,
  connection: ConnectionRow,
  dateFrom?: string,
): Promise<Pulled> {
  const startedAt = roaming.now().toISOString()
  return pullList(roaming, connection, {
    module: 'tariffs',
    dateFrom,
    timeoutMs: 30_000,
    read: editionOf(connection).tariff,
    take: async (read, text, channel) => {
      await take(roaming, channel, read, text)
    },
    // One that could not be read, or was not shown, is still the peer's.
    close: (isWhole) =>
      confirmTariffs(roaming.db, connection.id, {
        startedAt,
        isComplete: dateFrom === undefined && isWhole,
      }),
  })
}
