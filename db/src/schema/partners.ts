import { boolean, index, integer, jsonb, pgTable, text, unique } from 'drizzle-orm/pg-core'
import { bytes, instant } from './columns.ts'

/** A party of the marketplace. `partner` is the demand side, `cpo` the supply side. */
export const accounts = pgTable('accounts', {
  id: text().primaryKey(),
  type: text({ enum: ['partner', 'cpo', 'finance', 'platform'] }).notNull(),
  partnerType: text(),
  name: text().notNull(),
  legalName: text().notNull(),
  country: text().notNull(),
  /** Currency in which the party is paid. */
  payoutCurrency: text().notNull(),
  vatId: text(),
  address: jsonb().$type<{ street: string; city: string; postal_code: string }>().notNull(),
  iban: text(),
  /** Partner's part of the platform commission, in basis points (0–10000). */
  partnerShareBps: integer().notNull().default(0),
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
  effectiveFrom: instant().notNull(),
  effectiveTo: instant(),
})

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
  type: text({ enum: ['card'] }).notNull(),
  /** The payment provider's id of the card (`pm_…`). */
  pspPaymentMethod: text().notNull(),
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
