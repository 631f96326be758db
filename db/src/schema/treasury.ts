// Where money really is: what the provider and the bank say of it, and what does not agree with the books.
import { sql } from 'drizzle-orm'
import { index, integer, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { openItemKinds } from '@chargelane/openapi/vocabulary/settlement/open-items'
import type { ReconciliationResult } from '@chargelane/rules/documents'
import { instant, minor, sealed } from './columns.ts'

/** Every movement of our balance at the payment provider, as it lists them. */
export const providerMovements = pgTable(
  'provider_movements',
  {
    /** The provider's own, e.g. `txn_…`. */
    id: text().primaryKey(),
    type: text().notNull(),
    /** What it is of: a charge, a refund, a payout. */
    source: text(),
    sessionId: text(),
    currency: text().notNull(),
    amountMinor: minor().notNull(),
    feeMinor: minor().notNull(),
    /** What the balance changes by. */
    netMinor: minor().notNull(),
    occurredAt: instant().notNull(),
    availableAt: instant().notNull(),
    importedAt: instant().notNull(),
  },
  (t) => [index().on(t.sessionId), index().on(t.occurredAt), index().on(t.source)],
)

/** The bank's statements, each once; the text is kept as it came, sealed: it names accounts. */
export const bankStatements = pgTable('bank_statements', {
  sequence: integer().primaryKey(),
  statementId: text().notNull(),
  currency: text().notNull(),
  openingMinor: minor().notNull(),
  closingMinor: minor().notNull(),
  until: instant().notNull(),
  xml: sealed().notNull(),
  importedAt: instant().notNull(),
})

export const statementLines = pgTable(
  'statement_lines',
  {
    /** `12:3`: the third line of statement 12. */
    id: text().primaryKey(),
    sequence: integer()
      .notNull()
      .references(() => bankStatements.sequence),
    reference: text(),
    endToEndId: text(),
    text: text().notNull(),
    counterparty: text(),
    returnReason: text(),
    currency: text().notNull(),
    /** Credits are positive. */
    amountMinor: minor().notNull(),
    /** What the bank kept of it for itself, where it says so. */
    chargesMinor: minor(),
    bookedAt: instant().notNull(),
    /** Key of the ledger entry, or `bank_line:` and its reference; one line for each. Null while nothing is known of it. */
    matchedTo: text().unique(),
  },
  (t) => [index().on(t.endToEndId)],
)

/** What does not agree, until it does: named, aged, and somebody's. */
export const openItems = pgTable(
  'open_items',
  {
    id: text().primaryKey(),
    kind: text({ enum: openItemKinds }).notNull(),
    /** What it is about, e.g. a session, a line, a payout. */
    subject: text().notNull(),
    currency: text().notNull(),
    /** By how much it explains that the other side is more than the books. */
    amountMinor: minor().notNull(),
    cause: text().notNull(),
    owner: text().notNull(),
    openedAt: instant().notNull(),
    lastSeenAt: instant().notNull(),
    closedAt: instant(),
  },
  (t) => [uniqueIndex('open_items_open').on(t.kind, t.subject).where(sql`closed_at is null`)],
)

/** What was compared, and what came of it. */
export const reconciliations = pgTable('reconciliations', {
  id: text().primaryKey(),
  result: jsonb().$type<ReconciliationResult>().notNull(),
  madeAt: instant().notNull(),
})
