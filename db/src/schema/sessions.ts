import { liableSides } from '@chargelane/openapi/vocabulary/parties'
import type { BookTerms, SaleState } from '@chargelane/rules/booking/sale'
import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  index,
  integer,
  json,
  jsonb,
  numeric,
  pgTable,
  primaryKey,
  text,
  unique,
  uniqueIndex,
} from 'drizzle-orm/pg-core'
import type {
  Facts,
  JudgedRecord,
  KeptTerms,
  ProofInput,
  ProofOutput,
  QuoteBody,
  RecordAdoption,
  RecordDocument,
  RecordJudgement,
  SaleConversion,
  SessionFailure,
  Split,
  SplitInput,
  UsageRecord,
} from '@chargelane/rules/documents'
import { accounts } from './partners.ts'
import { connections, connectors, evses } from './locations.ts'
import { instant, minor, sealed } from './columns.ts'

/**
 * Nothing here references another table: what a quote names was read in its own tx and is never deleted, and a check of
 * each would lock rows that all quotes of a partner share. The session of a quote references what it names.
 */
export const quotes = pgTable(
  'quotes',
  {
    id: text().primaryKey(),
    accountId: text().notNull(),
    cpoId: text().notNull(),
    evseId: text().notNull(),
    connectorId: text().notNull(),
    driverId: text().notNull(),
    paymentSourceId: text().notNull(),
    channel: text().notNull(),
    tariffId: text().notNull(),
    tariffVersion: integer().notNull(),
    tariffHash: text().notNull(),
    currency: text().notNull(),
    holdMinor: minor().notNull(),
    marketProfile: text().notNull(),
    /** The quote as shown and signed; nothing of it changes afterwards. */
    body: json().$type<QuoteBody>().notNull(),
    signature: text().notNull(),
    keyId: text().notNull(),
    status: text({ enum: ['open', 'consumed', 'expired', 'cancelled'] }).notNull(),
    expiresAt: instant().notNull(),
    sessionId: text().unique(),
    createdAt: instant().notNull(),
  },
  // By tariff for whoever shows its price; nothing of it changes with the quote's status.
  (t) => [index().on(t.accountId, t.id), index().on(t.tariffId, t.expiresAt)],
)

export const sessions = pgTable(
  'sessions',
  {
    id: text().primaryKey(),
    accountId: text()
      .notNull()
      .references(() => accounts.id),
    cpoId: text()
      .notNull()
      .references(() => accounts.id),
    quoteId: text()
      .notNull()
      .unique()
      .references(() => quotes.id),
    evseId: text()
      .notNull()
      .references(() => evses.id),
    connectorId: text()
      .notNull()
      .references(() => connectors.id),
    connectionId: text()
      .notNull()
      .references(() => connections.id),
    driverId: text().notNull(),
    workflowId: text().notNull().unique(),
    externalId: text(),
    channel: text().notNull(),
    /** Credential shown to supply for this session, ≤ 20 upper-case characters; RFID sessions carry the card's. */
    tokenUid: sealed().notNull(),
    /** Keyed hash of it. */
    tokenKey: text().notNull(),
    status: text().notNull(),
    connectivity: text().notNull(),
    recordStatus: text().notNull(),
    moneyStatus: text().notNull(),
    /** Grows by one with each change partners can see. */
    sequence: integer().notNull().default(0),
    currency: text().notNull(),
    /** Delivered energy in Wh as a decimal; an estimate until a record is accepted. */
    energyWh: numeric().notNull().default('0'),
    energyIsEstimate: boolean().notNull().default(true),
    startedAt: instant(),
    endedAt: instant(),
    endReason: text(),
    /** The charger took a stop then and did not end: its time costs nothing from there on. */
    feesFrozenAt: instant(),
    failure: jsonb().$type<SessionFailure>(),
    /** Who stands for what is not paid of a start that we could not be asked about; null where we were asked. */
    offlineLiability: text({ enum: liableSides }),
    /** W3C trace id of the request that asked for it: what is sent about it carries it. */
    traceId: text(),
    /** Supply's own id: OCPI session id or OCPP transactionId. */
    supplyRef: text(),
    totalNetMinor: minor(),
    totalVatMinor: minor(),
    totalGrossMinor: minor(),
    slaDeadline: instant(),
    settledAt: instant(),
    metadata: jsonb().$type<Record<string, string>>().notNull().default({}),
    createdAt: instant().notNull(),
    updatedAt: instant().notNull(),
  },
  (t) => [
    index().on(t.accountId, t.externalId),
    index().on(t.accountId, t.id),
    index().on(t.cpoId, t.id),
    // Without the status, so that a change of it touches no index.
    index().on(t.evseId, t.driverId),
    index().on(t.tokenKey),
    // Supply names a session in any case (OCPI CiString): these serve the look-up of each message it sends.
    index('sessions_id_any_case').on(sql`upper(${t.id})`),
    index('sessions_supply_ref_any_case').on(sql`upper(${t.supplyRef})`),
  ],
)

/**
 * The session that has an EVSE to itself, whichever connection reaches it. A claim whose session does not hold an EVSE
 * any more never blocks. A table of its own: who holds a place must change without touching an index of the sessions.
 */
