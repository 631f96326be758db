import {
  bigint,
  foreignKey,
  index,
  pgTable,
  primaryKey,
  smallint,
  text,
  unique,
  integer,
} from 'drizzle-orm/pg-core'
import { bytes, instant, minor, xid8 } from './columns.ts'
import { sql } from 'drizzle-orm'

/** Chart of accounts. `code` names the account (`liability:cpo:acct_…:EUR:pending`); one currency each. */
export const ledgerAccounts = pgTable(
  'ledger_accounts',
  {
    id: integer().primaryKey().generatedAlwaysAsIdentity(),
    code: text().notNull().unique(),
    currency: text().notNull(),
  },
  (t) => [unique().on(t.id, t.currency)],
)

/** Append-only. The guards (zero sum per currency, sealed, immutable, body hash) live in the ledger migration. */
export const ledgerEntries = pgTable(
  'ledger_entries',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    idempotencyKey: text().notNull().unique(),
    bodyHash: bytes().notNull(),
    kind: text().notNull(),
    sessionId: text(),
    reverses: bigint({ mode: 'number' }).unique(),
    effectiveAt: instant().notNull(),
    recordedAt: instant().notNull().default(sql`clock_timestamp()`),
    xid: xid8().notNull().default(sql`pg_current_xact_id()`),
  },
  (t) => [index().on(t.sessionId)],
)

export const ledgerPostings = pgTable(
  'ledger_postings',
  {
    /** No foreign key: the seal reads the entry for every leg, and no entry is ever deleted. */
    entryId: bigint({ mode: 'number' }).notNull(),
    leg: smallint().notNull(),
    accountId: integer().notNull(),
    currency: text().notNull(),
    /** Signed: debit positive, credit negative; never zero. */
    amountMinor: minor().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.entryId, t.leg] }),
    foreignKey({
      columns: [t.accountId, t.currency],
      foreignColumns: [ledgerAccounts.id, ledgerAccounts.currency],
    }),
    // The index for balances, with the amounts in it, is in the ledger migration.
  ],
)
