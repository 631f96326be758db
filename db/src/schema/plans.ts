import {
  boolean,
  foreignKey,
  index,
  integer,
  jsonb,
  numeric,
  pgTable,
  primaryKey,
  text,
  unique,
} from 'drizzle-orm/pg-core'
import { instant, minor } from './columns.ts'
import type {
  PlanTerms,
  RatingPolicy,
  RatingReference,
  Tariff,
  Totals,
} from '@chargelane/rules/documents'
import { accounts, drivers } from './partners.ts'
import { quotes, sessions } from './sessions.ts'

/** A monthly plan of a partner or a CPO. A version never changes (a trigger sees to it); other terms are the next one. */
export const plans = pgTable(
  'plans',
  {
    id: text().notNull(),
    version: integer().notNull(),
    /** Who sells it, funds what it takes off, and is owed its fee. */
    ownerId: text()
      .notNull()
      .references(() => accounts.id),
    ownerType: text({ enum: ['partner', 'cpo'] }).notNull(),
    name: text().notNull(),
    /** Where it is sold; decides the VAT of the fee. */
    country: text().notNull(),
    currency: text().notNull(),
    /** Of one period, tax included. */
    feeMinor: minor().notNull(),
    /** Allowance, included dimensions and overage, as the plan room reads them. */
    terms: jsonb().$type<PlanTerms>().notNull(),
    /** Takes no new subscriptions; those there are go on. */
    retired: boolean().notNull().default(false),
    createdAt: instant().notNull(),
  },
  (t) => [primaryKey({ columns: [t.id, t.version] }), index().on(t.ownerId, t.id)],
)

/** A driver's plan, in monthly periods from its first day on. */
export const subscriptions = pgTable(
  'subscriptions',
  {
    id: text().primaryKey(),
    /** The driver's partner. */
    accountId: text()
      .notNull()
      .references(() => accounts.id),
    driverId: text()
      .notNull()
      .references(() => drivers.id),
    planId: text().notNull(),
    /** The plan's owner, who may read it. */
    ownerId: text()
      .notNull()
      .references(() => accounts.id),
    /** Local date, YYYY-MM-DD, in `timeZone`: periods begin on its day of the month. */
    startsOn: text().notNull(),
    timeZone: text().notNull(),
    /** From when no quote is priced by it. */
    endsAt: instant(),
    createdAt: instant().notNull(),
  },
  (t) => [index().on(t.accountId, t.id), index().on(t.ownerId, t.id), index().on(t.driverId)],
)

/** Which version of the plan counts from which period on. */
export const subscriptionVersions = pgTable(
  'subscription_versions',
  {
    subscriptionId: text()
      .notNull()
      .references(() => subscriptions.id),
    fromPeriod: integer().notNull(),
    planId: text().notNull(),
    planVersion: integer().notNull(),
    createdAt: instant().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.subscriptionId, t.fromPeriod] }),
    foreignKey({ columns: [t.planId, t.planVersion], foreignColumns: [plans.id, plans.version] }),
  ],
)

/**
 * One quote's claim on a period's allowance, in kWh: what was promised with it, and what its session took once it was
 * rated. A promise lapses with its quote, or when its session ends without a bill.
 */
export const allowanceUses = pgTable(
  'allowance_uses',
  {
    quoteId: text()
      .primaryKey()
      .references(() => quotes.id),
    subscriptionId: text()
      .notNull()
      .references(() => subscriptions.id),
    period: integer().notNull(),
    promisedKwh: numeric().notNull(),
    usedKwh: numeric(),
    createdAt: instant().notNull(),
    ratedAt: instant(),
  },
  (t) => [index().on(t.subscriptionId, t.period)],
)

/** What an employer pays its employees per kWh. Never changed, only ended. */
export const reimbursementRates = pgTable(
  'reimbursement_rates',
  {
    id: text().primaryKey(),
    accountId: text()
      .notNull()
      .references(() => accounts.id),
    name: text().notNull(),
    kind: text({ enum: ['home', 'work', 'any'] }).notNull(),
    country: text().notNull(),
    /** Major units per kWh, decimal text. */
    price: text().notNull(),
    currency: text().notNull(),
    /** Whom and where it is for; null does not limit. */
    drivers: text().array(),
    evses: text().array(),
    locations: text().array(),
    effectiveFrom: instant().notNull(),
    effectiveTo: instant(),
    createdAt: instant().notNull(),
  },
  (t) => [index().on(t.accountId, t.id)],
)

/**
 * One price of a session's usage: the driver's, the CPO's, or what the employer pays back. The same usage rated again
 * finds its row; other usage, or a lower claim for it (a late record), is the next revision.
 */
export const ratings = pgTable(
  'ratings',
  {
    sessionId: text()
      .notNull()
      .references(() => sessions.id),
    purpose: text({ enum: ['retail', 'wholesale', 'reimbursement'] }).notNull(),
    revision: integer().notNull(),
    /** The partner, whose all three are; the CPO sees the wholesale one. */
    accountId: text()
      .notNull()
      .references(() => accounts.id),
    cdrId: text().notNull(),
    /** `sha256:<hex>` of the RFC 8785 form of the usage that was priced. */
    usageHash: text().notNull(),
    /** What the sale came to that it is a price of: a record may ask less for the same usage. 0 where there is none. */
    saleMinor: minor().notNull().default(0),
    energyKwh: numeric().notNull(),
    /** The tariff that gave the price, in canonical form, and its hash. */
    tariff: jsonb().$type<Tariff>().notNull(),
    tariffHash: text().notNull(),
    policy: jsonb().$type<RatingPolicy>().notNull(),
    engineVersion: text().notNull(),
    currency: text().notNull(),
    totals: jsonb().$type<Totals>().notNull(),
    grossMinor: minor().notNull(),
    reference: jsonb().$type<RatingReference>().notNull(),
    proofId: text(),
    createdAt: instant().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.sessionId, t.purpose, t.revision] }),
    unique().on(t.sessionId, t.purpose, t.usageHash, t.saleMinor),
    index().on(t.accountId, t.purpose, t.createdAt),
  ],
)

/** How much a partner's own account may owe before it is paid: what its drivers charge without a card draws on it. */
export const creditLines = pgTable(
  'credit_lines',
  {
    accountId: text()
      .notNull()
      .references(() => accounts.id),
    currency: text().notNull(),
    limitMinor: minor().notNull(),
    /** Money of the partner that we hold against what it may come to owe. */
    depositMinor: minor().notNull().default(0),
    /** What was set aside out of what the partner earns, for the same. */
    reserveMinor: minor().notNull().default(0),
    updatedAt: instant().notNull(),
  },
  (t) => [primaryKey({ columns: [t.accountId, t.currency] })],
)
