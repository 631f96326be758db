// Which account a party belongs to: claims, the platform's decisions, and what follows for the EVSEs of both sides.
import { and, eq, inArray, ne, sql as raw } from 'drizzle-orm'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import { operatorOf } from '@chargelane/rules/identity/evse-id'
import type { Sql, Tx } from '../../client.ts'
import { connections, partyClaims } from '../../schema.ts'
import { settleIncidents } from '../operations/incidents.ts'
import { judgeEvses } from '../locations/evse-identity.ts'
import { ownedBy, pageBy, pageOf, type Page, type PageRequest } from '../page.ts'

export type PartyClaimRow = typeof partyClaims.$inferSelect
export type PartyName = Pick<PartyClaimRow, 'countryCode' | 'partyId'>
type NewClaim = PartyName & Pick<PartyClaimRow, 'accountId' | 'kind' | 'status'> & { at: string }

const isParty = ({ countryCode, partyId }: PartyName) =>
  and(eq(partyClaims.countryCode, countryCode), eq(partyClaims.partyId, partyId))

export async function claimOf(
  sql: Sql,
  accountId: string,
  party: PartyName,
): Promise<PartyClaimRow | undefined> {
  const [row] = await sql
    .select()
    .from(partyClaims)
    .where(and(eq(partyClaims.accountId, accountId), isParty(party)))
  return row
}

async function insertClaim(
  tx: Tx,
  { at, ...values }: NewClaim,
): Promise<PartyClaimRow | undefined> {
  const [row] = await tx
    .insert(partyClaims)
    .values({ ...values, id: newId('partyClaim'), createdAt: at })
    .onConflictDoNothing()
    .returning()
  return row
}

/**
 * Claims a party for an account that has not claimed it yet. It is verified at once only where `isAutomatic` and nobody
 * else has it: the index decides, so that the caller need not be shown who does.
 */
export async function claimParty(
  tx: Tx,
  { isAutomatic, ...claim }: PartyName & { accountId: string; at: string; isAutomatic: boolean },
): Promise<PartyClaimRow> {
  const verified = isAutomatic
    ? await insertClaim(tx, { ...claim, kind: 'own', status: 'verified' })
    : undefined
  const row =
    verified ??
    (await insertClaim(tx, { ...claim, kind: 'own', status: 'review' })) ??
    (await claimOf(tx, claim.accountId, claim))
  if (row === undefined) throw new Error('a claim was neither made nor found')
  if (verified !== undefined) await judge(tx, row)
  return row
}

/** The platform lets an account use a party beside its owner. */
export async function grantParty(
  tx: Tx,
  claim: PartyName & { accountId: string; at: string },
): Promise<PartyClaimRow> {
  const made = await insertClaim(tx, { ...claim, kind: 'granted', status: 'verified' })
  const known = made ?? (await claimOf(tx, claim.accountId, claim))
  if (known === undefined) throw new Error('a grant was neither made nor found')
  if (made === undefined)
    return decideClaim(tx, known, {
      kind: known.kind,
      status: 'verified',
      reason: null,
      at: claim.at,
    })
  await judge(tx, made)
  await hearAnew(tx, made, claim.at)
  return made
}

export type ClaimDecision = Pick<PartyClaimRow, 'kind' | 'status' | 'reason'> & { at: string }

/** A party that is given to an account as its own is taken from the one that had it: nothing of that one is sold by it. */
export async function decideClaim(
  tx: Tx,
  claim: PartyClaimRow,
  { kind, status, reason, at }: ClaimDecision,
): Promise<PartyClaimRow> {
  if (kind === 'own' && status === 'verified') await endOtherOwner(tx, claim, at)
  const [row] = await tx
    .update(partyClaims)
    .set({ kind, status, reason, decidedAt: at })
    .where(eq(partyClaims.id, claim.id))
    .returning()
  if (row === undefined) throw new Error(`claim ${claim.id} is gone`)
  await (status === 'verified' ? resumeConnections(tx, row) : pauseConnections(tx, row))
  await judge(tx, row)
  if (status === 'verified') await hearAnew(tx, row, at)
  return row
}

