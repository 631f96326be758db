import { index, integer, jsonb, pgTable, primaryKey, text, unique } from 'drizzle-orm/pg-core'
import { policyFaults, policyHooks } from '@chargelane/openapi/vocabulary/policy-hooks'
import type { KeptPolicyAnswer, KeptPolicyFacts, PolicyGolden } from '@chargelane/rules/documents'
import { instant } from './columns.ts'
import { accounts } from './partners.ts'

/** Operators' own code, version by version; one in force for each hook. */
export const policyPackages = pgTable(
  'policy_packages',
  {
    id: text().primaryKey(),
    cpoId: text()
      .notNull()
      .references(() => accounts.id),
    name: text().notNull(),
    version: text().notNull(),
    hooks: text({ enum: policyHooks }).array().notNull(),
    schemaVersion: integer().notNull(),
    onError: text({ enum: ['go_on', 'refuse'] }).notNull(),
    /** One ES module. */
    source: text().notNull(),
    sha256: text().notNull(),
    goldens: jsonb().$type<readonly PolicyGolden[]>().notNull(),
    status: text({ enum: ['draft', 'active', 'retired', 'switched_off'] }).notNull(),
    faultsInRow: integer().notNull().default(0),
    /** Why it is no longer asked. */
    reason: text(),
    createdAt: instant().notNull(),
    activatedAt: instant(),
    endedAt: instant(),
  },
  (t) => [unique().on(t.cpoId, t.name, t.version), index().on(t.cpoId, t.status)],
)

/** What a package answered, once for each call that counted: read again in place of another call. Append-only. */
export const policyRuns = pgTable(
  'policy_runs',
  {
    hook: text({ enum: policyHooks }).notNull(),
    /** What the call was about: a session, a record, a settlement. */
    subject: text().notNull(),
    /** Null where it is about no session. */
    sessionId: text(),
    cpoId: text()
      .notNull()
      .references(() => accounts.id),
    packageId: text()
      .notNull()
      .references(() => policyPackages.id),
    sha256: text().notNull(),
    factsHash: text().notNull(),
    facts: jsonb().$type<KeptPolicyFacts>().notNull(),
    /** Null where it was at fault and the documented default stands. */
    answer: jsonb().$type<KeptPolicyAnswer>(),
    fault: text({ enum: policyFaults }),
    message: text(),
    at: instant().notNull(),
  },
  (t) => [primaryKey({ columns: [t.hook, t.subject] }), index().on(t.sessionId)],
)

/** Calls without an answer that counts. Append-only. */
export const policyPackageFaults = pgTable(
  'policy_package_faults',
  {
    id: text().primaryKey(),
    packageId: text()
      .notNull()
      .references(() => policyPackages.id),
    cpoId: text()
      .notNull()
      .references(() => accounts.id),
    hook: text({ enum: policyHooks }).notNull(),
    sessionId: text(),
    subject: text().notNull(),
    fault: text({ enum: policyFaults }).notNull(),
    message: text().notNull(),
    at: instant().notNull(),
  },
  (t) => [index().on(t.packageId, t.id)],
)
