// Disputes as they are kept, and what each led to: refunds, entries and papers of the change of the sale that it made.
import {
  and,
  asc,
  between,
  desc,
  eq,
  inArray,
  isNotNull,
  lt,
  lte,
  or,
  sql as raw,
} from 'drizzle-orm'
import {
  isLiveDispute,
  liveDisputeStatuses,
} from '@chargelane/openapi/vocabulary/settlement/disputes'
import type { DisputeKind, DisputeStatus } from '@chargelane/openapi/vocabulary/settlement/disputes'
import { newId } from '@chargelane/openapi/vocabulary/ids'
import type { Money } from '@chargelane/openapi/vocabulary/money'
import { InvariantError } from '@chargelane/rules/assert'
import type { SaidOfDispute } from '@chargelane/rules/documents'
import { everyAccount, type Sql, type Tx } from '../../client.ts'
import { disputes, invoices, ledgerEntries, refunds } from '../../schema.ts'
import { seal, unseal } from '../../sealed/sealed.ts'

type Row = typeof disputes.$inferSelect
type Kept = 'currency' | 'amountMinor' | 'decidedMinor' | 'feeMinor' | 'feeCurrency' | 'said'
export type Dispute = Omit<Row, Kept> & {
  amount: Money
  decided: Money | null
  fee: Money | null
  said: SaidOfDispute[]
}

function disputeOf(row: Row): Dispute {
  const { currency, amountMinor, decidedMinor, feeMinor, feeCurrency, said, ...rest } = row
  const of = (amount: number | null) => (amount === null ? null : { amount, currency })
  return {
    ...rest,
    amount: { amount: amountMinor, currency },
    decided: of(decidedMinor),
    fee:
      feeMinor === null || feeCurrency === null
        ? null
        : { amount: feeMinor, currency: feeCurrency },
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- sealed here from a value of its type
    said: JSON.parse(unseal('disputes.said', row.id, said)) as SaidOfDispute[],
  }
}

export type DisputePatch = Partial<
  Omit<Dispute, 'id' | 'kind' | 'sessionId' | 'createdAt' | 'updatedAt' | 'amount'>
>

function columnsOf(id: string, { decided, fee, said, ...patch }: DisputePatch) {
  return {
    ...patch,
    ...(decided === undefined ? {} : { decidedMinor: decided?.amount ?? null }),
    ...(fee === undefined
      ? {}
      : { feeMinor: fee?.amount ?? null, feeCurrency: fee?.currency ?? null }),
    ...(said === undefined ? {} : { said: seal('disputes.said', id, JSON.stringify(said)) }),
  }
}

export type NewDispute = Pick<
  Dispute,
  'kind' | 'status' | 'reason' | 'sessionId' | 'partnerId' | 'cpoId' | 'amount'
> &
  DisputePatch & { id?: string; at: string }

/** Undefined where the session has a live one of the kind, or the provider's is known. */
export async function openDispute(tx: Tx, input: NewDispute): Promise<Dispute | undefined> {
  const { amount, at, id = newId('dispute'), said = [], ...values } = input
  const [row] = await tx
    .insert(disputes)
    .values({
      ...values,
      ...columnsOf(id, values),
      id,
      currency: amount.currency,
      amountMinor: amount.amount,
      said: seal('disputes.said', id, JSON.stringify(said)),
      createdAt: at,
      updatedAt: at,
      closedAt: isLiveDispute(values.status) ? null : at,
    })
    .onConflictDoNothing()
    .returning()
  return row && disputeOf(row)
}

/** Locked until the tx ends, so that two decisions about it come one after the other. */
export async function lockDispute(tx: Tx, id: string): Promise<Dispute | undefined> {
  const [row] = await tx.select().from(disputes).where(eq(disputes.id, id)).for('update')
  return row && disputeOf(row)
}

export async function changeDispute(
  tx: Tx,
  id: string,
  patch: DisputePatch,
  at: string,
): Promise<Dispute> {
  const isEnd = patch.status !== undefined && !isLiveDispute(patch.status)
  const [row] = await tx
    .update(disputes)
    .set({ ...columnsOf(id, patch), updatedAt: at, ...(isEnd ? { closedAt: at } : {}) })
    .where(eq(disputes.id, id))
    .returning()
  if (row === undefined) throw new InvariantError(`No dispute ${id}.`)
  return disputeOf(row)
}

export async function disputeById(sql: Sql, id: string): Promise<Dispute | undefined> {
  const [row] = await sql.select().from(disputes).where(eq(disputes.id, id))
  return row && disputeOf(row)
}

export async function disputeOfProvider(sql: Sql, reference: string): Promise<Dispute | undefined> {
  const [row] = await sql.select().from(disputes).where(eq(disputes.providerReference, reference))
  return row && disputeOf(row)
}

/** The first one first. */
export async function disputesOfSession(sql: Sql, sessionId: string): Promise<Dispute[]> {
  const rows = await sql
    .select()
    .from(disputes)
    .where(eq(disputes.sessionId, sessionId))
    .orderBy(asc(disputes.id))
  return rows.map(disputeOf)
}

