// What the provider and the bank said, and where it differs from the books.
import { and, asc, desc, eq, inArray, isNull, max, sql as raw } from 'drizzle-orm'
import type { Money } from '@chargelane/openapi/vocabulary/money'
import type { BankStatement } from '@chargelane/rules/bank/camt053'
import type { Sql, Tx } from '../../client.ts'
import { bankStatements, payments, providerMovements, statementLines } from '../../schema.ts'
import { seal } from '../../sealed/sealed.ts'
import { minorOf, sumText } from '../sums.ts'

export type StoredMovement = typeof providerMovements.$inferSelect
export type StoredLine = typeof statementLines.$inferSelect

/** When the newest movement that we know occurred. */
export async function lastMovementAt(sql: Sql): Promise<string | undefined> {
  const [row] = await sql.select({ at: max(providerMovements.occurredAt) }).from(providerMovements)
  return row?.at ?? undefined
}

/** Each once; what was new of them. */
export function insertMovements(
  tx: Tx,
  rows: (typeof providerMovements.$inferInsert)[],
): Promise<StoredMovement[]> {
  if (rows.length === 0) return Promise.resolve([])
  return tx.insert(providerMovements).values(rows).onConflictDoNothing().returning()
}

/** The sessions of the provider's payments. */
export async function sessionsOfIntents(
  sql: Sql,
  pspIds: readonly string[],
): Promise<Map<string, string>> {
  if (pspIds.length === 0) return new Map()
  const rows = await sql
    .select({ pspId: payments.pspId, sessionId: payments.sessionId })
    .from(payments)
    .where(inArray(payments.pspId, [...pspIds]))
  return new Map(
    rows.flatMap(({ pspId, sessionId }) => (pspId === null ? [] : [[pspId, sessionId]])),
  )
}

export async function lastStatement(sql: Sql): Promise<number> {
  const [row] = await sql.select({ last: max(bankStatements.sequence) }).from(bankStatements)
  return row?.last ?? 0
}

/** False where it is known. */
export async function putStatement(
  tx: Tx,
  statement: BankStatement,
  { xml, at }: { xml: string; at: string },
): Promise<boolean> {
  const { sequence, id: statementId, opening, closing, until, lines } = statement
  const made = await tx
    .insert(bankStatements)
    .values({
      sequence,
      statementId,
      currency: closing.currency,
      openingMinor: opening.amount,
      closingMinor: closing.amount,
      until,
      xml: seal('bank_statements.xml', String(sequence), xml),
      importedAt: at,
    })
    .onConflictDoNothing()
    .returning({ sequence: bankStatements.sequence })
  if (made.length === 0) return false
  if (lines.length > 0)
    await tx.insert(statementLines).values(
      lines.map(({ amount, ...line }, n) => ({
        ...line,
        id: `${sequence}:${n + 1}`,
        sequence,
        currency: amount.currency,
        amountMinor: amount.amount,
      })),
    )
  return true
}

/** Oldest first. */
export function unmatchedLines(sql: Sql): Promise<StoredLine[]> {
  return sql
    .select()
    .from(statementLines)
    .where(isNull(statementLines.matchedTo))
    .orderBy(asc(statementLines.sequence), asc(statementLines.id))
}

/** False where another line has taken the target: then this one came twice. */
export async function matchLine(tx: Tx, id: string, target: string): Promise<boolean> {
  const rows = await tx.execute<{ id: string }>(raw`
    update statement_lines set matched_to = ${target} where id = ${id} and matched_to is null
      and not exists (select from statement_lines o where o.matched_to = ${target}) returning id`)
  return rows.length > 0
}

