// Records that are kept and never billed, and the one place that says when a record is a duplicate (failures F38).
import { InvariantError } from '@chargelane/rules/assert'
import type { Tx } from '@chargelane/db'
import { findConnection } from '@chargelane/db/queries/locations/connections'
import {
  offerActions,
  openIncident,
  settleIncidents,
} from '@chargelane/db/queries/operations/incidents'
import { appendEvent } from '@chargelane/db/queries/outbox/outbox'
import {
  cdrById,
  type CdrRow,
  cdrSeenBy,
  cdrsOfSession,
  judgeCdr,
} from '@chargelane/db/queries/sessions/cdrs'
import { lockRecordsOf } from '@chargelane/db/queries/sessions/owners'
import type { IncidentKind } from '@chargelane/openapi/vocabulary/incidents'
import { compareExact, exact, exactOf, format, times, zero } from '@chargelane/rules/exact'
import { energyOf } from '@chargelane/rules/rating/usage'
import { reasonsOfRules } from '@chargelane/rules/record/dispute'
import { putAside, type VerdictRule } from '@chargelane/rules/record/public-price'
import { exitsOf } from './exits.ts'

/** What a record that is put aside keeps, in the words of every other verdict. */
export function asideOf(
  rule: VerdictRule,
  detail: string,
  kind: 'quarantined' | 'rejected' | 'accepted' = 'quarantined',
) {
  const verdict = putAside(rule, detail, kind)
  return { input: null, verdict, diagnosis: reasonsOfRules(verdict.rules) }
}

/** One session, one sale: every record but the accepted one is kept and never billed, and its CPO is told. */
export async function putDuplicateAside(
  tx: Tx,
  cpoId: string,
  cdrId: string,
  first: Pick<CdrRow, 'id' | 'ocpiId'>,
): Promise<void> {
  const detail = `${first.ocpiId} was accepted for this session before`
  await judgeCdr(tx, cdrId, 'quarantined', asideOf('duplicate_record', detail))
  await appendEvent(tx, {
    accountId: cpoId,
    type: 'cdr.mismatch',
    objectId: cdrId,
    data: await cdrSeenBy(tx, cdrId, 'cpo'),
    context: { rules: ['duplicate_record'], other_cdr: first.id },
    dedupeKey: `cdr:${cdrId}:duplicate:cpo`,
  })
}

const guessed = 'our own conclusion, which the record of the charge has replaced'

/**
 * A record was accepted: the others of its session that wait to be judged are duplicates of it, and what was put aside
 * of it before is settled.
 */
export async function putOthersAside(
  tx: Tx,
  cpoId: string,
  accepted: CdrRow,
  at: string,
): Promise<void> {
  for (const row of await cdrsOfSession(tx, accepted.sessionId ?? '')) {
    if (row.id === accepted.id) continue
    if (row.source === 'provisional') {
      // A guess that nobody is billed by, since the end was told.
      if (row.status === 'received')
        await judgeCdr(tx, row.id, 'rejected', asideOf('duplicate_record', guessed, 'rejected'))
      continue
    }
    if (row.status === 'received') await putDuplicateAside(tx, cpoId, row.id, accepted)
    if (row.status === 'quarantined' && accepted.source !== 'provisional')
      await settleRecord(tx, row.id, `Billed by the record ${accepted.ocpiId}.`, at)
  }
}

/** What was put aside of one record. */
export async function settleRecord(
  tx: Tx,
  cdrId: string,
  cause: string,
  at: string,
): Promise<void> {
  const kinds = ['record_disputed', 'record_without_session'] as const
  await settleIncidents(tx, { kinds, subject: { type: 'cdr', id: cdrId } }, { cause, at })
}

/** Beyond this a figure is no energy but a fault, which stands in the detail alone. Wh. */
const mostEnergyWh = exactOf(1_000_000_000)

/** Energy as an incident states it, where it can be energy. */
export function energyAtStake(energyWh: string | undefined): { energyWh?: string } {
  if (energyWh === undefined) return {}
  const energy = exact(energyWh)
  const isEnergy = compareExact(energy, zero) >= 0 && compareExact(energy, mostEnergyWh) <= 0
  return isEnergy ? { energyWh } : {}
}

