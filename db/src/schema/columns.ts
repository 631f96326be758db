import { bigint, customType, timestamp } from 'drizzle-orm/pg-core'

/** A UTC instant as an ISO string: dates never become local `Date` objects in this code. */
export const instant = () => timestamp({ withTimezone: true, mode: 'string', precision: 3 })

/** Money in minor units of the row's currency. Safe integers only: the database checks ±2^53. */
export const minor = () => bigint({ mode: 'number' })

export const bytes = customType<{ data: Buffer; driverData: Buffer }>({ dataType: () => 'bytea' })

/** PostgreSQL's 64-bit transaction id, compared but never computed with. */
export const xid8 = customType<{ data: string; driverData: string }>({ dataType: () => 'xid8' })
