import { sql as raw } from 'drizzle-orm'
import type { Money } from '@chargelane/openapi/vocabulary/money'
import { databaseMessage, sqlState, type Sql } from '../../client.ts'
import { arg, fixedStatement } from '../../fixed.ts'
import { minorOf, sumText } from '../sums.ts'

/** One leg: debit positive, credit negative; the account is made by its first leg. */
export type Posting = { account: string; amount: Money }

export type NewEntry = {
  /** Same key and same entry: the first one's id. Same key and another entry: an error. */
  key: string
  kind: string
  sessionId?: string
  /** UTC instant at which the movement counts. Part of the entry: a repeat must bring the same one. */
  effectiveAt: string
  /** Two or more; they sum to zero in every currency. */
  postings: Posting[]
}

/** Posts one balanced entry and returns its id. `ledger_post` is the only writer; its guards are in the migration. */
export async function postEntry(sql: Sql, entry: NewEntry): Promise<number> {
  const legs = JSON.stringify(legsOf(entry.postings))
  try {
    const [row] = await sql.execute<{ id: number }>(
      raw`select ledger_post(${entry.key}, ${entry.kind}, ${entry.sessionId ?? null}, ${entry.effectiveAt}, ${legs}) as id`,
    )
    if (row === undefined) throw new Error('ledger_post returned nothing')
    return row.id
  } catch (error) {
    if (sqlState(error) === undefined) throw error
    throw new Error(`ledger entry ${entry.key}: ${databaseMessage(error)}`, { cause: error })
  }
}

const postAll = fixedStatement<{ ids: number[] }, { list: string }>(
  () => raw`select ledger_post_all(${arg('list')}::jsonb) as ids`,
)

/** Posts many entries in one statement, all or none; ids in the order of the entries, whose keys differ. */
export async function postEntries(sql: Sql, entries: NewEntry[]): Promise<number[]> {
  if (entries.length === 0) return []
  const list = entries.map((entry) => ({
    key: entry.key,
    kind: entry.kind,
    session: entry.sessionId ?? null,
    effective_at: entry.effectiveAt,
    legs: legsOf(entry.postings),
  }))
  try {
    const [row] = await postAll(sql, { list: JSON.stringify(list) })
    return row?.ids ?? []
  } catch (error) {
    if (sqlState(error) === undefined) throw error
    throw new Error(`ledger entries: ${databaseMessage(error)}`, { cause: error })
  }
}

function legsOf(postings: Posting[]) {
  return postings.map(({ account, amount }) => ({
    account,
    currency: amount.currency,
    amount_minor: amount.amount,
  }))
}

/** A sum of amounts, which may be greater than any of them is allowed to be. */
export type Total = { amount: bigint; currency: string }
export type Balance = { account: string; balance: Total }
export type TrialBalance = {
  /** `difference` is zero, or the books are broken. */
  currencies: { debit: Total; credit: Total; difference: Total }[]
  accounts: (Balance & { debit: Total; credit: Total })[]
}

/** Every account's balance and the sum per currency, of one moment. Read-only and meant for finance. */
export async function trialBalance(sql: Sql): Promise<TrialBalance> {
  const rows = await sql.execute<{
    code: string | null
    currency: string
    debit: string
    credit: string
  }>(raw`
    with movements as (
      select account_id, currency,
        sum(amount_minor) filter (where amount_minor > 0) as debit,
        sum(amount_minor) filter (where amount_minor < 0) as credit
      from ledger_postings group by account_id, currency)
    select a.code, m.currency, ${sumText(raw`m.debit`)} as debit, ${sumText(raw`m.credit`)} as credit
    from movements m join ledger_accounts a on a.id = m.account_id
    group by grouping sets ((a.code, m.currency), (m.currency))
    order by m.currency, a.code nulls first`)
  const currencies = rows.filter((row) => row.code === null)
  return {
    currencies: currencies.map((row) => {
      const { total: difference, ...sides } = sidesOf(row)
      return { ...sides, difference }
    }),
    accounts: rows.flatMap((row) => {
      const { total: balance, ...sides } = sidesOf(row)
      return row.code === null ? [] : [{ account: row.code, ...sides, balance }]
    }),
  }
}