/** What in the books a line is of: a key of an entry of this amount at the bank, or money that was recorded by hand. */
export async function targetOfLine(sql: Sql, line: StoredLine): Promise<string | undefined> {
  const { reference, endToEndId, text, amountMinor, currency } = line
  const keys = [
    ...(endToEndId === null ? [] : [`${endToEndId}:payout_paid`]),
    ...(reference === null ? [] : [`payout_returned:${reference}`, `exchanged:${reference}`]),
    ...(/\bpo_\w+/.exec(text) ?? []).map((sweep) => `sweep_booked:${sweep}`),
  ]
  const [booked] = await sql.execute<{ key: string }>(raw`
    select e.idempotency_key as key from ledger_entries e
      join ledger_postings p on p.entry_id = e.id join ledger_accounts a on a.id = p.account_id
    where e.idempotency_key in (${raw.join(
      ['-', ...keys].map((key) => raw`${key}`),
      raw`, `,
    )}) and a.code = ${`asset:bank:${currency}`} and p.amount_minor = ${amountMinor} limit 1`)
  if (booked !== undefined) return booked.key
  if (endToEndId !== null) {
    // Whoever gave a driver its money back by transfer wrote down which transfer it was.
    const [refund] = await sql.execute<{ key: string }>(raw`
      select e.idempotency_key as key from refunds r
        join ledger_entries e on e.idempotency_key = r.id || ':by_bank'
      where position(${endToEndId} in r.reference) > 0 and r.currency = ${currency}
        and r.amount_minor = ${-amountMinor} limit 1`)
    if (refund !== undefined) return refund.key
  }
  if (reference === null) return undefined
  const [recorded] = await sql.execute<{ reference: string }>(raw`
    select reference from bank_lines
    where reference = ${reference} and amount_minor = ${amountMinor} and currency = ${currency}`)
  return recorded === undefined ? undefined : `bank_line:${recorded.reference}`
}

/** Payouts of the provider that are on their way to our bank, by the provider's id. */
export async function openSweeps(
  sql: Sql,
): Promise<{ id: string; amount: Money; sentAt: string }[]> {
  const rows = await sql
    .select()
    .from(providerMovements)
    .where(
      and(
        eq(providerMovements.type, 'payout'),
        raw`not exists (select from ledger_entries e
          where e.idempotency_key = 'sweep_booked:' || ${providerMovements.source})`,
      ),
    )
  return rows.flatMap(({ source, netMinor, currency, occurredAt }) =>
    source === null
      ? []
      : [{ id: source, amount: { amount: -netMinor, currency }, sentAt: occurredAt }],
  )
}

type SumRow = { currency: string; sum: string }
const sumsOf = (rows: Iterable<SumRow>) =>
  new Map([...rows].map(({ currency, sum }) => [currency, minorOf(sum)]))

/** What the provider's movements come to, by currency. */
export async function providerBalances(sql: Sql): Promise<Map<string, number>> {
  return sumsOf(
    await sql.execute<SumRow>(
      raw`select currency, ${sumText(raw`net_minor`)} as sum from provider_movements group by currency`,
    ),
  )
}

/** What the newest statement of each account says. */
export async function bankBalances(sql: Sql): Promise<Map<string, number>> {
  const rows = await sql
    .selectDistinctOn([bankStatements.currency], {
      currency: bankStatements.currency,
      closing: bankStatements.closingMinor,
    })
    .from(bankStatements)
    .orderBy(bankStatements.currency, desc(bankStatements.sequence))
  return new Map(rows.map(({ currency, closing }) => [currency, closing]))
}

export type SessionAtProvider = {
  sessionId: string
  currency: string
  books: { gross: number; fee: number } | undefined
  provider: { gross: number; fee: number } | undefined
  /** The later of both, so that what is under way is told from what is missing. */
  lastAt: string
}

const pair = (gross: string | null, fee: string | null) =>
  gross === null ? undefined : { gross: minorOf(gross), fee: minorOf(fee ?? '0') }

