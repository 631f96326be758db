import {
  boolean,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  unique,
  uniqueIndex,
} from 'drizzle-orm/pg-core'
import { type CardFacts, paymentSourceStatuses } from '@chargelane/openapi/vocabulary/payment'
import {
  accountVerifications,
  partyClaimKinds,
  partyClaimStatuses,
  verificationReasons,
} from '@chargelane/openapi/vocabulary/trust/identity'
import { apiVersions } from '@chargelane/openapi/vocabulary/versions'
import { paymentKindNames } from '@chargelane/openapi/vocabulary/payment'
import type { DistributionTerms } from '@chargelane/rules/agreement/distribution'
import type { TaxId } from '@chargelane/rules/vat/registrations'
import { sql } from 'drizzle-orm'
import { bytes, instant, sealed } from './columns.ts'
import type { PayoutCalendar, RateTerms } from '@chargelane/rules/documents'

/** A party of the marketplace. `partner` is the demand side, `cpo` the supply side, a `payee` only has a share. */
export const accounts = pgTable('accounts', {
  id: text().primaryKey(),
  type: text({ enum: ['partner', 'cpo', 'payee', 'finance', 'platform'] }).notNull(),
  partnerType: text(),
  name: text().notNull(),
  legalName: text().notNull(),
  country: text().notNull(),
  /** Currency in which the party is paid. */
  payoutCurrency: text().notNull(),
  vatId: text(),
  /** When the tax office said that the number is valid; null before, and again after another number. */
  vatCheckedAt: instant(),
  /** Until when that counts: no reverse charge after it. */
  vatGoodUntil: instant(),
  /** Further registrations, in other countries or by a scheme; `vatId` is the number of its own country. */
  taxIds: jsonb().$type<TaxId[]>().notNull().default([]),
  /** `review`: nothing is sold or paid until the platform has looked, for these reasons. */
  verification: text({ enum: accountVerifications }).notNull().default('review'),
  verificationReasons: text({ enum: verificationReasons }).array().notNull().default([]),
  /** What the platform found out when it verified the account. */
  verificationNote: text(),
  /** What it would be mistaken for: both names and the VAT numbers, each in the one spelling that is compared. */
  nameKeys: text().array().notNull().default([]),
  vatKeys: text().array().notNull().default([]),
  address: jsonb().$type<{ street: string; city: string; postal_code: string }>().notNull(),
  /** When payouts to it may leave, as was agreed; null for at any time. */
  payoutCalendar: jsonb().$type<PayoutCalendar>(),
  status: text({ enum: ['active', 'suspended'] })
    .notNull()
    .default('active'),
  createdAt: instant().notNull(),
})

/** Answers of tax offices about VAT numbers, good and bad: the proof behind every reverse charge. Append-only. */
export const vatChecks = pgTable(
  'vat_checks',
  {
    id: text().primaryKey(),
    accountId: text()
      .notNull()
      .references(() => accounts.id),
    vatId: text().notNull(),
    valid: boolean().notNull(),
    /** Who was asked, e.g. `vies`. */
    source: text().notNull(),
    /** What the source calls its answer, e.g. a consultation number. */
    reference: text().notNull(),
    /** As the source has them; null where it hides them or was not asked. */
    name: text(),
    address: text(),
    /** Whether the account goes by the name that was told; null where none was. */
    nameMatches: boolean(),
    checkedAt: instant().notNull(),
    recordedBy: text()
      .notNull()
      .references(() => accounts.id),
    recordedAt: instant().notNull(),
  },
  (t) => [index().on(t.accountId, t.recordedAt)],
)

/**
 * Which account a party (OCPI `country_code`, `party_id`; the operator of an EVSE-ID) belongs to. The first verified claim
 * stands; a `granted` one lets another account, such as a hub, use the party beside its owner.
 */
export const partyClaims = pgTable(
  'party_claims',
  {
    id: text().primaryKey(),
    /** ISO 3166-1 alpha-2, or `+49` for an operator of DIN 91286. */
    countryCode: text().notNull(),
    partyId: text().notNull(),
    accountId: text()
      .notNull()
      .references(() => accounts.id),
    kind: text({ enum: partyClaimKinds }).notNull(),
    status: text({ enum: partyClaimStatuses }).notNull(),
    /** Why the platform decided so. */
    reason: text(),
    decidedAt: instant(),
    createdAt: instant().notNull(),
  },
  (t) => [
    unique().on(t.accountId, t.countryCode, t.partyId),
    uniqueIndex('party_claims_owner')
      .on(t.countryCode, t.partyId)
      .where(sql`kind = 'own' and status = 'verified'`),
  ],
)

export const apiKeys = pgTable('api_keys', {
  id: text().primaryKey(),
  accountId: text()
    .notNull()
    .references(() => accounts.id),
  /** SHA-256 of the whole key; the key itself is shown once and never stored. */
  digest: bytes().notNull().unique(),
  lastFour: text().notNull(),
  name: text().notNull(),
  scopes: text().array().notNull(),
  /** The version of the contract in which its requests are read and answered. */
  apiVersion: text({ enum: apiVersions }).notNull(),
  livemode: boolean().notNull().default(false),
  expiresAt: instant(),
  revokedAt: instant(),
  createdAt: instant().notNull(),
})

