// OCPI 2.2.1 §10: the CPO's record of a session. Immutable: the same again is fine, another content under the same
// id is put aside (failures F38), and nothing is ever overwritten.
import { recordText } from '@chargelane/db/queries/sessions/record-text'
import { cdrById } from '@chargelane/db/queries/sessions/cdrs'
import type { ConnectionRow } from '@chargelane/db/queries/locations/connections'
import { takeRecord, type TakenRecord } from '@chargelane/corridor/supply/inbox'
import { parseJson } from '../../link/client.ts'
import {
  answerOk,
  type OcpiApp,
  type OcpiContext,
  pathId,
  type Roaming,
} from '../../link/server.ts'
import { invalid, OcpiRefusal, ocpiStatus, unknownObject } from '../../link/status.ts'
import type { Edition, RecordRead } from '../edition.ts'
import { readObject } from './objects.ts'
import { chargeOfRecord, partyNamed, takenAs } from './parties.ts'
import { type Pulled, pullList } from './pull.ts'
import { editionOf, ourModuleUrl } from './versions.ts'

export const mountCdrs = (roaming: Roaming, edition: Edition) => (app: OcpiApp) => {
  const path = `/${edition.version}/cdrs`
  app.post(path, async (context) => {
    const { connection: caller } = context.get('caller')
    const read = edition.record(await readObject(roaming, context), caller)
    const { named } = read
    const connection = await takenAs(roaming, caller, partyNamed(named), () => chargeOfRecord(read))
    const taken = await take(roaming, connection, read, await context.req.text())
    if (taken.sessionId !== null) context.set('sessionId', taken.sessionId)
    if (taken.kind === 'conflict') {
      throw new OcpiRefusal(
        ocpiStatus.clientError,
        `CDR ${named.id} was received before with other content; a correction is a credit CDR and a new CDR`,
      )
    }
    context.header('location', `${ourModuleUrl(roaming, edition, 'cdrs')}/${taken.cdrId}`)
    return answerOk(roaming, context, undefined, taken.kind === 'stored' ? 201 : 200)
  })
  app.get(`${path}/:id`, (context) => readBack(roaming, context))
}

async function readBack(roaming: Roaming, context: OcpiContext): Promise<Response> {
  const { connection } = context.get('caller')
  const row = await cdrById(roaming.db, pathId(context, 'id'))
  if (row === undefined || row.connectionId !== connection.id || row.source !== 'ocpi') {
    throw unknownObject('the CDR')
  }
  return answerOk(roaming, context, parseJson(recordText(row)))
}

/** Takes one CDR, from a POST or a pull; `text` is the object as received. */
async function take(
  { db, now }: Roaming,
  channel: ConnectionRow,
  { told, object }: RecordRead,
  text: string,
): Promise<Exclude<TakenRecord, { kind: 'refused' }>> {
  const at = now().toISOString()
  const taken = await db.tx((tx) =>
    takeRecord(tx, { ...told, kind: 'peer', channel, object, text, at }),
  )
  if (taken.kind === 'refused') throw invalid(`${taken.path}: ${taken.message}`)
  return taken
}

/** The peer's CDRs changed since an instant (§10.2.1.1). Throws `PeerError`. */
export const pullCdrs = (
  roaming: Roaming,
  connection: ConnectionRow,
  dateFrom: string,
  options: { sessionId?: string; timeoutMs?: number } = {},
): Promise<Pulled> =>
  pullList(roaming, connection, {
    module: 'cdrs',
    dateFrom,
    ...options,
    read: editionOf(connection).record,
    charge: chargeOfRecord,
    take: async (read, text, channel) => {
      await take(roaming, channel, read, text)
    },
  })
