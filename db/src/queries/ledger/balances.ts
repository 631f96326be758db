// What stands on an account: the sums that were written down last, and what was booked since.
import { sql as raw, type SQL } from 'drizzle-orm'
import type { Money } from '@chargelane/openapi/vocabulary/money'
import type { Db, Sql } from '../../client.ts'
import { arg, fixedStatement } from '../../fixed.ts'
import { minorOf, sumText } from '../sums.ts'

/** A sum of amounts, which may be greater than any of them is allowed to be. */
export type Total = { amount: bigint; currency: string }
export type Balance = { account: string; balance: Total }
export type AccountSums = Balance & { debit: Total; credit: Total }
export type TrialBalance = {
  /** `difference` is zero, or the books are broken. */
  currencies: { debit: Total; credit: Total; difference: Total }[]
  accounts: AccountSums[]
}

type SumRow = { code: string | null; currency: string; debit: string; credit: string }

/**
 * Every account's balance and the sum per currency, of one moment; with `asOf`, of what counted up to and including that
 * instant. Read-only and meant for finance.
 */
export async function trialBalance(sql: Sql, asOf?: string): Promise<TrialBalance> {
  const until =
    asOf === undefined
      ? raw``
      : raw`where exists (select from ledger_entries e where e.id = p.entry_id and e.effective_at <= ${asOf})`
  const rows = await sql.execute<SumRow>(raw`
    with movements as (
      select p.account_id, p.currency,
        sum(p.amount_minor) filter (where p.amount_minor > 0) as debit,
        sum(p.amount_minor) filter (where p.amount_minor < 0) as credit
      from ledger_postings p ${until} group by p.account_id, p.currency)
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

/** The sums that were written down last, and those of what came since: however many postings there are, few are read. */
const balanceQuery = (
  code: SQL,
) => raw`select (coalesce(b.debit - b.credit, 0) + coalesce((select sum(p.amount_minor) from ledger_postings p
      where p.account_id = a.id and p.entry_id > coalesce(b.through_entry, 0)), 0))::text as balance
    from ledger_accounts a left join lateral (select k.debit, k.credit, k.through_entry from ledger_balances k
      where k.account_id = a.id order by k.through_entry desc limit 1) b on true
    where a.code = ${code}`

const readBalance = fixedStatement<{ balance: string }, { code: string }>(() =>
  balanceQuery(arg('code')),
)

type Plan = { Plan: { 'Shared Hit Blocks': number; 'Shared Read Blocks': number } }

/** How many pages the server looks at for one balance: what it costs, whatever else the machine does. */
export async function pagesOfBalance(sql: Sql, code: string): Promise<number> {
  const [row] = await sql.execute<{ 'QUERY PLAN': Plan[] }>(
    raw`explain (analyze, buffers, timing off, format json) ${balanceQuery(raw`${code}`)}`,
  )
  const plan = row?.['QUERY PLAN'][0]?.Plan
  return (plan?.['Shared Hit Blocks'] ?? 0) + (plan?.['Shared Read Blocks'] ?? 0)
}

/** Debits less credits of one account in minor units; zero when it has never moved. */
export async function balanceOf(sql: Sql, code: string): Promise<number> {
  const [row] = await readBalance(sql, { code })
  return minorOf(row?.balance ?? '0')
}

/** What stood on an account up to and including an instant. */
export async function balanceAt(sql: Sql, code: string, asOf: string): Promise<number> {
  const [row] = await sql.execute<{ balance: string }>(raw`
    select ${sumText(raw`p.amount_minor`)} as balance
    from ledger_accounts a join ledger_postings p on p.account_id = a.id
      join ledger_entries e on e.id = p.entry_id
    where a.code = ${code} and e.effective_at <= ${asOf}`)
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

export type Uncleared = { account: string; balance: Money; since: string }

/**
 * Accounts with this head that are not at zero, each with the age of the oldest part of what stands there: what comes
 * clears what came first.
 */
export async function unclearedSince(sql: Sql, codePrefix: string): Promise<Uncleared[]> {
  const rows = await sql.execute<{
    code: string
    currency: string
    balance: string
    since: string
  }>(raw`
    with open as (
      select a.id, a.code, a.currency, sum(p.amount_minor) as balance
      from ledger_accounts a join ledger_postings p on p.account_id = a.id
      where starts_with(a.code, ${codePrefix})
      group by a.id, a.code, a.currency having sum(p.amount_minor) <> 0)
    select o.code, o.currency, o.balance::text as balance,
      (select min(w.effective_at) from (
        select e.effective_at, sum(abs(p.amount_minor)) over (order by p.entry_id desc, p.leg desc)
          - abs(p.amount_minor) as later
        from ledger_postings p join ledger_entries e on e.id = p.entry_id
        where p.account_id = o.id and sign(p.amount_minor) = sign(o.balance)) w
        where w.later < abs(o.balance)) as since
    from open o order by o.code`)
  return rows.map(({ code: account, currency, balance, since }) => ({
    account,
    balance: { amount: minorOf(balance), currency },
    since,
  }))
}

/** The last entry that no later commit comes before. Writers that are at work are waited for, and none is kept waiting. */
export function watermark(db: Db): Promise<number> {
  return db.tx(async (tx) => {
    const [row] = await tx.execute<{ through: string }>(
      raw`select ledger_watermark()::text as through`,
    )
    return minorOf(row?.through ?? '0')
  })
}

/** Writes down the sums of the accounts that moved, through a watermark; how many they were. */
export async function foldBalances(db: Db, through: number): Promise<number> {
  const [row] = await db.execute<{ folded: number }>(raw`select ledger_fold(${through}) as folded`)
  return row?.folded ?? 0
}
