// The lists of a peer, each read to its end. A receiver pulls after an outage: there is no queue and no duty to push
// again (OCPI 2.2.1 §4.2.2). What one list has beyond the others is told by its module.
import type { ConnectionRow } from '@chargelane/db/queries/locations/connections'
import type { StrangersCharge } from '@chargelane/corridor/supply/inbox'
import { recordCall } from '../../link/health.ts'
import { listObjects, type ListItem, type ListRequest } from '../../link/paging.ts'
import type { Roaming } from '../../link/server.ts'
import { problemOf } from '../../link/status.ts'
import type { Party } from '../../link/client.ts'
import type { Named, OcpiObject } from '../edition.ts'
import { requireNotAhead } from './objects.ts'
import { zObject } from '../wire.ts'
import { partyNamed, takenAs } from './parties.ts'
import { endpointOf, peerOf } from './versions.ts'

export type PulledList<Read extends { named: Named }> = Omit<ListRequest, 'endpoint'> & {
  /** Throws a `ZodError` or an `OcpiRefusal` that names the field at fault. */
  read: (object: OcpiObject, owner: Party) => Read
  /** What an object tells of a charge; other objects of a party that is not granted are put aside once a list. */
  charge?: (read: Read) => StrangersCharge
  /** One object, with its text as received and the connection as its party; may refuse it like `read`. */
  take: (read: Read, text: string, channel: ConnectionRow) => void | Promise<void>
  /** After the last one; whether these are all there are, each taken. */
  close?: (isWhole: boolean) => Promise<void>
}

/** `isCut`: the peer holds more than it has shown. */
export type Pulled = { taken: number; refused: number; isCut?: true }

const strangeMax = 2

/** A bad object is named in the log and stops no other (§4.1.4). Throws `PeerError`. */
export async function pullList<Read extends { named: Named }>(
  roaming: Roaming,
  connection: ConnectionRow,
  { read, charge, take, close, ...request }: PulledList<Read>,
): Promise<Pulled> {
  const count: Pulled = { taken: 0, refused: 0 }
  const { module } = request
  const endpoint = endpointOf(connection, module, 'SENDER')
  if (endpoint === undefined) return count
  const objects = listObjects(roaming.client, peerOf(connection), { ...request, endpoint })
  let [unread, strange] = [0, 0]
  /** What one object meets on our own side is that object's; what three in a row meet is ours. */
  const unlessOurs = (error: unknown): string => {
    strange += 1
    if (strange > strangeMax) throw error
    roaming.log.error({ connection: connection.id, module, err: error }, 'an object was not taken')
    return 'an internal error'
  }
  const parties = new Map<string, Promise<ConnectionRow>>()
  /** Each charge of a party that is not granted is put aside; of other objects its party, once a list. */
  const asParty = (told: Read): Promise<ConnectionRow> => {
    const party = partyNamed(told.named)
    if (charge !== undefined) return takenAs(roaming, connection, party, () => charge(told))
    const name = `${party.countryCode}*${party.partyId}`.toUpperCase()
    const known = parties.get(name) ?? takenAs(roaming, connection, party)
    parties.set(name, known)
    return known
  }
  const takeOne = async ({ object, text }: ListItem) => {
    let isOthers = false
    const problem = await problemOf(async () => {
      const plain = zObject.parse(object)
      requireNotAhead(plain, roaming.now())
      const told = read(plain, connection)
      isOthers = true
      const channel = await asParty(told)
      isOthers = false
      await take(told, text, channel)
    }).catch(unlessOurs)
    if (problem === undefined) {
      count.taken++
      strange = 0
    } else {
      count.refused++
      if (!isOthers) unread++
      roaming.log.warn({ connection: connection.id, module, problem }, 'unusable object')
    }
  }
  const isWhole = await recordCall(roaming, connection, async () => {
    for (;;) {
      const next = await objects.next()
      if (next.done === true) return next.value
      await takeOne(next.value)
    }
  })
  if (!isWhole) roaming.log.warn({ connection: connection.id, module, ...count }, 'list cut short')
  await close?.(isWhole && unread === 0)
  return isWhole ? count : { ...count, isCut: true }
}
