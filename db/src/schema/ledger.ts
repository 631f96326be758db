import type { Money } from '@chargelane/openapi/vocabulary/money'
import type { Exchanged } from '@chargelane/rules/fx/closing'
import {
  bigint,
  foreignKey,
  index,
  jsonb,
  numeric,
  pgTable,
  primaryKey,
  smallint,
  text,
  unique,
  integer,
} from 'drizzle-orm/pg-core'
import { bytes, instant, minor, xid8 } from './columns.ts'
import { sql } from 'drizzle-orm'
import { accounts } from './partners.ts'

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
    /** The period it counts in. Never within a closed one: what comes too late is moved to the first open instant. */
    effectiveAt: instant().notNull(),
    /** When it happened, where that is in a period that was closed by then (failures F68). */
    occurredAt: instant(),
    recordedAt: instant().notNull().default(sql`clock_timestamp()`),
    xid: xid8().notNull().default(sql`pg_current_xact_id()`),
  },
  (t) => [index().on(t.sessionId), index().on(t.effectiveAt)],
)

/** A day's closing of conversions: what the bank exchanges so that every `clearing:fx` account is empty. */
export const fxClosings = pgTable('fx_closings', {
  id: text().primaryKey(),
  day: text().notNull().unique(),
  /** The currency of the books; everything else is exchanged against it. */
  base: text().notNull(),
  /** Balances of the clearing accounts when it was opened. */
  positions: jsonb().$type<Money[]>().notNull(),
  exchanged: jsonb().$type<Exchanged[]>().notNull().default([]),
  /** In the base's minor units; more than zero was lost. */
  resultMinor: minor(),
  openedAt: instant().notNull(),
  closedAt: instant(),
})

/** Sums of an account through an entry: what makes reading a balance cheap. Written by `ledger_fold` alone. */
export const ledgerBalances = pgTable(
  'ledger_balances',
  {
    accountId: integer()
      .notNull()
      .references(() => ledgerAccounts.id),
    throughEntry: bigint({ mode: 'number' }).notNull(),
    /** Sums may be greater than any amount is allowed to be. */
    debit: numeric().notNull(),
    credit: numeric().notNull(),
  },
  (t) => [primaryKey({ columns: [t.accountId, t.throughEntry] })],
)

/** The daily close: what was booked since the one before, as a digest, chained by hashes and signed. */
export const ledgerCloses = pgTable('ledger_closes', {
  sequence: integer().primaryKey(),
  /** `YYYY-MM-DD`, UTC. */
  day: text().notNull().unique(),
  throughEntry: bigint({ mode: 'number' }).notNull(),
  /** The canonical text that was hashed and signed. */
  body: text().notNull(),
  /** Of the body, which names that of the close before. */
  hash: text().notNull(),
  keyId: text().notNull(),
  signature: text().notNull(),
  closedAt: instant().notNull(),
})

/** Periods that two people have closed: nothing counts in them any more. */
export const ledgerPeriods = pgTable('ledger_periods', {
  /** The first instant that is open. */
  openFrom: instant().primaryKey(),
  reason: text().notNull(),
  proposedBy: text().notNull(),
  approvedBy: text().notNull(),
  closedAt: instant().notNull(),
})

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

/**
 * What a CPO's record claims above the price of the quote: one open item per record, beside the ledger entry that
 * holds the same amount on the suspense account, so that the CPO can see and answer it.
 */
export const suspenseItems = pgTable(
  'suspense_items',
  {
    id: text().primaryKey(),
    sessionId: text().notNull(),
    cdrId: text().notNull().unique(),
    cpoId: text()
      .notNull()
      .references(() => accounts.id),
    currency: text().notNull(),
    amountMinor: minor().notNull(),
    /** Code of the ledger account that holds it, and the idempotency key of the entry that put it there. */
    account: text().notNull(),
    entryKey: text().notNull(),
    /** Verdict rules and dispute reasons, as the CPO is told them. */
    rules: text().array().notNull(),
    reasons: text().array().notNull(),
    status: text({ enum: ['open', 'released', 'granted'] }).notNull(),
    openedAt: instant().notNull(),
    /** When it becomes a dispute by itself if nobody has answered (failures F36). */
    disputeDueAt: instant().notNull(),
    closedAt: instant(),
    /** Why it was decided so, and by whose key. */
    closedReason: text(),
    closedBy: text(),
  },
  (t) => [
    index().on(t.cpoId, t.status, t.id),
    index('suspense_items_due').on(t.disputeDueAt).where(sql`status = 'open'`),
    index().on(t.sessionId),
  ],
)
