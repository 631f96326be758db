// A record as it comes in: whose it is, whether it is known, and what is done with it before anybody looks at its price.
import { lastOf, type Tx } from '@chargelane/db'
import { signedValuesOf } from '@chargelane/db/queries/chargers/meter-values'
import { appendEvent } from '@chargelane/db/queries/outbox/outbox'
import {
  type CdrRow,
  cdrSeenBy,
  judgeCdr,
  type NewCdr,
  storeCdr,
} from '@chargelane/db/queries/sessions/cdrs'
import {
  ownerFacts,
  recordsLock,
  type RecordStanding,
  recordStanding,
  recordTerms,
} from '@chargelane/db/queries/sessions/owners'
import { changeSession, getSession } from '@chargelane/db/queries/sessions/sessions'
import { recordSupplyEvent } from '@chargelane/db/queries/sessions/supply'
import { canonicalText } from '@chargelane/rules/canonical'
import { sha256 } from '@chargelane/rules/digest'
import { fromDecimal, isKnownCurrency } from '@chargelane/rules/money'
import { usageFromMeter } from '@chargelane/rules/rating/usage'
import { unpricedClaim } from '@chargelane/rules/record'
import { asideOf, openRecordIncident, putDuplicateAside } from '../record/aside.ts'
import { causeOf } from './aside.ts'
import { lateBy } from '../record/term.ts'
import { takeCredit } from './credit.ts'
import { type Nobody, type Owner, ownerOf, sessionOf, stageNews } from './start.ts'
import { takeEnd } from './readings.ts'
import type { Channel, NodeRecord, PeerRecord, TakenRecord } from './words.ts'

/**
 * Takes a record once: the same again changes nothing, other content under its id is put aside (failures F38). A CPO's may
 * end the tx it is taken in.
 */
export function takeRecord(tx: Tx, record: PeerRecord | NodeRecord): Promise<TakenRecord> {
  return record.kind === 'peer' ? takePeerRecord(tx, record) : takeNodeRecord(tx, record)
}

// ── Of a CPO ────────────────────────────────────────────────────────────────────────────────────

async function takePeerRecord(tx: Tx, record: PeerRecord): Promise<TakenRecord> {
  const { channel, claim } = record
  if (!isKnownCurrency(claim.currency))
    return { kind: 'refused', path: 'currency', message: `${claim.currency} is not known` }
  const owner = await ownerOfRecord(tx, record)
  const { total_excl_vat: excl, total_incl_vat: incl, currency } = claim
  const minorOf = (total: string | null) =>
    total === null ? null : fromDecimal(total, currency).amount
  const row: NewCdr = {
    sessionId: owner.sessionId,
    connectionId: channel.id,
    source: 'ocpi',
    countryCode: channel.countryCode,
    partyId: channel.partyId,
    ocpiId: record.recordId,
    contentHash: sha256(canonicalText(record.object)),
    raw: record.text,
    usage: { ...record.usage, time_zone: owner.timeZone },
    document: { claim, tariff: record.tariff, signed_values: [...record.signedValues] },
    currency,
    totalExclMinor: minorOf(excl),
    totalInclMinor: minorOf(incl),
    tokenUid: record.clues.tokenUid ?? null,
    receivedAt: record.at,
  }
  const lock = row.sessionId === null ? null : recordsLock(row.sessionId)
  const { kind: found, cdr: stored } = await storeCdr(tx, row, lock)
  const kind = found === 'conflict' && isSameRecord(stored, row) ? 'same' : found
  if (kind === 'conflict') await quarantine(tx, channel, row, stored)
  if (kind === 'stored') await decide(tx, record, { owner: owner.of, row, cdrId: stored.id })
  return { kind, cdrId: stored.id, sessionId: stored.sessionId }
}