/** Sessions of which the provider and the books say different things. */
export async function sessionsThatDiffer(sql: Sql): Promise<SessionAtProvider[]> {
  const rows = await sql.execute<{
    session: string
    currency: string
    books_gross: string | null
    books_fee: string | null
    provider_gross: string | null
    provider_fee: string | null
    last_at: string
  }>(raw`
    with books as (
      select e.session_id as session, p.currency,
        sum(p.amount_minor) filter (where e.kind <> 'psp_fee') as gross,
        -sum(p.amount_minor) filter (where e.kind = 'psp_fee') as fee, max(e.recorded_at) as last_at
      from ledger_accounts a join ledger_postings p on p.account_id = a.id join ledger_entries e on e.id = p.entry_id
      where starts_with(a.code, 'asset:psp:') and e.session_id is not null group by 1, 2),
    provider as (
      select session_id as session, currency, sum(amount_minor) as gross, sum(fee_minor) as fee,
        max(occurred_at) as last_at
      from provider_movements where session_id is not null group by 1, 2)
    select session, currency, coalesce(b.gross, 0)::text as books_gross, coalesce(b.fee, 0)::text as books_fee,
      v.gross::text as provider_gross, v.fee::text as provider_fee, greatest(b.last_at, v.last_at) as last_at
    from books b full join provider v using (session, currency)
    where (coalesce(b.gross, 0), coalesce(b.fee, 0)) is distinct from (coalesce(v.gross, 0), coalesce(v.fee, 0))`)
  return rows.map((row) => {
    const books = pair(row.books_gross, row.books_fee)
    return {
      sessionId: row.session,
      currency: row.currency,
      books: books?.gross === 0 && books.fee === 0 ? undefined : books,
      provider: pair(row.provider_gross, row.provider_fee),
      lastAt: row.last_at,
    }
  })
}

/** Bookings at our bank that no line of a statement is of, with what recorded them by hand. */
export async function bookingsWithoutLine(
  sql: Sql,
): Promise<{ key: string; amount: Money; bookedAt: string }[]> {
  const rows = await sql.execute<{ key: string; amount: string; currency: string; at: string }>(raw`
    select e.idempotency_key as key, p.amount_minor::text as amount, p.currency, e.effective_at as at
    from ledger_accounts a join ledger_postings p on p.account_id = a.id join ledger_entries e on e.id = p.entry_id
    where starts_with(a.code, 'asset:bank:')
      and e.kind in ('payout_paid', 'payout_returned', 'psp_payout', 'refund_by_bank', 'exchange')
      and not exists (select from statement_lines l where l.matched_to = e.idempotency_key)
    union all
    select 'bank_line:' || b.reference, b.amount_minor::text, b.currency, b.received_at
    from bank_lines b where not exists (
      select from statement_lines l where l.matched_to = 'bank_line:' || b.reference)`)
  return rows.map(({ key, amount, currency, at }) => ({
    key,
    amount: { amount: minorOf(amount), currency },
    bookedAt: at,
  }))
}

export type Untold = {
  kind: 'record_missing' | 'sale_missing' | 'invoice_missing' | 'invoice_amount'
  sessionId: string
  amount: Money
}

/** Sessions that delivered energy and lack a record, a sale or a paper, of those that ended in time. */
export async function sessionsUntold(
  sql: Sql,
  { from, until }: { from: string; until: string },
): Promise<{ looked: number; untold: Untold[] }> {
  const rows = await sql.execute<{
    id: string
    currency: string
    kind: Untold['kind'] | null
    amount: string
  }>(raw`
    with ended as (
      select s.id, s.currency, coalesce(s.total_gross_minor, 0) as gross, s.energy_wh,
        (select l.split from sales l where l.session_id = s.id order by l.revision desc limit 1) as split,
        exists (select from cdrs c where c.session_id = s.id and c.source <> 'provisional'
          and c.status in ('accepted', 'adjusted', 'quarantined')) as recorded,
        (select sum(i.gross_minor * case i.kind when 'credit_note' then -1 else 1 end) from invoices i
          where i.session_id = s.id and i.kind in ('receipt_invoice', 'credit_note')) as invoiced
      from sessions s where s.ended_at >= ${from} and s.ended_at < ${until} and s.energy_wh > 0)
    select e.id, e.currency, case
        when not e.recorded then 'record_missing'
        when e.split is null then 'sale_missing'
        when e.invoiced is null and e.gross > 0 then 'invoice_missing' end as kind, e.gross::text as amount
    from ended e`)
  return {
    looked: rows.length,
    untold: rows.flatMap(({ id, currency, kind, amount }) =>
      kind === null ? [] : [{ kind, sessionId: id, amount: { amount: minorOf(amount), currency } }],
    ),
  }
}
