import { sql } from 'drizzle-orm'
import { boolean, index, integer, pgTable, text, unique, uniqueIndex } from 'drizzle-orm/pg-core'
import {
  bankAccountStates,
  bankAccountTypes,
  payeeChecks,
  payoutFileStates,
  payoutRails,
  payoutStates,
} from '@chargelane/openapi/vocabulary/settlement/payouts'
import { checkRole, instant, minor, partyRole, sealed } from './columns.ts'
import { accounts } from './partners.ts'

/**
 * Where a payee is paid, one account of its bank for each currency. A number never changes: another is another row, which
 * waits for a second person or for its time.
 */
export const bankAccounts = pgTable(
  'bank_accounts',
  {
    id: text().primaryKey(),
    accountId: text()
      .notNull()
      .references(() => accounts.id),
    type: text({ enum: bankAccountTypes }).notNull(),
    /** Null where the card provider knows it. */
    country: text(),
    currency: text().notNull(),
    /** Numbers and holder (`BankDetails`). */
    details: sealed().notNull(),
    /** Keyed hash of the number, by which another is told. */
    numberKey: text().notNull(),
    state: text({ enum: bankAccountStates }).notNull(),
    /** What its bank said of the holder’s name, the name it has instead, and when. */
    payeeCheck: text({ enum: payeeChecks }),
    checkName: sealed(),
    checkedAt: instant(),
    /** When time alone makes it active. */
    usableFrom: instant().notNull(),
    /** Keys; null where it came with the account. */
    proposedBy: text(),
    confirmedBy: text(),
    /** Why it was refused. */
    reason: text(),
    activeFrom: instant(),
    endedAt: instant(),
    createdAt: instant().notNull(),
  },
  (t) => [
    index().on(t.accountId, t.id),
    uniqueIndex('bank_accounts_active').on(t.accountId, t.currency).where(sql`state = 'active'`),
    uniqueIndex('bank_accounts_pending').on(t.accountId, t.currency).where(sql`state = 'pending'`),
  ],
)

/** Each time a settlement is sent to its payee: by which rail, to which account, and what became of it. */
export const payouts = pgTable(
  'payouts',
  {
    id: text().primaryKey(),
    settlementId: text().notNull(),
    attempt: integer().notNull(),
    payeeId: text()
      .notNull()
      .references(() => accounts.id),
    role: partyRole().notNull(),
    currency: text().notNull(),
    amountMinor: minor().notNull(),
    rail: text({ enum: payoutRails }).notNull(),
    /** Why this rail, in words. */
    railReason: text().notNull(),
    isInstant: boolean().notNull().default(false),
    bankAccountId: text().notNull(),
    state: text({ enum: payoutStates }).notNull(),
    /** The file it left with, of a rail of files. */
    fileId: text(),
    /** The bank’s own name for it, and the card provider’s for the transfer before it. */
    bankReference: text(),
    providerTransfer: text(),
    failureCode: text(),
    failureReason: text(),
    createdAt: instant().notNull(),
    sentAt: instant(),
    paidAt: instant(),
    /** When it failed, came back or was cancelled. */
    endedAt: instant(),
  },
  (t) => [
    unique().on(t.settlementId, t.attempt),
    index().on(t.payeeId, t.id),
    index().on(t.fileId),
    index('payouts_open').on(t.rail, t.state).where(sql`state in ('created', 'sent')`),
    index().on(t.providerTransfer),
    checkRole('payouts', t.role),
  ],
)

/** A file of transfers as it was given to the bank (pain.001), once by its id. */
export const payoutFiles = pgTable('payout_files', {
  id: text().primaryKey(),
  currency: text().notNull(),
  isInstant: boolean().notNull(),
  executeOn: text().notNull(),
  transfers: integer().notNull(),
  totalMinor: minor().notNull(),
  xml: sealed().notNull(),
  state: text({ enum: payoutFileStates }).notNull(),
  reason: text(),
  createdAt: instant().notNull(),
  /** When the bank’s report on it was read. */
  reportedAt: instant(),
})