/** Whose record it is, and in which time zone its EVSE stands. It may be the only word of a card that we allowed. */
async function ownerOfRecord(tx: Tx, { channel, clues, at }: PeerRecord) {
  const facts = await ownerFacts(tx, channel, clues)
  const of = sessionOf(facts) ?? (await ownerOf(tx, { channel, clues, asksLeave: false, at }))
  const sessionId = 'kind' in of ? null : of.sessionId
  return { of, sessionId, timeZone: facts.sessionZone ?? facts.evse?.timeZone ?? 'UTC' }
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

type Fresh = { owner: Owner | Nobody; row: NewCdr; cdrId: string }

/** A fresh record goes to its session; one that nobody can bill waits for a person. */
async function decide(tx: Tx, record: PeerRecord, { owner, row, cdrId }: Fresh): Promise<void> {
  if (record.credit !== null) return takeCredit(tx, record, row, cdrId)
  const { cpoId } = record.channel
  const stored = { ...row, id: cdrId }
  if ('kind' in owner) {
    const cause = `no session of ours is known to this record: ${causeOf(owner.because)}`
    const kept = { reason: 'session_unknown' as const, ...asideOf('session_unknown', cause) }
    await judgeCdr(tx, cdrId, 'quarantined', kept)
    const why = { kind: 'record_without_session', cause, cpoId, at: row.receivedAt } as const
    return openRecordIncident(tx, stored, why)
  }
  const { sessionId } = owner
  const { session, accepted: first } = await recordStanding(tx, { sessionId, cdrId })
  if (first !== undefined) return putDuplicateAside(tx, cpoId, cdrId, first)
  const endedAt = session?.endedAt ?? null
  const late =
    endedAt === null ? undefined : await lateBy(tx, { sessionId, endedAt, at: row.receivedAt })
  if (endedAt !== null && late !== undefined)
    return rejectOld(tx, record.channel, row, cdrId, { sessionId, endedAt, ...late })
  if (isFirstWord(record, session)) await tellCharge(tx, record, owner)
  await lastOf(tx, tell(tx, sessionId, cdrId, row.receivedAt))
}

const tell = (tx: Tx, sessionId: string, cdrId: string, at: string) =>
  recordSupplyEvent(tx, sessionId, `cdr:${cdrId}`, { kind: 'record_received', at, cdrId })

/** A peer's clock may be ahead by some minutes. */
const clockAheadMs = 15 * 60_000

/** Nothing else was heard of its session; a record from before that was made cannot be the first word of it. */
const isFirstWord = ({ usage }: PeerRecord, session: RecordStanding['session']): boolean =>
  session === undefined ||
  (session.startedAt === null &&
    Date.parse(usage.started_at) >= Date.parse(session.createdAt) - clockAheadMs)

/**
 * A CPO may send no session objects at all (the module is optional in practice): then the record of a start we asked
 * for, or of a card we allowed, is its only word, and proves that it began and ended. What was told before is not told
 * again.
 */
async function tellCharge(
  tx: Tx,
  { clues, usage, recordId, at }: PeerRecord,
  owner: Owner,
): Promise<void> {
  const { started_at: startedAt, ended_at: endedAt } = usage
  const { sessionId } = owner
  const supplyRef = clues.supplyRef ?? recordId
  const begun = stageNews({ at, clues: { ...clues, startedAt, supplyRef } }, owner)
  if (begun === undefined) return
  if (await recordSupplyEvent(tx, sessionId, begun.dedupeKey, begun.event))
    await takeEnd(tx, { sessionId, source: 'peer', endedAt, reason: 'other', at })
}

/** After the term of the contract the driver is not billed, nor billed again; the CPO is told why (failures F35). */
async function rejectOld(
  tx: Tx,
  channel: Channel,
  row: NewCdr,
  cdrId: string,
  { sessionId, endedAt, days }: { sessionId: string; endedAt: string; days: number },
): Promise<void> {
  const detail = `the session ended at ${endedAt}; its record came at ${row.receivedAt}, more than ${days} days later`
  const kept = asideOf('record_too_old', detail, 'rejected')
  await judgeCdr(tx, cdrId, 'rejected', kept)
  const { rules } = kept.verdict
  const { reasons } = kept.diagnosis
  await appendEvent(tx, {
    accountId: channel.cpoId,
    type: 'cdr.rejected',
    objectId: cdrId,
    data: await cdrSeenBy(tx, cdrId, 'cpo'),
    context: { rules, reasons, detail },
    dedupeKey: `${cdrId}:judged:cpo`,
  })
  const news = {
    event: { type: 'cdr.rejected' as const, data: await cdrSeenBy(tx, cdrId, 'partner') },
    room: 'cdr',
    what: 'a record came after its term and was rejected',
    detail: { cdr: cdrId, rules },
    dedupeKey: `${sessionId}:judged:${cdrId}`,
    at: row.receivedAt,
  }
  await changeSession(tx, sessionId, {}, news)
}

/** Failures F38: both contents are kept, the first stays the record, partner and CPO hear of it. */
async function quarantine(tx: Tx, channel: Channel, row: NewCdr, first: CdrRow): Promise<void> {
  const second = await storeCdr(tx, {
    ...row,
    sessionId: null,
    ocpiId: `${first.ocpiId}#${row.contentHash.slice(0, 16)}`,
  })
  if (second.kind !== 'stored') return
  const detail = {
    cdr: first.id,
    ocpi_id: first.ocpiId,
    content_hash: first.contentHash,
    other_cdr: second.cdr.id,
    other_content_hash: row.contentHash,
  }
  await judgeCdr(tx, second.cdr.id, 'quarantined', {
    reason: 'conflict',
    ...detail,
    ...asideOf('conflicting_content', 'other content came under a known id'),
  })
  await openRecordIncident(tx, second.cdr, {
    kind: 'record_disputed',
    cause: `other content came under the id of a record that stays as it was: ${first.id}`,
    cpoId: channel.cpoId,
    ...(first.sessionId === null ? {} : { sessionId: first.sessionId }),
    at: row.receivedAt,
  })
  const dedupeKey = `cdr:${first.id}:conflict:${row.contentHash}`
  await appendEvent(tx, {
    accountId: channel.cpoId,
    type: 'cdr.conflict',
    objectId: first.id,
    data: await cdrSeenBy(tx, first.id, 'cpo'),
    context: detail,
    dedupeKey: `${dedupeKey}:cpo`,
  })
  if (first.sessionId === null || (await getSession(tx, 'all', first.sessionId)) === undefined)
    return
  const news = {
    event: { type: 'cdr.conflict' as const, data: await cdrSeenBy(tx, first.id, 'partner') },
    room: 'cdr',
    what: 'a second content under a known CDR id was put aside',
    detail,
    dedupeKey,
    at: row.receivedAt,
  }
  await changeSession(tx, first.sessionId, {}, news)
}

// ── Of our own node ─────────────────────────────────────────────────────────────────────────────

/** ISO 4217: XXX is no currency; such a record has no price and is never billed. */
const noCurrency = 'XXX'

/** The node states what was used and nothing of its price: that is found once, when the record is judged. */
async function takeNodeRecord(tx: Tx, record: NodeRecord): Promise<TakenRecord> {
  const { sessionId, channel, at } = record
  const [terms, signed] = await Promise.all([
    recordTerms(tx, record),
    signedValuesOf(tx, sessionId),
  ])
  if (terms === undefined) throw new Error(`No EVSE ${record.evseId} of ${sessionId}.`)
  const { tariff } = terms
  const usage = usageFromMeter({
    samples: record.samples,
    timeZone: terms.timeZone,
    // OCPI 2.2.1 §10.4.3: the maker of a record starts a period wherever the price changes.
    ...(tariff === null ? {} : { tariff }),
  })
  if (!usage.ok) throw new Error(`Usage of ${sessionId}: ${usage.problems[0]?.message}`)
  const currency = terms.currency ?? noCurrency
  const raw = canonicalText({
    session: sessionId,
    transaction: record.supplyRef,
    evse: record.evseId,
    energy_wh: record.energyWh,
    usage: usage.usage,
    signed_values: signed,
  })
  const row: NewCdr = {
    sessionId,
    connectionId: channel.id,
    source: 'node',
    countryCode: channel.countryCode,
    partyId: channel.partyId,
    // One transaction, one record: the id leaves no room for a second.
    ocpiId: sessionId,
    contentHash: sha256(raw),
    raw,
    usage: usage.usage,
    document: { claim: unpricedClaim(usage.usage, currency), tariff: null, signed_values: signed },
    currency,
    totalExclMinor: null,
    totalInclMinor: null,
    receivedAt: at,
  }
  const { kind, cdr } = await keepNodeRecord(tx, row, record.isInferred)
  // A guess is no answer: what was told is waited for, and billed only where nothing is by the record's deadline.
  if (cdr.source !== 'provisional' || record.energyWh === '0') await tell(tx, sessionId, cdr.id, at)
  return { kind, cdrId: cdr.id, sessionId }
}

/** The first end that was concluded is provisional, until one is told or concluded anew from what was read since. */
async function keepNodeRecord(tx: Tx, row: NewCdr, isInferred: boolean) {
  if (!isInferred) return storeCdr(tx, row)
  const ocpiId = `provisional-${row.sessionId}`
  const kept = await storeCdr(tx, { ...row, source: 'provisional', ocpiId })
  return kept.kind === 'conflict' ? storeCdr(tx, row) : kept
}
