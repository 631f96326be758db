// Which keys a database needs: asked by each process before it reads anything, so that a missing one is told at once.
import { eq, notInArray, sql as raw } from 'drizzle-orm'
import type { Db, Sql } from '../client.ts'
import { dataKeys as inUse } from '../schema.ts'
import { dataKeys, dataKeysVariable, lookupKeyVariable } from './keys.ts'
import { asSealed, lookupProof, seal, sealedText, unseal } from './sealed.ts'

const column = 'data_keys.proof'
const proven = 'this key'
const lookupId = 'lookup'

/** Throws a sentence that names the key at fault; from then on the database needs the key that writes. */
export async function openDataKeys(sql: Sql, now: string): Promise<void> {
  const { writing, all } = dataKeys()
  await sql
    .insert(inUse)
    .values([
      {
        keyId: writing.id,
        proof: sealedText(seal(column, writing.id, proven)),
        since: now,
        lastUsedAt: now,
      },
      { keyId: lookupId, proof: lookupProof(), since: now, lastUsedAt: now },
    ])
    .onConflictDoNothing()
  await markDataKey(sql, now)
  for (const { keyId, proof } of await sql.select().from(inUse)) {
    if (keyId === lookupId) {
      if (proof !== lookupProof())
        throw new Error(`${lookupKeyVariable} is not the key this database was written with.`)
      continue
    }
    if (!all.has(keyId))
      throw new Error(
        `Values of this database are sealed with the key ${keyId}, which ${dataKeysVariable} does not name: add it behind the others, until npm run reseal says that it may be dropped.`,
      )
    if (!isProven(keyId, proof))
      throw new Error(
        `The key ${keyId} of ${dataKeysVariable} is not the one of this name that this database was written with.`,
      )
  }
}

/** Says that this process writes with its key: what Temporal keeps from before has another. */
async function markDataKey(sql: Sql, now: string): Promise<void> {
  await sql
    .update(inUse)
    .set({ lastUsedAt: raw`greatest(${inUse.lastUsedAt}, ${now}::timestamptz)` })
    .where(eq(inUse.keyId, dataKeys().writing.id))
}

/** How often a running process says so; one that is cut off may have written so long after its last word. */
export const markEveryMs = 60_000

/** Until `stop`; a word that cannot be said is said by the next. */
export function markWhileRunning(db: Db, now: () => string): { stop: () => void } {
  const timer = setInterval(() => {
    markDataKey(db, now()).catch(() => undefined)
  }, markEveryMs)
  timer.unref()
  return { stop: () => clearInterval(timer) }
}

/** What was written with before the key that writes, and when last. */
export async function agedDataKeys(sql: Sql): Promise<{ keyId: string; lastUsedAt: string }[]> {
  const { writing } = dataKeys()
  return sql
    .select({ keyId: inUse.keyId, lastUsedAt: inUse.lastUsedAt })
    .from(inUse)
    .where(notInArray(inUse.keyId, [writing.id, lookupId]))
}

/** From now on a process starts without it. */
export async function forgetDataKey(sql: Sql, keyId: string): Promise<void> {
  await sql.delete(inUse).where(eq(inUse.keyId, keyId))
}

function isProven(keyId: string, proof: string): boolean {
  try {
    return unseal(column, keyId, asSealed(proof)) === proven
  } catch {
    return false
  }
}
