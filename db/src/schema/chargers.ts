import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  index,
  integer,
  jsonb,
  numeric,
  pgTable,
  primaryKey,
  serial,
  text,
  unique,
} from 'drizzle-orm/pg-core'
import { accounts } from './partners.ts'
import type { CommandDetail, SupplyFact } from '@chargelane/rules/documents'
import { connections } from './locations.ts'
import { bytes, instant, sealed } from './columns.ts'

export const chargeStations = pgTable(
  'charge_stations',
  {
    id: text().primaryKey(),
    cpoId: text()
      .notNull()
      .references(() => accounts.id),
    connectionId: text()
      .notNull()
      .references(() => connections.id),
    /**
     * The last path segment of the WebSocket URL; also the Basic user name (OCPP security profile 1). Strangers may give
     * one name: a charger is found by its name and its password.
     */
    identity: text().notNull(),
    passwordDigest: bytes().notNull(),
    vendor: text(),
    model: text(),
    serialNumber: text(),
    firmwareVersion: text(),
    protocol: text(),
    lastBootAt: instant(),
    lastSeenAt: instant(),
    online: boolean().notNull().default(false),
    /** The node process that holds the socket; its Temporal queue is `cpms:{nodeId}`. */
    nodeId: text(),
    /** Counts sockets of this station: a stale close never marks a newer socket offline. */
    epoch: integer().notNull().default(0),
    createdAt: instant().notNull(),
  },
  (t) => [unique().on(t.cpoId, t.identity), unique().on(t.identity, t.passwordDigest)],
)

/**
 * One OCPP transaction in OCPP 2.x's words; an older version is mapped up. `sessionId` is set at once; the session row
 * itself is made by its workflow.
 */
export const ocppTransactions = pgTable(
  'ocpp_transactions',
  {
    /** Our counter. OCPP 1.6 lets us name a transaction: there its decimal text is the `transactionId`. */
    id: serial().primaryKey(),
    chargeStationId: text()
      .notNull()
      .references(() => chargeStations.id),
    /** Unique on its station only. */
    transactionId: text().notNull(),
    /** What a repeated start repeats: the charger's own `transactionId`, or a keyed hash of the content where it has none. */
    startKey: text().notNull(),
    /** `evse.id` on its station; null until the charger says which. OCPP 1.6's connectorId is an EVSE of its own. */
    ocppEvseId: integer(),
    /** `evse.connectorId`, where the charger says it. */
    ocppConnectorId: integer(),
    /** Upper case; empty when what was sent was no identifier, null until somebody is identified. */
    idToken: sealed(),
    /** OCPP 2.x IdToken.type; null where the version has no types. */
    idTokenType: text(),
    sessionId: text().notNull().unique(),
    /** `command`: we started it; `token`: a known card; `unknown`: nobody's, kept so that its energy is seen. */
    origin: text({ enum: ['command', 'token', 'unknown'] }).notNull(),
    /** The register at the begin; null when the charger gave none: then the first reading counts. */
    meterStartWh: numeric(),
    startedAt: instant().notNull(),
    /** What the charger's clock said at the start. */
    claimedStartedAt: instant().notNull(),
    /** OCPP 2.x chargingState as last told online, and since when. */
    chargingState: text(),
    chargingStateAt: instant(),
    /** OCPP 2.x triggerReason of the event with the highest sequence number. */
    triggerReason: text(),
    /** Highest sequence number heard; null where the version has none. */
    seqNo: integer(),
    /** Added to this transaction's timestamps when the charger's clock was plainly wrong at its start. */
    clockOffsetMs: bigint({ mode: 'number' }).notNull().default(0),
    meterStopWh: numeric(),
    stoppedAt: instant(),
    /** OCPP's stop reason as received. */
    stopReason: text(),
    /** True when no end was told and the end was taken from the last meter value (power loss). */
    inferred: boolean().notNull().default(false),
    /** Why a person should look at it, e.g. `register_implausible`; billing then uses only what is plausible. */
    review: text(),
    /** True when a message of this transaction arrived after its time (queued while offline). */
    offline: boolean().notNull().default(false),
    createdAt: instant().notNull(),
  },
  (t) => [
    unique().on(t.chargeStationId, t.transactionId),
    unique().on(t.chargeStationId, t.startKey),
    index().on(t.chargeStationId, t.stoppedAt),
  ],
)

