import { sql } from 'drizzle-orm'
import { index, integer, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core'
import {
  type DisputeFact,
  disputeActions,
  disputeBearers,
  disputeDeciders,
  disputeKinds,
  disputeOutcomes,
  disputeReasons,
  disputeStatuses,
} from '@chargelane/openapi/vocabulary/settlement/disputes'
import type { ChargebackEvidence, DriverMessage, Recomputation } from '@chargelane/rules/documents'
import { instant, minor, sealed } from './columns.ts'
import { accounts } from './partners.ts'

/** Who does not agree with money of a session, what it rests on and what came of it: one live row per kind and session. */
export const disputes = pgTable(
  'disputes',
  {
    id: text().primaryKey(),
    kind: text({ enum: disputeKinds }).notNull(),
    status: text({ enum: disputeStatuses }).notNull(),
    reason: text({ enum: disputeReasons }).notNull(),
    sessionId: text().notNull(),
    /** Of the session: whom it concerns beside whoever opened it. */
    partnerId: text()
      .notNull()
      .references(() => accounts.id),
    cpoId: text()
      .notNull()
      .references(() => accounts.id),
    /** Null for the payer's bank. */
    openedBy: text().references(() => accounts.id),
    paymentId: text(),
    settlementId: text(),
    currency: text().notNull(),
    amountMinor: minor().notNull(),
    /** What was said by whoever takes part, in their words: never read by a rule. */
    said: sealed().notNull(),
    outcome: text({ enum: disputeOutcomes }),
    decidedBy: text({ enum: disputeDeciders }),
    decidedMinor: minor(),
    explanation: text(),
    driverMessage: jsonb().$type<DriverMessage>(),
    facts: jsonb().$type<DisputeFact[]>().notNull().default([]),
    recomputation: jsonb().$type<Recomputation>(),
    bearer: text({ enum: disputeBearers }),
    nextAction: text({ enum: disputeActions }),
    contestUntil: instant(),
    deadline: instant(),
    /** Of the sale that it changed. */
    revision: integer(),
    providerReference: text(),
    /** The provider's own word for where it stands. */
    providerStatus: text(),
    feeMinor: minor(),
    feeCurrency: text(),
    /** As it went to the provider, and when. */
    submitted: jsonb().$type<ChargebackEvidence>(),
    submittedAt: instant(),
    createdAt: instant().notNull(),
    updatedAt: instant().notNull(),
    closedAt: instant(),
  },
  (t) => [
    uniqueIndex('disputes_live')
      .on(t.kind, t.sessionId)
      .where(sql`kind <> 'chargeback' and status in ('open', 'needs_response', 'under_review')`),
    uniqueIndex('disputes_of_provider').on(t.providerReference),
    index().on(t.partnerId, t.id),
    index().on(t.cpoId, t.id),
    index().on(t.sessionId),
  ],
)
