import { sql } from 'drizzle-orm'
import { type AnyPgColumn, check, customType, text, timestamp } from 'drizzle-orm/pg-core'
import { partyRolePattern, type PartyRole } from '@chargelane/openapi/vocabulary/parties'
import type { Sealed } from '../sealed/sealed.ts'

/** A UTC instant as an ISO string: dates never become local `Date` objects in this code. */
export const instant = () => timestamp({ withTimezone: true, mode: 'string', precision: 3 })

/** Money in minor units of the row's currency. The domain refuses what a JavaScript integer cannot hold (±2^53). */
export const minor = customType<{ data: number; driverData: number }>({
  dataType: () => 'minor_units',
})

/** Encrypted for its row; written and read with `seal` and `unseal`, which the type asks for. */
export const sealed = customType<{ data: Sealed; driverData: Sealed }>({ dataType: () => 'text' })

export const bytes = customType<{ data: Buffer; driverData: Buffer }>({ dataType: () => 'bytea' })

/** PostgreSQL's 64-bit transaction id, compared but never computed with. */
export const xid8 = customType<{ data: string; driverData: string }>({ dataType: () => 'xid8' })

/** A place on the map as PostgreSQL's native `point`, read only by the search index. */
export const point = customType<{ data: string; driverData: string }>({ dataType: () => 'point' })

/** In which role a party is paid; the vocabulary is open, so the table checks only the form of the word. */
export const partyRole = () => text().$type<PartyRole>()

export const checkRole = (table: string, role: AnyPgColumn) =>
  check(`${table}_role`, sql`${role} ~ ${sql.raw(`'${partyRolePattern}'`)}`)
