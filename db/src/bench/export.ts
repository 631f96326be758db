// What the product says about money, row by row as JSON lines: for outsiders who compute it again with code of their own.
import { sql as raw } from 'drizzle-orm'
import type { Db } from '../client.ts'
import { statementOf } from '../queries/documents/statements.ts'

/** Each table with the columns that say nothing about money: sealed ones, and long texts. */
const tables: Record<string, readonly string[]> = {
  accounts: ['name_keys', 'vat_keys'],
  vat_checks: ['name', 'address'],
  agreements: [],
  rate_agreements: [],
  split_policies: [],
  tariffs: ['raw'],
  quotes: ['signature'],
  evses: [],
  connectors: [],
  locations: ['raw'],
  sessions: ['token_uid', 'token_key', 'failure'],
  session_terms: ['secret'],
  cdrs: ['raw', 'token_key'],
  ratings: [],
  price_proofs: [],
  sales: [],
  payments: ['client_secret'],
  refunds: [],
  debts: [],
  suspense_items: [],
  invoices: ['xml'],
  payables: [],
  settlements: ['statement', 'statement_pdf'],
  ledger_accounts: [],
  ledger_entries: ['body_hash', 'xid'],
  ledger_postings: [],
  ledger_balances: [],
}

async function tableLines(db: Db, table: string, left: readonly string[]): Promise<string[]> {
  const minus = left.map((column) => raw` - ${column}::text`)
  const rows = await db.execute<{ row: string }>(
    raw`select (to_jsonb(t)${raw.join(minus, raw``)})::text as row from ${raw.identifier(table)} t`,
  )
  return rows.map(({ row }) => `{"table":"${table}","row":${row}}`)
}

/** One line for each row; a settlement's statement is a line of its own. */
export async function* exportLines(db: Db): AsyncGenerator<string> {
  for (const [table, left] of Object.entries(tables)) yield* await tableLines(db, table, left)
  const settled = await db.execute<{ id: string }>(raw`select id from settlements order by id`)
  for (const { id } of settled) {
    const statement = await statementOf(db, id)
    if (statement !== undefined)
      yield JSON.stringify({ table: 'statements', row: { settlement_id: id, statement } })
  }
}