function sidesOf(row: { debit: string; credit: string; currency: string }) {
  const { currency } = row
  const [debit, credit] = [BigInt(row.debit), BigInt(row.credit)]
  return {
    debit: { amount: debit, currency },
    credit: { amount: -credit, currency },
    total: { amount: debit + credit, currency },
  }
}

/** Debits less credits of one account in minor units; zero when it has never moved. */
export async function balanceOf(sql: Sql, code: string): Promise<number> {
  const [row] = await sql.execute<{ balance: string }>(raw`
    select ${sumText(raw`p.amount_minor`)} as balance
    from ledger_accounts a join ledger_postings p on p.account_id = a.id where a.code = ${code}`)
  return minorOf(row?.balance ?? '0')
}

/** Balances of all accounts whose code begins so, without those at zero: what is not yet cleared. */
export async function openBalances(sql: Sql, codePrefix: string): Promise<Balance[]> {
  const rows = await sql.execute<{ code: string; currency: string; balance: string }>(raw`
    select a.code, a.currency, ${sumText(raw`p.amount_minor`)} as balance
    from ledger_accounts a join ledger_postings p on p.account_id = a.id
    where starts_with(a.code, ${codePrefix})
    group by a.code, a.currency having sum(p.amount_minor) <> 0 order by a.code`)
  return rows.map(({ code, balance, currency }) => ({
    account: code,
    balance: { amount: BigInt(balance), currency },
  }))
}

export type Entry = {
  id: number
  key: string
  kind: string
  sessionId: string | null
  effectiveAt: string
  recordedAt: string
  postings: Posting[]
}

/** Every entry of one session in the order of recording, with its legs. */
export function entriesOfSession(sql: Sql, sessionId: string): Promise<Entry[]> {
  return readEntries(sql, raw`e.session_id = ${sessionId}`, raw`e.id`)
}

export async function entryById(sql: Sql, id: number): Promise<Entry | undefined> {
  const [entry] = await readEntries(sql, raw`e.id = ${id}`, raw`e.id`)
  return entry
}

export async function entryByKey(sql: Sql, key: string): Promise<Entry | undefined> {
  const [entry] = await readEntries(sql, raw`e.idempotency_key = ${key}`, raw`e.id`)
  return entry
}

/** The journal, newest first; `beforeId` is the last id of the page before. */
export function listEntries(
  sql: Sql,
  page: { beforeId?: number; limit: number; account?: string },
): Promise<Entry[]> {
  const before = page.beforeId === undefined ? raw`true` : raw`e.id < ${page.beforeId}`
  const touches =
    page.account === undefined
      ? raw`true`
      : raw`e.id in (select x.entry_id from ledger_postings x
          join ledger_accounts y on y.id = x.account_id where y.code = ${page.account})`
  return readEntries(sql, raw`${before} and ${touches}`, raw`e.id desc limit ${page.limit}`)
}

async function readEntries(
  sql: Sql,
  where: ReturnType<typeof raw>,
  order: ReturnType<typeof raw>,
): Promise<Entry[]> {
  const rows = await sql.execute<{
    id: number
    key: string
    kind: string
    session_id: string | null
    effective_at: string
    recorded_at: string
    postings: Posting[]
  }>(raw`
    select e.id, e.idempotency_key as key, e.kind, e.session_id, e.effective_at, e.recorded_at,
      (select json_agg(json_build_object(
          'account', a.code,
          'amount', json_build_object('amount', p.amount_minor, 'currency', p.currency)) order by p.leg)
        from ledger_postings p join ledger_accounts a on a.id = p.account_id
        where p.entry_id = e.id) as postings
    from ledger_entries e where ${where} order by ${order}`)
  return rows.map((row) => ({
    id: row.id,
    key: row.key,
    kind: row.kind,
    sessionId: row.session_id,
    effectiveAt: row.effective_at,
    recordedAt: row.recorded_at,
    postings: row.postings,
  }))
}
