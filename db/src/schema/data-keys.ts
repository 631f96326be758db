import { pgTable, text } from 'drizzle-orm/pg-core'
import { instant } from './columns.ts'

/**
 * The keys that values of this database are sealed with, by name: what a process must have to start. Not the keys: a text
 * sealed with each, which shows that a process has the same one. `lookup` is the key of the keyed hashes.
 */
export const dataKeys = pgTable('data_keys', {
  keyId: text().primaryKey(),
  proof: text().notNull(),
  since: instant().notNull(),
  /** When a process last said that it writes with it; those that run say so every minute. */
  lastUsedAt: instant().notNull(),
})
