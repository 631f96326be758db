import {
  check,
  doublePrecision,
  index,
  integer,
  jsonb,
  numeric,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core'
import { evseIdentities } from '@chargelane/openapi/vocabulary/trust/identity'
import { meterCurves } from '@chargelane/openapi/vocabulary/meter'
import type { Tariff } from '@chargelane/rules/documents'
import { accounts } from './partners.ts'
import { sql } from 'drizzle-orm'
import { bytes, instant, point, sealed } from './columns.ts'

/** How we reach one CPO: our own node (`node`) or its OCPI endpoint (`ocpi`). */
export const connections = pgTable(
  'connections',
  {
    id: text().primaryKey(),
    cpoId: text()
      .notNull()
      .references(() => accounts.id),
    protocol: text({ enum: ['node', 'ocpi'] }).notNull(),
    status: text({ enum: ['handshaking', 'live', 'degraded', 'paused'] }).notNull(),
    /** Why the connection is not live, in words for the CPO. */
    statusReason: text(),
    countryCode: text().notNull(),
    partyId: text().notNull(),
    /** OCPI only from here on. */
    versionsUrl: text(),
    version: text(),
    /** Keyed hash of the token the peer shows to us (our CREDENTIALS_TOKEN_B/C). */
    tokenInDigest: bytes().unique(),
    /** The token before a rotation stays good for a while: an answer may be lost on its way (failures F76). */
    previousTokenInDigest: bytes().unique(),
    previousTokenInUntil: instant(),
    /** The token we show to the peer. */
    tokenOut: sealed(),
    endpoints: jsonb().$type<{ identifier: string; role: string; url: string }[]>(),
    /** Learned deviations of this peer, e.g. { auth: 'raw', paging: 'offset' }. */
    quirks: jsonb().$type<Record<string, string>>().notNull().default({}),
    /** Circuit breaker: consecutive failures, and until when no call is made. */
    failures: integer().notNull().default(0),
    openUntil: instant(),
    lastOkAt: instant(),
    /** Start of the last complete pull; the next one asks from here, with an overlap. */
    lastPulledAt: instant(),
    nextPullAt: instant(),
    /** Start of the last pull of tariffs that came to its end: everything the peer listed was still so. */
    tariffsConfirmedAt: instant(),
    /** Seconds after which a tariff that was not confirmed again is not sold; a node's own never ages. */
    tariffMaxAgeS: integer().notNull().default(86_400),
    /** Seconds within which the operator wants its tariffs confirmed; what operations are measured by. */
    tariffSloS: integer().notNull().default(900),
    createdAt: instant().notNull(),
  },
  (t) => [check('connections_tariff_ages', sql`${t.tariffMaxAgeS} > 0 and ${t.tariffSloS} > 0`)],
)

export const locations = pgTable(
  'locations',
  {
    id: text().primaryKey(),
    connectionId: text()
      .notNull()
      .references(() => connections.id),
    cpoId: text()
      .notNull()
      .references(() => accounts.id),
    countryCode: text().notNull(),
    partyId: text().notNull(),
    ocpiId: text().notNull(),
    name: text(),
    address: text().notNull(),
    city: text().notNull(),
    postalCode: text(),
    /** ISO 3166-1 alpha-2, selects the market profile. */
    country: text().notNull(),
    latitude: doublePrecision().notNull(),
    longitude: doublePrecision().notNull(),
    /**
     * Mercator projection in degrees. It keeps angles, so nearest on this map is nearest on the ground, and one
     * GiST index serves both "within this box" and "nearest first". Latitudes end at ±85°, as on every web map.
     */
    mapPoint: point()
      .notNull()
      .generatedAlwaysAs(
        sql`point(longitude, degrees(ln(tan(pi() / 4 + radians(greatest(least(latitude, 85), -85)) / 2))))`,
      ),
    timeZone: text().notNull(),
    /** What its connectors offer, kept by a trigger: lets a search pass over a location without reading them. */
    standards: text().array().notNull().default(sql`'{}'`),
    maxPowerW: integer().notNull().default(0),
    lastUpdated: instant().notNull(),
    /** The object as received; what the canonical columns were read from. */
    raw: jsonb().notNull(),
  },
  (t) => [
    uniqueIndex('locations_ocpi_key').on(
      t.connectionId,
      t.countryCode,
      t.partyId,
      // OCPI ids are CiStrings: equal in any case (OCPI 2.2.1 §16.1). Stored as received.
      sql`lower(${t.ocpiId})`,
    ),
    // The GiST index on the map point carries what a search asks; it is in a migration of its own.
    index().on(t.cpoId, t.id),
    check('locations_latitude_range', sql`${t.latitude} between -90 and 90`),
    check('locations_longitude_range', sql`${t.longitude} between -180 and 180`),
  ],
)

export const evses = pgTable(
  'evses',
  {
    id: text().primaryKey(),
    locationId: text()
      .notNull()
      .references(() => locations.id),
    connectionId: text()
      .notNull()
      .references(() => connections.id),
    cpoId: text()
      .notNull()
      .references(() => accounts.id),
    ocpiUid: text().notNull(),
    /** Wire form, e.g. DE*CLN*E1001*1; sent back unchanged per channel. */
    evseId: text().notNull(),
    /** Equal for the channels that reach this very EVSE; of its own where its id does not prove which it is. */
    evseKey: text().notNull(),
    /** Key of the EVSE-ID that its operator gave it, whether or not it is proven; null where it gave none. */
    claimedKey: text(),
    /** Operator of the EVSE-ID, e.g. `DE*VWL`; null where the text is none. */
    operator: text(),
    identity: text({ enum: evseIdentities }).notNull(),
    status: text({
      enum: [
        'AVAILABLE',
        'BLOCKED',
        'CHARGING',
        'INOPERATIVE',
        'OUTOFORDER',
        'PLANNED',
        'REMOVED',
        'RESERVED',
        'UNKNOWN',
      ],
    }).notNull(),
    statusAt: instant().notNull(),
    capabilities: text().array().notNull(),
    /** Node only: the charge station and its number there: `evse.id` of OCPP 2.x, connectorId of OCPP 1.6. */
    chargeStationId: text(),
    ocppEvseId: integer(),
    lastUpdated: instant().notNull(),
  },
  (t) => [
    uniqueIndex('evses_ocpi_key').on(t.locationId, sql`lower(${t.ocpiUid})`),
    // A pushed session or record names the EVSE by its uid alone.
    index('evses_ocpi_uid').on(t.connectionId, sql`lower(${t.ocpiUid})`),
    index().on(t.evseKey),
    index('evses_operator').on(t.operator, t.cpoId),
    uniqueIndex().on(t.chargeStationId, t.ocppEvseId),
  ],
)

/**
 * Public keys of calibrated meters, the trust anchor of signed values: one counts from its registration until the next,
 * so a session is checked by the key of its own time. Append-only.
 */
export const meterKeys = pgTable(
  'meter_keys',
  {
    evseId: text()
      .notNull()
      .references(() => evses.id),
    cpoId: text()
      .notNull()
      .references(() => accounts.id),
    /** ECDSA curve of the key, in OCMF's spelling. */
    curve: text({ enum: meterCurves }).notNull(),
    /** SubjectPublicKeyInfo, lower-case hex. */
    publicKey: text().notNull(),
    /** What the operator knows the meter by. */
    meterSerial: text(),
    validFrom: instant().notNull(),
  },
  (t) => [primaryKey({ columns: [t.evseId, t.validFrom] })],
)

export const connectors = pgTable(
  'connectors',
  {
    id: text().primaryKey(),
    evseId: text()
      .notNull()
      .references(() => evses.id),
    ocpiId: text().notNull(),
    standard: text().notNull(),
    format: text().notNull(),
    powerType: text().notNull(),
    maxVoltage: integer().notNull(),
    maxAmperage: integer().notNull(),
    maxPowerW: integer().notNull(),
    tariffIds: text().array().notNull(),
    /** Node only: the connector's number on its EVSE (OCPP 2.x `evse.connectorId`). */
    ocppConnectorId: integer(),
    lastUpdated: instant().notNull(),
    /** Set when the operator no longer lists the connector; quotes and sessions still refer to it. */
    removedAt: instant(),
  },
  (t) => [uniqueIndex('connectors_ocpi_key').on(t.evseId, sql`lower(${t.ocpiId})`)],
)

/** What a connector usually gives, kept with each sale: the mean of its last sessions. */
export const connectorUsage = pgTable('connector_usage', {
  connectorId: text()
    .primaryKey()
    .references(() => connectors.id),
  /** How many sales it was counted from. */
  sessions: integer().notNull(),
  energyWh: numeric().notNull(),
})

/** One standard session whose price is far from what is usual; amounts in gross minor units. */
export type TariffAnomaly = {
  basis: 'own_history' | 'peers'
  energyKwh: string
  durationS: number
  price: number
  median: number
  mad: number
  sample: number
  lift: 'operator' | 'time' | 'platform'
}

/** Immutable versions of a CPO's tariffs. A changed tariff is a new version; the old one stays quotable history. */
export const tariffs = pgTable(
  'tariffs',
  {
    id: text().notNull(),
    version: integer().notNull(),
    connectionId: text()
      .notNull()
      .references(() => connections.id),
    cpoId: text()
      .notNull()
      .references(() => accounts.id),
    countryCode: text().notNull(),
    partyId: text().notNull(),
    ocpiId: text().notNull(),
    currency: text().notNull(),
    status: text({ enum: ['valid', 'held', 'invalid', 'withdrawn'] }).notNull(),
    /** What the review found, in words for the CPO; without a severity it is an error. */
    problems: jsonb()
      .$type<{ path: string; rule: string; message: string; severity?: 'error' | 'warning' }[]>()
      .notNull()
      .default([]),
    /** OCPI version `raw` is written in. */
    ocpiVersion: text({ enum: ['2.1.1', '2.2.1', '2.3.0'] }).notNull(),
    /** Received text, byte for byte (UTF-8). */
    raw: text().notNull(),
    canonical: jsonb().$type<Tariff>(),
    /** SHA-256 (hex) of the RFC 8785 form of `canonical`; the public price is locked by this hash. */
    hash: text().notNull(),
    /** The same of what can change a price: equal for two tariffs that cost the same. */
    priceHash: text(),
    receivedAt: instant().notNull(),
    /** First instant at which the version counts: its receipt, or its announced start. */
    effectiveFrom: instant().notNull(),
    /** End of the price by its own dates; after it nothing is sold. */
    soldUntil: instant(),
    /** End of the version; before `effectiveFrom` for one that was replaced before it began. */
    supersededAt: instant(),
    /** A held version is sold from here on unless its CPO confirms it before (failures F19). */
    heldUntil: instant(),
    holdConfirmedAt: instant(),
    /** Why it is held: the standard session, its price and what is usual. */
    anomaly: jsonb().$type<TariffAnomaly>(),
    /** When the operator last said, by push or in a list, that this is its tariff. */
    confirmedAt: instant().notNull(),
    /** Set when a complete list of the operator lacked it: then it lives on its own confirmation only. */
    unlistedAt: instant(),
    /** Country → connector power in W from which the market's rules forbid it there. */
    marketLimits: jsonb().$type<Record<string, number>>().notNull().default({}),
    /** What tariffs are compared by: the market, the class of its connectors, gross minor units of standard sessions. */
    marketCountry: text(),
    powerClass: text({ enum: ['ac', 'dc', 'hpc'] }),
    standardMinor: jsonb().$type<number[]>(),
  },
  (t) => [
    primaryKey({ columns: [t.id, t.version] }),
    index('tariffs_peers')
      .on(t.marketCountry, t.currency, t.powerClass)
      .where(sql`superseded_at is null`),
    uniqueIndex('tariffs_ocpi_key').on(
      t.connectionId,
      t.countryCode,
      t.partyId,
      sql`lower(${t.ocpiId})`,
      t.version,
    ),
    // One version of a tariff is in force at a time.
    uniqueIndex('tariffs_in_force').on(t.id).where(sql`superseded_at is null`),
    index().on(t.cpoId, t.id),
  ],
)
