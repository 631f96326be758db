// A record that was put aside, decided by a person: it is billed to its session by the same path as every other, or it is
// refused for good.
import type { Db, Tx } from '@chargelane/db'
import { findConnection } from '@chargelane/db/queries/locations/connections'
import { appendEvent } from '@chargelane/db/queries/outbox/outbox'
import {
  adoptCdr,
  cdrById,
  type CdrRow,
  cdrSeenBy,
  judgeCdr,
} from '@chargelane/db/queries/sessions/cdrs'
import { lockRecordsOf } from '@chargelane/db/queries/sessions/owners'
import { getSession, noteSession, type SessionRow } from '@chargelane/db/queries/sessions/sessions'
import { recordSupplyEvent } from '@chargelane/db/queries/sessions/supply'
import { DomainError, missing } from '@chargelane/openapi/vocabulary/errors'
import type { Money } from '@chargelane/openapi/vocabulary/money'
import type { By } from '../books/decision.ts'
import { asideOf } from './aside.ts'
import { whyNotBillable } from './exits.ts'
import { termsOf } from './terms.ts'

const refused = (message: string) => new DomainError('invalid_transition', message)
const wrongSession = (message: string) =>
  new DomainError('invalid_value', `session: ${message}`, { param: 'session' })

type Decision = { cdrId: string; reason: string }

/** The record under the lock of its session's records, or under its own while it has none. */
export async function lockedRecord(
  tx: Tx,
  cdrId: string,
  named: string | undefined,
): Promise<CdrRow> {
  const seen = await cdrById(tx, cdrId)
  await lockRecordsOf(tx, seen?.sessionId ?? named ?? cdrId)
  const row = await cdrById(tx, cdrId)
  if (row === undefined) throw missing('record')
  return row
}

/** Whose a record is: its own session, or for one without any the session that was named. */
export async function ownerOf(tx: Tx, cdr: CdrRow, named: string | undefined): Promise<SessionRow> {
  const id = cdr.sessionId ?? named
  if (id === undefined) throw wrongSession('is needed, since the record has none')
  if (named !== undefined && named !== id) throw wrongSession(`the record is of ${id}`)
  const session = await getSession(tx, 'all', id)
  if (session === undefined) throw missing('session')
  if (cdr.sessionId !== null) return session
  const connection = await findConnection(tx, cdr.connectionId)
  if (connection?.cpoId !== session.cpoId) throw wrongSession('is of another operator')
  if (cdr.tokenKey !== session.tokenKey)
    throw wrongSession('was started with another card than the record names')
  return session
}

const isCredit = ({ verdict }: CdrRow): boolean =>
  verdict !== null && 'reason' in verdict && verdict.reason === 'credit'

/** The session hears of the record as if it had just come, and bills it by what it states, within the price. */
export function adoptRecord(
  db: Db,
  { cdrId, reason, sessionId: named }: Decision & { sessionId: string | undefined },
  { keyId: by, now }: By,
): Promise<boolean> {
  return db.tx(async (tx) => {
    const cdr = await lockedRecord(tx, cdrId, named)
    // Done before: the incident was not resolved then.
    if (cdr.adoption !== null && cdr.status !== 'quarantined') return true
    if (cdr.status !== 'quarantined' || isCredit(cdr))
      throw refused(`Record ${cdrId} is ${isCredit(cdr) ? 'a credit' : cdr.status}.`)
    const session = await ownerOf(tx, cdr, named)
    const why = await whyNotBillable(tx, cdr, session, now)
    if (why !== undefined) throw refused(why)
    const { id: sessionId } = session
    // Its hours are those of the place where it is now known to have happened.
    const { timeZone } = await termsOf(tx, sessionId)
    const usage = { ...cdr.usage, time_zone: timeZone }
    await adoptCdr(tx, cdrId, { sessionId, usage, adoption: { by, reason, at: now } })
    await noteSession(tx, sessionId, {
      room: 'record',
      what: 'record adopted',
      detail: { cdr: cdrId, reason, by },
      dedupeKey: `${cdrId}:adopted:${now}`,
      at: now,
    })
    const fact = { kind: 'record_received', at: now, cdrId, isAdopted: true } as const
    await recordSupplyEvent(tx, sessionId, `cdr:${cdrId}:adopted:${now}`, fact)
    return true
  })
}

type Ending = {
  what: 'record refused' | 'record written off' | 'record granted'
  reason: string
  granted?: Money
}

/** Nobody is ever billed by it; its operator hears why, and what it was granted for it. */
export async function endRecord(
  tx: Tx,
  { id: cdrId, connectionId, sessionId }: CdrRow,
  { what, reason, granted }: Ending,
  { keyId: by, now: at }: By,
): Promise<void> {
  const kept = asideOf('refused', reason, 'rejected')
  await judgeCdr(tx, cdrId, 'rejected', kept)
  const more = granted === undefined ? {} : { granted }
  const connection = await findConnection(tx, connectionId)
  if (connection !== undefined)
    await appendEvent(tx, {
      accountId: connection.cpoId,
      type: 'cdr.rejected',
      objectId: cdrId,
      data: await cdrSeenBy(tx, cdrId, 'cpo'),
      context: {
        rules: kept.verdict.rules,
        reasons: kept.diagnosis.reasons,
        detail: reason,
        ...more,
      },
      dedupeKey: `${cdrId}:refused:cpo`,
      at,
    })
  if (sessionId === null || (await getSession(tx, 'all', sessionId)) === undefined) return
  await noteSession(tx, sessionId, {
    room: 'record',
    what,
    detail: { cdr: cdrId, reason, by, ...more },
    dedupeKey: `${cdrId}:refused`,
    at,
  })
}

/** Its operator bears it. */
export function refuseRecord(
  db: Db,
  { cdrId, reason }: Decision,
  by: By,
  what: Ending['what'] = 'record refused',
): Promise<boolean> {
  return db.tx(async (tx) => {
    const cdr = await lockedRecord(tx, cdrId, undefined)
    if (cdr.status === 'rejected') return true
    if (cdr.status !== 'quarantined') throw refused(`Record ${cdrId} is ${cdr.status}.`)
    await endRecord(tx, cdr, { what, reason }, by)
    return true
  })
}
