import { InvariantError } from '@chargelane/rules/assert'
import { and, asc, desc, eq, gt, inArray, isNull, ne, sql as raw } from 'drizzle-orm'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import type { Sql, Tx } from '../../client.ts'
import { arg, fixedStatement } from '../../fixed.ts'
import { type connectors, payables, priceProofs, quotes, sales, sessions } from '../../schema.ts'
import type { JudgedRecord, ProofInput, ProofOutput } from '@chargelane/rules/documents'

export type ProofRow = typeof priceProofs.$inferSelect

export type NewProof = {
  sessionId: string
  cdrId: string
  /** `retail` is the driver's price. */
  rating: string
  hash: string
  input: ProofInput
  output: ProofOutput
  engineVersion: string
  at: string
}

const insertProof = fixedStatement<
  { id: string },
  Omit<NewProof, 'input' | 'output'> & { id: string; input: string; output: string }
>(
  () => raw`with made as (
      insert into price_proofs (id, session_id, cdr_id, rating, hash, input, output, engine_version, status, checked_at,
        created_at)
      values (${arg('id')}, ${arg('sessionId')}, ${arg('cdrId')}, ${arg('rating')}, ${arg('hash')},
        ${arg('input')}::jsonb, ${arg('output')}::jsonb, ${arg('engineVersion')}, 'valid', ${arg('at')}, ${arg('at')})
      on conflict do nothing returning id),
    superseded as (
      update price_proofs set status = 'superseded'
      where session_id = ${arg('sessionId')} and rating = ${arg('rating')} and status = 'valid'
        and exists (select from made))
    select id from made`,
)

/**
 * Stores the proof of a judged record, once per record and kind of rating, and supersedes those of the session's earlier
 * records. A repeated call finds the first.
 */
export async function putProof(tx: Tx, proof: NewProof): Promise<string> {
  const [made] = await insertProof(tx, {
    ...proof,
    id: newId('priceProof'),
    input: JSON.stringify(proof.input),
    output: JSON.stringify(proof.output),
  })
  if (made !== undefined) return made.id
  const first = await proofOfCdr(tx, proof.cdrId, proof.rating)
  if (first === undefined) throw new InvariantError(`No proof of ${proof.cdrId}.`)
  return first.id
}

type Connector = typeof connectors.$inferSelect
type ProofPlace = { id: string; locationId: string; evseId: string } & Pick<
  Connector,
  'powerType' | 'maxPowerW'
>
const selectPlace = fixedStatement<ProofPlace, { sessionId: string }>(
  () => raw`select e.id, e.location_id as "locationId", e.evse_id as "evseId", c.power_type as "powerType",
      c.max_power_w as "maxPowerW"
    from sessions s join evses e on e.id = s.evse_id join connectors c on c.id = s.connector_id
    where s.id = ${arg('sessionId')}`,
)

/** Facts of the EVSE a price depends on or is looked up by, as they are when the record is judged. */
export async function proofPlace(sql: Sql, sessionId: string) {
  const [row] = await selectPlace(sql, { sessionId })
  return row
}

/** Row-level security shows a viewer the proofs of its own sessions. */
export async function getProof(sql: Sql, id: string): Promise<ProofRow | undefined> {
  const [row] = await sql.select().from(priceProofs).where(eq(priceProofs.id, id))
  return row
}

/** The proof of the price a session stands at; of a superseded one only where there is no other. */
export async function proofOfSession(
  sql: Sql,
  sessionId: string,
  rating = 'retail',
): Promise<ProofRow | undefined> {
  const [row] = await sql
    .select()
    .from(priceProofs)
    .where(and(eq(priceProofs.sessionId, sessionId), eq(priceProofs.rating, rating)))
    .orderBy(raw`${priceProofs.status} = 'superseded'`, desc(priceProofs.id))
    .limit(1)
  return row
}

