import {
  bigint,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  unique,
} from 'drizzle-orm/pg-core'
import type { News } from '@chargelane/openapi'
import { accounts } from './partners.ts'
import { sql } from 'drizzle-orm'
import { bytes, instant, sealed, xid8 } from './columns.ts'

/** What happened, the object it left, and what only the event knows. */
export type EventBody = News & { context: Record<string, unknown> }

/** Partner-visible events, written in the transaction of the change. `position` orders the log. */
export const events = pgTable(
  'events',
  {
    position: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    id: text().notNull().unique(),
    accountId: text()
      .notNull()
      .references(() => accounts.id),
    /** Type, object and context as they are sent; a type and its object belong together, so they are one. */
    body: jsonb().$type<EventBody>().notNull(),
    type: text().notNull().generatedAlwaysAs(sql`body ->> 'type'`),
    objectId: text().notNull(),
    /** Grows by one per account and object; receivers drop what is older than what they have seen. */
    sequence: integer().notNull(),
    dedupeKey: text().notNull().unique(),
    createdAt: instant().notNull(),
    /** Positions become visible out of order; a reader waits until every older tx has ended. */
    xid: xid8().notNull().default(sql`pg_current_xact_id()`),
  },
  (t) => [index().on(t.accountId, t.position), unique().on(t.accountId, t.objectId, t.sequence)],
)

export const webhookEndpoints = pgTable('webhook_endpoints', {
  id: text().primaryKey(),
  accountId: text()
    .notNull()
    .references(() => accounts.id),
  url: text().notNull(),
  secret: sealed().notNull(),
  /** Signs beside `secret` until then, so that a receiver may change its own without missing a delivery. */
  previousSecret: sealed(),
  previousSecretUntil: instant(),
  /** Event types or prefixes with a star: `session.*`, `*`. */
  eventTypes: text().array().notNull(),
  status: text({ enum: ['enabled', 'disabled'] })
    .notNull()
    .default('enabled'),
  disabledReason: text(),
  failingSince: instant(),
  /** Rounds of attempts in a row that failed; what was under way together counts once. */
  failures: integer().notNull().default(0),
  /** Nothing is sent before; longer with each failure in a row. */
  restUntil: instant(),
  createdAt: instant().notNull(),
})

/** What came of one attempt; `error` is absent where the receiver took it. */
export type DeliveryAttempt = { at: string; durationMs: number; status?: number; error?: string }

export const webhookDeliveries = pgTable(
  'webhook_deliveries',
  {
    id: text().primaryKey(),
    endpointId: text()
      .notNull()
      .references(() => webhookEndpoints.id),
    eventId: text()
      .notNull()
      .references(() => events.id),
    objectId: text().notNull(),
    sequence: integer().notNull(),
    state: text({ enum: ['pending', 'succeeded', 'dead'] }).notNull(),
    /** Since it was queued, the one under way included; what decides how long the next one waits. */
    attempts: integer().notNull().default(0),
    nextAttemptAt: instant().notNull(),
    /** While a sender has it; when this passes, the sender has died. */
    leasedUntil: instant(),
    /** The newest thirty attempts, oldest first. */
    log: jsonb().$type<DeliveryAttempt[]>().notNull().default([]),
    createdAt: instant().notNull(),
  },
  (t) => [
    unique().on(t.endpointId, t.eventId),
    index().on(t.endpointId, t.id),
    index().on(t.endpointId, t.nextAttemptAt).where(sql`state = 'pending'`),
    index().on(t.endpointId, t.objectId, t.sequence).where(sql`state = 'pending'`),
  ],
)

/** A replay on its way to one endpoint: pages of the log become deliveries as the endpoint takes them. */
export const webhookReplays = pgTable('webhook_replays', {
  id: text().primaryKey(),
  endpointId: text()
    .notNull()
    .references(() => webhookEndpoints.id),
  fromAt: instant().notNull(),
  toAt: instant().notNull(),
  /** Null for all that the endpoint subscribes to. */
  types: text().array(),
  /** Of the last event that has become a delivery. */
  position: bigint({ mode: 'number' }).notNull().default(0),
  nextPageAt: instant().notNull(),
  createdAt: instant().notNull(),
})

/**
 * What a key, or an account, may still ask: one bucket for all processes, of which each takes a share at a time. Not logged:
 * after a crash the buckets are full, which costs two seconds of patience.
 */
export const rateBuckets = pgTable('rate_buckets', {
  name: text().primaryKey(),
  tokens: doublePrecision().notNull(),
  /** What the last call was given. */
  granted: integer().notNull(),
  filledAt: timestamp({ withTimezone: true, mode: 'string' }).notNull(),
})

/** A look that was refused, counted per hour with others of its kind (R124). */
export const accessDenials = pgTable(
  'access_denials',
  {
    id: text().primaryKey(),
    /** Null where the key is nobody's. */
    accountId: text(),
    keyId: text(),
    operation: text().notNull(),
    /** The path it was refused at; `*` for the rest of an hour in which too many were. */
    subject: text().notNull(),
    /** Whose it is, where it is another's. */
    ownerId: text(),
    code: text().notNull(),
    count: integer().notNull(),
    firstAt: instant().notNull(),
    lastAt: instant().notNull(),
    /** Of the last one. */
    requestId: text().notNull(),
    /** The hour and everything above it. */
    kind: text().notNull().unique(),
  },
  (t) => [index().on(t.accountId, t.id)],
)

/** Kept 30 days. `resourceId` is chosen before the work so that a repeated call finds the same resource. */
export const idempotencyKeys = pgTable(
  'idempotency_keys',
  {
    /** Whoever sent the key; not a reference, whose check would lock the account's row for each request. */
    accountId: text().notNull(),
    key: text().notNull(),
    /** `POST /v1/sessions` */
    operation: text().notNull(),
    fingerprint: bytes().notNull(),
    resourceId: text().notNull(),
    state: text({ enum: ['in_flight', 'done'] }).notNull(),
    lockedAt: instant().notNull(),
    status: integer(),
    /** JSON: it tells of drivers and payments. */
    response: sealed(),
    createdAt: instant().notNull(),
  },
  (t) => [primaryKey({ columns: [t.accountId, t.key] })],
)
