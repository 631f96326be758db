// OCPI 2.2.1 §10: the CPO's record of a session. Immutable: the same again is fine, another content under the same
// id is put aside (failures F38), and nothing is ever overwritten.
import { cdrById } from '@chargelane/db/queries/sessions/cdrs'
import type { ConnectionRow } from '@chargelane/db/queries/locations/connections'
import { takeRecord, type TakenRecord } from '@chargelane/corridor/supply/inbox'
import { z } from 'zod'
import { parseJson } from '../../link/client.ts'
import { recordCall } from '../../link/health.ts'
import { listObjects } from '../../link/paging.ts'
import {
  answerOk,
  type OcpiApp,
  type OcpiContext,
  pathId,
  readBody,
  type Roaming,
} from '../../link/server.ts'
import { requireOwn } from './sessions.ts'
import { invalid, OcpiRefusal, ocpiStatus, problemOf, unknownObject } from '../../link/status.ts'
import { editionOf, endpointOf, ourModuleUrl, peerOf } from './versions.ts'
import type { Edition } from '../edition.ts'
import { unwrapSingle } from '../wire.ts'

const zObject = z.record(z.string(), z.unknown())

export const mountCdrs = (roaming: Roaming, edition: Edition) => (app: OcpiApp) => {
  const path = `/${edition.version}/cdrs`
  app.post(path, async (context) => {
    const { connection } = context.get('caller')
    const body = zObject.parse(unwrapSingle(await readBody(context)))
    const { named } = edition.record(body)
    requireOwn(connection, named)
    const taken = await takeCdr(roaming, connection, body, await context.req.text())
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
  return answerOk(roaming, context, parseJson(row.raw))
}

export type TakenCdr = Exclude<TakenRecord, { kind: 'refused' }>

/**
 * Takes one CDR, from a POST or a pull; `text` is the object as received. Throws `OcpiRefusal` 2001 with the field
 * when it cannot be read as a record.
 */
export async function takeCdr(
  roaming: Roaming,
  connection: ConnectionRow,
  object: Record<string, unknown>,
  text: string,
): Promise<TakenCdr> {
  const { told } = editionOf(connection).record(object)
  const at = roaming.now().toISOString()
  const taken = await roaming.db.tx((tx) =>
    takeRecord(tx, { ...told, kind: 'peer', channel: connection, object, text, at }),
  )
  if (taken.kind === 'refused') throw invalid(`${taken.path}: ${taken.message}`)
  return taken
}

/** Pulls the peer's CDRs changed since an instant (§10.2.1.1) and takes each. Throws `PeerError`. */
export async function pullCdrs(
  roaming: Roaming,
  connection: ConnectionRow,
  dateFrom: string,
  options: { sessionId?: string; timeoutMs?: number } = {},
): Promise<TakenCdr[]> {
  const endpoint = endpointOf(connection, 'cdrs', 'SENDER')
  if (endpoint === undefined) return []
  const taken: TakenCdr[] = []
  const objects = listObjects(roaming.client, peerOf(connection), {
    module: 'cdrs',
    endpoint,
    dateFrom,
    ...options,
  })
  await recordCall(roaming, connection, async () => {
    for await (const { object, text } of objects) {
      const problem = await problemOf(async () => {
        const cdr = zObject.parse(object)
        requireOwn(connection, editionOf(connection).record(cdr).named)
        taken.push(await takeCdr(roaming, connection, cdr, text))
      })
      if (problem !== undefined)
        roaming.log.warn({ connection: connection.id, problem }, 'unusable CDR')
    }
  })
  return taken
}
