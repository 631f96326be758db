import { desc, inArray, sql as raw } from 'drizzle-orm'
import type { Sql, Tx } from '../../client.ts'
import { arg, fixedStatement, rowOf } from '../../fixed.ts'
import { meterKeys } from '../../schema.ts'
import { sameEvse } from '../sessions/terms.ts'

export type MeterKeyRow = typeof meterKeys.$inferSelect

/** As many keys of one EVSE as anybody reads; a meter is exchanged about every eight years. */
const keysMax = 50

/** The keys of an EVSE, on whichever of its channels they were registered, the one in force first. */
export async function meterKeysOf(sql: Sql, evseId: string): Promise<MeterKeyRow[]> {
  return sql
    .select()
    .from(meterKeys)
    .where(inArray(meterKeys.evseId, sameEvse(sql, evseId)))
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

const selectKey = fixedStatement<MeterKeyRow, { evseId: string; at: string }>(
  () => raw`select ${rowOf(meterKeys)} from meter_keys
    where evse_id in (select e.id from evses asked
        join evses e on e.evse_key = asked.evse_key and e.cpo_id = asked.cpo_id where asked.id = ${arg('evseId')})
      and valid_from <= ${arg('at')}
    order by valid_from desc limit 1`,
)

/** The key of an EVSE's meter at an instant; undefined where none was registered by then. */
export async function meterKeyAt(
  sql: Sql,
  evseId: string,
  at: string,
): Promise<MeterKeyRow | undefined> {
  const [row] = await selectKey(sql, { evseId, at })
  return row
}
