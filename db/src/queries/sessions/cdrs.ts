import { InvariantError } from '@chargelane/rules/assert'
import { and, asc, desc, eq, inArray, isNull, lt, sql as raw } from 'drizzle-orm'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import type { Cdr } from '@chargelane/openapi'
import type { Money } from '@chargelane/openapi/vocabulary/money'
import type { UsageRecord } from '@chargelane/openapi/vocabulary/usage'
import type { Sql, Tx } from '../../client.ts'
import { cdrs, connections, sessions, type tariffs } from '../../schema.ts'
import { arg, fixedStatement, rowOf } from '../../fixed.ts'
import { cardKey, seal, type Sealed } from '../../sealed/sealed.ts'
import { cdrView } from '../../views/sales/cdrs.ts'
import { textArray } from '../outbox/outbox.ts'
import type { RecordAdoption, RecordDocument, RecordJudgement } from '@chargelane/rules/documents'

export type CdrRow = typeof cdrs.$inferSelect
export type CdrStatus = CdrRow['status']

/** Whose records: of a partner's sessions, of a CPO's connections, or all. */
export type CdrScope = { partner: string } | { cpo: string } | 'all'

export type NewCdr = {
  sessionId: string | null
  connectionId: string
  source: CdrRow['source']
  countryCode: string
  partyId: string
  ocpiId: string
  /** SHA-256 (hex) of the RFC 8785 form of the received object. */
  contentHash: string
  raw: string
  usage: UsageRecord
  document: RecordDocument
  currency: string
  totalExclMinor: number | null
  totalInclMinor: number | null
  /** The card it names. */
  tokenUid?: string | null
  receivedAt: string
}

const insertCdr = fixedStatement<
  CdrRow,
  Omit<NewCdr, 'usage' | 'document' | 'raw' | 'tokenUid'> & {
    id: string
    raw: Sealed
    usage: string
    document: string
    tokenKey: string | null
    lock: string | null
  }
>(
  () => raw`with stored as (insert into cdrs (id, session_id, connection_id, source, country_code, party_id, ocpi_id, content_hash, raw,
      usage, document, currency, total_excl_minor, total_incl_minor, token_key, status, received_at)
    values (${arg('id')}, ${arg('sessionId')}, ${arg('connectionId')}, ${arg('source')}, ${arg('countryCode')},
      ${arg('partyId')}, ${arg('ocpiId')}, ${arg('contentHash')}, ${arg('raw')}, ${arg('usage')}::jsonb,
      ${arg('document')}::jsonb, ${arg('currency')}, ${arg('totalExclMinor')}, ${arg('totalInclMinor')}, ${arg('tokenKey')}, 'received',
      ${arg('receivedAt')})
    on conflict do nothing returning ${rowOf(cdrs)})
    select stored.* from stored
    where coalesce(pg_advisory_xact_lock(hashtextextended(${arg('lock')}::text, 0))::text, '') = ''`,
)

/** A record as its CPO names it. */
type RecordName = Pick<CdrRow, 'connectionId' | 'countryCode' | 'partyId' | 'ocpiId'>

const selectNamed = fixedStatement<CdrRow, RecordName>(
  () => raw`select ${rowOf(cdrs)} from cdrs
    where connection_id = ${arg('connectionId')} and country_code = ${arg('countryCode')}
      and party_id = ${arg('partyId')} and lower(ocpi_id) = lower(${arg('ocpiId')})`,
)

/** By the id its CPO gave it, in whatever case (a CiString). */
async function cdrNamed(
  sql: Sql,
  { connectionId, countryCode, partyId, ocpiId }: RecordName,
): Promise<CdrRow | undefined> {
  const [row] = await selectNamed(sql, { connectionId, countryCode, partyId, ocpiId })
  return row
}

/**
 * Stores a record once. The same content again is `same`; other content under a known id is `conflict`: the first
 * stays as it is and the newcomer is for the caller to quarantine (failures F38). A record that is stored holds `lock`
 * until the tx ends.
 */
export async function storeCdr(
  tx: Tx,
  input: NewCdr,
  lock: string | null = null,
): Promise<{ kind: 'stored' | 'same' | 'conflict'; cdr: CdrRow }> {
  const id = newId('cdr')
  const { tokenUid = null, ...values } = input
  const [stored] = await insertCdr(tx, {
    ...values,
    id,
    raw: seal('cdrs.raw', id, input.raw),
    usage: JSON.stringify(input.usage),
    document: JSON.stringify(input.document),
    tokenKey: tokenUid === null ? null : cardKey(tokenUid),
    lock,
  })
  if (stored !== undefined) return { kind: 'stored', cdr: stored }
  const first = await cdrNamed(tx, input)
  if (first === undefined)
    throw new InvariantError(`No CDR ${input.ocpiId} of ${input.connectionId}.`)
  return { kind: first.contentHash === input.contentHash ? 'same' : 'conflict', cdr: first }
}

