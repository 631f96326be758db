import { index, integer, jsonb, pgTable, primaryKey, text, unique } from 'drizzle-orm/pg-core'
import { policyLevels } from '@chargelane/openapi/vocabulary/settlement/shares'
import type {
  GoldenStatement,
  PolicyTerms,
  SimulationResult,
  SplitItemDetail,
} from '@chargelane/rules/documents'
import { checkRole, instant, minor, partyRole } from './columns.ts'
import { accounts } from './partners.ts'

/**
 * How sales are shared beside commission and partner share. Only a draft changes; what was activated stays (a trigger
 * sees to it), and other terms are the next version.
 */
export const splitPolicies = pgTable(
  'split_policies',
  {
    id: text().notNull(),
    version: integer().notNull(),
    /** Whose sales it shares; null of the platform's default. */
    cpoId: text().references(() => accounts.id),
    /** The account that made it. */
    ownerId: text()
      .notNull()
      .references(() => accounts.id),
    status: text({ enum: ['draft', 'active', 'retired'] }).notNull(),
    name: text().notNull(),
    level: text({ enum: policyLevels }).notNull(),
    /** EVSEs or locations, by the level; empty for all of a CPO's. */
    places: text().array().notNull().default([]),
    terms: jsonb().$type<PolicyTerms>().notNull(),
    effectiveFrom: instant().notNull(),
    /** From when it counts no more; sessions quoted before are shared by it. */
    effectiveUntil: instant(),
    /** Counts the changes of a draft: a change names the one that it was made from. */
    revision: integer().notNull().default(1),
    activatedAt: instant(),
    decidedBy: text(),
    reason: text(),
    createdAt: instant().notNull(),
    updatedAt: instant().notNull(),
  },
  (t) => [primaryKey({ columns: [t.id, t.version] }), index().on(t.cpoId, t.level)],
)

/** What each rule of a policy came to in a session, as the sale stands now: what a later session of its period counts. */
export const splitShares = pgTable(
  'split_shares',
  {
    sessionId: text().notNull(),
    ruleId: text().notNull(),
    policyId: text().notNull(),
    version: integer().notNull(),
    siteId: text().notNull(),
    /** First day of the period, in the policy's time zone. */
    period: text().notNull(),
    payeeId: text().notNull(),
    role: partyRole().notNull(),
    currency: text().notNull(),
    endedAt: instant().notNull(),
    energyWh: integer().notNull(),
    turnoverMinor: minor().notNull(),
    shareMinor: minor().notNull(),
    /** When a change of the sale last wrote it. */
    writtenAt: instant().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.sessionId, t.ruleId] }),
    index().on(t.policyId, t.version, t.siteId, t.period),
    index().on(t.payeeId, t.sessionId),
  ],
)

/** What a period comes to beyond its sessions: minimum rents, tiers that were reached, what was carried. Append-only. */
export const splitItems = pgTable(
  'split_items',
  {
    id: text().primaryKey(),
    policyId: text().notNull(),
    version: integer().notNull(),
    ruleId: text().notNull(),
    siteId: text().notNull(),
    period: text().notNull(),
    /** 1 where the period was closed, one more each time that late sessions changed it. */
    sequence: integer().notNull(),
    supplierRole: partyRole().notNull(),
    supplierId: text().notNull(),
    recipientRole: partyRole().notNull(),
    recipientId: text().notNull(),
    currency: text().notNull(),
    netMinor: minor().notNull(),
    vatMinor: minor().notNull(),
    grossMinor: minor().notNull(),
    detail: jsonb().$type<SplitItemDetail>().notNull(),
    createdAt: instant().notNull(),
  },
  (t) => [
    unique().on(t.policyId, t.version, t.ruleId, t.siteId, t.period, t.sequence),
    index().on(t.supplierId),
    checkRole('split_items_supplier', t.supplierRole),
    checkRole('split_items_recipient', t.recipientRole),
  ],
)

/** Periods of a site that were settled, and when: what was written later settles them again. */
export const splitCloses = pgTable(
  'split_closes',
  {
    policyId: text().notNull(),
    version: integer().notNull(),
    siteId: text().notNull(),
    period: text().notNull(),
    closedAt: instant().notNull(),
  },
  (t) => [primaryKey({ columns: [t.policyId, t.version, t.siteId, t.period] })],
)

/** Statements of before, which a policy must make again to the cent. */
export const splitGoldens = pgTable(
  'split_goldens',
  {
    id: text().primaryKey(),
    policyId: text().notNull(),
    name: text().notNull(),
    body: jsonb().$type<GoldenStatement>().notNull(),
    createdBy: text()
      .notNull()
      .references(() => accounts.id),
    createdAt: instant().notNull(),
  },
  (t) => [index().on(t.policyId)],
)

/** A replay of past sessions by a version of a policy: nothing is booked by it. */
export const splitSimulations = pgTable(
  'split_simulations',
  {
    id: text().primaryKey(),
    policyId: text().notNull(),
    version: integer().notNull(),
    /** Of the draft that was replayed. */
    revision: integer().notNull(),
    accountId: text()
      .notNull()
      .references(() => accounts.id),
    status: text({ enum: ['running', 'succeeded', 'failed'] }).notNull(),
    fromAt: instant().notNull(),
    untilAt: instant().notNull(),
    done: integer().notNull().default(0),
    total: integer().notNull().default(0),
    result: jsonb().$type<SimulationResult>(),
    failure: text(),
    createdAt: instant().notNull(),
    endedAt: instant(),
  },
  (t) => [index().on(t.policyId)],
)

export const splitSimulationLines = pgTable(
  'split_simulation_lines',
  {
    simulationId: text()
      .notNull()
      .references(() => splitSimulations.id),
    sessionId: text().notNull(),
    payeeId: text().notNull(),
    role: partyRole().notNull(),
    currency: text().notNull(),
    beforeMinor: minor().notNull(),
    afterMinor: minor().notNull(),
  },
  (t) => [primaryKey({ columns: [t.simulationId, t.sessionId, t.role, t.payeeId] })],
)