/** By which terms a session's sale is shared: those in force when its quote was made, kept when it was taken. */
export const sessionTerms = pgTable('session_terms', {
  sessionId: text().primaryKey(),
  terms: jsonb().$type<KeptTerms>().notNull(),
  /** Of the salts in the session's papers: what a reader may not see cannot be guessed without it. */
  secret: sealed().notNull(),
  keptAt: instant().notNull(),
})

export const evseClaims = pgTable(
  'evse_claims',
  {
    cpoId: text().notNull(),
    evseKey: text().notNull(),
    sessionId: text().notNull().unique(),
    claimedAt: instant().notNull(),
  },
  (t) => [primaryKey({ columns: [t.cpoId, t.evseKey] })],
)

/** What happened in which room, in order; the flight recorder of a session. */
export const timeline = pgTable(
  'timeline',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    sessionId: text().notNull(),
    at: instant().notNull(),
    room: text().notNull(),
    what: text().notNull(),
    detail: jsonb().$type<Facts>().notNull().default({}),
    dedupeKey: text().notNull().unique(),
  },
  (t) => [index().on(t.sessionId, t.id)],
)

export const cdrs = pgTable(
  'cdrs',
  {
    id: text().primaryKey(),
    sessionId: text(),
    connectionId: text()
      .notNull()
      .references(() => connections.id),
    source: text({ enum: ['ocpi', 'node', 'provisional'] }).notNull(),
    countryCode: text().notNull(),
    partyId: text().notNull(),
    ocpiId: text().notNull(),
    /** SHA-256 (hex) of the RFC 8785 form of the received object. */
    contentHash: text().notNull(),
    /** As received. */
    raw: sealed().notNull(),
    /** Normalised usage record (vocabulary/usage), what rating reads. */
    usage: jsonb().$type<UsageRecord>().notNull(),
    /** What the record asks and how it says that it was priced, read when it came. */
    document: jsonb().$type<RecordDocument>().notNull(),
    currency: text().notNull(),
    /** The CPO's own totals in minor units of `currency`. */
    totalExclMinor: minor(),
    totalInclMinor: minor(),
    status: text({
      enum: ['received', 'accepted', 'adjusted', 'quarantined', 'rejected', 'credited'],
    }).notNull(),
    verdict: jsonb().$type<RecordJudgement>(),
    /** Keyed hash of the card it names; null where it names none. */
    tokenKey: text(),
    /** A person decided that it counts; null where nobody had to. */
    adoption: jsonb().$type<RecordAdoption>(),
    /** Its charger was offline during the session and told of it afterwards. */
    offlineRecovered: boolean().notNull().default(false),
    receivedAt: instant().notNull(),
  },
  (t) => [
    // Ids are CiStrings: a record that comes again in another case is the same (OCPI 2.2.1 §16.1). Of a hub's parties each
    // has ids of its own.
    uniqueIndex('cdrs_ocpi_key').on(
      t.connectionId,
      t.countryCode,
      t.partyId,
      sql`lower(${t.ocpiId})`,
    ),
    index().on(t.sessionId),
    // The price-accuracy report reads a CPO's records of a time.
    index().on(t.connectionId, t.receivedAt),
  ],
)

/**
 * How a price came about, as anyone can compute it again: everything the price function was given, under one hash,
 * and what it answered. One per record and kind of rating; a later record supersedes an earlier proof.
 */
export const priceProofs = pgTable(
  'price_proofs',
  {
    id: text().primaryKey(),
    sessionId: text().notNull(),
    cdrId: text().notNull(),
    /** Which price of the session it proves: `retail` is the driver's. */
    rating: text().notNull(),
    /** `sha256:<hex>` of the RFC 8785 form of `input`. */
    hash: text().notNull(),
    input: jsonb().$type<ProofInput>().notNull(),
    output: jsonb().$type<ProofOutput>().notNull(),
    engineVersion: text().notNull(),
    status: text({ enum: ['valid', 'superseded', 'failed'] }).notNull(),
    /** What did not recompute, in words; null while the proof holds. */
    failure: text(),
    checkedAt: instant().notNull(),
    createdAt: instant().notNull(),
  },
  (t) => [unique().on(t.cdrId, t.rating), index().on(t.sessionId, t.id)],
)

/**
 * What was decided about a session's money, as computed: the verdict with its rating, the split and the conversions.
 * A provisional sale that is trued up gets a second revision; nothing is overwritten.
 */
export const sales = pgTable(
  'sales',
  {
    sessionId: text().notNull(),
    revision: integer().notNull(),
    /** What made it, once per sale: `sale`, `true_up`, or the event with its own id. */
    name: text().notNull(),
    basis: text({ enum: ['record', 'provisional'] }).notNull(),
    cdrId: text().notNull(),
    verdict: jsonb().$type<JudgedRecord>().notNull(),
    split: jsonb().$type<Split>().notNull(),
    /** Inputs of the split, so that anyone can run it again. */
    splitInput: jsonb().$type<SplitInput>().notNull(),
    /** Where the driver's money is and what is claimed on the sale; what comes later books the difference to it. */
    state: jsonb().$type<Omit<SaleState, 'split'>>().notNull(),
    /** Who is paid in which currency, at which published rates; the same for the whole life of the sale. */
    terms: jsonb().$type<BookTerms>().notNull(),
    conversions: jsonb().$type<SaleConversion[]>().notNull(),
    createdAt: instant().notNull(),
  },
  (t) => [primaryKey({ columns: [t.sessionId, t.revision] }), unique().on(t.sessionId, t.name)],
)