export async function proofOfCdr(
  sql: Sql,
  cdrId: string,
  rating = 'retail',
): Promise<ProofRow | undefined> {
  const [row] = await sql
    .select()
    .from(priceProofs)
    .where(and(eq(priceProofs.cdrId, cdrId), eq(priceProofs.rating, rating)))
  return row
}

/** A proof with what it must agree with: the lock of the quote and the sale that was booked, if there is one. */
export type ProofCheckRow = {
  proof: ProofRow
  tariffHash: string
  /** What was decided about the session's money, with the record it was decided on. */
  sale: { cdrId: string; verdict: JudgedRecord } | null
  accountId: string
  cpoId: string
}

/** Every so many settled sessions' proof is looked at again each night; all of those not yet settled are. */
const settledSample = 50

/**
 * Proofs to execute again, in order of id: of every session somebody is still owed for, every failed one, and one in
 * fifty of the settled, another fiftieth each night. `after` is the last id of the page before.
 */
export async function proofsToCheck(
  sql: Sql,
  page: { after: string; limit: number; night: number },
): Promise<ProofCheckRow[]> {
  const owed = sql
    .select({ id: payables.sessionId })
    .from(payables)
    .where(and(eq(payables.sessionId, priceProofs.sessionId), isNull(payables.settlementId)))
  const sampled = raw`abs(hashtext(${priceProofs.id})) % ${settledSample} = ${page.night % settledSample}`
  const rows = await sql
    .select({
      proof: priceProofs,
      tariffHash: quotes.tariffHash,
      accountId: sessions.accountId,
      cpoId: sessions.cpoId,
    })
    .from(priceProofs)
    .innerJoin(sessions, eq(sessions.id, priceProofs.sessionId))
    .innerJoin(quotes, eq(quotes.id, sessions.quoteId))
    .where(
      and(
        gt(priceProofs.id, page.after),
        ne(priceProofs.status, 'superseded'),
        raw`(exists ${owed} or ${priceProofs.status} = 'failed' or ${isNull(sessions.settledAt)} or ${sampled})`,
      ),
    )
    .orderBy(asc(priceProofs.id))
    .limit(page.limit)
  const ids = rows.map(({ proof }) => proof.sessionId)
  const sold =
    ids.length === 0
      ? []
      : await sql
          .selectDistinctOn([sales.sessionId], {
            sessionId: sales.sessionId,
            cdrId: sales.cdrId,
            verdict: sales.verdict,
          })
          .from(sales)
          .where(inArray(sales.sessionId, ids))
          .orderBy(asc(sales.sessionId), desc(sales.revision))
  const bySession = new Map(sold.map((sale) => [sale.sessionId, sale]))
  return rows.map((row) => ({ ...row, sale: bySession.get(row.proof.sessionId) ?? null }))
}

/** Whether it holds as of now. The document itself is never touched. */
export async function keepProofCheck(
  tx: Tx,
  id: string,
  result: { failure: string | null; at: string },
): Promise<ProofRow | undefined> {
  const [row] = await tx
    .update(priceProofs)
    .set({
      status: result.failure === null ? 'valid' : 'failed',
      failure: result.failure,
      checkedAt: result.at,
    })
    .where(and(eq(priceProofs.id, id), ne(priceProofs.status, 'superseded')))
    .returning()
  return row
}

/** Keeps what a session owes out of every settlement, or lets it in again. What was settled stays settled. */
export async function holdPayables(tx: Tx, sessionId: string, reason: string): Promise<number> {
  const held = await tx
    .update(payables)
    .set({ heldReason: reason })
    .where(
      and(
        eq(payables.sessionId, sessionId),
        isNull(payables.settlementId),
        isNull(payables.heldReason),
      ),
    )
    .returning({ id: payables.id })
  return held.length
}

export async function releasePayables(tx: Tx, sessionId: string, reason: string): Promise<number> {
  const released = await tx
    .update(payables)
    .set({ heldReason: null })
    .where(and(eq(payables.sessionId, sessionId), eq(payables.heldReason, reason)))
    .returning({ id: payables.id })
  return released.length
}