const selectCdr = fixedStatement<CdrRow, { id: string }>(
  () => raw`select ${rowOf(cdrs)} from cdrs where id = ${arg('id')}`,
)
const selectCdrs = fixedStatement<CdrRow, { sessionId: string }>(
  () => raw`select ${rowOf(cdrs)} from cdrs where session_id = ${arg('sessionId')} order by id`,
)

export async function cdrById(sql: Sql, cdrId: string): Promise<CdrRow | undefined> {
  const [row] = await selectCdr(sql, { id: cdrId })
  return row
}

/** A session's records, oldest first; the provisional one of our own is among them. */
export const cdrsOfSession = (sql: Sql, sessionId: string): Promise<CdrRow[]> =>
  selectCdrs(sql, { sessionId })

/** Billed by its record; a credit is accepted too, and takes one back. */
const isAccepted = ({ status, verdict }: CdrRow): boolean => {
  const isCredit = verdict !== null && 'reason' in verdict && verdict.reason === 'credit'
  return (status === 'accepted' || status === 'adjusted') && !isCredit
}

/** The record a session is billed by: an accepted one of the CPO before our provisional one. */
export async function billedCdrOf(sql: Sql, sessionId: string): Promise<CdrRow | undefined> {
  const rows = (await cdrsOfSession(sql, sessionId)).filter(isAccepted)
  return rows.find((row) => row.source !== 'provisional') ?? rows[0]
}

/** What the check knows of a record that is not judged yet: every record of the session with its decision. */
export async function acceptedCdrOf(
  sql: Sql,
  sessionId: string,
  otherThan: string,
): Promise<CdrRow | undefined> {
  const rows = await cdrsOfSession(sql, sessionId)
  return rows.find((row) => row.id !== otherThan && row.source !== 'provisional' && isAccepted(row))
}

/**
 * The record a credit takes back: by its reference (a CiString), else the one record of the session that was accepted
 * or is still to be judged, if there is exactly one.
 */
export async function creditedCdr(
  sql: Sql,
  credit: Pick<RecordName, 'connectionId' | 'countryCode' | 'partyId'> & {
    reference: string | null
    sessionId: string | null
    creditId: string
  },
): Promise<CdrRow | undefined> {
  if (credit.reference !== null) {
    const named = await cdrNamed(sql, { ...credit, ocpiId: credit.reference })
    if (named !== undefined) return named
  }
  if (credit.sessionId === null) return undefined
  const open = (await cdrsOfSession(sql, credit.sessionId)).filter(
    (row) =>
      row.id !== credit.creditId &&
      row.source === 'ocpi' &&
      row.connectionId === credit.connectionId &&
      (row.totalInclMinor ?? row.totalExclMinor ?? 0) >= 0 &&
      row.status !== 'rejected' &&
      row.status !== 'credited',
  )
  return open.length === 1 ? open[0] : undefined
}

type PricedVersion = Pick<typeof tariffs.$inferSelect, 'id' | 'version' | 'canonical'>

const selectVersions = fixedStatement<PricedVersion, { tariffId: string; limit: number }>(
  () => raw`select id, version, canonical from tariffs where id = ${arg('tariffId')} and canonical is not null
    order by version desc limit ${arg('limit')}`,
)

/** The versions of a tariff that can be priced by, newest first: what a record may have been priced by instead. */
export const pricedVersions = (
  sql: Sql,
  tariffId: string,
  limit: number,
): Promise<PricedVersion[]> => selectVersions(sql, { tariffId, limit })

/** A record that was put aside counts for a session: it is to be judged again. */
export async function adoptCdr(
  tx: Tx,
  cdrId: string,
  its: { sessionId: string; usage: UsageRecord; adoption: RecordAdoption },
): Promise<void> {
  await tx
    .update(cdrs)
    .set({ ...its, status: 'received' })
    .where(eq(cdrs.id, cdrId))
}

/** A CPO took its record back; what was decided about it stays readable. */
export async function markCredited(tx: Tx, cdrId: string): Promise<void> {
  await tx.update(cdrs).set({ status: 'credited' }).where(eq(cdrs.id, cdrId))
}

const decideCdr = fixedStatement<
  CdrRow,
  { id: string; status: CdrStatus; verdict: string; excl: number | null; incl: number | null }
>(
  () => raw`update cdrs set status = ${arg('status')}, verdict = ${arg('verdict')}::jsonb,
      offline_recovered = exists (select from sessions s where s.id = cdrs.session_id
          and s.connectivity in ('suspected_offline', 'recovered'))
        or exists (select from ocpp_transactions t where t.session_id = cdrs.session_id and t.offline),
      total_excl_minor = coalesce(${arg('excl')}::bigint, total_excl_minor),
      total_incl_minor = coalesce(${arg('incl')}::bigint, total_incl_minor)
    where id = ${arg('id')} returning ${rowOf(cdrs)}`,
)

