// What the provider and the bank said, and where it differs from the books.
import { and, asc, desc, eq, inArray, isNull, max, sql as raw } from 'drizzle-orm'
import type { Money } from '@chargelane/openapi/vocabulary/money'
import { payoutOf } from '@chargelane/rules/bank/pain001'
import type { BankStatement } from '@chargelane/rules/bank/camt053'
import type { AtProvider, LooseBooking, SessionSides } from '@chargelane/rules/bank/reconcile'
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
      lines.map(({ amount, charges, ...line }, n) => ({
        ...line,
        chargesMinor: charges?.amount ?? null,
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
    .orderBy(
      asc(statementLines.sequence),
      raw`length(${statementLines.id})`,
      asc(statementLines.id),
    )
}

/** False where another line has taken the target: then this one came twice. */
export async function matchLine(tx: Tx, id: string, target: string): Promise<boolean> {
  const rows = await tx.execute<{ id: string }>(raw`
    update statement_lines set matched_to = ${target} where id = ${id} and matched_to is null
      and not exists (select from statement_lines o where o.matched_to = ${target}) returning id`)
  return rows.length > 0
}

/** Keys of the entries that a line may name. */
const keysOfLine = ({ reference, endToEndId, text }: StoredLine): string[] => [
  ...(endToEndId === null ? [] : [`${payoutOf(endToEndId)}:payout_paid`]),
  ...(reference === null ? [] : [`payout_returned:${reference}`, `exchanged:${reference}`]),
  ...(/\bpo_\w+/.exec(text) ?? []).map((sweep) => `sweep_booked:${sweep}`),
]

/** What a line names at the bank, of whatever amount; undefined where it names nothing that another line is not of. */
export async function bookingNamedBy(
  sql: Sql,
  line: StoredLine,
): Promise<LooseBooking | undefined> {
  const keys = keysOfLine(line)
  if (keys.length === 0) return undefined
  const [booked] = await sql.execute<{ key: string; amount: string; currency: string }>(raw`
    select e.idempotency_key as key, p.amount_minor::text as amount, p.currency from ledger_entries e
      join ledger_postings p on p.entry_id = e.id join ledger_accounts a on a.id = p.account_id
    where e.idempotency_key in (${raw.join(
      keys.map((key) => raw`${key}`),
      raw`, `,
    )}) and starts_with(a.code, 'asset:bank:') and sign(p.amount_minor) = sign(${line.amountMinor}::bigint)
      and not exists (select from statement_lines o where o.matched_to = e.idempotency_key) limit 1`)
  return (
    booked && {
      key: booked.key,
      amount: { amount: minorOf(booked.amount), currency: booked.currency },
    }
  )
}

/** What in the books a line is of: a key of an entry of this amount at the bank, or money that was recorded by hand. */
export async function targetOfLine(sql: Sql, line: StoredLine): Promise<string | undefined> {
  const { reference, endToEndId, amountMinor, currency } = line
  const keys = keysOfLine(line)
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

export type SessionAtProvider = SessionSides & {
  /** The later of both, so that what is under way is told from what is missing. */
  lastAt: string
}

type SideRow = { taken: string | null; returned: string | null; fee: string | null }

/** Undefined where that side has nothing of it. */
function sideOf({ taken, returned, fee }: SideRow): AtProvider | undefined {
  const [all, back, kept] = [taken, returned, fee].map((text) => minorOf(text ?? '0'))
  const side = { taken: all ?? 0, returned: back ?? 0, fee: kept ?? 0 }
  return side.taken === 0 && side.returned === 0 && side.fee === 0 ? undefined : side
}

/** Sessions of which the provider and the books say different things, all currencies of each together. */
export async function sessionsThatDiffer(sql: Sql): Promise<SessionAtProvider[]> {
  const rows = await sql.execute<{
    session: string
    currency: string
    books: SideRow
    provider: SideRow
    last_at: string
  }>(raw`
    with books as (
      select e.session_id as session, p.currency,
        coalesce(sum(p.amount_minor) filter (where e.kind <> 'psp_fee' and p.amount_minor > 0), 0) as taken,
        coalesce(-sum(p.amount_minor) filter (where e.kind <> 'psp_fee' and p.amount_minor < 0), 0) as returned,
        coalesce(-sum(p.amount_minor) filter (where e.kind = 'psp_fee'), 0) as fee, max(e.recorded_at) as last_at
      from ledger_accounts a join ledger_postings p on p.account_id = a.id join ledger_entries e on e.id = p.entry_id
      where starts_with(a.code, 'asset:psp:') and e.session_id is not null group by 1, 2),
    provider as (
      select session_id as session, currency,
        coalesce(sum(amount_minor) filter (where amount_minor > 0), 0) as taken,
        coalesce(-sum(amount_minor) filter (where amount_minor < 0), 0) as returned,
        coalesce(sum(fee_minor), 0) as fee, max(occurred_at) as last_at
      from provider_movements where session_id is not null group by 1, 2)
    select session, currency, greatest(b.last_at, v.last_at) as last_at,
      jsonb_build_object('taken', b.taken::text, 'returned', b.returned::text, 'fee', b.fee::text) as books,
      jsonb_build_object('taken', v.taken::text, 'returned', v.returned::text, 'fee', v.fee::text) as provider
    from books b full join provider v using (session, currency)
    where (coalesce(b.taken - b.returned, 0), coalesce(b.fee, 0))
      is distinct from (coalesce(v.taken - v.returned, 0), coalesce(v.fee, 0))
    order by session, currency`)
  return rows.map(({ session, currency, books, provider, last_at }) => ({
    sessionId: session,
    currency,
    books: sideOf(books),
    provider: sideOf(provider),
    lastAt: last_at,
  }))
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
  kind:
    | 'record_missing'
    | 'record_energy'
    | 'sale_missing'
    | 'invoice_missing'
    | 'invoice_amount'
    | 'settlement_missing'
  sessionId: string
  /** At stake: the price, or by how much two of them differ. */
  amount: Money
  cause: string
}

/**
 * Sessions whose meter, record, sale, papers and payouts do not tell the same, of those that ended in time. The record is
 * the one that the sale rests on.
 */
export async function sessionsUntold(
  sql: Sql,
  { from, until, now }: { from: string; until: string; now: string },
): Promise<{ looked: number; untold: Untold[] }> {
  const rows = await sql.execute<{
    id: string
    currency: string
    kind: Untold['kind'] | null
    amount: string
    cause: string | null
  }>(raw`
    with ended as (
      select s.id, s.currency, coalesce(s.total_gross_minor, 0) as gross, s.energy_wh, s.settled_at, s.sla_deadline,
        l.gross as sold, l.cdr_id,
        exists (select from cdrs c where c.session_id = s.id and c.source <> 'provisional'
          and c.status in ('accepted', 'adjusted', 'quarantined')) as recorded,
        (select sum(i.gross_minor * case i.kind when 'credit_note' then -1 else 1 end) from invoices i
          where i.session_id = s.id and i.kind in ('receipt_invoice', 'credit_note')) as invoiced,
        (select 1000 * sum((v ->> 'energy_kwh')::numeric) from cdrs c, jsonb_array_elements(c.usage -> 'periods') v
          where c.id = l.cdr_id and c.status in ('accepted', 'adjusted')) as recorded_wh,
        exists (select from payables y where y.session_id = s.id and not y.waits and y.amount_minor > 0
          and y.settlement_id is null) as unpaid
      from sessions s left join lateral (
        select w.cdr_id, (w.split #>> '{legs,0,gross,amount}')::bigint as gross from sales w
        where w.session_id = s.id order by w.revision desc limit 1) l on true
      where s.ended_at >= ${from} and s.ended_at < ${until} and s.energy_wh > 0)
    select e.id, e.currency, k.kind, k.amount::text as amount, k.cause
    from ended e left join lateral (
      select 'record_missing' as kind, e.gross as amount, 'has no record of its operator' as cause where not e.recorded
      union all select 'sale_missing', e.gross, 'has a record and no sale' where e.recorded and e.sold is null
      union all select 'invoice_missing', e.sold, 'is sold and has no invoice' where e.sold > 0 and e.invoiced is null
      union all select 'invoice_amount', e.invoiced - e.sold,
        'is sold for ' || e.sold || ' and its papers come to ' || e.invoiced where e.invoiced <> e.sold
      union all select 'record_energy', e.sold,
        'took ' || e.energy_wh || ' Wh, and its record states ' || trim_scale(e.recorded_wh)
        where e.sold is not null and abs(e.recorded_wh - e.energy_wh) > 1
      union all select 'settlement_missing', e.sold, 'was to be paid out by ' || e.sla_deadline
        where e.sold > 0 and e.unpaid and e.sla_deadline < ${now}) k on true`)
  return {
    looked: new Set(rows.map(({ id }) => id)).size,
    untold: rows.flatMap(({ id, currency, kind, amount, cause }) =>
      kind === null
        ? []
        : [
            {
              kind,
              sessionId: id,
              amount: { amount: minorOf(amount), currency },
              cause: cause ?? kind,
            },
          ],
    ),
  }
}
