// OCPI 2.2.1 §10.3.1: a credit takes a whole record back. Before anything was billed the two cancel out and the session
// waits for the record that follows; afterwards the credit waits until the money is given back (failures F39).
import type { Tx } from '@chargelane/db'
import { appendEvent } from '@chargelane/db/queries/outbox/outbox'
import {
  type CdrRow,
  cdrSeenBy,
  creditedCdr,
  judgeCdr,
  markCredited,
  type NewCdr,
} from '@chargelane/db/queries/sessions/cdrs'
import { changeSession, getSession } from '@chargelane/db/queries/sessions/sessions'
import { recordSupplyEvent } from '@chargelane/db/queries/sessions/supply'
import { money } from '@chargelane/rules/money'
import { judgeCredit } from '@chargelane/rules/record'
import { asideOf, openRecordIncident, settleRecord } from '../record/aside.ts'
import { withdrawClaim } from '../books/claims.ts'
import type { PeerRecord } from './words.ts'

export async function takeCredit(
  tx: Tx,
  { channel, credit }: PeerRecord,
  row: NewCdr,
  cdrId: string,
): Promise<void> {
  const reference = credit?.of ?? null
  const original = await creditedCdr(tx, {
    connectionId: channel.id,
    countryCode: channel.countryCode,
    partyId: channel.partyId,
    reference,
    sessionId: row.sessionId,
    creditId: cdrId,
  })
  const decision = judgeCredit({
    credit: totalsOf(row),
    original: original && {
      ...totalsOf(original),
      isBilled: isBilled(original),
      isTakenBack: original.status === 'credited',
    },
  })
  const { rule, kind, detail } = decision
  const kept = { reason: 'credit' as const, credits: reference, ...asideOf(rule, detail, kind) }
  await judgeCdr(tx, cdrId, kind, kept)
  if (decision.reverses && original !== undefined) await takeBack(tx, original.id, row.receivedAt)
  if (decision.rule === 'credit_of_billed' && original?.sessionId != null)
    await recordSupplyEvent(tx, original.sessionId, `cdr:${original.id}:credited`, {
      kind: 'record_credited',
      at: row.receivedAt,
      cdrId: original.id,
    })
  if (kind === 'quarantined') {
    const of = original?.sessionId == null ? {} : { sessionId: original.sessionId }
    const why = { kind: 'record_disputed', cause: detail, isFinal: true, ...of } as const
    const { cpoId } = channel
    await openRecordIncident(tx, { ...row, id: cdrId }, { ...why, cpoId, at: row.receivedAt })
  }
  const context = { cdr: cdrId, credits: original?.id ?? reference, rule, detail }
  // A credit that holds is news of the record it takes back; any other is a record put aside.
  const told = decision.reverses && original !== undefined ? original.id : cdrId
  const dedupeKey = `cdr:${cdrId}:credit`
  await appendEvent(tx, {
    accountId: channel.cpoId,
    type: decision.reverses ? 'cdr.credited' : 'cdr.mismatch',
    objectId: told,
    data: await cdrSeenBy(tx, told, 'cpo'),
    context,
    dedupeKey: `${dedupeKey}:cpo`,
  })
  const sessionId = original?.sessionId ?? row.sessionId
  if (sessionId === null || (await getSession(tx, 'all', sessionId)) === undefined) return
  await changeSession(tx, sessionId, decision.reverses ? { recordStatus: 'credited' } : {}, {
    ...(decision.reverses
      ? { event: { type: 'cdr.credited', data: await cdrSeenBy(tx, told, 'partner') } }
      : {}),
    room: 'cdr',
    what: 'credit CDR received',
    detail: context,
    dedupeKey,
    at: row.receivedAt,
  })
}

/** With what was open of the record. */
async function takeBack(tx: Tx, cdrId: string, at: string): Promise<void> {
  await markCredited(tx, cdrId)
  await settleRecord(tx, cdrId, 'Its operator took the record back.', at)
  await withdrawClaim(tx, cdrId, at)
}

const totalsOf = ({
  totalExclMinor,
  totalInclMinor,
  currency,
}: Pick<NewCdr, 'totalExclMinor' | 'totalInclMinor' | 'currency'>) => ({
  excl: totalExclMinor === null ? null : money(totalExclMinor, currency),
  incl: totalInclMinor === null ? null : money(totalInclMinor, currency),
})

/** Accepted means that the money is on its way, booked or not. */
const isBilled = ({ status }: CdrRow) => status === 'accepted' || status === 'adjusted'