/** Meter samples of a session, from any protocol. Registers in Wh as decimals, never floats. */
export const meterValues = pgTable(
  'meter_values',
  {
    sessionId: text().notNull(),
    at: instant().notNull(),
    context: text().notNull(),
    registerWh: numeric(),
    powerW: integer(),
    socPercent: integer(),
    source: text({ enum: ['ocpp', 'ocpi'] }).notNull(),
    /** Set when the reading cannot be true (`backwards`, `jump`); kept as evidence, never billed. */
    flag: text(),
    receivedAt: instant().notNull(),
  },
  (t) => [primaryKey({ columns: [t.sessionId, t.at, t.context] })],
)

/** What a charger's meter signed during a session, each text once, for the record of its end. */
export const signedValues = pgTable(
  'signed_values',
  {
    sessionId: text().notNull(),
    /** SHA-256 (hex) of the text. */
    digest: text().notNull(),
    /** As received, exactly: the signature covers it. It may name the card. */
    value: sealed().notNull(),
    receivedAt: instant().notNull(),
  },
  (t) => [primaryKey({ columns: [t.sessionId, t.digest] })],
)

/** Raw protocol frames, both directions, both protocols: stored before anything acts on them. */
export const protocolMessages = pgTable(
  'protocol_messages',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    at: instant().notNull(),
    /** `ocpi` alone before peers have agreed on an edition. */
    protocol: text({
      enum: ['ocpp1.6', 'ocpp2.0.1', 'ocpp2.1', 'ocpi', 'ocpi2.1.1', 'ocpi2.2.1', 'ocpi2.3.0'],
    }).notNull(),
    direction: text({ enum: ['in', 'out'] }).notNull(),
    /** Charge station id or connection id. */
    peerId: text().notNull(),
    sessionId: text(),
    /** OCPP action, or `METHOD module`. */
    action: text().notNull(),
    payload: sealed().notNull(),
    status: text(),
  },
  (t) => [
    // Most messages of chargers are of no session.
    index().on(t.sessionId).where(sql`${t.sessionId} is not null`),
    index().on(t.peerId, t.at),
  ],
)

/** Commands sent to supply. OCPI answers later to the response URL that ends in this id. */
export const commands = pgTable(
  'commands',
  {
    id: text().primaryKey(),
    sessionId: text().notNull(),
    connectionId: text()
      .notNull()
      .references(() => connections.id),
    kind: text({ enum: ['start', 'stop', 'unlock'] }).notNull(),
    state: text({ enum: ['sent', 'accepted', 'rejected', 'failed', 'timeout'] }).notNull(),
    detail: jsonb().$type<CommandDetail>(),
    sentAt: instant().notNull(),
    answeredAt: instant(),
  },
  (t) => [
    index().on(t.sessionId),
    // Whose start it is: a charger shows the credential of the command.
    index('commands_token_key').on(sql`(${t.detail} ->> 'tokenKey')`),
  ],
)

/** What supply told us about a session; relayed to its workflow at least once, in order. */
export const supplyEvents = pgTable(
  'supply_events',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    sessionId: text().notNull(),
    /** Same key, same event: a repeated message is recorded once. */
    dedupeKey: text().notNull().unique(),
    event: jsonb().$type<SupplyFact>().notNull(),
    createdAt: instant().notNull(),
    deliveredAt: instant(),
    attempts: integer().notNull().default(0),
    /** After a failed attempt its session waits until then, and no other. */
    retryAt: instant(),
  },
  (t) => [index().on(t.deliveredAt, t.id)],
)