/** The live ones that nothing else moves on, for whoever starts after a stop. */
export async function liveDisputes(sql: Sql, limit: number): Promise<Dispute[]> {
  const rows = await sql
    .select()
    .from(disputes)
    .where(inArray(disputes.status, [...liveDisputeStatuses]))
    .orderBy(asc(disputes.id))
    .limit(limit)
  return rows.map(disputeOf)
}

/** Chargebacks to be contested by now, and those that the provider has to have still, up to an instant. */
export async function chargebacksToContest(
  sql: Sql,
  { now, until, limit }: { now: string; until: string; limit: number },
): Promise<Dispute[]> {
  const rows = await sql
    .select()
    .from(disputes)
    .where(
      and(
        eq(disputes.kind, 'chargeback'),
        inArray(disputes.status, [...liveDisputeStatuses]),
        or(
          and(eq(disputes.nextAction, 'evidence_is_submitted'), lte(disputes.contestUntil, now)),
          and(isNotNull(disputes.submittedAt), between(disputes.deadline, now, until)),
        ),
      ),
    )
    .orderBy(asc(disputes.deadline), asc(disputes.id))
    .limit(limit)
  return rows.map(disputeOf)
}

/** What both sides of a session see, and what whoever opened it does alone. */
const seenBy = (accountId: string) =>
  accountId === everyAccount || accountId === 'all'
    ? undefined
    : or(
        eq(disputes.openedBy, accountId),
        and(
          inArray(disputes.kind, ['driver', 'chargeback']),
          or(eq(disputes.partnerId, accountId), eq(disputes.cpoId, accountId)),
        ),
      )

export async function getDispute(
  sql: Sql,
  accountId: string,
  id: string,
): Promise<Dispute | undefined> {
  const [row] = await sql
    .select()
    .from(disputes)
    .where(and(eq(disputes.id, id), seenBy(accountId)))
  return row && disputeOf(row)
}

/** Newest first; `after` is the id of the last row of the page before. */
export async function listDisputes(
  sql: Sql,
  accountId: string,
  page: {
    after?: string
    limit: number
    kind?: DisputeKind
    status?: DisputeStatus
    sessionId?: string
  },
): Promise<Dispute[]> {
  const rows = await sql
    .select()
    .from(disputes)
    .where(
      and(
        seenBy(accountId),
        page.kind === undefined ? undefined : eq(disputes.kind, page.kind),
        page.status === undefined ? undefined : eq(disputes.status, page.status),
        page.sessionId === undefined ? undefined : eq(disputes.sessionId, page.sessionId),
        page.after === undefined ? undefined : lt(disputes.id, page.after),
      ),
    )
    .orderBy(desc(disputes.id))
    .limit(page.limit)
  return rows.map(disputeOf)
}

/** What came of it. */
export type Led = { refunds: string[]; creditNote: string | null; entries: number[] }

const nothing: Led = { refunds: [], creditNote: null, entries: [] }

/** Of a change of the sale: what was given back, its credit note, and its entries by the name of the change. */
export async function ledTo(
  sql: Sql,
  { id, sessionId, revision, providerReference }: Dispute,
): Promise<Led> {
  const prefix = `${sessionId}:dispute:${providerReference ?? id}`
  const entries = await sql
    .select({ id: ledgerEntries.id })
    .from(ledgerEntries)
    .where(
      and(
        eq(ledgerEntries.sessionId, sessionId),
        raw`starts_with(${ledgerEntries.idempotencyKey}, ${prefix})`,
      ),
    )
    .orderBy(asc(ledgerEntries.id))
  const booked = { ...nothing, entries: entries.map((entry) => entry.id) }
  if (revision === null) return booked
  const [given, [note]] = await Promise.all([
    sql
      .select({ id: refunds.id })
      .from(refunds)
      .where(and(eq(refunds.sessionId, sessionId), eq(refunds.revision, revision)))
      .orderBy(asc(refunds.id)),
    sql
      .select({ id: invoices.id })
      .from(invoices)
      .where(
        and(
          eq(invoices.sessionId, sessionId),
          eq(invoices.revision, revision),
          eq(invoices.kind, 'credit_note'),
        ),
      ),
  ])
  return { ...booked, refunds: given.map((refund) => refund.id), creditNote: note?.id ?? null }
}

/** Chargebacks of a payment source that were not won, since an instant. */
export async function chargebacksOfSource(
  sql: Sql,
  { paymentSourceId, since }: { paymentSourceId: string; since: string },
): Promise<number> {
  const [row] = await sql.execute<{ n: string }>(
    raw`select count(*) as n from ${disputes} d join payments p on p.id = d.payment_id
      where d.kind = 'chargeback' and d.status <> 'won' and d.created_at >= ${since}::timestamptz
        and p.payment_source_id = ${paymentSourceId}`,
  )
  return Number(row?.n ?? 0)
}
