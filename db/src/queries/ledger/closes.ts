// Daily closes and closed periods of the books.
import { desc, lt, sql as raw } from 'drizzle-orm'
import type { Sql, Tx } from '../../client.ts'
import { ledgerCloses, ledgerPeriods } from '../../schema.ts'
import { minorOf, sumText } from '../sums.ts'

export type LedgerClose = typeof ledgerCloses.$inferSelect
export type LedgerPeriod = typeof ledgerPeriods.$inferSelect

export type BookedSince = {
  entries: number
  /** SHA-256 over the SHA-256 of every entry in the order of their ids; hexadecimal. */
  digest: string
  /** Sums of debits; those of credits are the same. */
  turnover: { currency: string; debit: string }[]
}

/**
 * What was booked after one entry and through another, from the rows themselves. An entry's own hash is of its JSON text:
 * `[id, key, kind, session, effective_at, occurred_at, [[account, currency, amount], …]]` as PostgreSQL prints it.
 */
export async function bookedBetween(
  sql: Sql,
  { after, through }: { after: number; through: number },
): Promise<BookedSince> {
  const [row] = await sql.execute<{ entries: number; digest: string }>(raw`
    select count(*)::int as entries,
      encode(sha256(coalesce(string_agg(sha256(convert_to(line, 'UTF8')), ''::bytea order by id), ''::bytea)), 'hex') as digest
    from (select e.id, jsonb_build_array(e.id, e.idempotency_key, e.kind, e.session_id,
        extract(epoch from e.effective_at), extract(epoch from e.occurred_at),
        (select jsonb_agg(jsonb_build_array(a.code, p.currency, p.amount_minor) order by p.leg)
          from ledger_postings p join ledger_accounts a on a.id = p.account_id where p.entry_id = e.id))::text as line
      from ledger_entries e where e.id > ${after} and e.id <= ${through}) lines`)
  const turnover = await sql.execute<{ currency: string; debit: string }>(raw`
    select currency, ${sumText(raw`amount_minor`)} as debit from ledger_postings
    where entry_id > ${after} and entry_id <= ${through} and amount_minor > 0 group by currency order by currency`)
  return { entries: row?.entries ?? 0, digest: row?.digest ?? '', turnover: [...turnover] }
}

export async function lastClose(sql: Sql): Promise<LedgerClose | undefined> {
  const [row] = await sql.select().from(ledgerCloses).orderBy(desc(ledgerCloses.sequence)).limit(1)
  return row
}

/** False where another process has closed with this number. */
export async function insertClose(tx: Sql, close: LedgerClose): Promise<boolean> {
  const made = await tx
    .insert(ledgerCloses)
    .values(close)
    .onConflictDoNothing()
    .returning({ sequence: ledgerCloses.sequence })
  return made.length > 0
}

/** Newest first. */
export function listCloses(
  sql: Sql,
  { before, limit }: { before?: number | undefined; limit: number },
): Promise<LedgerClose[]> {
  return sql
    .select()
    .from(ledgerCloses)
    .where(before === undefined ? undefined : lt(ledgerCloses.sequence, before))
    .orderBy(desc(ledgerCloses.sequence))
    .limit(limit)
}

/** Newest first. */
export function listPeriods(sql: Sql): Promise<LedgerPeriod[]> {
  return sql.select().from(ledgerPeriods).orderBy(desc(ledgerPeriods.openFrom)).limit(1_000)
}

/** Whoever books afterwards books in what is open. */
export async function closePeriod(tx: Tx, period: LedgerPeriod): Promise<void> {
  const { openFrom, reason, proposedBy, approvedBy, closedAt } = period
  await tx.execute(
    raw`select ledger_close_period(${openFrom}, ${reason}, ${proposedBy}, ${approvedBy}, ${closedAt})`,
  )
}

/** The id of the last entry that counts before an instant; zero where there is none. */
export async function entriesBefore(sql: Sql, instant: string): Promise<number> {
  const [row] = await sql.execute<{ count: string }>(
    raw`select count(*)::text as count from ledger_entries where effective_at < ${instant}`,
  )
  return minorOf(row?.count ?? '0')
}
