import { index, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { instant } from './columns.ts'
import { connections } from './locations.ts'

/** A CPO's OCPI session objects as pushed and pulled, PATCHes merged in; what its own GET reads back. */
export const ocpiSessions = pgTable(
  'ocpi_sessions',
  {
    connectionId: text()
      .notNull()
      .references(() => connections.id),
    countryCode: text().notNull(),
    partyId: text().notNull(),
    /** Lower-cased id: CiStrings change their case between modules (OCPI 2.2.1 §16.1). */
    ocpiKey: text().notNull(),
    /** The id in its first wire form; commands send it back unchanged. */
    ocpiId: text().notNull(),
    /** Our session, once it is known whose it is. */
    sessionId: text(),
    status: text().notNull(),
    body: jsonb().$type<Record<string, unknown>>().notNull(),
    lastUpdated: instant().notNull(),
    receivedAt: instant().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.connectionId, t.countryCode, t.partyId, t.ocpiKey] }),
    index().on(t.sessionId),
  ],
)
