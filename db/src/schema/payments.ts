import { isNotNull } from 'drizzle-orm'
import { boolean, index, integer, pgTable, primaryKey, text, unique } from 'drizzle-orm/pg-core'
import {
  callbackKinds,
  debtStatuses,
  declineAdvices,
  paymentKindNames,
  paymentStatuses,
  pspAccountModes,
  pspAccountStatuses,
  refundReasons,
} from '@chargelane/openapi/vocabulary/payment'
import { liableSides } from '@chargelane/openapi/vocabulary/parties'
import { accounts, paymentSources } from './partners.ts'
import { instant, minor, sealed } from './columns.ts'

/** One payment authorization and what became of it. A re-authorised late start is a second row (`attempt` 2). */
export const payments = pgTable(
  'payments',
  {
    id: text().primaryKey(),
    sessionId: text().notNull(),
    accountId: text()
      .notNull()
      .references(() => accounts.id),
    attempt: integer().notNull().default(1),
    paymentSourceId: text()
      .notNull()
      .references(() => paymentSources.id),
    /** The payment source's kind: whom to ask about `pspId`, and who owes what was captured. */
    kind: text({ enum: paymentKindNames }).notNull(),
    pspId: text(),
    /** The other side's own reference, where `pspId` is an id of ours. */
    reference: text(),
    currency: text().notNull(),
    holdMinor: minor().notNull(),
    /** The most that can be captured, where that is more than what is held. */
    mostMinor: minor(),
    status: text({ enum: paymentStatuses }).notNull(),
    clientSecret: sealed(),
    /** Of the provider's account that the secret is of. */
    publishableKey: text(),
    declineCode: text(),
    /** What the issuer advises after its refusal, and the card network's own code of it. */
    declineAdvice: text({ enum: declineAdvices }),
    networkDeclineCode: text(),
    /** Null for a hold that lasts until it is released. */
    captureBefore: instant(),
    capturedMinor: minor(),
    pspFeeMinor: minor(),
    pspFeeCurrency: text(),
    /** When the hold came to stand; null while it never did. */
    heldAt: instant(),
    /** How often it was raised since. */
    raises: integer().notNull().default(0),
    /** Without us: its time was over, or it was given up at the provider. */
    isExpired: boolean().notNull().default(false),
    /** Every hold has a deadline by which it is captured or released (failures F12). */
    releaseBy: instant().notNull(),
    releasedAt: instant(),
    createdAt: instant().notNull(),
    updatedAt: instant().notNull(),
  },
  (t) => [
    unique().on(t.sessionId, t.attempt),
    unique().on(t.kind, t.pspId),
    index().on(t.status, t.releaseBy),
    index().on(t.paymentSourceId),
  ],
)

/** Where a partner is asked to authorize what it pays for: one address for each kind of payment. */
export const paymentEndpoints = pgTable(
  'payment_endpoints',
  {
    accountId: text()
      .notNull()
      .references(() => accounts.id),
    kind: text({ enum: callbackKinds }).notNull(),
    url: text().notNull(),
    /** Standard Webhooks: what is asked is signed with it. */
    secret: sealed().notNull(),
    updatedAt: instant().notNull(),
  },
  (t) => [primaryKey({ columns: [t.accountId, t.kind] })],
)

/** A partner's own account at the card provider: its drivers' cards are charged there, and the partner owes us. */
export const pspAccounts = pgTable('psp_accounts', {
  id: text().primaryKey(),
  accountId: text()
    .notNull()
    .unique()
    .references(() => accounts.id),
  mode: text({ enum: pspAccountModes }).notNull(),
  /** The provider's own id of it, `acct_…`; one account of the provider serves one partner. */
  providerAccount: text().notNull().unique(),
  /** Null where we act as the platform that it is connected to. */
  credential: sealed(),
  webhookSecret: sealed().notNull(),
  /** Both stay good for a while after they were replaced. */
  previousCredential: sealed(),
  previousWebhookSecret: sealed(),
  previousUntil: instant(),
  publishableKey: text(),
  status: text({ enum: pspAccountStatuses }).notNull(),
  /** When the provider last took a call of ours for it. */
  checkedAt: instant().notNull(),
  revokedAt: instant(),
  createdAt: instant().notNull(),
  updatedAt: instant().notNull(),
})

