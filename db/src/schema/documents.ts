import {
  boolean,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  unique,
} from 'drizzle-orm/pg-core'
import type { InvoiceDocument, PayableDetail } from '@chargelane/rules/documents'
import { accounts } from './partners.ts'
import { bytes, checkRole, instant, minor, partyRole, sealed } from './columns.ts'

/** Gap-free number series, one per issuer and series; the counter moves in the transaction that issues. */
export const invoiceSeries = pgTable(
  'invoice_series',
  { issuerId: text().notNull(), series: text().notNull(), next: integer().notNull().default(1) },
  (t) => [primaryKey({ columns: [t.issuerId, t.series] })],
)

export const invoices = pgTable(
  'invoices',
  {
    id: text().primaryKey(),
    sessionId: text().notNull(),
    /** Seller of the supply; under agency the CPO, in whose name the platform issues. */
    sellerId: text()
      .notNull()
      .references(() => accounts.id),
    buyerAccountId: text()
      .notNull()
      .references(() => accounts.id),
    kind: text({ enum: ['receipt_invoice', 'commission_invoice', 'credit_note'] }).notNull(),
    /** Of the sale it documents: 1 for the invoice, each change of the sale for its credit note. */
    revision: integer().notNull().default(1),
    series: text().notNull(),
    number: integer().notNull(),
    documentNumber: text().notNull(),
    currency: text().notNull(),
    netMinor: minor().notNull(),
    vatMinor: minor().notNull(),
    grossMinor: minor().notNull(),
    body: jsonb().$type<InvoiceDocument>().notNull(),
    xml: text().notNull(),
    issuedAt: instant().notNull(),
  },
  (t) => [
    unique().on(t.sellerId, t.series, t.number),
    unique().on(t.sessionId, t.kind, t.revision),
  ],
)

/** What a payee is owed for one session, or for a period; collected by the payee's next settlement. */
export const payables = pgTable(
  'payables',
  {
    id: text().primaryKey(),
    /** Null of what a period came to, which is an item of its own. */
    sessionId: text(),
    splitItemId: text(),
    payeeId: text()
      .notNull()
      .references(() => accounts.id),
    role: partyRole().notNull(),
    currency: text().notNull(),
    amountMinor: minor().notNull(),
    /** The lines of the statement: legs, discounts and what was granted. */
    detail: jsonb().$type<PayableDetail>().notNull(),
    /** The revision of the sale that it comes from: 1 for the sale, more for what was changed of it later. */
    revision: integer().notNull(),
    /** Whether that revision stands on our own record because the CPO's did not come in time. */
    provisional: boolean().notNull().default(false),
    slaDeadline: instant().notNull(),
    settlementId: text(),
    /** Why no settlement may collect it for now, e.g. `proof_failed`; null when nothing speaks against it. */
    heldReason: text(),
    /**
     * Nobody has paid or guaranteed it: held as `awaiting_funds` for good. Once the money is there a revision takes it
     * back here and owes it as a due one.
     */
    waits: boolean().notNull().default(false),
    createdAt: instant().notNull(),
  },
  (t) => [
    unique().on(t.sessionId, t.revision, t.role, t.payeeId, t.waits),
    unique().on(t.splitItemId, t.role, t.payeeId),
    index().on(t.settlementId, t.payeeId, t.currency),
    checkRole('payables', t.role),
  ],
)

export const settlements = pgTable(
  'settlements',
  {
    id: text().primaryKey(),
    payeeId: text()
      .notNull()
      .references(() => accounts.id),
    role: partyRole().notNull(),
    currency: text().notNull(),
    /** Batch key, e.g. 2026-11-21 or a run id; one settlement per payee, currency and batch. */
    batch: text().notNull(),
    state: text({ enum: ['closed', 'in_transit', 'paid', 'on_hold', 'awaiting_funds'] }).notNull(),
    reason: text(),
    /** How often it was given to the bank, each time under an id of its own, and the account it was sent to last: a keyed hash. */
    attempt: integer().notNull().default(1),
    sentToKey: text(),
    amountMinor: minor().notNull(),
    sessionCount: integer().notNull(),
    slaDeadline: instant().notNull(),
    payoutReference: text(),
    /** The statement as a file and as JSON (`Statement`): both name the bank account. */
    statementPdf: sealed(),
    statement: sealed(),
    cutOffAt: instant().notNull(),
    paidAt: instant(),
    createdAt: instant().notNull(),
  },
  (t) => [unique().on(t.payeeId, t.role, t.currency, t.batch), checkRole('settlements', t.role)],
)

/** Sealed archives. A later truth seals a new revision; the earlier one stays. */
export const evidencePacks = pgTable(
  'evidence_packs',
  {
    id: text().primaryKey(),
    sessionId: text().notNull(),
    revision: integer().notNull(),
    manifestHash: text().notNull(),
    keyId: text().notNull(),
    zip: bytes().notNull(),
    sealedAt: instant().notNull(),
  },
  (t) => [unique().on(t.sessionId, t.revision)],
)

/** Every key that quotes and packs were ever signed with; the private half only of one that was made here, and encrypted. */
export const signingKeys = pgTable('signing_keys', {
  /** First 16 hex digits of the SHA-256 of the public key. */
  keyId: text().primaryKey(),
  publicKeySpki: text().notNull(),
  sealedPrivate: bytes(),
  validFrom: instant().notNull(),
  /** Null while it signs. */
  validUntil: instant(),
  /** Since when somebody else may have it. */
  compromisedSince: instant(),
  /** Why it was replaced. */
  reason: text(),
  createdAt: instant().notNull(),
})