/**
 * The distribution agreement of an operator or a partner with the platform. A version's terms never change (a trigger sees
 * to it): other terms are the next version, which ends this one when both sides want it.
 */
export const agreements = pgTable(
  'agreements',
  {
    id: text().notNull(),
    version: integer().notNull(),
    side: text({ enum: ['cpo', 'partner'] }).notNull(),
    /** Null for the public terms, which whoever is of that side joins by accepting them. */
    accountId: text().references(() => accounts.id),
    /** The side that made this version; the other one accepts or rejects it. */
    proposedBy: text()
      .notNull()
      .references(() => accounts.id),
    status: text({ enum: ['draft', 'proposed', 'active', 'ended', 'rejected'] }).notNull(),
    /** The public version that was joined, `agr_…@1`; null where the two sides made terms of their own. */
    joined: text(),
    terms: jsonb().$type<DistributionTerms>().notNull(),
    /** As proposed; `activeFrom` is when it came to count. */
    effectiveFrom: instant().notNull(),
    effectiveTo: instant(),
    activeFrom: instant(),
    /** From when it counts no more; sessions quoted before keep its terms. */
    endedAt: instant(),
    decidedBy: text(),
    decidedAt: instant(),
    reason: text(),
    createdAt: instant().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.id, t.version] }),
    index().on(t.accountId, t.side, t.activeFrom),
  ],
)

/**
 * What a CPO grants one partner below its public price. A version's terms never change (a trigger sees to it): other
 * terms are the next version, which ends this one when it is accepted.
 */
export const rateAgreements = pgTable(
  'rate_agreements',
  {
    id: text().notNull(),
    version: integer().notNull(),
    cpoId: text()
      .notNull()
      .references(() => accounts.id),
    partnerId: text()
      .notNull()
      .references(() => accounts.id),
    /** The side that made this version; the other one accepts or rejects it. */
    proposedBy: text()
      .notNull()
      .references(() => accounts.id),
    status: text({ enum: ['draft', 'proposed', 'active', 'ended', 'rejected'] }).notNull(),
    name: text().notNull(),
    justification: text(),
    terms: jsonb().$type<RateTerms>().notNull(),
    /** Places it is limited to; null means all of the CPO's. */
    evses: text().array(),
    locations: text().array(),
    /** As proposed; `activeFrom` is when it came to count, never before it was accepted. */
    effectiveFrom: instant().notNull(),
    effectiveTo: instant(),
    activeFrom: instant(),
    /** From when it counts no more; sessions quoted before keep its price. */
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
  ],
)

export const drivers = pgTable(
  'drivers',
  {
    id: text().primaryKey(),
    accountId: text()
      .notNull()
      .references(() => accounts.id),
    /** The partner's own reference; no personal data is needed to charge. */
    externalId: text().notNull(),
    createdAt: instant().notNull(),
  },
  (t) => [unique().on(t.accountId, t.externalId)],
)

export const paymentSources = pgTable('payment_sources', {
  id: text().primaryKey(),
  accountId: text()
    .notNull()
    .references(() => accounts.id),
  driverId: text()
    .notNull()
    .references(() => drivers.id),
  kind: text({ enum: paymentKindNames }).notNull(),
  /** The payment provider's id of the payment method (`pm_…`); null for a kind that has none. */
  pspPaymentMethod: text(),
  /** The provider's own of the payer, without which it lets a method be used once only. */
  pspCustomer: text(),
  /** The provider's id of how the payer names a method on the partner's page. */
  pspSetup: text(),
  /** What is shown of a card. */
  card: jsonb().$type<CardFacts>(),
  status: text({ enum: paymentSourceStatuses }).notNull().default('active'),
  createdAt: instant().notNull(),
})

/** A credential a driver shows at a charger (RFID); upper-case, at most 20 characters for OCPP 1.6. */
export const tokens = pgTable(
  'tokens',
  {
    id: text().primaryKey(),
    accountId: text()
      .notNull()
      .references(() => accounts.id),
    driverId: text()
      .notNull()
      .references(() => drivers.id),
    paymentSourceId: text()
      .notNull()
      .references(() => paymentSources.id),
    /** Unique in its account. Where several accounts have one, it is the card of the account that had it first. */
    uid: sealed().notNull(),
    /** Keyed hash of the uid: cards are found by it. */
    uidKey: text().notNull(),
    isFirst: boolean().notNull().default(true),
    type: text({ enum: ['RFID', 'APP_USER', 'AD_HOC_USER'] }).notNull(),
    contractId: text().notNull(),
    status: text({ enum: ['active', 'blocked'] })
      .notNull()
      .default('active'),
    createdAt: instant().notNull(),
    updatedAt: instant().notNull(),
  },
  (t) => [
    index().on(t.updatedAt),
    unique().on(t.accountId, t.uidKey),
    uniqueIndex('tokens_of_chargers').on(t.uidKey).where(sql`is_first`),
  ],
)
