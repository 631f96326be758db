// OCPI 2.2.1 §10: the CPO's record of a session. Immutable: the same again is fine, another content under the same
// id is put aside (failures F38), and nothing is ever overwritten.
import { createHash } from 'node:crypto'
import type { Tx } from '@chargelane/db'
import {
  acceptedCdrOf,
  cdrById,
  type CdrRow,
  creditedCdr,
  cdrSeenBy,
  judgeCdr,
  markCredited,
  type NewCdr,
  storeCdr,
} from '@chargelane/db/queries/sessions/cdrs'
import type { ConnectionRow } from '@chargelane/db/queries/locations/connections'
import {
  cdrIdAsFirstSeen,
  findOcpiEvse,
  findOcpiSession,
  lockOcpiObject,
  ocpiCharger,
  sessionOfOcpi,
} from '@chargelane/db/queries/roaming/ocpi'
import { evseKey } from '@chargelane/db/queries/locations/locations'
import { appendEvent } from '@chargelane/db/queries/outbox/outbox'
import { changeSession, getSession } from '@chargelane/db/queries/sessions/sessions'
import { recordSupplyEvent } from '@chargelane/db/queries/sessions/supply'
import { canonicalText } from '@chargelane/rules/canonical'
import { contractTermMs, judgeCredit } from '@chargelane/rules/record'
import { fromDecimal, isKnownCurrency } from '@chargelane/rules/money'
import { reasonsOfRules } from '@chargelane/rules/record/dispute'
import { putAside, type VerdictRule } from '@chargelane/rules/record/public-price'
import { usageFromCdr } from '@chargelane/rules/rating'
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
import { isOwn } from './sessions.ts'
import { invalid, issueText, OcpiRefusal, ocpiStatus, unknownObject } from '../../link/status.ts'
import { endpointOf, ocpiVersion, ourModuleUrl, peerOf } from './versions.ts'
import { type OcpiCdr, unwrapSingle, zCdrIn } from '../v221/wire.ts'

const zObject = z.record(z.string(), z.unknown())

