import { index, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { instant, sealed } from './columns.ts'
import { connections } from './locations.ts'

/** A CPO's own session objects as pushed and pulled, changes merged in; what its own GET reads back. */
export const supplySessions = pgTable(
  'supply_sessions',
  {
    connectionId: text()
      .notNull()
      .references(() => connections.id),
    countryCode: text().notNull(),
    partyId: text().notNull(),
    /** Lower-cased reference: ids change their case between modules (OCPI 2.2.1 §16.1). */
    supplyKey: text().notNull(),
    /** The CPO's id in its first wire form; commands send it back unchanged. */
    supplyRef: text().notNull(),
    /** Our session, once it is known whose it is. */
    sessionId: text(),
    /** JSON: it names the card. */
    object: sealed().notNull(),
    lastUpdated: instant().notNull(),
    receivedAt: instant().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.connectionId, t.countryCode, t.partyId, t.supplyKey] }),
    index().on(t.sessionId),
  ],
)

/**
 * Cards that we allowed a CPO to charge with: each once, under the reference that its session comes back by. Without one
 * nothing a card did is paid (OCPI 2.2.1 §12.4.5, whitelist NEVER).
 */
export const tokenAuthorizations = pgTable(
  'token_authorizations',
  {
    /** The id that the session gets. */
    reference: text().primaryKey(),
    connectionId: text()
      .notNull()
      .references(() => connections.id),
    /** Keyed hash of the card's uid. */
    tokenKey: text().notNull(),
    grantedAt: instant().notNull(),
  },
  (t) => [index().on(t.connectionId, t.tokenKey, t.grantedAt)],
)
