import { sql } from 'drizzle-orm'
import {
  index,
  integer,
  jsonb,
  numeric,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core'
import {
  incidentActions,
  incidentKinds,
  incidentSubjects,
} from '@chargelane/openapi/vocabulary/incidents'
import { bankLineStatuses } from '@chargelane/openapi/vocabulary/payment'
import type { KeptSettings } from '@chargelane/openapi/vocabulary/settings'
import type { Facts } from '@chargelane/rules/documents'
import { instant, minor } from './columns.ts'
import { accounts } from './partners.ts'

/** What time cannot mend, one open row per kind and object, until a person has decided. */
export const incidents = pgTable(
  'incidents',
  {
    id: text().primaryKey(),
    kind: text({ enum: incidentKinds }).notNull(),
    subjectType: text({ enum: incidentSubjects }).notNull(),
    subjectId: text().notNull(),
    /** Whom it concerns; null for operations alone. */
    accountId: text().references(() => accounts.id),
    sessionId: text(),
    cause: text().notNull(),
    detail: jsonb().$type<Facts>().notNull(),
    /** Money and energy (Wh) whose owner is open because of it. */
    currency: text(),
    amountMinor: minor(),
    energyWh: numeric(),
    actions: text({ enum: incidentActions }).array().notNull(),
    status: text({ enum: ['open', 'resolved'] }).notNull(),
    occurrences: integer().notNull(),
    openedAt: instant().notNull(),
    lastSeenAt: instant().notNull(),
    action: text({ enum: incidentActions }),
    reason: text(),
    resolvedBy: text(),
    resolvedAt: instant(),
  },
  (t) => [
    uniqueIndex('incidents_open')
      .on(t.kind, t.subjectType, t.subjectId)
      .where(sql`status = 'open'`),
    index().on(t.accountId, t.id),
    index().on(t.sessionId),
  ],
)

/** What two keys have to want: the first names it with its terms, the second carries it out. */
export const approvals = pgTable(
  'approvals',
  {
    action: text().notNull(),
    subjectId: text().notNull(),
    terms: jsonb().$type<Facts>().notNull(),
    reason: text().notNull(),
    proposedBy: text().notNull(),
    proposedAt: instant().notNull(),
    approvedBy: text(),
    approvedAt: instant(),
  },
  (t) => [primaryKey({ columns: [t.action, t.subjectId] })],
)

/** Policy of the platform: every change stays, and the newest of an operator, a market or all counts. */
export const platformSettings = pgTable(
  'platform_settings',
  {
    id: text().primaryKey(),
    /** Whose: at most one of both, neither for all. */
    market: text(),
    accountId: text().references(() => accounts.id),
    /** All of them as they are after the change. */
    settings: jsonb().$type<KeptSettings>().notNull(),
    reason: text().notNull(),
    setBy: text().notNull(),
    setAt: instant().notNull(),
  },
  (t) => [index().on(t.accountId, t.market, t.id)],
)

/** Money that came in at the bank, each booking once; what found no debt is on the suspense account of the bank. */
export const bankLines = pgTable(
  'bank_lines',
  {
    id: text().primaryKey(),
    /** Of the bank's booking. */
    reference: text().notNull().unique(),
    accountId: text()
      .notNull()
      .references(() => accounts.id),
    /** What it was recorded for, e.g. `account:acct_…` or a debt's id. */
    purpose: text().notNull(),
    currency: text().notNull(),
    amountMinor: minor().notNull(),
    /** Of that, what nothing was owed for: it waits on suspense until it is decided. */
    unmatchedMinor: minor().notNull(),
    status: text({ enum: bankLineStatuses }).notNull(),
    receivedAt: instant().notNull(),
    recordedBy: text().notNull(),
    recordedAt: instant().notNull(),
    /** Whose it turned out to be. */
    releasedTo: text(),
    closedAt: instant(),
    closedReason: text(),
    closedBy: text(),
  },
  (t) => [index().on(t.status, t.id)],
)