async function endOtherOwner(tx: Tx, claim: PartyClaimRow, at: string): Promise<void> {
  const ended = await tx
    .update(partyClaims)
    .set({ status: 'ended', decidedAt: at })
    .where(
      and(
        isParty(claim),
        eq(partyClaims.kind, 'own'),
        eq(partyClaims.status, 'verified'),
        ne(partyClaims.accountId, claim.accountId),
      ),
    )
    .returning()
  for (const each of ended) {
    await pauseConnections(tx, each)
    await judge(tx, each)
  }
}

/** What the account's connections brought of the party before was put aside: their lists are read from the beginning. */
async function hearAnew(
  tx: Tx,
  { accountId, countryCode, partyId }: PartyClaimRow,
  at: string,
): Promise<void> {
  const party = `${countryCode}*${partyId}`
  const settled = await settleIncidents(
    tx,
    { kinds: ['party_not_granted'], account: accountId, detail: { party } },
    { cause: `${party} is granted.`, at },
  )
  if (settled.length === 0) return
  const heard = [...new Set(settled.map(({ detail }) => detail['connection']))]
  await tx
    .update(connections)
    .set({ lastPulledAt: null, nextPullAt: at })
    .where(
      and(
        eq(connections.cpoId, accountId),
        inArray(
          connections.id,
          heard.filter((id) => typeof id === 'string'),
        ),
      ),
    )
}

const notGranted = 'the party is not granted to this account'

async function resumeConnections(tx: Tx, claim: PartyClaimRow): Promise<void> {
  await tx
    .update(connections)
    .set({ status: 'live', statusReason: null })
    .where(and(eq(connections.cpoId, claim.accountId), eq(connections.statusReason, notGranted)))
}

/** Nothing is started over a connection whose party is no longer its account's. */
async function pauseConnections(tx: Tx, claim: PartyClaimRow): Promise<void> {
  await tx
    .update(connections)
    .set({ status: 'paused', statusReason: notGranted })
    .where(
      and(
        eq(connections.cpoId, claim.accountId),
        eq(connections.countryCode, claim.countryCode),
        eq(connections.partyId, claim.partyId),
      ),
    )
}

const judge = (tx: Tx, { accountId, countryCode, partyId }: PartyClaimRow) =>
  judgeEvses(tx, accountId, operatorOf(countryCode, partyId))

/** Operators whose EVSE-IDs an account may use, as EVSE-IDs begin with them. */
export async function usableOperators(sql: Sql, cpoId: string): Promise<string[]> {
  const rows = await sql
    .select({
      operator: raw<string>`${partyClaims.countryCode} || '*' || ${partyClaims.partyId}`,
    })
    .from(partyClaims)
    .where(and(eq(partyClaims.accountId, cpoId), eq(partyClaims.status, 'verified')))
  return rows.map(({ operator }) => operator)
}

export async function getPartyClaim(
  sql: Sql,
  accountId: string,
  id: string,
): Promise<PartyClaimRow | undefined> {
  const [row] = await sql
    .select()
    .from(partyClaims)
    .where(and(eq(partyClaims.id, id), ownedBy(partyClaims.accountId, accountId)))
  return row
}

export async function listPartyClaims(
  sql: Sql,
  accountId: string,
  page: PageRequest & { status?: PartyClaimRow['status'] },
): Promise<Page<PartyClaimRow>> {
  const { where, orderBy, limit } = pageBy(partyClaims.id, page)
  const status = page.status === undefined ? undefined : eq(partyClaims.status, page.status)
  const rows = await sql
    .select()
    .from(partyClaims)
    .where(and(ownedBy(partyClaims.accountId, accountId), status, where))
    .orderBy(orderBy)
    .limit(limit)
  return pageOf(rows, page.limit)
}
