import { boolean, index, integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import type { Admits, OpeningHours } from '@chargelane/rules/documents'
import { instant } from './columns.ts'
import { accounts } from './partners.ts'

/** Drivers of one partner, which contracts and access rules name. */
export const driverGroups = pgTable(
  'driver_groups',
  {
    id: text().primaryKey(),
    accountId: text()
      .notNull()
      .references(() => accounts.id),
    name: text().notNull(),
    drivers: text().array().notNull(),
    createdAt: instant().notNull(),
    updatedAt: instant().notNull(),
  },
  (t) => [index().on(t.accountId, t.id)],
)

/**
 * What a CPO and a partner agreed for groups of drivers at places. A version's terms never change (a trigger sees to it).
 */
export const contracts = pgTable(
  'contracts',
  {
    id: text().notNull(),
    version: integer().notNull(),
    cpoId: text()
      .notNull()
      .references(() => accounts.id),
    partnerId: text()
      .notNull()
      .references(() => accounts.id),
    proposedBy: text()
      .notNull()
      .references(() => accounts.id),
    status: text({ enum: ['draft', 'proposed', 'active', 'ended', 'rejected'] }).notNull(),
    name: text().notNull(),
    driverGroups: text().array(),
    evses: text().array(),
    locations: text().array(),
    rateAgreement: text(),
    /** `spl_…@3`. */
    splitPolicy: text(),
    effectiveFrom: instant().notNull(),
    effectiveTo: instant(),
    activeFrom: instant(),
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
    index().on(t.rateAgreement),
  ],
)

/** Whom an operator admits at a place, and when. */
export const accessRules = pgTable(
  'access_rules',
  {
    id: text().primaryKey(),
    cpoId: text()
      .notNull()
      .references(() => accounts.id),
    name: text().notNull(),
    evses: text().array(),
    locations: text().array(),
    admits: jsonb().$type<Admits>().notNull(),
    hours: jsonb().$type<OpeningHours>().notNull(),
    endAtClose: boolean().notNull(),
    effectiveFrom: instant().notNull(),
    endedAt: instant(),
    createdAt: instant().notNull(),
  },
  (t) => [index().on(t.cpoId, t.id)],
)
