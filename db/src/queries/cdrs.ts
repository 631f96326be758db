import { and, asc, desc, eq, inArray, isNull, lt } from 'drizzle-orm'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import type { UsageRecord } from '@chargelane/openapi/vocabulary/usage'
import type { Sql, Tx } from '../client.ts'
import { cdrs, connections, sessions } from '../schema.ts'

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
  currency: string
  totalExclMinor: number | null
  totalInclMinor: number | null
  receivedAt: string
}

/**
 * Stores a record once. The same content again is `same`; other content under a known id is `conflict`: the first
 * stays as it is and the newcomer is for the caller to quarantine (failures F38).
 */
export async function storeCdr(
  tx: Tx,
  input: NewCdr,
): Promise<{ kind: 'stored' | 'same' | 'conflict'; cdr: CdrRow }> {
  const [stored] = await tx
    .insert(cdrs)
    .values({ id: newId('cdr'), ...input, status: 'received' })
    .onConflictDoNothing()
    .returning()
  if (stored !== undefined) return { kind: 'stored', cdr: stored }
  const [first] = await tx
    .select()
    .from(cdrs)
    .where(
      and(
        eq(cdrs.connectionId, input.connectionId),
        eq(cdrs.countryCode, input.countryCode),
        eq(cdrs.partyId, input.partyId),
        eq(cdrs.ocpiId, input.ocpiId),
      ),
    )
  if (first === undefined) throw new Error(`No CDR ${input.ocpiId} of ${input.connectionId}.`)
  return { kind: first.contentHash === input.contentHash ? 'same' : 'conflict', cdr: first }
}

export async function cdrById(sql: Sql, cdrId: string): Promise<CdrRow | undefined> {
  const [row] = await sql.select().from(cdrs).where(eq(cdrs.id, cdrId))
  return row
}

/** A session's records, oldest first; the provisional one of our own is among them. */
export async function cdrsOfSession(sql: Sql, sessionId: string): Promise<CdrRow[]> {
  return sql.select().from(cdrs).where(eq(cdrs.sessionId, sessionId)).orderBy(asc(cdrs.id))
}

/** The record a session is billed by: an accepted one of the CPO before our provisional one. */
export async function billedCdrOf(sql: Sql, sessionId: string): Promise<CdrRow | undefined> {
  const rows = (await cdrsOfSession(sql, sessionId)).filter(
    (row) => row.status === 'accepted' || row.status === 'adjusted',
  )
  return rows.find((row) => row.source !== 'provisional') ?? rows[0]
}

/** What the public-price room decided about a record. */
export async function judgeCdr(
  tx: Tx,
  cdrId: string,
  status: CdrStatus,
  verdict: Record<string, unknown>,
): Promise<void> {
  await tx.update(cdrs).set({ status, verdict }).where(eq(cdrs.id, cdrId))
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

/** Newest first; `after` is the id of the last row of the page before. */
export async function listCdrs(
  sql: Sql,
  scope: CdrScope,
  page: { after?: string; limit: number; sessionId?: string },
): Promise<CdrRow[]> {
  return sql
    .select()
    .from(cdrs)
    .where(
      and(
        scopeOf(sql, scope),
        page.sessionId === undefined ? undefined : eq(cdrs.sessionId, page.sessionId),
        page.after === undefined ? undefined : lt(cdrs.id, page.after),
      ),
    )
    .orderBy(desc(cdrs.id))
    .limit(page.limit)
}
