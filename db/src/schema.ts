// The whole of the database, by subject. Only `db/src/queries` reads these tables.
export * from './schema/partners.ts'
export * from './schema/locations.ts'
export * from './schema/chargers.ts'
export * from './schema/sessions.ts'
export * from './schema/payments.ts'
export * from './schema/ledger.ts'
export * from './schema/documents.ts'
export * from './schema/outbox.ts'
