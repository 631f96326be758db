// The lists of a peer, each read to its end. A receiver pulls after an outage: there is no queue and no duty to push
// again (OCPI 2.2.1 §4.2.2). What one list has beyond the others is told by its module.
import type { ConnectionRow } from '@chargelane/db/queries/locations/connections'
import { recordCall } from '../../link/health.ts'
import { listObjects, type ListRequest } from '../../link/paging.ts'
import type { Roaming } from '../../link/server.ts'
import { problemOf } from '../../link/status.ts'
import type { Named, OcpiObject } from '../edition.ts'
import { requireOwn, zObject } from './objects.ts'
import { endpointOf, peerOf } from './versions.ts'

export type PulledList<Read extends { named: Named }> = Omit<ListRequest, 'endpoint'> & {
  /** Throws a `ZodError` or an `OcpiRefusal` that names the field at fault. */
  read: (object: OcpiObject) => Read
  /** One object of the peer's own, with its text as received; may refuse it like `read`. */
  take: (read: Read, text: string) => void | Promise<void>
  /** After the last one. */
  close?: () => Promise<void>
}

export type Pulled = { taken: number; refused: number }

/** A bad object is named in the log and stops no other (§4.1.4). Throws `PeerError`. */
export async function pullList<Read extends { named: Named }>(
  roaming: Roaming,
  connection: ConnectionRow,
  { read, take, close, ...request }: PulledList<Read>,
): Promise<Pulled> {
  const count = { taken: 0, refused: 0 }
  const { module } = request
  const endpoint = endpointOf(connection, module, 'SENDER')
  if (endpoint === undefined) return count
  const objects = listObjects(roaming.client, peerOf(connection), { ...request, endpoint })
  await recordCall(roaming, connection, async () => {
    for await (const { object, text } of objects) {
      const problem = await problemOf(async () => {
        const told = read(zObject.parse(object))
        requireOwn(connection, told.named)
        await take(told, text)
      })
      if (problem === undefined) count.taken++
      else {
        count.refused++
        roaming.log.warn({ connection: connection.id, module, problem }, 'unusable object')
      }
    }
  })
  await close?.()
  return count
}
