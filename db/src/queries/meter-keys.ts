import { and, desc, eq, lte } from 'drizzle-orm'
import type { Sql, Tx } from '../client.ts'
import { evses, meterKeys } from '../schema.ts'

export type MeterKeyRow = typeof meterKeys.$inferSelect

/** As many keys of one EVSE as anybody reads; a meter is exchanged about every eight years. */
const keysMax = 50

/** The keys of an EVSE, the one in force first. */
export async function meterKeysOf(sql: Sql, evseId: string): Promise<MeterKeyRow[]> {
  return sql
    .select()
    .from(meterKeys)
    .where(eq(meterKeys.evseId, evseId))
    .orderBy(desc(meterKeys.validFrom))
    .limit(keysMax)
}

/** The key in force becomes this one; the same key again changes nothing. */
export async function addMeterKey(tx: Tx, key: MeterKeyRow): Promise<MeterKeyRow> {
  const [current] = await meterKeysOf(tx, key.evseId)
  if (current?.publicKey === key.publicKey && current.meterSerial === key.meterSerial)
    return current
  const [made] = await tx.insert(meterKeys).values(key).onConflictDoNothing().returning()
  if (made === undefined) throw new Error(`A key of ${key.evseId} was registered at this instant.`)
  return made
}

/**
 * The key of an EVSE's meter at an instant; undefined where none was registered by then. The EVSE is one whichever
 * connection reaches it, so the key counts for all of its channels.
 */
export async function meterKeyAt(
  sql: Sql,
  evseId: string,
  at: string,
): Promise<MeterKeyRow | undefined> {
  const same = sql
    .select({ key: evses.evseKey, cpoId: evses.cpoId })
    .from(evses)
    .where(eq(evses.id, evseId))
    .as('same')
  const [row] = await sql
    .select({
      evseId: meterKeys.evseId,
      cpoId: meterKeys.cpoId,
      curve: meterKeys.curve,
      publicKey: meterKeys.publicKey,
      meterSerial: meterKeys.meterSerial,
      validFrom: meterKeys.validFrom,
    })
    .from(meterKeys)
    .innerJoin(evses, eq(evses.id, meterKeys.evseId))
    .innerJoin(same, and(eq(evses.evseKey, same.key), eq(evses.cpoId, same.cpoId)))
    .where(lte(meterKeys.validFrom, at))
    .orderBy(desc(meterKeys.validFrom))
    .limit(1)
  return row
}