export const mountCdrs = (roaming: Roaming) => (app: OcpiApp) => {
  const path = `/${ocpiVersion}/cdrs`
  app.post(path, async (context) => {
    const { connection } = context.get('caller')
    const body = zObject.parse(unwrapSingle(await readBody(context)))
    const cdr = zCdrIn.parse(body)
    // A CDR has no party in its URL; one of another party is as unknown as its objects (security fact 28).
    if (!isOwn(connection, cdr)) throw unknownObject('the party')
    const taken = await takeCdr(roaming, connection, body, await context.req.text())
    if (taken.sessionId !== null) context.set('sessionId', taken.sessionId)
    if (taken.kind === 'conflict') {
      throw new OcpiRefusal(
        ocpiStatus.clientError,
        `CDR ${cdr.id} was received before with other content; a correction is a credit CDR and a new CDR`,
      )
    }
    context.header('location', `${ourModuleUrl(roaming, 'cdrs')}/${taken.cdrId}`)
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

export type TakenCdr = {
  kind: 'stored' | 'same' | 'conflict'
  cdrId: string
  sessionId: string | null
}

/**
 * Takes one CDR, from a POST or a pull; `text` is the object as received. Throws `OcpiRefusal` 2001 with the field
 * when it cannot be read as a record.
 */
export async function takeCdr(
  roaming: Roaming,
  connection: ConnectionRow,
  body: Record<string, unknown>,
  text: string,
): Promise<TakenCdr> {
  const cdr = zCdrIn.parse(body)
  if (!isKnownCurrency(cdr.currency)) throw invalid(`currency: ${cdr.currency} is not known`)
  return roaming.db.tx(async (tx) => {
    await lockOcpiObject(tx, [connection.id, 'cdr', cdr.id])
    const owner = await ownerOf(tx, connection, cdr)
    const usage = usageFromCdr(cdr, owner.timeZone)
    if (!usage.ok) {
      throw invalid(usage.problems.map(({ path, message }) => `${path}: ${message}`).join('; '))
    }
    const at = roaming.now().toISOString()
    const { excl_vat, incl_vat } = cdr.total_cost
    const record: NewCdr = {
      sessionId: owner.sessionId,
      connectionId: connection.id,
      source: 'ocpi',
      countryCode: connection.countryCode,
      partyId: connection.partyId,
      ocpiId: await cdrIdAsFirstSeen(tx, connection.id, cdr.id),
      contentHash: createHash('sha256').update(canonicalText(body)).digest('hex'),
      raw: text,
      usage: usage.usage,
      currency: cdr.currency,
      totalExclMinor: fromDecimal(excl_vat, cdr.currency).amount,
      totalInclMinor: incl_vat === undefined ? null : fromDecimal(incl_vat, cdr.currency).amount,
      receivedAt: at,
    }
    const { kind: found, cdr: stored } = await storeCdr(tx, record)
    const kind = found === 'conflict' && isSameRecord(stored, record) ? 'same' : found
    if (kind === 'conflict') await quarantine(tx, connection, record, stored)
    if (kind === 'stored') await tell(tx, connection, cdr, record, stored.id)
    return { kind, cdrId: stored.id, sessionId: stored.sessionId }
  })
}

/**
 * Whether two texts say the same of the sale. A peer may write a record differently when it is pulled (ids in lower
 * case, fields left out or misspelt); what is used and what it costs is the record.
 */
const isSameRecord = (first: CdrRow, second: NewCdr) => substance(first) === substance(second)

function substance(record: CdrRow | NewCdr): string {
  const { usage, currency, totalExclMinor, totalInclMinor } = record
  return canonicalText({ usage, currency, totalExclMinor, totalInclMinor })
}

/** What a record that is put aside keeps, in the words of every other verdict. */
function asideOf(
  rule: VerdictRule,
  detail: string,
  more: Record<string, unknown> = {},
  kind: 'quarantined' | 'rejected' = 'quarantined',
) {
  const verdict = putAside(rule, detail, kind)
  return { ...more, input: null, verdict, diagnosis: reasonsOfRules(verdict.rules) }
}

/** A fresh record goes to its session; one that nobody can bill waits for the operator. */
async function tell(
  tx: Tx,
  connection: ConnectionRow,
  cdr: OcpiCdr,
  record: NewCdr,
  cdrId: string,
): Promise<void> {
  if (cdr.credit) return takeCredit(tx, connection, cdr, record, cdrId)
  const { sessionId } = record
  if (sessionId === null) {
    const kept = asideOf('session_unknown', 'no session of ours is known to this record', {
      reason: 'session_unknown',
    })
    await judgeCdr(tx, cdrId, 'quarantined', kept)
    return
  }
  const first = await acceptedCdrOf(tx, sessionId, cdrId)
  if (first !== undefined) return putDuplicateAside(tx, connection, cdrId, first)
  const session = await getSession(tx, 'all', sessionId)
  const endedAt = session?.endedAt ?? null
  if (endedAt !== null && Date.parse(record.receivedAt) - Date.parse(endedAt) > contractTermMs)
    return rejectOld(tx, connection, record, cdrId, { sessionId, endedAt })
  await recordSupplyEvent(tx, sessionId, `cdr:${cdrId}`, {
    kind: 'record_received',
    at: record.receivedAt,
    cdrId,
  })
}

/** One session, one sale: what comes after the record that was accepted is kept and never billed (failures F38). */
async function putDuplicateAside(
  tx: Tx,
  connection: ConnectionRow,
  cdrId: string,
  first: CdrRow,
): Promise<void> {
  const detail = `${first.ocpiId} was accepted for this session before`
  await judgeCdr(tx, cdrId, 'quarantined', asideOf('duplicate_record', detail))
  await appendEvent(tx, {
    accountId: connection.cpoId,
    type: 'cdr.mismatch',
    objectId: cdrId,
    data: await cdrSeenBy(tx, cdrId, 'cpo'),
    context: { rules: ['duplicate_record'], other_cdr: first.id },
    dedupeKey: `cdr:${cdrId}:duplicate:cpo`,
  })
}

/** After the term of the contract the driver is not billed, nor billed again; the CPO is told why (failures F35). */
async function rejectOld(
  tx: Tx,
  connection: ConnectionRow,
  record: NewCdr,
  cdrId: string,
  { sessionId, endedAt }: { sessionId: string; endedAt: string },
): Promise<void> {
  const days = contractTermMs / 86_400_000
  const detail = `the session ended at ${endedAt}; its record came at ${record.receivedAt}, more than ${days} days later`
  const kept = asideOf('record_too_old', detail, {}, 'rejected')
  await judgeCdr(tx, cdrId, 'rejected', kept)
  const { verdict, diagnosis } = kept
  const { rules } = verdict
  const { reasons } = diagnosis
  await appendEvent(tx, {
    accountId: connection.cpoId,
    type: 'cdr.rejected',
    objectId: cdrId,
    data: await cdrSeenBy(tx, cdrId, 'cpo'),
    context: { rules, reasons, detail },
    dedupeKey: `${cdrId}:judged:cpo`,
  })
  await changeSession(
    tx,
    sessionId,
    {},
    {
      event: { type: 'cdr.rejected', data: await cdrSeenBy(tx, cdrId, 'partner') },
      room: 'cdr',
      what: 'a record came after its term and was rejected',
      detail: { cdr: cdrId, rules },
      dedupeKey: `${sessionId}:judged:${cdrId}`,
      at: record.receivedAt,
    },
  )
}

/**
 * OCPI 2.2.1 §10.3.1: a credit takes a whole record back. Before anything was billed the two cancel out and the session
 * waits for the record that follows; afterwards the credit waits until the money is given back.
 */
async function takeCredit(
  tx: Tx,
  connection: ConnectionRow,
  cdr: OcpiCdr,
  record: NewCdr,
  cdrId: string,
): Promise<void> {
  const reference = cdr.credit_reference_id ?? null
  const original = await creditedCdr(tx, {
    connectionId: connection.id,
    reference,
    sessionId: record.sessionId,
    creditId: cdrId,
  })
  const decision = judgeCredit({
    credit: record,
    original: original && { ...original, isBilled: isBilled(original) },
  })
  const { rule, kind, detail } = decision
  const verdict = putAside(rule, detail, kind)
  await judgeCdr(tx, cdrId, kind, {
    reason: 'credit',
    credits: reference,
    input: null,
    verdict,
    diagnosis: reasonsOfRules(verdict.rules),
  })
  if (decision.reverses && original !== undefined) await markCredited(tx, original.id)
  const context = { cdr: cdrId, credits: original?.id ?? reference, rule, detail }
  // A credit that holds is news of the record it takes back; any other is a record put aside.
  const told = decision.reverses && original !== undefined ? original.id : cdrId
  const dedupeKey = `cdr:${cdrId}:credit`
  await appendEvent(tx, {
    accountId: connection.cpoId,
    type: decision.reverses ? 'cdr.credited' : 'cdr.mismatch',
    objectId: told,
    data: await cdrSeenBy(tx, told, 'cpo'),
    context,
    dedupeKey: `${dedupeKey}:cpo`,
  })
  const sessionId = original?.sessionId ?? record.sessionId
  if (sessionId === null || (await getSession(tx, 'all', sessionId)) === undefined) return
  await changeSession(tx, sessionId, decision.reverses ? { recordStatus: 'credited' } : {}, {
    ...(decision.reverses
      ? { event: { type: 'cdr.credited', data: await cdrSeenBy(tx, told, 'partner') } }
      : {}),
    room: 'cdr',
    what: 'credit CDR received',
    detail: context,
    dedupeKey,
    at: record.receivedAt,
  })
}

/** Accepted means that the money is on its way, booked or not. */
const isBilled = ({ status }: CdrRow) => status === 'accepted' || status === 'adjusted'

/** Failures F38: both contents are kept, the first stays the record, partner and CPO hear of it. */
async function quarantine(
  tx: Tx,
  connection: ConnectionRow,
  record: NewCdr,
  first: { id: string; sessionId: string | null; ocpiId: string; contentHash: string },
): Promise<void> {
  const second = await storeCdr(tx, {
    ...record,
    sessionId: null,
    ocpiId: `${record.ocpiId}#${record.contentHash.slice(0, 16)}`,
  })
  if (second.kind !== 'stored') return
  const detail = {
    cdr: first.id,
    ocpi_id: first.ocpiId,
    content_hash: first.contentHash,
    other_cdr: second.cdr.id,
    other_content_hash: record.contentHash,
  }
  const kept = asideOf('conflicting_content', 'other content came under a known id', {
    reason: 'conflict',
    ...detail,
  })
  await judgeCdr(tx, second.cdr.id, 'quarantined', kept)
  const dedupeKey = `cdr:${first.id}:conflict:${record.contentHash}`
  await appendEvent(tx, {
    accountId: connection.cpoId,
    type: 'cdr.conflict',
    objectId: first.id,
    data: await cdrSeenBy(tx, first.id, 'cpo'),
    context: detail,
    dedupeKey: `${dedupeKey}:cpo`,
  })
  if (first.sessionId === null || (await getSession(tx, 'all', first.sessionId)) === undefined)
    return
  await changeSession(
    tx,
    first.sessionId,
    {},
    {
      event: { type: 'cdr.conflict', data: await cdrSeenBy(tx, first.id, 'partner') },
      room: 'cdr',
      what: 'a second content under a known CDR id was put aside',
      detail,
      dedupeKey,
      at: record.receivedAt,
    },
  )
}

/** Whose record it is, and in which time zone its EVSE stands. */
async function ownerOf(
  tx: Tx,
  connection: ConnectionRow,
  cdr: OcpiCdr,
): Promise<{ sessionId: string | null; timeZone: string }> {
  const place = cdr.cdr_location
  const evse = await findOcpiEvse(tx, connection.id, {
    locationId: place?.id,
    evseUid: place?.evse_uid,
    evseKey: place?.evse_id === undefined ? undefined : evseKey(place.evse_id),
  })
  const linked =
    cdr.session_id === undefined
      ? undefined
      : await findOcpiSession(tx, {
          connectionId: connection.id,
          countryCode: connection.countryCode,
          partyId: connection.partyId,
          ocpiId: cdr.session_id,
        })
  const named =
    linked === undefined || linked.sessionId === null
      ? undefined
      : await getSession(tx, 'all', linked.sessionId)
  const session =
    named ??
    (await sessionOfOcpi(tx, connection.id, {
      reference: cdr.authorization_reference,
      tokenUid: cdr.cdr_token?.uid,
      evseId: evse?.evseId,
      ocpiSessionId: cdr.session_id,
      startedAt: cdr.start_date_time,
    }))
  // A session started at the charger may have its record before its row: the link names it all the same.
  const sessionId = session?.id ?? linked?.sessionId ?? null
  const charger = session === undefined ? undefined : await ocpiCharger(tx, session.evseId)
  return { sessionId, timeZone: charger?.location.timeZone ?? evse?.timeZone ?? 'UTC' }
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
      const read = zCdrIn.safeParse(object)
      if (!read.success) {
        const problem = issueText(read.error)
        roaming.log.warn({ connection: connection.id, problem }, 'unreadable CDR')
      } else if (isOwn(connection, read.data)) {
        const cdr = await takePulled(roaming, connection, object, text)
        if (cdr !== undefined) taken.push(cdr)
      }
    }
  })
  return taken
}

async function takePulled(
  roaming: Roaming,
  connection: ConnectionRow,
  object: unknown,
  text: string,
) {
  try {
    return await takeCdr(roaming, connection, zObject.parse(object), text)
  } catch (error) {
    if (!(error instanceof OcpiRefusal)) throw error
    roaming.log.warn({ connection: connection.id, problem: error.message }, 'unusable CDR')
    return undefined
  }
}
