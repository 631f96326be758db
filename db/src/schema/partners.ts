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
import { paymentKindNames } from '@chargelane/openapi/vocabulary/payment'
import type { ShareRule } from '@chargelane/rules/split/policy'
import { bytes, instant } from './columns.ts'
import type { PayoutCalendar, RateTerms } from '@chargelane/rules/documents'

/** A party of the marketplace. `partner` is the demand side, `cpo` the supply side, a `payee` only has a share. */
export const accounts = pgTable('accounts', {
  id: text().primaryKey(),
  type: text({ enum: ['partner', 'cpo', 'payee', 'finance', 'platform'] }).notNull(),
  partnerType: text(),
  name: text().notNull(),
  legalName: text().notNull(),
  country: text().notNull(),
  /** Currency in which the party is paid. */
  payoutCurrency: text().notNull(),
  vatId: text(),
  address: jsonb().$type<{ street: string; city: string; postal_code: string }>().notNull(),
  iban: text(),
  /** When payouts to it may leave, as was agreed; null for at any time. */
  payoutCalendar: jsonb().$type<PayoutCalendar>(),
  /** Partner's part of the platform commission, in basis points (0–10000). */
  partnerShareBps: integer().notNull().default(0),
  /** Whether a partner's share is paid out to it or taken off the price its drivers pay. */
  benefitMode: text({ enum: ['revenue_share', 'discount'] })
    .notNull()
    .default('revenue_share'),
  status: text({ enum: ['active', 'suspended'] })
    .notNull()
    .default('active'),
  createdAt: instant().notNull(),
})

export const apiKeys = pgTable('api_keys', {
  id: text().primaryKey(),
  accountId: text()
    .notNull()
    .references(() => accounts.id),
  /** SHA-256 of the whole key; the key itself is shown once and never stored. */
  digest: bytes().notNull().unique(),
  lastFour: text().notNull(),
  name: text().notNull(),
  scopes: text().array().notNull(),
  livemode: boolean().notNull().default(false),
  expiresAt: instant(),
  revokedAt: instant(),
  createdAt: instant().notNull(),
})

/** The distribution agreement of one CPO with the platform; the newest row in force counts. */
export const agreements = pgTable('agreements', {
  id: text().primaryKey(),
  cpoId: text()
    .notNull()
    .references(() => accounts.id),
  commissionBps: integer().notNull(),
  supplyModel: text({ enum: ['agency', 'commissionaire', 'direct'] }).notNull(),
  /** Shares of payees beyond operator, partner and platform, e.g. the host of a site. */
  shares: jsonb().$type<readonly ShareRule[]>().notNull().default([]),
  effectiveFrom: instant().notNull(),
  effectiveTo: instant(),
})

/**
 * What a CPO grants one partner below its public price. A version's terms never change (a trigger sees to it): other
 * terms are the next version, which ends this one when it is accepted.
 */
export const rateAgreements = pgTable(
  'rate_agreements',
  {
    id: text().notNull(),
    version: integer().notNull(),
    cpoId: text()
      .notNull()
      .references(() => accounts.id),
    partnerId: text()
      .notNull()
      .references(() => accounts.id),
    /** The side that made this version; the other one accepts or rejects it. */
    proposedBy: text()
      .notNull()
      .references(() => accounts.id),
    status: text({ enum: ['draft', 'proposed', 'active', 'ended', 'rejected'] }).notNull(),
    name: text().notNull(),
    justification: text(),
    terms: jsonb().$type<RateTerms>().notNull(),
    /** Places it is limited to; null means all of the CPO's. */
    evses: text().array(),
    locations: text().array(),
    /** As proposed; `activeFrom` is when it came to count, never before it was accepted. */
    effectiveFrom: instant().notNull(),
    effectiveTo: instant(),
    activeFrom: instant(),
    /** From when it counts no more; sessions quoted before keep its price. */
    endedAt: instant(),
    decidedBy: text(),
    decidedAt: instant(),
    reason: text(),
    createdAt: instant().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.id, t.version] }),
    index().on(t.cpoId, t.id),
    index().on(t.partnerId, t.cpoId, t.status),
  ],
)

export const drivers = pgTable(
  'drivers',
  {
    id: text().primaryKey(),
    accountId: text()
      .notNull()
      .references(() => accounts.id),
    /** The partner's own reference; no personal data is needed to charge. */
    externalId: text().notNull(),
    createdAt: instant().notNull(),
  },
  (t) => [unique().on(t.accountId, t.externalId)],
)

export const paymentSources = pgTable('payment_sources', {
  id: text().primaryKey(),
  accountId: text()
    .notNull()
    .references(() => accounts.id),
  driverId: text()
    .notNull()
    .references(() => drivers.id),
  kind: text({ enum: paymentKindNames }).notNull(),
  /** The payment provider's id of the payment method (`pm_…`); null for a kind that has none. */
  pspPaymentMethod: text(),
  status: text({ enum: ['active', 'failing', 'detached'] })
    .notNull()
    .default('active'),
  createdAt: instant().notNull(),
})

/** A credential a driver shows at a charger (RFID); upper-case, at most 20 characters for OCPP 1.6. */
export const tokens = pgTable(
  'tokens',
  {
    id: text().primaryKey(),
    accountId: text()
      .notNull()
      .references(() => accounts.id),
    driverId: text()
      .notNull()
      .references(() => drivers.id),
    paymentSourceId: text()
      .notNull()
      .references(() => paymentSources.id),
    uid: text().notNull().unique(),
    type: text({ enum: ['RFID', 'APP_USER', 'AD_HOC_USER'] }).notNull(),
    contractId: text().notNull(),
    status: text({ enum: ['active', 'blocked'] })
      .notNull()
      .default('active'),
    createdAt: instant().notNull(),
    updatedAt: instant().notNull(),
  },
  (t) => [index().on(t.updatedAt)],
)