/** What was decided about a record; `asked` where the record left its price to us. */
export async function judgeCdr(
  tx: Tx,
  cdrId: string,
  status: CdrStatus,
  verdict: RecordJudgement,
  asked?: { excl: Money; incl: Money },
): Promise<CdrRow> {
  const [row] = await decideCdr(tx, {
    id: cdrId,
    status,
    verdict: JSON.stringify(verdict),
    excl: asked?.excl.amount ?? null,
    incl: asked?.incl.amount ?? null,
  })
  if (row === undefined) throw new InvariantError(`No record ${cdrId}.`)
  return row
}

/** Records nobody could be found for, for the operator to look at. */
export async function orphanCdrs(sql: Sql, limit: number): Promise<CdrRow[]> {
  return sql.select().from(cdrs).where(isNull(cdrs.sessionId)).orderBy(asc(cdrs.id)).limit(limit)
}

function scopeOf(sql: Sql, scope: CdrScope) {
  if (scope === 'all') return undefined
  if ('partner' in scope)
    return inArray(
      cdrs.sessionId,
      sql.select({ id: sessions.id }).from(sessions).where(eq(sessions.accountId, scope.partner)),
    )
  return inArray(
    cdrs.connectionId,
    sql.select({ id: connections.id }).from(connections).where(eq(connections.cpoId, scope.cpo)),
  )
}

export async function getCdr(
  sql: Sql,
  scope: CdrScope,
  cdrId: string,
): Promise<CdrRow | undefined> {
  const [row] = await sql
    .select()
    .from(cdrs)
    .where(and(eq(cdrs.id, cdrId), scopeOf(sql, scope)))
  return row
}

/** By what was decided about a record: its status, a rule that spoke, a reason the CPO was given. */
export type CdrFilter = { status?: CdrStatus; rule?: string; reason?: string }

/** Newest first; `after` is the id of the last row of the page before. */
export async function listCdrs(
  sql: Sql,
  scope: CdrScope,
  page: { after?: string; limit: number; sessionId?: string } & CdrFilter,
): Promise<CdrRow[]> {
  return sql
    .select()
    .from(cdrs)
    .where(
      and(
        scopeOf(sql, scope),
        page.sessionId === undefined ? undefined : eq(cdrs.sessionId, page.sessionId),
        page.status === undefined ? undefined : eq(cdrs.status, page.status),
        page.rule === undefined
          ? undefined
          : raw`${cdrs.verdict} -> 'verdict' -> 'rules' ? ${page.rule}`,
        page.reason === undefined
          ? undefined
          : raw`${cdrs.verdict} -> 'diagnosis' -> 'reasons' @> ${JSON.stringify([{ code: page.reason }])}::jsonb`,
        page.after === undefined ? undefined : lt(cdrs.id, page.after),
      ),
    )
    .orderBy(desc(cdrs.id))
    .limit(page.limit)
}

export type CdrExtras = {
  cdrId: string
  proofId: string | null
  suspense: {
    id: string
    amount: Money
    account: string
    status: 'open' | 'released' | 'granted'
    disputeDueAt: string
  } | null
}

/** A record as its partner or its CPO is shown it in a list or told of it; the claim is the CPO's alone to see. */
export async function cdrSeenBy(tx: Sql, cdrId: string, side: 'partner' | 'cpo'): Promise<Cdr> {
  const row = await cdrById(tx, cdrId)
  const extras = (await cdrExtras(tx, [cdrId])).get(cdrId)
  if (row === undefined || extras === undefined) throw new InvariantError(`No record ${cdrId}.`)
  return cdrView(row, side === 'cpo' ? extras : { ...extras, suspense: null }, false)
}

/** By record: its proof and its claim, each only where row-level security shows it to the reader. */
export async function cdrExtras(
  sql: Sql,
  cdrIds: readonly string[],
): Promise<Map<string, CdrExtras>> {
  if (cdrIds.length === 0) return new Map()
  const rows = await sql.execute<CdrExtras>(raw`
    select c.id as "cdrId",
      (select p.id from price_proofs p where p.cdr_id = c.id and p.rating in ('wholesale', 'retail')
        order by p.rating desc limit 1) as "proofId",
      (select json_build_object('id', s.id,
          'amount', json_build_object('amount', s.amount_minor, 'currency', s.currency), 'account', s.account, 'status', s.status,
          'disputeDueAt', to_char(s.dispute_due_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
        from suspense_items s where s.cdr_id = c.id) as suspense
    from cdrs c where c.id = any(${textArray(cdrIds)}::text[])`)
  return new Map(rows.map((row) => [row.cdrId, row]))
}