/** What a partner is told of the money that it has paid in; how much that is stands in the books. */
export const prepaidBalances = pgTable(
  'prepaid_balances',
  {
    accountId: text()
      .notNull()
      .references(() => accounts.id),
    currency: text().notNull(),
    /** Below it the partner is told, once until it has paid in again. */
    lowBelowMinor: minor().notNull().default(0),
    lowSince: instant(),
    updatedAt: instant().notNull(),
  },
  (t) => [primaryKey({ columns: [t.accountId, t.currency] })],
)

/** Named amounts that may be delivered beyond a hold, of a partner or of one source, and are paid all the same. */
export const riskPolicies = pgTable(
  'risk_policies',
  {
    id: text().primaryKey(),
    accountId: text()
      .notNull()
      .references(() => accounts.id),
    /** Null for all sources of the account that have none of their own. */
    paymentSourceId: text().references(() => paymentSources.id),
    name: text().notNull(),
    currency: text().notNull(),
    /** Of each session. */
    insuredMinor: minor().notNull(),
    updatedAt: instant().notNull(),
  },
  (t) => [unique().on(t.accountId, t.paymentSourceId, t.currency).nullsNotDistinct()],
)

/** What was given back of a capture: once for each change of its sale, and each once at the provider. */
export const refunds = pgTable(
  'refunds',
  {
    id: text().primaryKey(),
    paymentId: text()
      .notNull()
      .references(() => payments.id),
    sessionId: text().notNull(),
    /** Of the sale that made the price lower. */
    revision: integer().notNull(),
    currency: text().notNull(),
    amountMinor: minor().notNull(),
    status: text({ enum: ['pending', 'refunded', 'refused'] }).notNull(),
    /** Each time the provider is asked; what it refused is asked under another name. */
    attempt: integer().notNull().default(1),
    /** Why it was asked for; null for one that a lower price made. */
    reason: text({ enum: refundReasons }),
    /** The key that asked. */
    requestedBy: text(),
    /** The provider's own, or our bank's. */
    reference: text(),
    /** When the provider is asked whether it stood: a bank may refuse it weeks later. Null where nobody has to ask. */
    lookAt: instant(),
    createdAt: instant().notNull(),
    updatedAt: instant().notNull(),
  },
  (t) => [
    unique().on(t.paymentId, t.revision),
    index().on(t.sessionId),
    index().on(t.lookAt).where(isNotNull(t.lookAt)),
  ],
)

/**
 * Energy delivered that could not be captured (failures F47). Blocks new starts of the same payment source while open.
 * What became of it is a state of the sale; here is what is asked for without the sale.
 */
export const debts = pgTable('debts', {
  id: text().primaryKey(),
  sessionId: text().notNull().unique(),
  accountId: text()
    .notNull()
    .references(() => accounts.id),
  paymentSourceId: text()
    .notNull()
    .references(() => paymentSources.id),
  currency: text().notNull(),
  amountMinor: minor().notNull(),
  /** Of the amount: paid since, and taken from what the partner had to its credit. */
  paidMinor: minor().notNull().default(0),
  creditedMinor: minor().notNull().default(0),
  /** Of what is still open: what the partner stands for within its limit. */
  guaranteedMinor: minor().notNull().default(0),
  /** Who stands for what is open: the partner within its credit, or as the contract says of a start we were not asked about. */
  liable: text({ enum: liableSides }).notNull().default('partner'),
  reason: text().notNull(),
  status: text({ enum: debtStatuses }).notNull().default('open'),
  createdAt: instant().notNull(),
  closedAt: instant(),
})

/** Messages of the payment provider as received; each is told to its session's workflow at least once. */
export const paymentEvents = pgTable(
  'payment_events',
  {
    kind: text({ enum: paymentKindNames }).notNull(),
    /** The provider's own event id: a second delivery is the same row. */
    id: text().notNull(),
    type: text().notNull(),
    pspId: text(),
    /** As received. */
    payload: sealed().notNull(),
    receivedAt: instant().notNull(),
    /** When its workflow, if any, had been told. */
    heardAt: instant(),
  },
  (t) => [primaryKey({ columns: [t.kind, t.id] })],
)

/** Daily reference rates: units of `quote` per one `base`, as published. */
export const fxRates = pgTable(
  'fx_rates',
  {
    source: text().notNull(),
    asOf: text().notNull(),
    base: text().notNull(),
    quote: text().notNull(),
    rate: text().notNull(),
    fetchedAt: instant().notNull(),
  },
  (t) => [primaryKey({ columns: [t.source, t.asOf, t.base, t.quote] })],
)