/** A record that nobody is billed by, for a person to decide: its CPO and operations hear of it with what it asks. */
export async function openRecordIncident(
  tx: Tx,
  row: Pick<CdrRow, 'id' | 'ocpiId' | 'usage' | 'currency' | 'totalExclMinor' | 'totalInclMinor'>,
  why: {
    kind: Extract<IncidentKind, 'record_without_session' | 'record_disputed'>
    cause: string
    cpoId: string
    sessionId?: string
    /** Nothing of it can count: only its operator can mend it. */
    isFinal?: boolean
    at: string
  },
): Promise<void> {
  const { kind, cause, cpoId: accountId, sessionId, isFinal = false, at } = why
  const { actions, atStake } = await exitsOf(tx, row, sessionId, at)
  const energyWh = format(times(exact(energyOf(row.usage)), exactOf(1_000)))
  const { started_at, ended_at } = row.usage
  await openIncident(tx, {
    kind,
    subject: { type: 'cdr', id: row.id },
    accountId,
    ...(sessionId === undefined ? {} : { sessionId }),
    cause,
    detail: { record: row.ocpiId, started_at, ended_at, energy_wh: energyWh },
    ...(atStake === undefined ? {} : { atStake }),
    ...energyAtStake(energyWh),
    actions: isFinal ? [] : actions,
    at,
  })
}

/** A record that is billed answers what was open before it came: an end that nobody confirmed, readings that cannot be. */
export async function settleByRecord(
  tx: Tx,
  { ocpiId }: Pick<CdrRow, 'ocpiId'>,
  { sessionId, isDoubted }: { sessionId: string; isDoubted: boolean },
  at: string,
): Promise<void> {
  const kinds: IncidentKind[] = isDoubted ? ['stop_failed'] : ['stop_failed', 'implausible_reading']
  const settles = { kinds, sessionId }
  await settleIncidents(tx, settles, { cause: `Billed by the record ${ocpiId}.`, at })
}

/**
 * Records that reached a session which bills nothing any more, or never began: none stays `received` for ever. What was
 * put aside before is offered what is possible from now on.
 */
export async function putUnbilledAside(
  tx: Tx,
  input: { sessionId: string; cdrIds: readonly string[]; cause: string; now: string },
): Promise<void> {
  const { sessionId, cause, now: at } = input
  await lockRecordsOf(tx, sessionId)
  for (const cdrId of input.cdrIds) {
    const row = await cdrById(tx, cdrId)
    if (row?.status !== 'received') continue
    const cpoId = await cpoOf(tx, row.connectionId)
    await judgeCdr(tx, cdrId, 'quarantined', asideOf('session_over', cause))
    await appendEvent(tx, {
      accountId: cpoId,
      type: 'cdr.mismatch',
      objectId: cdrId,
      data: await cdrSeenBy(tx, cdrId, 'cpo'),
      context: { rules: ['session_over'], detail: cause },
      dedupeKey: `cdr:${cdrId}:session_over:cpo`,
    })
    await openRecordIncident(tx, row, { kind: 'record_disputed', cause, cpoId, sessionId, at })
  }
  for (const row of await cdrsOfSession(tx, sessionId))
    if (row.status === 'quarantined' && !input.cdrIds.includes(row.id))
      await offerExits(tx, row, sessionId, at)
}

/** What can be done about a record changes with its session, and with time. Final ones keep what they have. */
export async function offerExits(
  tx: Tx,
  row: CdrRow,
  sessionId: string | undefined,
  at: string,
): Promise<void> {
  const { actions, atStake } = await exitsOf(tx, row, sessionId, at)
  const subject = { type: 'cdr', id: row.id } as const
  await offerActions(tx, subject, { from: 'adopt', actions, ...(atStake && { atStake }) })
}

async function cpoOf(tx: Tx, connectionId: string): Promise<string> {
  const connection = await findConnection(tx, connectionId)
  if (connection === undefined) throw new InvariantError(`No connection ${connectionId}.`)
  return connection.cpoId
}
